"""Jobs: how many transactions a second are accepted, and how many are done by workers.

They are accepted by a server that runs none of them. Workers are held still by a signal while the
backlog grows, and begin together; a server that runs jobs itself finds the backlog as it starts.
Either is timed from the first job that is begun to the last that is done. The jobs are those of
eight organizations in turn: of one, all commits wait for each other at its version row.
"""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from bench.books import Books, prepare, rest_requests
from bench.load import Load, run
from bench.places import Places
from bench.results import Results
from bench.serving import serving
from store.engines import Database, open_database
from store.job_tables import claimable, job

WORKERS = (1, 2, 4)
_CLIENTS = 64
_ORGANIZATIONS, _EACH = 8, 250
_PATIENCE = 120.0
_WARM = 2.0
_ROOT = Path(__file__).parents[1]
_DIRECT = "direct by REST rps"
_ACCEPTED = "queued, accepted rps"
_IN_SERVER = "queued, done by the server tps"


def measure(engine: str, places: Places, results: Results, rounds: int, seconds: float) -> None:
    """Post directly, accept, and do what was accepted, in turn."""
    books = prepare(places.new(engine))
    several = [books, *(prepare(books.url) for _ in range(_ORGANIZATIONS - 1))]
    asyncio.run(_measure(engine, several, results, rounds, seconds))
    results.ratio(engine, _ACCEPTED, _DIRECT)
    results.ratio(engine, _IN_SERVER, _DIRECT)
    if engine == "sqlite":
        return
    first, *more = WORKERS
    results.ratio(engine, _by(first), _DIRECT)
    for number in more:
        results.ratio(engine, _by(number), _by(first))


async def _measure(
    engine: str, books: list[Books], results: Results, rounds: int, seconds: float
) -> None:
    url = books[0].url
    direct, queued = (_requests(books, prefer) for prefer in ("wait=9", "respond-async"))
    for _ in range(rounds):
        with serving(url, CRANE_JOBS="0") as server:
            for name, requests in ((_DIRECT, direct), (_ACCEPTED, queued)):
                seen = run(Load(server.port, requests, _CLIENTS, seconds))
                results.add(engine, name, seen.rps)
        began = datetime.now(UTC)
        with serving(url):
            results.add(engine, _IN_SERVER, await _pace(url, began))
        for number in () if engine == "sqlite" else WORKERS:
            pace = await _by_workers(url, queued, number, seconds)
            results.add(engine, _by(number), pace)


def _requests(books: list[Books], prefer: str) -> list[bytes]:
    """Requests to several organizations in turn."""
    each = [rest_requests(one, prefer, _EACH) for one in books]
    return [request for requests in zip(*each, strict=True) for request in requests]


def _by(workers: int) -> str:
    return f"queued, done by {workers} worker{'s' * (workers > 1)} tps"


async def _by_workers(url: str, queued: list[bytes], number: int, seconds: float) -> float:
    """What some workers do in a second, of a backlog that waits for them."""
    with serving(url, CRANE_JOBS="0") as server, _workers(url, number) as hands:
        run(Load(server.port, queued, _CLIENTS, _WARM))
        await _pace(url, datetime.now(UTC))
        for hand in hands:
            hand.send_signal(signal.SIGSTOP)
        run(Load(server.port, queued, _CLIENTS, seconds))
        began = datetime.now(UTC)
        for hand in hands:
            hand.send_signal(signal.SIGCONT)
        return await _pace(url, began)


@contextmanager
def _workers(url: str, number: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Workers of their own, which have begun to look for jobs."""
    command = [sys.executable, str(_ROOT / "server.py"), "worker", "--database", url]
    hands = [
        subprocess.Popen(command, stderr=subprocess.PIPE)  # noqa: S603 (our own)
        for _ in range(number)
    ]
    try:
        for hand in hands:
            if not any(b"looks for jobs" in line for line in hand.stderr or ()):
                raise RuntimeError("A worker did not start.")
        yield hands
    finally:
        for hand in hands:
            hand.send_signal(signal.SIGCONT)
            hand.terminate()
            hand.communicate(timeout=_PATIENCE)


async def _pace(url: str, began: datetime) -> float:
    """Wait until no job is left; how many of those begun since `began` were done in a second."""
    database = open_database(url, read_only=True)
    try:
        await _until_none_is_left(database)
        return await database.read(_done_per_second, began)
    finally:
        await database.close()


async def _until_none_is_left(database: Database) -> None:
    deadline = time.monotonic() + _PATIENCE
    while await database.peek(_count):
        if time.monotonic() > deadline:
            raise RuntimeError("The jobs were not done in time.")
        await asyncio.sleep(0.1)


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(claimable)) or 0


def _done_per_second(connection: Connection, began: datetime) -> float:
    columns = job.c
    count, first, last = connection.execute(
        select(func.count(), func.min(columns.started_at), func.max(columns.finished_at)).where(
            columns.started_at >= began
        )
    ).one()
    if not count:
        return 0.0
    return float(count / (last - first).total_seconds())
