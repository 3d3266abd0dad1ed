/**
 * AdaGrad over HTTP, from JavaScript: one file, no dependency, Node 20 or newer and browsers.
 *
 *     import { Client } from "./adagrad.mjs";
 *     const client = new Client("http://localhost:8080");
 *     const session = await client.create("my-model", { parameter: [1, 2], learning_rate: 0.1 });
 *     const answer = await session.step([0.1, 0.2]);
 *     console.log(answer.step, answer.parameter);
 *
 * Tensors are numbers, arrays (nested ones too) and typed arrays; what comes back is of the kind that was given.
 * Float32Array and Float64Array travel as they are. All else becomes what the session or the other tensors of the call
 * are, and F64 where nothing says so. Fields have the names of the contract: `learning_rate`, `G`, `applied_step`.
 *
 * Each call is sent again, with growing pauses, until it is answered or its `patience` is over: after a broken or
 * refused connection, and after 502, 503, 504, 429 and 409 `session-busy`. A step of a session carries an
 * `Idempotency-Key`, so that however often it is sent, it is taken once. All else that is refused rejects at once, with
 * an `AdaGradError`.
 *
 * A service that asks for a key gets that of `new Client(url, { key })`, or in Node of the environment variable
 * `ADAGRAD_KEY`.
 */

/** @typedef {Float32Array | Float64Array | BigInt64Array | Int8Array | Uint8Array | Uint8ClampedArray | Int16Array |
 *   Uint16Array | Int32Array | Uint32Array | BigUint64Array} TypedArray */
/** @typedef {number | readonly number[] | readonly (readonly any[])[] | TypedArray} TensorLike */
/** @typedef {readonly (number | bigint)[] | TypedArray} IndicesLike */
/** @typedef {any} Tensor of the kind that was given: a number, an array or a typed array */

/**
 * What an answer tells of one tensor; what it does not tell is absent.
 * @typedef {object} TensorAnswer
 * @property {Tensor} [parameter]
 * @property {Tensor} [G]
 * @property {any} [indices]
 * @property {Tensor} [update]
 * @property {Tensor} [effective_learning_rate]
 */

/**
 * The answer to a step, or a state.
 * @typedef {TensorAnswer & {
 *   step?: number, applied_step?: number, metrics?: Record<string, number>, tensors?: Record<string, TensorAnswer>,
 *   etag: string | null, replayed: boolean, next?: number, part?: true}} Answer
 * `step`: the number of steps of the session when it answered; `applied_step`: where others have stepped since, the
 * step that this call is; `etag`: the version of the session, for `if_match`; `replayed`: whether the step had been
 * taken before, and its answer was lost; `next`: of a page, where the next one begins; `part`: of a state, that it is a
 * part of it, and so is restored as one.
 */

/**
 * How a call is made.
 * @typedef {object} CallOptions
 * @property {AbortSignal} [signal] ends the call, and any waiting for it
 * @property {number} [patience] how many seconds after the first failure it is still sent again
 * @property {(direction: "up" | "down", done: number, total: number) => void} [progress] is told of a transfer: bytes
 *   so far, and in all (0 where the server does not tell). What goes up is told when all of it has: fetch does not tell
 *   earlier
 */

/**
 * Fields of a step in a session.
 * @typedef {object} StepFields
 * @property {TensorLike} [grad]
 * @property {IndicesLike} [indices] the elements, or the rows, that `grad` is about
 * @property {TensorLike} [parameter] exactly where the server does not hold it
 * @property {Record<string, {grad: TensorLike, indices?: IndicesLike, parameter?: TensorLike}>} [tensors] named ones,
 *   in place of these
 * @property {number} [learning_rate] for this step alone
 * @property {string[]} [include] any of "G", "effective_learning_rate", "update", "metrics"
 * @property {boolean} [minimal] leave the tensors out of the answer
 * @property {number | string} [if_match] take the step only at this version: an `etag`, or a number of steps
 * @property {string} [idempotency_key] of your own, written down before the call, so that the step is taken once even
 *   if this program is killed and sends it again; without it, one is made for each call
 */

