// Calls the service through the client that openapi-generator made (generator `typescript-fetch`).
import { Configuration, ProblemFromJSON, ResponseError, StepApi } from './generated/index.js';

declare const process: { argv: string[] };

function check(name: string, actual: unknown, expected: unknown): void {
    const [a, e] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (a !== e) {
        throw new Error(`typescript: ${name}: ${a}, expected ${e}`);
    }
    console.log(`typescript: ${name}: ok`);
}

const api = new StepApi(new Configuration({ basePath: process.argv[2] }));

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

const number = await api.step({ stepRequest: { parameter: 1, grad: 0.1, g: 1 } });
check('number, parameter', number.parameter, 0.999004962819691);
check('number, G', number.g, 1.01);
check('number, update was not asked for', number.update, undefined);

// A client that sent the defaults of the document along would override the preset's.
const preset = await api.step({ stepRequest: { parameter: 1, grad: 0.1, g: 1, preset: 'keras' } });
check('preset keras', preset.parameter, 0.9999004962859049);

const refusal = await api.step({ stepRequest: { parameter: [1, 2], grad: [0.1], g: [0, 0] } }).catch(e => e);
if (!(refusal instanceof ResponseError)) {
    throw new Error('typescript: unequal lengths were accepted');
}
const problem = ProblemFromJSON(await refusal.response.json());
check('problem, status', [refusal.response.status, problem.status], [422, 422]);
check('problem, code', problem.code, 'length-mismatch');
check('problem, pointer', problem.errors?.[0]?.pointer, '/grad');
