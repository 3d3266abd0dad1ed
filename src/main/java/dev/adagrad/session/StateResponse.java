package dev.adagrad.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Blocks;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// The state of a session, all of one version.
///
/// @param step how many steps have been taken
/// @param indices where only some elements were asked for: which, ascending
/// @param G the accumulator
/// @param parameter where the server holds it
@Schema(description = SessionTexts.STATE_RESPONSE)
record StateResponse(
// @formatter:off
		@Schema(description = SessionTexts.STATE_STEP, requiredMode = Schema.RequiredMode.REQUIRED)
		long step,
		@Schema(description = SessionTexts.FOUND_INDICES)
		@Nullable Indices indices,
		@Schema(description = SessionTexts.STATE_G)
		@JsonProperty("G") @NotNull Blocks<Tensor> G,
		@Schema(description = SessionTexts.STATE_PARAMETER)
		@Nullable Blocks<Tensor> parameter) implements Message {
		// @formatter:on

}
