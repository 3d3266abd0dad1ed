"""The served Python client: check_served.py SERVICE HOSTILE, with adagrad.py on PYTHONPATH."""
import array
import json
import logging
import os
import pathlib
import sys
import threading
import time
import urllib.request
import uuid

import adagrad

try:
    import numpy
except ImportError:  # the client does not need it; CI's Python has it
    numpy = None

service, hostile = sys.argv[1:]
logging.getLogger("adagrad").setLevel(logging.ERROR)
passed = failed = 0


def check(what, ok, seen=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"{what}: {seen}", file=sys.stderr)


def equal(what, seen, wanted):
    check(what, type(seen) is type(wanted) and seen == wanted, f"{seen!r}, not {wanted!r}")


def refused(what, code, call):
    try:
        check(what, False, f"answered {call()!r}")
    except adagrad.AdaGradError as error:
        check(what, error.code == code, error)
        return error
    return None


def raises(what, kind, call):
    try:
        check(what, False, f"answered {call()!r}")
    except kind:
        check(what, True)


client = adagrad.Client(service, patience=10)
client.ready()
# from the contract: θ − η·g / (√G + ε), at the default ε of 1e-8
expected = [1.0 - 0.1 * 0.1 / (0.1 * 0.1) ** 0.5, 2.0 - 0.1 * 0.2 / (0.2 * 0.2) ** 0.5]
near = [each + 0.1 * 1e-8 / g for each, g in zip(expected, (0.1, 0.2))]


def is_near(values):
    return all(abs(float(a) - b) < 1e-9 for a, b in zip(values, near)) and len(values) == 2


answer = client.step(parameter=[1.0, 2.0], grad=[0.1, 0.2], G=[0.0, 0.0], learning_rate=0.1, include=["metrics"])
check("a stateless step", is_near(answer.parameter) and type(answer.parameter) is list, answer)
equal("G", answer.G, [0.1 * 0.1, 0.2 * 0.2])
equal("metrics", answer.metrics["touched"], 2)
equal("numbers", client.step(1, 0.5, 0, epsilon=0, learning_rate=0.25).parameter, 0.75)
equal("integers", client.step([1, 2], [1, -1], [0, 0], epsilon=0, learning_rate=0.5).parameter, [0.5, 2.5])
equal("nested lists", client.step([[1, 2]], [[1, -1]], [[0, 0]], epsilon=0, learning_rate=0.5).parameter, [[0.5, 2.5]])
answer = client.step(array.array("f", [1, 2]), array.array("f", [1, 1]), array.array("f", [0, 0]), epsilon=0,
                     learning_rate=0.5)
equal("an array of floats", answer.parameter, array.array("f", [0.5, 1.5]))
answer = client.step(array.array("d", [1, 2]), [1, 1], [0, 0], epsilon=0, learning_rate=0.5)
equal("an array of doubles beside lists", answer.parameter, array.array("d", [0.5, 1.5]))
equal("lists beside it", answer.G, [1.0, 1.0])
equal("dtype", client.step([0.1], [1.0], [0.0], dtype="F32", learning_rate=0).parameter, [0.10000000149011612])
named = client.step(tensors={"a/b": {"parameter": [1.0], "grad": [1.0], "G": [0.0]},
                             "c": {"parameter": 1.0, "grad": 1.0, "G": 0.0, "learning_rate_scale": 0.5}},
                    epsilon=0, learning_rate=0.5)
equal("named tensors", (named.tensors["a/b"].parameter, named.tensors["c"].parameter), ([0.5], 0.75))
error = refused("a NaN", "invalid-field", lambda: client.step([1.0, 1.0], [0.0, float("nan")], [0.0, 0.0]))
equal("its place", error and error.errors[0]["pointer"], "/grad/1")
equal("its status", error and error.status, 422)
refused("a misspelt setting", "invalid-field", lambda: client.step([1.0], [1.0], [0.0], lr=1))
raises("a string for a number", TypeError, lambda: client.step(["1.0"], [1.0], [0.0]))
raises("rows of several lengths", ValueError, lambda: client.step([[1.0], [1.0, 2.0]], [1.0], [0.0]))
raises("an id that is none", ValueError, lambda: client.session("../x"))

