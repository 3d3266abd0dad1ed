/** The effective learning rates of a session, from its description and its state. */
import { quantiles } from './statistics.js';

/**
 * As the update has it: η_t / (√G + ε), or η_t / √(G + ε). An element without a gradient so far has none: it would be
 * η_t / ε, which says nothing.
 *
 * @param {object} description of the session
 * @param {object} state one tensor's `G`, or `tensors` of which each has one
 * @returns {{least: number?, median: number?, most: number?}} the smallest, the median and the largest;
 *   null where there is none
 */
export function effectiveRates(description, state) {
  const { learning_rate, lr_decay, epsilon, epsilon_placement } = description;
  const rate = learning_rate / (1 + (Math.max(description.step, 1) - 1) * lr_decay);
  const rates = [];
  for (const [name, { G }] of tensorsOf(state)) {
    const scaled = rate * (description.tensors?.[name]?.learning_rate_scale ?? 1);
    for (const sum of [G].flat()) {
      if (sum > 0) {
        rates.push(scaled / (epsilon_placement === 'inside_sqrt' ? Math.sqrt(sum + epsilon) : Math.sqrt(sum) + epsilon));
      }
    }
  }
  return quantiles(rates);
}

/** @returns {number?} ‖θ‖₂ of all tensors; null where the server does not hold the parameter */
export function parameterNorm(state) {
  const parameters = tensorsOf(state).map(([, { parameter }]) => parameter);
  return parameters.includes(undefined) ? null
    : Math.sqrt(parameters.flat().reduce((sum, value) => sum + value * value, 0));
}

/** @returns {[string, object][]} names and tensors; what they hold is a bare number where the shape is empty */
function tensorsOf(state) {
  return state.tensors ? Object.entries(state.tensors) : [['', state]];
}
