"""AdaGrad behind FastAPI, as its documentation teaches it: pydantic in and out, numpy in between."""
from typing import List

import numpy as np
from fastapi import FastAPI
from pydantic import BaseModel, root_validator


class Step(BaseModel):
    parameter: List[float]
    grad: List[float]
    G: List[float]
    learning_rate: float = 0.01
    epsilon: float = 1e-8

    @root_validator(skip_on_failure=True)
    def one_length(cls, values):
        if not len(values["parameter"]) == len(values["grad"]) == len(values["G"]):
            raise ValueError("parameter, grad and G differ in length")
        return values


class Answer(BaseModel):
    parameter: List[float]
    G: List[float]


app = FastAPI()


# async: handing so short a computation to a thread costs more than it takes
@app.post("/adagrad/step", response_model=Answer)
async def step(request: Step):
    grad = np.array(request.grad)
    G = np.array(request.G) + grad * grad
    parameter = np.array(request.parameter) - request.learning_rate * grad / (np.sqrt(G) + request.epsilon)
    return Answer(parameter=parameter.tolist(), G=G.tolist())
