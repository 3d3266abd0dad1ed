// The served JavaScript client: check_served.mjs CLIENT_FILE SERVICE HOSTILE
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { pathToFileURL } from 'node:url';

const [file, service, hostile] = process.argv.slice(2);
const { AdaGradError, Client } = await import(pathToFileURL(file));

let passed = 0, failed = 0;
function check(what, ok, seen = '') {
  if (ok) passed++;
  else { failed++; console.error(`${what}:`, seen); }
}
const equal = (what, seen, wanted) => check(what, isDeepStrictEqual(seen, wanted), seen);

async function refused(what, code, call) {
  try {
    check(what, false, await call());
  } catch (error) {
    check(what, error instanceof AdaGradError && error.code === code, error);
    return error;
  }
}
async function rejects(what, name, call) {
  try {
    check(what, false, await call());
  } catch (error) {
    check(what, error.name === name, error);
  }
}

const quiet = { log: () => {} };
const client = new Client(service, { patience: 10, ...quiet });
await client.ready();
const exact = { epsilon: 0, learning_rate: 0.5 };

let answer = await client.step({ parameter: [1, 2], grad: [0.1, 0.2], G: [0, 0], learning_rate: 0.1,
  include: ['metrics'] });
// from the contract: θ − η·g / (√G + ε), at the default ε of 1e-8
const near = [0.1, 0.2].map((g, i) => [1, 2][i] - 0.1 * g / (Math.sqrt(g * g) + 1e-8));
equal('a stateless step', answer.parameter, near);
equal('G', answer.G, [0.1 * 0.1, 0.2 * 0.2]);
equal('metrics', answer.metrics.touched, 2);
equal('numbers', (await client.step({ parameter: 1, grad: 0.5, G: 0, ...exact })).parameter, 0.5);
equal('nested arrays', (await client.step({ parameter: [[1, 2]], grad: [[1, -1]], G: [[0, 0]], ...exact })).parameter,
  [[0.5, 2.5]]);
const floats = Float32Array.of(1, 2);
equal('Float32Array', (await client.step({ parameter: floats, grad: [1, 1], G: new Int8Array(2), ...exact })).parameter,
  Float32Array.of(0.5, 1.5));
const window = new Float64Array([9, 1, 2, 9]).subarray(1, 3);
equal('Float64Array, a part of one', (await client.step({ parameter: window, grad: window, G: window, ...exact })).G,
  Float64Array.of(2, 6));
equal('integers', (await client.step({ parameter: Int32Array.of(1, 2), grad: [1, -1], G: [0, 0], ...exact })).parameter,
  Float64Array.of(0.5, 2.5));
equal('dtype', (await client.step({ parameter: [0.1], grad: [1], G: [0], dtype: 'F32', learning_rate: 0 })).parameter,
  [Math.fround(0.1)]);
answer = await client.step({ tensors: { 'a/b': { parameter: [1], grad: [1], G: [0] },
  c: { parameter: 1, grad: 1, G: 0, learning_rate_scale: 0.5 } }, ...exact });
equal('named tensors', [answer.tensors['a/b'].parameter, answer.tensors.c.parameter], [[0.5], 0.75]);
let error = await refused('a NaN', 'invalid-field', () => client.step({ parameter: [1, 1], grad: [0, NaN], G: [0, 0] }));
equal('its place and status', [error?.errors[0].pointer, error?.status], ['/grad/1', 422]);
await refused('a misspelt setting', 'invalid-field', () => client.step({ parameter: [1], grad: [1], G: [0], lr: 1 }));
await rejects('a string for a number', 'TypeError', () => client.step({ parameter: ['1'], grad: [1], G: [0] }));
await rejects('rows of several lengths', 'TypeError', () =>
  client.step({ parameter: [[1], [1, 2]], grad: [1], G: [0] }));
await rejects('an id that is none', 'TypeError', async () => client.session('../x'));
const million = new Float64Array(1e6).fill(1), told = [];
answer = await client.step({ parameter: million, grad: million, G: new Float64Array(1e6) },
  { progress: (...each) => told.push(each) });
equal('a million', [answer.parameter.length, new Set(answer.parameter).size], [1e6, 1]);
const last = told.at(-1);
check('progress', told[0][0] === 'up' && told[0][1] > 24e6 && last[0] === 'down' && last[1] > 16e6, [told[0], last]);

// sessions
const prefix = `js-${crypto.randomUUID()}`;
const session = await client.create(prefix, { parameter: [1, 2], learning_rate: 0.1 });
equal('one step', (await session.step([0.1, 0.2])).parameter, near);
equal('created again, it goes on',
  (await client.create(prefix, { parameter: [1, 2], learning_rate: 0.1 })).description.step, 1);
await refused('created otherwise', 'session-exists', () => client.create(prefix, { parameter: [1, 3] }));
await refused('created anew only', 'step-mismatch', () =>
  client.create(prefix, { parameter: [1, 2], learning_rate: 0.1 }, { if_none_match: '*' }));
const idempotency_key = crypto.randomUUID();
const first = await session.step([1], { indices: [1], idempotency_key });
equal('indices', [first.step, first.indices], [2, [1]]);
const second = await session.step({ grad: [1], indices: BigInt64Array.of(1n), idempotency_key });
equal('the same key', [second.step, second.parameter, second.replayed, first.replayed, second.indices],
  [2, first.parameter, true, false, BigInt64Array.of(1n)]);
