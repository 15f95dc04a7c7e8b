"""Killing who runs jobs, again and again, and counting what was accepted and what came of it.

On PostgreSQL workers of their own are killed beside a server that only accepts, on SQLite the
server that does both. Whoever is killed has jobs at that moment, and of several workers one is
left. Afterwards all that was accepted must be there, once: transactions, jobs, events, charges.
"""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
from crashing import ROOT, Books, new_books, start, until_it_answers
from sqlalchemy import Connection, func, select

from entrypoints import serving
from ledger.credits import GrantSource
from ledger.events import Origin
from resolvers import credits, health
from resolvers.minting import Mint
from store.credit_tables import credit_account, credit_usage
from store.engines import Database, open_database
from store.job_tables import claimable, job, queue_figure
from store.tables import event, transaction

WORKERS = 3
CLIENTS = 8
PRICE = 3
"""What a posted transaction costs, in one step or in two."""

_GRANTED = 1_000_000
_SAMPLED_EVERY = 0.05
_PATIENCE = 900.0
_TRIED_AGAIN = {409, 503}


@dataclass
class Tale:
    """How it went: what was accepted by the caller's own id, who was killed when, and for how
    long jobs waited for those that were dead, in seconds.
    """

    accepted: dict[str, str] = field(default_factory=dict)
    jobs: set[str] = field(default_factory=set)
    resent: int = 0
    dead: dict[str, float] = field(default_factory=dict)
    taken_over: set[str] = field(default_factory=set)
    longest_stuck: float = 0.0
    seconds: float = 0.0


