"""AdaGrad over HTTP, from Python: one file, the standard library alone, Python 3.8 or newer.

    import adagrad
    client = adagrad.Client("http://localhost:8080")
    session = client.create("my-model", parameter=[1.0, 2.0], learning_rate=0.1)
    answer = session.step([0.1, 0.2])
    print(answer.step, answer.parameter)

Tensors are numbers, lists (nested ones too), `array.array`, numpy arrays or torch tensors; what comes back is of the
kind that was given. float32 and float64 travel as they are. What is neither (lists, integers, float16) becomes what the
session or the other tensors of the call are, and F64 where nothing says so.

Each call is sent again, with growing pauses, until it is answered or its `patience` is over: after a broken or refused
connection, and after 502, 503, 504, 429 and 409 `session-busy`. A step of a session carries an `Idempotency-Key`, so
that however often it is sent, it is taken once. All else that is refused is raised at once, as `AdaGradError`.

A service that asks for a key gets that of `Client(key=…)`, or of the environment variable `ADAGRAD_KEY`.

A client may be used by any number of threads, and in processes that are forked from this one.
"""
from __future__ import annotations

import array
import collections
import ctypes
import dataclasses
import email.utils
import http.client
import importlib
import json
import logging
import os
import random
import re
import socket
import ssl
import struct
import sys
import time
import urllib.parse
import uuid
from typing import Any, Callable, Deque, Dict, Iterable, Iterator, List, Mapping, Optional, Sequence, Tuple, Union, cast

__version__ = "0.1.0"
__all__ = ["AdaGradError", "Answer", "Client", "Session", "Tensor"]

Progress = Callable[[str, int, int], None]
"""Is told of a transfer: "up" or "down", the bytes so far, and the bytes in all (0 where the server does not tell).
It begins anew when the call is sent again."""

IfMatch = Union[int, str, None]
"""A number of steps, or an `etag` of an answer."""


class AdaGradError(Exception):
    """A call that was refused, or that got no answer within its patience."""

    def __init__(self, status: Optional[int], code: str, title: str, detail: str = "",
                 problem: Optional[Mapping[str, Any]] = None, retry_after: Optional[float] = None) -> None:
        self.status = status
        """Of HTTP; None where there was no answer."""
        self.code = code
        """Of the service, such as `invalid-field`; or `no-answer`, `redirect` or `foreign-answer`."""
        self.title = title
        self.detail = detail
        self.problem: Dict[str, Any] = dict(problem or {})
        """All that the service says: `lengths`, `step`, `applied_step` and the like."""
        self.errors: List[Dict[str, str]] = list(self.problem.get("errors") or [])
        """The bad fields: each a `pointer` and a `detail`."""
        self.retry_after = retry_after
        """In seconds, where the server says so."""
        self.maybe_done = False
        """Whether an earlier attempt of the same call got no answer, and so may have been carried out."""
        super().__init__(status, code, title, detail)

    def __str__(self) -> str:
        text = f"{self.status} {self.code}" if self.status else self.code
        why = "; ".join(f"{error['pointer']} {error['detail']}" for error in self.errors)
        return f"{text}: {why or self.detail or self.title}"


@dataclasses.dataclass(repr=False)
class Tensor:
    """What an answer tells of one tensor; None is what it does not tell."""
    parameter: Any = None
    G: Any = None
    indices: Any = None
    update: Any = None
    effective_learning_rate: Any = None

    def __repr__(self) -> str:
        told = {name: value for name, value in vars(self).items() if value is not None and value is not False}
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in told.items())})"


@dataclasses.dataclass(repr=False)
class Answer(Tensor):
    """The answer to a step, or a state."""
    step: Optional[int] = None
    """The number of steps of the session when it answered."""
    applied_step: Optional[int] = None
    """Where others have stepped since: the step that this call is."""
    metrics: Optional[Dict[str, float]] = None
    tensors: Dict[str, Tensor] = dataclasses.field(default_factory=dict)
    """The named tensors."""
    etag: Optional[str] = None
    """The version of the session, for `if_match`."""
    replayed: bool = False
    """Whether the step had been taken before, and its answer was lost."""
    next: Optional[int] = None
    """Of a page: where the next one begins."""
    part: bool = False
    """Of a state: whether it is a part of it, and so is restored as one."""


