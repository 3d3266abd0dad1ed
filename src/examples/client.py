"""The Python client: client.py http://localhost:8080, with adagrad.py beside this file."""
import sys

import adagrad

client = adagrad.Client(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080")

# the minimum of θ² is at 0: its gradient is 2θ
theta, G = [5.0, -3.0], [0.0, 0.0]
for t in range(1, 101):
    answer = client.step(theta, [2 * each for each in theta], G, step=t, learning_rate=1.0)
    theta, G = answer.parameter, answer.G
print("stateless:", theta)

# the same, with G and θ on the server
session = client.create(parameter=[5.0, -3.0], learning_rate=1.0)
theta = session.state().parameter
while session.describe()["step"] < 100:
    theta = session.step([2 * each for each in theta]).parameter
print("session:", theta)

# some elements of many
features = client.create(size=1_000_000, initial_parameter_value=0)
answer = features.step([0.1, 0.2, 0.3], indices=[900_000, 7, 900_000])
print("sparse:", answer.indices, answer.parameter)

# what is refused says where
try:
    session.step([1.0, float("nan")])
except adagrad.AdaGradError as error:
    print("refused:", error.status, error.code, error.errors)

session.delete()
features.delete()
