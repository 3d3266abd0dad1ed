/** The form of the playground, as settings and back. */
import { SURFACES } from './surfaces.js';

/** Learning rates that the sliders give are rounded to this many digits. */
const DIGITS = 2;

export class SettingsForm {
  #form;

  /**
   * @param {HTMLFormElement} form
   * @param {(field: string) => void} changed told the name of a field when its value has changed
   */
  constructor(form, changed) {
    this.#form = form;
    form.elements.surface.append(...SURFACES.map(({ id, name }) => new Option(name, id)));
    form.addEventListener('input', event => this.#follow(event.target));
    form.addEventListener('change', event => changed(event.target.name || event.target.dataset.of));
  }

  /** @returns {boolean} whether all fields hold what they may; if not, the browser says where */
  get isValid() {
    return this.#form.reportValidity();
  }

  /** @returns {import('./settings.js').Settings} */
  read() {
    const data = new FormData(this.#form);
    const number = name => Number(data.get(name));
    return {
      surface: data.get('surface'), x: number('x'), y: number('y'), points: number('points'),
      learning_rate: number('learning_rate'), epsilon: number('epsilon'),
      epsilon_placement: data.get('epsilon_placement'), steps: number('steps'),
      sgd_learning_rate: number('sgd_learning_rate'), compare: data.getAll('compare'),
    };
  }

  /** @param {import('./settings.js').Settings} settings */
  write(settings) {
    const elements = this.#form.elements;
    for (const name of ['surface', 'x', 'y', 'learning_rate', 'epsilon', 'epsilon_placement', 'steps',
      'sgd_learning_rate']) {
      elements[name].value = settings[name];
    }
    elements.points.value = String(settings.points);
    for (const box of elements.compare) {
      box.checked = settings.compare.includes(box.value);
    }
    for (const slider of this.#sliders()) {
      this.#follow(elements[slider.dataset.of]);
    }
  }

  /** A slider moves its number, and a number its slider. */
  #follow(input) {
    const elements = this.#form.elements;
    if (input.dataset.of) {
      elements[input.dataset.of].value = Number((10 ** input.valueAsNumber).toPrecision(DIGITS));
      return;
    }
    const slider = this.#sliders().find(each => each.dataset.of === input.name);
    if (slider) {
      slider.value = input.valueAsNumber > 0 ? Math.log10(input.valueAsNumber) : slider.min;
    }
  }

  #sliders() {
    return [...this.#form.querySelectorAll('input[type=range]')];
  }
}