class Client:
    """A service, by its address."""

    def __init__(self, url: str = "http://localhost:8080", *, key: Optional[str] = None, tenant: Optional[str] = None,
                 patience: float = 30.0, timeout: float = 60.0, ssl_context: Any = None) -> None:
        """
        url: of the service, with the prefix that a proxy may want
        key: a key or a token, sent as `Authorization: Bearer …`; without it, that of the environment variable
            `ADAGRAD_KEY`, if there is one; "" for none
        tenant: to act in, where it is not the key's own; this takes the scope `admin`
        patience: how many seconds after the first failure a call is still sent again
        timeout: how many seconds the server may be silent
        ssl_context: an `ssl.SSLContext`, where the usual one does not do
        """
        self._transport = _Transport(url, key, tenant, patience, timeout, ssl_context)

    @property
    def url(self) -> str:
        """The address of the service."""
        return self._transport.url

    def step(self, parameter: Any = None, grad: Any = None, G: Any = None, *,
             tensors: Optional[Mapping[str, Mapping[str, Any]]] = None, dtype: Optional[str] = None,
             include: Iterable[str] = (), patience: Optional[float] = None, progress: Optional[Progress] = None,
             **settings: Any) -> Answer:
        """Takes one step of which the server keeps nothing: gives the next `parameter` and the next `G`.

        tensors: named ones, each with `parameter`, `grad` and `G`, in place of these three
        dtype: "F64" or "F32", to which all tensors are converted
        include: any of "effective_learning_rate", "update", "metrics"
        settings: `learning_rate`, `epsilon`, `step`, `preset` and the others
        """
        fields = _given(settings, parameter=parameter, grad=grad, G=G, tensors=tensors, include=include)
        call = _Call(fields, dtype, convert=dtype is not None)
        return cast(Answer, self._transport.send("POST", "/adagrad/step", call, patience, progress,
                                                 accept=_SAFETENSORS, read=_answer(call.give)))

    def create(self, id: Optional[str] = None, *, tensors: Optional[Mapping[str, Mapping[str, Any]]] = None,
               dtype: Optional[str] = None, if_none_match: Optional[str] = None, patience: Optional[float] = None,
               progress: Optional[Progress] = None, **fields: Any) -> Session:
        """Creates a session, or finds it: repeating an identical call changes nothing.

        id: of the optimizer; without it, one is made
        tensors: named ones, each with `parameter` or `shape`, and settings of its own
        dtype: "F64" or "F32", to which all tensors are converted
        if_none_match: "*" to fail where the session exists
        fields: `parameter`, `G` or `size`, and `learning_rate` and the other settings
        """
        session = self.session(str(uuid.uuid4()) if id is None else id)
        call = _Call(_given(fields, tensors=tensors, dtype=dtype), dtype, convert=dtype is not None)
        session.description = self._transport.send("PUT", session._path, call, patience, progress,
                                                   if_none_match=if_none_match, read=_json)
        if call.kind:
            session._kind = call.kind
        return session

    def session(self, id: str, kind: str = "list") -> Session:
        """A session by its id, without a call.

        kind: what `state` and `touched` give: "list", "array", "numpy" or "torch"
        """
        return Session(self, id, kind)

    def sessions(self, *, after: Optional[str] = None, limit: int = 100) -> Iterator[Session]:
        """All sessions by the order of their ids, each with its `description`.

        after: the id behind which to begin
        limit: how many one call asks for
        """
        while True:
            query = {"limit": limit, **({} if after is None else {"after": after})}
            page = self._transport.send("GET", "/adagrad/sessions", query=query, read=_json)
            for description in page["sessions"]:
                session = self.session(description["id"])
                session.description = description
                yield session
            after = page["next"]
            if after is None:
                return

    def ready(self, patience: Optional[float] = None) -> None:
        """Waits until the service is ready, or raises what it said last."""
        self._transport.send("GET", "/actuator/health/readiness", patience=patience)

    def close(self) -> None:
        """Closes the connections that are idle. The client can be used again."""
        self._transport.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"adagrad.Client({self.url!r})"


