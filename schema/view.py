"""The HTTP view: GraphQL over HTTP, thin, with nothing of GraphQL in it.

A request passes in this order: method, types, key, size, form; then the executor has it. So a
stranger without a key learns nothing of the schema, and costs no parsing. What is refused on
the way keeps the status of its reason; what was executed, or refused as a document, is
answered as the specification says for the type of answer that the client takes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import orjson
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send

from ledger.errors import LedgerError, Reason
from resolvers.jobs import Enqueueing
from schema.errors import HttpError, render, unexpected
from schema.negotiation import GRAPHQL, JSON, answer_type, is_json
from schema.requests import Bodies, GraphQLRequest, from_query_string

WHOLE = "crane.whole"
"""The ASGI extension of a request that came in one piece: its `body` need not be waited for."""

ALLOWED = b"GET, HEAD, OPTIONS, POST"
_BY_GET = ("GET", "HEAD")
_BY_POST = "POST"
_ONCE = (b"authorization", b"content-type", b"content-encoding", b"idempotency-key")
_OK, _NO_CONTENT, _BAD_REQUEST, _UNAUTHORIZED = 200, 204, 400, 401
_NOT_ALLOWED, _NOT_ACCEPTABLE, _UNSUPPORTED = 405, 406, 415
_LONGEST_NUMBER = 18
_TYPES = {kind: (b"content-type", f"{kind}; charset=utf-8".encode()) for kind in (JSON, GRAPHQL)}

_NO_HEADERS: Mapping[str, str] = {}

Header = tuple[bytes, bytes]
Headers = Mapping[bytes, bytes]
Asker = TypeVar("Asker")


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer is shown where that is not as GraphQL has it, and so it is kept too.

    `show` makes another answer of one without errors, by nothing but that answer, the
    organization and what `key` says.
    """

    key: Hashable
    show: Callable[[Answer], Answer]


@dataclass(slots=True)
class ExecuteOptions:
    """What HTTP adds to a request, made anew for each.

    With `only_queries` the executor refuses a mutation by raising `only_by_post()`. `state` is
    the request's, where `operation` and `organization_id` are put for the access log. With
    `enqueueing` the one mutation of the document is accepted as a job; `reserved` are the ids
    that a job was given then, and one that `is_paid` was charged then. The answer has the `form`.
    """

    request_id: str
    only_queries: bool
    idempotency_key: str | None
    state: MutableMapping[str, Any]
    enqueueing: Enqueueing | None = None
    reserved: tuple[str, ...] = ()
    is_paid: bool = False
    form: Form | None = None


class Answer:
    """A GraphQL answer. `executed` is false when the document or its variables were refused.

    Then `body` has no `data`, and the status is 400 for a client that can tell. `headers` are
    added to the HTTP answer. One that was kept is there `encoded`, and is read when it must be.
    """

    __slots__ = ("_body", "_encoded", "executed", "headers")

    def __init__(
        self,
        body: dict[str, Any] | None = None,
        executed: bool = True,
        headers: Mapping[str, str] = _NO_HEADERS,
        *,
        encoded: bytes | None = None,
    ) -> None:
        self._body = body
        self._encoded = encoded
        self.executed = executed
        self.headers = headers

    @property
    def body(self) -> dict[str, Any]:
        """The answer as an object."""
        if self._body is None:
            self._body = orjson.loads(self._encoded or b"{}")
        return self._body

    @property
    def has_errors(self) -> bool:
        """Whether anything was refused; what is kept has no errors."""
        return self._encoded is None and "errors" in self.body

    def telling_cache(self, status: str) -> Answer:
        """The same answer, which says besides how it was come by."""
        more = {**self.body.get("extensions", {}), "cache": {"status": status}}
        return Answer({**self.body, "extensions": more}, self.executed, self.headers)

    def json(self) -> bytes:
        """The answer as it is sent."""
        return orjson.dumps(self._body) if self._encoded is None else self._encoded


