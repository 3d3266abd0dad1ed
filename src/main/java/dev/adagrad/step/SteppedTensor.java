package dev.adagrad.step;

import java.util.List;
import java.util.Objects;

import dev.adagrad.request.Accumulator;
import dev.adagrad.tensor.DType;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;

/// The three arrays of a step of one tensor, named or not, before it is known that they match.
interface SteppedTensor {

	@Nullable Numbers parameter();

	@Nullable Numbers grad();

	@Nullable Numbers G();

	/// The shape that the client gives if the arrays are flat.
	default @Nullable List<Long> shape() {
		return null;
	}

	/// What an element of G belongs to, if the client says so.
	default @Nullable Accumulator accumulator() {
		return null;
	}

	/// About how many bytes the step of this tensor takes besides the tensor itself.
	/// Called once the tensor is known to be valid.
	/// @param included how many values per element the answer has beyond the parameter
	/// and G
	/// @param joined whether it is copied to a place beside others, and back again
	default long workingBytes(DType precision, int included, boolean joined) {
		Numbers parameter = Objects.requireNonNull(parameter());
		Numbers grad = Objects.requireNonNull(grad());
		Numbers G = Objects.requireNonNull(G());
		long elements = (long) included * parameter.size();
		if (joined) {
			elements += 2L * parameter.size() + grad.size() + 2L * G.size();
		}
		return parameter.bytesOfCopy(precision) + grad.bytesOfCopy(precision) + G.bytesOfCopy(precision)
				+ elements * precision.bytes();
	}

}
