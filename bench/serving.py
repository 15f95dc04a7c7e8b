"""Servers to be measured: processes with the event loop, the parser and the limits of ours."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry.schema.config import StrawberryConfig

from entrypoints import serving as crane
from entrypoints.connections import ConnectionLimits, EdgeConfig
from entrypoints.edge import Edge
from ledger.keys import Scope
from resolvers.gate import Caller
from schema.execution import Executor
from schema.requests import GraphQLRequest
from schema.view import Answer, ExecuteOptions, View
from server import limits_of
from settings import Settings

STOCK = "stock"
"""In place of a database address: the empty route as stock uvicorn and Starlette serve it."""

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Server:
    """A server process that answers at a port of this machine."""

    process: subprocess.Popen[bytes]
    port: int

    def resident_mb(self) -> float:
        """The memory that it holds now, in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024

    def cpu_seconds(self) -> float:
        """The processor time that it has used, in seconds: blind to what else the machine does."""
        text = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii")
        fields = text.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(database_url: str | None, **settings: str) -> Iterator[Server]:
    """A server on a database; without one, a server of the empty route and the empty field.

    On `STOCK` it has the empty route alone, without anything of ours around it.
    """
    server = start(database_url, **settings)
    try:
        yield server
    finally:
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(PATIENCE)


def start(database_url: str | None, **settings: str) -> Server:
    """Start a server and wait until it is ready."""
    port = free_port()
    process = subprocess.Popen(  # noqa: S603 (our own module)
        [sys.executable, "-m", "bench.serving", str(port), database_url or ""],
        env={
            **os.environ,
            "CRANE_DATABASE_URL": database_url or "",
            "CRANE_LOG_LEVEL": "warning",
            "CRANE_RATE_LIVE": "0",  # what is measured is the work, not the refusal of it
            "CRANE_RATE_TEST": "0",
            **settings,
        },
    )
    server = Server(process, port)
    deadline = time.monotonic() + PATIENCE
    while not _is_ready(server):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            raise RuntimeError(f"The server on {database_url} did not start.")
        time.sleep(0.05)
    return server


def _is_ready(server: Server) -> bool:
    address = f"http://127.0.0.1:{server.port}/health/ready"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@strawberry.type
class Query:
    """One field that does nothing."""

    @strawberry.field
    def ping(self) -> str:
        """Answer."""
        return "pong"


def empty() -> Any:
    """An application of an empty Starlette route, and of an empty field behind our own view."""
    schema = strawberry.Schema(Query, config=StrawberryConfig())
    nobody = Caller("org", None, True, "key", Scope.READ, "req", "graphql")
    database: Any = None
    executor = Executor(schema._schema, database, database, limits_of(Settings()))  # noqa: SLF001

    async def authenticate(_authorization: str | None, _request_id: str) -> Caller:
        return nobody

    async def run(caller: Caller, asked: GraphQLRequest, options: ExecuteOptions) -> Answer:
        return await executor(caller, asked, options)

    return Starlette(routes=[*_empty_routes(), Route("/graphql", View(authenticate, run))])


def _empty_routes() -> list[Route]:
    async def plain(_request: Request) -> Response:
        return Response(b"{}", media_type="application/json")

    return [Route("/empty", plain), Route("/health/ready", plain)]


def main() -> None:
    """Serve until told to stop: `python -m bench.serving PORT [DATABASE]`."""
    port, database_url = int(sys.argv[1]), sys.argv[2]
    if database_url == STOCK:
        stock = Starlette(routes=_empty_routes())
        uvicorn.run(stock, port=port, log_level="warning", access_log=False)
        return
    if database_url:
        settings = Settings(database_url=database_url, log_level="warning")
        crane.run(settings, crane.listening("127.0.0.1", port))
        return
    config = EdgeConfig(
        Edge(empty()),
        ConnectionLimits(keep_alive_seconds=60),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        proxy_headers=False,
        callback_notify=crane.settle,
        timeout_notify=1_000_000,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