class Session:
    """An optimizer whose G, and if wanted parameter, the server keeps. Made by `Client.create` and `Client.session`."""

    _ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")

    def __init__(self, client: Client, id: str, kind: str = "list") -> None:
        if not self._ID.fullmatch(id):
            raise ValueError(f"an optimizer id has 1 to 128 letters, digits, '.', '_' and '-', was {id!r}")
        self.client = client
        self.id = id
        self.description: Optional[Dict[str, Any]] = None
        """As last told by `create`, `describe` or `Client.sessions`."""
        self._kind = _kind_named(kind)
        self._path = "/adagrad/sessions/" + id

    def step(self, grad: Any = None, *, indices: Any = None, parameter: Any = None,
             tensors: Optional[Mapping[str, Mapping[str, Any]]] = None, learning_rate: Optional[float] = None,
             include: Iterable[str] = (), minimal: bool = False, if_match: IfMatch = None,
             idempotency_key: Optional[str] = None, patience: Optional[float] = None,
             progress: Optional[Progress] = None) -> Answer:
        """Takes one step, once, however often it must be sent.

        indices: the elements, or the rows, that `grad` is about
        parameter: exactly where the server does not hold it
        tensors: named ones, each with `grad` and perhaps `indices`, in place of these
        learning_rate: for this step alone
        include: any of "G", "effective_learning_rate", "update", "metrics"
        minimal: leave the tensors out of the answer
        if_match: take the step only at this version
        idempotency_key: of your own, written down before the call, so that the step is taken once even if this process
            is killed and sends it again; without it, one is made for each call
        """
        fields = _given(grad=grad, indices=indices, parameter=parameter, tensors=tensors, learning_rate=learning_rate,
                        include=include)
        call = self._call(fields)
        return cast(Answer, self.client._transport.send(
            "POST", self._path + "/step", call, patience, progress, accept=_SAFETENSORS, if_match=if_match,
            prefer="return=minimal" if minimal else None, idempotency_key=idempotency_key or str(uuid.uuid4()),
            read=_answer(call.give)))

    def state(self, *, indices: Any = None, tensor: Optional[str] = None,
              tensors: Optional[Mapping[str, Mapping[str, Any]]] = None, kind: Optional[str] = None,
              patience: Optional[float] = None, progress: Optional[Progress] = None) -> Answer:
        """Reads G, and the parameter where the server holds it: of all, or of some elements or tensors.

        tensor: the name of one tensor
        tensors: the names of several, each with `indices` or with nothing: {"emb": {"indices": [5, 9]}, "b": {}}
        kind: "list", "array", "numpy" or "torch"; else that of the tensors with which the session was created
        """
        if indices is not None and tensor is not None:
            tensors, indices = {tensor: {"indices": indices}}, None
        own = _kind_named(kind) if kind else self._kind
        call, path, query = None, self._path + "/state", _given(tensor=tensor)
        if indices is not None or tensors is not None:
            call, path, query = _Call(_given(indices=indices, tensors=tensors)), path + "/lookup", {}
        read = _answer(lambda field, name: call.give(field, name) if call and field == "indices" else own,
                       part=bool(call or tensor))
        return cast(Answer, self.client._transport.send("POST" if call else "GET", path, call, patience, progress,
                                                        query=query, accept=_SAFETENSORS, read=read))

    def touched(self, *, tensor: Optional[str] = None, limit: Optional[int] = None, kind: Optional[str] = None,
                progress: Optional[Progress] = None) -> Iterator[Answer]:
        """Reads what steps have touched, page by page, however large the table; each page can be given to `restore`.

        Pages with different `etag`s are of different versions: somebody has stepped in between.

        tensor: the name of one tensor; else all, one after the other
        limit: the entries of a page
        """
        own = _kind_named(kind) if kind else self._kind
        names: Iterable[Optional[str]] = [tensor]
        if tensor is None:
            names = (self.describe().get("tensors") or {None: None}).keys()
        for name in names:
            after: Optional[int] = None
            while True:
                query = _given(touched="true", tensor=name, limit=limit, after=after)
                page = self.client._transport.send("GET", self._path + "/state", None, None, progress, query=query,
                                                   accept=_SAFETENSORS, read=_answer(lambda field, name: own, part=True))
                yield page
                after = page.next
                if after is None:
                    break

    def restore(self, state: Union[Answer, Mapping[str, Any]], *, if_match: IfMatch = None,
                patience: Optional[float] = None, progress: Optional[Progress] = None) -> str:
        """Puts a state back, all of it or nothing, and gives the new `etag`.

        Without `if_match`, a restore that is sent again after a lost answer also undoes what others have stepped
        meanwhile.

        state: of `state` or `touched`, or a mapping with `step`, `G` and, where the server holds it, `parameter`; or
            with `step` and `tensors`. One with `indices` puts back just those entries
        """
        fields = _state_fields(state)
        own = [fields, *(fields.get("tensors") or {}).values()]
        part = any("indices" in each for each in own) or (isinstance(state, Answer) and state.part)
        query = {"touched": "true"} if part else {}
        reply = self.client._transport.send("PUT", self._path + "/state", self._call(fields), patience, progress,
                                            query=query, if_match=if_match)
        return str(reply.headers.get("ETag"))

    def describe(self, *, patience: Optional[float] = None) -> Dict[str, Any]:
        """The session's settings, shapes and number of steps."""
        description: Dict[str, Any] = self.client._transport.send("GET", self._path, patience=patience, read=_json)
        self.description = description
        return description

    def reached(self, step: int, *, within: float = 3600.0, pause: float = 0.5) -> Dict[str, Any]:
        """Waits until others have brought the session to a step, and gives its description.

        within: seconds, after which a TimeoutError is raised
        pause: seconds between two looks
        """
        end = time.monotonic() + within
        while True:
            description = self.describe()
            if description["step"] >= step:
                return description
            if time.monotonic() + pause > end:
                raise TimeoutError(f"session {self.id} is at step {description['step']}, not yet at {step}")
            time.sleep(pause)

    def delete(self, *, if_match: IfMatch = None, patience: Optional[float] = None) -> None:
        """Deletes the session. Raises where there is none, unless an earlier attempt of this call may have done it."""
        self.client._transport.send("DELETE", self._path, patience=patience, if_match=if_match, done_if_gone=True)

    def _call(self, fields: Mapping[str, Any]) -> _Call:
        dtype = None
        if _needs_dtype(fields):
            dtype = (self.description or self.describe())["dtype"]
        return _Call(fields, dtype, otherwise=self._kind)

    def __repr__(self) -> str:
        return f"<adagrad.Session {self.id!r} at {self.client.url}>"


