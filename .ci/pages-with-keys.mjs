// As somebody with a key would: looks at the pages without it, with a wrong one, with one that allows too little, and with a
// good one; copies calls; looks where the key has gone. pages-with-keys.mjs CHROMIUM [FOLDER FOR SCREENSHOTS]
// Wants KEYED_URL, KEY and OTHER_KEY of .ci/with-keys.
import { check, finish, fitsTheWidth, LANGUAGES, launch, run } from './browser.mjs';

const [executablePath, folder] = process.argv.slice(2);
const { KEYED_URL: base, KEY, OTHER_KEY } = process.env;
const browser = await launch(executablePath);

/** A page that notes what it asks for and what it says. */
async function open(path, { width = 1300, colorScheme = 'light', clock = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme,
    permissions: ['clipboard-read', 'clipboard-write'] });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.requests = [];
  page.said = [];
  page.on('request', request => page.requests.push(request));
  page.on('console', message => page.said.push(`${message.text()} ${message.location().url}`));
  page.on('pageerror', error => page.said.push(String(error)));
  if (clock) await page.clock.install();
  await page.goto(base + path);
  return page;
}

const calls = page => page.requests.filter(request => request.url().startsWith(`${base}/adagrad/`));
const tells = (page, text, place = '#problem') => page.locator(place, { hasText: text }).waitFor();
const enter = async (page, key) => {
  await page.locator('#key-field').fill(key);
  await page.locator('#key-field').press('Enter');
};

/** Where a page could leave a key. */
async function traces(page) {
  const inPage = await page.evaluate(async () => [location.href, document.cookie, name, JSON.stringify(history.state),
    JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.documentElement.outerHTML,
    ...[...document.querySelectorAll('input')].map(input => input.value),
    JSON.stringify(await indexedDB.databases()), JSON.stringify(await caches.keys()),
    JSON.stringify(performance.getEntries())]);
  return [...inPage, JSON.stringify(await page.context().storageState({ indexedDB: true })),
    ...page.requests.map(request => `${request.url()} ${request.postData()}`), ...page.said];
}

/** Ends with a look at what the page has left behind, and at who was sent the key. */
async function close(page, what, { expected = /^$/ } = {}) {
  const found = (await traces(page)).filter(trace => [KEY, OTHER_KEY].some(key => trace.includes(key.slice(8))));
  check(`${what}: the key is nowhere`, found.length === 0, found.join('\n'));
  const others = [];
  for (const request of page.requests.filter(request => !calls(page).includes(request))) {
    if ((await request.allHeaders()).authorization) others.push(request.url());
  }
  check(`${what}: the key is sent with calls alone`, others.length === 0, others);
  const complaints = page.said.filter(line => !expected.test(line));
  check(`${what}: nothing else in the console`, complaints.length === 0, complaints.join('\n'));
  await page.context().close();
}

async function screenshot(page, name) {
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
}

async function api(method, path, key, body) {
  const response = await fetch(`${base}/adagrad/sessions${path}`, { method, body: body && JSON.stringify(body),
    headers: { Authorization: `Bearer ${key}`, ...(body && { 'Content-Type': 'application/json' }) },
    signal: AbortSignal.timeout(20_000) });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
}

// ---- The playground.

let page = await open('/#steps=10');
await tells(page, 'asks for a key');
await page.locator('#run').click();
await tells(page, 'No step yet', '#status[aria-busy=false]');
check('without a key nothing is called', calls(page).length === 0, calls(page).length);
await screenshot(page, 'key-missing');
await close(page, 'without a key');

page = await open('/#steps=10');
await enter(page, 'adagrad_wrong');
await tells(page, 'no key of this service');
await tells(page, 'refused', '#key-status');
check('a wrong key is tried once', calls(page).length === 1, calls(page).length);
await enter(page, `Bearer ${KEY}`);
check('what is no key is not taken', await page.locator('#key-field:invalid').count() === 1);
await page.locator('#key-field').fill('');

// by keyboard alone
await page.locator('.skip').focus();
for (let i = 0; i < 10 && !await page.locator('#key-field:focus').count(); i++) await page.keyboard.press('Tab');
await page.keyboard.insertText(` ${KEY} `);
await page.keyboard.press('Enter');
await tells(page, '10 steps', '#status[aria-busy=false]');
check('with the key nothing is wrong', await page.locator('#problem').isHidden());
const sent = await Promise.all(calls(page).slice(1).map(request => request.allHeaders()));
check('each call bears the key', sent.length === 10 && sent.every(({ authorization }) => authorization === `Bearer ${KEY}`),
  sent.length);
