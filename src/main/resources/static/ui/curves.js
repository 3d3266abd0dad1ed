/** The curves of an experiment: of many points, the medians. */
import { Chart } from './chart.js';
import { PRESETS } from './optimizers.js';

const NAMES = { adagrad: 'AdaGrad', sgd: 'SGD', torch: 'torch', keras: 'keras', optax: 'optax' };

export class Curves {
  #loss;
  #rates;
  #accumulators;

  /** @param {{loss: HTMLElement, rates: HTMLElement, accumulators: HTMLElement}} hosts */
  constructor({ loss, rates, accumulators }) {
    const options = { over: 'step', logarithmic: true, group: 'steps' };
    this.#loss = new Chart(loss, options);
    this.#rates = new Chart(rates, options);
    this.#accumulators = new Chart(accumulators, options);
  }

  /** @param {import('./experiment.js').Experiment} experiment */
  show(experiment) {
    const steps = Array.from({ length: experiment.steps + 1 }, (_, step) => step);
    const many = experiment.points > 1;
    this.#loss.show(steps, experiment.tracks.flatMap(track => [
      { label: NAMES[track.id], colour: track.id, dashed: track.id in PRESETS,
        values: track.losses.map(({ median }) => median) },
      ...(many && track.id === 'adagrad' ? [
        { label: 'worst point', colour: track.id, dashed: true, values: track.losses.map(({ most }) => most) },
      ] : []),
    ]));
    const { rates, accumulators } = experiment.adagrad;
    const ofEach = (values, label) => [0, 1].map(coordinate => ({
      label: label + '₁₂'[coordinate], colour: ['first', 'second'][coordinate],
      values: values.map(pair => pair[coordinate]),
    }));
    this.#rates.show(steps, ofEach(rates, 'θ'));
    this.#accumulators.show(steps, ofEach(accumulators, 'G'));
  }
}
