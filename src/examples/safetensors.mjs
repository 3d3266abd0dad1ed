// A sparse step of a session of a million elements, in Node 20 or a browser: node safetensors.mjs [http://localhost:8080]
const BASE = globalThis.process?.argv[2] ?? "http://localhost:8080";
const ARRAYS = {F64: Float64Array, F32: Float32Array, I64: BigInt64Array};

/** A safetensors file: typed arrays by their names, and what is no array. */
function write(tensors, metadata = {}) {
  const strings = Object.entries(metadata).map(([name, value]) => [name, String(value)]);
  const header = {__metadata__: Object.fromEntries(strings)};
  let end = 0;
  for (const [name, values] of Object.entries(tensors)) {
    const dtype = Object.keys(ARRAYS).find(dtype => values instanceof ARRAYS[dtype]);
    header[name] = {dtype, shape: [values.length], data_offsets: [end, end += values.byteLength]};
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const length = new DataView(new ArrayBuffer(8));
  length.setBigUint64(0, BigInt(text.length), true);
  return new Blob([length, text, ...Object.values(tensors)]);
}

/** The typed arrays of a safetensors file by their names, and its metadata. */
function read(file) {
  const start = 8 + Number(new DataView(file).getBigUint64(0, true));
  const {__metadata__: metadata = {}, ...header} = JSON.parse(new TextDecoder().decode(file.slice(8, start)));
  const tensors = {};
  for (const [name, {dtype, data_offsets: [begin, end]}] of Object.entries(header)) {
    tensors[name] = new ARRAYS[dtype](file.slice(start + begin, start + end));
  }
  return {tensors, metadata};
}

async function call(method, path, body) {
  const headers = {"Content-Type": "application/vnd.safetensors"};
  const response = await fetch(BASE + path, {method, headers, body});
  if (!response.ok) {
    throw new Error((await response.json()).detail);
  }
  return response.headers.get("Content-Type") === "application/vnd.safetensors"
    ? read(await response.arrayBuffer()) : response.text();
}

const created = await call("POST", "/adagrad/sessions", write({}, {size: 1000000, initial_parameter_value: 0}));
const session = `/adagrad/sessions/${JSON.parse(created).id}`;
const gradient = {indices: new BigInt64Array([900000n, 7n, 900000n]), grad: new Float64Array([0.1, 0.2, 0.3])};
const {tensors, metadata} = await call("POST", `${session}/step`, write(gradient));
await call("DELETE", session);
console.log("step", metadata.step, tensors.indices, tensors.parameter);
