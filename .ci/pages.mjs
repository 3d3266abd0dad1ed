// As a reader would: watches the playground, sets it otherwise, copies its calls; pages through the sessions, looks into
// one, deletes it. What the page shows is held against a reference written here from the contract, bit for bit.
// pages.mjs BASE_URL CHROMIUM [FOLDER FOR SCREENSHOTS]
import { check, finish, fitsTheWidth, LANGUAGES, launch, run } from './browser.mjs';

const [base, executablePath, folder] = process.argv.slice(2);

/** As many sessions as a list must stay usable with; each page of it shows some. */
const SESSIONS = 2000;
const PREFIX = 'pages-check-';

const browser = await launch(executablePath);

/** A page that notes each call of the API, and whatever is wrong with it. */
async function open(path, { width = 1400, height = 1000, colorScheme = 'light' } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme,
    permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  page.calls = [];
  page.complaints = [];
  page.on('request', request => {
    const url = request.url();
    if (!url.startsWith(`${base}/`) && !url.startsWith('data:') && !url.startsWith('blob:')) {
      page.complaints.push(`foreign: ${url}`);
    }
    if (url.startsWith(`${base}/adagrad/`)) page.calls.push(request);
  });
  page.on('console', message => page.complaints.push(`${message.text()} ${message.location().url}`));
  page.on('pageerror', error => page.complaints.push(String(error)));
  await page.goto(base + path);
  return page;
}

/** Ends with a look at what has been noted. */
async function close(page, what, { expected = () => false } = {}) {
  const complaints = page.complaints.filter(complaint => !expected(complaint));
  check(`${what}: nothing in the console, nothing foreign`, complaints.length === 0, complaints.join('\n'));
  await page.context().close();
}

async function screenshot(page, name, fullPage = true) {
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage });
}

/** Waits until a run has ended, and the page shows so many steps. */
async function steps(page, count) {
  await page.locator('#status[aria-busy=false]').filter({ hasText: `${count.toLocaleString('en')} step` }).waitFor();
}

// The update as the contract has it, step by step, for what the playground can set. Each operation is rounded once.
const PRESETS = { torch: [0.01, 1e-10, 'outside_sqrt'], keras: [0.001, 1e-7, 'inside_sqrt'],
  optax: [0.01, 1e-7, 'inside_sqrt'] };
function reference({ parameter, grad, G, preset, ...given }) {
  const [rate, epsilon, placement] = PRESETS[preset] ?? [0.01, 1e-8, 'outside_sqrt'];
  const set = { learning_rate: rate, epsilon, epsilon_placement: placement, ...given };
  const answer = { parameter: [], G: [], effective_learning_rate: [] };
  parameter.forEach((theta, i) => {
    const sum = G[i] + grad[i] * grad[i];
    const denominator = set.epsilon_placement === 'inside_sqrt' ? Math.sqrt(sum + set.epsilon)
      : Math.sqrt(sum) + set.epsilon;
    answer.G.push(sum);
    answer.parameter.push(theta - (denominator === 0 ? 0 : set.learning_rate * grad[i] / denominator));
    answer.effective_learning_rate.push(denominator === 0 ? 0 : set.learning_rate / denominator);
  });
  return answer;
}

const same = (a, b) => a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
const bodies = page => page.calls.map(request => request.postDataJSON());
const shown = async page => JSON.parse(await page.locator('#answer').textContent());

/** All that a plot shows is not of one colour. */
async function colours(page, selector) {
  return page.locator(selector).first().evaluate(canvas => {
    // a copy: reading makes a canvas slow, and the browser says so
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });
}

async function isDark(page, what) {
  const brightness = await page.evaluate(() => Math.max(...[document.body, document.querySelector('.site')]
    .flatMap(each => getComputedStyle(each).backgroundColor.match(/\d+/g).slice(0, 3).map(Number))));
  check(`${what}: dark`, brightness < 60, brightness);
}

// ---- The playground, as it opens.

let page = await open('/');
await steps(page, 120);
check('a call a step', page.calls.length === 120, page.calls.length);

// The ravine, whose gradient is written here once more.
let theta = [-4.5, 3.7], G = [0, 0], answer;
for (let t = 1; t <= 120; t++) {
  answer = reference({ parameter: theta, grad: [2 * theta[0], 50 * theta[1]], G, step: t, learning_rate: 1 });
  ({ parameter: theta, G } = answer);
}
const last = await shown(page);
check('the last parameter', same(last.parameter, theta), `${last.parameter} instead of ${theta}`);
check('the last G', same(last.G, G), `${last.G} instead of ${G}`);
check('the last effective learning rate', same(last.effective_learning_rate, answer.effective_learning_rate),
  last.effective_learning_rate);
