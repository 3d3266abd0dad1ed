// Steps a session from two loops while the service is killed and started again, until a file is there:
// exactly_once.mjs CLIENT_FILE SERVICE FILE
// In the end the session stands at the number of steps that were taken, and its parameter is, to the last bit, that of
// the update from the contract over the gradients in the order in which they were answered.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [file, service, end] = process.argv.slice(2);
const { Client } = await import(pathToFileURL(file));
const RATE = 0.1, EPSILON = 1e-8, start = [1, -2, 3];

const again = [];
const client = new Client(service, { patience: 120, log: (message) => again.push(message) });
const session = await client.create('exactly-once-js', { parameter: start, learning_rate: RATE, epsilon: EPSILON });
const gradients = new Map(); // by the number of the step that they became
let replayed = 0;

async function work(worker) {
  for (let number = 0; !existsSync(end); number++) {
    const gradient = start.map((_, i) => Math.sin(1 + worker + 7 * number + i));
    const answer = await session.step(gradient);
    const takenAs = answer.applied_step ?? answer.step;
    assert(!gradients.has(takenAs), `step ${takenAs} was answered twice`);
    gradients.set(takenAs, gradient);
    if (answer.replayed) replayed++;
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
}
await Promise.all([work(0), work(1)]);
const steps = gradients.size;
assert.equal(Math.max(...gradients.keys()), steps, 'a step is missing');

const parameter = [...start], G = [0, 0, 0];
for (let number = 1; number <= steps; number++) {
  gradients.get(number).forEach((g, i) => {
    G[i] += g * g;
    parameter[i] -= RATE * g / (Math.sqrt(G[i]) + EPSILON);
  });
}
const state = await session.state();
assert.deepEqual([state.step, state.parameter, state.G], [steps, parameter, G]);
assert(again.length > 0, 'no call was sent again');
console.log(`JavaScript: ${steps} steps taken once, ${again.length} calls sent again, ${replayed} answers given again`);
