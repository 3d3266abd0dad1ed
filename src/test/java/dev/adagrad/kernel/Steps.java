package dev.adagrad.kernel;

import java.util.Set;

import dev.adagrad.tensor.Tensor;

/// Steps of one tensor alone.
final class Steps {

	private Steps() {
	}

	static StepResult step(Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor G,
			Set<Include> include) {
		return AdaGrad.alone(h, step, parameter.size()).take(parameter, grad, G, include);
	}

	static StepResult stepInPlace(Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor G,
			Set<Include> include) {
		return AdaGrad.alone(h, step, parameter.size()).takeInPlace(parameter, grad, G, include);
	}

	static StepResult replay(Hyperparameters h, long step, Tensor parameter, Tensor grad, Tensor newG,
			Set<Include> include) {
		return AdaGrad.alone(h, step, parameter.size()).replay(parameter, grad, newG, include);
	}

	static Tensor effectiveLearningRate(Hyperparameters h, long step, Tensor newG) {
		return AdaGrad.alone(h, step, newG.size()).effectiveLearningRate(newG);
	}

}
