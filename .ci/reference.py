"""A reference for the service, written from the contract alone, and seeded random trials that compare the two.

Each number is compared bit for bit. A trial prints nothing unless it fails; then it prints its name, the request, and both
values. The name is an argument that runs this one trial again:

    python3 reference.py http://localhost:8080 [KIND/SEED]

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
import urllib.parse

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
# what a tensor may have of its own, beside what is of the tensor alone
OF_A_TENSOR = ("weight_decay", "l1", "l2", "clip_value", "initial_accumulator_value")


def in_force(hyper):
    """All hyperparameters: the defaults, then those of the preset, then those that are named."""
    return {**DEFAULTS, **PRESETS.get(hyper.get("preset"), {}), **{k: v for k, v in hyper.items() if k != "preset"}}


class NonFinite(Exception):
    """A step that must be refused."""

    def __init__(self, name, index):
        super().__init__(f"tensor {name!r}, element {index}")
        self.name, self.index = name, index


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

    def __init__(self, name, g, theta, G, settings=None, row=False):
        self.name, self.g, self.theta, self.G = name, g, theta, G
        self.settings, self.row = settings or {}, row


class Result:
    """What a step makes of a part."""

    def __init__(self, theta, G, rate, update):
        self.theta, self.G, self.rate, self.update = theta, G, rate, update


def update(dtype, hyper, t, parts):
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
        bad = ~(np.isfinite(new) & np.isfinite(G))
        if bad.any():
            raise NonFinite(part.name, int(np.argmax(bad.ravel())))
        assert all(a.dtype == DTYPES[dtype] for a in (new, G, delta, rate)), "the reference has left its dtype"
        results[part.name] = Result(new, G, rate, delta)
    metrics = {
        "learning_rate": eta_t, "grad_norm": grad_norm, "clip_factor": min(factors, default=1.0),
        "update_norm": norm([results[p.name].theta.astype("f8") - p.theta.astype("f8") for p in moving]),
        "parameter_norm": norm([results[p.name].theta for p in moving]),
        "touched": sum(p.theta.size for p in moving)}
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

    def read(self, entries):
        """G and theta of some entries, as [entries, …]."""
        got = []
        for entry in entries:
            if entry not in self.entries:
                G = self.fill(self.initial_G, entry, 1 if self.row else self.dim)
                got.append((G, self.fill(self.initial_theta, entry, self.dim) if self.held else None))
            else:
                got.append(self.entries[entry])
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
        header[name] = {"dtype": code, "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
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
    """An array as JSON writes it: flat, and a number where it has no axes. F32 in its shortest form, or as long as F64."""
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
        for name, (arrays, settings) in tensors.items():
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
        self.request, self.requests, self.numbers = None, 0, 0
        self.id = f"reference-{kind}-{seed}-{time.time_ns() % 10**12}"

    def send(self, *args, **named):
        return self.service.send(self, *args, **named)

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
            if actual.dtype != expected.dtype or actual.shape != expected.shape and actual.size != expected.size:
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


# What is random

NAMES = ["w", "b", "a", "a.b", "a/b", "a-b", "a:0", "a_b", "A", "Z", "_", "9", "10", ".hidden", "-", "/", "::", "layers.0.weight",
         "layers.10.weight", "layers.1.bias", "params/Dense_0/kernel", "dense/kernel:0", "emb", "emb/0", "z" * 255, "grad",
         "G", "parameter", "tensors", "indices", "~".replace("~", "x.y/z:0-_")]


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
        hyper["learning_rate"] = rng.choice([positive(rng), positive(rng), 0.0])
    if rng.random() < 0.5:
        hyper["epsilon"] = rng.choice([positive(rng, -10, -1), 0.0])
    if rng.random() < 0.3:
        hyper["epsilon_placement"] = rng.choice(["outside_sqrt", "inside_sqrt"])
    if rng.random() < 0.3:
        hyper["lr_decay"] = positive(rng)
    if rng.random() < 0.5:
        hyper["weight_decay"] = positive(rng)
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
    t = rng.choice([1, 2, 7, 1000, rng.randint(1, 2**40)])
    include = [name for name in ("effective_learning_rate", "update", "metrics") if rng.random() < 0.3]
    spread = rng.choice([0, 3, 3, 8] if dtype == "F32" else [0, 3, 3, 60])
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
            arrays["grad"] *= DTYPES[dtype].type(extreme)
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
        results, metrics = update(dtype, hyper, t, parts)
    except NonFinite:
        trial.problem(answer, 422, "non-finite-result")
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


KINDS = {"stateless": (stateless, 400)}


def run(service, kind, seed):
    trial = Trial(service, kind, seed)
    try:
        KINDS[kind][0](trial)
        failed = None
    except Difference as difference:
        failed = f"expected: {difference.expected}\nactual:   {difference.actual}"
        print(f"FAILED {kind}/{seed}: {difference.where}\n{trial.request}\n{failed}\n")
    except Exception as error:  # an answer that is unlike all that the contract knows
        import traceback
        failed = traceback.format_exc()
        print(f"FAILED {kind}/{seed}: {error!r}\n{trial.request}\n{failed}\n")
    return trial, failed


def main():
    service = Service(sys.argv[1])
    if len(sys.argv) > 2:
        names = [tuple(name.split("/")) for name in sys.argv[2:]]
    else:
        names = [(kind, seed) for kind, (_, count) in KINDS.items() for seed in range(count)]
    started, counts, failures = time.monotonic(), {}, 0
    for kind, seed in names:
        trial, failed = run(service, kind, seed)
        trials, requests, numbers = counts.get(kind, (0, 0, 0))
        counts[kind] = trials + 1, requests + trial.requests, numbers + trial.numbers
        failures += failed is not None
    for kind, (trials, requests, numbers) in counts.items():
        print(f"{kind}: {trials} trials, {requests} requests, {numbers} numbers compared")
    print(f"reference: {sum(c[0] for c in counts.values())} trials, {sum(c[2] for c in counts.values())} numbers, "
          f"{failures} trials failed, {time.monotonic() - started:.1f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
