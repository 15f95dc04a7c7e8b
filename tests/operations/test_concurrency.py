"""Sixty-four writers at once: one winner in every race, and books that balance at every moment."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import cycle

import asyncpg
import pytest
from entering import (
    CREATE,
    DELETE,
    POST,
    REVERSE,
    SET_STATUS,
    UPDATE,
    contents,
    pair,
    sale,
    unhealthy,
)
from house import Client, House, running

WRITERS = 64
CREATE_ACCOUNT = (
    "mutation C($code: String!) "
    '{ createAccount(code: $code, name: "New", accountType: ASSET) { id } }'
)
DELETE_ACCOUNT = "mutation D($id: ID!) { deleteAccount(id: $id) }"
SNAPSHOT = (
    "{ trialBalance { totalDebits totalCredits isBalanced } "
    "balanceSheet { totalAssets totalLiabilities totalEquity isBalanced } }"
)
EXPECTED = {
    "already_reversed",
    "wrong_status",
    "not_found",
    "unknown_reference",
    "account_inactive",
    "version_conflict",
    "in_use",
}


@dataclass
class Crowd:
    """Clients of one organization at one or two servers, and what came of what they asked."""

    house: House
    clients: list[Client]
    chart: dict[str, str]
    refusals: Counter[str] = field(default_factory=Counter)
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.books = self.clients[0]
        self._turns = cycle(self.clients)

    async def ask(self, document, **variables):
        """The data, or None when it is refused for an expected reason."""
        response = await next(self._turns).post(document, variables)
        body = response.json()
        assert response.status_code == 200, response.text
        if "errors" not in body:
            return body["data"]
        for error in body["errors"]:
            self.refusals[error["extensions"]["reason"]] += 1
        return None

    async def watch(self, done: asyncio.Event) -> None:
        """Look at the reports again and again: they agree in every snapshot."""
        while not done.is_set():
            found = await next(self._turns).ask(SNAPSHOT)
            assert found["trialBalance"]["isBalanced"]
            assert found["balanceSheet"]["isBalanced"]
            self.seen.append(found["trialBalance"]["totalDebits"])
            await asyncio.sleep(0.001)


@pytest.fixture(params=["sqlite", "postgresql", "two servers"])
async def crowd(request, databases) -> AsyncIterator[Crowd]:
    engine = "sqlite" if request.param == "sqlite" else "postgresql"
    url = await databases.new(engine)
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(running(url))
        books = await house.organization()
        clients = [books]
        if request.param == "two servers":
            other = await stack.enter_async_context(running(url))
            clients.append(Client(other.http, books.key, books.organization_id))
        yield Crowd(house, clients, await books.accounts())
    if engine == "postgresql":
        connection = await asyncpg.connect(url)
        counted = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert await connection.fetchval(counted) == 0
        await connection.close()


async def at_once(crowd, jobs):
    """Run jobs together in any order while somebody reads."""
    random.shuffle(jobs)
    done = asyncio.Event()
    watcher = asyncio.create_task(crowd.watch(done))
    try:
        await asyncio.gather(*jobs)
    finally:
        done.set()
        await watcher
    assert set(crowd.refusals) <= EXPECTED, crowd.refusals
    assert await unhealthy(crowd.books) == []


async def test_sixty_four_writers_lose_nothing_and_double_nothing(crowd):
    """Sales, reversals, deletions, posts, and an account that comes and goes, all at once."""
    cash, sales = crowd.chart["1000"], crowd.chart["4000"]
    counted = Counter()

    async def sell(writer):
        for turn in range(3):
            amount = f"{writer + 1}.{turn:02}"
            await crowd.ask(CREATE, entries=pair(cash, sales, amount), post=True)
            counted["posted"] += 1
            counted["cash"] += 100 * (writer + 1) + turn

    async def sell_and_reverse(writer):
        found = await crowd.ask(CREATE, entries=pair(cash, sales, "5.00"), post=True)
        both = await asyncio.gather(
            *(crowd.ask(REVERSE, id=found["createTransaction"]["id"]) for _ in range(2))
        )
        assert sum(each is not None for each in both) == 1
        counted["posted"] += 2
        counted["reversed"] += 1

    async def post_or_delete(writer):
        found = await crowd.ask(CREATE, entries=pair(cash, sales, "7.00"))
        key = found["createTransaction"]["id"]
        posted, deleted = await asyncio.gather(crowd.ask(POST, id=key), crowd.ask(DELETE, id=key))
        assert (posted is None) != (deleted is None)
        counted["posted"] += posted is not None
        counted["cash"] += 700 * (posted is not None)

    async def open_use_and_drop(writer):
        opened = (await crowd.ask(CREATE_ACCOUNT, code=f"9{writer:03}"))["createAccount"]["id"]
        used, dropped = await asyncio.gather(
            crowd.ask(CREATE, entries=pair(opened, sales, "9.00"), post=True),
            crowd.ask(DELETE_ACCOUNT, id=opened),
        )
        assert (used is None) != (dropped is None)
        counted["posted"] += used is not None

    kinds = [sell, sell, sell, sell_and_reverse, sell_and_reverse, post_or_delete]
    kinds += [post_or_delete, open_use_and_drop]
    await at_once(crowd, [kinds[n % len(kinds)](n) for n in range(WRITERS)])
    found = await contents(crowd.house)
    posted = [row for row in found["transaction"] if "posted" in row]
    assert len(posted) == counted["posted"]
    assert len(found["reversal"]) == counted["reversed"] == 16
    money = "query M($id: ID!) { account(id: $id) { balance { amount } } }"
    balance = (await crowd.books.ask(money, id=cash))["account"]["balance"]["amount"]
    assert balance == f"{counted['cash'] / 100:.2f}"
    assert set(crowd.seen) != {"0.00"}


async def test_of_many_reversals_of_one_original_one_succeeds(crowd):
    originals = [(await sale(crowd.books, post=True))["id"] for _ in range(4)]
    done = []

    async def reverse(key):
        found = await crowd.ask(REVERSE, id=key)
        if found is not None:
            done.append(found["reverseTransaction"]["reversalOfId"])

    await at_once(crowd, [reverse(key) for key in originals for _ in range(16)])
    assert sorted(done) == sorted(originals)
    assert crowd.refusals == {"already_reversed": 60}


async def test_of_many_changes_to_one_version_one_succeeds(crowd):
    pending = [(await sale(crowd.books))["id"] for _ in range(4)]
    done = []

    async def change(key, number):
        found = await crowd.ask(UPDATE, id=key, description=f"Sale {number}", version=1)
        if found is not None:
            done.append(found["updateTransaction"]["id"])

    await at_once(crowd, [change(key, n) for key in pending for n in range(16)])
    assert sorted(done) == sorted(pending)
    assert crowd.refusals == {"version_conflict": 60}


async def test_nothing_is_posted_to_an_account_that_was_inactive_before_it(crowd):
    """Posts race against the account's being switched off and on; its events tell the order."""
    cash, sales = crowd.chart["1010"], crowd.chart["4100"]

    async def switch():
        for status in ("INACTIVE", "ACTIVE") * 4:
            await crowd.ask(SET_STATUS, id=sales, status=status)
            await asyncio.sleep(0.005)

    async def post():
        found = await crowd.ask(CREATE, entries=pair(cash, sales, "1.00"))
        if found is not None:
            await crowd.ask(POST, id=found["createTransaction"]["id"])

    await at_once(crowd, [switch(), *(post() for _ in range(WRITERS - 1))])
    assert set(crowd.refusals) <= {"account_inactive"}
    is_active = True
    for event in sorted((await contents(crowd.house))["event"], key=lambda row: row[:2]):
        if "account.updated" in event:
            is_active = '"status":"active"' in event[11]
        if "transaction.posted" in event:
            assert is_active
    failed = [r for r in (await contents(crowd.house))["transaction"] if "failed" in r]
    assert all("account_inactive" in row for row in failed)


async def test_many_organizations_share_commits_and_nothing_else(crowd):
    others = [await crowd.house.organization() for _ in range(3)]
    charts = [await other.accounts() for other in others]
    foreign = charts[0]["4000"]

    async def sell(number):
        client, chart = others[number % 3], charts[number % 3]
        answer = await client.post(
            CREATE, {"entries": pair(chart["1000"], chart["4000"], "1.00"), "post": True}
        )
        assert answer.json()["data"]["createTransaction"]["status"] == "POSTED"
        refusal = await others[1].refusal(CREATE, entries=pair(charts[1]["1000"], foreign))
        assert refusal.reason == "unknown_reference"

    await at_once(crowd, [sell(n) for n in range(WRITERS)])
    for number, other in enumerate(others):
        found = (await other.ask("{ transactions { journalNumber } }"))["transactions"]
        numbers = sorted(t["journalNumber"] for t in found)
        assert numbers == list(range(1, len(range(number, WRITERS, 3)) + 1))
        assert await unhealthy(other) == []
