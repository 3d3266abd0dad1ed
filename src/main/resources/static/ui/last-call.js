/** Shows the last call, in the language of the reader. */
import { copyOnClick } from './clipboard.js';
import { STEP } from './server.js';
import { lines, posted } from './snippets.js';

export class LastCall {
  #root;
  #call = null;

  /** @param {HTMLElement} root which holds the choice of language, the call and its answer */
  constructor(root) {
    this.#root = root;
    for (const choice of root.querySelectorAll('input[name=language]')) {
      choice.addEventListener('change', () => this.#draw());
    }
    copyOnClick(root.querySelector('#copy'), () => root.querySelector('#request'));
  }

  /** @param {Awaited<ReturnType<import('./server.js').step>>} call */
  show(call) {
    if (this.#call !== call) {
      this.#call = call;
      this.#draw();
    }
  }

  #draw() {
    const root = this.#root;
    root.hidden = !this.#call;
    if (this.#call) {
      const language = root.querySelector('input[name=language]:checked').value;
      root.querySelector('#request').textContent = posted(language, STEP, this.#call.request);
      root.querySelector('#answer').textContent = lines(this.#call.answer);
    }
  }
}
