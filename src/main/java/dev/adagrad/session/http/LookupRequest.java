package dev.adagrad.session.http;

import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Indices;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;

/// Elements of a state that a client wants to read.
///
/// @param indices which, in any order
record LookupRequest(
// @formatter:off
		@NotNull(message = Rules.REQUIRED) Indices indices) implements Message {
		// @formatter:on

	/// Indices sorted, and what is found at them.
	@Override
	public long workingBytes() {
		return (long) this.indices.size() * (2 * Long.BYTES + 2 * Double.BYTES)
				+ SessionStepRequest.bytesOfChunks(this.indices);
	}

}
