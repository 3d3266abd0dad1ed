/** Asks again and again: less often while nothing changes or the server is in trouble, and not while nobody looks. */

const LEAST_MILLIS = 1000;

const MOST_MILLIS = 10_000;

const SLOWER = 1.5;

export class Polling {
  #ask;
  #failed;
  #timer;
  #pause = LEAST_MILLIS;
  #stopped = false;
  #asking = false;

  /**
   * @param {() => Promise<boolean>} ask says whether something has changed
   * @param {(error: Error?) => void} failed told of each failure, and with null that there is none now
   */
  constructor(ask, failed) {
    this.#ask = ask;
    this.#failed = failed;
    document.addEventListener('visibilitychange', this.#look);
    this.#look();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#look);
  }

  #look = async () => {
    clearTimeout(this.#timer);
    if (document.hidden || this.#asking) {
      return;
    }
    this.#asking = true;
    let changed = false, failure = null;
    try {
      changed = await this.#ask();
    } catch (error) {
      failure = error;
    }
    this.#asking = false;
    if (!this.#stopped) {
      this.#failed(failure);
      this.#pause = changed ? LEAST_MILLIS : Math.min(this.#pause * SLOWER, MOST_MILLIS);
      this.#timer = setTimeout(this.#look, this.#pause);
    }
  };
}
