"""Steps a session from two threads while the service is killed and started again, until a file is there:
exactly_once.py SERVICE FILE

In the end the session stands at the number of steps that were taken, and its parameter is, to the last bit, that of the
update from the contract over the gradients in the order in which they were answered. adagrad.py is on PYTHONPATH.
"""
import itertools
import logging
import math
import os
import sys
import threading
import time

import adagrad

service, end = sys.argv[1:]
again = []
log = logging.getLogger("adagrad")
log.setLevel(logging.DEBUG)
log.propagate = False
handler = logging.Handler()
handler.emit = again.append
log.addHandler(handler)

RATE, EPSILON, SIZE = 0.1, 1e-8, 3
start = [1.0, -2.0, 3.0]
client = adagrad.Client(service, patience=120)
session = client.create("exactly-once-py", parameter=start, learning_rate=RATE, epsilon=EPSILON)
gradients = {}  # by the number of the step that they became
replayed = []


def work(worker):
    for number in itertools.takewhile(lambda _: not os.path.exists(end), itertools.count()):
        gradient = [math.sin(1 + worker + 7 * number + i) for i in range(SIZE)]
        answer = session.step(gradient)
        taken_as = answer.applied_step or answer.step
        assert taken_as not in gradients, f"step {taken_as} was answered twice"
        gradients[taken_as] = gradient
        if answer.replayed:
            replayed.append(taken_as)
        time.sleep(0.01)


threads = [threading.Thread(target=work, args=(worker,)) for worker in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
steps = len(gradients)
assert sorted(gradients) == list(range(1, steps + 1)), "a step is missing"

parameter, G = list(start), [0.0] * SIZE
for number in range(1, steps + 1):
    for i, g in enumerate(gradients[number]):
        G[i] += g * g
        parameter[i] -= RATE * g / (math.sqrt(G[i]) + EPSILON)
state = session.state()
assert (state.step, state.parameter, state.G) == (steps, parameter, G), f"{state}, not {steps}, {parameter}, {G}"
assert again, "no call was sent again"
print(f"Python: {steps} steps taken once, {len(again)} calls sent again, {len(replayed)} answers given again")
