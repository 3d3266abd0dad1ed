// As a learner would: opens Swagger UI, picks each example of the step, clicks Execute, reads the answer; then sends a
// file, and downloads the answer; then each call on sessions, in the order in which the page shows them; then opens the
// page of a problem. The first click must do: nothing is typed.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { check, finish, launch } from './browser.mjs';

const [base, executablePath] = process.argv.slice(2);
const browser = await launch(executablePath);
const page = await browser.newPage({ viewport: { width: 1300, height: 1600 } });
page.setDefaultTimeout(20_000);
const complaints = [];
page.on('console', message => { if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`); });
page.on('pageerror', error => complaints.push(String(error)));
// a request that the page's end breaks off is no complaint
page.on('requestfailed', request => {
  if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()}`);
});

await page.goto(`${base}/swagger-ui.html`);
const step = page.locator('#operations-step-step');
await step.locator('.opblock-summary-control').click();
const body = step.locator('.opblock-section-request-body');
await body.locator('textarea').waitFor();

const document = await (await fetch(`${base}/v3/api-docs`)).json();
const post = document.paths['/adagrad/step'].post;
const requests = post.requestBody.content['application/json'].examples;
const responses = post.responses['200'].content['application/json'].examples;
check('examples', Object.keys(requests).length >= 3, Object.keys(requests));
for (const id of Object.keys(requests)) {
  await body.locator('select', { has: page.locator(`option[value="${id}"]`) }).selectOption(id);
  const answered = page.waitForResponse(response => response.url() === `${base}/adagrad/step`);
  await step.locator('button.execute').click();
  const answer = await answered;
  const text = await answer.text();
  check(id, answer.status() === 200 && JSON.stringify(JSON.parse(text)) === JSON.stringify(responses[id].value),
    `${answer.status()} ${text}`);
}
const shown = await step.locator('.live-responses-table tr.response td.response-col_status').first().textContent();
check('the answer is shown', shown.includes('200'), shown);

// The same step as a file, in and out.
const safetensors = 'application/vnd.safetensors';
const file = fileURLToPath(new URL('../http/safetensors/first-step.safetensors', import.meta.url));
await body.locator('select', { has: page.locator(`option[value="${safetensors}"]`) }).selectOption(safetensors);
await body.locator('input[type=file]').setInputFiles(file);
for (const format of ['application/json', safetensors]) {
  await step.locator('.response-control-media-type--accept-controller select').selectOption(format);
  const answered = page.waitForResponse(response => response.url() === `${base}/adagrad/step`);
  await step.locator('button.execute').click();
  const answer = await answered;
  check(`a file in, ${format} out`, answer.status() === 200 && answer.headers()['content-type'] === format
    && answer.request().headers()['content-type'] === safetensors, `${answer.status()} ${answer.headers()['content-type']}`);
}
const downloaded = page.waitForEvent('download');
await step.locator('.live-responses-table a[download]').click();
const bytes = await readFile(await (await downloaded).path());
const direct = await fetch(`${base}/adagrad/step`,
  { method: 'POST', headers: { 'Content-Type': safetensors }, body: await readFile(file) });
check('the file that is offered for download', bytes.equals(Buffer.from(await direct.arrayBuffer())), bytes.toString('latin1'));

// Times, and ids that the server makes, differ from call to call.
const masked = answer => JSON.stringify(answer, (key, value) =>
  key.endsWith('_at') && !Number.isNaN(Date.parse(value)) ? 'a time'
    : key === 'id' && /^[0-9a-f-]{36}$/.test(value) ? 'an id' : value);
await fetch(`${base}/adagrad/sessions/my-model`, { method: 'DELETE' });
const operations = Object.fromEntries(Object.values(document.paths).flatMap(Object.values)
  .map(operation => [operation.operationId, operation]));
const calls = await page.locator('[id^=operations-sessions-]')
  .evaluateAll(blocks => blocks.map(block => block.id.replace('operations-sessions-', '')));
check('calls on sessions', calls.length === 9 && calls.every(call => operations[call]), calls);
let made;
for (const call of calls) {
  const block = page.locator(`#operations-sessions-${call}`);
  await block.locator('.opblock-summary-control').click();
  const answered = page.waitForResponse(response => response.url().startsWith(`${base}/adagrad/sessions`));
  await block.locator('button.execute').click();
  const answer = await answered;
  const text = await answer.text().catch(() => '');
  const examples = operations[call].responses[answer.status()]?.content?.['application/json'].examples;
  const seen = text && JSON.parse(text);
  if (call === 'listSessions') seen.sessions = seen.sessions.filter(session => session.id === 'my-model');
  check(call, answer.ok() && (examples ? masked(seen) === masked(Object.values(examples)[0].value) : text === ''),
    `${answer.status()} ${text}`);
  if (call === 'createSession') made = seen.id;
  const status = await block.locator('.live-responses-table tr.response td.response-col_status').first().textContent();
  check(`${call}: the answer is shown`, status.includes(`${answer.status()}`), status);
  await block.locator('.opblock-summary-control').click();
}
await fetch(`${base}/adagrad/sessions/${made}`, { method: 'DELETE' });

await page.goto(`${base}/problems/length-mismatch`);
const title = await page.locator('h1').textContent();
check('the page of a problem', title.length > 0, title);
check('no complaint in the console', complaints.length === 0, complaints.join('\n'));

await browser.close();
finish('Swagger UI');
