#!/usr/bin/env python3
"""A session that holds a matrix in single precision, with numpy: python3 safetensors_numpy.py [http://localhost:8080]"""
import json
import struct
import sys
import urllib.request

import numpy

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
DTYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8"}

def write(tensors, **metadata):
    """A safetensors file: arrays by their names, and what is no array."""
    strings = {name: value if isinstance(value, str) else json.dumps(value) for name, value in metadata.items()}
    header, end = {"__metadata__": strings}, 0
    for name, array in tensors.items():
        dtype = next(dtype for dtype, code in DTYPES.items() if array.dtype == code)
        header[name] = {"dtype": dtype, "shape": array.shape, "data_offsets": [end, end + array.nbytes]}
        end += array.nbytes
    text = json.dumps(header).encode()
    return b"".join([struct.pack("<Q", len(text)), text, *(array.tobytes() for array in tensors.values())])

def read(file):
    """The arrays of a safetensors file by their names, and its metadata."""
    start = 8 + struct.unpack_from("<Q", file)[0]
    header = json.loads(file[8:start])
    metadata, tensors = header.pop("__metadata__", {}), {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        elements = numpy.frombuffer(file[start + begin:start + end], DTYPES[tensor["dtype"]])
        tensors[name] = elements.reshape(tensor["shape"])
    return tensors, metadata

def call(method, path, file=None):
    request = urllib.request.Request(BASE + path, file, {"Content-Type": "application/vnd.safetensors"}, method=method)
    with urllib.request.urlopen(request) as response:
        body = response.read()
        return read(body) if response.headers["Content-Type"] == "application/vnd.safetensors" else body

# Which matrix is nearest to this one? The one that makes (θ - target)² / 2 least, whose gradient is θ - target.
target = numpy.linspace(-1, 1, 100_000, dtype="f4").reshape(1000, 100)
theta = numpy.zeros_like(target)
created = json.loads(call("POST", "/adagrad/sessions", write({"parameter": theta}, learning_rate=0.5)))
session = "/adagrad/sessions/" + created["id"]
for _ in range(10):
    tensors, metadata = call("POST", session + "/step", write({"grad": theta - target}))
    theta = tensors["parameter"]
call("DELETE", session)
print(f"{theta.dtype} {theta.shape}, off by at most {abs(theta - target).max():.3f} after {metadata['step']} steps")
