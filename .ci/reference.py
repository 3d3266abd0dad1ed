"""A reference for the service, written from the contract alone, and seeded random trials that compare the two.

Each number is compared bit for bit. A trial prints nothing unless it fails; then it prints its name, the request, and
both values. The name is an argument that runs this one trial again:

    python3 reference.py http://localhost:8080 [KIND/SEED or KIND/FIRST-LAST]

It needs numpy and nothing else. numpy rounds each operation on arrays of one dtype once, and never fuses two.
"""
import base64
import hashlib
import http.client
import json
import random
import struct
import sys
import time
import traceback
import urllib.parse
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np

np.seterr(all="ignore")
DTYPES = {"F64": np.dtype("<f8"), "F32": np.dtype("<f4"), "I64": np.dtype("<i8")}
JSON, FILE = "application/json", "application/vnd.safetensors"


# The update

DEFAULTS = {"learning_rate": 0.01, "epsilon": 1e-8, "epsilon_placement": "outside_sqrt", "lr_decay": 0.0,
            "weight_decay": 0.0, "weight_decay_mode": "coupled", "l1": 0.0, "l2": 0.0, "maximize": False,
            "clip_value": None, "clip_norm": None, "clip_norm_scope": "global", "initial_accumulator_value": 0.0}
PRESETS = {
    "torch": {"learning_rate": 0.01, "epsilon": 1e-10, "epsilon_placement": "outside_sqrt",
              "initial_accumulator_value": 0.0},
    "keras": {"learning_rate": 0.001, "epsilon": 1e-7, "epsilon_placement": "inside_sqrt",
              "initial_accumulator_value": 0.1, "weight_decay_mode": "decoupled"},
    "optax": {"learning_rate": 0.01, "epsilon": 1e-7, "epsilon_placement": "inside_sqrt",
              "initial_accumulator_value": 0.1}}


def in_force(hyper):
    """All hyperparameters: the defaults, then those of the preset, then those that are named."""
    return {**DEFAULTS, **PRESETS.get(hyper.get("preset"), {}), **{k: v for k, v in hyper.items() if k != "preset"}}


class NonFinite(Exception):
    """A step that must be refused: of which tensor, and the first element of each field that would not be finite."""

    def __init__(self, name, first):
        super().__init__(f"{first} of {name!r}")
        self.name, self.first = name, first


def norm(arrays):
    """One F64 sum over all arrays in their order, rescaled by the largest where it would over- or underflow."""
    values = np.concatenate([np.asarray(a, "f8").ravel() for a in arrays]) if arrays else np.zeros(0)
    if not values.size:
        return 0.0
    total = float(np.add.accumulate(values * values)[-1])
    largest = float(np.abs(values).max())
    if largest > 0 and (total < 2.0**-1022 or total == np.inf):
        scaled = values / largest
        return largest * float(np.sqrt(np.add.accumulate(scaled * scaled)[-1]))
    return float(np.sqrt(total))


class Part:
    """What one step touches of one tensor: its entries along the first axis, and their gradients, parameters and G.

    g and theta are of shape [entries, dim], and G is so too, or [entries, 1] where a row shares one element."""

    def __init__(self, name, g, theta, G, settings=None, row=False, entries=None):
        self.name, self.g, self.theta, self.G = name, g, theta, G
        self.settings, self.row, self.entries = settings or {}, row, entries

    def unlimited(self, array):
        """The index in the whole tensor of the first element that is not finite, or None."""
        bad = np.argwhere(~np.isfinite(array))
        if not len(bad):
            return None
        entry, column = (int(i) for i in bad[0])
        return (self.entries[entry] if self.entries else entry) * array.shape[1] + column


class Result:
    """What a step makes of a part."""

    def __init__(self, theta, G, rate, update):
        self.theta, self.G, self.rate, self.update = theta, G, rate, update


def update(dtype, hyper, t, parts, include=()):
    """One step at number t: a result for each part by its name, and the metrics of the step."""
    T = DTYPES[dtype].type
    h = in_force(hyper)
    eta_t = h["learning_rate"] / (1.0 + float(t - 1) * h["lr_decay"])
    parts = sorted(parts, key=lambda part: part.name.encode())
    moving = [part for part in parts if not part.settings.get("frozen")]
    grad_norm = norm([part.g for part in moving])
    factors, results = [], {}
    for part in parts:
        zero = np.zeros_like(part.theta)
        if part not in moving:
            results[part.name] = Result(part.theta, part.G, np.zeros_like(part.G), zero)
            continue
        own = {**h, **part.settings}
        g, theta, G = part.g, part.theta, part.G
        if h["maximize"]:
            g = -g
        if own["clip_value"] is not None:
            c = T(own["clip_value"])
            g = np.minimum(np.maximum(g, -c), c)
        elif h["clip_norm"] is not None:
            length = norm([part.g]) if h["clip_norm_scope"] == "tensor" else grad_norm
            factor = min(1.0, h["clip_norm"] / length) if length else 1.0
            factors.append(factor)
            g = g * T(factor)
        decay = own["weight_decay"]
        if decay and h["weight_decay_mode"] == "coupled":
            g = g + T(decay) * theta
        if part.row:
            wide = g.astype("f8")
            G = G + (np.add.accumulate(wide * wide, axis=1)[:, -1:] / float(g.shape[1])).astype(T)
        else:
            G = G + g * g
        eta = eta_t * own.get("learning_rate_scale", 1.0)
        if h["epsilon_placement"] == "outside_sqrt":
            denominator = np.sqrt(G) + T(h["epsilon"])
        else:
            denominator = np.sqrt(G + T(h["epsilon"]))
        nothing = denominator == 0
        divisor = np.where(nothing, T(1), denominator)
        delta = np.where(nothing, T(0), T(eta) * g / divisor)
        rate = np.where(nothing, T(0), T(eta) / divisor)  # as G, one for each row where rows share
        new = theta - delta
        if decay and h["weight_decay_mode"] == "decoupled":
            new = new - T(eta * decay) * theta
        if own["l1"] or own["l2"]:
            shrunk = np.maximum(np.abs(new) - rate * T(own["l1"]), T(0))
            new = np.sign(new) * shrunk / (T(1) + rate * T(own["l2"]))
        fields = {"G": G, "parameter": new, "effective_learning_rate": rate, "update": delta}
        first = {field: part.unlimited(a) for field, a in fields.items() if field in ("G", "parameter", *include)}
        if any(index is not None for index in first.values()):
            raise NonFinite(part.name, first)
        assert all(a.dtype == DTYPES[dtype] for a in (new, G, delta, rate)), "the reference has left its dtype"
        results[part.name] = Result(new, G, rate, delta)
    metrics = {
        "learning_rate": eta_t, "grad_norm": grad_norm, "clip_factor": min(factors, default=1.0),
        "update_norm": norm([results[p.name].theta.astype("f8") - p.theta.astype("f8") for p in moving]),
        "parameter_norm": norm([results[p.name].theta for p in moving]),
        "touched": sum(p.theta.size for p in moving)}
    if "metrics" in include and not all(np.isfinite(metric) for metric in metrics.values()):
        raise NonFinite("", {})
    return results, metrics


def summed(indices, values):
    """Values of one index added up in the order given: the distinct indices, ascending, and a row for each."""
    rows = {}
    for index, value in zip(indices, values):
        rows[index] = rows[index] + value if index in rows else value
    distinct = sorted(rows)
    return distinct, np.stack([rows[index] for index in distinct])


MASK = 2**64 - 1


def uniform(dtype, name, low, high, seed, first, count):
    """Elements first, first + 1, … of the initial parameter of a tensor."""
    key = int.from_bytes(hashlib.sha256(f"{seed}/{name}".encode()).digest()[:8], "little")
    values = []
    for i in range(first, first + count):
        z = (key + (i + 1) * 0x9E3779B97F4A7C15) & MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
        values.append(low + (z >> 11) * 2.0**-53 * (high - low))
    return np.array(values, "f8").astype(DTYPES[dtype])


