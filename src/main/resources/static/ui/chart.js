/** Curves over steps or time, by uPlot, in the colours of the page. */
import uPlot from '../webjars/uplot/dist/uPlot.esm.js';
import { decadesAround, decadesBetween, powerOfTen } from './decades.js';
import { clockTime, number } from './format.js';
import { colour, onSchemeChange } from './theme.js';

const HEIGHT = 150;

/** How far marks on the x axis may be apart. */
const WHOLE = Array.from({ length: 15 }, (_, i) => 10 ** i).flatMap(power => [power, 2 * power, 5 * power]);
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];

/**
 * @typedef {object} Curve
 * @property {string} label
 * @property {string} colour by its name in the style sheet
 * @property {(number|null)[]} values null where there is none; a logarithmic scale shows none at or below 0
 * @property {boolean} [dashed]
 */

export class Chart {
  #host;
  #options;
  #plot = null;
  #kind = '';
  #xs = [];
  #curves = [];

  /**
   * @param {HTMLElement} host
   * @param {{over: string, logarithmic?: boolean, time?: boolean, group?: string}} options what the curves go over;
   *   whether the scale is logarithmic; whether the curves go over time, in seconds, or else over whole numbers;
   *   charts of one group share their cursor
   */
  constructor(host, options) {
    this.#host = host;
    this.#options = options;
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(host);
    onSchemeChange(() => {
      this.#kind = '';
      this.show(this.#xs, this.#curves);
    });
  }

  /**
   * @param {number[]} xs
   * @param {Curve[]} curves
   */
  show(xs, curves) {
    this.#xs = xs;
    this.#curves = curves;
    const data = [xs, ...curves.map(({ values }) => this.#options.logarithmic
      ? values.map(value => value > 0 ? value : null) : values)];
    // uPlot takes new values at any time, but its curves are fixed
    const kind = curves.map(({ label, colour, dashed }) => `${label} ${colour} ${dashed}`).join('\n');
    if (this.#kind === kind) {
      this.#plot.setData(data);
    } else {
      this.#kind = kind;
      this.#plot?.destroy();
      this.#plot = new uPlot(this.#plotOptions(), data, this.#host);
    }
    this.#showLast();
  }

  #size() {
    return { width: this.#host.clientWidth, height: HEIGHT };
  }

  /** While no pointer is in the chart, its legend shows the last values. */
  #showLast() {
    if (this.#plot.cursor.idx == null && this.#xs.length > 0) {
      this.#plot.setLegend({ idx: this.#xs.length - 1 }, false);
    }
  }

  #plotOptions() {
    const { over, logarithmic, time = false, group } = this.#options;
    const axis = { stroke: colour('muted'), grid: { stroke: colour('line'), width: 1 },
      ticks: { stroke: colour('line'), width: 1, size: 4 }, font: '12px system-ui, sans-serif' };
    return {
      ...this.#size(),
      cursor: { drag: { x: false, y: false }, points: { size: 6 }, ...(group && { sync: { key: group } }) },
      scales: {
        x: { time },
        y: logarithmic ? { distr: 3, range: (_, least, most) => decadesAround(least, most) }
          : { range: (_, least, most) => rangeFromZero(least, most) },
      },
      axes: [
        { ...axis, size: 30, ...(time ? { space: 80, incrs: SECONDS, values: (_, splits) => splits.map(clockTime) }
          : { incrs: WHOLE }) },
        { ...axis, size: 52, ...(logarithmic && {
          splits: (_plot, _axis, least, most) => decadesBetween(least, most),
          filter: (_, splits) => splits,
          values: (_, splits) => splits.map(powerOfTen),
        }) },
      ],
      series: [
        { label: over, ...(time && { value: (_, value) => value == null ? '–' : clockTime(value) }) },
        ...this.#curves.map(({ label, colour: name, dashed }) => ({
          label, stroke: colour(name), width: 2, dash: dashed ? [5, 4] : undefined, points: { show: false },
          value: (_, value) => value == null ? '–' : number(value),
        })),
      ],
      hooks: { setCursor: [() => this.#showLast()] },
    };
  }
}

/** @returns {[number, number]} a scale that shows how large values are, and not only how they differ */
function rangeFromZero(least, most) {
  return most > 0 && least >= 0 ? [0, most * 1.1] : [0, 1];
}
