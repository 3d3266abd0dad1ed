/** How fast a session steps, from what was seen of its number of steps. */

const KEPT_MILLIS = 60_000;

/** The rate that is told is that of the last seconds: one answer alone would make it jump. */
const SMOOTH_MILLIS = 4000;

export class Pace {
  #seen = [];

  /**
   * @param {number} step
   * @param {number} now in milliseconds
   */
  note(step, now = performance.now()) {
    // a restore may lead back to an earlier step: what was before is of another run
    if (step < this.#seen.at(-1)?.step) {
      this.#seen = [];
    }
    this.#seen.push({ step, time: now });
    this.#seen = this.#seen.filter(({ time }) => now - time <= KEPT_MILLIS);
  }

  /** @returns {number?} null until there is something to compare with */
  get stepsPerSecond() {
    const last = this.#seen.at(-1);
    const first = this.#seen.find(({ time }) => last.time - time <= SMOOTH_MILLIS) ?? last;
    const earlier = first === last ? this.#seen.at(-2) : first;
    return earlier ? (last.step - earlier.step) / (last.time - earlier.time) * 1000 : null;
  }

  /** @returns {{age: number, stepsPerSecond: number}[]} `age` is the part of the last minute that has gone by since */
  get lastMinute() {
    const now = this.#seen.at(-1)?.time;
    return this.#seen.slice(1).map(({ step, time }, i) => ({
      age: (now - time) / KEPT_MILLIS,
      stepsPerSecond: (step - this.#seen[i].step) / (time - this.#seen[i].time) * 1000,
    }));
  }
}