check('the parameter in words', (await page.locator('#status').textContent()).includes(`(${theta[0]}, ${theta[1]})`),
  await page.locator('#status').textContent());
for (const plot of ['#plane', '#loss canvas', '#rates canvas', '#accumulators canvas']) {
  check(`${plot} is not blank`, await colours(page, plot) > 20, await colours(page, plot));
}
await screenshot(page, 'playground-light');

await page.locator('#one-step').click();
await steps(page, 121);
check('one step is one call more', page.calls.length === 121, page.calls.length);
await page.locator('#reset').click();
await page.locator('#status', { hasText: 'No step yet' }).waitFor();
check('back to the start costs no call', page.calls.length === 121, page.calls.length);
await page.locator('#one-step').click();
await steps(page, 1);
check('the first step again', same((await shown(page)).parameter,
  reference({ parameter: [-4.5, 3.7], grad: [-9, 185], G: [0, 0], learning_rate: 1 }).parameter));

// Its calls, as programs: each must get the answer that the page shows.
const wanted = JSON.stringify(await shown(page));
for (const language of LANGUAGES) {
  await page.locator(`input[value=${language}] + span`).click();
  // the button says so for a moment only: who waits for that must do so before the click
  await Promise.all([page.locator('#copy', { hasText: 'Copied' }).waitFor(), page.locator('#copy').click()]);
  await page.waitForFunction(async () =>
    await navigator.clipboard.readText() === document.querySelector('#request').textContent);
  const text = await page.evaluate(() => navigator.clipboard.readText());
  const got = JSON.stringify(run(language, text));
  check(`copied as ${language}`, got === wanted, got);
}

// By keyboard alone: to the canvas, elsewhere with an arrow, and the run from there.
await page.locator('#plane').focus();
await page.keyboard.press('ArrowRight');
await steps(page, 120);
check('an arrow moves the start', await page.locator('[name=x]').inputValue() === '-4.25',
  await page.locator('[name=x]').inputValue());
await page.locator('#run').focus();
await page.keyboard.press('Enter');
await steps(page, 120);
await page.keyboard.press('Tab');
for (const count of [121, 122]) {
  await page.keyboard.press('Enter');
  await steps(page, count);
}
await page.locator('#surface').focus();
await page.keyboard.press('End');
await page.locator('#surface-formula', { hasText: '11' }).waitFor();
await page.keyboard.press('Home');
await steps(page, 120);

// With the pointer.
await page.locator('#plane').click({ position: { x: 40, y: 300 } });
await steps(page, 120);
const [x, y] = await page.locator('[name=x], [name=y]').evaluateAll(inputs => inputs.map(input => input.valueAsNumber));
check('a click moves the start', x < -3.5 && x > -5 && Math.abs(y) < 4 && x !== -4.25, `${x} ${y}`);
check('the run begins there', same(bodies(page).at(-120).parameter, [x, y]), bodies(page).at(-120).parameter);

// Each surface: every answer follows from the one before.
for (const surface of await page.locator('#surface option').evaluateAll(options => options.map(each => each.value))) {
  page.calls.length = 0;
  await page.locator('#surface').selectOption(surface);
  const count = Number(await page.locator('[name=steps]').inputValue());
  await steps(page, count);
  check(`${surface}: a call a step`, page.calls.length === count, page.calls.length);
  const sent = bodies(page);
  let next = reference(sent[0]);
  for (const body of sent.slice(1)) {
    if (!same(body.parameter, next.parameter) || !same(body.G, next.G)) {
      check(`${surface}: step ${body.step}`, false, JSON.stringify(body));
      break;
    }
    next = reference(body);
  }
  const seen = await shown(page);
  check(`${surface}: the last parameter`, same(seen.parameter, next.parameter), seen.parameter);
  check(`${surface}: steps are numbered`, sent.every(({ step }, i) => step === i + 1));
  if (surface === 'rare-feature') {
    check('a rare gradient', sent.filter(({ grad }) => grad[1] !== 0).length === count / 10);
  }
  await screenshot(page, `surface-${surface}`);
}
await close(page, 'playground');

// ---- What a link shows.

