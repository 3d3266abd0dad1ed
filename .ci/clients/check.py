"""Calls the service through the client that openapi-generator made (generator `python`)."""

import os
import sys
import uuid

import openapi_client
from openapi_client import (ApiException, Configuration, CreateSessionRequest, LookupRequest, Problem, RestoreRequest,
                            SessionsApi, SessionStepRequest, StepApi, StepRequest, TensorStepRequest)


def check(name, actual, expected):
    if actual != expected:
        sys.exit(f"python: {name}: {actual!r}, expected {expected!r}")
    print(f"python: {name}: ok")


# Expected values: the arithmetic that the API documents, done elsewhere in doubles; the same to the last bit.
with openapi_client.ApiClient(Configuration(host=sys.argv[1])) as client:
    api = StepApi(client)

    # Whole numbers, as people write them, must be as good as 1.0.
    first = [0.9900000009999999, 1.9900000005, 2.990000000333333]
    answer = api.step(StepRequest(parameter=[1, 2, 3], grad=[0.1, 0.2, 0.3], G=[0, 0, 0],
                                  include=["update", "effective_learning_rate"]))
    check("arrays, parameter", answer.parameter, first)
    check("arrays, G", answer.g, [0.010000000000000002, 0.04000000000000001, 0.09])
    check("arrays, update", answer.update, [0.0099999990000001, 0.009999999500000025, 0.00999999966666668])
    check("arrays, metrics were not asked for", answer.metrics, None)

    # A client that sent the defaults of the document along would override the preset's.
    answer = api.step(StepRequest(parameter=[1.0], grad=[0.1], G=[1.0], preset="keras"))
    check("preset keras", answer.parameter, [0.9999004962859049])

    tensor = TensorStepRequest(parameter=[1, 2, 3], grad=[0.1, 0.2, 0.3], G=[0, 0, 0])
    check("model", api.step(StepRequest(tensors={"w": tensor})).tensors["w"].parameter, first)

    try:
        api.step(StepRequest(parameter=[1, 2], grad=[0.1], G=[0, 0]))
        sys.exit("python: unequal lengths were accepted")
    except ApiException as error:
        check("problem, class", type(error.data), Problem)
        check("problem, status", (error.status, error.data.status), (422, 422))
        check("problem, code", error.data.code, "length-mismatch")
        check("problem, pointer", error.data.errors[0].pointer, "/grad")

    # A session, by a client that has lost an answer.
    sessions = SessionsApi(client)
    id = f"python-{uuid.uuid4()}"
    created = sessions.put_session(id, CreateSessionRequest(parameter=[1, 2, 3]))
    check("session, created", (created.id, created.step, created.size, created.holds_parameter), (id, 0, 3, True))
    check("session, a time", created.created_at.tzinfo is not None, True)
    step = SessionStepRequest(grad=[0.1, 0.2, 0.3], include=["G"])
    stepped = sessions.step_session(id, step, idempotency_key="step 1")
    check("session, parameter", stepped.parameter, first)
    check("session, G", stepped.g, [0.010000000000000002, 0.04000000000000001, 0.09])
    again = sessions.step_session_with_http_info(id, step, idempotency_key="step 1")
    check("session, the same answer", again.data, stepped)
    check("session, replayed", again.headers["Idempotency-Replayed"], "true")
    state = sessions.get_state(id)
    check("session, state", (state.step, state.g, state.parameter), (1, stepped.g, first))
    sessions.put_state(id, RestoreRequest(step=state.step, G=state.g, parameter=state.parameter))
    check("session, created again", sessions.put_session(id, CreateSessionRequest(parameter=[1, 2, 3])).step, 1)
    try:
        sessions.step_session(id, step, if_match='"41"')
        sys.exit("python: a step was taken that If-Match rules out")
    except ApiException as error:
        check("session, mismatch", (error.status, error.data.code, error.data.step), (412, "step-mismatch", 1))
    check("session, listed", [found.step for found in sessions.list_sessions(limit=1000).sessions if found.id == id], [1])
    # A sparse step: two values for one element.
    sparse = sessions.step_session(id, SessionStepRequest(indices=[2, 0, 2], grad=[0.1, 0.2, 0.3], learning_rate=0))
    check("sparse step", (sparse.step, sparse.indices, sparse.parameter), (2, [0, 2], [first[0], first[2]]))
    some = sessions.lookup_state(id, LookupRequest(indices=[2, 0]))
    check("lookup", (some.step, some.indices, some.parameter), (2, [0, 2], sparse.parameter))
    check("lookup, G", some.g, [0.010000000000000002 + 0.2 * 0.2, 0.09 + 0.4 * 0.4])
    check("lookup in the URL", sessions.get_state(id, indices=[2, 0]), some)
    try:
        sessions.lookup_state(id, LookupRequest(indices=[0, 3]))
        sys.exit("python: an index beyond the session was read")
    except ApiException as error:
        check("lookup, out of range", (error.status, error.data.code, error.data.errors[0].pointer),
              (422, "index-out-of-range", "/indices/1"))
    sessions.delete_session(id)
    try:
        sessions.get_session(id)
        sys.exit("python: a deleted session is still there")
    except ApiException as error:
        check("session, deleted", (error.status, error.data.code), (404, "session-not-found"))
    check("size of 64 bits", sessions.put_session(id, CreateSessionRequest(size=2 ** 40)).size, 2 ** 40)
    sessions.delete_session(id)

# A service that asks for a key.
keyed = Configuration(host=os.environ["KEYED_URL"])
request = StepRequest(parameter=[1, 2, 3], grad=[0.1, 0.2, 0.3], G=[0, 0, 0])
try:
    StepApi(openapi_client.ApiClient(keyed)).step(request)
    sys.exit("python: a call without a key was answered")
except ApiException as error:
    check("no key", (error.status, error.data.code), (401, "unauthorized"))
keyed.access_token = os.environ["KEY"]
with openapi_client.ApiClient(keyed) as client:
    check("key", StepApi(client).step(request).parameter, first)
    try:
        SessionsApi(client).put_state("my-model", RestoreRequest(step=0, G=[0]))
        sys.exit("python: a restore without the scope admin was answered")
    except ApiException as error:
        check("key, no scope", (error.status, error.data.code), (403, "forbidden"))
