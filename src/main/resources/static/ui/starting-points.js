/** Where the points of an experiment start. */

/** The two numbers of the R₂ sequence: its points lie evenly, and are the same each time. */
const STEP_X = 0.7548776662466927;
const STEP_Y = 0.5698402909980532;

/**
 * @param {import('./surfaces.js').Surface} surface
 * @param {{x: number, y: number, points: number}} settings
 * @returns {number[]} the coordinates of one point after those of the other; the first is the one in the settings
 */
export function startingPoints(surface, { x, y, points }) {
  const coordinates = [x, y];
  for (let i = 1; i < points; i++) {
    coordinates.push(within(surface.x, i * STEP_X % 1), within(surface.y, i * STEP_Y % 1));
  }
  return coordinates;
}

function within([low, high], part) {
  return low + part * (high - low);
}
