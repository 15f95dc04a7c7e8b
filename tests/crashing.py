"""Killing a real server under load, again and again, and counting what it had promised.

Clients write over HTTP with idempotency keys, and send again what was not answered. After the
last kill the books are opened where they lie: every answer that was ever given must be true,
and what was not answered is wholly there or wholly absent.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
from entering import BULK, CREATE, REVERSE, item, pair
from sqlalchemy import Connection, select

from entrypoints import serving
from ledger.events import Origin
from ledger.templates import Template
from resolvers import health, organizations
from resolvers.minting import Mint
from store import migrations
from store.accounts import charts
from store.engines import open_database
from store.tables import reversal, transaction

ROOT = Path(__file__).parents[1]
CLIENTS = 8
BULK_SIZE = 5
_SERVE = (
    "import socket, sys; from entrypoints import serving; from settings import Settings; "
    "serving.run(Settings(), socket.socket(fileno=int(sys.argv[1])))"
)
_RETRIED = {"busy", "idempotency_in_flight"}


@dataclass
class Promises:
    """What the server has answered, by the caller's own id: which transaction it is."""

    made: dict[str, str] = field(default_factory=dict)
    reversed: dict[str, str] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)
    kills: int = 0
    resent: int = 0


@dataclass
class Books:
    """The organization that is written to."""

    organization_id: str
    key: str
    cash: str
    sales: str


async def crash_often(url: str, times: int, *, seed: int | None = None) -> Promises:
    """Kill a server `times` times under load; raises `AssertionError` when it broke a promise."""
    lots = random.Random(seed)  # noqa: S311
    books = await new_books(url)
    promises = Promises()
    with serving.listening("127.0.0.1", 0) as opened:
        address = f"http://127.0.0.1:{opened.getsockname()[1]}"
        stop = asyncio.Event()
        clients = [
            asyncio.create_task(_write(address, books, promises, str(number), stop))
            for number in range(CLIENTS)
        ]
        while promises.kills < times:
            server = start(url, opened)
            try:
                await until_it_answers(address, server)
                await _until_more_is_promised(promises, clients)
                await asyncio.sleep(lots.uniform(0, 0.3))
            finally:
                os.kill(server.pid, signal.SIGKILL)
                server.wait()
            promises.kills += 1
        stop.set()
    await asyncio.gather(*clients)
    await _check(url, books, promises)
    return promises


async def new_books(url: str) -> Books:
    """A new organization at a database address."""
    database = open_database(url)
    await database.write(migrations.upgrade)
    founded = await database.write(
        organizations.found,
        name="Acme",
        currency="USD",
        template=Template.STANDARD,
        origin=Origin("test", None, "req_test", "cli"),
        now=datetime.now(UTC),
        mint=Mint(),
    )
    chart = await database.read(charts, [founded.organization_id])
    await database.close()
    by_code = {account.code: account.id for account in chart[founded.organization_id]}
    return Books(founded.organization_id, founded.live_key, by_code["1000"], by_code["4000"])


def start(url: str, opened: Any, **settings: str) -> subprocess.Popen[bytes]:
    """A server of its own process, on a socket that stays open when it dies."""
    environment = {**os.environ, "CRANE_DATABASE_URL": url, "CRANE_LOG_LEVEL": "error", **settings}
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", _SERVE, str(opened.fileno())],
        cwd=ROOT,
        env=environment,
        pass_fds=[opened.fileno()],
    )