/** A call that was refused, or that got no answer within its patience. */
export class AdaGradError extends Error {
  /**
   * @param {number | undefined} status of HTTP; undefined where there was no answer
   * @param {string} code of the service, such as `invalid-field`; or `no-answer`, `redirect` or `foreign-answer`
   * @param {string} title
   * @param {string} detail
   * @param {Record<string, any>} problem all that the service says: `lengths`, `step`, `applied_step` and the like
   * @param {number} [retry_after] in seconds, where the server says so
   * @param {unknown} [cause]
   */
  constructor(status, code, title, detail = "", problem = {}, retry_after, cause) {
    /** @type {{pointer: string, detail: string}[]} */
    const errors = problem.errors ?? [];
    const why = errors.map((error) => `${error.pointer} ${error.detail}`).join("; ");
    super(`${status ? `${status} ` : ""}${code}: ${why || detail || title}`, { cause });
    this.name = "AdaGradError";
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
    this.problem = problem;
    /** @type {{pointer: string, detail: string}[]} the bad fields */
    this.errors = errors;
    this.retry_after = retry_after;
    /** Whether an earlier attempt of the same call got no answer, and so may have been carried out. */
    this.maybe_done = false;
  }
}

/** A service, by its address. */
export class Client {
  /** @type {Transport} */
  #transport;

  /**
   * @param {string | URL} [url] of the service, with the prefix that a proxy may want; without it, the service that
   *   this file was fetched from, or http://localhost:8080
   * @param {object} [options]
   * @param {string} [options.key] a key or a token, sent as `Authorization: Bearer …`; without it, in Node, that of the
   *   environment variable `ADAGRAD_KEY`, if there is one; "" for none
   * @param {string} [options.tenant] to act in, where it is not the key's own; this takes the scope `admin`
   * @param {number} [options.patience] how many seconds after the first failure a call is still sent again
   * @param {number} [options.timeout] how many seconds the server may be silent
   * @param {typeof fetch} [options.fetch] in place of the usual one
   * @param {(message: string) => void} [options.log] is told when a call is sent again
   */
  constructor(url, options = {}) {
    this.#transport = new Transport(String(url ?? ownAddress()), options);
  }

  /** The address of the service. */
  get url() {
    return this.#transport.url;
  }

  /**
   * Takes one step of which the server keeps nothing: gives the next `parameter` and the next `G`.
   * @param {{parameter?: TensorLike, grad?: TensorLike, G?: TensorLike, dtype?: "F64" | "F32",
   *   tensors?: Record<string, Record<string, any>>, include?: string[], [setting: string]: any}} fields
   *   `learning_rate`, `epsilon`, `step`, `preset` and the others beside the tensors; all tensors are converted to a
   *   `dtype` that is named
   * @param {CallOptions} [options]
   * @returns {Promise<Answer>}
   */
  async step(fields, options = {}) {
    const body = new Body(fields, fields.dtype, { convert: fields.dtype !== undefined });
    return this.#transport.send("POST", "/adagrad/step", { ...options, body, accept: SAFETENSORS,
      read: answerOf((field, name) => body.give(field, name)) });
  }

  /**
   * Creates a session, or finds it: repeating an identical call changes nothing.
   * @param {string | undefined} id of the optimizer; without it, one is made
   * @param {{parameter?: TensorLike, G?: TensorLike, size?: number, dtype?: "F64" | "F32",
   *   tensors?: Record<string, Record<string, any>>, [setting: string]: any}} fields all tensors are converted to a
   *   `dtype` that is named
   * @param {CallOptions & {if_none_match?: "*"}} [options] `if_none_match`: "*" to fail where the session exists
   * @returns {Promise<Session>}
   */
  async create(id, fields, { if_none_match, ...options } = {}) {
    const session = this.session(id ?? randomId());
    const body = new Body(fields, fields.dtype, { convert: fields.dtype !== undefined });
    session.description = await this.#transport.send("PUT", session.path,
      { ...options, body, headers: { "If-None-Match": if_none_match }, read: json });
    if (body.kind) session.kind = body.kind;
    return session;
  }

  /**
   * A session by its id, without a call.
   * @param {string} id
   * @param {"array" | "typed"} [kind] what `state` and `touched` give: arrays, or typed arrays
   * @returns {Session}
   */
  session(id, kind = "array") {
    return new Session(this.#transport, id, kind);
  }

  /**
   * All sessions by the order of their ids, each with its `description`.
   * @param {CallOptions & {after?: string, limit?: number}} [options] `after`: the id behind which to begin; `limit`:
   *   how many one call asks for
   * @returns {AsyncGenerator<Session, void, void>}
   */
  async *sessions({ after, limit = 100, ...options } = {}) {
    do {
      const page = await this.#transport.send("GET", "/adagrad/sessions",
        { ...options, query: { limit, after }, read: json });
      for (const description of page.sessions) {
        const session = this.session(description.id);
        session.description = description;
        yield session;
      }
      after = page.next ?? undefined;
    } while (after !== undefined);
  }

  /**
   * Waits until the service is ready, or rejects with what it said last.
   * @param {CallOptions} [options]
   */
  async ready(options = {}) {
    await this.#transport.send("GET", "/actuator/health/readiness", { ...options, read: () => undefined });
  }
}

