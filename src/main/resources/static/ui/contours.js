/**
 * Contours of a function of two variables. The levels are even in the logarithm of the value, since the losses of
 * the playground range over many powers of ten. The ground is shaded by the same scale.
 */
import { rgb } from './theme.js';

const LEVELS = 18;

/** About how wide a cell of the grid is on which the lines are found, in pixels. */
const CELL = 5;

/** Values below this part of the largest look alike. */
const FLOOR = 1e-3;

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} width in pixels
 * @param {number} height
 * @param {import('./surfaces.js').Surface} surface
 */
export function drawContours(context, width, height, surface) {
  const columns = Math.ceil(width / CELL), rows = Math.ceil(height / CELL);
  const heights = grid(columns, rows, surface);
  shade(context, width, height, heights, columns, rows);
  context.strokeStyle = `rgb(${rgb('contour').join(' ')} / 45%)`;
  context.lineWidth = 1;
  context.beginPath();
  for (let level = 1; level < LEVELS; level++) {
    trace(context, heights, columns, rows, width / columns, height / rows, level / LEVELS);
  }
  context.stroke();
}

/** @returns {Float64Array} (columns + 1) × (rows + 1) values from 0, the lowest, to 1; the first row is the top */
function grid(columns, rows, { loss, x, y }) {
  const losses = new Float64Array((columns + 1) * (rows + 1));
  for (let row = 0, i = 0; row <= rows; row++) {
    for (let column = 0; column <= columns; column++) {
      losses[i++] = loss(x[0] + column / columns * (x[1] - x[0]), y[1] - row / rows * (y[1] - y[0]));
    }
  }
  const most = losses.reduce((a, b) => Math.max(a, b));
  const span = Math.log(1 + 1 / FLOOR);
  return losses.map(value => Math.log(1 + value / most / FLOOR) / span);
}

/** One pixel for each point of the grid, stretched: the browser makes it smooth. */
function shade(context, width, height, heights, columns, rows) {
  const low = rgb('low'), high = rgb('high');
  const image = new ImageData(columns + 1, rows + 1);
  heights.forEach((value, i) => {
    for (let part = 0; part < 3; part++) {
      image.data[4 * i + part] = low[part] + value * (high[part] - low[part]);
    }
    image.data[4 * i + 3] = 255;
  });
  const small = new OffscreenCanvas(columns + 1, rows + 1);
  small.getContext('2d').putImageData(image, 0, 0);
  context.imageSmoothingQuality = 'high';
  // the middle of the first pixel lies at 0, and that of the last at the width
  const cellWidth = width / columns, cellHeight = height / rows;
  context.drawImage(small, -cellWidth / 2, -cellHeight / 2, width + cellWidth, height + cellHeight);
}

/** Marching squares: joins the points where the edges of each cell cross the level. */
function trace(context, heights, columns, rows, cellWidth, cellHeight, level) {
  const wide = columns + 1;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const i = row * wide + column;
      const corners = [heights[i], heights[i + 1], heights[i + wide + 1], heights[i + wide]];
      const crossings = [];
      for (let edge = 0; edge < 4; edge++) {
        const from = corners[edge], to = corners[(edge + 1) % 4];
        if (from < level !== to < level) {
          const part = (level - from) / (to - from);
          crossings.push([
            [column + part, row], [column + 1, row + part], [column + 1 - part, row + 1], [column, row + 1 - part],
          ][edge]);
        }
      }
      for (let k = 0; k + 1 < crossings.length; k += 2) {
        context.moveTo(crossings[k][0] * cellWidth, crossings[k][1] * cellHeight);
        context.lineTo(crossings[k + 1][0] * cellWidth, crossings[k + 1][1] * cellHeight);
      }
    }
  }
}
