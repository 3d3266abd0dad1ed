"""AdaGrad on raw bytes: parameter, grad and G as float64 one after the other in, parameter and G out.

FastAPI finds the function; numpy reads the bytes where they lie. `/torch` is the same with torch.optim.Adagrad.
"""
import os

import numpy as np
from fastapi import FastAPI, Request, Response

app = FastAPI()
LEARNING_RATE, EPSILON = 0.01, 1e-8
REFUSED = '{"detail":"the body is not three arrays of float64 of one length"}'


def three(body):
    """parameter, grad and G, without a copy; None where the body is no such three."""
    if not body or len(body) % 24:
        return None
    return np.frombuffer(body, dtype=np.float64).reshape(3, -1)


@app.post("/numpy")
async def numpy_step(request: Request):
    arrays = three(await request.body())
    if arrays is None:
        return Response(REFUSED, 422, media_type="application/json")
    parameter, grad, G = arrays
    # as few passes and temporary arrays as numpy allows
    answer = np.empty((2, grad.size))
    np.multiply(grad, grad, out=answer[1])
    answer[1] += G
    denominator = np.sqrt(answer[1])
    denominator += EPSILON
    update = np.multiply(grad, LEARNING_RATE, out=answer[0])
    update /= denominator
    np.subtract(parameter, update, out=answer[0])
    return Response(answer.tobytes(), media_type="application/octet-stream")


if os.environ.get("PEER_TORCH"):
    import torch

    # each of the workers has one core
    torch.set_num_threads(1)

    @app.post("/torch")
    async def torch_step(request: Request):
        arrays = three(await request.body())
        if arrays is None:
            return Response(REFUSED, 422, media_type="application/json")
        answer = np.empty((2, arrays.shape[1]))
        # torch steps in place: in the answer
        answer[0], answer[1] = arrays[0], arrays[2]
        parameter = torch.from_numpy(answer[0])
        parameter.grad = torch.from_numpy(arrays[1].copy())
        optimizer = torch.optim.Adagrad([parameter], lr=LEARNING_RATE, eps=EPSILON)
        optimizer.state[parameter]["sum"] = torch.from_numpy(answer[1])
        optimizer.step()
        return Response(answer.tobytes(), media_type="application/octet-stream")
