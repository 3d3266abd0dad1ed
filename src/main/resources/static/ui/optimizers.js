/**
 * How a parameter moves. All optimizers here are elementwise, so one of them moves any number of points at once: a
 * parameter holds their coordinates one after the other.
 */
import { step } from './server.js';

/** The libraries whose defaults the server knows, with the G that each begins with. */
export const PRESETS = { torch: 0, keras: 0.1, optax: 0.1 };

/** AdaGrad, computed by the server. G travels to and fro: nothing is kept there. */
export class AdaGrad {
  /**
   * @param {number[]} parameter
   * @param {object} hyperparameters as they stand in the call
   * @param {number} initialG
   */
  constructor(parameter, hyperparameters, initialG = 0) {
    this.parameter = parameter;
    this.hyperparameters = hyperparameters;
    this.G = parameter.map(() => initialG);
  }

  /**
   * @param {number[]} grad
   * @param {number} number of the step, from 1 on
   */
  async step(grad, number) {
    this.call = await step({ parameter: this.parameter, grad, G: this.G, step: number, ...this.hyperparameters,
      include: ['effective_learning_rate'] });
    const answer = this.call.answer;
    this.parameter = answer.parameter;
    this.G = answer.G;
    this.effectiveLearningRate = answer.effective_learning_rate;
  }
}

/** Stochastic gradient descent, computed here. */
export class Sgd {
  constructor(parameter, learningRate) {
    this.parameter = parameter;
    this.learningRate = learningRate;
  }

  async step(grad) {
    this.parameter = this.parameter.map((value, i) => value - this.learningRate * grad[i]);
  }
}
