/**
 * What is set on the playground: it stands in the `#` of the address, so that a link shows the same to others.
 *
 * @typedef {object} Settings
 * @property {string} surface
 * @property {number} x where the first point starts
 * @property {number} y
 * @property {number} points how many there are
 * @property {number} learning_rate
 * @property {number} epsilon
 * @property {string} epsilon_placement
 * @property {number} steps
 * @property {number} sgd_learning_rate
 * @property {string[]} compare which optimizers run beside AdaGrad
 */
import { SURFACES, surfaceOf } from './surfaces.js';

const COMPARED = ['sgd', 'torch', 'keras', 'optax'];

/** What may stand in the address, by name. */
const ALLOWED = {
  x: Number.isFinite,
  y: Number.isFinite,
  points: value => value === 1 || value === 200,
  learning_rate: isNotNegative,
  epsilon: isNotNegative,
  epsilon_placement: value => value === 'outside_sqrt' || value === 'inside_sqrt',
  steps: value => Number.isInteger(value) && value >= 1 && value <= 2000,
  sgd_learning_rate: isNotNegative,
};

function isNotNegative(value) {
  return Number.isFinite(value) && value >= 0;
}

/** @returns {Settings} with which a surface is first shown */
export function settingsOf(surfaceId) {
  const surface = surfaceOf(surfaceId);
  return { surface: surface.id, points: 1, epsilon: 1e-8, epsilon_placement: 'outside_sqrt', compare: ['sgd'],
    ...surface.settings };
}

/**
 * @param {string} hash of the address
 * @returns {Settings} what does not stand there, or cannot be, is as the surface is first shown
 */
export function fromHash(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const settings = settingsOf(given.get('surface') ?? SURFACES[0].id);
  for (const [name, isAllowed] of Object.entries(ALLOWED)) {
    const text = given.get(name)?.trim();
    const value = typeof settings[name] === 'number' && text ? Number(text) : text;
    if (isAllowed(value)) {
      settings[name] = value;
    }
  }
  if (given.has('compare')) {
    const wanted = given.get('compare').split(',');
    settings.compare = COMPARED.filter(id => wanted.includes(id));
  }
  return settings;
}

/** @param {Settings} settings */
export function toHash(settings) {
  // a comma may stand in an address as it is
  return '#' + new URLSearchParams(settings).toString().replaceAll('%2C', ',');
}
