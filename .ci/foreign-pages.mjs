// As an attacker would: a page of another origin calls the service of its user's machine, in each way that a browser lets it;
// then a page whose own name has been pointed to that machine (DNS rebinding). foreign-pages.mjs BASE_URL CHROMIUM
import { createServer } from 'node:http';
import { check, finish, launch } from './browser.mjs';

const [base, executablePath] = process.argv.slice(2);
const SESSION = `${base}/adagrad/sessions/not-for-others`;
const STEP = '{"grad": [1, 1]}';

const server = createServer((request, response) => {
  response.setHeader('Content-Type', 'text/html');
  if (request.url === '/sandbox') response.setHeader('Content-Security-Policy', 'sandbox allow-scripts');
  response.end('<!doctype html><title>Elsewhere</title>');
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
const elsewhere = `http://127.0.0.1:${server.address().port}/`;

const made = await fetch(SESSION, { method: 'PUT', headers: { 'Content-Type': 'application/json' },
  body: '{"parameter": [1, 2], "ttl_seconds": 600}' });
check('a session', made.ok, made.status);

const browser = await launch(executablePath, '--host-resolver-rules=MAP evil.example 127.0.0.1');

const page = await browser.newPage();
page.setDefaultTimeout(20_000);
// below the page, which is not told of an answer that it may not have; what was asked and what was answered come from
// two processes of the browser, in either order, and perhaps after the script has seen its error
const network = await page.context().newCDPSession(page);
await network.send('Network.enable');
const posts = [], statuses = new Map();
let heard = () => {};
network.on('Network.requestWillBeSent', ({ requestId, request }) => {
  if (request.method === 'POST') posts.push(requestId);
  heard();
});
network.on('Network.responseReceivedExtraInfo', ({ requestId, statusCode }) => {
  statuses.set(requestId, statusCode);
  heard();
});

/** The statuses of the POSTs from the given one on, as soon as there is one and each is answered; after 10 s, what is there. */
const statusesOfPosts = first => new Promise(resolve => {
  const sent = () => posts.slice(first).map(id => statuses.get(id));
  const late = setTimeout(() => resolve(sent()), 10_000);
  heard = () => {
    if (sent().length === 0 || sent().includes(undefined)) return;
    clearTimeout(late);
    resolve(sent());
  };
  heard();
});

/** Fetches, and tells what a script gets to see of the answer. */
const fetched = (url, options = {}) => page.evaluate(async ([url, options]) => {
  try {
    const response = await fetch(url, options);
    return `${response.type} ${response.status} ${await response.text()}`;
  } catch (error) {
    return error.name;
  }
}, [url, options]);

const refused = async (response, code) => response.status() === 403 && (await response.json()).code === code;

// ---- Another origin.

await page.goto(elsewhere);
for (const [method, contentType] of [['GET'], ['POST', 'text/plain'], ['POST', 'application/json'],
  ['POST', 'application/x-www-form-urlencoded'], ['POST', 'application/vnd.safetensors'], ['PUT', 'application/json'],
  ['DELETE']]) {
  const options = { method, ...(contentType && { headers: { 'Content-Type': contentType }, body: STEP }) };
  for (const url of [`${SESSION}${method === 'POST' ? '/step' : ''}`, `${base}/adagrad/step`, `${base}/actuator/prometheus`]) {
    const seen = await fetched(url, options);
    check(`${method} ${contentType ?? ''} ${url}`, seen === 'TypeError', seen);
  }
}

// what a browser sends without asking first: the answer is hidden from the script, and must be a refusal too
for (const path of ['', 'sandbox']) {
  await page.goto(elsewhere + path);
  for (const contentType of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
    const what = `blind POST ${contentType} of a page ${path ? 'without an origin' : 'of another origin'}`;
    const first = posts.length;
    const seen = await fetched(`${SESSION}/step`,
      { method: 'POST', mode: 'no-cors', headers: { 'Content-Type': contentType }, body: STEP });
    check(`${what}: nothing to read`, seen === 'TypeError', seen);
    const answers = String(await statusesOfPosts(first));
    check(`${what}: refused`, answers === '403', answers);
  }
}
for (const path of ['/adagrad/sessions', '/v3/api-docs', '/']) {
  const seen = await fetched(base + path, { mode: 'no-cors' });
  check(`blind GET ${path}: nothing to read`, seen === 'TypeError', seen);
}

// a form
for (const enctype of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
  await page.goto(elsewhere);
  const [answer] = await Promise.all([
    page.waitForResponse(`${SESSION}/step`),
    page.evaluate(([action, enctype]) => {
      const form = Object.assign(document.createElement('form'), { action, enctype, method: 'POST' });
      form.append(Object.assign(document.createElement('input'), { name: '{"grad": [1, 1], "x', value: '": 1}' }));
      document.body.append(form);
      form.submit();
    }, [`${SESSION}/step`, enctype]),
  ]);
  check(`a form of ${enctype}`, await refused(answer, 'origin-not-allowed'), answer.status());
}

// our pages in a frame of another page, which could have them clicked
for (const path of ['/', '/sessions', '/swagger-ui/index.html', '/problems/forbidden']) {
  await page.goto(elsewhere);
  await page.evaluate(async url => {
    const frame = Object.assign(document.createElement('iframe'), { src: url });
    const loaded = new Promise(resolve => { frame.onload = resolve; });
    document.body.append(frame);
    await loaded;
  }, base + path);
  const frame = page.frames()[1].url();
  check(`${path} in a frame`, !frame.startsWith(base), frame);
}

// ---- The machine itself, under the attacker's name.

const rebound = base.replace(/\/\/[^:/]+/, '//evil.example');
const opened = await page.goto(`${rebound}/`);
check('a rebound name gets no page', await refused(opened, 'not-local') && await page.locator('.site').count() === 0,
  opened.status());
for (const [method, path] of [['GET', '/adagrad/sessions'], ['POST', '/adagrad/step'], ['DELETE', '/adagrad/sessions/not-for-others'],
  ['GET', '/v3/api-docs'], ['GET', '/actuator/health'], ['GET', '/ui/key.js']]) {
  const seen = await fetched(rebound + path, { method, ...(method === 'POST'
    && { headers: { 'Content-Type': 'application/json' }, body: '{"parameter": 1, "grad": 1, "G": 0}' }) });
  check(`a rebound ${method} ${path}`, seen.startsWith('basic 403 ') && seen.includes('"not-local"'), seen);
}

const left = await (await fetch(SESSION)).json();
check('the session is as it was', left.step === 0, JSON.stringify(left));
await fetch(SESSION, { method: 'DELETE' });
await browser.close();
server.close();
server.closeAllConnections();
finish('foreign pages');