page = await open('/#surface=ravine&x=4&y=-3&learning_rate=0.5&epsilon=0.01&epsilon_placement=inside_sqrt&steps=60'
  + '&compare=sgd,torch,keras,optax&sgd_learning_rate=0.05&points=1');
await steps(page, 60);
check('four optimizers on the server', page.calls.length === 240, page.calls.length);
const byPreset = Object.fromEntries(['adagrad', ...Object.keys(PRESETS)].map(name =>
  [name, bodies(page).filter(({ preset = 'adagrad' }) => preset === name)]));
for (const [name, sent] of Object.entries(byPreset)) {
  check(`${name}: from the same start`, same(sent[0].parameter, [4, -3]), sent[0].parameter);
  check(`${name}: first G`, same(sent[0].G, name === 'keras' || name === 'optax' ? [0.1, 0.1] : [0, 0]), sent[0].G);
  check(`${name}: step 2 follows`, same(sent[1].parameter, reference(sent[0]).parameter), sent[1].parameter);
}
check('what the link says of epsilon', byPreset.adagrad[0].epsilon === 0.01
  && byPreset.adagrad[0].epsilon_placement === 'inside_sqrt', JSON.stringify(byPreset.adagrad[0]));
check('SGD diverges, and that is said', (await page.locator('#diverged').textContent()).startsWith('SGD diverged at step'),
  await page.locator('#diverged').textContent());
await page.locator('[name=learning_rate]').fill('2');
await page.locator('[name=learning_rate]').press('Tab');
await steps(page, 60);
const link = page.url();
check('the address follows', link.includes('learning_rate=2') && link.includes('compare=sgd,torch'), link);
const there = await shown(page);
await screenshot(page, 'presets');
await close(page, 'a link');
page = await open(link.slice(base.length));
await steps(page, 60);
check('the same link shows the same', same((await shown(page)).parameter, there.parameter));
await page.evaluate(() => { location.hash = '#surface=saddle&steps=7'; });
await steps(page, 7);
await close(page, 'the same link');

page = await open('/#surface=nonsense&x=nonsense&steps=1e9&learning_rate=-1&compare=nonsense');
await steps(page, 120);
await close(page, 'a link with nonsense');

// ---- 200 points in a call.

page = await open('/#surface=himmelblau&points=200&steps=50');
await steps(page, 50);
check('200 points: a call a step', page.calls.length === 50, page.calls.length);
const points = bodies(page);
check('200 points: each call moves all', points.every(({ parameter }) => parameter.length === 400));
check('200 points: the last parameters', same((await shown(page)).parameter, reference(points[49]).parameter));
check('200 points: each call follows', points.slice(1).every((body, i) =>
  same(body.parameter, reference(points[i]).parameter)));
await screenshot(page, 'points');
await close(page, '200 points');

// ---- Stop, and a refusal.

page = await open('/#steps=2000');
await page.locator('#stop[aria-disabled=false]').click();
await page.locator('#status[aria-busy=false]').waitFor();
const taken = Number((await page.locator('#status').textContent()).replace(/,/g, '').match(/^\d+/)?.[0] ?? 0);
check('stopped: a call a step', taken === page.calls.length && taken < 2000, `${taken} ${page.calls.length}`);
await page.route('**/adagrad/step', route => route.fulfill({ status: 503, contentType: 'application/problem+json',
  body: JSON.stringify({ code: 'overloaded', title: 'Overloaded', detail: 'the test wants it', status: 503 }) }));
await page.locator('#one-step').click();
await page.locator('#problem', { hasText: 'the test wants it' }).waitFor();
const remedy = await page.locator('#problem a').getAttribute('href');
check('a refusal leads to its page', remedy === `${base}/problems/overloaded`, remedy);
await close(page, 'a refusal', { expected: complaint => complaint.includes('503') });

// ---- Sessions.

async function api(method, path, body) {
  const response = await fetch(`${base}/adagrad/sessions${path}`, { method, body: body && JSON.stringify(body),
    headers: body ? { 'Content-Type': 'application/json' } : {}, signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.status === 204 ? null : response.json();
}

/** Does something with each session, some at a time. */
async function all(work) {
  const ids = Array.from({ length: SESSIONS }, (_, i) => PREFIX + String(i).padStart(5, '0'));
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let id = ids.pop(); id; id = ids.pop()) await work(id);
  }));
}

await all(id => api('PUT', `/${id}`, { parameter: [1, 2, 3], learning_rate: 0.1 }));
const chosen = `${PREFIX}00057`;
await api('PUT', `/${PREFIX}large`, { size: 1_000_000, initial_parameter_value: 0 });

