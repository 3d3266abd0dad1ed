/** Optimizers that go down one surface side by side, and what was seen of them. */
import { AdaGrad, PRESETS, Sgd } from './optimizers.js';
import { startingPoints } from './starting-points.js';
import { quantiles } from './statistics.js';
import { surfaceOf } from './surfaces.js';

/** A point this many pictures away has diverged, and is no longer followed: soon its coordinates would overflow. */
const FAR = 1000;

/** One optimizer on its way. Index 0 of each history is the start, index t is what step t led to. */
class Track {
  /**
   * @param {string} id `adagrad`, `sgd` or a preset
   * @param {AdaGrad|Sgd} optimizer
   * @param {import('./surfaces.js').Surface} surface
   * @param {number[]} parameter where it starts
   */
  constructor(id, optimizer, surface, parameter) {
    this.id = id;
    this.optimizer = optimizer;
    this.surface = surface;
    this.positions = [];
    this.losses = [];
    this.rates = [];
    this.accumulators = [];
    /** How many points are too far away to be followed. */
    this.diverged = 0;
    /** The step after which that was so for the first time. */
    this.divergedAt = null;
    this.take(optimizer.start(parameter));
  }

  /** @returns {Promise<import('./optimizers.js').State>} where the step with this number leads; it is not yet taken */
  next(number) {
    const { parameter } = this.state;
    const grad = new Array(parameter.length);
    for (let i = 0; i < parameter.length; i += 2) {
      // what has diverged stays where it is
      [grad[i], grad[i + 1]] = this.#isFar(parameter, i) ? [0, 0]
        : this.surface.grad(parameter[i], parameter[i + 1], number);
    }
    return this.optimizer.next(this.state, grad, number);
  }

  /** @param {import('./optimizers.js').State} state which it has reached */
  take(state) {
    this.state = state;
    const { parameter, effectiveLearningRate, G } = state;
    const losses = [];
    for (let i = 0; i < parameter.length; i += 2) {
      if (!this.#isFar(parameter, i)) {
        losses.push(this.surface.loss(parameter[i], parameter[i + 1]));
      }
    }
    this.diverged = parameter.length / 2 - losses.length;
    if (this.diverged > 0) {
      this.divergedAt ??= this.positions.length;
    }
    this.positions.push(parameter);
    this.losses.push(quantiles(losses));
    // without a gradient so far it is η / ε, which says nothing
    this.rates.push(medianOfEach(effectiveLearningRate?.map((rate, i) => G[i] > 0 ? rate : NaN)));
    this.accumulators.push(medianOfEach(G));
  }

  #isFar(parameter, i) {
    return isFar(parameter[i], this.surface.x) || isFar(parameter[i + 1], this.surface.y);
  }
}

function isFar(value, [low, high]) {
  return !(Math.abs(value) <= FAR * (high - low));
}

/** @returns {number[]} the median over all points of the first coordinate, and of the second */
function medianOfEach(values) {
  return values === undefined ? [null, null]
    : [0, 1].map(coordinate =>
      quantiles(values.filter((value, i) => i % 2 === coordinate && !Number.isNaN(value))).median);
}

export class Experiment {
  /** @param {import('./settings.js').Settings} settings */
  constructor(settings) {
    const surface = surfaceOf(settings.surface);
    const parameter = startingPoints(surface, settings);
    const { learning_rate, epsilon, epsilon_placement } = settings;
    this.surface = surface;
    this.points = parameter.length / 2;
    this.steps = 0;
    this.calls = 0;
    this.adagrad = new Track('adagrad', new AdaGrad({ learning_rate, epsilon, epsilon_placement }), surface, parameter);
    this.tracks = [this.adagrad];
    for (const id of settings.compare) {
      const optimizer = id === 'sgd' ? new Sgd(settings.sgd_learning_rate)
        : new AdaGrad({ preset: id, learning_rate }, PRESETS[id]);
      this.tracks.push(new Track(id, optimizer, surface, parameter));
    }
  }

  /** Takes one step with each optimizer, or, if a call fails, with none. */
  async step() {
    const states = await Promise.all(this.tracks.map(track => track.next(this.steps + 1)));
    this.tracks.forEach((track, i) => track.take(states[i]));
    this.steps++;
    this.calls += states.filter(({ call }) => call).length;
  }

  /** The last call for the path of AdaGrad, if there was one. */
  get lastCall() {
    return this.adagrad.state.call;
  }
}
