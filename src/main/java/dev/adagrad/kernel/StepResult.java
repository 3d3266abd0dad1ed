package dev.adagrad.kernel;

import java.util.Map;

import dev.adagrad.tensor.Tensor;

/// What a step gives. All tensors have the shape of the parameter that went in, and its dtype.
///
/// @param parameter θ after the step
/// @param G the sum of the squared gradients after the step, ≥ 0
/// @param included exactly what was asked for beyond them
public record StepResult(Tensor parameter, Tensor G, Map<Include, Tensor> included) {

	public StepResult {
		included = Map.copyOf(included);
	}

}