if numpy is not None:
    def numpy_step(what, parameter, dtype):
        shape = parameter.shape
        answer = client.step(parameter, numpy.ones(shape, parameter.dtype), numpy.zeros(shape, parameter.dtype),
                             epsilon=0, learning_rate=0.5)
        wanted = (parameter - 0.5).astype(dtype)
        check(f"numpy: {what}", answer.parameter.dtype == wanted.dtype and answer.parameter.shape == shape
              and (answer.parameter == wanted).all(), answer)

    grid = numpy.arange(12.0).reshape(3, 4)
    numpy_step("a matrix", grid, "f8")
    numpy_step("transposed", grid.T, "f8")
    numpy_step("with gaps", grid[::2, ::3], "f8")
    numpy_step("backwards", grid[::-1, 0], "f8")
    numpy_step("big-endian", grid.astype(">f8"), "f8")
    numpy_step("big-endian float32", grid.astype(">f4"), "f4")
    numpy_step("float32", grid.astype("f4"), "f4")
    numpy_step("float16", grid.astype("f2"), "f4")
    numpy_step("integers", grid.astype(int), "f8")
    numpy_step("rank 0", numpy.array(3.0), "f8")
    numpy_step("read-only", numpy.broadcast_to(numpy.float64(2), (3,)), "f8")
    number = client.step(numpy.float32(1), numpy.float32(1), numpy.float32(0), epsilon=0, learning_rate=0.5).parameter
    check("numpy: a number", number == 0.5 and isinstance(number, numpy.float32), repr(number))
    raises("numpy: complex", TypeError, lambda: client.step(grid, grid * 1j, grid))
    raises("numpy: strings", TypeError, lambda: client.step(grid, grid.astype(str), grid))
    million, told = numpy.ones(1_000_000), []
    answer = client.step(million, million, numpy.zeros(1_000_000), progress=lambda *each: told.append(each))
    equal("a million", (answer.parameter.shape, len(set(answer.parameter.tolist()))), ((1_000_000,), 1))
    up, down = [each for each in told if each[0] == "up"], [each for each in told if each[0] == "down"]
    check("progress", up[-1][1] == up[-1][2] > 24_000_000 and down[-1][1] > 16_000_000 and len(up) > 10, told[-1:])
    answer.parameter += 1  # what is answered may be written to

# sessions
prefix = f"py-{uuid.uuid4()}"
session = client.create(prefix, parameter=[1.0, 2.0], learning_rate=0.1)
check("one step", is_near(session.step([0.1, 0.2]).parameter))
again = client.create(prefix, parameter=[1.0, 2.0], learning_rate=0.1)
equal("created again, it goes on", again.description["step"], 1)
refused("created otherwise", "session-exists", lambda: client.create(prefix, parameter=[1.0, 3.0]))
refused("created anew only", "step-mismatch", lambda: client.create(prefix, parameter=[1.0, 2.0], learning_rate=0.1,
                                                                     if_none_match="*"))
key = str(uuid.uuid4())
first = session.step([1.0], indices=[1], idempotency_key=key)
equal("indices", (first.step, first.indices), (2, [1]))
second = session.step([1.0], indices=[1], idempotency_key=key)
equal("the same key", (second.step, second.parameter, second.replayed, first.replayed),
      (2, first.parameter, True, False))
refused("the same key for another step", "idempotency-key-reused", lambda: session.step([2.0, 1.0], idempotency_key=key))
error = refused("if_match", "step-mismatch", lambda: session.step([1.0, 1.0], if_match=1))
equal("where it is", error and error.problem["step"], 2)
third = session.step([0.0, 0.0], if_match=second.etag, include="G", minimal=False)
equal("if_match by etag", third.step, 3)
equal("minimal", session.step([0.0, 0.0], if_match=3, minimal=True).parameter, None)
state = session.state()
equal("a state", (state.step, state.parameter[1], len(state.G)), (4, first.parameter[0], 2))
equal("some of it", session.state(indices=[1]).G, state.G[1:])
equal("as an array", session.state(kind="array").G, array.array("d", state.G))
session.step([5.0, 5.0])
session.restore(state)
equal("restored", (session.state().parameter, session.describe()["step"]), (state.parameter, 4))
refused("a restore of another size", "length-mismatch", lambda: session.restore({"step": 1, "G": [1.0],
                                                                                  "parameter": [1.0]}))
waiting = threading.Thread(target=lambda: session.reached(5, within=20, pause=0.05))
waiting.start()
session.step([0.0, 0.0])
waiting.join(20)
check("waits for a step", not waiting.is_alive())
raises("but not for ever", TimeoutError, lambda: session.reached(99, within=0.1, pause=0.05))
equal("listed", [each.id for each in client.sessions(limit=1) if each.id.startswith(prefix)], [prefix])
session.delete()
refused("deleted twice", "session-not-found", session.delete)

floats = client.create(prefix, size=3, dtype="F32", initial_parameter_value=0)
equal("lists become what the session has", client.session(prefix).step([1.0, 1.0, 1.0], learning_rate=0.5).parameter,
      [-0.5, -0.5, -0.5])
