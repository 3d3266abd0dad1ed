/** One session: what is in force, how it goes, how it is called, and its end. */
import { Chart } from './chart.js';
import { copyOnClick } from './clipboard.js';
import { effectiveRates, parameterNorm } from './effective-rates.js';
import { ago, whole } from './format.js';
import { Pace } from './pace.js';
import { Polling } from './polling.js';
import { showProblem } from './problem.js';
import { call, ROOT, Watched } from './server.js';
import { callsOf } from './session-calls.js';
import { elementsOf, elementsOfEntry, shapesOf, shapeText } from './shapes.js';

/** A state of this many elements is read whole at each look. */
const FEW = 2000;

/** Of a larger one, this many elements are. */
const SAMPLE = 200;

/** What was seen longer ago is dropped. */
const KEPT = 600;

/** What the page tells elsewhere, or not as it came. */
const NOT_LISTED = ['id', 'tensors'];

export class SessionView {
  #root;
  #failed;
  #deleted;
  #id = null;
  #polling;
  #values = new Map();
  #pace;
  #rates;
  #norm;

  /**
   * @param {HTMLElement} root
   * @param {(error: Error?) => void} failed told of failures, and of their end
   * @param {() => void} deleted told when the session is gone
   */
  constructor(root, failed, deleted) {
    this.#root = root;
    this.#failed = failed;
    this.#deleted = deleted;
    this.#pace = new Chart(this.#find('#pace'), { over: 'time', time: true });
    this.#rates = new Chart(this.#find('#rates'), { over: 'step', logarithmic: true, group: 'steps' });
    this.#norm = new Chart(this.#find('#norm'), { over: 'step', group: 'steps' });
    const form = this.#find('#delete');
    form.addEventListener('input', () => this.#allowDelete());
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#delete();
    });
  }

  open(id) {
    this.#id = id;
    this.#root.hidden = true;
    this.#find('#one-title').textContent = id;
    this.#find('#delete-id').value = '';
    this.#allowDelete();
    showProblem(this.#find('#delete-problem'), null);
    const path = `adagrad/sessions/${encodeURIComponent(id)}`;
    const watched = new Watched(path);
    const seen = { pace: new Pace(), times: [], paces: [], steps: [], rates: [], norms: [] };
    let state = null, description = null;
    this.#polling = new Polling(async () => {
      const fresh = await watched.read();
      if (!fresh) {
        return { changed: false };
      }
      description = fresh;
      state ??= stateOf(path, description);
      return { changed: true, tensors: state.watched ? await state.watched.read() : null };
    }, ({ changed, tensors }) => {
      if (this.#root.hidden) {
        this.#root.hidden = false;
        this.#layOut(description, state);
      }
      if (changed) {
        this.#describe(description);
      }
      if (tensors) {
        this.#showState(description, state, tensors, seen);
      }
      this.#showPace(description, seen);
      return changed;
    }, this.#failed);
  }

  close() {
    this.#id = null;
    this.#root.hidden = true;
    this.#polling?.stop();
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }

  /** What does not change while the session lives. */
  #layOut(description, state) {
    this.#values.clear();
    this.#find('#description').replaceChildren();
    this.#find('#tensors').hidden = !description.tensors;
    this.#find('#tensors tbody').replaceChildren(...tensorRows(description));
    this.#find('#calls').replaceChildren(...callsOf(description, new URL('adagrad/sessions/', ROOT)).map(callElement));
    this.#find('#of-state').hidden = !state.watched;
    this.#find('#sample').textContent = state.watched ? state.note : '';
    this.#find('#of-state-not').hidden = Boolean(state.watched);
    this.#find('#of-state-not').textContent = state.note;
  }

  #describe(description) {
    for (const [name, value] of Object.entries(description)) {
      if (!NOT_LISTED.includes(name)) {
        this.#valueOf(name).textContent = typeof value === 'object' ? JSON.stringify(value) : String(value);
      }
    }
  }

  /** The place of a value, made when it is first needed. */
  #valueOf(name) {
    let place = this.#values.get(name);
    if (!place) {
      const term = document.createElement('dt');
      term.textContent = name;
      place = document.createElement('dd');
      this.#find('#description').append(term, place);
      this.#values.set(name, place);
    }
    return place;
  }

  /** Adds what the state tells at this step to the curves. */
  #showState(description, state, tensors, seen) {
    // a restore may lead back to an earlier step
    const from = seen.steps.findIndex(step => step >= tensors.step);
    const kept = from < 0 ? seen.steps.length : from;
    append(seen.steps, kept, tensors.step);
    append(seen.rates, kept, effectiveRates({ ...description, step: tensors.step }, tensors));
    append(seen.norms, kept, state.isWhole ? parameterNorm(tensors) : null);
    this.#rates.show(seen.steps, [
      { label: 'largest', colour: 'first', dashed: true, values: seen.rates.map(({ most }) => most) },
      { label: 'median', colour: 'first', values: seen.rates.map(({ median }) => median) },
      { label: 'smallest', colour: 'first', dashed: true, values: seen.rates.map(({ least }) => least) },
    ]);
    this.#find('#of-parameter').hidden = seen.norms.at(-1) === null;
    this.#norm.show(seen.steps, [{ label: '‖θ‖₂', colour: 'adagrad', values: seen.norms }]);
  }

  #showPace(description, seen) {
    seen.pace.note(description.step);
    append(seen.times, seen.times.length, Date.now() / 1000);
    append(seen.paces, seen.paces.length, seen.pace.stepsPerSecond);
    this.#pace.show(seen.times, [{ label: 'steps/s', colour: 'adagrad', values: seen.paces }]);
    this.#find('#one-status').textContent = `Step ${whole(description.step)}, changed `
      + `${ago(new Date(description.updated_at))}.`;
  }

  #allowDelete() {
    this.#find('#delete button').disabled = this.#find('#delete-id').value !== this.#id;
  }

  async #delete() {
    const id = this.#id;
    if (this.#find('#delete-id').value !== id) {
      return;
    }
    try {
      await call(`adagrad/sessions/${encodeURIComponent(id)}`, { method: 'DELETE' });
      this.#deleted();
    } catch (error) {
      // here and not at the top, where the next look that succeeds would clear it away
      showProblem(this.#find('#delete-problem'), error);
    }
  }
}