page = await open('/sessions');
const begun = Date.now();
await page.locator('#table tbody tr').nth(49).waitFor();
const took = Date.now() - begun;
check('the first page of the list', await page.locator('#table tbody tr').count() === 50);
check('a list of many is there at once', took < 5000, `${took} ms`);
check('one call for a page', page.calls.length <= 1 + took / 1000, page.calls.length);
await page.evaluate(after => { location.hash = `after=${after}`; }, `${PREFIX}00049`);
const row = page.locator('tr', { has: page.locator(`a[title="${chosen}"]`) });
await row.waitFor();
const cell = name => row.locator(`[data-name="${name}"]`);
check('step, learning rate, shape', await cell('step').textContent() === '0' && await cell('η').textContent() === '0.1'
  && await cell('shape').textContent() === '3', await row.textContent());
await api('POST', `/${chosen}/step`, { grad: [0.1, 0.2, 0.3] });
await cell('step').filter({ hasText: /^1$/ }).waitFor();
check('steps per second', Number(await cell('steps/s').textContent()) > 0, await cell('steps/s').textContent());
check('a sparkline', (await row.locator('polyline').getAttribute('points')).split(' ').length > 0);
await screenshot(page, 'sessions-light', false);
await page.locator('#next').click();
await page.locator(`a[title="${PREFIX}00100"]`).waitFor();
await page.locator('#previous').click();
await row.waitFor();

await page.locator('#find-id').fill(chosen);
await page.locator('#find-id').press('Enter');
await page.locator('#one-title', { hasText: chosen }).waitFor();
await page.locator('#one-status', { hasText: 'Step 1,' }).waitFor();
await api('POST', `/${chosen}/step`, { grad: [0.1, 0.2, 0.3] });
await page.locator('#one-status', { hasText: 'Step 2,' }).waitFor();
const described = await api('GET', `/${chosen}`);
const told = await page.locator('#description').textContent();
check('its settings', ['learning_rate0.1', 'step2', `created_at${described.created_at}`]
  .every(each => told.includes(each)), told);
await page.waitForResponse(response => response.status() === 304 && response.url().endsWith(chosen));
check('it asks with If-None-Match', page.calls.some(request => request.headers()['if-none-match']?.startsWith('"2-')));
for (const plot of ['#pace canvas', '#rates canvas', '#norm canvas']) {
  check(`${plot} is not blank`, await colours(page, plot) > 20, await colours(page, plot));
}
const state = await api('GET', `/${chosen}/state`);
const norm = Math.hypot(...state.parameter);
const normTold = await page.locator('#norm .u-legend').textContent();
check('the norm of its parameter', normTold.includes(Number(norm.toPrecision(4))), normTold);
await screenshot(page, 'session-light');
const command = await page.locator('#calls pre').nth(1).textContent();
const stepped = run('curl', command);
check('its step, as curl', stepped.step === 3, JSON.stringify(stepped));

const remove = page.locator('#delete button');
check('no deletion without the id', await remove.isDisabled());
await page.locator('#delete-id').fill(`${chosen}x`);
check('no deletion with another id', await remove.isDisabled());
await page.locator('#delete-id').fill(chosen);
await remove.click();
await page.locator('#list').waitFor();
check('it is gone', (await fetch(`${base}/adagrad/sessions/${chosen}`)).status === 404);
await page.evaluate(id => { location.hash = `id=${id}`; }, chosen);
await page.locator('#problem', { hasText: 'session' }).waitFor();
await page.evaluate(id => { location.hash = `id=${id}`; }, `${PREFIX}large`);
await page.locator('#sample', { hasText: '1,000,000' }).waitFor();
check('of a large session some elements', page.calls.some(request => request.url().includes('state?indices=0,5000,')));
await close(page, 'sessions', { expected: complaint => complaint.includes('404') });

// Sessions of several named tensors, as the contract describes them.
page = await open('/problems');
const model = { ...described, id: 'model', size: undefined, tensors: {
  'layers.0.weight': { shape: [784, 128], accumulator: 'row' }, 'layers.0.bias': { shape: [128], weight_decay: 0 } } };
await page.route('**/adagrad/sessions?*', route => route.fulfill({ json: { sessions: [model], next: null } }));
await page.route('**/adagrad/sessions/model', route => route.fulfill({ json: model }));
await page.goto(`${base}/sessions`);
check('named tensors in the list', await page.locator('[data-name=shape]').textContent() === '2 tensors, 100,480 elements',
  await page.locator('[data-name=shape]').textContent());
