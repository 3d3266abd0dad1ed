"""AdaGrad over HTTP for torch: an optimizer that steps on the server. Wants `adagrad.py` beside it.

    client = adagrad.Client("http://localhost:8080")
    optimizer = adagrad_torch.AdaGrad(model.named_parameters(), client.session("my-model"), lr=0.1)
    for x, y in data:
        optimizer.zero_grad()
        loss(model(x), y).backward()
        optimizer.step()

The server keeps G and the parameters. A step sends the gradients in one call, and puts the parameters that are answered
into the model. So a step is taken once, however often it must be sent, and is kept where this program is not; and
several programs may step one session. What else changes a parameter in the model (clamping a weight, say) the server
does not see.

`export_state` and `import_state` carry the state of `torch.optim.Adagrad` over, there and back.
"""
from __future__ import annotations

import math
from typing import Any, Dict, Iterable, List, Mapping, Optional, Tuple, Union

import adagrad
import torch

__all__ = ["AdaGrad", "export_state", "import_state"]

Params = Iterable[Any]
"""Tensors, pairs of a name and a tensor (`model.named_parameters()`), or groups of them: dicts with `params`."""

_PER_TENSOR = ("weight_decay", "initial_accumulator_value", "l1", "l2", "clip_value", "accumulator")
_PER_SESSION = {"lr_decay": "lr_decay", "eps": "epsilon", "maximize": "maximize"}


class AdaGrad(torch.optim.Optimizer):
    """As `torch.optim.Adagrad`, with a session in which the server keeps G and the parameters."""

    def __init__(self, params: Params, session: Union[adagrad.Session, str], lr: float = 1e-2, lr_decay: float = 0,
                 weight_decay: float = 0, initial_accumulator_value: float = 0, eps: float = 1e-10, *,
                 maximize: bool = False, l1: float = 0, l2: float = 0, clip_value: Optional[float] = None,
                 accumulator: str = "element", attach: bool = False, **settings: Any) -> None:
        """Creates the session, or finds it: where it has been stepped already, the model goes on from its parameters.

        params: float32 (and half) or float64; names are those of pairs, else "0", "1", … Groups may set `lr`,
            `weight_decay`, `initial_accumulator_value`, `l1`, `l2`, `clip_value` and `accumulator` of their own
        session: `client.session("my-model")`, or an id on http://localhost:8080, with the key of the environment variable
            `ADAGRAD_KEY`
        attach: the session is there; take its parameters, whatever those of the model are
        settings: of the session, such as `clip_norm`
        """
        groups, names = _groups(params)
        defaults = dict(lr=lr, lr_decay=lr_decay, eps=eps, weight_decay=weight_decay,
                        initial_accumulator_value=initial_accumulator_value, maximize=maximize, l1=l1, l2=l2,
                        clip_value=clip_value, accumulator=accumulator)
        self._complete = False
        super().__init__(groups, defaults)
        self._complete = True
        self._parameters = _by_name(self.param_groups, names)
        self._settings = [dict(group, params=None) for group in self.param_groups]
        self._rate, self._scales = _rates(self.param_groups)
        if isinstance(session, str):
            session = adagrad.Client().session(session)
        self.session: adagrad.Session = session
        """Where the steps are taken."""
        if not attach:
            own = _tensors(self.param_groups, self._scales, self._parameters)
            self.session = session.client.create(session.id, tensors=own, dtype=_dtype(self._parameters),
                                                 learning_rate=self._rate, **_shared(self.param_groups), **settings)
        if attach or (self.session.description or {})["step"] > 0:
            self.pull()

    @torch.no_grad()
    def pull(self) -> None:
        """Puts the session's parameters into the model."""
        _take(self._parameters, self.session.state(kind="torch"))

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        """Takes one step with the gradients that there are. A sparse gradient is sent as the rows that it has.

        closure: computes the loss anew, and gives it
        """
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        gradients = {name: _gradient(name, parameter.grad) for name, parameter in self._parameters.items()
                     if parameter.grad is not None}
        gradients = {name: gradient for name, gradient in gradients.items() if gradient["grad"].numel()}
        if gradients:
            _take(self._parameters, self.session.step(tensors=gradients, learning_rate=self._current_rate()))
        return loss

    def state_dict(self) -> Dict[str, Any]:
        """As `torch.optim.Adagrad` has it: `sum`, which is G, and `step` of each parameter, read from the server."""
        state = _state(self.session.state(kind="torch"), self._parameters)
        return {**super().state_dict(), "state": state}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Brings the session to this state, of this class or of `torch.optim.Adagrad`, and to the parameters that the
        model
        has: load the model's first."""
        groups = [{**own, **{key: value for key, value in given.items() if key in own}}
                  for own, given in zip(self.param_groups, state_dict["param_groups"])]
        if len(groups) != len(state_dict["param_groups"]) or len(groups) != len(self.param_groups):
            raise ValueError("the state has another number of parameter groups")
        self._require_settings(groups)
        packed = [{**group, "params": given["params"]} for group, given in zip(groups, state_dict["param_groups"])]
        super().load_state_dict({"state": {}, "param_groups": packed})
        _restore(self.session, self._parameters, state_dict["state"], groups)

    def add_param_group(self, param_group: Dict[str, Any]) -> None:
        """Only while the optimizer is made: a session's tensors are fixed."""
        if self._complete:
            raise ValueError("a session's tensors are fixed when it is created: give all groups to the constructor")
        super().add_param_group(param_group)

    def _current_rate(self) -> float:
        """The learning rate of this step, which a scheduler may have changed."""
        self._require_settings(self.param_groups)
        rate = next(float(group["lr"]) for group, scale in zip(self.param_groups, self._scales) if scale == 1)
        for group, scale in zip(self.param_groups, self._scales):
            if not math.isclose(float(group["lr"]), rate * scale, rel_tol=1e-9):
                raise ValueError("learning rates of groups must keep their ratio: a step has one, and each tensor a scale")
        return rate

    def _require_settings(self, groups: Iterable[Mapping[str, Any]]) -> None:
        for own, group in zip(self._settings, groups):
            for key in (*_PER_TENSOR, *_PER_SESSION):
                if own[key] != group[key]:
                    raise ValueError(f"{key} of a session is fixed when it is created: was {own[key]}, is {group[key]}")


