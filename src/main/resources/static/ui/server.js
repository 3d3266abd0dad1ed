/** Calls of this server, as any client would make them. */
import { keyInUse, refuse } from './key.js';

/** The root of the service, whatever prefix it stands behind. */
export const ROOT = new URL('../', import.meta.url);

/** Where a stateless step is taken. */
export const STEP = new URL('adagrad/step', ROOT);

/** No call of the pages takes longer, unless the server is in trouble. */
const PATIENCE_MILLIS = 20_000;

/** What the server refused, with its reason. */
export class Refusal extends Error {
  /**
   * @param {{title: string, detail: string, status: number, code: string,
   *   errors?: {pointer: string, detail: string}[]}} problem as RFC 9457 has it
   */
  constructor(problem) {
    const why = problem.errors?.map(({ pointer, detail }) => `${pointer} ${detail}`).join('; ') ?? problem.detail;
    super(`${problem.title}: ${why}`);
    this.problem = problem;
    /** Whether asking again does not help: it is about who asks. */
    this.lasting = problem.status === 401 || problem.status === 403;
  }
}

/**
 * @param {string|URL} path from the root of the service
 * @param {RequestInit} options
 * @returns {Promise<Response>} an answer that is no refusal
 * @throws {Refusal} if the server refuses
 * @throws {import('./key.js').KeyMissing} if it would, for want of a key
 */
export async function call(path, options = {}) {
  const key = keyInUse();
  const headers = key ? { ...options.headers, Authorization: `Bearer ${key}` } : options.headers;
  let response;
  try {
    response = await fetch(new URL(path, ROOT),
      { cache: 'no-store', ...options, headers, signal: AbortSignal.timeout(PATIENCE_MILLIS) });
  } catch (error) {
    throw new Error('The server does not answer.', { cause: error });
  }
  if (response.status === 401) {
    refuse(key);
  }
  if (response.status >= 400) {
    const problem = await response.json().catch(() => ({}));
    throw new Refusal({ title: `HTTP status ${response.status}`, detail: 'no explanation came', ...problem,
      status: response.status });
  }
  return response;
}

/** Something that is read again and again: what has not changed is not sent again, where the server can tell. */
export class Watched {
  #path;
  #entityTag = null;

  constructor(path) {
    this.#path = path;
  }

  /** @returns {Promise<object?>} null if nothing has changed since the last time */
  async read() {
    const response = await call(this.#path, { headers: this.#entityTag ? { 'If-None-Match': this.#entityTag } : {} });
    if (response.status === 304) {
      return null;
    }
    this.#entityTag = response.headers.get('ETag');
    return response.json();
  }
}

/**
 * One stateless step of AdaGrad.
 *
 * @param {object} request the body of `POST /adagrad/step`
 * @returns {Promise<{request: object, status: number, text: string, answer: object}>} the call; `text` is the answer as
 *   it came
 */
export async function step(request) {
  const response = await call(STEP,
    { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request) });
  const text = await response.text();
  return { request, status: response.status, text, answer: JSON.parse(text) };
}
