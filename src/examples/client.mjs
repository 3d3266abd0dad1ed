// The JavaScript client: client.mjs http://localhost:8080, with adagrad.mjs beside this file.
import { AdaGradError, Client } from "./adagrad.mjs";

const client = new Client(process.argv[2] ?? "http://localhost:8080");

// the minimum of θ² is at 0: its gradient is 2θ
const session = await client.create(undefined, { parameter: [5, -3], learning_rate: 1 });
let theta = (await session.state()).parameter;
for (let t = 1; t <= 100; t++) {
  theta = (await session.step(theta.map((each) => 2 * each))).parameter;
}
console.log("session:", theta);

// typed arrays come back as typed arrays
const answer = await session.step(Float64Array.of(0.5), { indices: [1], include: ["G"] });
console.log("sparse:", answer.step, answer.indices, answer.parameter);

// what is refused says where
try {
  await session.step([1, NaN]);
} catch (error) {
  if (!(error instanceof AdaGradError)) throw error;
  console.log("refused:", error.status, error.code, error.errors);
}

await session.delete();
