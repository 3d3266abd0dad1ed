#!/usr/bin/env python3
"""Logistic regression with l1: python3 sparse_logistic_regression.py http://localhost:8080

200 features, of which each of 1,000 examples has six; only five of all decide. The server holds the weights in a session,
and each step sends the gradient over all examples. With l1 the weights that decide nothing become exactly 0.
"""
import json
import math
import random
import sys
import urllib.request

BASE = sys.argv[1].rstrip("/") + "/adagrad/sessions/sparse-regression"
FEATURES = 200
DECIDING = {3: 2.0, 41: -2.0, 92: 1.5, 153: -1.5, 197: 1.0}
STEPS = 200


def call(method, path, body):
    request = urllib.request.Request(BASE + path, json.dumps(body).encode() if body is not None else None,
                                     {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response) if response.status != 204 else None


def examples():
    draw = random.Random(1)
    for _ in range(1000):
        features = set(draw.sample(range(FEATURES), 5)) | {draw.choice(list(DECIDING))}
        score = sum(DECIDING.get(feature, 0.0) for feature in features)
        yield sorted(features), draw.random() < 1 / (1 + math.exp(-2 * score))


def train(l1):
    data = list(examples())
    weights = [0.0] * FEATURES
    call("PUT", "", {"size": FEATURES, "initial_parameter_value": 0, "learning_rate": 0.5, "l1": l1, "ttl_seconds": 600})
    try:
        for _ in range(STEPS):
            grad = [0.0] * FEATURES
            for features, label in data:
                error = 1 / (1 + math.exp(-sum(weights[feature] for feature in features))) - label
                for feature in features:
                    grad[feature] += error / len(data)
            weights = call("POST", "/step", {"grad": grad})["parameter"]
        return weights
    finally:
        call("DELETE", "", None)


for l1 in (0, 0.005):
    weights = train(l1)
    largest = sorted(range(FEATURES), key=lambda feature: -abs(weights[feature]))[:len(DECIDING)]
    print(f"l1 = {l1}: {sum(weight == 0 for weight in weights)} of {FEATURES} weights are 0; the largest are those of",
          sorted(largest))
