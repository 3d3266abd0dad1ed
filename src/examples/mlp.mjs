// Trains a small network over named tensors: node mlp.mjs http://localhost:8080 [--session ID]
//
// As mlp.py beside it: each step is one call, with the gradients of four tensors, each under its name.
const url = process.argv[2].replace(/\/$/, "") + "/adagrad";
const session = process.argv[4] && `${url}/sessions/${process.argv[4]}`;
const settings = { learning_rate: 0.3, epsilon: 1e-10, weight_decay: 1e-4, clip_norm: 0.5 };
const steps = 100;
const hiddenSize = 8;
const data = Array.from({ length: 32 }, (_, i) => {
  const x = [Math.sin(i), Math.cos(3 * i)];
  return { x, wanted: x[0] * x[1] };
});

const start = (count, scale) => Array.from({ length: count }, (_, k) => scale * Math.sin(1 + 7 * k));

/** The loss, half the mean of the squared errors, and its gradient for each tensor. */
function gradients(p) {
  const g = Object.fromEntries(Object.entries(p).map(([name, values]) => [name, values.map(() => 0)]));
  let loss = 0;
  for (const { x, wanted } of data) {
    const hidden = p["hidden.bias"].map((bias, j) =>
      Math.tanh(bias + p["hidden.weight"][2 * j] * x[0] + p["hidden.weight"][2 * j + 1] * x[1]));
    let error = hidden.reduce((sum, h, j) => sum + p["out.weight"][j] * h, p["out.bias"][0]) - wanted;
    loss += error * error / 2 / data.length;
    error /= data.length;
    g["out.bias"][0] += error;
    hidden.forEach((h, j) => {
      g["out.weight"][j] += error * h;
      const inner = error * p["out.weight"][j] * (1 - h * h);
      g["hidden.bias"][j] += inner;
      x.forEach((value, i) => { g["hidden.weight"][2 * j + i] += inner * value; });
    });
  }
  return { loss, g };
}

async function call(method, path, body, headers = {}) {
  const response = await fetch(path, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(JSON.stringify(answer));
  }
  return answer.tensors;
}

/** What is sent of each tensor, by its name; weights decay, biases do not. */
const tensors = (p, each, settled = true) => Object.fromEntries(Object.keys(p).map((name) =>
  [name, { ...each(name), ...(settled && name.endsWith("bias") && { weight_decay: 0 }) }]));

async function step(number, p, g, G) {
  if (session) {
    const answer = await call("POST", session + "/step", { tensors: tensors(p, (name) => ({ grad: g[name] }), false) },
      { "Idempotency-Key": `step ${number}` });
    return { answer, sums: G };
  }
  const answer = await call("POST", url + "/step",
    { tensors: tensors(p, (name) => ({ parameter: p[name], grad: g[name], G: G[name] })), ...settings });
  return { answer, sums: Object.fromEntries(Object.entries(answer).map(([name, tensor]) => [name, tensor.G])) };
}

let parameters = {
  "hidden.weight": start(2 * hiddenSize, 0.7),
  "hidden.bias": start(hiddenSize, 0.1),
  "out.weight": start(hiddenSize, 0.5),
  "out.bias": [0],
};
let sums = Object.fromEntries(Object.entries(parameters).map(([name, values]) => [name, values.map(() => 0)]));
if (session) {
  await call("PUT", session, { tensors: tensors(parameters, (name) => ({ parameter: parameters[name] })), ...settings });
}
for (let i = 0; i < steps; i++) {
  const stepped = await step(i, parameters, gradients(parameters).g, sums);
  parameters = Object.fromEntries(Object.entries(stepped.answer).map(([name, tensor]) => [name, tensor.parameter]));
  sums = stepped.sums;
}
console.log(JSON.stringify({ loss: gradients(parameters).loss, parameters }));