await refused('the same key for another step', 'idempotency-key-reused', () =>
  session.step([2, 1], { idempotency_key }));
error = await refused('if_match', 'step-mismatch', () => session.step([1, 1], { if_match: 1 }));
equal('where it is', error?.problem.step, 2);
equal('if_match by etag', (await session.step([0, 0], { if_match: second.etag, include: ['G'] })).step, 3);
equal('minimal', (await session.step([0, 0], { if_match: 3, minimal: true })).parameter, undefined);
const state = await session.state();
equal('a state', [state.step, state.parameter[1], state.G.length], [4, first.parameter[0], 2]);
equal('some of it', (await session.state({ indices: [1] })).G, state.G.slice(1));
equal('typed', (await session.state({ kind: 'typed' })).G, Float64Array.from(state.G));
await session.step([5, 5]);
await session.restore(state);
equal('restored', [(await session.state()).parameter, (await session.describe()).step], [state.parameter, 4]);
const waiting = session.reached(5, { within: 20, pause: 0.05 });
await session.step([0, 0]);
equal('waits for a step', (await waiting).step, 5);
await rejects('but not for ever', 'TimeoutError', () => session.reached(99, { within: 0.1, pause: 0.05 }));
const listed = [];
for await (const each of client.sessions({ limit: 1 })) if (each.id.startsWith(prefix)) listed.push(each.id);
equal('listed', listed, [prefix]);
await session.delete();
await refused('deleted twice', 'session-not-found', () => session.delete());

await client.create(prefix, { size: 3, dtype: 'F32', initial_parameter_value: 0 });
const known = client.session(prefix);
equal('arrays become what the session has', (await known.step([1, 1, 1], { learning_rate: 0.5 })).parameter,
  [-0.5, -0.5, -0.5]);
await refused('doubles do not', 'dtype-mismatch', () => known.step(new Float64Array(3)));
await known.delete();

const shape = { tensors: { w: { shape: [2, 2], parameter: [1, 2, 3, 4] }, b: { parameter: 1 },
  emb: { shape: [1000, 2], initial_parameter_value: 0, accumulator: 'row' } }, ...exact };
const model = await client.create(prefix, shape);
answer = await model.step({ tensors: { w: { grad: [[1, 1], [1, 1]] }, b: { grad: 1 },
  emb: { indices: [7, 900, 7], grad: [1, 1, 2, 2, 3, 3] } } });
equal('a model', answer.tensors, { w: { parameter: [[0.5, 1.5], [2.5, 3.5]] }, b: { parameter: 0.5 },
  emb: { indices: [7, 900], parameter: [-0.5, -0.5, -0.5, -0.5] } });
const copy = await client.create(`${prefix}-copy`, shape);
let pages = 0;
for await (const page of model.touched({ limit: 1 })) {
  pages++;
  await copy.restore(page);
}
equal('pages', pages, 5);
equal('page by page', (await copy.state()).tensors, (await model.state()).tensors);
equal('one tensor', (await model.state({ tensor: 'b' })).tensors.b.parameter, 0.5);
equal('rows of one', (await model.state({ tensor: 'emb', indices: [900] })).tensors.emb.parameter, [-0.5, -0.5]);
await copy.delete();
await model.delete();

// misfortunes: each gets the answer, or the error, with as many requests and as much patience as it should
const misfortunes = JSON.parse(readFileSync(new URL('misfortunes.json', import.meta.url), 'utf8'));
const log = async (name) => (await fetch(`${hostile}/${name}/log`)).json();
for (const [name, each] of Object.entries(misfortunes)) {
  const victim = new Client(`${hostile}/${name}`, { patience: 10, ...quiet }).session('s');
  const start = performance.now();
  if (each.code) await refused(name, each.code, () => victim.step(Float64Array.of(1, 1)));
  else equal(name, (await victim.step(Float64Array.of(1, 1))).parameter, Float64Array.of(1.5, -2.5));
  const took = (performance.now() - start) / 1000, seconds = each.seconds ?? 0;
  check(`${name}: waits as it should`, seconds <= took && took < seconds + 2, took);
  const requests = await log(name);
  check(`${name}: requests`, requests.length === each.requests, requests);
  check(`${name}: one key`, requests[0].key && requests.every(({ key }) => key === requests[0].key), requests);
}
for (const name of ['stale', 'stale-unseen']) {
  const stale = new Client(`${hostile}/${name}`, { patience: 0, ...quiet }).session('s');
  await stale.step(Float64Array.of(1, 1));
  equal(`${name}: no patience is needed`, (await stale.step(Float64Array.of(1, 1))).step, 1);
  equal(`${name}: two steps have two keys`, new Set((await log(name)).map(({ key }) => key)).size, 2);
}
await new Client(`${hostile}/gone`, quiet).session('s').delete();
equal('a deletion whose answer was lost', (await log('gone')).length, 2);
await refused('a deletion of nothing', 'session-not-found', () =>
  new Client(`${hostile}/never-there`, quiet).session('s').delete());
error = await refused('nobody there', 'no-answer', () =>
  new Client('http://127.0.0.1:2', { patience: 0.3, ...quiet }).ready());
equal('has no status', error?.status, undefined);
const end = new AbortController();
setTimeout(() => end.abort(), 200);
await rejects('a call that is aborted while it waits', 'AbortError', () =>
  new Client(`${hostile}/overloaded-for-long`, quiet).ready({ signal: end.signal }));

console.log(`JavaScript client: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