# How a call is sent, and sent again.

_log = logging.getLogger("adagrad")
_JSON = "application/json"
_SAFETENSORS = "application/vnd.safetensors"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 5.0
_PIECE = 1 << 20


@dataclasses.dataclass
class _Reply:
    status: int
    headers: Any
    body: bytearray


class _Transport:
    """Connections that are kept open. Idle ones wait in a deque, whose ends are safe to use from all threads."""

    def __init__(self, url: str, key: Optional[str], tenant: Optional[str], patience: float, timeout: float,
                 ssl_context: Any) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise ValueError(f"the URL of a service is like http://localhost:8080, was {url!r}")
        self.url = url.rstrip("/")
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port or (443 if self._secure else 80)
        self._prefix = parts.path.rstrip("/")
        self._patience, self._timeout, self._ssl_context = patience, timeout, ssl_context
        self._identity = _identity(key, tenant)
        self._idle: Deque[Tuple[int, Any]] = collections.deque()

    def send(self, method: str, path: str, call: Optional[_Call] = None, patience: Optional[float] = None,
             progress: Optional[Progress] = None, *, query: Optional[Mapping[str, Any]] = None,
             accept: str = _JSON, if_match: IfMatch = None, if_none_match: Optional[str] = None,
             prefer: Optional[str] = None, idempotency_key: Optional[str] = None, done_if_gone: bool = False,
             read: Callable[[_Reply], Any] = lambda reply: reply) -> Any:
        """Sends a call until it is answered, as the head of this file says, and gives what `read` makes of the answer.

        What is sent is the same each time. An answer that cannot be read was cut.
        """
        target = self._prefix + path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = _given({
            "Accept": accept, "Content-Type": call.content_type if call else None, "If-Match": _entity_tag(if_match),
            "If-None-Match": if_none_match, "Prefer": prefer, "Idempotency-Key": idempotency_key,
            **self._identity})
        pieces = call.pieces if call else []
        attempts, end, maybe_done, fresh = 0, None, False, False
        while True:
            cause: Optional[BaseException] = None
            connection, used_before = self._connection(fresh)
            connected = used_before
            try:
                if not connected:
                    connection.connect()
                    connected = True
                reply = self._exchange(connection, method, target, headers, pieces, progress)
            except (ssl.SSLCertVerificationError, http.client.InvalidURL):
                raise
            except (OSError, http.client.HTTPException) as problem:
                connection.close()
                maybe_done = maybe_done or connected
                if used_before and not isinstance(problem, socket.timeout):
                    # the server has closed a connection that was idle, as it may: no reason to wait
                    fresh = True
                    continue
                failure, cause = _no_answer(self.url, problem), problem
            except BaseException:
                connection.close()
                raise
            else:
                refusal = _failure(reply)
                if refusal is None or (done_if_gone and maybe_done and refusal.code == "session-not-found"):
                    try:
                        return read(reply)
                    except (ValueError, KeyError, struct.error) as problem:
                        failure, cause = _unreadable(reply, problem), problem
                else:
                    failure = refusal
                    if not _is_worth_another(failure):
                        failure.maybe_done = maybe_done
                        raise failure
                maybe_done = maybe_done or failure.status not in (409, 429)
            failure.maybe_done = maybe_done
            now = time.monotonic()
            if end is None:
                end = now + (self._patience if patience is None else patience)
            pause = min(_FIRST_PAUSE * 2 ** min(attempts, 20), _LONGEST_PAUSE) * random.uniform(0.5, 1)
            pause += failure.retry_after or 0
            if now + pause > end:
                raise failure from cause
            _log.log(logging.DEBUG if attempts or failure.code == "session-busy" else logging.WARNING,
                     "%s %s: %s; trying again for %.0f s", method, target, failure, end - now)
            attempts += 1
            time.sleep(pause)

    def _connection(self, fresh: bool) -> Tuple[Any, bool]:
        if fresh:
            self.close()
        while not fresh:
            try:
                process, connection = self._idle.pop()
            except IndexError:
                break
            if process == os.getpid():
                return connection, True
            connection.close()  # of the process that this one was forked from, which goes on using it
        if self._secure:
            made: Any = http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout,
                                                    context=self._ssl_context)
        else:
            made = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        return made, False

    def _exchange(self, connection: Any, method: str, target: str, headers: Mapping[str, str],
                  pieces: Sequence[memoryview], progress: Optional[Progress]) -> _Reply:
        connection.putrequest(method, target)
        for name, value in headers.items():
            connection.putheader(name, value)
        total = sum(piece.nbytes for piece in pieces)
        if method != "GET":
            connection.putheader("Content-Length", str(total))
        whole = True
        try:
            connection.endheaders()
            sent = 0
            for piece in pieces:
                for start in range(0, piece.nbytes, _PIECE):
                    part = piece[start:start + _PIECE]
                    connection.send(part)
                    sent += part.nbytes
                    if progress:
                        progress("up", sent, total)
        except (BrokenPipeError, ConnectionResetError):
            whole = False  # perhaps because the server has refused it already, and says so
        response = connection.getresponse()
        if not whole and response.status < 400:
            raise http.client.HTTPException("the connection broke while the call was sent")
        body = _read(response, progress)
        if whole and not response.will_close:
            self._idle.append((os.getpid(), connection))
        else:
            connection.close()
        return _Reply(response.status, response.headers, body)

    def close(self) -> None:
        while True:
            try:
                self._idle.pop()[1].close()
            except IndexError:
                return


