/** A curve as small as a word. */

const SVG = 'http://www.w3.org/2000/svg';

const WIDTH = 120, HEIGHT = 24, EDGE = 2;

/** @returns {SVGSVGElement} still empty */
export function sparkline() {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'sparkline');
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('aria-hidden', 'true');
  svg.append(document.createElementNS(SVG, 'polyline'));
  return svg;
}

/**
 * @param {SVGSVGElement} svg
 * @param {import('./pace.js').Pace} pace
 */
export function drawPace(svg, pace) {
  const points = pace.lastMinute;
  const most = Math.max(1e-9, ...points.map(({ stepsPerSecond }) => stepsPerSecond));
  svg.firstChild.setAttribute('points', points.map(({ age, stepsPerSecond }) =>
    `${((1 - age) * WIDTH).toFixed(1)},${(HEIGHT - EDGE - stepsPerSecond / most * (HEIGHT - 2 * EDGE)).toFixed(1)}`)
    .join(' '));
}
