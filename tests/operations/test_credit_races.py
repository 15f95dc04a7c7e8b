"""Many who spend at once: never more than there is, and never a charge without its work."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import cycle

import asyncpg
import httpx2
import pytest
from crashing import ROOT
from crediting import PURCHASE, grant, left, metered, require_books_of_credits_to_balance, used
from entering import CREATE, contents, pair, unhealthy
from house import Client

from entrypoints import serving
from store import credits, events
from store.engines import open_database

CONTACT = 'mutation { createContact(name: "Jane", contactType: CUSTOMER) { id } }'
OPEN = (
    'mutation O($code: String!) { createAccount(code: $code, name: "N", accountType: ASSET) {id} }'
)
BULK = "mutation M($accounts: [AccountInput!]!) { createAccounts(accounts: $accounts) { id } }"
BILL = "mutation B($low: Int) { updateBilling(lowBalanceThreshold: $low) { version } }"


class Crowd:
    """Clients of one organization at one or two servers, and for what reasons they are refused."""

    def __init__(self, houses, books) -> None:
        self.house, self.books = houses[0], books
        self.refusals: Counter[str] = Counter()
        self._turns = cycle(Client(h.http, books.key, books.organization_id) for h in houses)

    async def ask(self, document, **variables):
        """The data, or None when it is refused."""
        answer = (await next(self._turns).post(document, variables)).json()
        for error in answer.get("errors", ()):
            self.refusals[error["extensions"]["reason"]] += 1
        return None if "errors" in answer else answer["data"]


@pytest.fixture(params=["sqlite", "postgresql", "two servers"])
async def crowd(request, databases) -> AsyncIterator[Crowd]:
    url = await databases.new("sqlite" if request.param == "sqlite" else "postgresql")
    async with AsyncExitStack() as stack:
        servers = 2 if request.param == "two servers" else 1
        houses = [await stack.enter_async_context(metered(url)) for _ in range(servers)]
        crowd = Crowd(houses, await houses[0].organization())
        yield crowd
        await require_books_of_credits_to_balance(crowd.house)
        assert await unhealthy(crowd.books) == []
    if request.param != "sqlite":
        connection = await asyncpg.connect(url)
        counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert await connection.fetchval(counted) == 0
        await connection.close()


async def test_of_fifty_who_spend_the_last_ten_credits_ten_succeed_and_nothing_else_changes(crowd):
    await grant(crowd.house, crowd.books, 10)
    before = await contents(crowd.house)
    found = await asyncio.gather(*(crowd.ask(CONTACT) for _ in range(50)))
    assert sum(each is not None for each in found) == 10
    assert crowd.refusals == {"insufficient_credits": 40}
    assert (await left(crowd.books), await used(crowd.books)) == (0, {"createContact": (10, 10)})
    after = await contents(crowd.house)
    changed = {name for name, rows in after.items() if rows != before[name]}
    touched = {"contact", "event", "organization_version", "credit_account", "credit_usage"}
    assert changed == touched
    for name in ("contact", "event"):
        assert len(after[name]) == len(before[name]) + 10


async def test_what_is_left_over_is_too_little_for_anybody(crowd):
    """Of a hundred credits thirty-three postings at three credits are done, and one is left."""
    await grant(crowd.house, crowd.books, 100)
    accounts = await crowd.books.accounts()
    entries = pair(accounts["1000"], accounts["4000"], "1.00")
    asked = [crowd.ask(CREATE, entries=entries, post=True) for _ in range(60)]
    found = [each for each in await asyncio.gather(*asked) if each is not None]
    numbers = sorted(each["createTransaction"]["journalNumber"] for each in found)
    assert numbers == list(range(1, 34))
    assert crowd.refusals == {"insufficient_credits": 27}
    assert await left(crowd.books) == 1
    posted = [row for row in (await contents(crowd.house))["transaction"] if "posted" in row]
    assert len(posted) == 33


async def test_everything_that_touches_an_account_may_happen_at_once(crowd):
    """Charges, grants, checkouts, settings, and what holds the organization: no deadlock."""
    await grant(crowd.house, crowd.books, 1_000)
    accounts = await crowd.books.accounts()
    entries = pair(accounts["1000"], accounts["4000"], "1.00")
    others = [await crowd.house.organization() for _ in range(2)]

    async def grant_and_spend(other):
        await grant(crowd.house, other, 5)
        assert await other.ask(CONTACT)

    async def buy():
        found = await crowd.ask(PURCHASE, creditAmount=50)
        path = found["purchaseCredits"]["checkoutUrl"].partition("/checkout/")[2]
        clicks = [crowd.house.http.post(f"/checkout/{path}") for _ in range(2)]
        assert [answer.status_code for answer in await asyncio.gather(*clicks)] == [200, 200]

    jobs = [crowd.ask(CREATE, entries=entries, post=True) for _ in range(20)]
    jobs += [crowd.ask(OPEN, code=f"9-{number}") for number in range(10)]
    jobs += [crowd.ask(BILL, low=number) for number in range(5)]
    jobs += [grant(crowd.house, crowd.books, 10) for _ in range(5)]
    jobs += [grant_and_spend(other) for other in others for _ in range(3)]
    jobs += [buy() for _ in range(5)]
    random.shuffle(jobs)
    await asyncio.gather(*jobs)
    assert crowd.refusals == {}
    assert await used(crowd.books) == {"createTransaction": (20, 60), "createAccount": (10, 10)}
    assert await left(crowd.books) == 1_000 - 70 + 5 * 10 + 5 * 50
    assert [await left(other) for other in others] == [12, 12]


async def test_of_grants_under_one_reference_one_is_made(crowd):
    grants = [grant(crowd.house, crowd.books, 100, reference="invoice 7") for _ in range(8)]
    await asyncio.gather(*grants)
    assert await left(crowd.books) == 100
    assert len((await contents(crowd.house))["credit_grant"]) == 1


async def test_a_commit_that_fails_after_the_charge_leaves_neither(crowd, monkeypatch):
    await grant(crowd.house, crowd.books, 10)
    before = await contents(crowd.house)
    right = events.insert_all

    def fail(connection, chain, *also):
        right(connection, chain, *also)
        raise RuntimeError("half way")

    monkeypatch.setattr(events, "insert_all", fail)
    for _ in range(2):
        assert await crowd.ask(CONTACT) is None
    assert crowd.refusals == {"internal": 2}
    assert await contents(crowd.house) == before
    monkeypatch.setattr(events, "insert_all", right)
    assert await crowd.ask(CONTACT)
    assert await left(crowd.books) == 9


async def test_what_somebody_else_has_spent_meanwhile_is_noticed_before_it_is_spent_again(
    crowd, monkeypatch
):
    await grant(crowd.house, crowd.books, 2)
    right, looks = credits.accounts, []

    def late(connection, payers, *, lock=False):
        """What was there a moment ago, the first time that somebody looks."""
        looks.append(lock)
        found = right(connection, payers, lock=lock)
        if len(looks) == 1:
            return {key: replace(each, balance=each.balance + 1) for key, each in found.items()}
        return found

    monkeypatch.setattr(credits, "accounts", late)
    three = "mutation T { " + " ".join(f"c{n}: {CONTACT[10:-1]}" for n in range(3)) + " }"
    bulk = [{"code": f"9-{n}", "name": "N", "accountType": "ASSET"} for n in range(3)]
    before = await contents(crowd.house)
    assert await crowd.ask(BULK, accounts=bulk) is None
    assert crowd.refusals == {"insufficient_credits": 1}
    assert await contents(crowd.house) == before
    assert looks == [True, True]
    assert await crowd.ask(three) is None
    assert crowd.refusals == {"insufficient_credits": 2}
    assert await left(crowd.books) == 0


# Killing the server


_SERVE = (
    "import socket, sys; from entrypoints import serving; from settings import Settings; "
    "serving.run(Settings(), socket.socket(fileno=int(sys.argv[1])))"
)


async def spend(address, key, number, stop):
    """Make contacts, each by a key of its own until it is answered; how many were."""
    headers = {"Authorization": f"Bearer {key}"}
    made = 0
    async with httpx2.AsyncClient(base_url=address, timeout=5, headers=headers) as http:
        while not stop.is_set():
            given = {"Idempotency-Key": f"{number}-{made}"}
            try:
                answer = await http.post("/graphql", json={"query": CONTACT}, headers=given)
            except httpx2.TransportError:
                await asyncio.sleep(0.02)
                continue
            made += "errors" not in answer.json()
    return made


async def test_whatever_is_killed_each_contact_is_charged_once(engine, databases):
    url = await databases.new(engine)
    async with metered(url) as house:
        books = await house.organization()
        await grant(house, books, 1_000_000)
    stop = asyncio.Event()
    environment = {**os.environ, "CRANE_DATABASE_URL": url, "CRANE_BILLING": "metered"}
    environment["CRANE_LOG_LEVEL"] = "error"
    with serving.listening("127.0.0.1", 0) as opened:
        address = f"http://127.0.0.1:{opened.getsockname()[1]}"
        clients = [asyncio.create_task(spend(address, books.key, n, stop)) for n in range(6)]
        for _ in range(3):
            command = [sys.executable, "-c", _SERVE, str(opened.fileno())]
            server = subprocess.Popen(  # noqa: ASYNC220, S603 (it does not block)
                command, cwd=ROOT, env=environment, pass_fds=[opened.fileno()]
            )
            await until_it_answers(address)
            await asyncio.sleep(random.uniform(0.3, 0.6))  # noqa: S311
            os.kill(server.pid, signal.SIGKILL)
            server.wait()
        stop.set()
    answered = sum(await asyncio.gather(*clients))
    database = open_database(url)
    await database.close()
    async with metered(url) as house:
        again = Client(house.http, books.key, books.organization_id)
        made = len((await contents(house))["contact"])
        assert answered > 20
        # At most one of each client was done and could not be told.
        assert answered <= made <= answered + len(clients)
        assert await used(again) == {"createContact": (made, made)}
        assert await left(again) == 1_000_000 - made
        await require_books_of_credits_to_balance(house)


async def until_it_answers(address):
    async with httpx2.AsyncClient(base_url=address, timeout=1) as http:
        for _ in range(600):
            try:
                if (await http.get("/health/ready")).status_code == 200:
                    return
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
    raise AssertionError("the server did not start")
