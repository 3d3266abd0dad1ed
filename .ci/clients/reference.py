"""Holds the service against the safetensors package: what that writes is read, and what is answered it reads."""
import json
import sys
import urllib.request

import numpy
from safetensors import safe_open
from safetensors.numpy import load, save

BASE = sys.argv[1]
FILE = "application/vnd.safetensors"


def check(name, actual, expected):
    if actual != expected:
        raise AssertionError(f"safetensors package: {name}: {actual}, expected {expected}")
    print(f"safetensors package: {name}: ok")


def call(method, path, tensors, metadata=None, accept=FILE):
    body = save(tensors, metadata) if tensors else None
    request = urllib.request.Request(BASE + path, body, {"Content-Type": FILE, "Accept": accept}, method=method)
    with urllib.request.urlopen(request) as response:
        return response.read()


def metadata_of(file):
    with open("answer.safetensors", "wb") as answer:
        answer.write(file)
    with safe_open("answer.safetensors", "numpy") as answer:
        return answer.metadata()


def shown(tensors):
    return {name: (str(tensor.dtype), tensor.tolist()) for name, tensor in sorted(tensors.items())}


vector = {name: numpy.array(values) for name, values in
          {"parameter": [1.0, 2.0, 3.0], "grad": [0.1, 0.2, 0.3], "G": [0.0, 0.0, 0.0]}.items()}
expected = {"G": [0.010000000000000002, 0.04000000000000001, 0.09],
            "parameter": [0.9900000009999999, 1.9900000005, 2.990000000333333]}
check("a step", shown(load(call("POST", "/adagrad/step", vector, {"format": "np", "learning_rate": "0.01"}))),
      {name: ("float64", values) for name, values in expected.items()})

for shape in (), (1,), (3,), (1, 1), (2, 3), (3, 1, 5):
    for dtype in "float32", "float64":
        tensors = {name: numpy.full(shape, value, dtype) for name, value in
                   {"parameter": 1.0, "grad": 0.1, "G": 1.0}.items()}
        answer = load(call("POST", "/adagrad/step", tensors, {"include": "update"}))
        plain = json.loads(call("POST", "/adagrad/step", tensors, {"include": "update"}, "application/json"))
        for name, tensor in answer.items():
            assert tensor.shape == shape and tensor.dtype == dtype, (name, tensor.shape, tensor.dtype)
            assert numpy.array_equal(tensor.ravel(), numpy.array(plain[name], dtype).ravel()), name
        check(f"{dtype} of shape {list(shape)}", sorted(answer), ["G", "parameter", "update"])

session = "/adagrad/sessions/" + json.loads(
    call("POST", "/adagrad/sessions", {"parameter": vector["parameter"]}, accept="application/json"))["id"]
sparse = {"indices": numpy.array([2, 0, 2]), "grad": vector["grad"].astype("float64")}
stepped = call("POST", session + "/step", sparse, {"include": "G"})
check("a sparse step", list(load(stepped)["indices"]), [0, 2])
check("its number", metadata_of(stepped), {"step": "1"})
state = call("GET", session + "/state", None)
check("a state", {name: str(tensor.dtype) for name, tensor in sorted(load(state).items())},
      {"G": "float64", "parameter": "float64"})
call("PUT", session + "/state", load(state), metadata_of(state))
check("put back", shown(load(call("GET", session + "/state", None))), shown(load(state)))
call("DELETE", session, None)