def export_state(session: adagrad.Session, params: Params, *, copy_parameters: bool = True) -> Dict[str, Any]:
    """A state for `torch.optim.Adagrad(params).load_state_dict`, and the session's parameters in `params`.

    The learning rate, lr_decay, weight_decay, epsilon and maximize are carried over; what torch has no word for (l1,
    clipping, epsilon inside the root) is not.

    params: of the names that the session has, in the groups that the state is to have
    """
    groups, names = _groups(params)
    description = session.describe()
    for group, own in zip(groups, names):
        settings = [description["tensors"][name] for name in own]
        if len({(each["learning_rate_scale"], each["weight_decay"]) for each in settings}) > 1:
            raise ValueError("the parameters of one group have different settings in the session: put them into groups")
        if any(each["accumulator"] == "row" for each in settings):
            raise ValueError("torch.optim.Adagrad has no accumulator for whole rows")
        group.update(lr=description["learning_rate"] * settings[0]["learning_rate_scale"],
                     weight_decay=settings[0]["weight_decay"],
                     initial_accumulator_value=settings[0].get("initial_accumulator_value", 0))
    optimizer = torch.optim.Adagrad(groups, lr_decay=description["lr_decay"], eps=description["epsilon"],
                                    maximize=description["maximize"])
    parameters = _by_name(optimizer.param_groups, names)
    answer = session.state(kind="torch")
    if copy_parameters:
        with torch.no_grad():
            _take(parameters, answer)
    return {**optimizer.state_dict(), "state": _state(answer, parameters)}


def import_state(session: adagrad.Session, params: Params, state_dict: Mapping[str, Any]) -> adagrad.Session:
    """Brings a session to a state of `torch.optim.Adagrad` and to the parameters in `params`, and gives it. Creates it
    with the settings of the state where it is not there.

    params: as `torch.optim.Adagrad` got them, or with names
    """
    groups, names = _groups(params)
    for group, given in zip(groups, state_dict["param_groups"]):
        group.update({key: value for key, value in given.items() if key != "params"})
    parameters = _by_name(groups, names)
    try:
        session.describe()
    except adagrad.AdaGradError as error:
        if error.code != "session-not-found":
            raise
        rate, scales = _rates(groups)
        session = session.client.create(session.id, tensors=_tensors(groups, scales, parameters), learning_rate=rate,
                                        dtype=_dtype(parameters), **_shared(groups))
    _restore(session, parameters, state_dict["state"], groups)
    return session


def _groups(params: Params) -> Tuple[List[Dict[str, Any]], List[List[str]]]:
    """Groups as torch has them, and the names of their parameters, which torch does not know."""
    given = list(params)
    groups = [dict(group) for group in given] if given and isinstance(given[0], Mapping) else [{"params": given}]
    names: List[List[str]] = []
    count = 0
    for group in groups:
        own = [group["params"]] if isinstance(group["params"], torch.Tensor) else list(group["params"])
        pairs = [each if isinstance(each, tuple) else (str(count + i), each) for i, each in enumerate(own)]
        count += len(own)
        names.append([name for name, _ in pairs])
        group["params"] = [parameter for _, parameter in pairs]
    if len({name for own in names for name in own}) < count:
        raise ValueError("two parameters have one name")
    return groups, names


