package dev.adagrad.session;

import java.util.Optional;

import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Tensor;

/// What a tensor of a new session starts from.
public sealed interface Initial {

	/// One value everywhere, which takes no room until an element is first stepped.
	///
	/// @param value finite, and a value of the session's dtype
	record Constant(double value) implements Initial {
	}

	/// A value for each element.
	///
	/// @param blocks of the session's dtype and size; may be iterated until the call that
	/// it was given to has returned
	record Given(Blocks<Tensor> blocks) implements Initial {
	}

	/// The one value, if it is one.
	default Optional<Double> constant() {
		return switch (this) {
			case Constant(double value) -> Optional.of(value);
			case Given given -> Optional.empty();
		};
	}

}
