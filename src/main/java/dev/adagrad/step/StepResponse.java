package dev.adagrad.step;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// What a step answers; every tensor has the shape and the dtype of the request.
///
/// @param parameter θ after the step
/// @param G the sum of the squared gradients, this one included
/// @param effectiveLearningRate η_t / denominator, 0 where that is 0, if it was asked for
/// @param update what was subtracted from θ, if it was asked for
@Schema(description = FieldTexts.RESPONSE)
record StepResponse(
// @formatter:off
		@Schema(description = FieldTexts.NEW_PARAMETER)
		@NotNull Tensor parameter,
		@Schema(description = FieldTexts.NEW_G)
		@JsonProperty("G") @NotNull Tensor G,
		@Schema(description = FieldTexts.EFFECTIVE_LEARNING_RATE)
		@JsonProperty("effective_learning_rate") @Nullable Tensor effectiveLearningRate,
		@Schema(description = FieldTexts.UPDATE)
		@Nullable Tensor update) implements Message {
		// @formatter:on

}