def _by_name(groups: Iterable[Mapping[str, Any]], names: Iterable[List[str]]) -> Dict[str, torch.Tensor]:
    return {name: parameter for group, own in zip(groups, names) for name, parameter in zip(own, group["params"])}


def _dtype(parameters: Mapping[str, torch.Tensor]) -> str:
    dtypes = {parameter.dtype for parameter in parameters.values()}
    if dtypes == {torch.float64}:
        return "F64"
    if dtypes <= {torch.float32, torch.float16, torch.bfloat16}:
        return "F32"
    raise ValueError(f"the parameters of a session have one dtype, F32 or F64, these have {sorted(map(str, dtypes))}")


def _rates(groups: List[Dict[str, Any]]) -> Tuple[float, List[float]]:
    """The session's learning rate, which is the largest of the groups', and each group's part of it."""
    rate = max(float(group["lr"]) for group in groups)
    return rate, [float(group["lr"]) / rate if rate else 1.0 for group in groups]


def _shared(groups: List[Dict[str, Any]]) -> Dict[str, Any]:
    """The settings that all groups have in common, since a session has one of each."""
    for key in _PER_SESSION:
        if len({group[key] for group in groups}) > 1:
            raise ValueError(f"{key} is one for all groups of a session")
    return {name: groups[0][key] for key, name in _PER_SESSION.items()}


def _tensors(groups: List[Dict[str, Any]], scales: List[float],
             parameters: Mapping[str, torch.Tensor]) -> Dict[str, Dict[str, Any]]:
    """The session's tensors, with the settings of their groups."""
    names = iter(parameters)
    return {next(names): {"parameter": parameter, "learning_rate_scale": scale,
                          **{key: group[key] for key in _PER_TENSOR if group.get(key) is not None}}
            for group, scale in zip(groups, scales) for parameter in group["params"]}


def _gradient(name: str, grad: torch.Tensor) -> Dict[str, torch.Tensor]:
    if not grad.is_sparse:
        return {"grad": grad}
    if grad.sparse_dim() != 1:
        raise ValueError(f"the gradient of {name} is sparse in more than its rows")
    return {"indices": grad._indices()[0], "grad": grad._values()}


def _take(parameters: Mapping[str, torch.Tensor], answer: adagrad.Answer) -> None:
    """Puts the parameters that are answered, or the rows of them, into the model."""
    for name, parameter in parameters.items():
        told = answer.tensors.get(name)
        if told is None:
            continue
        values = told.parameter.to(device=parameter.device, dtype=parameter.dtype)
        if told.indices is None:
            parameter.copy_(values.reshape(parameter.shape))
        else:
            parameter[told.indices.to(parameter.device)] = values.reshape(-1, *parameter.shape[1:])


def _state(answer: adagrad.Answer, parameters: Mapping[str, torch.Tensor]) -> Dict[int, Dict[str, torch.Tensor]]:
    """`step` and `sum` by the places of the parameters, as torch's optimizers have it."""
    return {place: {"step": torch.tensor(float(answer.step or 0)),
                    "sum": answer.tensors[name].G.to(device=parameter.device, dtype=parameter.dtype)}
            for place, (name, parameter) in enumerate(parameters.items())}


def _restore(session: adagrad.Session, parameters: Mapping[str, torch.Tensor], state: Mapping[Any, Mapping[str, Any]],
             groups: List[Dict[str, Any]]) -> None:
    """Brings the session to these sums and to the parameters that the model has."""
    steps = {int(each["step"]) for each in state.values()} or {0}
    if len(steps) > 1 and any(group["lr_decay"] for group in groups):
        raise ValueError("a session counts one step for all, and with lr_decay it matters: these have different ones")
    first = [float(group["initial_accumulator_value"]) for group in groups for _ in group["params"]]
    tensors = {name: {"parameter": parameter,
                      "G": state[place]["sum"] if place in state else torch.full_like(parameter, first[place])}
               for place, (name, parameter) in enumerate(parameters.items())}
    dtype = torch.float64 if session.describe()["dtype"] == "F64" else torch.float32
    session.restore({"step": max(steps), "tensors": {name: {field: value.to(dtype) for field, value in own.items()}
                                                     for name, own in tensors.items()}})
