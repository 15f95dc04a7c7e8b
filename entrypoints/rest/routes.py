"""Routes: one for each path, so that what it allows is right, and all of them below `/v1` too.

A request passes in this order: method, headers, key, organization, then what it gives. It runs its
document through the executor that GraphQL has, by the same gate and resolvers.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from datetime import time as clock_time
from email.utils import format_datetime
from typing import Protocol

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from entrypoints.counting import CountingExecutor
from entrypoints.rest.doors import Door, Given, Reply
from entrypoints.rest.errors import Words, error_body, first_error, told
from entrypoints.rest.etags import is_known
from entrypoints.rest.incoming import Incoming
from entrypoints.rest.paths import Paths
from entrypoints.rest.queueing import (
    accepted,
    depths,
    enqueueing,
    estimated,
    is_queued,
    reserved,
    shown,
)
from entrypoints.rest.request import given
from entrypoints.rest.table import Row
from ledger import ids
from ledger.errors import LedgerError, Reason
from resolvers.gate import Caller, Gate
from resolvers.outside import Outside
from schema.calls import Called
from schema.errors import HttpError, unexpected
from schema.negotiation import JSON, answer_type
from schema.requests import GraphQLRequest
from schema.view import ExecuteOptions
from store.engines import Database
from store.troubles import Trouble, trouble

VERSION = "1"
"""The version of the API, by which paths may begin and which every answer names."""

OK, NO_CONTENT, NOT_MODIFIED = 200, 204, 304
_UNAUTHORIZED, _NOT_ALLOWED, _NOT_ACCEPTABLE = 401, 405, 406
_WITHOUT_BODY = {NO_CONTENT, NOT_MODIFIED}
_OF = "organization_id"


class Rooms(Protocol):
    """The parts of the house that these doors lead to."""

    database: Database
    gate: Gate
    outside: Outside
    executor: CountingExecutor
    rest_is_direct: bool

    def wake(self) -> None:
        """Let the workers of this process look for jobs."""


House = Callable[[], Rooms]
Answer = Callable[[Incoming, Rooms, Caller], Awaitable[Reply]]
Public = Callable[[Request, Rooms], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Operation:
    """What a method of a path does, for a `caller` or for anyone, and the headers that go along.

    Its `media_type` is that of the answer.
    """

    for_caller: Answer | None = None
    for_anyone: Public | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = JSON


def operations_of(doors: Sequence[Door], most_bytes: int) -> dict[str, dict[str, Operation]]:
    """The operations of some doors, by path and method."""
    found: dict[str, dict[str, Operation]] = {}
    for door in doors:
        operation = Operation(_answer(door, most_bytes), headers=deprecation(door.row))
        found.setdefault(door.row.whole_path, {})[door.row.method] = operation
    return found


def paths_of(house: House, operations: Mapping[str, Mapping[str, Operation]]) -> Paths:
    """All paths, as they are and below `/v1`; what else there is below them is refused."""
    there = {path: Path(house, methods) for path, methods in operations.items()}
    return Paths(there, f"/v{VERSION}", Path(house, {}))


class Path:
    """The ASGI application of one path; without operations there is nothing at it."""

    def __init__(self, house: House, operations: Mapping[str, Operation]) -> None:
        self._house = house
        self._operations = operations
        methods = {*operations, "OPTIONS", *(["HEAD"] if "GET" in operations else [])}
        self._allowed = ", ".join(sorted(methods))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request; a client that has left gets no answer."""
        request = Incoming(scope, receive)
        request_id: str = scope["state"]["request_id"]
        try:
            reply = await self._reply(request)
        except ClientDisconnect:
            return
        except HttpError as refusal:
            reply = _refused(refusal.error, request_id, refusal.status, refusal.headers)
        except LedgerError as error:
            reply = _refused(error, request_id, error.reason.status)
        except Exception as error:  # noqa: BLE001  the caller gets an answer, the log the cause
            told_of = _troubled(error, request_id)
            reply = _refused(told_of, request_id, told_of.reason.status)
        await _send(reply, send, is_head=scope["method"] == "HEAD")

    async def _reply(self, request: Incoming) -> Reply:
        method = request.method
        if not self._operations:
            raise _no_such_path()
        if method == "OPTIONS":
            return Reply(NO_CONTENT, headers={"allow": self._allowed})
        operation = self._operations.get("GET" if method == "HEAD" else method)
        if operation is None:
            cause = f"{method} is not a method of this path."
            error = LedgerError(Reason.INVALID_REQUEST, cause, f"Use one of: {self._allowed}.")
            raise HttpError(_NOT_ALLOWED, error, ((b"allow", self._allowed.encode()),))
        _require_supported(request, operation)
        reply = await _answered(operation, request, self._house())
        headers = {**reply.headers, **operation.headers}
        if method in {"GET", "HEAD"} and reply.status == OK and "etag" in headers:
            headers.setdefault("cache-control", "private, no-cache")
            if is_known(headers["etag"], request.header(b"if-none-match")):
                return Reply(NOT_MODIFIED, headers=headers)
        headers.setdefault("content-type", operation.media_type)
        return Reply(reply.status, reply.body, headers, reply.stream)


