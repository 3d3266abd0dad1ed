/** The picture of a surface, with the paths of the optimizers on it. */
import { drawContours } from './contours.js';
import { colour, onSchemeChange, scheme } from './theme.js';

/** An arrow key moves the start by this part of the picture; with Shift, by a tenth of that. */
const STRIDE = 1 / 40;

/** Presets often go where AdaGrad goes: dashes of different lengths let each be seen. */
const DASHES = { torch: [3, 9], keras: [6, 8], optax: [9, 7] };

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Plane {
  #canvas;
  #context;
  #ground = null;
  #groundIs = '';
  #experiment;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(x: number, y: number) => void} start told where the user wants to start
   */
  constructor(canvas, start) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d');
    canvas.addEventListener('click', event => start(...this.#coordinates(event)));
    canvas.addEventListener('keydown', event => this.#move(event, start));
    new ResizeObserver(() => this.draw()).observe(canvas);
    onSchemeChange(() => this.draw());
  }

  /** @param {import('./experiment.js').Experiment} experiment what to draw, from now on */
  show(experiment) {
    this.#experiment = experiment;
    this.draw();
  }

  draw() {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (!this.#experiment || width === 0) {
      return;
    }
    const scale = devicePixelRatio;
    if (this.#canvas.width !== Math.round(width * scale) || this.#canvas.height !== Math.round(height * scale)) {
      this.#canvas.width = Math.round(width * scale);
      this.#canvas.height = Math.round(height * scale);
    }
    const { surface, tracks, points } = this.#experiment;
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#groundOf(surface, width, height, scale), 0, 0);
    context.setTransform(scale, 0, 0, scale, 0, 0);
    const place = (x, y) => [
      (x - surface.x[0]) / (surface.x[1] - surface.x[0]) * width,
      (surface.y[1] - y) / (surface.y[1] - surface.y[0]) * height,
    ];
    for (const [x, y] of surface.minima) {
      this.#star(...place(x, y));
    }
    for (const track of [...tracks].sort((a, b) => layer(a) - layer(b))) {
      if (points === 1) {
        this.#path(track, place);
      } else {
        this.#swarm(track, place);
      }
    }
  }

  /** The contours cost more than all else, and seldom change. */
  #groundOf(surface, width, height, scale) {
    const is = [surface.id, width, height, scale, scheme()].join();
    if (this.#groundIs !== is) {
      this.#ground = new OffscreenCanvas(this.#canvas.width, this.#canvas.height);
      const context = this.#ground.getContext('2d');
      context.scale(scale, scale);
      drawContours(context, width, height, surface);
      this.#groundIs = is;
    }
    return this.#ground;
  }

  #star(x, y) {
    const context = this.#context;
    context.fillStyle = colour('text');
    context.beginPath();
    for (let corner = 0; corner < 10; corner++) {
      const radius = corner % 2 === 0 ? 7 : 3, angle = corner * Math.PI / 5;
      context.lineTo(x + radius * Math.sin(angle), y - radius * Math.cos(angle));
    }
    context.fill();
  }

  #path(track, place) {
    const context = this.#context;
    const dots = track.positions.map(([x, y]) => place(x, y));
    context.strokeStyle = context.fillStyle = colour(track.id);
    context.lineWidth = track.id === 'adagrad' ? 2.5 : 1.75;
    context.lineJoin = 'round';
    context.setLineDash(DASHES[track.id] ?? []);
    this.#line(dots);
    context.setLineDash([]);
    dots.forEach(dot => this.#dot(dot, track.id === 'adagrad' ? 2.6 : 1.8));
    this.#dot(dots.at(-1), 5);
    this.#ring(dots[0]);
  }

  #swarm(track, place) {
    const context = this.#context;
    const last = track.positions.at(-1);
    context.strokeStyle = context.fillStyle = colour(track.id);
    context.lineWidth = 1;
    context.globalAlpha = 0.4;
    context.beginPath();
    for (let i = 0; i < last.length; i += 2) {
      track.positions.forEach((position, step) => {
        const [x, y] = place(position[i], position[i + 1]);
        context[step === 0 ? 'moveTo' : 'lineTo'](x, y);
      });
    }
    context.stroke();
    context.globalAlpha = 1;
    for (let i = 0; i < last.length; i += 2) {
      this.#dot(place(last[i], last[i + 1]), 2.6);
    }
  }

  #line(dots) {
    this.#context.beginPath();
    dots.forEach(dot => this.#context.lineTo(...dot));
    this.#context.stroke();
  }

  #dot([x, y], radius) {
    this.#context.beginPath();
    this.#context.arc(x, y, radius, 0, 2 * Math.PI);
    this.#context.fill();
  }

  #ring([x, y]) {
    const context = this.#context;
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.lineWidth = 2;
    context.strokeStyle = colour('text');
    context.stroke();
  }

  /** Where in the surface the pointer is, to three digits. */
  #coordinates(event) {
    const { x, y } = this.#experiment.surface;
    const box = this.#canvas.getBoundingClientRect();
    return [
      rounded(x[0] + (event.clientX - box.left) / box.width * (x[1] - x[0])),
      rounded(y[1] - (event.clientY - box.top) / box.height * (y[1] - y[0])),
    ];
  }

  #move(event, start) {
    const arrow = ARROWS[event.key];
    if (!arrow) {
      return;
    }
    event.preventDefault();
    const { surface, adagrad } = this.#experiment;
    const stride = STRIDE * (event.shiftKey ? 0.1 : 1);
    const [x, y] = adagrad.positions[0];
    start(rounded(x + arrow[0] * stride * (surface.x[1] - surface.x[0])),
      rounded(y + arrow[1] * stride * (surface.y[1] - surface.y[0])));
  }
}

/** AdaGrad lies on top of SGD, and the dashes of the presets on top of AdaGrad. */
function layer({ id }) {
  return id === 'sgd' ? 0 : id === 'adagrad' ? 1 : 2;
}

function rounded(value) {
  return Number(value.toFixed(3));
}