def _identity(key: Optional[str], tenant: Optional[str]) -> Dict[str, str]:
    """The headers that say who calls. No error repeats the key."""
    secret = (os.environ.get("ADAGRAD_KEY", "") if key is None else key).strip()  # a file's last line has an end
    if not re.fullmatch("[!-~]*", secret):
        raise ValueError("a key has no spaces, line ends or characters beyond ASCII; was it copied as a whole?")
    if tenant is not None and not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._-]{0,63}", tenant):
        raise ValueError(f"a tenant has 1 to 64 letters, digits, '.', '_' and '-', was {tenant!r}")
    return _given({"Authorization": f"Bearer {secret}" if secret else None, "Adagrad-Tenant": tenant})


def _read(response: Any, progress: Optional[Progress]) -> bytearray:
    """The whole body of an answer. One that ends too early is no answer."""
    total = response.length
    if total is None:
        body = bytearray()
        while True:
            part = response.read(_PIECE)
            body += part
            if progress and part:
                progress("down", len(body), 0)
            if not part:
                return body
    body = bytearray(total)
    view, done = memoryview(body), 0
    while done < total:
        count = response.readinto(view[done:done + _PIECE])
        if not count:
            raise http.client.IncompleteRead(b"", total - done)
        done += count
        if progress:
            progress("down", done, total)
    response.close()
    return body


def _is_worth_another(failure: AdaGradError) -> bool:
    """Whether the same call may be answered otherwise in a while."""
    if failure.status in (429, 502, 503, 504):
        return failure.code != "store-damaged"
    return failure.status == 409 and failure.code == "session-busy"


def _no_answer(url: str, problem: BaseException) -> AdaGradError:
    return AdaGradError(None, "no-answer", "There was no answer", f"no answer from {url}: {problem or repr(problem)}")


def _unreadable(reply: _Reply, problem: BaseException) -> AdaGradError:
    return AdaGradError(reply.status, "foreign-answer", "The answer cannot be read",
                        f"the answer cannot be read: {problem}")


def _failure(reply: _Reply) -> Optional[AdaGradError]:
    """What an answer that is no success says, be it of the service or of something before it."""
    media_type = reply.headers.get_content_type()
    if 200 <= reply.status < 300 and (media_type in (_JSON, _SAFETENSORS) or not reply.body):
        return None
    retry_after = _seconds(reply.headers.get("Retry-After"))
    if media_type == "application/problem+json":
        try:
            problem = json.loads(bytes(reply.body).decode())
            return AdaGradError(reply.status, problem["code"], problem["title"], problem.get("detail", ""), problem,
                                retry_after)
        except (ValueError, KeyError, TypeError):
            pass
    if 300 <= reply.status < 400:
        return AdaGradError(reply.status, "redirect", "The address leads elsewhere",
                            f"leads to {reply.headers.get('Location')}; give the client the address of the service")
    return AdaGradError(reply.status, "foreign-answer", "Something else than the service has answered",
                        f"a proxy, or another program than the service, answered ({media_type})",
                        retry_after=retry_after)


