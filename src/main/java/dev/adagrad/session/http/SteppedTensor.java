package dev.adagrad.session.http;

import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;

/// What a client sends of a tensor for a step, named or not.
interface SteppedTensor {

	/// About how many bytes a store reads, and writes again, around a single entry.
	long BYTES_AROUND_ENTRY = 4 * 1024;

	long MOST_BYTES_AROUND_ENTRIES = 8 << 20;

	/// The gradient: of the tensor's size, or an entry for each of the indices.
	@Nullable Numbers grad();

	/// θ before the step, of the same length, exactly if the server does not hold it.
	@Nullable Numbers parameter();

	/// The entries along the first axis to step, if not all.
	@Nullable Indices indices();

	/// The bytes for the state at the stepped elements before and after the step, and for
	/// what else is answered. A sparse step adds its sorted indices and the chunks around
	/// them.
	/// @param included how many values are answered for each element beyond the parameter
	default long workingBytes(int included) {
		Numbers grad = grad();
		Indices indices = indices();
		if (grad == null) {
			return 0;
		}
		long bytes = grad.size() * (4L + included) * Double.BYTES;
		return (indices == null) ? bytes
				: bytes + indices.size() * (5L * Long.BYTES + 4L * Integer.BYTES) + bytesOfChunks(indices);
	}

	/// About how many bytes a store reads around some entries.
	static long bytesOfChunks(Indices indices) {
		return Math.min(indices.size() * BYTES_AROUND_ENTRY, MOST_BYTES_AROUND_ENTRIES);
	}

}
