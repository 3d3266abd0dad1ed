#!/usr/bin/env python3
"""Online learning by several workers: python3 online_learning.py [http://localhost:8080], with adagrad.py beside this file.

Logistic regression over 2^20 hashed features. Four workers push sparse gradients to one session at once. One of them is
killed in the middle and started again, and still every push counts once.
"""
import json
import math
import multiprocessing
import os
import random
import sys
import tempfile
import zlib

import adagrad

CLIENT = adagrad.Client(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080")
FEATURES, WORKERS, PUSHES, BATCH = 2**20, 4, 200, 20

def events(name):
    """Who saw which ad, and did they click? Always the same for a name: the indices of the features, and 1 or 0."""
    source = random.Random(name)
    for _ in range(BATCH):
        user, ad = int(2000 * source.random() ** 2), source.randrange(200)
        words = ["everyone", f"user {user}", f"ad {ad}", f"group {user % 10} sees kind {ad % 10}"]
        log_odds = sum(random.Random(word).gauss(0, 1.5) for word in words)
        # no list of all features is kept anywhere: a hash of the word says where its weight is
        yield [zlib.crc32(word.encode()) % FEATURES for word in words], int(source.random() < logistic(log_odds))

def logistic(x):
    return 1 / (1 + math.exp(-x))

def look_up(session, batch):
    """The weights that these events touch, by their indices."""
    state = session.state(indices=[i for indices, _ in batch for i in indices])
    return dict(zip(state.indices, state.parameter))

def loss(session):
    batch = [event for number in range(50) for event in events(f"test {number}")]
    theta = look_up(session, batch)
    clicks = ((logistic(sum(theta[i] for i in indices)), clicked) for indices, clicked in batch)
    return -sum(math.log(p if clicked else 1 - p) for p, clicked in clicks) / len(batch)

def work(session, worker, folder):
    """Pushes a gradient for each batch, written down before it is sent: who comes back after a crash cannot know whether
    the last one has arrived, and sends the same again under the same key."""
    notes, first = os.path.join(folder, f"worker {worker}"), 1
    if os.path.exists(notes):
        with open(notes) as file:
            number, gradient = json.load(file)
        answer = session.step(**gradient, idempotency_key=f"worker {worker}, push {number}")
        print(f"worker {worker} is back; its push {number}, sent again, is step {answer.applied_step or answer.step}")
        first = number + 1
    for number in range(first, PUSHES + 1):
        batch = list(events(f"worker {worker}, batch {number}"))
        theta = look_up(session, batch)
        gradient = {"indices": [], "grad": []}  # a feature of several events stands there as often: the server adds up
        for indices, clicked in batch:
            error = logistic(sum(theta[i] for i in indices)) - clicked
            gradient["indices"] += indices
            gradient["grad"] += [error / BATCH] * len(indices)
        with open(notes + ".new", "w") as file:
            json.dump([number, gradient], file)
        os.replace(notes + ".new", notes)
        session.step(**gradient, idempotency_key=f"worker {worker}, push {number}")

def start(*args):
    process = multiprocessing.Process(target=work, args=args)
    process.start()
    return process

if __name__ == "__main__":
    session = CLIENT.create(size=FEATURES, initial_parameter_value=0, learning_rate=0.5)
    before = loss(session)
    with tempfile.TemporaryDirectory() as folder:
        workers = [start(session, worker, folder) for worker in range(WORKERS)]
        session.reached(WORKERS * PUSHES // 2, pause=0.01)
        workers[0].kill()  # as kill -9 does, whatever it is at
        workers[0].join()
        assert workers[0].exitcode == -9
        workers[0] = start(session, 0, folder)
        for process in workers:
            process.join()
            assert process.exitcode == 0
    after, steps = loss(session), session.describe()["step"]
    print(f"loss {before:.3f} -> {after:.3f} after {steps} steps")
    assert after < before - 0.1
    assert steps == WORKERS * PUSHES
