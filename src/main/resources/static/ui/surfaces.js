/**
 * The losses of the playground, as functions of two coordinates. Each has its minimum at 0.
 *
 * @typedef {object} Surface
 * @property {string} id as it stands in the address
 * @property {string} name
 * @property {string} formula of the loss
 * @property {string} note what there is to see
 * @property {[number, number]} x what the picture shows of the first coordinate
 * @property {[number, number]} y and of the second
 * @property {number[][]} minima
 * @property {(x: number, y: number) => number} loss
 * @property {(x: number, y: number, step: number) => [number, number]} grad of the step with that 1-based number
 * @property {object} settings with which the page begins
 */

/** In the surface "rare feature", the second coordinate has a gradient in one step of this many. */
const RARITY = 10;

/** @type {Surface[]} */
export const SURFACES = [
  {
    id: 'ravine',
    name: 'Ravine',
    formula: 'θ₁² + 25 θ₂²',
    note: 'One direction is 25 times as steep as the other. SGD must suit the steep one, and so creeps along the flat '
      + 'one. Give it 0.041, and it diverges.',
    x: [-5, 5], y: [-4, 4], minima: [[0, 0]],
    loss: (x, y) => x * x + 25 * y * y,
    grad: (x, y) => [2 * x, 50 * y],
    settings: { x: -4.5, y: 3.7, learning_rate: 1, sgd_learning_rate: 0.038, steps: 120 },
  },
  {
    id: 'rosenbrock',
    name: 'Rosenbrock',
    formula: '(1 − θ₁)² + 100 (θ₂ − θ₁²)²',
    note: 'A bent valley. Its floor is nearly flat, and its walls are steep.',
    x: [-2, 2], y: [-1, 3], minima: [[1, 1]],
    loss: (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    grad: (x, y) => [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)],
    settings: { x: -1, y: 0, learning_rate: 0.8, sgd_learning_rate: 0.001, steps: 400 },
  },
  {
    id: 'rare-feature',
    name: 'Rare feature',
    formula: 'θ₁² / 2 + θ₂² / 20',
    note: `What AdaGrad is for: θ₂ has a gradient in one step of ${RARITY}. Its G grows slowly, so the few steps that `
      + 'it takes are large. SGD has one learning rate for both, and falls behind with the rare one. Contours show the '
      + 'mean loss.',
    x: [-5, 5], y: [-4, 4], minima: [[0, 0]],
    loss: (x, y) => x * x / 2 + y * y / 2 / RARITY,
    grad: (x, y, step) => [x, step % RARITY === 0 ? y : 0],
    settings: { x: -4.5, y: 3.5, learning_rate: 1, sgd_learning_rate: 0.05, steps: 200 },
  },
  {
    id: 'saddle',
    name: 'Saddle',
    formula: 'θ₁² / 2 + (θ₂² − 1)² / 4',
    note: 'Between two minima lies a point where the gradient vanishes. SGD lingers near it. AdaGrad’s first step has '
      + 'the size η in each coordinate, however small the gradient is, and leads away.',
    x: [-2, 2], y: [-1.6, 1.6], minima: [[0, 1], [0, -1]],
    loss: (x, y) => x * x / 2 + (y * y - 1) ** 2 / 4,
    grad: (x, y) => [x, y * (y * y - 1)],
    settings: { x: -1.8, y: 0.001, learning_rate: 0.2, sgd_learning_rate: 0.1, steps: 120 },
  },
  {
    id: 'himmelblau',
    name: 'Himmelblau',
    formula: '(θ₁² + θ₂ − 11)² + (θ₁ + θ₂² − 7)²',
    note: 'Four minima. With 200 points you see which start leads to which.',
    x: [-6, 6], y: [-5, 5], minima: [[3, 2], [-2.805118, 3.131313], [-3.77931, -3.283186], [3.584428, -1.848127]],
    loss: (x, y) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    grad: (x, y) => [4 * x * (x * x + y - 11) + 2 * (x + y * y - 7), 2 * (x * x + y - 11) + 4 * y * (x + y * y - 7)],
    settings: { x: -0.5, y: -1, learning_rate: 0.5, sgd_learning_rate: 0.01, steps: 100 },
  },
];

/** @returns {Surface} the one with this id, or the first */
export function surfaceOf(id) {
  return SURFACES.find(surface => surface.id === id) ?? SURFACES[0];
}
