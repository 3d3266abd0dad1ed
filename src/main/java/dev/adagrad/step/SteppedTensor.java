package dev.adagrad.step;

import java.util.List;

import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;

/// The three arrays of a step of one tensor, named or not, before it is known that they match.
interface SteppedTensor {

	@Nullable Numbers parameter();

	@Nullable Numbers grad();

	@Nullable Numbers G();

	/// The shape that the client names, where the arrays are flat.
	default @Nullable List<Long> shape() {
		return null;
	}

	/// Whether each row of the parameter has one element of G.
	default boolean isRowWise() {
		return false;
	}

}
