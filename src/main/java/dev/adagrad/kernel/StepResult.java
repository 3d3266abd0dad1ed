package dev.adagrad.kernel;

import java.util.Map;
import java.util.Optional;

import dev.adagrad.tensor.Tensor;

/// What a step gives. The tensors have the dtype of the parameter that went in, the parameter and Δ its shape, G and the
/// effective learning rate that of the G that went in.
///
/// @param parameter θ after the step
/// @param G the sum of the squared gradients after the step, ≥ 0
/// @param included exactly the tensors that were asked for beyond them
/// @param metrics if they were asked for
public record StepResult(Tensor parameter, Tensor G, Map<Include, Tensor> included, Optional<Metrics> metrics) {

	public StepResult {
		included = Map.copyOf(included);
	}

}
