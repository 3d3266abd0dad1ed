"""One step of AdaGrad in torch, on one thread. Usage: kernel_peer.py N SECONDS. For each way to do it, and each dtype,
prints a name, the dtype, and the median time of a step in nanoseconds."""
import statistics
import sys
import time

import torch

N, SECONDS = int(sys.argv[1]), float(sys.argv[2])
RATE, EPSILON = 0.01, 1e-8


def measure(name, dtype, step):
    step()
    times, end = [], time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        begun = time.perf_counter_ns()
        step()
        times.append(time.perf_counter_ns() - begun)
    print(name, dtype, statistics.median(times))


def optimizer(dtype, **settings):
    parameter = torch.nn.Parameter(torch.rand(N, dtype=dtype) * 2 - 1)
    parameter.grad = torch.rand(N, dtype=dtype) * 2 - 1
    return torch.optim.Adagrad([parameter], lr=RATE, eps=EPSILON, **settings).step


def operations(dtype):
    """What the optimizer calls at last."""
    parameter, grad, G = (torch.rand(N, dtype=dtype) for _ in range(3))

    def step():
        G.addcmul_(grad, grad)
        parameter.addcdiv_(grad, G.sqrt().add_(EPSILON), value=-RATE)

    return step


torch.manual_seed(1)
torch.set_num_threads(1)
for dtype, name in (torch.float64, "F64"), (torch.float32, "F32"):
    measure("operations", name, operations(dtype))
    measure("optimizer", name, optimizer(dtype))
    measure("optimizer-foreach", name, optimizer(dtype, foreach=True))
