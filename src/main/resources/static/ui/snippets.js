/**
 * A call of the API as a program would make it. The texts hold nothing but numbers and words, so they need no escapes. Where
 * the service asks for a key, a program takes it from its environment: no text holds it.
 */
import { asksForKey } from './key.js';

/** What curl needs between the URL and the other options. */
export const KEY_FOR_CURL = asksForKey ? ' \\\n  -H "Authorization: Bearer $ADAGRAD_KEY"' : '';

/** @type {Record<string, (url: string, json: string) => string>} by language */
const POSTED = {
  http: (url, json) => `POST ${new URL(url).pathname}${only('\nAuthorization: Bearer $ADAGRAD_KEY')}
Content-Type: application/json

${json}`,
  curl: (url, json) => `curl ${url}${KEY_FOR_CURL} \\
  -H 'Content-Type: application/json' \\
  -d '${json}'`,
  python: (url, json) => `import json${only('\nimport os')}
import urllib.request

body = ${json}
request = urllib.request.Request("${url}", json.dumps(body).encode(),
                                 {${only('"Authorization": "Bearer " + os.environ["ADAGRAD_KEY"],\n'
    + ' '.repeat(34))}"Content-Type": "application/json"})
with urllib.request.urlopen(request) as response:
    print(json.load(response))`,
  javascript: (url, json) => `const body = ${json};
const response = await fetch("${url}", {
  method: "POST",
  headers: {${only('"Authorization": `Bearer ${process.env.ADAGRAD_KEY}`, ')}"Content-Type": "application/json"},
  body: JSON.stringify(body),
});
console.log(await response.json());`,
};

/** @returns {string} a part that only calls with a key have */
function only(part) {
  return asksForKey ? part : '';
}

/**
 * @param {string} language `http`, `curl`, `python` or `javascript`
 * @param {URL|string} url
 * @param {object} body
 */
export function posted(language, url, body) {
  return POSTED[language](String(url), lines(body));
}

/** JSON with a field a line: whole arrays on a line are easier to read than a number a line. */
export function lines(body) {
  const fields = Object.entries(body).map(([name, value]) => `  ${JSON.stringify(name)}: ${spaced(value)}`);
  return `{\n${fields.join(',\n')}\n}`;
}

function spaced(value) {
  return Array.isArray(value) ? `[${value.map(each => JSON.stringify(each)).join(', ')}]` : JSON.stringify(value);
}
