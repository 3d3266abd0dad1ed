"""The training of src/examples/mlp.py by torch.optim.Adagrad, and what mlp.py and mlp.mjs came to beside it:
python3 models-torch.py FILE...: fails unless each file's parameters are those of torch, but for rounding."""
import json
import math
import sys

import torch

torch.set_default_dtype(torch.float64)
HIDDEN = 8


def start(count, scale):
    return torch.tensor([scale * math.sin(1 + 7 * k) for k in range(count)])


model = torch.nn.Sequential(torch.nn.Linear(2, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1))
with torch.no_grad():
    model[0].weight.copy_(start(2 * HIDDEN, 0.7).reshape(HIDDEN, 2))
    model[0].bias.copy_(start(HIDDEN, 0.1))
    model[2].weight.copy_(start(HIDDEN, 0.5).reshape(1, HIDDEN))
    model[2].bias.zero_()
x = torch.tensor([[math.sin(i), math.cos(3 * i)] for i in range(32)])
wanted = x[:, :1] * x[:, 1:]
optimizer = torch.optim.Adagrad(
    [{"params": [model[0].weight, model[2].weight], "weight_decay": 1e-4},
     {"params": [model[0].bias, model[2].bias], "weight_decay": 0}], lr=0.3, eps=1e-10)


def loss():
    return (model(x) - wanted).square().mean() / 2


before = loss().item()
for _ in range(100):
    optimizer.zero_grad()
    loss().backward()
    # torch adds 1e-6 to the norm: a limit that makes up for it clips as the service does
    norm = math.sqrt(sum(p.grad.square().sum().item() for p in model.parameters()))
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.5 * (norm + 1e-6) / norm)
    optimizer.step()
expected = {"hidden.weight": model[0].weight, "hidden.bias": model[0].bias, "out.weight": model[2].weight,
            "out.bias": model[2].bias}
if not loss().item() < before / 20:
    sys.exit(f"FAILED: torch itself has not learnt: {before} became {loss().item()}")
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    worst = 0.0
    for name, tensor in expected.items():
        got = torch.tensor(result["parameters"][name])
        worst = max(worst, (got - tensor.detach().flatten()).abs().max().item())
    print(f"{path.rsplit('/', 1)[-1]}: loss {before:.3g} to {result['loss']:.3g}, {worst:.2g} from torch at most")
    if not worst < 1e-9:
        sys.exit("FAILED: more than rounding explains")
