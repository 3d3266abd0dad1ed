#!/usr/bin/env python3
"""A training loop that takes every step exactly once: python3 training_loop.py [http://localhost:8080]

It goes on when the service is killed and started again in its middle, and can itself be stopped and started. Each step has
an Idempotency-Key of its own; until an answer comes, the same step is sent again with the same key. The standard library
alone.
"""
import http.client
import json
import math
import random
import sys
import time
import urllib.error
import urllib.request

BASE = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080"
STEPS = 2000

def call(method, path, body=None, key=None):
    """Sends a request until it is answered. The key makes that safe: a step is taken once, however often it is sent."""
    headers = {"Content-Type": "application/json", **({"Idempotency-Key": key} if key else {})}
    data = None if body is None else json.dumps(body).encode()
    while True:
        try:
            request = urllib.request.Request(BASE + "/adagrad/sessions/coin" + path, data, headers, method=method)
            with urllib.request.urlopen(request, timeout=10) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code != 503 and json.load(error)["code"] != "session-busy":
                raise
        except (OSError, http.client.HTTPException):
            pass  # not there, or gone before the answer was
        time.sleep(0.1)

# Logistic regression: which side of a line does a point lie on?
random.seed(7)
points = [(1.0, random.gauss(0, 1), random.gauss(0, 1)) for _ in range(200)]
labels = [0.5 - 2 * x + 3 * y + random.gauss(0, 0.5) > 0 for _, x, y in points]

def predict(theta, point):
    return 1 / (1 + math.exp(-sum(t * x for t, x in zip(theta, point))))

def loss(theta):
    return -sum(math.log(p if label else 1 - p)
                for p, label in ((predict(theta, point), label) for point, label in zip(points, labels))) / len(points)

session = call("PUT", "", {"parameter": [0.0, 0.0, 0.0], "learning_rate": 0.1})
theta = call("GET", "/state")["parameter"]
for step in range(session["step"] + 1, STEPS + 1):
    errors = [predict(theta, point) - label for point, label in zip(points, labels)]
    grad = [sum(e * point[i] for e, point in zip(errors, points)) / len(points) for i in range(3)]
    theta = call("POST", "/step", {"grad": grad}, key=f"step {step}")["parameter"]

before, after = loss([0.0, 0.0, 0.0]), loss(theta)
print(f"loss {before:.3f} -> {after:.3f} after {call('GET', '')['step']} steps")
assert after < before / 3
assert call("GET", "")["step"] == STEPS
