package dev.adagrad.step;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.StepMetrics;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import org.jspecify.annotations.Nullable;

/// The answer to a step. Every tensor has the shape and the dtype of the request.
///
/// @param parameter θ after the step
/// @param G the sum of the squared gradients, this one included
/// @param effectiveLearningRate η_t / denominator, 0 where that is 0, if the client asked for it
/// @param update what was subtracted from θ, if the client asked for it
/// @param tensors in place of these, the same for each tensor of a model, by its name
/// @param metrics the metrics of the step as a whole, if the client asked for them
record StepResponse(
// @formatter:off
		@Nullable Tensor parameter,
		@JsonProperty("G") @Nullable Tensor G,
		@JsonProperty("effective_learning_rate") @Nullable Tensor effectiveLearningRate,
		@Nullable Tensor update,
		@Nullable Map<String, TensorStepResponse> tensors,
		@Nullable StepMetrics metrics) implements Message {
		// @formatter:on

	/// The answer for one tensor without a name.
	static StepResponse alone(TensorStepResponse tensor, @Nullable StepMetrics metrics) {
		return new StepResponse(tensor.parameter(), tensor.G(), tensor.effectiveLearningRate(), tensor.update(), null,
				metrics);
	}

	/// The answer for the tensors of a model.
	static StepResponse named(Map<String, TensorStepResponse> tensors, @Nullable StepMetrics metrics) {
		return new StepResponse(null, null, null, null, tensors, metrics);
	}

}
