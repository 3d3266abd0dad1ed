"""The served Python client and a service that asks for keys: check_keys.py SERVICE FOLDER_OF_KEYS, with adagrad.py on
PYTHONPATH."""
import io
import logging
import os
import pathlib
import sys
import time
import traceback
import uuid

import adagrad

service, folder = sys.argv[1], pathlib.Path(sys.argv[2])
written = {name: (folder / name).read_text(encoding="utf-8") for name in ("reader", "trainer", "admin")}
keys = {name: text.strip() for name, text in written.items()}
said = io.StringIO()  # all that the client and the interpreter say
logging.basicConfig(stream=said, level=logging.DEBUG)
passed = failed = 0


def check(what, ok, seen=""):
    global passed, failed
    if ok:
        passed += 1
    else:
        failed += 1
        print(f"{what}: {seen}", file=sys.stderr)


def refused(what, kind, call):
    """What a call raises; what it says is kept."""
    start = time.monotonic()
    try:
        check(what, False, f"answered {call()!r}")
    except kind as error:
        traceback.print_exception(type(error), error, error.__traceback__, file=said)
        print(repr(error), vars(error), file=said)
        check(f"{what}: at once", time.monotonic() - start < 2)
        return error
    return None


def refused_with(what, code, call):
    error = refused(what, adagrad.AdaGradError, call)
    check(what, error and error.code == code, error)
    return error


def step(client):
    return client.step([1.0], [1.0], [0.0], epsilon=0, learning_rate=0.5).parameter


id = f"py-{uuid.uuid4()}"
trainer = adagrad.Client(service, key=keys["trainer"])
check("a stateless step", step(trainer) == [0.5])
session = trainer.create(id, parameter=[1.0], epsilon=0, learning_rate=0.5)
check("a step", session.step([1.0]).parameter == [0.5])
check("a state", session.state().step == 1)
check("the end of a line is no part of a key", step(adagrad.Client(service, key=written["trainer"])) == [0.5])
os.environ["ADAGRAD_KEY"] = keys["trainer"]
check("the key of the environment", step(adagrad.Client(service)) == [0.5])
error = refused_with("no key", "unauthorized", lambda: step(adagrad.Client(service, key="")))
check("its status", error and error.status == 401)
del os.environ["ADAGRAD_KEY"]
refused_with("no key either", "unauthorized", lambda: step(adagrad.Client(service)))
refused_with("a key that is cut", "unauthorized", lambda: step(adagrad.Client(service, key=keys["trainer"][:-1])))
reader = adagrad.Client(service, key=keys["reader"])
check("a reader reads", reader.session(id).describe()["step"] == 1)
error = refused_with("a reader steps", "forbidden", lambda: reader.session(id).step([1.0]))
check("its status", error and error.status == 403)
refused_with("a restore", "forbidden", lambda: session.restore(session.state()))
for what, bad in {"a line within": keys["trainer"] + "\nX: y", "not ASCII": keys["trainer"] + "\u2026"}.items():
    refused(f"a key with {what}", ValueError, lambda: step(adagrad.Client(service, key=bad)))

refused_with("another tenant", "forbidden", lambda: adagrad.Client(service, key=keys["trainer"], tenant="other")
             .session(id).describe())
admin = adagrad.Client(service, key=keys["admin"], tenant="other")
refused_with("not there in another tenant", "session-not-found", lambda: admin.session(id).describe())
admin.create(id, size=2)
check("two sessions of one id", (admin.session(id).describe()["size"], session.describe()["size"]) == (2, 1))
admin.session(id).delete()
refused("a tenant that is none", ValueError, lambda: adagrad.Client(service, key=keys["admin"], tenant="a b"))
slow = adagrad.Client(service, key=keys["admin"], tenant="slow", patience=20)
start = time.monotonic()
check("a quota is waited for", [step(slow) for _ in range(3)] == [[0.5]] * 3)
check("and not before Retry-After", time.monotonic() - start >= 1, time.monotonic() - start)
hasty = adagrad.Client(service, key=keys["admin"], tenant="slow", patience=0)
refused_with("a quota without patience", "quota-exceeded", lambda: [step(hasty) for _ in range(20)])
session.delete()

print(repr(trainer), repr(session), trainer, session, file=said)
check("the client says something", "quota-exceeded" in said.getvalue())
check("no key is in what it says", not any(key[8:40] in said.getvalue() for key in keys.values()), said.getvalue())
print(f"Python client with keys: {passed} passed, {failed} failed")
sys.exit(failed > 0)