/** How the state is looked at, which depends on its size: `watched` is missing where it is too large. */
function stateOf(path, description) {
  const elements = elementsOf(description);
  if (elements <= FEW) {
    return { watched: new Watched(`${path}/state`), isWhole: true, note: '' };
  }
  const [[, shape]] = shapesOf(description);
  const count = Math.floor(SAMPLE / elementsOfEntry(shape));
  if (description.tensors || count === 0) {
    return { note: `The curves of G are left out: ${whole(elements)} elements are too many to read at each look.` };
  }
  const indices = Array.from({ length: count }, (_, i) => Math.floor(i * shape[0] / count));
  return { watched: new Watched(`${path}/state?indices=${indices}`), isWhole: false,
    note: `of ${whole(count * elementsOfEntry(shape))} elements of ${whole(elements)}` };
}

function append(values, length, value) {
  values.length = length;
  values.push(value);
  if (values.length > KEPT) {
    values.shift();
  }
}

function tensorRows(description) {
  return !description.tensors ? [] : shapesOf(description).map(([name, shape]) => {
    const { shape: _, ...settings } = description.tensors[name];
    const row = document.createElement('tr');
    row.insertCell().textContent = name;
    row.insertCell().textContent = shapeText(shape);
    row.insertCell().textContent = Object.entries(settings)
      .map(([setting, value]) => `${setting} ${typeof value === 'object' ? JSON.stringify(value) : value}`).join(', ');
    return row;
  });
}

function callElement([title, text]) {
  const part = document.createElement('div');
  const bar = document.createElement('div');
  bar.className = 'bar';
  const heading = document.createElement('h3');
  heading.textContent = title;
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', `Copy: ${title}`);
  const code = document.createElement('pre');
  code.textContent = text;
  copyOnClick(button, () => code);
  bar.append(heading, button);
  part.append(bar, code);
  return part;
}