/** An optimizer whose G, and if wanted parameter, the server keeps. Made by `Client.create` and `Client.session`. */
export class Session {
  #transport;

  /**
   * @param {Transport} transport
   * @param {string} id
   * @param {"array" | "typed"} kind
   */
  constructor(transport, id, kind) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(id)) {
      throw new TypeError(`an optimizer id has 1 to 128 letters, digits, '.', '_' and '-', was ${JSON.stringify(id)}`);
    }
    this.#transport = transport;
    this.id = id;
    /** @type {Record<string, any> | undefined} as last told by `create`, `describe` or `Client.sessions` */
    this.description = undefined;
    /** @type {Give} what `state` and `touched` give */
    this.kind = KINDS[kind];
    /** @type {string} of its resource */
    this.path = `/adagrad/sessions/${id}`;
  }

  /**
   * Takes one step, once, however often it must be sent: `step(grad)`, `step(grad, { indices })`, `step({ tensors })`.
   * @param {TensorLike | StepFields} grad the gradient, or all fields
   * @param {StepFields & CallOptions} [more] fields beside the gradient, and how the call is made
   * @returns {Promise<Answer>}
   */
  async step(grad, more = {}) {
    const { minimal, if_match, idempotency_key, signal, patience, progress, ...fields } =
      { ...(isTensor(grad) ? { grad } : /** @type {StepFields} */ (grad)), ...more };
    const body = await this.#body(fields, { signal, patience });
    return this.#transport.send("POST", `${this.path}/step`, { signal, patience, progress, body, accept: SAFETENSORS,
      headers: { "Idempotency-Key": idempotency_key ?? randomId(), "If-Match": entityTag(if_match),
        Prefer: minimal ? "return=minimal" : undefined },
      read: answerOf((field, name) => body.give(field, name)) });
  }

  /**
   * Reads G, and the parameter where the server holds it: of all, or of some elements or tensors.
   * @param {CallOptions & {indices?: IndicesLike, tensor?: string, tensors?: Record<string, {indices?: IndicesLike}>,
   *   kind?: "array" | "typed"}} [options] `tensor`: the name of one; `tensors`: the names of several, each with
   *   `indices` or with nothing; `kind`: arrays or typed arrays, else what the session was created with
   * @returns {Promise<Answer>}
   */
  async state({ indices, tensor, tensors, kind, ...options } = {}) {
    if (indices !== undefined && tensor !== undefined) {
      tensors = { [tensor]: { indices } };
      indices = undefined;
    }
    const own = kind ? KINDS[kind] : this.kind;
    const body = indices === undefined && tensors === undefined ? undefined : new Body({ indices, tensors });
    return this.#transport.send(body ? "POST" : "GET", this.path + (body ? "/state/lookup" : "/state"), {
      ...options, body, accept: SAFETENSORS, query: { tensor: body ? undefined : tensor },
      read: answerOf((field, name) => body && field === "indices" ? body.give(field, name) : own,
        body !== undefined || tensor !== undefined) });
  }

  /**
   * Reads what steps have touched, page by page, however large the table; each page can be given to `restore`. Pages
   * with different `etag`s are of different versions: somebody has stepped in between.
   * @param {CallOptions & {tensor?: string, limit?: number, kind?: "array" | "typed"}} [options] `tensor`: the name of
   *   one tensor, else all, one after the other; `limit`: the entries of a page
   * @returns {AsyncGenerator<Answer, void, void>}
   */
  async *touched({ tensor, limit, kind, ...options } = {}) {
    const own = kind ? KINDS[kind] : this.kind;
    const names = tensor === undefined ? Object.keys((await this.describe(options)).tensors ?? { "": {} }) : [tensor];
    for (const name of names) {
      /** @type {number | undefined} */
      let after;
      do {
        /** @type {Answer} */
        const page = await this.#transport.send("GET", `${this.path}/state`, { ...options, accept: SAFETENSORS,
          query: { touched: "true", tensor: name || undefined, limit, after }, read: answerOf(() => own, true) });
        yield page;
        after = page.next;
      } while (after !== undefined);
    }
  }

  /**
   * Puts a state back, all of it or nothing, and gives the new `etag`. Without `if_match`, a restore that is sent again
   * after a lost answer also undoes what others have stepped meanwhile.
   * @param {{step?: number, G?: TensorLike, parameter?: TensorLike, indices?: IndicesLike,
   *   tensors?: Record<string, Record<string, any>>, part?: boolean}} state of `state` or `touched`, or made; one with
   *   `indices` puts back just those entries
   * @param {CallOptions & {if_match?: number | string}} [options]
   * @returns {Promise<string | null>}
   */
  async restore({ step, G, parameter, indices, tensors, part }, { if_match, ...options } = {}) {
    const named = Object.entries(tensors ?? {});
    const some = part || [{ indices }, ...named.map(([, tensor]) => tensor)].some((each) => each.indices !== undefined);
    const body = await this.#body({ step, G, parameter, indices,
      tensors: named.length ? tensors : undefined }, options);
    return this.#transport.send("PUT", `${this.path}/state`, { ...options, body,
      query: { touched: some ? "true" : undefined }, headers: { "If-Match": entityTag(if_match) },
      read: ({ headers }) => headers.get("ETag") });
  }

  /**
   * The session's settings, shapes and number of steps.
   * @param {CallOptions} [options]
   * @returns {Promise<Record<string, any>>}
   */
  async describe(options = {}) {
    const description = await this.#transport.send("GET", this.path, { ...options, read: json });
    this.description = description;
    return description;
  }

  /**
   * Waits until others have brought the session to a step, and gives its description.
   * @param {number} step
   * @param {CallOptions & {within?: number, pause?: number}} [options] `within`: seconds, after which it rejects;
   *   `pause`: seconds between two looks
   * @returns {Promise<Record<string, any>>}
   */
  async reached(step, { within = 3600, pause = 0.5, ...options } = {}) {
    const end = now() + within;
    for (;;) {
      const description = await this.describe(options);
      if (description.step >= step) return description;
      if (now() + pause > end) {
        throw new DOMException(`session ${this.id} is at step ${description.step}, not yet at ${step}`, "TimeoutError");
      }
      await sleep(pause, options.signal);
    }
  }

  /**
   * Deletes the session. Rejects where there is none, unless an earlier attempt of this call may have done it.
   * @param {CallOptions & {if_match?: number | string}} [options]
   */
  async delete({ if_match, ...options } = {}) {
    await this.#transport.send("DELETE", this.path, { ...options, headers: { "If-Match": entityTag(if_match) },
      done_if_gone: true, read: () => undefined });
  }

  /**
   * @param {Record<string, any>} fields
   * @param {CallOptions} options
   */
  async #body(fields, { signal, patience }) {
    const dtype = needsDtype(fields) ? (this.description ?? await this.describe({ signal, patience })).dtype : undefined;
    return new Body(fields, dtype, { otherwise: this.kind });
  }
}