async def until_it_answers(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait for a server that was started."""
    async with httpx2.AsyncClient(base_url=address, timeout=1) as http:
        for _ in range(60):
            assert server.poll() is None, f"the server ended with status {server.returncode}"
            try:
                if (await http.get("/health/ready")).status_code == 200:
                    return
            except httpx2.TransportError:
                pass
    raise AssertionError("the server did not start within a minute")


async def _until_more_is_promised(promises: Promises, clients: list[asyncio.Task[None]]) -> None:
    known = len(promises.made)
    while len(promises.made) < known + CLIENTS:
        for client in clients:
            if client.done():
                client.result()
        await asyncio.sleep(0.01)


async def _write(
    address: str, books: Books, promises: Promises, name: str, stop: asyncio.Event
) -> None:
    """Sales, some by the handful, some reversed; each until it is answered."""
    headers = {"Authorization": f"Bearer {books.key}"}
    async with httpx2.AsyncClient(base_url=address, timeout=10, headers=headers) as http:
        turn = 0
        while not stop.is_set():
            turn += 1
            own = f"{name}-{turn}"
            entries = pair(books.cash, books.sales, f"{turn}.00")
            given: dict[str, Any] = {"entries": entries, "post": True, "externalId": own}
            if turn % 3:
                document = CREATE
            else:
                document = BULK
                many = [item(entries, externalId=f"{own}-{n}") for n in range(BULK_SIZE)]
                given = {"transactions": many}
            found = await _insist(http, promises, document, given, own, stop)
            promises.made |= _made(found)
            if turn % 3 == 1 and own in promises.made:
                given = {"id": promises.made[own]}
                found = await _insist(http, promises, REVERSE, given, f"{own}-reversed", stop)
                if found:
                    promises.reversed[own] = found["reverseTransaction"]["id"]


def _made(found: dict[str, Any]) -> dict[str, str]:
    """The ids of what was made, by the caller's own ids."""
    facts = [found["createTransaction"]] if "createTransaction" in found else []
    if "createTransactions" in found:
        facts = [result["transaction"] for result in found["createTransactions"]["results"]]
    return {fact["externalId"]: fact["id"] for fact in facts}


async def _insist(
    http: httpx2.AsyncClient,
    promises: Promises,
    query: str,
    given: dict[str, Any],
    key: str,
    stop: asyncio.Event,
) -> dict[str, Any]:
    """Send a request under one idempotency key until it is answered; nothing if it never is."""
    body = {"query": query, "variables": {**given, "idempotencyKey": key}}
    while True:
        try:
            answer = (await http.post("/graphql", json=body)).json()
        except httpx2.TransportError:
            if stop.is_set():
                promises.unanswered.append(key)
                return {}
            promises.resent += 1
            await asyncio.sleep(0.02)
            continue
        reasons = {error["extensions"]["reason"] for error in answer.get("errors", ())}
        assert reasons <= _RETRIED, answer
        if not reasons:
            data: dict[str, Any] = answer["data"]
            return data


async def _check(url: str, books: Books, promises: Promises) -> None:
    """Every promise is kept, once; what else is there was asked for, and is there whole."""
    database = open_database(url)
    made, reversals, findings = await database.read(_look, books.organization_id)
    await database.close()
    assert {own: made.pop(own, None) for own in promises.made} == promises.made
    for own in promises.unanswered:
        parts = [made.pop(f"{own}-{n}", None) for n in range(BULK_SIZE)]
        assert None not in parts or not any(parts)
        made.pop(own, None)
    assert made == {}
    for own, key in promises.reversed.items():
        assert reversals.pop(promises.made[own]) == key
    open_ends = {own.removesuffix("-reversed") for own in promises.unanswered}
    assert reversals.keys() <= {promises.made.get(own) for own in open_ends}
    assert [finding for finding in findings if not finding.holds] == []


def _look(connection: Connection, organization_id: str) -> tuple[Any, Any, Any]:
    named = select(transaction.c.external_id, transaction.c.id).where(
        transaction.c.external_id.is_not(None)
    )
    made = {row.external_id: row.id for row in connection.execute(named)}
    links = connection.execute(select(reversal))
    reversals = {row.original_id: row.reversal_id for row in links}
    unnamed = select(transaction.c.id).where(transaction.c.external_id.is_(None))
    assert set(connection.scalars(unnamed)) == set(reversals.values())
    return made, reversals, health.examine(connection, organization_id)
