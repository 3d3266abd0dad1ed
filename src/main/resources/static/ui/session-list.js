/** The list of sessions, a page at a time: however many there are, one page is asked for and shown. */
import { ago, number, whole } from './format.js';
import { Pace } from './pace.js';
import { Polling } from './polling.js';
import { ROOT, Watched } from './server.js';
import { shapesOf, shapesText, shapeText } from './shapes.js';
import { KEY_FOR_CURL } from './snippets.js';
import { drawPace, sparkline } from './sparkline.js';

const PAGE_SIZE = 50;

const COLUMNS = [['id'], ['step', 'number'], ['steps/s', 'number'], ['last minute'], ['η', 'number'], ['shape'],
  ['dtype'], ['changed']];

export class SessionList {
  #root;
  #failed;
  #polling;
  #rows = new Map();
  /** By the id after which a page begins, that of the page from which the user came. */
  #previous = new Map();

  /**
   * @param {HTMLElement} root
   * @param {(error: Error?) => void} failed told of failures, and of their end
   */
  constructor(root, failed) {
    this.#root = root;
    this.#failed = failed;
    root.querySelector('#create').textContent = `curl -X PUT ${new URL('adagrad/sessions/my-model', ROOT)}${KEY_FOR_CURL} \\
  -H 'Content-Type: application/json' \\
  -d '{"parameter": [1.0, 2.0, 3.0], "learning_rate": 0.1}'`;
    root.querySelector('#find').addEventListener('submit', event => {
      event.preventDefault();
      location.hash = addressOf('id', event.target.elements.id.value.trim());
    });
  }

  /** @param {string} after the id after which the page begins; empty for the first */
  open(after) {
    this.#root.hidden = false;
    this.#rows.clear();
    this.#root.querySelector('tbody').replaceChildren();
    this.#root.querySelector('#table').hidden = true;
    this.#root.querySelector('#empty').hidden = true;
    const query = new URLSearchParams({ limit: PAGE_SIZE, ...(after && { after }) });
    const page = new Watched(`adagrad/sessions?${query}`);
    let before = '';
    let last = null;
    this.#polling = new Polling(() => page.read(), fresh => {
      last = fresh ?? last;
      this.#show(last, after);
      // sessions that change are looked at more often; so is a list to which one is added
      const now = last.sessions.map(({ id, step, updated_at }) => `${id} ${step} ${updated_at}`).join();
      const changed = now !== before;
      before = now;
      return changed;
    }, this.#failed);
  }

  close() {
    this.#root.hidden = true;
    this.#polling?.stop();
  }

  #show({ sessions, next }, after) {
    const ids = new Set(sessions.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (!ids.has(id)) {
        row.remove();
        this.#rows.delete(id);
      }
    }
    let place = null;
    for (const session of sessions) {
      const row = this.#rows.get(session.id) ?? this.#newRow(session.id, place);
      row.show(session);
      place = row;
    }
    this.#root.querySelector('#table').hidden = sessions.length === 0;
    this.#root.querySelector('#empty').hidden = sessions.length > 0;
    this.#root.querySelector('#shown').hidden = false;
    this.#link('#first', after ? '#' : null);
    this.#link('#previous', this.#previous.has(after) ? addressOf('after', this.#previous.get(after)) : null);
    this.#link('#next', next ? addressOf('after', next) : null);
    if (next) {
      this.#previous.set(next, after);
    }
    this.#root.querySelector('#pager-status').textContent = sessions.length === 0 ? ''
      : `${count(sessions.length)} ${after ? 'on this page' : next ? 'on the first page' : 'in all'}`;
  }

  /** @param {Row?} place the row behind which the new one comes; null for the first */
  #newRow(id, place) {
    const row = new Row(id);
    const body = this.#root.querySelector('tbody');
    body.insertBefore(row.element, place ? place.element.nextSibling : body.firstChild);
    this.#rows.set(id, row);
    return row;
  }

  #link(selector, address) {
    const link = this.#root.querySelector(selector);
    link.hidden = address === null;
    link.href = address ?? '#';
  }
}

/** One session in the list. It stays the same element while its values change, so that it keeps the focus. */
class Row {
  #cells;
  #pace = new Pace();
  #sparkline = sparkline();

  constructor(id) {
    this.element = document.createElement('tr');
    this.#cells = COLUMNS.map(([name, kind = '']) => {
      const cell = this.element.insertCell();
      cell.className = kind;
      cell.dataset.name = name;
      return cell;
    });
    const link = document.createElement('a');
    link.href = addressOf('id', id);
    link.textContent = link.title = id;
    delete this.#cells[0].dataset.name;
    this.#cells[0].append(link);
    this.#cells[3].append(this.#sparkline);
  }

  show(session) {
    this.#pace.note(session.step);
    drawPace(this.#sparkline, this.#pace);
    const rate = this.#pace.stepsPerSecond;
    const changed = new Date(session.updated_at);
    const [, step, stepsPerSecond, , learningRate, shape, dtype, time] = this.#cells;
    step.textContent = whole(session.step);
    stepsPerSecond.textContent = rate === null ? '–' : rate.toFixed(1);
    learningRate.textContent = number(session.learning_rate);
    shape.textContent = shapesText(session);
    shape.title = shapesOf(session).map(([name, each]) => `${name} ${shapeText(each)}`.trim()).join('\n');
    dtype.textContent = session.dtype;
    time.textContent = ago(changed);
    time.title = changed.toLocaleString('en');
  }

  remove() {
    this.element.remove();
  }
}

function addressOf(name, id) {
  return id ? `#${new URLSearchParams({ [name]: id })}` : '#';
}

function count(many) {
  return `${many} session${many === 1 ? '' : 's'}`;
}
