#!/usr/bin/env python3
"""Steps in safetensors with the standard library alone: python3 safetensors_plain.py [http://localhost:8080]"""
import array
import json
import struct
import sys
import urllib.request

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
CODES = {"F64": "d", "F32": "f", "I64": "q"}  # of the module array; on a big-endian machine, byteswap() them

def write(tensors, **metadata):
    """A safetensors file: arrays by their names, and what is no array."""
    strings = {name: value if isinstance(value, str) else json.dumps(value) for name, value in metadata.items()}
    header, data = {"__metadata__": strings}, b""
    for name, values in tensors.items():
        dtype = next(dtype for dtype, code in CODES.items() if values.typecode == code)
        end = len(data) + len(values) * values.itemsize
        header[name] = {"dtype": dtype, "shape": [len(values)], "data_offsets": [len(data), end]}
        data += values.tobytes()
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data

def read(file):
    """The arrays of a safetensors file by their names, and its metadata."""
    start = 8 + struct.unpack_from("<Q", file)[0]
    header = json.loads(file[8:start])
    metadata, tensors = header.pop("__metadata__", {}), {}
    for name, tensor in header.items():
        begin, end = tensor["data_offsets"]
        tensors[name] = array.array(CODES[tensor["dtype"]], file[start + begin:start + end])
    return tensors, metadata

def step(tensors, **metadata):
    request = urllib.request.Request(BASE + "/adagrad/step", write(tensors, **metadata),
                                     {"Content-Type": "application/vnd.safetensors"})
    with urllib.request.urlopen(request) as response:
        return read(response.read())[0]

state = {"parameter": array.array("d", [5.0, -3.0]), "G": array.array("d", [0.0, 0.0])}
for t in range(1, 101):
    grad = array.array("d", [2 * theta for theta in state["parameter"]])
    state = step({**state, "grad": grad}, step=t, learning_rate=1.0)
print(state["parameter"])
