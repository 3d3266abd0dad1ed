/**
 * The key (or token) with which the page calls the service. The header has a form for it exactly where the service asks
 * for one.
 *
 * The key is in the memory of this module and nowhere else: not in the document, not in a storage of the browser, not in an
 * address. So it is gone when the page is.
 */

const form = document.getElementById('key');
const field = document.getElementById('key-field');
const forget = document.getElementById('key-forget');
const listeners = [];

let key = null;

/** Whether the service asks for a key. */
export const asksForKey = form !== null;

/** The service asks for a key, and the page has none. */
export class KeyMissing extends Error {
  /** Asking again does not help. */
  lasting = true;

  constructor() {
    super('This service asks for a key: put yours into the field Key, at the top.');
  }
}

/**
 * @returns {string?} null where the service asks for none
 * @throws {KeyMissing} where it asks for one and there is none: who knows that the answer will be 401 need not call
 */
export function keyInUse() {
  if (asksForKey && key === null) {
    throw new KeyMissing();
  }
  return key;
}

/** Has something done anew when there is another key, or none any more. */
export function onKeyChange(listener) {
  listeners.push(listener);
}

/**
 * Forgets a key that the service does not take.
 *
 * @param {string?} refused with which the call was made; by now there may be another
 */
export function refuse(refused) {
  if (refused !== null && refused === key) {
    set(null, 'The service refused that key.');
  }
}

function set(next, status) {
  key = next;
  forget.hidden = next === null;
  document.getElementById('key-status').textContent = status;
}

form?.addEventListener('submit', event => {
  event.preventDefault();
  set(field.value.trim(), 'The page has a key, and forgets it when you leave or reload.');
  field.value = '';
  listeners.forEach(listener => listener());
});
forget?.addEventListener('click', () => {
  set(null, 'The key is forgotten.');
  field.focus();
  listeners.forEach(listener => listener());
});