async def kill_often(url: str, count: int, kills: int, *, lease: int, seed: Any = None) -> Tale:
    """Queue `count` transactions, and kill who runs them at random moments meanwhile.

    Raises `AssertionError` when one of them is not there, or something is there twice.
    """
    lots = random.Random(seed)  # noqa: S311
    # Later there may be nobody to kill who has a job.
    moments = sorted(lots.sample(range(1, count * 9 // 10), kills))
    books = await new_books(url)
    await _grant(url, books)
    tale, began = Tale(), time.monotonic()
    database = open_database(url, read_only=True)
    try:
        with serving.listening("127.0.0.1", 0) as opened:
            troop = Troop(url, opened, lease)
            try:
                address = f"http://127.0.0.1:{opened.getsockname()[1]}"
                await until_it_answers(address, troop.server)
                await troop.until_it_has_begun()
                work = [asyncio.create_task(each) for each in _senders(address, books, tale, count)]
                async with asyncio.timeout(_PATIENCE):
                    await _watch(database, troop, tale, work, moments)
            finally:
                troop.end()
        tale.seconds = time.monotonic() - began
        await database.read(_check, books, tale, count)
    finally:
        await database.close()
    return tale


class Troop:
    """The processes: a server, and workers where the engine takes them."""

    def __init__(self, url: str, opened: Any, lease: int) -> None:
        self._url = url
        self._opened = opened
        self._settings = {
            "CRANE_BILLING": "metered",
            "CRANE_RATE_LIVE": "0",
            "CRANE_JOB_LEASE": str(lease),
        }
        self._is_alone = url.startswith("sqlite")
        self._logs: dict[int, Any] = {}
        self.server = self._serve()
        started = [self.server] if self._is_alone else [self._work() for _ in range(WORKERS)]
        self.runners = {process.pid: process for process in started}

    async def until_it_has_begun(self) -> None:
        """Wait for the workers that were started."""
        while not self._is_alone and not all(self._has_begun(pid) for pid in self.runners):
            await asyncio.sleep(_SAMPLED_EVERY)

    def victims(self, busy: set[str]) -> list[str]:
        """Those of the busy that can be killed while another, which has started, goes on."""
        ready = {pid for pid in self.runners if self._is_alone or self._has_begun(pid)}
        killed = [name for name in sorted(busy) if _pid(name) in ready]
        return killed if self._is_alone or len(ready) > 1 else []

    def replace(self, pid: int) -> None:
        """Kill one that runs jobs, and start another."""
        process = self.runners.pop(pid)
        process.kill()
        process.wait()
        if self._is_alone:
            self.server = self._serve()
        new = self.server if self._is_alone else self._work()
        self.runners[new.pid] = new

    def end(self) -> None:
        """Kill all that is left."""
        for process in {*self.runners.values(), self.server}:
            process.kill()
            process.wait()
        for log in self._logs.values():
            log.close()

    def _serve(self) -> subprocess.Popen[bytes]:
        jobs = {} if self._is_alone else {"CRANE_JOBS": "0"}
        return start(self._url, self._opened, **self._settings, **jobs)

    def _work(self) -> subprocess.Popen[bytes]:
        log = tempfile.TemporaryFile()  # noqa: SIM115 (read for as long as the worker lives)
        process = subprocess.Popen(  # noqa: S603 (ourselves)
            [sys.executable, str(ROOT / "server.py"), "worker", "--database", self._url],
            env={**os.environ, "CRANE_LOG_LEVEL": "info", **self._settings},
            stderr=log,
        )
        self._logs[process.pid] = log
        return process

    def _has_begun(self, pid: int) -> bool:
        return b"looks for jobs" in os.pread(self._logs[pid].fileno(), 100_000, 0)


async def _grant(url: str, books: Books) -> None:
    database = open_database(url)
    await database.write(
        credits.grant,
        books.organization_id,
        _GRANTED,
        source=GrantSource.MANUAL,
        reference=None,
        origin=Origin("test", None, "req_test", "cli"),
        now=datetime.now(UTC),
        mint=Mint(),
    )
    await database.close()


def _senders(address: str, books: Books, tale: Tale, count: int) -> Iterator[Any]:
    todo = iter(range(count))
    for _ in range(CLIENTS):
        yield _send(address, books, tale, todo)


async def _send(address: str, books: Books, tale: Tale, todo: Iterator[int]) -> None:
    """Queue transactions; every third in two requests, of which the second waits for the first."""
    headers = {"Authorization": f"Bearer {books.key}", "Prefer": "respond-async"}
    base = f"{address}/organizations/{books.organization_id}"
    async with httpx2.AsyncClient(timeout=10, headers=headers) as http:
        for number in todo:
            own = f"own-{number}"
            is_in_steps = number % 3 == 0
            body = _sale(books, own, number, post=not is_in_steps)
            made = await _insist(http, tale, f"{base}/transactions", body, own)
            tale.accepted[own] = made["transaction_id"]
            if is_in_steps:
                path = f"{base}/transactions/{made['transaction_id']}/post"
                await _insist(http, tale, path, {}, f"{own}-post")


def _sale(books: Books, own: str, number: int, *, post: bool) -> dict[str, Any]:
    pair = ((books.cash, "debit"), (books.sales, "credit"))
    amount = f"{number + 1}.00"
    return {
        "description": "Sale",
        "transaction_date": "2026-01-05",
        "external_id": own,
        "post": post,
        "entries": [
            {"account_id": account, "entry_type": side, "amount": amount} for account, side in pair
        ],
    }


async def _insist(
    http: httpx2.AsyncClient, tale: Tale, address: str, body: dict[str, Any], key: str
) -> dict[str, Any]:
    """Send a request under one idempotency key until it is accepted."""
    while True:
        try:
            answer = await http.post(address, json=body, headers={"Idempotency-Key": key})
        except httpx2.TransportError:
            tale.resent += 1
            await asyncio.sleep(0.05)
            continue
        if answer.status_code in _TRIED_AGAIN:
            await asyncio.sleep(0.05)
            continue
        assert answer.status_code == 202, answer.text
        data: dict[str, Any] = answer.json()["data"]
        tale.jobs.add(data["job_id"])
        return data


async def _watch(
    database: Database,
    troop: Troop,
    tale: Tale,
    senders: list[asyncio.Task[None]],
    moments: list[int],
) -> None:
    """Kill at each moment, a number of jobs that are done, until all is sent and done."""
    while True:
        is_sent = all(sender.done() for sender in senders)
        waiting, done = await database.read(_standing)
        now = time.monotonic()
        for key, worker in waiting.items():
            if worker in tale.dead:
                tale.taken_over.add(key)
                tale.longest_stuck = max(tale.longest_stuck, now - tale.dead[worker])
        busy = {name for name in waiting.values() if name is not None}
        if moments and done >= moments[0] and (victims := troop.victims(busy)):
            moments.pop(0)
            name = random.choice(victims)  # noqa: S311
            troop.replace(_pid(name))
            tale.dead[name] = time.monotonic()
        if is_sent and not waiting:
            break
        await asyncio.sleep(_SAMPLED_EVERY)
    await asyncio.gather(*senders)


def _pid(worker: str) -> int:
    return int(worker.rsplit("-", 2)[1])


def _standing(connection: Connection) -> tuple[dict[str, str | None], int]:
    """Who has which of the jobs that are not done, and how many are done."""
    rows = connection.execute(select(claimable.c.job_id, claimable.c.worker))
    done = connection.scalar(select(func.sum(queue_figure.c.finished)))
    return {row.job_id: row.worker for row in rows}, int(done or 0)


def _check(connection: Connection, books: Books, tale: Tale, count: int) -> None:
    """All that was accepted is there, and nothing else is; once each."""
    columns = transaction.c
    rows = connection.execute(select(columns.external_id, columns.id, columns.status)).all()
    assert len(rows) == len(tale.accepted) == count
    assert {row.external_id: row.id for row in rows} == tale.accepted
    assert Counter(row.status for row in rows) == {"posted": count}
    ended = connection.execute(select(job.c.id, job.c.state)).all()
    assert len(ended) == len(tale.jobs)
    assert {row.id: row.state for row in ended} == dict.fromkeys(tale.jobs, "completed")
    in_steps = len(tale.jobs) - count
    events = connection.execute(select(event.c.type, event.c.entity_id))
    told = Counter((row.type, row.entity_id) for row in events)
    kinds = Counter(kind for kind, _ in told if kind.startswith(("job.", "transaction.")))
    assert kinds == {
        "job.queued": len(tale.jobs),
        "job.completed": len(tale.jobs),
        "transaction.created": in_steps,
        "transaction.posted": count,
    }
    assert set(told.values()) == {1}
    assert connection.scalar(select(credit_account.c.balance)) == _GRANTED - PRICE * count
    assert connection.scalar(select(func.sum(credit_usage.c.credits))) == PRICE * count
    findings = health.examine(connection, books.organization_id)
    assert [finding for finding in findings if not finding.holds] == []
