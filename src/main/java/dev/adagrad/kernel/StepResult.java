package dev.adagrad.kernel;

import dev.adagrad.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// What a step gives. All tensors have the shape of the parameter that went in, its dtype, and arrays of their own.
///
/// @param parameter θ after the step
/// @param G the sum of the squared gradients after the step, ≥ 0
/// @param effectiveLearningRate η_t / denominator, if it was asked for
/// @param update Δ, if it was asked for
public record StepResult(Tensor parameter, Tensor G, @Nullable Tensor effectiveLearningRate, @Nullable Tensor update) {
}