// How a call is sent, and sent again.

const JSON_TYPE = "application/json";
const SAFETENSORS = "application/vnd.safetensors";
const FIRST_PAUSE = 0.05;
const LONGEST_PAUSE = 5;

/**
 * @typedef {object} Reply
 * @property {number} status
 * @property {Headers} headers
 * @property {Uint8Array<ArrayBuffer>} body
 */

class Transport {
  #fetch; #identity; #patience; #timeout; #log;

  /**
   * @param {string} url
   * @param {{key?: string, tenant?: string, patience?: number, timeout?: number, fetch?: typeof fetch,
   *   log?: (message: string) => void}} options
   */
  constructor(url, { key, tenant, patience = 30, timeout = 60, fetch: own = fetch, log = console.warn }) {
    const parts = new URL(url);
    if (!/^https?:$/.test(parts.protocol) || parts.username || parts.search) {
      throw new TypeError(`the URL of a service is like http://localhost:8080, was ${url}`);
    }
    /** @type {string} */
    this.url = url.replace(/[/#]+$/, "");
    this.#fetch = own.bind(globalThis);
    this.#identity = identity(key, tenant);
    this.#patience = patience;
    this.#timeout = timeout;
    this.#log = log;
  }

  /**
   * Sends a call until it is answered, as the head of this file says, and gives what `read` makes of the answer. What
   * is sent is the same each time. An answer that cannot be read was cut.
   * @template T
   * @param {string} method
   * @param {string} path
   * @param {CallOptions & {read: (reply: Reply) => T, body?: Body, accept?: string, query?: Record<string, any>,
   *   headers?: Record<string, string | undefined>, done_if_gone?: boolean}} call
   * @returns {Promise<T>}
   */
  async send(method, path, { read, body, accept = JSON_TYPE, query = {}, headers = {}, done_if_gone = false, signal,
    progress, patience = this.#patience }) {
    const parameters = new URLSearchParams(given(query)).toString();
    const url = this.url + path + (parameters && `?${parameters}`);
    const lines = given({ Accept: accept, "Content-Type": body?.type, ...this.#identity, ...headers });
    let end = Infinity;
    let maybe_done = false;
    for (let attempts = 0; ; attempts++) {
      /** @type {AdaGradError} */
      let failure;
      try {
        const reply = await this.#exchange(method, url, lines, body, progress, signal);
        const refusal = failureOf(reply);
        if (!refusal || (done_if_gone && maybe_done && refusal.code === "session-not-found")) {
          try {
            return read(reply);
          } catch (problem) {
            failure = new AdaGradError(reply.status, "foreign-answer", "The answer cannot be read",
              `the answer cannot be read: ${problem}`, {}, undefined, problem);
          }
        } else {
          failure = refusal;
          if (!isWorthAnother(failure)) {
            failure.maybe_done = maybe_done;
            throw failure;
          }
        }
        maybe_done ||= failure.status !== 409 && failure.status !== 429;
      } catch (problem) {
        signal?.throwIfAborted();
        if (problem instanceof AdaGradError) throw problem;
        failure = new AdaGradError(undefined, "no-answer", "There was no answer",
          `no answer from ${this.url}: ${reason(problem)}`, {}, undefined, problem);
        maybe_done = true;
      }
      failure.maybe_done = maybe_done;
      // the first attempt may have met a connection that the server had closed while it was idle: no reason to wait
      const stale = failure.code === "no-answer" && attempts === 0 && !isTimeout(failure.cause);
      const pause = stale ? 0 : (failure.retry_after ?? 0)
        + Math.min(FIRST_PAUSE * 2 ** attempts, LONGEST_PAUSE) * (0.5 + Math.random() / 2);
      const time = now();
      if (end === Infinity) end = time + patience;
      if (time + pause > end) throw failure;
      if (attempts === 1 && failure.code !== "session-busy") {
        this.#log(`${method} ${path}: ${failure.message}; trying again for ${Math.round(end - time)} s`);
      }
      await sleep(pause, signal);
    }
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {Record<string, string>} headers
   * @param {Body | undefined} body
   * @param {CallOptions["progress"]} progress
   * @param {AbortSignal | undefined} signal
   * @returns {Promise<Reply>}
   */
  async #exchange(method, url, headers, body, progress, signal) {
    const silence = new AbortController();
    const tooLong = () => silence.abort(new DOMException(`silent for ${this.#timeout} s`, "TimeoutError"));
    const abort = () => silence.abort(signal?.reason);
    signal?.throwIfAborted();
    signal?.addEventListener("abort", abort);
    let timer = setTimeout(tooLong, this.#timeout * 1000);
    const heard = () => {
      clearTimeout(timer);
      timer = setTimeout(tooLong, this.#timeout * 1000);
    };
    try {
      const response = await this.#fetch(url, { method, headers, body: body?.bytes, redirect: "manual",
        signal: silence.signal });
      heard();
      if (body) progress?.("up", body.bytes.byteLength, body.bytes.byteLength);
      return { status: response.status, headers: response.headers, body: await whole(response, heard, progress) };
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }
}

/**
 * The whole body of an answer. One that ends too early is no answer.
 * @param {Response} response
 * @param {() => void} heard
 * @param {CallOptions["progress"]} progress
 */
async function whole(response, heard, progress) {
  const encoded = response.headers.has("Content-Encoding");
  const total = encoded ? 0 : Number(response.headers.get("Content-Length") ?? 0);
  /** @type {Uint8Array[]} */
  const parts = [];
  let done = 0;
  for (const reader = response.body?.getReader(); reader;) {
    const part = await reader.read();
    if (part.done) break;
    heard();
    parts.push(part.value);
    done += part.value.byteLength;
    progress?.("down", done, total);
  }
  if (done < total) throw new TypeError(`the answer ended after ${done} of ${total} bytes`);
  return joined(parts, done);
}

/**
 * @param {Uint8Array[]} parts
 * @param {number} length
 */
function joined(parts, length) {
  const all = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    all.set(part, end);
    end += part.byteLength;
  }
  return all;
}

/**
 * What an answer that is no success says, be it of the service or of something before it.
 * @param {Reply} reply
 * @returns {AdaGradError | undefined}
 */
function failureOf({ status, headers, body }) {
  const type = (headers.get("Content-Type") ?? "").split(";")[0].trim();
  if (status >= 200 && status < 300 && ([JSON_TYPE, SAFETENSORS].includes(type) || body.length === 0)) return undefined;
  const retry_after = seconds(headers.get("Retry-After"));
  if (type === "application/problem+json") {
    try {
      const problem = JSON.parse(new TextDecoder().decode(body));
      return new AdaGradError(status, problem.code, problem.title, problem.detail, problem, retry_after);
    } catch {
      // of something else than the service
    }
  }
  if (status === 0 || (status >= 300 && status < 400)) {
    return new AdaGradError(status, "redirect", "The address leads elsewhere",
      `leads to ${headers.get("Location") ?? "another one"}; give the client the address of the service`);
  }
  return new AdaGradError(status, "foreign-answer", "Something else than the service has answered",
    `a proxy, or another program than the service, answered (${type})`, {}, retry_after);
}

/**
 * Whether the same call may be answered otherwise in a while.
 * @param {AdaGradError} failure
 */
function isWorthAnother({ status, code }) {
  return ([429, 502, 503, 504].includes(status ?? 0) && code !== "store-damaged")
    || (status === 409 && code === "session-busy");
}

/**
 * A number of seconds, or a date.
 * @param {string | null} retryAfter
 */
function seconds(retryAfter) {
  if (retryAfter === null) return undefined;
  const given = Number.isNaN(Number(retryAfter)) ? (Date.parse(retryAfter) - Date.now()) / 1000 : Number(retryAfter);
  return Number.isNaN(given) ? undefined : Math.max(given, 0);
}

/** @param {number | string | undefined} ifMatch */
function entityTag(ifMatch) {
  return typeof ifMatch === "number" ? `"${ifMatch}"` : ifMatch;
}

/**
 * What fetch says is "fetch failed"; why, it hides.
 * @param {any} problem
 */
function reason(problem) {
  return problem?.cause?.message || problem?.cause?.code || problem?.message || String(problem);
}

/** @param {any} problem */
function isTimeout(problem) {
  return problem?.name === "TimeoutError";
}

/** @param {Reply} reply */
function json({ body }) {
  return JSON.parse(new TextDecoder().decode(body));
}

/** 128 random bits. A page that was fetched without TLS has no `crypto.randomUUID`. */
function randomId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (each) => each.toString(16).padStart(2, "0")).join("");
}

function now() {
  return performance.now() / 1000;
}

/**
 * @param {number} pause in seconds
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<void>}
 */
function sleep(pause, signal) {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, pause * 1000);
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/**
 * The fields that have a value.
 * @param {Record<string, any>} fields
 * @returns {Record<string, any>}
 */
function given(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

/**
 * The headers that say who calls. No error repeats the key.
 * @param {string | undefined} key
 * @param {string | undefined} tenant
 * @returns {Record<string, string | undefined>}
 */
function identity(key, tenant) {
  const { process } = /** @type {{process?: {env?: Record<string, string | undefined>}}} */ (globalThis);
  const secret = (key ?? process?.env?.ADAGRAD_KEY ?? "").trim(); // a file's last line has an end
  if (!/^[!-~]*$/.test(secret)) {
    throw new TypeError("a key has no spaces, line ends or characters beyond ASCII; was it copied as a whole?");
  }
  if (tenant !== undefined && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(tenant)) {
    throw new TypeError(`a tenant has 1 to 64 letters, digits, '.', '_' and '-', was ${JSON.stringify(tenant)}`);
  }
  return { Authorization: secret ? `Bearer ${secret}` : undefined, "Adagrad-Tenant": tenant };
}

/** The service that this file was fetched from, or the usual one. */
function ownAddress() {
  const own = new URL(import.meta.url);
  return own.protocol.startsWith("http") ? new URL("..", own).href : "http://localhost:8080";
}

// The fields of a call as a safetensors file, and back.

const TENSORS = ["parameter", "grad", "G", "indices"];
/** @type {Record<string, any>} */
const ARRAYS = { F64: Float64Array, F32: Float32Array, I64: BigInt64Array };

/** @typedef {(values: TypedArray, shape: number[]) => any} Give makes a tensor of its elements and its shape */

/** The body of a call: a safetensors file where there are tensors, else JSON; and the kinds of tensors it has. */
class Body {
  /** @type {Map<string, Give>} by the names that tensors have in the file */
  #kinds = new Map();

  /**
   * @param {Record<string, any>} fields
   * @param {string} [dtype] of what is neither Float64Array nor Float32Array
   * @param {{convert?: boolean, otherwise?: Give}} [options] `convert`: those two too
   */
  constructor(fields, dtype, { convert = false, otherwise } = {}) {
    const all = given(fields);
    /** @type {[string, Record<string, any>][]} */
    const named = Object.entries(all.tensors ?? {});
    /** @type {[string, string, any][]} */
    const values = [];
    for (const [prefix, own] of /** @type {[string, any][]} */ ([["", all],
      ...named.map(([name, own]) => [`/${name}`, own])])) {
      for (const field of TENSORS) {
        if (own[field] !== undefined && own[field] !== null) values.push([field, field + prefix, own[field]]);
      }
    }
    /** @type {Give | undefined} */
    this.kind = otherwise;
    for (const [, key, value] of values) this.#kinds.set(key, kindOf(value));
    const first = values.find(([field]) => field !== "indices");
    if (first) this.kind = this.#kinds.get(first[1]);
    if (values.length === 0) {
      this.type = JSON_TYPE;
      this.bytes = new TextEncoder().encode(JSON.stringify(all));
      return;
    }
    const common = dtype ?? commonDtype(values);
    const tensors = values.map(([field, key, value]) => /** @type {const} */ ([key, encoded(value,
      field === "indices" ? "I64" : (!convert && dtypeOf(value)) || common)]));
    const { tensors: ignored, ...metadata } = Object.fromEntries(Object.entries(all).filter(([field]) =>
      !TENSORS.includes(field)));
    const own = named
      .map(([name, each]) => /** @type {const} */ ([name,
        Object.fromEntries(Object.entries(each).filter(([field]) => !TENSORS.includes(field)))]))
      // what has tensors only need not be told
      .filter(([name, each]) => Object.keys(each).length > 0
        || !TENSORS.some((field) => this.#kinds.has(`${field}/${name}`)));
    this.type = SAFETENSORS;
    this.bytes = file(tensors, own.length ? { ...metadata, tensors: Object.fromEntries(own) } : metadata);
  }

  /**
   * As what a tensor of the answer is to be given: as this one was, or as the gradient was.
   * @param {string} field
   * @param {string} name with a slash before it; empty where there is none
   * @returns {Give}
   */
  give(field, name) {
    return this.#kinds.get(field + name) ?? this.#kinds.get(`grad${name}`) ?? this.kind ?? KINDS.array;
  }
}

/**
 * https://huggingface.co/docs/safetensors/index#format
 * @param {(readonly [string, {dtype: string, shape: number[], data: Uint8Array}])[]} tensors
 * @param {Record<string, any>} metadata
 */
function file(tensors, metadata) {
  /** @type {Record<string, any>} */
  const header = {};
  header.__metadata__ = Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, text(value)]));
  let end = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end += data.byteLength] };
  }
  const head = new TextEncoder().encode(JSON.stringify(header));
  const start = new Uint8Array(8 + Math.ceil(head.length / 8) * 8).fill(0x20);
  new DataView(start.buffer).setBigUint64(0, BigInt(start.length - 8), true);
  start.set(head, 8);
  return joined([start, ...tensors.map(([, { data }]) => data)], start.length + end);
}

