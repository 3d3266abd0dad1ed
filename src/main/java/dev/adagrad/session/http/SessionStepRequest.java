package dev.adagrad.session.http;

import java.util.Set;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// One step of a session, as a client asks for it.
///
/// @param grad the gradient, of the session's size, or as long as the indices
/// @param parameter θ before the step, as long, exactly where the server does not hold it
/// @param indices which elements are stepped, where not all are
/// @param learningRate η for this step alone
/// @param include what else to answer
record SessionStepRequest(
// @formatter:off
		@NotNull(message = Rules.REQUIRED) @ArraysOnly Numbers grad,
		@ArraysOnly @Nullable Numbers parameter,
		@Nullable Indices indices,
		@JsonProperty("learning_rate") @DecimalMin(value = "0", message = Rules.NOT_NEGATIVE)
		@Nullable Double learningRate,
		@Nullable Set<SessionInclude> include) implements Message {
		// @formatter:on

	private static final long BYTES_AROUND_ELEMENT = 4 * 1024;

	private static final long MOST_BYTES_AROUND_ELEMENTS = 8 << 20;

	/// What else to answer: nothing unless named.
	Set<SessionInclude> included() {
		return (this.include != null) ? this.include : Set.of();
	}

	/// The state at the elements that are stepped, before and after; what else is
	/// answered; and of a sparse step its indices sorted, and the chunks around them.
	@Override
	public long workingBytes() {
		long perElement = (4L + included().size()) * Double.BYTES;
		if (this.indices == null) {
			return this.grad.size() * perElement;
		}
		return this.grad.size() * (perElement + 3 * Long.BYTES + 3 * Integer.BYTES) + bytesOfChunks(this.indices);
	}

	/// What a store reads, and writes anew, around single elements.
	static long bytesOfChunks(Indices indices) {
		return Math.min(indices.size() * BYTES_AROUND_ELEMENT, MOST_BYTES_AROUND_ELEMENTS);
	}

}
