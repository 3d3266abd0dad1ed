"""The served optimizer for torch beside torch.optim.Adagrad: check_torch.py SERVICE VECTORS..., with the clients on
PYTHONPATH.

Over the trajectories of the vectors, within their tolerances: 8 units in the last place in F64, 16 in F32, 4 of G, at
each step; and over the training of a small network with an embedding whose gradients are sparse.
"""
import copy
import json
import sys
import uuid

import torch

import adagrad
import adagrad_torch

client = adagrad.Client(sys.argv[1])
DTYPES = {"F64": torch.float64, "F32": torch.float32}


def ulp(value):
    value = value.abs()
    return torch.nextafter(value, torch.full_like(value, float("inf"))) - value


def gradient(step, size, dtype):
    grad = torch.tensor(step["grad"], dtype=dtype)
    return torch.sparse_coo_tensor([step["indices"]], grad, (size,)) if "indices" in step else grad


def follow(case):
    """One trajectory: the same gradients for both, and nothing else in common."""
    dtype, given = DTYPES[case["dtype"]], case["hyperparameters"]
    settings = {"lr": given["learning_rate"], "eps": given["epsilon"], "lr_decay": given["lr_decay"],
                "weight_decay": given["weight_decay"], "maximize": given["maximize"],
                "initial_accumulator_value": given["initial_accumulator_value"]}
    theirs, ours = (torch.nn.Parameter(torch.tensor(case["parameter"], dtype=dtype)) for _ in range(2))
    session = client.session(f"torch-{uuid.uuid4()}")
    their_steps = torch.optim.Adagrad([theirs], **settings)
    our_steps = adagrad_torch.AdaGrad([("theta", ours)], session, **settings)
    ulps, bound, bound_of_G = (8 if dtype == torch.float64 else 16), 0, 0
    for step in case["steps"]:
        before = theirs.detach().clone()
        for parameter in (theirs, ours):
            parameter.grad = gradient(step, case["n"], dtype)
        their_steps.step()
        our_steps.step()
        # neither starts a step from the other's numbers, so what rounding explains adds up
        bound = bound + ulps * ulp(torch.maximum(before.abs(), (theirs - before).abs()))
        G = their_steps.state[theirs]["sum"]
        bound_of_G = bound_of_G + 4 * ulp(G)
        assert ((theirs - ours).abs() <= bound).all(), (case["case"], theirs, ours)
        vector = torch.tensor(step["parameter"], dtype=dtype)
        assert ((vector - ours).abs() <= bound).all(), (case["case"], vector, ours)
    our_G = our_steps.state_dict()["state"][0]["sum"]
    assert ((G - our_G).abs() <= bound_of_G).all(), (case["case"], G, our_G)
    session.delete()
    return len(case["steps"])


def network(dtype):
    torch.manual_seed(7)
    return torch.nn.ModuleDict({"words": torch.nn.Embedding(50, 4, sparse=True), "out": torch.nn.Linear(4, 3)}).to(dtype)


def groups(model, named):
    out = list(model["out"].named_parameters(prefix="out"))
    words = [("words.weight", model["words"].weight)]
    plain = lambda pairs: pairs if named else [parameter for _, parameter in pairs]
    return [{"params": plain(words), "lr": 0.05, "weight_decay": 0}, {"params": plain(out)}]


def train(model, optimizer, scheduler, seed, steps):
    source = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        words = torch.randint(0, 50, (8,), generator=source)

        def closure():
            optimizer.zero_grad()
            loss = (model["out"](model["words"](words)) - 1).square().mean()
            loss.backward()
            return loss
        loss = optimizer.step(closure)
        scheduler.step()
    return loss.item()


def distance(one, other):
    return max((a - b).abs().max().item() for a, b in zip(one.parameters(), other.parameters()))