refused("doubles do not", "dtype-mismatch", lambda: floats.step(array.array("d", [1, 1, 1])))
floats.delete()

model = client.create(prefix, learning_rate=0.5, epsilon=0, tensors={
    "w": {"parameter": [[1.0, 2.0], [3.0, 4.0]]}, "b": {"parameter": 1.0},
    "emb": {"shape": [1000, 2], "initial_parameter_value": 0, "accumulator": "row"}})
answer = model.step(tensors={"w": {"grad": [[1.0, 1.0], [1.0, 1.0]]}, "b": {"grad": 1.0},
                             "emb": {"indices": [7, 900, 7], "grad": [1.0, 1.0, 2.0, 2.0, 3.0, 3.0]}})
equal("a model", (answer.tensors["w"].parameter, answer.tensors["b"].parameter, answer.tensors["emb"].indices,
                  answer.tensors["emb"].parameter), ([[0.5, 1.5], [2.5, 3.5]], 0.5, [7, 900], [-0.5] * 4))
copy = client.create(prefix + "-copy", learning_rate=0.5, epsilon=0, tensors={
    "w": {"parameter": [[0.0, 0.0], [0.0, 0.0]]}, "b": {"parameter": 0.0},
    "emb": {"shape": [1000, 2], "initial_parameter_value": 0, "accumulator": "row"}})
pages = list(model.touched(limit=1))
check("pages", len(pages) == 5, pages)
for page in pages:
    copy.restore(page)
equal("page by page", copy.state(), adagrad.Answer(**{**vars(model.state()), "etag": copy.state().etag}))
equal("one tensor", model.state(tensor="b").tensors["b"].parameter, 0.5)
equal("rows of one", model.state(tensor="emb", indices=[900]).tensors["emb"].parameter, [[-0.5, -0.5]])
both = model.state(tensors={"emb": {"indices": [7]}, "b": {}}).tensors
equal("of several", (both["emb"].G, both["b"].G), ([16.0], 1.0))
copy.delete()
model.delete()

# misfortunes: each gets the answer, or the error, with as many requests and as much patience as it should
wanted = json.loads((pathlib.Path(__file__).parent / "misfortunes.json").read_text(encoding="utf-8"))


def log(name):
    with urllib.request.urlopen(f"{hostile}/{name}/log", timeout=10) as response:
        return json.load(response)


for name, each in wanted.items():
    victim = adagrad.Client(f"{hostile}/{name}", patience=10).session("s", "array")
    start = time.monotonic()
    if "code" in each:
        refused(name, each["code"], lambda: victim.step(array.array("d", [1, 1])))
    else:
        equal(name, victim.step(array.array("d", [1, 1])).parameter, array.array("d", [1.5, -2.5]))
    took = time.monotonic() - start
    check(f"{name}: waits as it should", each.get("seconds", 0) <= took < each.get("seconds", 0) + 2, took)
    requests = log(name)
    check(f"{name}: requests", len(requests) == each["requests"], requests)
    check(f"{name}: one key", len({request["key"] for request in requests}) == 1 and requests[0]["key"], requests)

for name in ("stale", "stale-unseen"):
    stale = adagrad.Client(f"{hostile}/{name}", patience=0).session("s", "array")
    stale.step(array.array("d", [1, 1]))
    equal(f"{name}: no patience is needed", stale.step(array.array("d", [1, 1])).step, 1)
    equal(f"{name}: two steps have two keys", len({request["key"] for request in log(name)}), 2)
adagrad.Client(f"{hostile}/gone").session("s").delete()
equal("a deletion whose answer was lost", len(log("gone")), 2)
refused("a deletion of nothing", "session-not-found", adagrad.Client(f"{hostile}/never-there").session("s").delete)
error = refused("nobody there", "no-answer", adagrad.Client("http://127.0.0.1:1", patience=0.3).ready)
equal("has no status", error and error.status, None)

# processes that are forked from one with an open connection: each gets its own answers
forked = client.create(prefix, size=4, initial_parameter_value=0)
forked.step([1.0], indices=[0])


def step_alone(index):
    return all(forked.step([1.0], indices=[index]).indices == [index] for _ in range(20))


children = []
for index in (1, 2, 3):
    child = os.fork()
    if child == 0:
        os._exit(0 if step_alone(index) else 1)
    children.append(child)
check("the first process", step_alone(0))
check("processes forked from it", all(os.waitpid(child, 0)[1] == 0 for child in children))
equal("each step once", forked.describe()["step"], 81)
forked.delete()

print(f"Python client: {passed} passed, {failed} failed")
sys.exit(failed > 0)
