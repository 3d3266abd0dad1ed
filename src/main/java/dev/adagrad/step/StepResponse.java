package dev.adagrad.step;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.StepMetrics;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// What a step answers; every tensor has the shape and the dtype of the request.
///
/// @param parameter θ after the step
/// @param G the sum of the squared gradients, this one included
/// @param effectiveLearningRate η_t / denominator, 0 where that is 0, if it was asked for
/// @param update what was subtracted from θ, if it was asked for
/// @param metrics of the step as a whole, if they were asked for
record StepResponse(
// @formatter:off
		@NotNull Tensor parameter,
		@JsonProperty("G") @NotNull Tensor G,
		@JsonProperty("effective_learning_rate") @Nullable Tensor effectiveLearningRate,
		@Nullable Tensor update,
		@Nullable StepMetrics metrics) implements Message {
		// @formatter:on

}
