// Swagger UI of a service that asks for keys: without a key "Execute" shows the refusal, with one the answer, and the key is
// gone with the page. swagger-ui-with-keys.mjs CHROMIUM
// Wants KEYED_URL and KEY of .ci/with-keys.
import { check, finish, launch } from './browser.mjs';

const [executablePath] = process.argv.slice(2);
const { KEYED_URL: base, KEY } = process.env;
const browser = await launch(executablePath);
const page = await browser.newPage({ viewport: { width: 1300, height: 1600 } });
page.setDefaultTimeout(20_000);
const requests = [], said = [];
page.on('request', request => requests.push(request));
page.on('console', message => said.push(message.text()));
page.on('pageerror', error => said.push(String(error)));

/** Opens Swagger UI and its first call. */
async function open() {
  await page.goto(`${base}/swagger-ui.html`);
  await page.locator('#operations-step-step .opblock-summary-control').click();
  await page.locator('#operations-step-step .opblock-section-request-body textarea').waitFor();
}

async function execute() {
  const answered = page.waitForResponse(`${base}/adagrad/step`);
  await page.locator('#operations-step-step button.execute').click();
  const answer = await answered;
  await page.locator('#operations-step-step .live-responses-table tr.response td.response-col_status')
    .filter({ hasText: `${answer.status()}` }).first().waitFor();
  return answer;
}

await open();
check('without a key', (await execute()).status() === 401);
await page.locator('.auth-wrapper button.authorize').click();
await page.locator('.auth-container input').fill(KEY);
await page.locator('.auth-btn-wrapper button.authorize').click();
await page.locator('.auth-btn-wrapper button.btn-done').click();
const answer = await execute();
check('with the key', answer.status() === 200 && answer.request().headers().authorization === `Bearer ${KEY}`,
  `${answer.status()} ${answer.request().headers().authorization}`);

const stored = await page.evaluate(async () => JSON.stringify([location.href, document.cookie, name, history.state,
  { ...localStorage }, { ...sessionStorage }, await indexedDB.databases()]));
const others = requests.filter(request => request !== answer.request());
check('the key is in no storage, no address and no line of the console',
  ![stored, ...said, ...others.map(request => request.url() + JSON.stringify(request.headers()))].join().includes(KEY),
  stored + said);
await open();
check('the key is gone with the page', (await execute()).status() === 401);
check('no complaint but about the two refusals', said.length === 2 && said.every(line => line.includes('status of 401')),
  said.join('\n'));

await browser.close();
finish('Swagger UI with keys');
