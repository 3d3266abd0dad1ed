"""torch with its optimizer on the server: torch_optimizer.py http://localhost:8080, with adagrad.py and adagrad_torch.py
beside this file."""
import sys
import uuid

import torch

import adagrad
import adagrad_torch

client = adagrad.Client(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8080")
torch.manual_seed(1)
x = torch.linspace(-1, 1, 64).reshape(-1, 1)
wanted = torch.sin(3 * x)
model = torch.nn.Sequential(torch.nn.Linear(1, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
session = client.session(f"sine-{uuid.uuid4()}")
optimizer = adagrad_torch.AdaGrad(model.named_parameters(), session, lr=0.1)
for _ in range(500):
    optimizer.zero_grad()
    loss = (model(x) - wanted).square().mean()
    loss.backward()
    optimizer.step()
print("steps on the server:", session.describe()["step"])

# on with torch alone, from where the server is
local = torch.optim.Adagrad(model.parameters())
local.load_state_dict(adagrad_torch.export_state(session, model.named_parameters()))
local.zero_grad()
(model(x) - wanted).square().mean().backward()
local.step()
loss = (model(x) - wanted).square().mean()
print("learnt:", loss.item() < 0.01)

# and back again
adagrad_torch.import_state(session, model.named_parameters(), local.state_dict())
print("the session is at step", session.describe()["step"])
session.delete()
