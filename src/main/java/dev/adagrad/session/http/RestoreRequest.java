package dev.adagrad.session.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.Rules;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Numbers;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// A state that a session is to be brought to.
///
/// @param step how many steps had been taken
/// @param G the accumulator, of the session's size
/// @param parameter of the session's size, exactly where the server holds it
record RestoreRequest(
// @formatter:off
		@NotNull(message = Rules.REQUIRED) @Min(value = 0, message = Rules.NOT_NEGATIVE) Long step,
		@JsonProperty("G") @NotNull(message = Rules.REQUIRED) Blocks<Numbers> G,
		@Nullable Blocks<Numbers> parameter) implements Message {
		// @formatter:on

	/// One block at a time, and what it is made into.
	@Override
	public long workingBytes() {
		return 2 * Math.max(this.G.bytesAtOnce(), (this.parameter != null) ? this.parameter.bytesAtOnce() : 0);
	}

}
