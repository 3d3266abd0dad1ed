package dev.adagrad.session.http;

import java.util.Map;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.adagrad.request.StepMetrics;
import dev.adagrad.tensor.Indices;
import dev.adagrad.tensor.Tensor;
import dev.adagrad.wire.Message;
import org.jspecify.annotations.Nullable;

/// The answer to a step of a session. Every tensor has the session's dtype, and its size or that of the indices.
///
/// @param step how many steps the session has taken, this one included
/// @param appliedStep the step that the call's key was applied at, if others have been taken since
/// @param indices the elements that were stepped, ascending, if not all; the tensors are about these
/// @param parameter θ after the step, unless the client wants no tensors
/// @param G the accumulator after the step, if it was asked for
/// @param effectiveLearningRate η_t / denominator, 0 where that is 0, if it was asked for
/// @param update what was subtracted from θ, if it was asked for
/// @param tensors the same for each tensor that was stepped, by its name, if the session has named tensors
/// @param metrics of the step as a whole, if they were asked for
record SessionStepResponse(
// @formatter:off
		long step,
		@JsonProperty("applied_step") @Nullable Long appliedStep,
		@Nullable Indices indices,
		@Nullable Tensor parameter,
		@JsonProperty("G") @Nullable Tensor G,
		@JsonProperty("effective_learning_rate") @Nullable Tensor effectiveLearningRate,
		@Nullable Tensor update,
		@Nullable Map<String, SessionTensorStepResponse> tensors,
		@Nullable StepMetrics metrics) implements Message {
		// @formatter:on

	/// The answer without tensors.
	static SessionStepResponse minimal(long step, @Nullable Long appliedStep, @Nullable StepMetrics metrics) {
		return new SessionStepResponse(step, appliedStep, null, null, null, null, null, null, metrics);
	}

	/// The answer with tensors.
	/// @param areNamed whether they have names; if not, there is one
	static SessionStepResponse of(boolean areNamed, long step, @Nullable Long appliedStep,
			Map<String, SessionTensorStepResponse> tensors, @Nullable StepMetrics metrics) {
		if (areNamed) {
			return new SessionStepResponse(step, appliedStep, null, null, null, null, null, tensors, metrics);
		}
		SessionTensorStepResponse alone = tensors.values().iterator().next();
		return new SessionStepResponse(step, appliedStep, alone.indices(), alone.parameter(), alone.G(),
				alone.effectiveLearningRate(), alone.update(), null, metrics);
	}

}
