/**
 * Asks again and again: less often while nothing changes or the server is in trouble, and not while nobody looks, nor after
 * a failure that lasts.
 */

const LEAST_MILLIS = 1000;

const MOST_MILLIS = 10_000;

const SLOWER = 1.5;

export class Polling {
  #read;
  #show;
  #failed;
  #timer;
  #pause = LEAST_MILLIS;
  #stopped = false;
  #asking = false;

  /**
   * @template T
   * @param {() => Promise<T>} read asks the server
   * @param {(seen: T) => boolean} show shows what was read, and says whether something has changed; not called once
   *   this is stopped
   * @param {(error: Error?) => void} failed told of each failure, and with null that there is none now
   */
  constructor(read, show, failed) {
    this.#read = read;
    this.#show = show;
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
      const seen = await this.#read();
      changed = !this.#stopped && this.#show(seen);
    } catch (error) {
      failure = error;
    }
    this.#asking = false;
    if (!this.#stopped) {
      this.#failed(failure);
      this.#pause = changed ? LEAST_MILLIS : Math.min(this.#pause * SLOWER, MOST_MILLIS);
      if (!failure?.lasting) {
        this.#timer = setTimeout(this.#look, this.#pause);
      }
    }
  };
}