class Tensor:
    """A tensor of a session. Only entries that were touched take room."""

    def __init__(self, dtype, name, shape, settings=None, row=False, G=0.0, theta=None):
        """G is a number or an array, theta these or ("uniform", low, high, seed), or None where it is not held."""
        self.dtype, self.name, self.shape, self.row = dtype, name, tuple(shape), row
        self.settings, self.initial_G, self.initial_theta = settings or {}, G, theta
        self.rows = self.shape[0] if self.shape else 1
        self.dim = int(np.prod(self.shape[1:], dtype=object))
        self.entries = {}

    @property
    def held(self):
        return self.initial_theta is not None

    def fill(self, initial, entry, width):
        T = DTYPES[self.dtype]
        if isinstance(initial, tuple):
            return uniform(self.dtype, self.name, *initial[1:], entry * self.dim, self.dim)
        if isinstance(initial, np.ndarray):
            return initial.reshape(self.rows, width)[entry]
        return np.full(width, initial, T)

    def new(self, entry):
        G = self.fill(self.initial_G, entry, 1 if self.row else self.dim)
        return G, self.fill(self.initial_theta, entry, self.dim) if self.held else None

    def initial(self, entry):
        """Whether an entry is as if it had never been touched."""
        return all(a is None or a.tobytes() == b.tobytes() for a, b in zip(self.new(entry), self.entries[entry]))

    def read(self, entries):
        """G and theta of some entries, as [entries, …]."""
        got = [self.entries[entry] if entry in self.entries else self.new(entry) for entry in entries]
        return np.stack([G for G, _ in got]), np.stack([theta for _, theta in got]) if self.held else None

    def write(self, entries, G, theta):
        for position, entry in enumerate(entries):
            self.entries[entry] = (G[position], theta[position] if self.held else None)

    def shape_of(self, field, entries=None):
        """The shape of a field whole, or of some entries."""
        tail = () if field == "G" and self.row else self.shape[1:]
        if entries is not None:
            return (len(entries), *tail)
        return (self.shape[0], *tail) if self.shape else ()


# Safetensors

def write_file(arrays, metadata, rng):
    """A file whose tensors lie in random order at any alignment."""
    names = list(arrays)
    rng.shuffle(names)
    header, data = {}, b""
    if metadata or rng.random() < 0.5:
        header["__metadata__"] = metadata
    for name in names:
        array = np.ascontiguousarray(arrays[name]) if arrays[name].ndim else arrays[name]
        code = next(code for code, dtype in DTYPES.items() if array.dtype == dtype)
        begin, data = len(data), data + array.tobytes()
        header[name] = {"dtype": code, "shape": list(array.shape), "data_offsets": [begin, len(data)]}
    keys = list(header)
    rng.shuffle(keys)
    text = json.dumps({key: header[key] for key in keys}).encode() + b" " * rng.randrange(8)
    return struct.pack("<Q", len(text)) + text + data