/**
 * What is no tensor stands in a file as a string: JSON, but names as they are.
 * @param {any} value
 */
function text(value) {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value.join(",");
  return typeof value === "string" ? value : typeof value === "number" ? String(value) : JSON.stringify(value);
}

/**
 * Reads an answer, each of its tensors as `give` says for its field and name.
 * @param {(field: string, name: string) => Give} give
 * @param {boolean} [part] whether it is a part of a state
 * @returns {(reply: Reply) => Answer}
 */
function answerOf(give, part = false) {
  return ({ headers, body }) => {
    const start = 8 + Number(new DataView(body.buffer).getBigUint64(0, true));
    const { __metadata__: metadata = {}, ...header } = JSON.parse(new TextDecoder().decode(body.subarray(8, start)));
    const length = Math.max(0, ...Object.values(header).map((tensor) => tensor.data_offsets[1]));
    if (start + length !== body.length) throw new RangeError("the file has another length than its header says");
    /** @type {Answer} */
    const answer = { etag: headers.get("ETag"), replayed: headers.get("Idempotency-Replayed") === "true" };
    if (part) answer.part = true;
    for (const key of /** @type {const} */ (["step", "applied_step", "metrics", "next"])) {
      if (key in metadata) answer[key] = JSON.parse(metadata[key]);
    }
    for (const [key, { dtype, shape, data_offsets: [begin, end] }] of Object.entries(header)) {
      const [field, ...rest] = key.split("/");
      const name = rest.join("/");
      const values = new ARRAYS[dtype](body.buffer.slice(start + begin, start + end));
      const of = /** @type {Record<string, any>} */ (rest.length ? (answer.tensors ??= {})[name] ??= {} : answer);
      of[field] = give(field, rest.length ? `/${name}` : "")(values, shape);
    }
    return answer;
  };
}

