/**
 * How a parameter moves. All optimizers here are elementwise, so one of them moves any number of points at once: a
 * parameter holds their coordinates one after the other.
 */
import { step } from './server.js';

/** The libraries whose defaults the server knows, with the G that each begins with. */
export const PRESETS = { torch: 0, keras: 0.1, optax: 0.1 };

/**
 * Where an optimizer stands.
 *
 * @typedef {object} State
 * @property {number[]} parameter
 * @property {number[]} [G] of AdaGrad
 * @property {number[]} [effectiveLearningRate] of AdaGrad's last step
 * @property {Awaited<ReturnType<typeof step>>} [call] that led here
 */

/** AdaGrad, computed by the server. G travels to and fro: nothing is kept there. */
export class AdaGrad {
  /**
   * @param {object} hyperparameters as they stand in the call
   * @param {number} initialG
   */
  constructor(hyperparameters, initialG = 0) {
    this.hyperparameters = hyperparameters;
    this.initialG = initialG;
  }

  /** @returns {State} */
  start(parameter) {
    return { parameter, G: parameter.map(() => this.initialG) };
  }

  /**
   * @param {State} state
   * @param {number[]} grad
   * @param {number} number of the step, from 1 on
   * @returns {Promise<State>}
   */
  async next({ parameter, G }, grad, number) {
    const call = await step({ parameter, grad, G, step: number, ...this.hyperparameters,
      include: ['effective_learning_rate'] });
    const { answer } = call;
    return { parameter: answer.parameter, G: answer.G, effectiveLearningRate: answer.effective_learning_rate, call };
  }
}

/** Stochastic gradient descent, computed here. */
export class Sgd {
  constructor(learningRate) {
    this.learningRate = learningRate;
  }

  start(parameter) {
    return { parameter };
  }

  async next({ parameter }, grad) {
    return { parameter: parameter.map((value, i) => value - this.learningRate * grad[i]) };
  }
}
