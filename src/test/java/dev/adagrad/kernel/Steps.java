package dev.adagrad.kernel;

import java.util.List;
import java.util.Set;

import dev.adagrad.tensor.Tensor;

/// Steps of one tensor alone.
final class Steps {

	private Steps() {
	}

	private static AdaGrad alone(Hyperparameters h, long step, int size) {
		return new AdaGrad(h, List.of(new Part(0, size, 0, 1, h, false)), step);
	}

	static StepResult step(Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor G,
			Set<Include> include) {
		return alone(h, step, parameter.size()).take(parameter, grad, G, include);
	}

	static StepResult stepInPlace(Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor G,
			Set<Include> include) {
		return alone(h, step, parameter.size()).takeInPlace(parameter, grad, G, include);
	}

	static StepResult replay(Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor newG,
			Set<Include> include) {
		return alone(h, step, parameter.size()).replay(parameter, grad, newG, include);
	}

	static Tensor effectiveLearningRate(Hyperparameters h, long step, Tensor newG) {
		return alone(h, step, newG.size()).effectiveLearningRate(newG);
	}

}
