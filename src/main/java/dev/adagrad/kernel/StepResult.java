package dev.adagrad.kernel;

import java.util.Map;
import java.util.Optional;

import dev.adagrad.tensor.Tensor;

/// The result of a step. The tensors have the dtype of the given parameter. The parameter and Δ have its shape; G and
/// the effective learning rate have the shape of the given G.
///
/// @param parameter θ after the step
/// @param G the sum of the squared gradients after the step, ≥ 0
/// @param included exactly the other tensors that were asked for
/// @param metrics the metrics, if they were asked for
public record StepResult(Tensor parameter, Tensor G, Map<Include, Tensor> included, Optional<Metrics> metrics) {

	public StepResult {
		included = Map.copyOf(included);
	}

}
