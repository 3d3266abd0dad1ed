package dev.adagrad.session;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import io.swagger.v3.oas.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/// What a session's step answers; every tensor has the session's dtype, and its size or that of the indices.
///
/// @param step how many steps the session has taken, this one included
/// @param appliedStep the step that the call's key was applied at, if others have been taken since
/// @param indices where only some elements were stepped: which, ascending; the tensors are about these
/// @param parameter θ after the step, unless the client wants no tensors
/// @param G the accumulator after the step, if it was asked for
/// @param effectiveLearningRate η_t / denominator, 0 where that is 0, if it was asked for
/// @param update what was subtracted from θ, if it was asked for
@Schema(description = SessionTexts.STEP_RESPONSE)
record SessionStepResponse(
// @formatter:off
		@Schema(description = SessionTexts.STEP_AFTER, requiredMode = Schema.RequiredMode.REQUIRED)
		long step,
		@Schema(description = SessionTexts.APPLIED_STEP)
		@JsonProperty("applied_step") @Nullable Long appliedStep,
		@Schema(description = SessionTexts.STEPPED_INDICES)
		@Nullable Indices indices,
		@Schema(description = SessionTexts.NEW_PARAMETER)
		@Nullable Tensor parameter,
		@Schema(description = SessionTexts.NEW_G)
		@JsonProperty("G") @Nullable Tensor G,
		@Schema(description = SessionTexts.EFFECTIVE_LEARNING_RATE)
		@JsonProperty("effective_learning_rate") @Nullable Tensor effectiveLearningRate,
		@Schema(description = SessionTexts.UPDATE)
		@Nullable Tensor update) implements Message {
		// @formatter:on

	/// The answer without tensors.
	static SessionStepResponse minimal(long step, @Nullable Long appliedStep) {
		return new SessionStepResponse(step, appliedStep, null, null, null, null, null);
	}

}
