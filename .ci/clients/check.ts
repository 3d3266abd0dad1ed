// Calls the service through the client that openapi-generator made (generator `typescript-fetch`).
import { Configuration, ProblemFromJSON, ResponseError, SessionsApi, StepApi } from './generated/index.js';

declare const process: { argv: string[]; env: Record<string, string> };

function check(name: string, actual: unknown, expected: unknown): void {
    const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (a !== e) {
        throw new Error(`typescript: ${name}: ${a}, expected ${e}`);
    }
    console.log(`typescript: ${name}: ok`);
}

const configuration = new Configuration({ basePath: process.argv[2] });
const api = new StepApi(configuration);

// Expected values: the arithmetic that the API documents, done elsewhere in doubles; the same to the last bit.
const arrays = await api.step({
    stepRequest: {
        parameter: [1, 2, 3], grad: [0.1, 0.2, 0.3], g: [0, 0, 0],
        include: ['update', 'effective_learning_rate'],
    },
});
check('arrays, parameter', arrays.parameter, [0.9900000009999999, 1.9900000005, 2.990000000333333]);
check('arrays, G', arrays.g, [0.010000000000000002, 0.04000000000000001, 0.09]);
check('arrays, update', arrays.update, [0.0099999990000001, 0.009999999500000025, 0.00999999966666668]);

// A client that sent the defaults of the document along would override the preset's.
const preset = await api.step({ stepRequest: { parameter: [1], grad: [0.1], g: [1], preset: 'keras' } });
check('preset keras', preset.parameter, [0.9999004962859049]);

const tensor = { parameter: [1, 2, 3], grad: [0.1, 0.2, 0.3], g: [0, 0, 0] };
const model = await api.step({ stepRequest: { tensors: { w: tensor } } });
check('model', model.tensors?.['w']?.parameter, arrays.parameter);

const refusal = await api.step({ stepRequest: { parameter: [1, 2], grad: [0.1], g: [0, 0] } }).catch(e => e);
if (!(refusal instanceof ResponseError)) {
    throw new Error('typescript: unequal lengths were accepted');
}
const problem = ProblemFromJSON(await refusal.response.json());
check('problem, status', [refusal.response.status, problem.status], [422, 422]);
check('problem, code', problem.code, 'length-mismatch');
check('problem, pointer', problem.errors?.[0]?.pointer, '/grad');

// A session, by a client that has lost an answer.
const sessions = new SessionsApi(configuration);
const id = `typescript-${Date.now()}`;
const created = await sessions.putSession({ id, createSessionRequest: { parameter: [1, 2, 3] } });
check('session, created', [created.id, created.step, created.size, created.holdsParameter], [id, 0, 3, true]);
check('session, a time', created.createdAt instanceof Date, true);
const step = { id, idempotencyKey: 'step 1', sessionStepRequest: { grad: [0.1, 0.2, 0.3], include: ['G' as const] } };
const first = await sessions.stepSession(step);
check('session, parameter', first.parameter, [0.9900000009999999, 1.9900000005, 2.990000000333333]);
check('session, G', first.g, [0.010000000000000002, 0.04000000000000001, 0.09]);
const again = await sessions.stepSessionRaw(step);
check('session, the same answer', await again.value(), first);
check('session, replayed', again.raw.headers.get('Idempotency-Replayed'), 'true');
const state = await sessions.getState({ id });
check('session, state', state, { step: 1, g: first.g, parameter: first.parameter });
await sessions.putState({ id, restoreRequest: state });
check('session, created again', (await sessions.putSession({ id, createSessionRequest: { parameter: [1, 2, 3] } })).step, 1);
const mismatch = await sessions.stepSession({ ...step, idempotencyKey: undefined, ifMatch: '"41"' }).catch(e => e);
if (!(mismatch instanceof ResponseError)) {
    throw new Error('typescript: a step was taken that If-Match rules out');
}
const atStep = ProblemFromJSON(await mismatch.response.json());
check('session, mismatch', [mismatch.response.status, atStep.code, atStep.step], [412, 'step-mismatch', 1]);
const listed = (await sessions.listSessions({ limit: 1000 })).sessions.filter(found => found.id === id);
check('session, listed', listed.map(found => found.step), [1]);
// A sparse step: two values for one element.
const sparse = await sessions.stepSession({
    id, sessionStepRequest: { indices: [2, 0, 2], grad: [0.1, 0.2, 0.3], learningRate: 0 },
});
check('sparse step', [sparse.step, sparse.indices, sparse.parameter], [2, [0, 2], [first.parameter?.[0], first.parameter?.[2]]]);
const some = await sessions.lookupState({ id, lookupRequest: { indices: [2, 0] } });
check('lookup', [some.step, some.indices, some.parameter], [2, [0, 2], sparse.parameter]);
check('lookup, G', some.g, [0.010000000000000002 + 0.2 * 0.2, 0.09 + 0.4 * 0.4]);
check('lookup in the URL', await sessions.getState({ id, indices: [2, 0] }), some);
const beyond = await sessions.lookupState({ id, lookupRequest: { indices: [0, 3] } }).catch(e => e);
if (!(beyond instanceof ResponseError)) {
    throw new Error('typescript: an index beyond the session was read');
}
const outOfRange = ProblemFromJSON(await beyond.response.json());
check('lookup, out of range', [outOfRange.status, outOfRange.code, outOfRange.errors?.[0]?.pointer],
    [422, 'index-out-of-range', '/indices/1']);
await sessions.deleteSession({ id });
const gone = await sessions.getSession({ id }).catch(e => e);
check('session, deleted', gone instanceof ResponseError && gone.response.status, 404);
const table = await sessions.putSession({ id, createSessionRequest: { size: 2 ** 40 } });
check('size of 64 bits', table.size, 2 ** 40);
await sessions.deleteSession({ id });

// A service that asks for a key.
const stepRequest = tensor;
const keyed = (accessToken?: string) => new StepApi(new Configuration({ basePath: process.env['KEYED_URL'], accessToken }));
const stranger = await keyed().step({ stepRequest }).catch(e => e);
check('no key', stranger instanceof ResponseError && stranger.response.status, 401);
check('key', (await keyed(process.env['KEY']).step({ stepRequest })).parameter, arrays.parameter);