def _seconds(retry_after: Optional[str]) -> Optional[float]:
    """A number of seconds, or a date."""
    if retry_after is None or retry_after.isdigit():
        return float(retry_after) if retry_after else None
    try:
        return max(email.utils.parsedate_to_datetime(retry_after).timestamp() - time.time(), 0.0)
    except (TypeError, ValueError):
        return None


def _entity_tag(if_match: IfMatch) -> Optional[str]:
    return f'"{if_match}"' if isinstance(if_match, int) else if_match


def _json(reply: _Reply) -> Any:
    return json.loads(bytes(reply.body).decode())


def _given(more: Optional[Mapping[str, Any]] = None, **fields: Any) -> Dict[str, Any]:
    """The fields that have a value; an `include` that is empty has none."""
    fields = {**(more or {}), **fields}
    if "include" in fields:
        names = fields["include"]
        fields["include"] = ([names] if isinstance(names, str) else list(names)) or None
    return {name: value for name, value in fields.items() if value is not None}


# The fields of a call as a safetensors file, and back.

_TENSORS = ("parameter", "grad", "G", "indices")
_CODES: Dict[str, Any] = {"F64": "d", "F32": "f", "I64": "q"}

Give = Callable[[memoryview, str, Sequence[int]], Any]
"""Makes a tensor of its elements, its dtype and its shape."""


class _Call:
    """The body of a call: a safetensors file where there are tensors, else JSON; and the kinds of tensors it has."""

    def __init__(self, fields: Mapping[str, Any], dtype: Optional[str] = None, *, convert: bool = False,
                 otherwise: Optional[Give] = None) -> None:
        named = dict(fields.get("tensors") or {})
        values = {(name, field): value for name, own in [(None, fields), *named.items()]
                  for field, value in own.items() if field in _TENSORS and value is not None}
        self.kind: Optional[Give] = otherwise
        self._kinds = {place: _kind_of(value) for place, value in values.items()}
        for (_, field), kind in self._kinds.items():
            if field != "indices":
                self.kind = kind
                break
        if not values:
            self.content_type = _JSON
            self.pieces = [memoryview(json.dumps(fields, default=_plain).encode())]
            return
        dtype = dtype or _common_dtype(values)
        tensors = {field if name is None else f"{field}/{name}":
                   _indices(value) if field == "indices" else _elements(value, dtype, convert)
                   for (name, field), value in values.items()}
        metadata = {field: value for field, value in fields.items() if field not in _TENSORS and field != "tensors"}
        own = {name: {field: value for field, value in each.items() if field not in _TENSORS}
               for name, each in named.items()}
        # what has tensors only need not be told
        own = {name: each for name, each in own.items() if each or not any(name == place[0] for place in values)}
        if own:
            metadata["tensors"] = own
        self.content_type = _SAFETENSORS
        self.pieces = _file(tensors, metadata)

    def give(self, field: str, name: Optional[str]) -> Give:
        """As what a tensor of the answer is to be given: as this one was, or as the gradient was."""
        return self._kinds.get((name, field)) or self._kinds.get((name, "grad")) or self.kind or _give_list


@dataclasses.dataclass
class _Elements:
    dtype: str
    shape: List[int]
    data: memoryview


def _file(tensors: Mapping[str, _Elements], metadata: Mapping[str, Any]) -> List[memoryview]:
    """https://huggingface.co/docs/safetensors/index#format"""
    header: Dict[str, Any] = {"__metadata__": {name: _text(value) for name, value in metadata.items()}}
    end = 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": tensor.dtype, "shape": tensor.shape,
                        "data_offsets": [end, end + tensor.data.nbytes]}
        end += tensor.data.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return [memoryview(struct.pack("<Q", len(text)) + text), *(tensor.data for tensor in tensors.values())]


