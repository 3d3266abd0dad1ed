// As a learner would: opens /, picks each example of the step, clicks Execute, reads the answer; then opens the page of
// a problem. The first click must do: nothing is typed.
import { chromium } from 'playwright-core';

const [base, executablePath] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath,
  // the last ones keep the browser from calling home
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
let passed = 0, failed = 0;
function check(what, ok, seen) {
  if (ok) passed++;
  else { failed++; console.error(`${what}: ${seen}`); }
}

const page = await browser.newPage({ viewport: { width: 1300, height: 1600 } });
page.setDefaultTimeout(20_000);
const complaints = [];
page.on('console', message => { if (message.type() === 'error') complaints.push(`${message.text()} ${message.location().url}`); });
page.on('pageerror', error => complaints.push(String(error)));
page.on('requestfailed', request => complaints.push(`failed: ${request.url()}`));

await page.goto(`${base}/`);
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

await page.goto(`${base}/problems/length-mismatch`);
const title = await page.locator('h1').textContent();
check('the page of a problem', title.length > 0, title);
check('no complaint in the console', complaints.length === 0, complaints.join('\n'));

await browser.close();
console.log(`Swagger UI: ${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
