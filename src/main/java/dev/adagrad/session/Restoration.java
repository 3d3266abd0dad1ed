package dev.adagrad.session;

import java.util.List;
import java.util.Optional;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;

/// What a session is to be brought to: values of its dtype, those of G ≥ 0, and those of the parameter exactly where it is
/// held.
public sealed interface Restoration {

	/// All its elements.
	///
	/// @param G tensor by tensor, in the order of the layout
	/// @param parameter likewise
	record Whole(List<Blocks<Tensor>> G, Optional<List<Blocks<Tensor>>> parameter) implements Restoration {

		/// What there is of a vector; empty where it is not held.
		public Optional<List<Blocks<Tensor>>> of(Vector vector) {
			return switch (vector) {
				case G -> Optional.of(this.G);
				case PARAMETER -> this.parameter;
			};
		}

	}

	/// Some of its elements; the others stay.
	///
	/// @param selection which
	/// @param state their values
	record Entries(Selection.Some selection, State state) implements Restoration {
	}

}