// Kinds of tensors.

/** @type {Record<"array" | "typed", Give>} */
const KINDS = {
  array: (values, shape) => {
    // indices are numbers as long as numbers are exact
    const plain = values instanceof BigInt64Array
      ? Array.from(values, (each) => Number.isSafeInteger(Number(each)) ? Number(each) : each)
      : Array.from(/** @type {Float64Array} */ (values));
    return shape.length ? plain : plain[0];
  },
  typed: (values) => values,
};

/** @type {Give} */
const nested = (values, shape) => {
  /** @type {any[]} */
  let rows = KINDS.array(values, [values.length]);
  for (const length of shape.slice(1).reverse()) {
    rows = Array.from({ length: rows.length / length }, (_, row) => rows.slice(row * length, (row + 1) * length));
  }
  return rows;
};

/**
 * Gives tensors of the kind that a value is of.
 * @param {any} value
 * @returns {Give}
 */
function kindOf(value) {
  if (Array.isArray(value)) return Array.isArray(value[0]) ? nested : KINDS.array;
  if (!ArrayBuffer.isView(value)) return KINDS.array;
  const own = /** @type {any} */ (value.constructor);
  return (values) => values instanceof BigInt64Array && !(value instanceof BigInt64Array)
    ? own.from(value instanceof BigUint64Array ? values : Array.from(values, Number)) : values;
}

