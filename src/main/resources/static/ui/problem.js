/** Tells the user what went wrong, and where to read more. */
import { KeyMissing } from './key.js';
import { Refusal, ROOT } from './server.js';

/**
 * @param {HTMLElement} place
 * @param {Error?} error null where all is well
 */
export function showProblem(place, error) {
  place.hidden = !error;
  // nothing has gone wrong yet
  place.classList.toggle('calm', error instanceof KeyMissing);
  place.replaceChildren();
  if (error) {
    place.append(error.message);
  }
  if (error instanceof Refusal && error.problem.code) {
    const link = document.createElement('a');
    link.href = new URL(`problems/${encodeURIComponent(error.problem.code)}`, ROOT);
    link.textContent = 'What to do';
    place.append(' ', link);
  }
}