def check_network(dtype, near):
    settings = {"lr": 0.1, "weight_decay": 0.01, "lr_decay": 0.01}
    theirs, ours = network(dtype), network(dtype)
    session = client.session(f"torch-{uuid.uuid4()}")
    their_steps = torch.optim.Adagrad(groups(theirs, False), **settings)
    our_steps = adagrad_torch.AdaGrad(groups(ours, True), session, **settings)
    their_schedule, our_schedule = (torch.optim.lr_scheduler.StepLR(each, 10, 0.9) for each in (their_steps, our_steps))
    loss = train(ours, our_steps, our_schedule, 1, 1)
    train(theirs, their_steps, their_schedule, 1, 1)
    assert train(ours, our_steps, our_schedule, 2, 60) < loss
    train(theirs, their_steps, their_schedule, 2, 60)
    assert distance(theirs, ours) < near, distance(theirs, ours)

    # a second program finds the session, and goes on from its parameters
    other = network(dtype)
    adagrad_torch.AdaGrad(groups(other, True), session, **settings)
    assert distance(other, ours) == 0

    # the state goes over to torch, is stepped there, and comes back
    local = network(dtype)
    moved = torch.optim.Adagrad(groups(local, False), **settings)
    moved.load_state_dict(adagrad_torch.export_state(session, groups(local, True)))
    assert distance(local, ours) == 0
    assert moved.state_dict()["state"][0]["step"] == 61
    moved.load_state_dict({**our_steps.state_dict(), "param_groups": their_steps.state_dict()["param_groups"]})
    grads = [torch.ones_like(parameter) for parameter in local.parameters()]
    for model, optimizer in ((local, moved), (theirs, their_steps)):
        for parameter, grad in zip(model.parameters(), grads):
            parameter.grad = grad.clone()
        optimizer.step()
    assert distance(local, theirs) < near
    returned = adagrad_torch.import_state(client.session(f"{session.id}-back"), groups(local, True), moved.state_dict())
    assert returned.describe()["step"] == 62
    sums = returned.state(kind="torch").tensors["words.weight"].G
    assert (sums == moved.state_dict()["state"][0]["sum"]).all()

    # and by state_dict into the optimizer that steps on the server
    with torch.no_grad():
        for parameter, source in zip(ours.parameters(), local.parameters()):
            parameter.copy_(source)
    saved = copy.deepcopy(moved.state_dict())
    our_steps.load_state_dict(saved)
    for model, optimizer in ((local, moved), (ours, our_steps)):
        for parameter, grad in zip(model.parameters(), grads):
            parameter.grad = grad.clone()
        optimizer.step()
    assert distance(local, ours) < near
    for each in (session, returned):
        each.delete()


def check_kinds():
    """What comes back is on the device and of the kind that was given, however it lies in memory."""
    session = client.create(f"torch-{uuid.uuid4()}", parameter=torch.zeros(2, 3), learning_rate=1.0, epsilon=0)
    transposed = torch.arange(1.0, 7.0).reshape(3, 2).t()
    answer = session.step(transposed)
    assert isinstance(answer.parameter, torch.Tensor) and (answer.parameter == -torch.ones(2, 3)).all(), answer
    assert (session.step(-transposed.half(), learning_rate=0.0).parameter == answer.parameter).all()
    assert session.state().parameter.dtype == torch.float32
    session.delete()
    number = client.step(torch.tensor(1.0), torch.tensor(2.0), torch.tensor(0.0), learning_rate=0.5, epsilon=0)
    assert number.parameter.shape == () and number.parameter == 0.5


def refuses(call):
    try:
        call()
    except (ValueError, adagrad.AdaGradError):
        return
    raise AssertionError("accepted")


def check_refusals():
    weight = torch.nn.Parameter(torch.ones(2))
    double = torch.nn.Parameter(torch.ones(2, dtype=torch.float64))
    session = client.session(f"torch-{uuid.uuid4()}")
    refuses(lambda: adagrad_torch.AdaGrad([weight, double], session))
    refuses(lambda: adagrad_torch.AdaGrad([("w", weight), ("w", double)], session))
    refuses(lambda: adagrad_torch.AdaGrad([{"params": [weight], "eps": 1.0},
                                           {"params": [torch.nn.Parameter(torch.ones(1))]}], session))
    optimizer = adagrad_torch.AdaGrad([weight], session, lr=0.1)
    refuses(lambda: optimizer.add_param_group({"params": [torch.nn.Parameter(torch.ones(1))]}))
    weight.grad = torch.tensor([0.0, float("nan")])
    refuses(optimizer.step)
    assert (weight == 1).all()
    optimizer.param_groups[0]["weight_decay"] = 0.5
    weight.grad = torch.ones(2)
    refuses(optimizer.step)
    session.delete()


taken = 0
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        taken += sum(map(follow, json.load(file)["cases"]))
check_network(torch.float64, 1e-12)
check_network(torch.float32, 1e-5)
check_kinds()
check_refusals()
print(f"torch {torch.__version__}: {taken} steps of the vectors, and two networks, as torch.optim.Adagrad takes them")
