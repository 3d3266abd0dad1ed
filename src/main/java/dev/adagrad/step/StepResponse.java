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
@Schema(description = "The state after the step, in the shape of the request: numbers for numbers, arrays for arrays.")
record StepResponse(@Schema(description = "θ after the step.") @NotNull Tensor parameter,
		@Schema(description = "The accumulator after the step.") @JsonProperty("G") @NotNull Tensor G,
		@Schema(description = "η_t / denominator, 0 where the denominator is 0; only if included.") @JsonProperty("effective_learning_rate") @Nullable Tensor effectiveLearningRate,
		@Schema(description = "What was subtracted from θ; only if included.") @Nullable Tensor update)
		implements
			Message {
}