class Reply(NamedTuple):
    """An HTTP answer: its status, its body, and its headers besides type and length."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = ()


Authenticate = Callable[[str | None, str], Awaitable[Asker]]
"""From the Authorization header and the request id: who asks, or a `LedgerError`."""

Execute = Callable[[Asker, GraphQLRequest, ExecuteOptions], Awaitable[Answer]]
"""A `LedgerError` that it raises keeps its own status, whatever the type of the answer."""


def only_by_post() -> HttpError:
    """The refusal of a mutation by GET, which anyone could make a browser send."""
    cause = "A mutation cannot be sent by GET."
    return _http(_NOT_ALLOWED, cause, "Send it by POST.", (b"allow", b"POST"))


class View(Generic[Asker]):
    """The ASGI application at `/graphql`.

    It needs the request id that the edge puts into the scope's state. A body may have
    `most_bytes` and a batch `most_batched` requests: those run side by side, or in their order
    if one of them may be a mutation.
    """

    def __init__(
        self,
        authenticate: Authenticate[Asker],
        execute: Execute[Asker],
        *,
        most_batched: int = 10,
        most_bytes: int = 1_048_576,
    ) -> None:
        self._authenticate = authenticate
        self._execute = execute
        self._read = Bodies(most_batched)
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; a client that has left gets no answer."""
        request_id: str = scope["state"]["request_id"]
        kind: str | None = None
        try:
            headers = _headers(scope)
            kind = answer_type(_text(headers, b"accept"))
            reply = await self._reply(scope, receive, headers, kind)
        except ClientDisconnect:
            return
        except HttpError as refusal:
            reply = _refused(refusal.error, request_id, refusal.status, refusal.headers)
        except LedgerError as error:
            reply = _refused(error, request_id, error.reason.status)
        except Exception as error:  # noqa: BLE001  the caller gets an answer, the log the cause
            reply = _refused(unexpected(error, request_id), request_id, Reason.INTERNAL.status)
        await _send(reply, kind or JSON, send, is_head=scope["method"] == "HEAD")

    async def _reply(
        self, scope: Scope, receive: Receive, headers: Headers, kind: str | None
    ) -> Reply:
        method: str = scope["method"]
        if method == "OPTIONS":
            return Reply(_NO_CONTENT, b"", ((b"allow", ALLOWED),))
        _require_supported(method, headers, kind)
        state: MutableMapping[str, Any] = scope["state"]
        request_id: str = state["request_id"]
        asker = await self._authenticate(_text(headers, b"authorization"), request_id)
        key = _text(headers, b"idempotency-key")
        options = ExecuteOptions(request_id, method != _BY_POST, key, state)
        if method != _BY_POST:
            asked: GraphQLRequest | list[GraphQLRequest] = from_query_string(scope["query_string"])
        else:
            asked = self._read(await body_of(scope, receive, headers, self._most_bytes))
        if isinstance(asked, list):
            return await self._batch(asker, asked, options)
        state["operation"] = asked.operation_name
        answer = await _undisturbed(self._execute(asker, asked, options))
        status = _BAD_REQUEST if kind == GRAPHQL and not answer.executed else _OK
        return Reply(status, answer.json(), _encoded(answer.headers))

    async def _batch(
        self, asker: Asker, asked: list[GraphQLRequest], options: ExecuteOptions
    ) -> Reply:
        """Run each request on its own: what one is refused for does not touch the others."""
        if options.idempotency_key is not None:
            raise LedgerError(
                Reason.INVALID_REQUEST,
                "An Idempotency-Key header cannot say which request of a batch it is for.",
                "Give each mutation an `idempotencyKey` argument, and leave the header out.",
            )
        options.state["operation"] = f"batch of {len(asked)}"
        if any("mutation" in each.query for each in asked):
            bodies = [await self._run(asker, each, options) for each in asked]
        else:
            bodies = await asyncio.gather(*(self._run(asker, each, options) for each in asked))
        return Reply(_OK, b"[" + b",".join(bodies) + b"]")

    async def _run(self, asker: Asker, asked: GraphQLRequest, options: ExecuteOptions) -> bytes:
        try:
            answer = await _undisturbed(self._execute(asker, asked, options))
            return answer.json()
        except LedgerError as error:
            refusal = error
        except Exception as error:  # noqa: BLE001  the others of the batch have their answers
            refusal = unexpected(error, options.request_id)
        return _error_body(refusal, options.request_id)


