"""Calls the service through the client that openapi-generator made (generator `python`)."""

import sys

import openapi_client
from openapi_client import ApiException, Configuration, Numbers, Problem, StepApi, StepRequest


def check(name, actual, expected):
    if actual != expected:
        sys.exit(f"python: {name}: {actual!r}, expected {expected!r}")
    print(f"python: {name}: ok")


def numbers(model):
    return None if model is None else model.actual_instance


# Expected values: the arithmetic that the API documents, done elsewhere in doubles; the same to the last bit.
with openapi_client.ApiClient(Configuration(host=sys.argv[1])) as client:
    api = StepApi(client)

    # Whole numbers, as people write them, must be as good as 1.0.
    answer = api.step(StepRequest(
        parameter=Numbers([1, 2, 3]), grad=Numbers([0.1, 0.2, 0.3]), G=Numbers([0, 0, 0]),
        include=["update", "effective_learning_rate"]))
    check("arrays, parameter", numbers(answer.parameter), [0.9900000009999999, 1.9900000005, 2.990000000333333])
    check("arrays, G", numbers(answer.g), [0.010000000000000002, 0.04000000000000001, 0.09])
    check("arrays, update", numbers(answer.update), [0.0099999990000001, 0.009999999500000025, 0.00999999966666668])

    answer = api.step(StepRequest(parameter=Numbers(1.0), grad=Numbers(0.1), G=Numbers(1.0)))
    check("number, parameter", numbers(answer.parameter), 0.999004962819691)
    check("number, G", numbers(answer.g), 1.01)
    check("number, update was not asked for", numbers(answer.update), None)

    # A client that sent the defaults of the document along would override the preset's.
    answer = api.step(StepRequest(parameter=Numbers(1.0), grad=Numbers(0.1), G=Numbers(1.0), preset="keras"))
    check("preset keras", numbers(answer.parameter), 0.9999004962859049)

    try:
        api.step(StepRequest(parameter=Numbers([1, 2]), grad=Numbers([0.1]), G=Numbers([0, 0])))
        sys.exit("python: unequal lengths were accepted")
    except ApiException as error:
        check("problem, class", type(error.data), Problem)
        check("problem, status", (error.status, error.data.status), (422, 422))
        check("problem, code", error.data.code, "length-mismatch")
        check("problem, pointer", error.data.errors[0].pointer, "/grad")