/** @param {any} value */
function isTensor(value) {
  return typeof value === "number" || Array.isArray(value) || ArrayBuffer.isView(value);
}

/**
 * The dtype of what travels as it is.
 * @param {any} value
 */
function dtypeOf(value) {
  return value instanceof Float64Array ? "F64" : value instanceof Float32Array ? "F32" : undefined;
}

/**
 * The dtype of a call that names none.
 * @param {[string, string, any][]} values
 */
function commonDtype(values) {
  const dtypes = values.filter(([field]) => field !== "indices").map(([, , value]) => dtypeOf(value));
  return dtypes.includes("F32") && !dtypes.includes("F64") ? "F32" : "F64";
}

/**
 * Whether there is a tensor that is neither a Float32Array nor a Float64Array.
 * @param {Record<string, any>} fields
 */
function needsDtype(fields) {
  return [fields, ...Object.values(fields.tensors ?? {})].some((own) => ["parameter", "grad", "G"].some((field) =>
    own[field] !== undefined && own[field] !== null && !dtypeOf(own[field])));
}

/**
 * The elements of a tensor in row-major order, little-endian, as all machines that run JavaScript today have them.
 * @param {any} value
 * @param {string} dtype
 */
function encoded(value, dtype) {
  const shape = [];
  let flat = value;
  if (typeof value === "number") {
    flat = [value];
  } else if (Array.isArray(value)) {
    shape.push(value.length);
    while (Array.isArray(flat[0])) {
      const { length } = flat[0];
      if (flat.some((/** @type {any} */ row) => !Array.isArray(row) || row.length !== length)) {
        throw new TypeError("the rows of a nested array differ in length");
      }
      flat = flat.flat();
      shape.push(length);
    }
  } else if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    shape.push(/** @type {TypedArray} */ (value).length);
  } else {
    throw new TypeError(`a tensor is a number, an array or a typed array, was ${value === null ? null : typeof value}`);
  }
  if (!(flat instanceof ARRAYS[dtype])) flat = dtype === "I64" ? integers(flat) : numbers(flat, ARRAYS[dtype]);
  return { dtype, shape, data: new Uint8Array(flat.buffer, flat.byteOffset, flat.byteLength) };
}

/**
 * @param {any} values
 * @param {any} type
 */
function numbers(values, type) {
  if (Array.isArray(values)) {
    const place = values.findIndex((each) => typeof each !== "number");
    if (place >= 0) throw new TypeError(`element ${place} of a tensor is no number, but ${typeof values[place]}`);
  }
  return type.from(values, Number);
}

/** @param {any} values */
function integers(values) {
  if (values instanceof Float32Array || values instanceof Float64Array) throw new TypeError("indices must be integers");
  return BigInt64Array.from(values, (/** @type {any} */ each) => {
    if (typeof each !== "bigint" && !Number.isSafeInteger(each)) {
      throw new TypeError(`an index must be an integer, exact as a number or a bigint, was ${each}`);
    }
    return BigInt(each);
  });
}
