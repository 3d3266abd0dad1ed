package dev.adagrad.step;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/// One named tensor after a step, in the shape and the dtype of the request.
///
/// @param parameter θ after the step
/// @param G the sum of the squared gradients, this one included
/// @param effectiveLearningRate η_t / denominator for each element of G, if the client asked for it
/// @param update what was subtracted from θ, if the client asked for it
record TensorStepResponse(
// @formatter:off
		@NotNull Tensor parameter,
		@JsonProperty("G") @NotNull Tensor G,
		@JsonProperty("effective_learning_rate") @Nullable Tensor effectiveLearningRate,
		@Nullable Tensor update) implements Message {
		// @formatter:on

}