async def _answered(operation: Operation, request: Incoming, rooms: Rooms) -> Reply:
    if operation.for_anyone is not None:
        return await operation.for_anyone(request, rooms)
    caller = await _caller(request, rooms)
    if operation.for_caller is None:
        raise TypeError("An operation is for a caller or for anyone.")
    return await operation.for_caller(request, rooms, caller)


def _answer(door: Door, most_bytes: int) -> Answer:
    async def answer(request: Incoming, rooms: Rooms, caller: Caller) -> Reply:
        state = request.scope["state"]
        state["operation"] = door.document.name
        asked = await _asked(door, request, most_bytes, rooms, caller)
        is_query = door.document.is_query
        key = None if is_query else request.header(b"idempotency-key")
        form = door.form(asked, caller.organization_id)
        options = ExecuteOptions(caller.request_id, is_query, key, state, form=form)
        if is_queued(door, request, direct=rooms.rest_is_direct) and not asked.is_dry:
            return _below(request, await _accepted(door, rooms, caller, asked, options))
        question = GraphQLRequest(door.document.text, door.document.name, asked.variables)
        try:
            found = await rooms.executor(caller, question, options)
            if found.has_errors:
                raise first_error(found.body["errors"])
        except LedgerError as error:
            waiting = await _not_there_yet(door, rooms, caller, asked, error)
            if waiting is not None:
                return waiting
            words = Words(door.document.arguments, door.in_path, asked.spelled)
            raise told(error, words) from None
        return _below(request, Reply(door.status(asked), found.json(), found.headers))

    return answer


def _below(request: Incoming, reply: Reply) -> Reply:
    """An answer whose Location begins as the path of its request does: with the version, or not."""
    if "location" not in reply.headers:
        return reply
    place = request.scope.get("root_path", "") + reply.headers["location"]
    return Reply(reply.status, reply.body, {**reply.headers, "location": place})


async def _asked(
    door: Door, request: Incoming, most_bytes: int, rooms: Rooms, caller: Caller
) -> Given:
    """What a request gives; when that is refused, it counts as a request of the operation."""
    began = time.perf_counter()
    try:
        return await given(door, request, most_bytes)
    except (LedgerError, HttpError) as refusal:
        kind = "query" if door.document.is_query else "mutation"
        called = Called(door.document.root.name.value, kind)
        rooms.executor.refuse(caller, called, refusal, began)
        raise


async def _accepted(
    door: Door, rooms: Rooms, caller: Caller, asked: Given, options: ExecuteOptions
) -> Reply:
    """Accept a request as a job."""
    began = time.perf_counter()
    subject = asked.path.get("id")
    how = await enqueueing(rooms.database, caller, door, asked.variables, subject)
    question = GraphQLRequest(door.document.text, door.document.name, asked.variables)
    try:
        found = await rooms.executor(caller, question, replace(options, enqueueing=how))
        if "errors" in found.body:
            raise first_error(found.body["errors"])
    except LedgerError as error:
        words = Words(door.document.arguments, door.in_path, asked.spelled)
        raise told(error, words) from None
    rooms.wake()
    now = datetime.now(UTC)
    job = found.body["job"]
    estimate = estimated(await depths(rooms.database, now), job.queue, now)
    cost = found.body["cost"]
    reply = accepted(job, door, caller.request_id, began=began, estimate=estimate, cost=cost)
    headers = {name.lower(): value for name, value in found.headers.items()}
    return Reply(reply.status, reply.body, {**reply.headers, **headers})


