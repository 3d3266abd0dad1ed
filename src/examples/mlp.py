#!/usr/bin/env python3
"""Trains a small network over named tensors: python3 mlp.py http://localhost:8080 [--session ID]

Each step is one call: the gradients of four tensors go up, the next parameters and G come back. With a session, which is
created under an id, the server keeps parameters and G, and only gradients go up; a step that is sent again is not taken
again. Weights decay, biases do not; one norm is clipped over all of them. The standard library alone.
"""
import json
import math
import sys
import urllib.request

URL = sys.argv[1].rstrip("/") + "/adagrad"
SESSION = f"{URL}/sessions/{sys.argv[3]}" if len(sys.argv) > 3 else None
SETTINGS = {"learning_rate": 0.3, "epsilon": 1e-10, "weight_decay": 1e-4, "clip_norm": 0.5}
STEPS = 100
HIDDEN = 8
DATA = [((math.sin(i), math.cos(3 * i)), math.sin(i) * math.cos(3 * i)) for i in range(32)]


def start(rows, columns, scale):
    return [scale * math.sin(1 + 7 * k) for k in range(rows * columns)]


def gradients(p):
    """The loss, half the mean of the squared errors, and its gradient for each tensor."""
    g = {name: [0.0] * len(values) for name, values in p.items()}
    loss = 0.0
    for x, wanted in DATA:
        hidden = [math.tanh(p["hidden.bias"][j] + sum(p["hidden.weight"][2 * j + i] * x[i] for i in range(2)))
                  for j in range(HIDDEN)]
        error = p["out.bias"][0] + sum(w * h for w, h in zip(p["out.weight"], hidden)) - wanted
        loss += error * error / 2 / len(DATA)
        error /= len(DATA)
        g["out.bias"][0] += error
        for j in range(HIDDEN):
            g["out.weight"][j] += error * hidden[j]
            inner = error * p["out.weight"][j] * (1 - hidden[j] * hidden[j])
            g["hidden.bias"][j] += inner
            for i in range(2):
                g["hidden.weight"][2 * j + i] += inner * x[i]
    return loss, g


def call(method, url, body, **headers):
    headers["Content-Type"] = "application/json"
    request = urllib.request.Request(url, json.dumps(body).encode(), headers, method=method)
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)["tensors"]


def settled(tensors):
    for name in ("hidden.bias", "out.bias"):
        tensors[name]["weight_decay"] = 0
    return {"tensors": tensors, **SETTINGS}


def create(p):
    call("PUT", SESSION, settled({name: {"parameter": values} for name, values in p.items()}))


def step(number, p, g, G):
    if SESSION:
        answer = call("POST", SESSION + "/step", {"tensors": {name: {"grad": g[name]} for name in p}},
                      **{"Idempotency-Key": f"step {number}"})
        return {n: t["parameter"] for n, t in answer.items()}, G
    answer = call("POST", URL + "/step",
                  settled({name: {"parameter": p[name], "grad": g[name], "G": G[name]} for name in p}))
    return {n: t["parameter"] for n, t in answer.items()}, {n: t["G"] for n, t in answer.items()}


parameters = {"hidden.weight": start(HIDDEN, 2, 0.7), "hidden.bias": start(HIDDEN, 1, 0.1),
              "out.weight": start(1, HIDDEN, 0.5), "out.bias": [0.0]}
sums = {name: [0.0] * len(values) for name, values in parameters.items()}
if SESSION:
    create(parameters)
for number in range(STEPS):
    loss, grads = gradients(parameters)
    parameters, sums = step(number, parameters, grads, sums)
print(json.dumps({"loss": gradients(parameters)[0], "parameters": parameters}))