await screenshot(page, 'key-in-use');

const wanted = await page.locator('#answer').textContent();
for (const language of LANGUAGES) {
  await page.locator(`input[value=${language}] + span`).click();
  await page.locator('#copy').click();
  await page.waitForFunction(async () =>
    await navigator.clipboard.readText() === document.querySelector('#request').textContent);
  const text = await page.evaluate(() => navigator.clipboard.readText());
  check(`${language} takes the key from the environment`, text.includes('ADAGRAD_KEY') && !text.includes(KEY), text);
  const got = run(language, text, { ADAGRAD_KEY: KEY });
  check(`copied as ${language}`, JSON.stringify(got) === JSON.stringify(JSON.parse(wanted)), JSON.stringify(got));
}

const before = calls(page).length;
await page.locator('#key-forget').click();
await tells(page, 'asks for a key');
check('the focus is on the field then', await page.locator('#key-field:focus').count() === 1);
await page.locator('#one-step').click();
await tells(page, 'No step yet', '#status[aria-busy=false]');
check('a key can be forgotten', calls(page).length === before, calls(page).length);
await enter(page, KEY);
await tells(page, '10 steps', '#status[aria-busy=false]');
await close(page, 'playground', { expected: /status of 401/ });

page = await open('/#steps=10');
await enter(page, KEY);
await tells(page, '10 steps', '#status[aria-busy=false]');
await page.reload();
await tells(page, 'asks for a key');
await close(page, 'a page that is loaded anew');

// ---- Sessions.

await api('PUT', '/with-keys-own', KEY, { parameter: [1, 2], learning_rate: 0.1 });
await api('PUT', '/with-keys-other', OTHER_KEY, { parameter: [1, 2], learning_rate: 0.1 });

page = await open('/sessions', { clock: true });
await tells(page, 'asks for a key');
await page.clock.runFor(60_000);
check('without a key no session is asked for', calls(page).length === 0, calls(page).length);
await enter(page, OTHER_KEY);
await tells(page, 'scope read');
await page.clock.runFor(60_000);
check('what is forbidden is asked for once', calls(page).length === 1, calls(page).length);
await screenshot(page, 'key-without-scope');
await enter(page, KEY);
await page.locator('a[title=with-keys-other]').click();
await tells(page, 'Step 0,', '#one-status');
await page.locator('#delete-id').fill('with-keys-other');
await page.locator('#delete button').click();
await page.locator('#delete-problem a[href$="problems/forbidden"]').waitFor();
const asked = page.waitForResponse(response => response.url().endsWith('/with-keys-other') && response.status() === 304);
await page.clock.runFor(20_000);
await asked;
check('why it was not deleted stays', await page.locator('#delete-problem').isVisible());
await page.evaluate(() => { location.hash = 'id=with-keys-own'; });
await page.locator('#one-title', { hasText: 'with-keys-own' }).waitFor();
check('that is about the other session', await page.locator('#delete-problem').isHidden());
const command = await page.locator('#calls pre').nth(1).textContent();
const stepped = run('curl', command, { ADAGRAD_KEY: KEY });
check('its step, as curl', stepped.step === 1, JSON.stringify(stepped));
await page.locator('#delete-id').fill('with-keys-own');
await page.locator('#delete button').click();
await page.locator('#list').waitFor();
await close(page, 'sessions', { expected: /status of 403/ });
await api('DELETE', '/with-keys-other', OTHER_KEY);

// ---- On a phone, and in the dark.

for (const [name, path] of [['playground', '/#steps=1'], ['sessions', '/sessions']]) {
  for (const colorScheme of ['light', 'dark']) {
    const what = `${name} with a key, 400 px, ${colorScheme}`;
    page = await open(path, { width: 400, colorScheme });
    await tells(page, 'asks for a key');
    await fitsTheWidth(page, what);
    await screenshot(page, `key-${name}-400-${colorScheme}`);
    await enter(page, KEY);
    await page.locator('#key-forget').waitFor();
    await fitsTheWidth(page, what);
    await close(page, what);
  }
}

await browser.close();
finish('pages with keys');