def read_file(file):
    start = 8 + struct.unpack_from("<Q", file)[0]
    header = json.loads(file[8:start])
    metadata, arrays, covered = header.pop("__metadata__", {}), {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        if begin != covered:
            raise Difference("the file has a hole", f"{name} at {covered}", begin)
        covered = end
        arrays[name] = np.frombuffer(file[start + begin:start + end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
    if covered != len(file) - start:
        raise Difference("the length of the file", covered, len(file) - start)
    return metadata, arrays


# Requests and answers

class Difference(Exception):
    def __init__(self, where, expected, actual):
        super().__init__(where)
        self.where, self.expected, self.actual = where, expected, actual


class Number(float):
    """A number of JSON that knows its text."""

    def __new__(cls, text):
        self = super().__new__(cls, text)
        self.text = text
        return self


def digits(text):
    """How many digits a number needs: 1.50E3 two."""
    mantissa = text.lower().partition("e")[0].replace("-", "").replace(".", "")
    return len(mantissa.strip("0"))


class Answer:
    """meta is what is no tensor; tensors are by name ('' where there is none) and field."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.type = headers.get("content-type", "").partition(";")[0]
        self.meta, self.tensors = {}, {}
        if self.type == FILE:
            self.meta, arrays = read_file(body)
            for key, array in arrays.items():
                field, _, name = key.partition("/")
                self.tensors.setdefault(name, {})[field] = array
            self.meta = {key: json.loads(text) if key not in ("format", "dtype") else text
                         for key, text in self.meta.items()}
            for name, fields in self.meta.get("tensors", {}).items():
                self.tensors.setdefault(name, {}).update(fields)
        elif body:
            self.meta = json.loads(body, parse_float=Number)
            fields = {key: self.meta[key] for key in TENSOR_FIELDS if key in self.meta}
            self.tensors = {"": fields} if fields else {}
            if "tensors" in self.meta:
                self.tensors = self.meta["tensors"]


TENSOR_FIELDS = ("parameter", "G", "indices", "effective_learning_rate", "update")


class Request:
    """A request under way of a trial; what is printed where the trial fails."""

    def __init__(self, method, path, headers=None, body=None):
        self.method, self.path, self.headers, self.body = method, path, headers or {}, body

    def __str__(self):
        shown = f"{self.method} {self.path}"
        for name, value in self.headers.items():
            shown += f"\n  -H '{name}: {value}'"
        if self.body is not None:
            text = self.body.decode() if self.headers.get("Content-Type") == JSON else \
                "(base64) " + base64.b64encode(self.body).decode()
            shown += "\n  " + (text if len(text) < 6000 else text[:6000] + " …")
        return shown


def plain(array, rng=None):
    """An array as JSON writes it: flat, a number where it has no axes; F32 in its shortest form, or as long as F64."""
    if array.dtype == DTYPES["I64"]:
        values = [int(v) for v in array.ravel()]
    elif array.dtype == DTYPES["F32"] and not (rng and rng.random() < 0.3):
        values = [float(str(v)) for v in array.ravel()]
    else:
        values = [float(v) for v in array.ravel()]
    return values if array.ndim else values[0]


def encode(form, rng, meta, tensors):
    """A body. Tensors are by name ('' alone: unnamed): (arrays, settings)."""
    if form == JSON:
        body = dict(meta)
        for name, (arrays, settings) in rng.sample(list(tensors.items()), len(tensors)):
            fields = {**{field: plain(array, rng) for field, array in arrays.items()}, **settings}
            if name:
                body.setdefault("tensors", {})[name] = fields
            else:
                body.update(fields)
        keys = list(body)
        rng.shuffle(keys)
        return json.dumps({key: body[key] for key in keys}).encode()
    arrays, beside, metadata = {}, {}, {}
    for name, (fields, settings) in tensors.items():
        for field, array in fields.items():
            arrays[f"{field}/{name}" if name else field] = array
        if name and settings:
            beside[name] = settings
        elif settings:
            meta = {**meta, **settings}
    for key, value in meta.items():
        if key == "include":
            metadata[key] = ",".join(value)
        elif key != "dtype":
            metadata[key] = value if isinstance(value, str) else json.dumps(value)
        elif not arrays:
            metadata[key] = value
    if beside:
        metadata["tensors"] = json.dumps(beside)
    return write_file(arrays, metadata, rng)


class Service:
    def __init__(self, base):
        self.address = urllib.parse.urlsplit(base)
        self.connection = http.client.HTTPConnection(self.address.hostname, self.address.port, timeout=30)

    def send(self, trial, method, path, body=None, form=JSON, accept=None, headers=None):
        sent = {**({"Content-Type": form} if body is not None else {}), **({"Accept": accept} if accept else {}),
                **(headers or {})}
        trial.request = Request(method, path, sent, body)
        trial.requests += 1
        self.connection.request(method, self.address.path + path, body, sent)
        response = self.connection.getresponse()
        data = response.read()
        return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, data)


class Trial:
    """One trial: its source of random numbers, and what it has compared."""

    def __init__(self, service, kind, seed):
        self.service, self.kind, self.seed = service, kind, seed
        self.rng = random.Random(f"{kind}/{seed}")
        self.request, self.requests, self.numbers, self.failed = None, 0, 0, False
        self.id = f"reference-{kind}-{seed}-{time.time_ns() % 10**12}"

    def send(self, *args, **named):
        return self.service.send(self, *args, **named)

    def differ(self, difference):
        """Prints a difference; the trial may go on."""
        self.failed = True
        print(f"FAILED {self.kind}/{self.seed}: {difference.where}\n{self.request}\n"
              f"expected: {difference.expected}\nactual:   {difference.actual}\n", flush=True)

    def check(self, where, expected, actual):
        self.numbers += 1
        if expected != actual or isinstance(expected, bool) != isinstance(actual, bool):
            raise Difference(where, expected, actual)

    def status(self, answer, expected):
        if answer.status != expected:
            raise Difference("status", expected, f"{answer.status} {answer.body[:2000]!r}")

    def exact(self, where, expected, actual):
        """An F64 number of JSON, bit for bit, in its shortest form."""
        self.numbers += 1
        if isinstance(actual, (bool, str, list, dict)) or actual is None or float(expected) != float(actual):
            raise Difference(where, repr(expected), actual)
        if isinstance(actual, Number) and digits(actual.text) != digits(repr(float(expected))):
            raise Difference(where + ", written as short as possible", repr(expected), actual.text)

    def array(self, where, expected, actual):
        """A tensor of an answer, in JSON or of a file."""
        self.numbers += expected.size
        if isinstance(actual, np.ndarray):
            if actual.dtype != expected.dtype or actual.shape != expected.shape:
                raise Difference(where, (expected.dtype, expected.shape), (actual.dtype, actual.shape))
            values = actual
        else:
            if isinstance(actual, list) != (expected.ndim > 0) or \
                    isinstance(actual, list) and len(actual) != expected.size:
                raise Difference(where, expected.tolist(), actual)
            texts = actual if isinstance(actual, list) else [actual]
            if any(isinstance(v, (bool, str, list, dict)) or v is None for v in texts):
                raise Difference(where, expected.tolist(), actual)
            values = np.array(texts, expected.dtype)
            if expected.dtype != DTYPES["I64"]:
                for position, (value, text) in enumerate(zip(values.ravel(), texts)):
                    if isinstance(text, Number) and digits(text.text) > digits(str(value)):
                        raise Difference(f"{where}[{position}], written as short as possible", str(value), text.text)
        bits = f"<i{expected.dtype.itemsize}"
        unlike = np.flatnonzero(expected.ravel().view(bits) != values.ravel().view(bits))
        if unlike.size:
            at = int(unlike[0])
            raise Difference(f"{where}[{at}] ({unlike.size} of {expected.size} differ)", repr(expected.ravel()[at]),
                             repr(values.ravel()[at]))

    def tensors(self, expected, actual):
        """All tensors of an answer, and no other."""
        self.check("names", sorted(expected), sorted(actual))
        for name, fields in expected.items():
            self.check(f"fields of {name!r}", sorted(fields), sorted(actual[name]))
            for field, array in fields.items():
                self.array(f"{name}/{field}" if name else field, array, actual[name][field])

    def metrics(self, expected, actual):
        self.check("metrics", sorted(expected), sorted(actual))
        for key, value in expected.items():
            self.exact("metrics/" + key, value, actual[key])

    def problem(self, answer, status, code, pointer=None):
        self.status(answer, status)
        self.check("type of an error", "application/problem+json", answer.type)
        self.check("code", code, answer.meta.get("code"))
        if pointer is not None:
            self.check("pointer", pointer, answer.meta["errors"][0]["pointer"])

    def unlimited(self, answer, error):
        """A step that is refused since it would not stay finite, with the name and the index of the first element."""
        self.problem(answer, 422, "non-finite-result")
        self.check("name of what is not finite", error.name, answer.meta.get("name", ""))
        self.check("index of what is not finite", error.first.get(answer.meta["tensor"]), answer.meta.get("index"))


# What is random

NAMES = ["w", "b", "a", "a.b", "a/b", "a-b", "a:0", "a_b", "A", "Z", "_", "9", "10", ".hidden", "-", "/", "::",
         "z" * 255, "layers.0.weight", "layers.10.weight", "layers.1.bias", "params/Dense_0/kernel", "dense/kernel:0",
         "emb", "emb/0", "grad", "G", "parameter", "tensors", "indices", "x.y/z:0-_"]


def value(rng, spread):
    """A number with all its digits, small or large; sometimes one that is easily gotten wrong."""
    kind = rng.random()
    if kind < 0.05:
        return 0.0
    if kind < 0.07:
        return -0.0
    if kind < 0.15:
        return float(rng.randint(-3, 3))
    if kind < 0.5:
        return rng.gauss(0, 1)
    return rng.gauss(0, 1) * 10 ** rng.uniform(-spread, spread)


def array(rng, dtype, shape, spread=3, positive=False):
    values = [value(rng, spread) for _ in range(int(np.prod(shape)))]
    values = np.array([abs(v) for v in values] if positive else values, "f8").astype(DTYPES[dtype])
    return values.reshape(shape)


def positive(rng, low=-4, high=1):
    """A hyperparameter: as people write them, or any."""
    return rng.choice([10.0 ** rng.randint(low, high), 10 ** rng.uniform(low, high)])


def hyperparameters(rng, named, session=False):
    hyper = {}
    if rng.random() < 0.3:
        hyper["preset"] = rng.choice(["torch", "keras", "optax"])
    if rng.random() < 0.7:
        hyper["learning_rate"] = rng.choice([positive(rng), positive(rng, -2, 3), positive(rng), 0.0])
    if rng.random() < 0.5:
        hyper["epsilon"] = rng.choice([positive(rng, -10, -1), 0.0])
    if rng.random() < 0.3:
        hyper["epsilon_placement"] = rng.choice(["outside_sqrt", "inside_sqrt"])
    if rng.random() < 0.3:
        hyper["lr_decay"] = rng.choice([positive(rng), positive(rng, -9, -3)])
    if rng.random() < 0.5:
        hyper["weight_decay"] = rng.choice([positive(rng), positive(rng, -1, 4)])
    if rng.random() < 0.4:
        hyper["weight_decay_mode"] = rng.choice(["coupled", "decoupled"])
    if rng.random() < 0.3:
        hyper["l1"] = positive(rng, -4, 0)
    if rng.random() < 0.3:
        hyper["l2"] = positive(rng, -4, 0)
    if rng.random() < 0.3:
        hyper["maximize"] = rng.random() < 0.7
    clip = rng.random()
    if clip < 0.25:
        hyper["clip_value"] = positive(rng, -2, 2)
    elif clip < 0.6:
        hyper["clip_norm"] = positive(rng, -2, 2)
        if named and rng.random() < 0.5:
            hyper["clip_norm_scope"] = rng.choice(["tensor", "global"])
    if session and rng.random() < 0.5:
        hyper["initial_accumulator_value"] = rng.choice([0.0, 0.1, positive(rng)])
    return hyper


def settings_of(rng, hyper):
    """What a named tensor has of its own."""
    settings = {}
    if rng.random() < 0.3:
        settings["learning_rate_scale"] = rng.choice([0.0, 0.5, positive(rng, -2, 1)])
    for name in ("weight_decay", "l1", "l2"):
        if rng.random() < 0.25:
            settings[name] = rng.choice([0.0, positive(rng, -4, 0)])
    if "clip_norm" not in hyper and rng.random() < 0.25:
        settings["clip_value"] = positive(rng, -2, 2)
    if rng.random() < 0.15:
        settings["frozen"] = rng.random() < 0.8
    return settings


def shape_for(rng, row=False):
    rank = rng.choice([0, 1, 1, 1, 2, 2, 3]) if not row else rng.choice([1, 2, 2, 2, 3])
    shape = [rng.randint(1, 6) for _ in range(rank)]
    if rank == 1 and rng.random() < 0.3:
        shape = [rng.randint(1, 200)]
    if rng.random() < 0.03 and not row:
        shape = [rng.randint(1, 2) for _ in range(8)]
    return shape


# Trials

def stateless(trial):
    rng = trial.rng
    dtype, form, accept = rng.choice(["F64", "F32"]), rng.choice([JSON, FILE]), rng.choice([JSON, FILE, None])
    named = rng.random() < 0.75
    hyper = hyperparameters(rng, named)
    t = rng.choice([1, 1, 2, 7, 1000, rng.randint(1, 2**40), 2**53 + 2, 2**63 - 1])
    include = [name for name in ("effective_learning_rate", "update", "metrics") if rng.random() < 0.3]
    spread = rng.choice([0, 3, 3, 8, 8, 22] if dtype == "F32" else [0, 3, 3, 60, 60, 155])
    # squares that over- or underflow, so that the norm is rescaled
    extreme = rng.random() < 0.15 and dtype == "F64" and 10.0 ** rng.choice([-165, -160, -155, 155, 160, 200])
    if extreme and extreme > 1:
        hyper.pop("clip_value", None)
        hyper["clip_norm"] = 1.0
    meta = dict(hyper)
    if t > 1 or rng.random() < 0.2:
        meta["step"] = t
    if include:
        meta["include"] = include
    if dtype == "F32" or rng.random() < 0.2:
        meta["dtype"] = dtype
    parts, sent, shapes = [], {}, {}
    for name in rng.sample(NAMES, rng.choice([1, 2, 3, 5])) if named else [""]:
        row = named and rng.random() < 0.3
        shape = shape_for(rng, row)
        if not named and form == JSON:
            shape = shape[:1]
        own = settings_of(rng, hyper) if named else {}
        rows, G_shape = (shape[0] if shape else 1), shape[:1] if row else shape
        arrays = {"parameter": array(rng, dtype, shape, spread), "grad": array(rng, dtype, shape, spread),
                  "G": array(rng, dtype, G_shape, spread, positive=True)}
        if extreme:
            grad = arrays["grad"] * DTYPES[dtype].type(extreme)
            arrays["grad"] = np.where(np.isfinite(grad), grad, arrays["grad"])
        if rng.random() < 0.2:
            arrays["G"] = np.zeros(G_shape, DTYPES[dtype])
        beside = dict(own)
        if row or named and rng.random() < 0.1:
            beside["accumulator"] = "row" if row else "element"
        if named and (form == JSON and len(shape) > 1 or rng.random() < 0.1):
            beside["shape"] = shape
        sent[name], shapes[name] = (arrays, beside), (shape, G_shape)
        parts.append(Part(name, *(arrays[field].reshape(rows, -1) for field in ("grad", "parameter", "G")), own, row))
    answer = trial.send("POST", "/adagrad/step", encode(form, rng, meta, sent), form, accept)
    try:
        results, metrics = update(dtype, hyper, t, parts, include)
    except NonFinite as unlimited:
        trial.unlimited(answer, unlimited)
        return
    trial.status(answer, 200)
    trial.check("type", accept or form, answer.type)
    expected = {}
    for name, result in results.items():
        shape, G_shape = shapes[name]
        if answer.type == JSON and len(shape) > 1:
            shape, G_shape = (-1,), (-1,)
        expected[name] = {"parameter": result.theta.reshape(shape), "G": result.G.reshape(G_shape)}
        if "effective_learning_rate" in include:
            expected[name]["effective_learning_rate"] = result.rate.reshape(G_shape)
        if "update" in include:
            expected[name]["update"] = result.update.reshape(shape)
    trial.tensors(expected, answer.tensors)
    if "metrics" in include:
        trial.metrics(metrics, answer.meta["metrics"])


class Session:
    """A session of the service and what it must be: the tensors, the step, and which keys were applied when."""

    def __init__(self, trial, named, large=False, medium=False):
        self.trial, self.named, self.large, self.medium = trial, named, large, medium
        rng = self.rng = trial.rng
        self.dtype = rng.choice(["F64", "F32"])
        self.hyper = hyperparameters(rng, named, session=True)
        self.h = in_force(self.hyper)
        self.step = rng.choice([0, 0, 5, rng.randint(1, 2**40), 2**53 + 1])
        self.held = rng.random() < 0.6
        self.keys, self.restored, self.forgotten = {}, set(), []
        self.tensors, self.sent = {}, {}
        if large:
            names = rng.sample(NAMES, 4)
        else:
            names = rng.sample(NAMES, rng.randint(1, 5))
        for position, name in enumerate(names if named else [""]):
            self.add(name, position)
        self.meta = dict(self.hyper)
        if self.step or rng.random() < 0.2:
            self.meta["step"] = self.step
        if self.dtype == "F32" or rng.random() < 0.2:
            self.meta["dtype"] = self.dtype
        if not named and "G" in self.sent[""][0]:
            self.meta.pop("initial_accumulator_value", None)

    def add(self, name, position):
        rng, dtype = self.rng, self.dtype
        row = self.named and rng.random() < 0.35
        shape = shape_for(rng, row) if self.named else [] if rng.random() < 0.1 else [rng.randint(1, 300)]
        if self.large and position == 0:
            row, shape = False, [2**38]
        elif self.large and position < 3:
            row, shape = position == 1, [2**34, rng.choice([3, 16])]
        elif self.medium and (position == 0 or rng.random() < 0.3):  # beyond any unit of storage, or just as large
            dim = rng.choice([1, 2, 3, 64, 100]) if self.named else 1
            rows = (2 ** rng.randint(11, 14) + rng.randint(-1, 1)) // dim
            shape = [rows] if dim == 1 else [rows, dim]
        huge = int(np.prod(shape, dtype=object)) > 2**24
        own = settings_of(rng, self.hyper) if self.named else {}
        if huge:
            own.pop("frozen", None)
        arrays, beside = {}, dict(own)
        G = self.h["initial_accumulator_value"]
        alone = not self.named and not shape  # a number: given as such, since it has no size
        if not huge and (rng.random() < 0.3 or alone and not self.held):
            G = arrays["G"] = array(rng, dtype, shape[:1] if row else shape, positive=True)
        elif self.named and rng.random() < 0.3:
            G = beside["initial_accumulator_value"] = rng.choice([0.0, 0.1, positive(rng)])
        theta = None
        if self.held:
            kind = rng.choice(["uniform" if huge else "parameter", "value", "uniform"])
            if kind == "parameter" or alone:
                theta = arrays["parameter"] = array(rng, dtype, shape)
            elif kind == "value" and "G" not in arrays:
                theta = beside["initial_parameter_value"] = value(rng, 2)
            elif "G" not in arrays or self.named:
                low, seed = rng.gauss(0, 1), rng.choice([0, 7, rng.randint(0, 2**31 - 1), 2**63 - 1, -(2**63)])
                theta = ("uniform", low, low + positive(rng), seed)
                beside["initial_parameter"] = {"uniform": list(theta[1:3]), "seed": seed}
            else:
                theta = arrays["parameter"] = array(rng, dtype, shape)
        if row or self.named and rng.random() < 0.1:
            beside["accumulator"] = "row" if row else "element"
        if not arrays and not self.named and len(shape) == 1:
            beside["size"] = shape[0]
        elif self.named and ("parameter" not in arrays or len(shape) > 1 or rng.random() < 0.2):
            beside["shape"] = shape
        self.tensors[name] = Tensor(dtype, name, shape, own, row, G, theta)
        self.sent[name] = (arrays, beside)

    def create(self, id):
        """Creates it, perhaps twice, or under an id that the server makes."""
        trial, rng = self.trial, self.rng
        form = rng.choice([JSON, FILE])
        if rng.random() < 0.1:
            answer = trial.send("POST", "/adagrad/sessions", encode(form, rng, self.meta, self.sent), form)
            trial.status(answer, 201)
            self.id = answer.meta["id"]
            self.path = "/adagrad/sessions/" + self.id
            trial.check("Location", self.path, answer.headers.get("location"))
            self.described(answer)
            return
        self.id, self.path = id, "/adagrad/sessions/" + id
        for status in [201] + [200] * (rng.random() < 0.3):
            answer = trial.send("PUT", self.path, encode(form, rng, self.meta, self.sent), form)
            trial.status(answer, status)
            self.described(answer)
            form = rng.choice([JSON, FILE])

    def create_again(self):
        """The same in other words, at any later step, is the same; anything else is another session."""
        trial, rng = self.trial, self.rng
        form = rng.choice([JSON, FILE])
        meta = dict(self.meta)
        sent = {name: (dict(arrays), dict(beside)) for name, (arrays, beside) in self.sent.items()}
        given = {key: number for key, number in self.h.items() if number is not None and key != "preset"}
        if not self.named and "G" in sent[""][0]:
            del given["initial_accumulator_value"]
        if meta.pop("preset", None) is None:
            given = dict(rng.sample(list(given.items()), rng.randint(0, len(given))))
        meta.update(given)
        for name, (arrays, beside) in sent.items() if self.named else ():
            for key, default in (("learning_rate_scale", 1.0), ("frozen", False), ("accumulator", "element"),
                                 *((key, self.h[key]) for key in ("weight_decay", "l1", "l2"))):
                if rng.random() < 0.3:
                    beside.setdefault(key, default)
        other = rng.random() < 0.5
        if other:
            name = rng.choice(list(sent))
            arrays, beside = sent[name]
            kind = rng.randrange(3)
            if kind == 0 and arrays:
                field = rng.choice(list(arrays))
                arrays[field] = arrays[field].copy()
                arrays[field].reshape(-1)[rng.randrange(arrays[field].size)] = 77.0
            elif kind == 1 and self.named:
                beside["learning_rate_scale"] = 0.77
            else:
                meta["learning_rate"] = 0.77
        answer = trial.send("PUT", self.path, encode(form, rng, meta, sent), form)
        if other:
            trial.problem(answer, 409, "session-exists")
        else:
            trial.status(answer, 200)
            self.described(answer)

    def described(self, answer):
        trial, told = self.trial, answer.meta
        trial.check("type of a description", JSON, answer.type)
        shared = {"id": self.id, "dtype": self.dtype, "step": self.step, "holds_parameter": self.held}
        for key, expected in shared.items():
            trial.check(key, expected, told.get(key))
        for key in ("learning_rate", "epsilon", "lr_decay", "weight_decay", "l1", "l2"):
            trial.exact(key, self.h[key], told[key])
        for key in ("epsilon_placement", "weight_decay_mode", "maximize"):
            trial.check(key, self.h[key], told[key])
        for key in ("clip_value", "clip_norm"):
            if self.h[key] is not None:
                trial.exact(key, self.h[key], told.get(key))
        if self.named:
            trial.check("names", sorted(self.tensors), sorted(told["tensors"]))
        for name, tensor in self.tensors.items():
            if not self.named:
                if tensor.shape:
                    trial.check("size", tensor.rows, told.get("size"))
                continue
            own = told["tensors"][name]
            trial.check(f"shape of {name}", list(tensor.shape), own.get("shape"))
            trial.check(f"accumulator of {name}", "row" if tensor.row else "element", own.get("accumulator"))
            for key, expected in self.sent[name][1].items():
                if key in ("initial_accumulator_value", "initial_parameter_value"):
                    # a value of the dtype, in the fewest digits that read back to it
                    trial.check(f"{key} of {name}", float(str(DTYPES[self.dtype].type(expected))), float(own[key]))
                elif key not in ("initial_parameter", "shape", "accumulator"):
                    trial.check(f"{key} of {name}", expected, own.get(key))
        self.tagged(answer)

    def tagged(self, answer):
        self.trial.check("ETag", f'"{self.step}', answer.headers.get("etag", "").partition("-")[0])

    def entries(self, tensor, most):
        """Random entries of a tensor, in any order; some stand twice."""
        rng = self.rng
        if tensor.rows <= 1000:
            pool = range(tensor.rows)
        else:
            edges = [0, *(edge // by for edge in (2**12, 2**13, 2**31, 2**32) for by in (1, tensor.dim)), tensor.rows]
            pool = [e for edge in edges for e in range(edge - 4, edge + 5) if 0 <= e < tensor.rows]
            pool += list(tensor.entries)[:20] + [rng.randrange(tensor.rows) for _ in range(8)]
        return [rng.choice(pool) for _ in range(rng.randint(1, most))]

    def shapes_of_step(self, name, indices):
        tensor = self.tensors[name]
        return tensor.shape_of("parameter", indices), tensor.shape_of("G", indices)

    def make_step(self):
        """A random step: what is sent, and the parts that it touches."""
        rng = self.rng
        names = rng.sample(list(self.tensors), rng.randint(1, len(self.tensors)))
        sent, parts, distinct_of = {}, [], {}
        for name in names:
            tensor = self.tensors[name]
            sparse = tensor.shape != () and (tensor.rows > 2**24 or rng.random() < 0.5)
            indices = self.entries(tensor, 12) if sparse else None
            entries = indices if sparse else range(tensor.rows)
            spread = rng.choice([3] * 15 + [22 if self.dtype == "F32" else 155])
            arrays = {"grad": array(rng, self.dtype, tensor.shape_of("parameter", indices), spread)}
            distinct, g = summed(entries, arrays["grad"].reshape(len(entries), tensor.dim))
            G, theta = tensor.read(distinct)
            if sparse:
                arrays["indices"] = np.array(indices, DTYPES["I64"])
            if not tensor.held:
                theta = array(rng, self.dtype, (len(distinct), tensor.dim))
                places = {entry: position for position, entry in enumerate(distinct)}
                arrays["parameter"] = theta[[places[e] for e in entries]].reshape(arrays["grad"].shape)
            sent[name] = (arrays, {})
            distinct_of[name] = distinct if sparse else None
            parts.append(Part(name, g, theta, G, tensor.settings, tensor.row, distinct))
        meta = {}
        if rng.random() < 0.25:
            meta["learning_rate"] = positive(rng)
        return meta, sent, parts, distinct_of

    def expected(self, results, distinct_of, include):
        """The tensors of the answer to a step."""
        expected = {}
        for name, result in results.items():
            distinct = distinct_of[name]
            shape, G_shape = self.shapes_of_step(name, distinct)
            fields = expected[name] = {"parameter": result.theta.reshape(shape)}
            if distinct is not None:
                fields["indices"] = np.array(distinct, DTYPES["I64"])
            if "G" in include:
                fields["G"] = result.G.reshape(G_shape)
            if "effective_learning_rate" in include:
                fields["effective_learning_rate"] = result.rate.reshape(G_shape)
            if "update" in include:
                fields["update"] = result.update.reshape(shape)
        return expected

    def send_step(self, meta, sent, include, minimal, key, accept=None):
        rng = self.rng
        form = rng.choice([JSON, FILE])
        headers = {**({"Prefer": "return=minimal"} if minimal else {}), **({"Idempotency-Key": key} if key else {})}
        body = encode(form, rng, {**meta, **({"include": include} if include else {})}, sent)
        answer = self.trial.send("POST", self.path + "/step", body, form, accept, headers)
        if answer.status == 200:
            self.trial.check("type", accept or form, answer.type)
        return answer

    def included(self):
        return [name for name in ("G", "effective_learning_rate", "update", "metrics") if self.rng.random() < 0.35]

    def take_step(self, key=None):
        """One step, and perhaps the same again at once."""
        rng, trial = self.rng, self.trial
        meta, sent, parts, distinct_of = self.make_step()
        include, minimal = self.included(), rng.random() < 0.15
        answer = self.send_step(meta, sent, include, minimal, key, rng.choice([JSON, FILE, None]))
        try:
            results, metrics = update(self.dtype, {**self.hyper, **meta}, self.step + 1, parts, include)
        except NonFinite as unlimited:
            trial.unlimited(answer, unlimited)
            return
        trial.status(answer, 200)
        self.step += 1
        for name, result in results.items():
            tensor, distinct = self.tensors[name], distinct_of[name]
            if not tensor.settings.get("frozen"):
                tensor.write(distinct if distinct is not None else range(tensor.rows), result.G, result.theta)
        self.answered(answer, results, metrics, distinct_of, include, minimal)
        if key:
            self.keys[key] = (self.step, meta, sent, distinct_of)
            if rng.random() < 0.1:
                self.send_another(key, meta, sent)
            if rng.random() < 0.5:
                include, minimal = self.included(), rng.random() < 0.15
                again = self.send_step(meta, sent, include, minimal, key, rng.choice([JSON, FILE, None]))
                trial.status(again, 200)
                trial.check("Idempotency-Replayed", "true", again.headers.get("idempotency-replayed"))
                self.answered(again, results, metrics, distinct_of, include, minimal, replayed=True)

    def answered(self, answer, results, metrics, distinct_of, include, minimal, replayed=False):
        trial = self.trial
        trial.check("step", self.step, answer.meta.get("step"))
        self.tagged(answer)
        expected = {} if minimal else self.expected(results, distinct_of, include)
        if replayed and self.held:  # the parameter before the step is gone, so what needs it may be missing
            metrics = dict(metrics)
            if "update_norm" not in answer.meta.get("metrics", {}):
                del metrics["update_norm"]
            for name, fields in expected.items():
                if "update" not in answer.tensors.get(name, {}):
                    fields.pop("update", None)
        trial.tensors(expected, answer.tensors)
        trial.check("metrics are there", "metrics" in include, "metrics" in answer.meta)
        if "metrics" in include:
            trial.metrics(metrics, answer.meta["metrics"])

    def replay_later(self):
        """A step under an old key, the same or another."""
        rng, trial = self.rng, self.trial
        old = [key for key, (step, *_) in self.keys.items() if step < self.step or key in self.restored]
        if not old:
            return
        key = rng.choice(old)
        applied, meta, sent, distinct_of = self.keys[key]
        if rng.random() < 0.3:
            self.send_another(key, meta, sent)
            return
        include = ["G"] if rng.random() < 0.5 else []
        answer = self.send_step(meta, sent, include, False, key, rng.choice([JSON, FILE, None]))
        if not self.held:
            trial.problem(answer, 409, "step-superseded")
            trial.check("applied_step", applied, answer.meta.get("applied_step"))
            return
        trial.status(answer, 200)
        trial.check("Idempotency-Replayed", "true", answer.headers.get("idempotency-replayed"))
        trial.check("step", self.step, answer.meta.get("step"))
        trial.check("applied_step", applied, answer.meta.get("applied_step"))
        self.tagged(answer)
        trial.tensors(self.now(distinct_of, include), answer.tensors)

    def send_another(self, key, meta, sent):
        """Another request under a used key: of another rate, with one gradient changed, or one tensor left out."""
        rng = self.rng
        kind = rng.randrange(3)
        name = rng.choice(list(sent))
        if kind == 1:
            arrays = dict(sent[name][0])
            grad = arrays["grad"] = arrays["grad"].copy().reshape(-1)
            at = rng.randrange(grad.size)
            grad[at] = np.nextafter(grad[at], DTYPES[self.dtype].type(1e9))
            arrays["grad"] = grad.reshape(sent[name][0]["grad"].shape)
            sent = {**sent, name: (arrays, {})}
        elif kind == 2 and len(sent) > 1:
            sent = {other: fields for other, fields in sent.items() if other != name}
        else:
            meta = {**meta, "learning_rate": 0.123}
        self.trial.problem(self.send_step(meta, sent, [], False, key), 422, "idempotency-key-reused")

    def now(self, entries_of, include=("G",)):
        """The tensors as they are, whole where no entries are named."""
        expected = {}
        for name, entries in entries_of.items():
            tensor = self.tensors[name]
            G, theta = tensor.read(range(tensor.rows) if entries is None else entries)
            fields = expected[name] = {}
            if "G" in include:
                fields["G"] = G.reshape(tensor.shape_of("G", entries))
            if self.held:
                fields["parameter"] = theta.reshape(tensor.shape_of("parameter", entries))
            if entries is not None:
                fields["indices"] = np.array(entries, DTYPES["I64"])
        return expected

    def state(self):
        trial = self.trial
        form = self.rng.choice([JSON, FILE])
        answer = trial.send("GET", self.path + "/state", accept=form)
        trial.status(answer, 200)
        trial.check("type", form, answer.type)
        trial.check("step", self.step, answer.meta.get("step"))
        self.tagged(answer)
        trial.tensors(self.now(dict.fromkeys(self.tensors)), answer.tensors)

    def look_up(self, most=20):
        rng, trial = self.rng, self.trial
        names = [name for name in self.tensors if self.tensors[name].shape != ()]
        if not names:
            return
        names = rng.sample(names, rng.randint(1, len(names)))
        asked = {name: self.entries(self.tensors[name], most) for name in names}
        form, accept = rng.choice([JSON, FILE]), rng.choice([JSON, FILE, None])
        sent = {name: ({"indices": np.array(entries, DTYPES["I64"])}, {}) for name, entries in asked.items()}
        if not self.named and rng.random() < 0.3:
            form = JSON
            answer = trial.send("GET", f"{self.path}/state?indices={','.join(map(str, asked['']))}", accept=accept)
        else:
            answer = trial.send("POST", self.path + "/state/lookup", encode(form, rng, {}, sent), form, accept)
        trial.status(answer, 200)
        trial.check("type", accept or form, answer.type)
        trial.check("step", self.step, answer.meta.get("step"))
        trial.tensors(self.now({name: sorted(set(entries)) for name, entries in asked.items()}), answer.tensors)

    def restore(self):
        rng, trial = self.rng, self.trial
        step = rng.choice([max(0, self.step - rng.randint(0, 3)), self.step + 10, 0])
        sent = {}
        for name, tensor in self.tensors.items():
            arrays = {"G": array(rng, self.dtype, tensor.shape_of("G"), positive=True)}
            if self.held:
                arrays["parameter"] = array(rng, self.dtype, tensor.shape_of("parameter"))
            sent[name] = (arrays, {})
        before = trial.send("GET", self.path).headers["etag"].partition("-")[2]
        form = rng.choice([JSON, FILE])
        answer = trial.send("PUT", self.path + "/state", encode(form, rng, {"step": step}, sent), form)
        trial.status(answer, 204)
        self.step = step
        self.tagged(answer)
        trial.check("another life", True, answer.headers["etag"].partition("-")[2] != before)
        self.forgotten += [key for key, known in self.keys.items() if known[0] > step]
        self.keys = {key: known for key, known in self.keys.items() if known[0] <= step}
        self.restored = set(self.keys)
        for name, (arrays, _) in sent.items():
            tensor = self.tensors[name]
            theta = arrays["parameter"].reshape(tensor.rows, tensor.dim) if self.held else None
            tensor.write(range(tensor.rows), arrays["G"].reshape(tensor.rows, -1), theta)

    def exported(self):
        """What has been touched, in pages as they can be put elsewhere: (tensor, fields, format, body)."""
        rng, trial = self.rng, self.trial
        pages = []
        for name, tensor in self.tensors.items():
            most = tensor.rows if tensor.rows < 2**24 else len(tensor.entries)
            limit = rng.choice([1, 2, 100] if most <= 4 else [7, 100, 1000] if most <= 300 else [1000, 4096, 10**6])
            after, seen, last = None, set(), False
            for _ in range(1000):
                query = {"touched": "true", "limit": limit, **({"tensor": name} if self.named else {}),
                         **({"after": after} if after is not None else {})}
                form = rng.choice([JSON, FILE])
                answer = trial.send("GET", f"{self.path}/state?{urllib.parse.urlencode(query)}", accept=form)
                trial.status(answer, 200)
                trial.check("step", self.step, answer.meta.get("step"))
                fields = answer.tensors.get(name, {})
                indices = [int(i) for i in fields.get("indices", [] if tensor.shape or not fields else [0])]
                if last:
                    trial.check("what comes after the last", [], indices)
                if not indices:
                    break
                ascending = all(a < b for a, b in zip([-1 if after is None else after, *indices], indices))
                trial.check("a page of ascending indices, not more than asked for", (True, True),
                            (ascending, len(indices) <= limit))
                expected = self.now({name: indices})[name]
                if tensor.shape:
                    trial.tensors({name: expected}, answer.tensors)
                else:  # one number, with or without an axis
                    for field in {*expected} - {"indices"}:
                        trial.array(field, expected[field], np.atleast_1d(fields[field]) if form == FILE else
                                    fields[field] if isinstance(fields[field], list) else [fields[field]])
                pages.append((name, expected if tensor.shape else None, form, answer.body))
                seen.update(indices)
                after = indices[-1]
                last = answer.meta.get("next") is None
                if last and rng.random() < 0.8:
                    break
            else:
                raise Difference("the pages come to an end", "at most 1000", after)
            missing = [entry for entry in set(tensor.entries) - seen if not tensor.initial(entry)]
            trial.check(f"all that was touched of {name!r} is exported", [], sorted(missing)[:5])
        return pages

    def import_into(self, other, pages):
        """The pages as they came, or made anew in another format."""
        rng, trial = self.rng, self.trial
        for name, fields, form, body in pages:
            if fields and rng.random() < 0.5:
                form = rng.choice([JSON, FILE])
                body = encode(form, rng, {"step": self.step}, {name: (fields, {})})
            trial.status(trial.send("PUT", other + "/state?touched=true", body, form), 204)

    def alike(self):
        """Exports, creates another session alike, imports there, and compares: from now on that is the session."""
        trial, rng = self.trial, self.rng
        pages = self.exported()
        old, step, self.step = self.path, self.step, self.meta.get("step", 0)
        self.create(trial.id + "-2")
        self.step = step
        if pages:
            self.import_into(self.path, pages)
        else:
            self.step = self.meta.get("step", 0)
        trial.status(trial.send("DELETE", old), 204)
        self.keys = {}
        for _ in range(3):
            self.look_up()
        if not self.large:
            self.state()
        self.exported()

    def delete(self):
        self.trial.status(self.trial.send("DELETE", self.path), 204)
        self.trial.problem(self.trial.send("GET", self.path), 404, "session-not-found")


def session(trial, named=True):
    rng = trial.rng
    it = Session(trial, named)
    it.create(trial.id)
    for number in range(rng.randint(2, 6)):
        forgotten = it.forgotten and rng.random() < 0.5 and it.forgotten.pop()
        it.take_step(forgotten or rng.choice([None, f"key {number}", f'"quoted {number}"']))
        if rng.random() < 0.3:
            it.state()
        if rng.random() < 0.3:
            it.look_up()
        if rng.random() < 0.4:
            it.replay_later()
        if rng.random() < 0.2:
            it.create_again()
        if rng.random() < 0.2:
            it.restore()
            it.replay_later()
    it.state()
    answer = trial.send("GET", it.path)
    trial.status(answer, 200)
    it.described(answer)
    if rng.random() < 0.3:
        it.alike()
        it.take_step()
        it.state()
    it.delete()


def medium(trial):
    """Tensors of some thousand elements, about powers of two, dense and sparse."""
    rng = trial.rng
    it = Session(trial, named=trial.seed % 3 > 0, medium=True)
    it.create(trial.id)
    for number in range(4):
        it.take_step(rng.choice([None, f"key {number}"]))
        it.look_up()
        if rng.random() < 0.3:
            it.replay_later()
        if rng.random() < 0.1:
            it.restore()
    it.state()
    if rng.random() < 0.5:
        it.alike()
        it.take_step()
        it.state()
    it.delete()


def vector(trial):
    """A session of one tensor without a name."""
    session(trial, named=False)


def large(trial):
    """Tables of 2^38 elements and more, named and not, of which next to nothing is touched."""
    rng = trial.rng
    it = Session(trial, named=trial.seed % 2 == 0, large=True)
    it.create(trial.id)
    for number in range(5):
        it.look_up()
        it.take_step(rng.choice([None, f"key {number}"]))
        it.look_up()
        if rng.random() < 0.4:
            it.replay_later()
    whole = next(name for name, tensor in it.tensors.items() if tensor.rows > 2**24)
    # calls that carry such a tensor whole
    grad = {"grad": np.ones(3, DTYPES[it.dtype])}
    for method, path, sent in ("GET", "/state", None), ("POST", "/step", grad), ("PUT", "/state", {"G": grad["grad"]}):
        if sent and not it.held and method == "POST":
            sent["parameter"] = grad["grad"]
        body = sent and encode(JSON, rng, {"step": 3} if method == "PUT" else {}, {whole: (sent, {})})
        answer = trial.send(method, it.path + path, body)
        trial.status(answer, 422)
        detail = json.dumps([answer.meta["detail"], answer.meta.get("errors")])
        trial.check(f"what to use instead is said in {detail!r}", True, "indices" in detail or "touched" in detail)
    it.alike()
    it.take_step()
    it.look_up()
    it.delete()


def nearest(text, dtype):
    """The number of a dtype that is nearest to a decimal, without a rounding in between; None beyond the largest."""
    exact, near = Fraction(text), float(text)
    if dtype == "F64":
        return near if np.isfinite(near) else None
    # half an ulp beyond the largest number is the first that is no F32 any more
    if abs(exact) >= Fraction(2) ** 128 - Fraction(2) ** 103:
        return None
    near = np.float32(min(max(near, -3.4028234663852886e38), 3.4028234663852886e38))
    candidates = [c for c in (near, np.nextafter(near, np.float32(-np.inf)), np.nextafter(near, np.float32(np.inf)))
                  if np.isfinite(c)]
    return min(candidates, key=lambda c: (abs(Fraction(float(c)) - exact), int(c.view("<i4")) & 1))


def decimals(trial):
    """Decimals in JSON next to the middle of two numbers, or at the ends of what there is: read, and written."""
    rng = trial.rng
    dtype = rng.choice(["F64", "F32"])
    bits, edges = (64, 52) if dtype == "F64" else (32, 23)
    texts, expected = [], []
    while len(texts) < 60:
        pattern = rng.choice([rng.getrandbits(bits - 1), rng.getrandbits(edges), rng.randint(0, 3),
                              (rng.getrandbits(bits - 1) >> edges) << edges])
        low, high = np.array([pattern, pattern + 1], f"<i{bits // 8}").view(DTYPES[dtype])
        if not np.isfinite(low) or not np.isfinite(high):
            continue
        with localcontext() as context:
            context.prec = 1200
            middle = (Decimal(float(low)) + Decimal(float(high))) / 2
            kind = rng.randrange(5)
            if kind == 0:
                text = str(low)
            elif kind == 1:
                text = str(middle)
            elif kind == 2:
                text = str(middle.next_plus() if rng.random() < 0.5 else middle.next_minus())
            elif kind == 3:
                context.prec = rng.randint(1, 40)
                text = str(+middle)
            else:
                text = format(Decimal(float(low)), "f")
        text = rng.choice(["", "-"]) + text.replace("E+", rng.choice(["E+", "e", "E"]))
        number = nearest(text, dtype)
        if number is not None and len(text) < 1500:
            texts.append(text)
            # -0, and what is too small to be anything else
            expected.append(np.copysign(number, -1) if text.startswith("-") else number)
    meta = {"learning_rate": 0, "epsilon": 1, **({"dtype": "F32"} if dtype == "F32" else {})}
    body = json.dumps({**meta, "grad": [0.0] * len(texts), "G": [0.0] * len(texts)})[:-1]
    answer = trial.send("POST", "/adagrad/step", (body + ', "parameter": [' + ", ".join(texts) + "]}").encode(), JSON,
                        rng.choice([JSON, FILE]))
    trial.status(answer, 200)
    trial.array("parameter", np.array(expected, DTYPES[dtype]) - DTYPES[dtype].type(0), answer.tensors[""]["parameter"])


def no_good(trial, method, path, body, code, pointer):
    """Sends what must be refused; a code or a pointer of None is any."""
    body = body if isinstance(body, str) else json.dumps(body).replace("Infinity", "1e999")
    try:
        answer = trial.send(method, path, body.encode())
        trial.problem(answer, 422, code or answer.meta.get("code"), pointer)
    except Difference as difference:
        trial.differ(difference)


def refused(trial):
    """Stateless steps that are no good: which status, code and pointer."""
    rng = trial.rng

    def tensor(**fields):
        return {"parameter": [1.0, 2.0], "grad": [0.5, 0.25], "G": [0.0, 1.0], **fields}

    stateless = [
        ({"w": tensor(grad=[1, None])}, "invalid-field", "/tensors/w/grad/1"),
        ({"w": tensor(), "emb": tensor(grad=[1, "2"])}, "invalid-field", "/tensors/emb/grad/1"),
        ({"params/Dense_0/kernel": tensor(grad=[True, 2])}, "invalid-field", "/tensors/params~1Dense_0~1kernel/grad/0"),
        ({"w": tensor(grad=[1, 1e999])}, "invalid-field", "/tensors/w/grad/1"),
        ({"w": tensor(G=[0, -1])}, "invalid-field", "/tensors/w/G/1"),
        ({"w": tensor(grad=[1, 2, 3])}, "length-mismatch", None),
        ({"w": tensor(grad=1)}, None, None),
        ({"w": tensor(grad=[])}, "invalid-field", "/tensors/w/grad"),
        ({"w": tensor(shape=[3])}, None, None),
        ({"w": tensor(shape=[2, -1])}, "invalid-field", None),
        ({"w": tensor(shape=[1] * 8 + [2])}, "invalid-field", None),
        ({"w": tensor(learning_rate_scale=-1)}, "invalid-field", "/tensors/w/learning_rate_scale"),
        ({"w": tensor(clip_value=0)}, "invalid-field", "/tensors/w/clip_value"),
        ({"w": tensor(frozen=1)}, "invalid-field", "/tensors/w/frozen"),
        ({"w": tensor(accumulator="column")}, "invalid-field", "/tensors/w/accumulator"),
        ({"w": tensor(learning_rate=1)}, "invalid-field", "/tensors/w/learning_rate"),
        ({"a/b": {"parameter": [1.0], "G": [1.0]}}, "invalid-field", "/tensors/a~1b/grad"),
        ({"": tensor()}, "invalid-field", "/tensors/"),
        ({"a b": tensor()}, "invalid-field", "/tensors/a b"),
        ({"x" * 256: tensor()}, "invalid-field", None),
        ({}, "invalid-field", "/tensors"),
        ([], "invalid-field", "/tensors"),
        ({"w": [1.0]}, "invalid-field", "/tensors/w"),
        ({"w": tensor(grad=[1e200, 1])}, "non-finite-result", None),
        ({"w": tensor(frozen=True, grad=[1, None])}, "invalid-field", "/tensors/w/grad/1")]
    for tensors, code, pointer in stateless:
        no_good(trial, "POST", "/adagrad/step", {"tensors": tensors}, code, pointer)
    no_good(trial, "POST", "/adagrad/step", {**tensor(), "tensors": {"w": tensor()}}, "invalid-field", None)
    both = {"tensors": {"w": tensor()}, "clip_value": 1, "clip_norm": 1}
    no_good(trial, "POST", "/adagrad/step", both, "invalid-field", None)
    twice = json.dumps({"w/": tensor(), "v": tensor()}).replace('"v"', '"w/"')
    no_good(trial, "POST", "/adagrad/step", '{"tensors": ' + twice + "}", "invalid-field", "/tensors/w~1")
    for bits in (np.nan, np.inf, -np.inf):
        arrays = {"parameter/a/b": np.array([1.0, bits]), "grad/a/b": np.ones(2), "G/a/b": np.ones(2)}
        answer = trial.send("POST", "/adagrad/step", write_file(arrays, {}, rng), FILE)
        trial.problem(answer, 422, "invalid-field", "/tensors/a~1b/parameter/1")


def refused_session(trial):
    """Calls of sessions that are no good: which status, code and pointer; and nothing is changed."""
    path = "/adagrad/sessions/" + trial.id
    create = {"emb": {"shape": [5, 2], "initial_parameter_value": 0, "accumulator": "row"},
              "a/b": {"parameter": [1.0, 2.0, 3.0, 4.0, 5.0]}, "s": {"parameter": 1.0}}
    for tensors, pointer in [
            ({"w": {"shape": [0], "initial_parameter_value": 0}}, None),
            ({"w": {"shape": [2**41], "initial_parameter_value": 0}}, None),
            ({"w": {"shape": [2**20, 2**21], "initial_parameter_value": 0}}, None),
            ({"w": {"shape": [3], "parameter": [1.0, 2.0]}}, None),
            ({"w": {"initial_parameter_value": 0}}, None),
            ({"w": {"shape": [2], "size": 2, "initial_parameter_value": 0}}, None),
            ({"w": {"shape": [2], "initial_parameter": {"uniform": [0, 1]}}}, None),
            ({"w": {"shape": [2], "initial_parameter": {"uniform": [0], "seed": 1}}}, None),
            ({"w": {"shape": [2], "initial_parameter": {"uniform": [0, 1], "seed": 1.5}}}, None),
            ({"w": {"shape": [2], "initial_parameter": {"normal": [0, 1], "seed": 1}}}, None),
            ({"w": {"shape": [2], "parameter": [1.0, 2.0], "initial_parameter": {"uniform": [0, 1], "seed": 1}}}, None),
            ({"w": {"G": [1.0], "initial_accumulator_value": 1}}, None),
            ({"w": {"G": [-1.0]}}, "/tensors/w/G/0"),
            ({"a/b": {"parameter": [None]}}, "/tensors/a~1b/parameter/0")]:
        no_good(trial, "PUT", path, {"tensors": tensors}, None, pointer)
    no_good(trial, "PUT", path, {"tensors": create, "size": 3}, "invalid-field", None)
    trial.problem(trial.send("GET", path), 404, "session-not-found")
    trial.status(trial.send("PUT", path, json.dumps({"tensors": create}).encode()), 201)
    before = trial.send("GET", path + "/state").meta
    row = [1.0, 2.0]
    for tensors, code, pointer in [
            ({"emb": {"indices": [0, 5], "grad": row * 2}}, "index-out-of-range", "/tensors/emb/indices/1"),
            ({"emb": {"indices": [-1], "grad": row}}, "index-out-of-range", "/tensors/emb/indices/0"),
            ({"emb": {"indices": [2**40], "grad": row}}, "index-out-of-range", "/tensors/emb/indices/0"),
            ({"a/b": {"indices": [4, 5], "grad": row}}, "index-out-of-range", "/tensors/a~1b/indices/1"),
            ({"emb": {"indices": [0.5], "grad": row}}, "invalid-field", "/tensors/emb/indices/0"),
            ({"emb": {"indices": ["0"], "grad": row}}, "invalid-field", "/tensors/emb/indices/0"),
            ({"emb": {"indices": [], "grad": []}}, "invalid-field", None),
            ({"emb": {"indices": [0, 1], "grad": row}}, "length-mismatch", "/tensors/emb/grad"),
            ({"emb": {"indices": [0], "grad": row + [1]}}, "length-mismatch", "/tensors/emb/grad"),
            ({"emb": {"grad": row}}, "length-mismatch", "/tensors/emb/grad"),
            ({"a/b": {"grad": row}}, "length-mismatch", "/tensors/a~1b/grad"),
            ({"emb": {"indices": [0, 1], "grad": [1, 2, 3, None]}}, "invalid-field", "/tensors/emb/grad/3"),
            ({"emb": {"indices": [0]}}, "invalid-field", "/tensors/emb/grad"),
            ({"emb": {"indices": [0], "grad": row, "parameter": row}}, "invalid-field", "/tensors/emb/parameter"),
            ({"nobody": {"grad": row}}, "invalid-field", "/tensors/nobody"),
            ({"no/body": {"grad": row}}, "invalid-field", "/tensors/no~1body"),
            ({"s": {"grad": [1.0]}}, None, None),
            ({"s": {"grad": 1.0, "indices": [0]}}, None, None),
            ({"a/b": {"grad": 1.0}}, None, None),
            ({"a/b": {"grad": [1.0] * 5}, "emb": {"indices": [0], "grad": [1e200, 1]}}, "non-finite-result", None),
            ({}, "invalid-field", "/tensors")]:
        no_good(trial, "POST", path + "/step", {"tensors": tensors}, code, pointer)
    no_good(trial, "POST", path + "/step", {"grad": row}, "invalid-field", None)
    no_good(trial, "POST", path + "/step", {"grad": row, "tensors": {"s": {"grad": 1.0}}}, "invalid-field", None)
    twice = '{"tensors": {"a/b": {"grad": [1, 1, 1, 1, 1]}, "a/b": {"grad": [1, 1, 1, 1, 1]}}}'
    no_good(trial, "POST", path + "/step", twice, "invalid-field", "/tensors/a~1b")
    for tensors, code, pointer in [
            ({"emb": {"indices": [5]}}, "index-out-of-range", "/tensors/emb/indices/0"),
            ({"nobody": {"indices": [0]}}, "invalid-field", "/tensors/nobody")]:
        no_good(trial, "POST", path + "/state/lookup", {"tensors": tensors}, code, pointer)
    part = {"step": 1, "tensors": {"a/b": {"G": [1.0] * 5, "parameter": [1.0] * 5}}}
    no_good(trial, "PUT", path + "/state", part, None, None)
    other = path + "-unnamed"
    trial.status(trial.send("PUT", other, b'{"size": 1099511627776, "initial_parameter_value": 0}'), 201)
    for body, code, pointer in [
            ({"indices": [0, 2**40], "grad": row}, "index-out-of-range", "/indices/1"),
            ({"indices": [2**63], "grad": [1.0]}, None, "/indices/0"),
            ({"indices": [0, 1], "grad": [1.0]}, "length-mismatch", None),
            ({"grad": [1.0]}, "invalid-field", None),
            ({"tensors": {"w": {"grad": row}}}, "invalid-field", None)]:
        no_good(trial, "POST", other + "/step", body, code, pointer)
    trial.status(trial.send("GET", other + "/state"), 422)
    sent = path + "-sent"
    trial.status(trial.send("PUT", sent, json.dumps({"tensors": {
        "e": {"shape": [3, 2]}, "f": {"shape": [2], "frozen": True}}}).encode()), 201)
    for tensors, code, pointer in [
            ({"e": {"indices": [1, 1], "grad": row * 2, "parameter": [1.0, 2.0, 1.0, 3.0]}}, "invalid-field", None),
            ({"e": {"indices": [1], "grad": row}}, "invalid-field", "/tensors/e/parameter"),
            ({"e": {"indices": [1], "grad": row, "parameter": row * 2}}, "length-mismatch", "/tensors/e/parameter"),
            ({"e": {"grad": row * 3, "parameter": row}}, "length-mismatch", "/tensors/e/parameter"),
            ({"f": {"grad": [1, None], "parameter": row}}, "invalid-field", "/tensors/f/grad/1"),
            ({"f": {"grad": [1], "parameter": row}}, "length-mismatch", "/tensors/f/grad"),
            ({"f": {"grad": row, "parameter": row, "frozen": False}}, "invalid-field", "/tensors/f/frozen")]:
        no_good(trial, "POST", sent + "/step", {"tensors": tensors}, code, pointer)
    trial.check("step after all that was refused", 0, trial.send("GET", sent).meta.get("step"))
    trial.check("the state after all that was refused", before, trial.send("GET", path + "/state").meta)
    for at in (path, other, sent):
        trial.status(trial.send("DELETE", at), 204)


KINDS = {"stateless": (stateless, 1000), "vector": (vector, 100), "session": (session, 160), "medium": (medium, 12),
         "large": (large, 16), "decimals": (decimals, 50), "refused": (refused, 1),
         "refused-session": (refused_session, 1)}


def run(service, kind, seed):
    trial = Trial(service, kind, seed)
    try:
        KINDS[kind][0](trial)
    except Difference as difference:
        trial.differ(difference)
    except Exception:  # an answer that is unlike all that the contract knows, or none
        trial.differ(Difference("an answer that cannot be read", "one as in the contract", traceback.format_exc()))
        service.connection.close()
    return trial


def main():
    service = Service(sys.argv[1])
    if len(sys.argv) > 2:
        names = []
        for name in sys.argv[2:]:
            kind, _, seeds = name.partition("/")
            first, _, last = seeds.partition("-")
            names += [(kind, seed) for seed in range(int(first), int(last or first) + 1)]
    else:
        names = [(kind, seed) for kind, (_, count) in KINDS.items() for seed in range(count)]
    started, counts, failures = time.monotonic(), {}, 0
    for kind, seed in names:
        trial = run(service, kind, seed)
        trials, requests, numbers = counts.get(kind, (0, 0, 0))
        counts[kind] = trials + 1, requests + trial.requests, numbers + trial.numbers
        failures += trial.failed
    for kind, (trials, requests, numbers) in counts.items():
        print(f"{kind}: {trials} trials, {requests} requests, {numbers} numbers compared")
    print(f"reference: {sum(c[0] for c in counts.values())} trials, {sum(c[2] for c in counts.values())} numbers, "
          f"{failures} trials failed, {time.monotonic() - started:.1f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
