"""AdaGrad behind FastAPI, with a fast JSON library in place of pydantic, and the answer past FastAPI's encoder."""
import numpy as np
import ujson
from fastapi import FastAPI, Request, Response

app = FastAPI()


@app.post("/adagrad/step")
async def step(request: Request):
    try:
        fields = ujson.loads(await request.body())
        theta, grad, G = (np.array(fields[name], dtype=np.float64) for name in ("parameter", "grad", "G"))
        learning_rate, epsilon = float(fields.get("learning_rate", 0.01)), float(fields.get("epsilon", 1e-8))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return Response(ujson.dumps({"detail": str(error)}), 422, media_type="application/json")
    if not theta.shape == grad.shape == G.shape:
        return Response('{"detail":"parameter, grad and G differ in length"}', 422, media_type="application/json")
    G += grad * grad
    theta -= learning_rate * grad / (np.sqrt(G) + epsilon)
    return Response(ujson.dumps({"parameter": theta.tolist(), "G": G.tolist()}), media_type="application/json")
