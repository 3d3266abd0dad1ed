/**
 * How long the steps on the server take. The browser measures that while it waits for the network: this page draws
 * meanwhile, and would count its own time too.
 */
import { STEP } from './server.js';

export class CallClock {
  #millis = 0;
  #calls = 0;

  constructor() {
    new PerformanceObserver(list => list.getEntriesByName(STEP.href).forEach(({ requestStart, responseEnd }) => {
      this.#millis += responseEnd - requestStart;
      this.#calls++;
    })).observe({ type: 'resource' });
  }

  reset() {
    this.#millis = 0;
    this.#calls = 0;
  }

  /** @returns {number?} milliseconds; null until a call has been measured */
  get average() {
    return this.#calls === 0 ? null : this.#millis / this.#calls;
  }
}
