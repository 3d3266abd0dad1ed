package dev.adagrad.session.http;

import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import org.jspecify.annotations.Nullable;

/// What is sent of a tensor for a step of its session, named or not.
interface SteppedTensor {

	/// What a store reads, and writes anew, around single entries, about.
	long BYTES_AROUND_ENTRY = 4 * 1024;

	long MOST_BYTES_AROUND_ENTRIES = 8 << 20;

	/// The gradient: of the tensor's size, or an entry for each of the indices.
	@Nullable Numbers grad();

	/// θ before the step, as long, exactly where the server does not hold it.
	@Nullable Numbers parameter();

	/// Which entries along the first axis are stepped, where not all are.
	@Nullable Indices indices();

	/// The state at the elements that are stepped, before and after, and what else is
	/// answered; and of a sparse step its indices sorted, and the chunks around them.
	/// @param included how much of each element is answered beyond the parameter
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

	/// What a store reads around some entries.
	static long bytesOfChunks(Indices indices) {
		return Math.min(indices.size() * BYTES_AROUND_ENTRY, MOST_BYTES_AROUND_ENTRIES);
	}

}