async def _not_there_yet(
    door: Door, rooms: Rooms, caller: Caller, asked: Given, error: LedgerError
) -> Reply | None:
    """What is told of an id that was given out for a job: that it is queued."""
    key = asked.path.get("id")
    is_read = door.document.is_query and door.row.path.endswith("{id}")
    if error.reason is not Reason.NOT_FOUND or key is None or not is_read:
        return None
    job = await reserved(rooms.database, caller, key)
    if job is None or job.is_finished or job.subject_id != key:
        return None
    return Reply(OK, orjson.dumps(shown(job)))


async def _caller(request: Incoming, rooms: Rooms) -> Caller:
    """Who asks, who must be of the organization that the path names."""
    state = request.scope["state"]
    header = request.header(b"authorization")
    caller = await rooms.gate.authenticate(header, state["request_id"], "rest")
    state[_OF] = caller.organization_id
    named: str | None = request.path_params.get(_OF)
    if named is None or named == caller.organization_id:
        return caller
    if caller.is_own(ids.normalise("org_", named)):
        return caller
    raise LedgerError(
        Reason.NOT_FOUND,
        f"There is no organization {named[:40]} for this API key.",
        "Use the id of the key's own organization; GET /organizations tells it.",
        {"organization_id": named[:40]},
    )


def _require_supported(request: Incoming, operation: Operation) -> None:
    """Refuse headers that are there twice, and a client that takes no JSON where that is sent."""
    accept = request.header(b"accept")
    if operation.media_type == JSON and answer_type(accept) is None:
        cause = "The Accept header takes none of the types that there are here."
        error = LedgerError(Reason.INVALID_REQUEST, cause, "Accept application/json.")
        raise HttpError(_NOT_ACCEPTABLE, error)


def deprecation(row: Row) -> Mapping[str, str]:
    """The headers that warn of an operation that is going to be taken away."""
    found = {}
    if row.deprecated is not None:
        found["deprecation"] = f"@{int(_midnight(row.deprecated).timestamp())}"
    if row.sunset is not None:
        found["sunset"] = format_datetime(_midnight(row.sunset), usegmt=True)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, clock_time(), UTC)


def _no_such_path() -> LedgerError:
    return LedgerError(
        Reason.NOT_FOUND,
        "There is nothing at this path.",
        "The paths that there are stand in /openapi.json, and to be read in /docs.",
    )


def _troubled(error: Exception, request_id: str) -> LedgerError:
    if trouble(error) in {Trouble.BUSY, Trouble.RETRY}:
        cause = "The database cannot answer now."
        return LedgerError(Reason.BUSY, cause, "Try again in a moment.")
    return unexpected(error, request_id)


def _refused(
    error: LedgerError, request_id: str, status: int, headers: tuple[tuple[bytes, bytes], ...] = ()
) -> Reply:
    found = {name.decode(): value.decode() for name, value in headers}
    if status == _UNAUTHORIZED:
        found["www-authenticate"] = "Bearer"
    body = orjson.dumps(error_body(error, request_id, status), default=str)
    return Reply(status, body, found)


async def _send(reply: Reply, send: Send, *, is_head: bool) -> None:
    headers: dict[str, str] = {"crane-version": VERSION, **reply.headers}
    if reply.status not in _WITHOUT_BODY:
        length = {} if reply.stream else {"content-length": str(len(reply.body))}
        headers = {"content-type": JSON, **length, **headers}
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    start = {"type": "http.response.start", "status": reply.status, "headers": encoded}
    await send(start)
    if reply.stream is not None:
        async for part in reply.stream:
            await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": b"" if is_head else reply.body})
