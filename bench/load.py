"""The load: many keep-alive connections in one light process, each asking without a pause.

It runs as `python -m bench.load`, is told what to do by pickle on standard input, and says what
it saw as JSON. Requests are bytes made beforehand: two cores are shared with what is measured.
"""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import uvloop

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_WARM_UP = 0.4


@dataclass(frozen=True, slots=True)
class Load:
    """What to ask: whole HTTP requests, taken in turn by `clients` connections for `seconds`."""

    port: int
    requests: Sequence[bytes]
    clients: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of it: requests per second, latencies in milliseconds, answers with errors.

    `asked` counts all requests, `answers` those that were counted once all was warm.
    """

    rps: float
    median_ms: float
    p99_ms: float
    answers: int
    asked: int
    errors: int
    first_error: str


def http_request(
    path: str, body: bytes, key: str | None = None, method: str = "POST", prefer: str | None = None
) -> bytes:
    """The bytes of a request, for a server on this machine."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    if key is not None:
        head += f"Authorization: Bearer {key}\r\n"
    if prefer is not None:
        head += f"Prefer: {prefer}\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def graphql_request(query: str, variables: Any, key: str) -> bytes:
    """The bytes of a GraphQL request."""
    body = json.dumps({"query": query, "variables": variables}, separators=(",", ":"))
    return http_request("/graphql", body.encode(), key)


def run(load: Load) -> Seen:
    """Ask from a process of its own. Raises `RuntimeError` when an answer was an error."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=pickle.dumps((load.port, load.requests, load.clients, load.seconds)),
        stdout=subprocess.PIPE,
        env=os.environ,
        check=True,
    )
    seen = Seen(**json.loads(done.stdout))
    if seen.errors or not seen.answers:
        raise RuntimeError(f"{seen.errors} of {seen.answers} answers: {seen.first_error}")
    return seen


class _Client(asyncio.Protocol):
    """One connection: writes a request, waits for the whole answer, writes the next."""

    def __init__(self, tally: _Tally, place: int) -> None:
        self._tally = tally
        self._place = place
        self._parts = b""
        self._whole = 0
        self._transport: Any = None
        self._asked = 0.0

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._tally.is_over:
            self._tally.errors += 1
            self._tally.first_error = self._tally.first_error or f"connection lost: {exc}"

    def data_received(self, data: bytes) -> None:
        self._parts += data
        if not self._whole:
            end = self._parts.find(b"\r\n\r\n")
            if end < 0:
                return
            found = _LENGTH.search(self._parts, 0, end)
            self._whole = end + 4 + int(found[1] if found else 0)
        if len(self._parts) >= self._whole:
            self._tally.answered(self._parts, time.perf_counter() - self._asked)
            self._parts = b""
            self._whole = 0
            self._ask()

    def close(self) -> None:
        self._transport.close()

    def _ask(self) -> None:
        requests = self._tally.load.requests
        self._place = (self._place + 1) % len(requests)
        self._asked = time.perf_counter()
        self._transport.write(requests[self._place])


class _Tally:
    """What all connections saw together."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.latencies: list[float] = []
        self.asked = 0
        self.errors = 0
        self.first_error = ""
        self.is_counting = False
        self.is_over = False

    def answered(self, answer: bytes, latency: float) -> None:
        self.asked += 1
        if not answer.startswith(b"HTTP/1.1 20") or b'"errors"' in answer:
            self.errors += 1
            self.first_error = self.first_error or answer.decode(errors="replace")[:1000]
        if self.is_counting:
            self.latencies.append(latency)


def _same(client: _Client) -> _Client:
    return client


async def _ask(load: Load) -> Seen:
    loop = asyncio.get_running_loop()
    tally = _Tally(load)
    stride = max(1, len(load.requests) // load.clients)
    clients = []
    for number in range(load.clients):
        client = _Client(tally, number * stride)
        await loop.create_connection(partial(_same, client), "127.0.0.1", load.port)
        clients.append(client)
    await asyncio.sleep(_WARM_UP)
    tally.is_counting = True
    began = time.perf_counter()
    await asyncio.sleep(load.seconds)
    took = time.perf_counter() - began
    tally.is_over = True
    for client in clients:
        client.close()
    latencies = sorted(tally.latencies) or [0.0]
    return Seen(
        rps=len(tally.latencies) / took,
        median_ms=latencies[len(latencies) // 2] * 1000,
        p99_ms=latencies[int(len(latencies) * 0.99)] * 1000,
        answers=len(tally.latencies),
        asked=tally.asked,
        errors=tally.errors,
        first_error=tally.first_error,
    )


def main() -> None:
    """Read a load from standard input, run it, write what was seen."""
    load = Load(*pickle.load(sys.stdin.buffer))  # noqa: S301 (from our own parent process)
    seen = uvloop.run(_ask(load))
    sys.stdout.write(json.dumps({name: getattr(seen, name) for name in Seen.__slots__}))


if __name__ == "__main__":
    main()