await page.locator('a[title=model]').click();
await page.locator('#tensors td').first().waitFor();
const tensors = await page.locator('#tensors').textContent();
check('named tensors of a session', tensors.includes('784 × 128') && tensors.includes('accumulator row'), tensors);
const small = { ...model, id: 'small', epsilon: 0, tensors: { w: { shape: [2] }, b: { shape: [] } } };
await page.route('**/adagrad/sessions/small', route => route.fulfill({ json: small }));
await page.route('**/adagrad/sessions/small/state', route => route.fulfill({ json: { step: 2, tensors: {
  w: { G: [4, 0], parameter: [3, 4] }, b: { G: 0.25, parameter: 12 } } } }));
await page.evaluate(() => { location.hash = 'id=small'; });
await page.locator('#norm .u-legend', { hasText: '13' }).waitFor();
const rates = await page.locator('#rates .u-legend').textContent();
check('effective learning rates of named tensors', rates === 'step2largest0.2median0.125smallest0.05', rates);
await close(page, 'named tensors');

// Nobody looks at a hidden page: it asks nothing, and asks at once when it is looked at again.
page = await open('/problems');
await page.clock.install();
await page.goto(`${base}/sessions`);
await page.locator('#table tbody tr').nth(49).waitFor();
const look = hidden => page.evaluate(is => {
  Object.defineProperty(document, 'hidden', { value: is, configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}, hidden);
let asked = page.waitForRequest('**/adagrad/sessions?*');
await page.clock.runFor(20_000);
await asked;
await look(true);
const before = page.calls.length;
await page.clock.runFor(600_000);
check('a hidden page asks nothing', page.calls.length === before, page.calls.length - before);
asked = page.waitForRequest('**/adagrad/sessions?*');
await look(false);
await asked;
await close(page, 'a hidden page');

// ---- On a phone, and in the dark.

for (const [name, path, ready] of [
  ['playground', '/', '#status[aria-busy=false]'],
  ['points', '/#surface=himmelblau&points=200&steps=20', '#status[aria-busy=false]'],
  ['sessions', '/sessions', '#table tbody tr:nth-child(50)'],
  ['session', `/sessions#id=${PREFIX}00001`, '#pace canvas'],
  ['problems', '/problems', 'h1'],
  ['problem', '/problems/length-mismatch', 'h1'],
  ['api', '/swagger-ui.html', '#operations-step-step'],
]) {
  for (const [width, height, colorScheme] of [[400, 800, 'light'], [400, 800, 'dark'], [1400, 1000, 'dark']]) {
    const what = `${name}, ${width} px, ${colorScheme}`;
    page = await open(path, { width, height, colorScheme });
    await page.locator(ready).first().waitFor();
    await fitsTheWidth(page, what);
    if (colorScheme === 'dark') await isDark(page, what);
    check(`${what}: nobody is asked for a key`, await page.locator('#key, .authorize:visible').count() === 0);
    await screenshot(page, `${name}-${width}-${colorScheme}`, name !== 'api');
    await close(page, what);
  }
}

// The header leads everywhere.
page = await open('/');
for (const [link, place] of [['Sessions', '/sessions'], ['API', '/swagger-ui/index.html'], ['Problems', '/problems'],
  ['Playground', '/']]) {
  await page.locator('.site nav a', { hasText: link }).click();
  await page.waitForURL(url => url.href.split('#')[0] === base + place);
}
await close(page, 'header');

// A page imports the client from here, and calls the service that it came from.
page = await open('/problems');
const ofClient = await page.evaluate(async () => {
  const { Client } = await import('/clients/adagrad.mjs');
  const client = new Client();
  const session = await client.create(undefined, { parameter: Float64Array.of(1, 2), learning_rate: 0.1 });
  const answer = await session.step([0.1, 0.2]);
  await session.delete();
  return { url: client.url, parameter: answer.parameter };
});
const byReference = reference({ parameter: [1, 2], grad: [0.1, 0.2], G: [0, 0], learning_rate: 0.1 }).parameter;
check('the client in a page', ofClient.url === base && String(ofClient.parameter) === String(byReference),
  JSON.stringify(ofClient));
await close(page, 'the client in a page');

await all(id => id === chosen ? null : api('DELETE', `/${id}`));
await api('DELETE', `/${PREFIX}large`);
await browser.close();
finish('pages');
