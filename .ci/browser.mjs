/** What the checks in a browser share. */
import { execFileSync } from 'node:child_process';
import { chromium } from 'playwright-core';

let passed = 0, failed = 0;

export function check(what, ok, seen = '') {
  if (ok) passed++;
  else { failed++; console.error(`${what}: ${seen}`); }
}

/** Ends the program, and says how it went. */
export function finish(title) {
  console.log(`${title}: ${passed} passed, ${failed} failed`);
  process.exit(failed === 0 ? 0 : 1);
}

/** @param {...string} more arguments of Chromium */
export function launch(executablePath, ...more) {
  return chromium.launch({
    executablePath,
    // the last ones keep the browser from calling home
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', ...more],
  });
}

export async function fitsTheWidth(page, what) {
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  check(`${what}: no sideways scrolling`, wide <= room, `${wide} in ${room}`);
}

const PROGRAMS = {
  curl: text => ['bash', '-c', text.replace('curl ', 'curl -sS --max-time 20 ')],
  python: text => ['python3', '-c', text.replace('print(json.load(response))', 'print(json.dumps(json.load(response)))')],
  javascript: text => [process.execPath, '--input-type=module', '-e',
    text.replace('console.log(await response.json())', 'console.log(JSON.stringify(await response.json()))')],
};

/** In which languages a page shows its calls, so that they run. */
export const LANGUAGES = Object.keys(PROGRAMS);

/** Runs a call that a page shows, and gives its answer. */
export function run(language, text, environment = {}) {
  const [file, ...parameters] = PROGRAMS[language](text);
  return JSON.parse(execFileSync(file, parameters, { timeout: 30_000, env: { ...process.env, ...environment } }));
}
