"""What every HTTP request meets first and last: its number, its time limit, its log line.

One layer of plain ASGI around all routes. It numbers the request, gives up on a body that
does not come, answers for whatever fell through all else, adds the headers that every answer
has, and writes one line about it. What happens before there is a request, on the connection,
is in `entrypoints.connections`.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import random
import re
import time
from collections.abc import Awaitable, MutableMapping
from functools import lru_cache
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from entrypoints.counting import RATE
from entrypoints.refusals import refusal_body
from ledger import ids
from ledger.errors import LedgerError, Reason
from schema.errors import unexpected
from schema.view import WHOLE, Header

logger = logging.getLogger("crane.access")

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_TIMED_OUT = 408
_NOT_SECURE = 403
_LONGEST_LOGGED = 200
_COUNTED = 4
"""How many characters of a request's id are counted up, at the end of those that are random."""
_AT_ONCE = 62**_COUNTED
_OURS = random.Random(os.urandom(16)).randrange(ids.RANDOM_LIMIT)  # noqa: S311 (no secret)
_COUNT = itertools.count()
EVERY_ANSWER = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)
"""The headers of every answer, unless it has its own."""
_OVER_HTTPS = (*EVERY_ANSWER, (b"strict-transport-security", b"max-age=31536000"))
_FOR_ANYONE = ("/health", "/health/ready")
"""What is answered over plain HTTP too: those who watch the process come from beside it."""


def new_request_id() -> str:
    """Return the number of a request that came without one."""
    count = ids.base62(next(_COUNT) % _AT_ONCE, _COUNTED)
    return _beginning(time.time_ns() // 1_000_000) + count


@lru_cache(maxsize=8)
def _beginning(milliseconds: int) -> str:
    """How the ids of this process begin in a millisecond; all but their count is random."""
    return ids.make("req_", milliseconds, _OURS)[:-_COUNTED]


def error_answer(
    path: str, error: LedgerError, request_id: str, status: int
) -> tuple[Message, Message]:
    """Return the two ASGI messages of a refusal for which no protocol's own door answers."""
    body = refusal_body(path, error, request_id, status)
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    return (
        {"type": "http.response.start", "status": status, "headers": headers},
        {"type": "http.response.body", "body": body},
    )


class Edge:
    """The outermost ASGI application, around `app`.

    It puts `request_id` into the scope's state: the client's own `X-Request-Id` where that is
    1 to 64 plain characters, else a new one. A body that is not whole within `body_seconds`
    is answered with 408; `app` is then told that the client has left. With `requires_https`
    what came over plain HTTP is refused; a proxy's word is in the scheme already, if believed.
    """

    def __init__(
        self, app: ASGIApp, body_seconds: float = 15.0, *, requires_https: bool = False
    ) -> None:
        self._app = app
        self._body_seconds = body_seconds
        self._requires_https = requires_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one connection on, and answer for the application where it does not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})["request_id"] = _request_id(scope)
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(receive, send, scope, self._body_seconds)
        try:
            if self._requires_https:
                exchange.adds = _OVER_HTTPS
                if _is_open(scope):
                    await exchange.refuse_open()
                    return
            await self._app(scope, exchange.receive, exchange.send)
        except ClientDisconnect:
            pass
        except Exception as error:  # noqa: BLE001  the caller gets an answer, the log the cause
            await exchange.fail(error)
        finally:
            if exchange.status is None:
                await exchange.end()
            if logger.isEnabledFor(logging.INFO):
                _log(scope, exchange)


class _Exchange:
    """One request and its answer, as they pass."""

    __slots__ = (
        "_deadline",
        "_id",
        "_is_late",
        "_is_whole",
        "_path",
        "_receive",
        "_send",
        "_state",
        "adds",
        "began",
        "status",
    )

    def __init__(self, receive: Receive, send: Send, scope: Scope, body_seconds: float) -> None:
        self._receive = receive
        self._send = send
        self._state: MutableMapping[str, Any] = scope["state"]
        self._path: str = scope["path"]
        self._id: str = self._state["request_id"]
        self._is_whole = WHOLE in scope.get("extensions", ())
        self._is_late = False
        self.began = asyncio.get_running_loop().time()
        self._deadline = self.began + body_seconds
        self.status: int | None = None
        self.adds: tuple[Header, ...] = EVERY_ANSWER

    async def receive(self) -> Message:
        """Return the next part of the body, or a disconnect when the body's time is up."""
        if self._is_whole:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            self._is_late = True
            return {"type": "http.disconnect"}
        self._is_whole = not message.get("more_body", False)
        return message

    def send(self, message: Message) -> Awaitable[None]:
        """Pass an answer on, unless its request came too late."""
        if self._is_late and self.status is None:
            return _nothing()
        if message["type"] == "http.response.start":
            message = self._whole(message)
        return self._send(message)

    async def fail(self, error: Exception) -> None:
        """Answer in place of an application that failed, if it had not begun to answer."""
        refusal = unexpected(error, self._id)
        if self.status is None and not self._is_late:
            await self._answer(refusal, Reason.INTERNAL.status)

    async def refuse_open(self) -> None:
        """Answer a request that came over plain HTTP."""
        cause = "This service answers over HTTPS only."
        cure = "Use its https:// address. If a key was sent, rotate it: it could be read by others."
        await self._answer(LedgerError(Reason.INVALID_REQUEST, cause, cure), _NOT_SECURE)

    async def end(self) -> None:
        """Answer a request that has no answer when it came too late."""
        if self._is_late:
            cause = "The body of the request did not come in time."
            cure = "Send the request again, on a connection that is fast enough."
            await self._answer(LedgerError(Reason.INVALID_REQUEST, cause, cure), _TIMED_OUT)

    async def _answer(self, error: LedgerError, status: int) -> None:
        start, body = error_answer(self._path, error, self._id, status)
        await self._send(self._whole(start))
        await self._send(body)

    def _whole(self, start: Message) -> Message:
        """The beginning of an answer with the headers that every answer has."""
        self.status = start["status"]
        headers = [*start.get("headers", ())]
        names = dict(headers)
        headers += [each for each in self.adds if each[0] not in names]
        headers.append((b"x-request-id", self._id.encode()))
        if (standing := self._state.get(RATE)) is not None:
            headers += [(k.lower().encode(), v.encode()) for k, v in standing.headers()]
        return {**start, "headers": headers}


async def _nothing() -> None:
    """What is done with an answer that nobody waits for any more."""


def _is_open(scope: Scope) -> bool:
    return scope.get("scheme", "http") != "https" and scope["path"] not in _FOR_ANYONE


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _GIVEN_ID.fullmatch(value):
            given: bytes = value
            return given.decode()
    return new_request_id()


def _log(scope: Scope, exchange: _Exchange) -> None:
    """Write the access line; `status` is null for a client that left before its answer."""
    state: dict[str, Any] = scope["state"]
    path: str = scope["path"]
    facts: dict[str, Any] = {
        "method": scope["method"],
        "path": path[:_LONGEST_LOGGED],
        "status": exchange.status,
        "ms": round((asyncio.get_running_loop().time() - exchange.began) * 1000, 1),
        "request_id": state["request_id"],
    }
    for name in ("organization_id", "operation"):
        if state.get(name) is not None:
            facts[name] = str(state[name])[:_LONGEST_LOGGED]
    logger.info("request", extra={"facts": facts})
