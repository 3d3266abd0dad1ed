package dev.adagrad.session;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;

/// Keeps a state from when it is read until it is sent.
class StateSpool {

	Scope scope() {
		return new Scope();
	}

	static final class Scope {

		Blocks<Tensor> keep(Blocks<Tensor> stored) {
			List<Tensor> kept = new ArrayList<>();
			stored.forEach(kept::add);
			return new Blocks<>() {
				@Override
				public int size() {
					return stored.size();
				}

				@Override
				public Iterator<Tensor> iterator() {
					return kept.iterator();
				}
			};
		}

	}

}