def _text(value: Any) -> str:
    """What is no tensor stands in a file as a string: JSON, but names as they are."""
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    """Numbers of numpy and torch, for JSON."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} is no number")


def _answer(give: Callable[[str, Optional[str]], Give], part: bool = False) -> Callable[[_Reply], Answer]:
    """Reads an answer, each of its tensors as `give` says for its field and name."""
    def read(reply: _Reply) -> Answer:
        body = memoryview(reply.body)
        start = 8 + struct.unpack_from("<Q", body)[0]
        header = json.loads(bytes(body[8:start]).decode())
        metadata = header.pop("__metadata__", {})
        if start + max([tensor["data_offsets"][1] for tensor in header.values()], default=0) != len(body):
            raise ValueError("the file has another length than its header says")
        answer = Answer(etag=reply.headers.get("ETag"), part=part,
                        replayed=reply.headers.get("Idempotency-Replayed") == "true")
        for key in ("step", "applied_step", "metrics", "next"):
            if key in metadata:
                setattr(answer, key, json.loads(metadata[key]))
        for key, tensor in header.items():
            field, _, name = key.partition("/")
            begin, end = tensor["data_offsets"]
            data = _swapped(body[start + begin:start + end], tensor["dtype"])
            of = answer.tensors.setdefault(name, Tensor()) if name else answer
            setattr(of, field, give(field, name or None)(data, tensor["dtype"], tensor["shape"]))
        return answer
    return read


def _state_fields(state: Union[Answer, Mapping[str, Any]]) -> Dict[str, Any]:
    """What of a state is put back."""
    def of(each: Any, names: Sequence[str]) -> Dict[str, Any]:
        fields = vars(each) if isinstance(each, Tensor) else each
        return {name: fields[name] for name in names if fields.get(name) is not None}
    tensors = ("G", "parameter", "indices")
    fields = of(state, ("step", *tensors))
    named = (state.tensors if isinstance(state, Answer) else state.get("tensors")) or {}
    if named:
        fields["tensors"] = {name: of(each, tensors) for name, each in named.items()}
    return fields


# Kinds of tensors. numpy and torch are not imported here: whoever has such a tensor has imported them.


def _numpy() -> Any:
    return sys.modules.get("numpy")


def _torch() -> Any:
    return sys.modules.get("torch")


def _is_numpy(value: Any) -> bool:
    numpy = _numpy()
    return numpy is not None and isinstance(value, (numpy.ndarray, numpy.generic))


def _is_torch(value: Any) -> bool:
    torch = _torch()
    return torch is not None and isinstance(value, torch.Tensor)


def _dtype_of(value: Any) -> Optional[str]:
    """The dtype of what is float32 or float64 and travels as it is."""
    if isinstance(value, array.array):
        return {"d": "F64", "f": "F32"}.get(value.typecode)
    if _is_numpy(value):
        return {("f", 8): "F64", ("f", 4): "F32"}.get((value.dtype.kind, value.dtype.itemsize))
    if _is_torch(value):
        return {"torch.float64": "F64", "torch.float32": "F32"}.get(str(value.dtype))
    return None


def _is_half(value: Any) -> bool:
    return (_is_numpy(value) or _is_torch(value)) and str(value.dtype) in ("float16", "torch.float16", "torch.bfloat16")


def _common_dtype(values: Mapping[Tuple[Optional[str], str], Any]) -> str:
    """The dtype of a call that names none."""
    elements = [value for (_, field), value in values.items() if field != "indices"]
    dtypes = {_dtype_of(value) for value in elements}
    if "F64" not in dtypes and ("F32" in dtypes or any(map(_is_half, elements))):
        return "F32"
    return "F64"


def _needs_dtype(fields: Mapping[str, Any]) -> bool:
    """Whether there is a tensor that is neither float32 nor float64."""
    return any(value is not None and field in _TENSORS and field != "indices" and _dtype_of(value) is None
               for own in [fields, *(fields.get("tensors") or {}).values()] for field, value in own.items())


def _elements(value: Any, dtype: str, convert: bool) -> _Elements:
    """The elements of a tensor in row-major order, little-endian.

    convert: float32 and float64 too
    """
    if not convert:
        dtype = _dtype_of(value) or dtype
    return _encoded(value, dtype, "fiub")


def _indices(value: Any) -> _Elements:
    return _encoded(value, "I64", "iu")


def _encoded(value: Any, dtype: str, kinds: str) -> _Elements:
    code = _CODES[dtype]
    if _is_torch(value):
        return _encoded_torch(value, dtype)
    if isinstance(value, (int, float)) and not _is_numpy(value):
        return _Elements(dtype, [], _bytes(array.array(code, [value]), dtype))
    if isinstance(value, array.array):
        same = value if value.typecode == code else array.array(code, value)
        return _Elements(dtype, [len(value)], _bytes(same, dtype))
    if isinstance(value, (list, tuple, range)):
        flat, shape = _flat(value)
        return _Elements(dtype, shape, _bytes(array.array(code, flat), dtype))
    if not _is_numpy(value) and hasattr(value, "__array__") and _numpy():
        value = _numpy().asarray(value)  # what knows how to become an array, as columns of pandas do
    if not _is_numpy(value):
        raise TypeError(f"a tensor is a number, a list, an array, or of numpy or torch, was {type(value).__name__}")
    if value.dtype.kind not in kinds and value.size:
        raise TypeError(f"an array of {value.dtype} is no tensor of {'integers' if dtype == 'I64' else 'numbers'}")
    little = value.astype("<" + {"F64": "f8", "F32": "f4", "I64": "i8"}[dtype], order="C", copy=False)
    return _Elements(dtype, list(value.shape), memoryview(little.reshape(-1).view("u1")))


def _encoded_torch(value: Any, dtype: str) -> _Elements:
    torch = _torch()
    if value.layout != torch.strided or value.is_complex():
        raise TypeError(f"a tensor of torch must be dense and real, was {value.layout}, {value.dtype}")
    if dtype == "I64" and (value.is_floating_point() or value.dtype == torch.bool) and value.numel():
        raise TypeError(f"indices must be integers, were {value.dtype}")
    kind = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64}[dtype]
    plain = value.detach().to(device="cpu", dtype=kind).contiguous()
    if not plain.numel():
        return _Elements(dtype, list(plain.shape), memoryview(b""))
    count = plain.numel() * plain.element_size()
    data = (ctypes.c_ubyte * count).from_address(plain.data_ptr())
    data._tensor = plain  # whose memory this is
    return _Elements(dtype, list(plain.shape), _swapped(memoryview(data).cast("B"), dtype))


def _flat(value: Sequence[Any]) -> Tuple[Sequence[Any], List[int]]:
    """The elements of a list, and its shape."""
    shape = [len(value)]
    while value and isinstance(value[0], (list, tuple)):
        length = len(value[0])
        if any(not isinstance(row, (list, tuple)) or len(row) != length for row in value):
            raise ValueError("the rows of a nested list differ in length")
        value = [each for row in value for each in row]
        shape.append(length)
    return value, shape


def _bytes(values: array.array[Any], dtype: str) -> memoryview:
    return _swapped(memoryview(values).cast("B") if len(values) else memoryview(b""), dtype)


def _swapped(data: memoryview, dtype: str) -> memoryview:
    """Little-endian data as this machine has it, or the other way round."""
    if sys.byteorder == "little":
        return data
    swapped = array.array(_CODES[dtype], data.tobytes())
    swapped.byteswap()
    return memoryview(swapped).cast("B")


def _kind_of(value: Any) -> Give:
    """Gives tensors of the kind that a value is of."""
    if _is_torch(value):
        return lambda data, dtype, shape: _give_torch(data, dtype, shape).to(value.device)
    if _is_numpy(value):
        if isinstance(value, _numpy().ndarray):
            return _give_numpy
        return lambda data, dtype, shape: _give_numpy(data, dtype, shape)[()]
    if isinstance(value, array.array):
        return _give_array
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)):
        return _give_nested
    if not isinstance(value, (list, tuple, int, float, range)) and hasattr(value, "__array__"):
        return _give_numpy
    return _give_list


def _kind_named(kind: str) -> Give:
    kinds = {"list": _give_list, "array": _give_array, "numpy": _give_numpy, "torch": _give_torch}
    if kind not in kinds:
        raise ValueError(f"kind must be one of {', '.join(kinds)}, was {kind!r}")
    return kinds[kind]


def _give_list(data: memoryview, dtype: str, shape: Sequence[int]) -> Any:
    values = data.cast(_CODES[dtype]).tolist() if data.nbytes else []
    return values if len(shape) else values[0]


def _give_nested(data: memoryview, dtype: str, shape: Sequence[int]) -> Any:
    values = _give_list(data, dtype, shape)
    for length in reversed(shape[1:]):
        values = [values[start:start + length] for start in range(0, len(values), length)]
    return values


def _give_array(data: memoryview, dtype: str, shape: Sequence[int]) -> Any:
    values = array.array(_CODES[dtype])
    values.frombytes(data)
    return values


def _give_numpy(data: memoryview, dtype: str, shape: Sequence[int]) -> Any:
    numpy = importlib.import_module("numpy")
    return numpy.frombuffer(data, _CODES[dtype]).reshape(tuple(shape))


def _give_torch(data: memoryview, dtype: str, shape: Sequence[int]) -> Any:
    torch = importlib.import_module("torch")
    kind = {"F64": torch.float64, "F32": torch.float32, "I64": torch.int64}[dtype]
    if not data.nbytes:
        return torch.empty(tuple(shape), dtype=kind)
    return torch.frombuffer(bytearray(data), dtype=kind).reshape(tuple(shape))