async def _undisturbed(work: Awaitable[Answer]) -> Answer:
    """Await an answer, and take a stray cancellation inside of it for the failure that it is.

    graphql-core cancels the siblings of a field that failed, and what they shared with others
    may be cancelled with them; only a task that was told to stop itself may end without answer.
    """
    try:
        return await work
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise RuntimeError("A part of the execution was cancelled.") from error


def _require_supported(method: str, headers: Headers, kind: str | None) -> None:
    """Refuse what HTTP has a status for: the method, and the types of question and answer."""
    if method != _BY_POST and method not in _BY_GET:
        cure = f"Send {ALLOWED.decode()}."
        cause = "The method is not one of GraphQL's."
        raise _http(_NOT_ALLOWED, cause, cure, (b"allow", ALLOWED))
    if kind is None:
        cause = "The Accept header takes none of the types that there are here."
        raise _http(_NOT_ACCEPTABLE, cause, f"Accept {JSON} or {GRAPHQL}.")
    if method == _BY_POST and not is_json(_text(headers, b"content-type")):
        cause = "The body is not said to be JSON in UTF-8."
        cure = f"Send the header Content-Type: {JSON}."
        raise _http(_UNSUPPORTED, cause, cure, (b"accept", JSON.encode()))
    encoding = _text(headers, b"content-encoding")
    if encoding is not None and encoding.strip().lower() != "identity":
        cause = "The body is compressed, which is not supported."
        cure = "Send the body as it is, without Content-Encoding."
        raise _http(_UNSUPPORTED, cause, cure, (b"accept-encoding", b"identity"))


def _http(status: int, cause: str, cure: str, *headers: Header) -> HttpError:
    return HttpError(status, LedgerError(Reason.INVALID_REQUEST, cause, cure), headers)


def _headers(scope: Scope) -> Headers:
    """Return the headers by name; one that decides something may be there only once."""
    pairs: list[Header] = scope["headers"]
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    for name in _ONCE:
        if names.count(name) > 1:
            cause = f"The header {name.decode()} is there more than once."
            raise LedgerError(Reason.INVALID_REQUEST, cause, "Send it once.")
    accepted = [value for name, value in pairs if name == b"accept"]
    return {**found, b"accept": b",".join(accepted)}


def _text(headers: Headers, name: bytes) -> str | None:
    value = headers.get(name)
    return None if value is None else value.decode("latin-1")


async def body_of(scope: Scope, receive: Receive, headers: Headers, most_bytes: int) -> bytes:
    """Return the whole body, reading no more of it than is allowed."""
    if WHOLE in scope.get("extensions", ()):
        body: bytes = scope["extensions"][WHOLE]["body"]
        if len(body) > most_bytes:
            raise _too_large(most_bytes)
        return body
    length = headers.get(b"content-length", b"")
    if length.isdigit() and (len(length) > _LONGEST_NUMBER or int(length) > most_bytes):
        raise _too_large(most_bytes)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > most_bytes:
            raise _too_large(most_bytes)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def _too_large(most_bytes: int) -> LedgerError:
    return LedgerError(
        Reason.REQUEST_TOO_LARGE,
        f"The body is larger than {most_bytes:,} bytes.",
        "Send less in one request: a large load in several parts.",
        {"allowed": most_bytes},
    )


def _refused(
    error: LedgerError, request_id: str, status: int, headers: tuple[Header, ...] = ()
) -> Reply:
    challenge = ((b"www-authenticate", b"Bearer"),) if status == _UNAUTHORIZED else ()
    return Reply(status, _error_body(error, request_id), (*headers, *challenge))


def _error_body(error: LedgerError, request_id: str) -> bytes:
    return orjson.dumps({"errors": [render(error, request_id)]}, default=str)


def _encoded(headers: Mapping[str, str]) -> tuple[Header, ...]:
    if not headers:
        return ()
    return tuple((k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers.items())


async def _send(reply: Reply, kind: str, send: Send, *, is_head: bool) -> None:
    headers = [*reply.headers]
    if reply.status != _NO_CONTENT:
        headers += (_TYPES[kind], (b"content-length", b"%d" % len(reply.body)))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else reply.body})
