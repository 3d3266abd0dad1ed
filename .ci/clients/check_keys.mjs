// The served JavaScript client and a service that asks for keys: check_keys.mjs CLIENT_FILE SERVICE FOLDER_OF_KEYS
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, inspect } from 'node:util';
import { pathToFileURL } from 'node:url';

const [file, service, folder] = process.argv.slice(2);
const { AdaGradError, Client } = await import(pathToFileURL(file));
const written = Object.fromEntries(['reader', 'trainer', 'admin'].map((name) =>
  [name, readFileSync(`${folder}/${name}`, 'utf8')]));
const { reader, trainer, admin } = Object.fromEntries(Object.entries(written).map(([name, text]) => [name, text.trim()]));

let passed = 0, failed = 0, said = ''; // all that the client says
const log = (message) => { said += `${message}\n`; };
const seconds = () => performance.now() / 1000;
function check(what, ok, seen = '') {
  if (ok) passed++;
  else { failed++; console.error(`${what}:`, seen); }
}
const equal = (what, seen, wanted) => check(what, isDeepStrictEqual(seen, wanted), seen);

async function rejected(what, call) {
  const start = seconds();
  try {
    check(what, false, await call());
  } catch (error) {
    said += `${error.stack}\n${inspect(error, { depth: 9, showHidden: true })}\n`;
    check(`${what}: at once`, seconds() - start < 2);
    return error;
  }
}
async function refused(what, code, call) {
  const error = await rejected(what, call);
  check(what, error instanceof AdaGradError && error.code === code, error);
  return error;
}
const client = (key, options = {}) => new Client(service, { key, log, ...options });
const step = async (own) =>
  (await own.step({ parameter: [1], grad: [1], G: [0], epsilon: 0, learning_rate: 0.5 })).parameter;

const id = `js-${crypto.randomUUID()}`;
equal('a stateless step', await step(client(trainer)), [0.5]);
const session = await client(trainer).create(id, { parameter: [1], epsilon: 0, learning_rate: 0.5 });
equal('a step', (await session.step([1])).parameter, [0.5]);
equal('a state', (await session.state()).step, 1);
equal('the end of a line is no part of a key', await step(client(written.trainer)), [0.5]);
process.env.ADAGRAD_KEY = trainer;
equal('the key of the environment', await step(client()), [0.5]);
equal('its status', (await refused('no key', 'unauthorized', () => step(client(''))))?.status, 401);
delete process.env.ADAGRAD_KEY;
await refused('no key either', 'unauthorized', () => step(client()));
await refused('a key that is cut', 'unauthorized', () => step(client(trainer.slice(0, -1))));
equal('a reader reads', (await client(reader).session(id).describe()).step, 1);
equal('its status', (await refused('a reader steps', 'forbidden', () => client(reader).session(id).step([1])))?.status,
  403);
await refused('a restore', 'forbidden', async () => session.restore(await session.state()));
for (const bad of [`${trainer}\nX: y`, `${trainer}…`]) {
  equal('a key that cannot be one', (await rejected('a bad key', async () => client(bad)))?.name, 'TypeError');
}
await refused('another tenant', 'forbidden', () => client(trainer, { tenant: 'other' }).session(id).describe());
const other = client(admin, { tenant: 'other' });
await refused('not there in another tenant', 'session-not-found', () => other.session(id).describe());
await other.create(id, { size: 2 });
equal('two sessions of one id', [(await other.session(id).describe()).size, (await session.describe()).size], [2, 1]);
await other.session(id).delete();
equal('a tenant that is none', (await rejected('it', async () => client(admin, { tenant: 'a b' })))?.name, 'TypeError');
const slow = client(admin, { tenant: 'slow', patience: 20 });
const start = seconds();
for (let i = 0; i < 3; i++) equal('a quota is waited for', await step(slow), [0.5]);
check('and not before Retry-After', seconds() - start >= 1, seconds() - start);
const hasty = client(admin, { tenant: 'slow', patience: 0 });
await refused('a quota without patience', 'quota-exceeded', async () => {
  for (let i = 0; i < 20; i++) await step(hasty);
});
await session.delete();

said += inspect([session, slow], { depth: 9, showHidden: true }) + JSON.stringify([session, slow]);
check('the client says something', said.includes('quota-exceeded'));
check('no key is in what it says', ![reader, trainer, admin].some((key) => said.includes(key.slice(8, 40))), said);
console.log(`JavaScript client with keys: ${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
