"""Execution in process: a thousand accounts with balance, ours compiled beside Strawberry's own.

Both begin with the same facts in memory, as the store gives them, and end with the same data:
ours makes nodes of them, loads balances by level and runs the compiled document; the stock schema
has plain types with a resolver for each field that is worked out, and Strawberry's own `execute`
with its caches of parsed and validated documents. Then both do so with nodes that are there
already, of the same types, which leaves the execution alone. No SQL runs, and nothing is written
as JSON.
"""

from __future__ import annotations

import asyncio
import gc
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from graphql import GraphQLSchema

from bench.books import LAST_DAY, ORIGIN, Books, account_id, prepare
from bench.places import Places
from bench.results import Results
from bench.stock import Fact, execution, held_schema, nodes_of
from ledger.accounts import EntryType
from ledger.balances import Total
from ledger.keys import Scope
from ledger.transactions import Draft, DraftEntry
from resolvers import transactions as decisions
from resolvers.books import Call
from resolvers.gate import Caller
from resolvers.minting import Mint
from resolvers.writer import Writer
from schema import core
from schema.execution import Executor
from schema.requests import GraphQLRequest
from schema.view import ExecuteOptions
from server import limits_of
from settings import Settings
from store import accounts, totals
from store.engines import Database, open_database

COUNT = 1_000
BOUND = 1 / 18
DOCUMENT = """query Accounts { accounts(limit: 1000) {
  id code name balance { amount formatted currency { code symbol } } } }"""
HELD = DOCUMENT.replace("accounts(", "accounts: heldAccounts(")
_OURS = "1,000 accounts of facts, compiled ms"
_CORE = "1,000 accounts of facts, not compiled ms"
_STOCK = "1,000 accounts of facts, stock Strawberry ms"
_OUR_NODES = "1,000 accounts of nodes, compiled ms"
_STOCK_NODES = "1,000 accounts of nodes, stock Strawberry ms"
_TIMES = 20

Execute = Callable[[], Awaitable[Any]]


def measure(places: Places, results: Results, rounds: int) -> None:
    """Execute by each in turn; each round is the mean processor time of twenty."""
    books = prepare(places.new("sqlite"), chart=COUNT)
    asyncio.run(_measure(books, results, rounds))
    results.ratio("in process", _OURS, _STOCK, ("<=", BOUND))
    results.ratio("in process", _OUR_NODES, _STOCK_NODES, ("<=", BOUND))
    results.ratio("in process", _CORE, _STOCK)


async def _measure(books: Books, results: Results, rounds: int) -> None:
    database = open_database(books.url)
    writer = Writer(database, Mint())
    try:
        await _post_to_all(books, writer)
        remembered = Remembered(database)
        facts = await _facts(database, books)
        nodes = nodes_of(facts)
        ours = partial(_ours, remembered, writer, books)
        executes = {
            _OURS: ours(core, DOCUMENT, compiles=True),
            _CORE: ours(core, DOCUMENT, compiles=False),
            _STOCK: execution(DOCUMENT, facts),
            _OUR_NODES: ours(held_schema(nodes), HELD, compiles=True),
            _STOCK_NODES: execution(HELD, nodes),
        }
        answers = [[await execute() for _ in range(3)][-1] for execute in executes.values()]
        if not answers[0] or any(answer != answers[0] for answer in answers):
            raise RuntimeError("They did not answer alike.")
        gc.collect()
        gc.freeze()
        for _ in range(rounds):
            for name, execute in executes.items():
                began = time.process_time()
                for _ in range(_TIMES):
                    await execute()
                spent = (time.process_time() - began) / _TIMES
                results.add("in process", name, spent * 1000)
    finally:
        await writer.close()
        await database.close()


class Remembered:
    """In place of a database: what each function of the store has found once, it finds again."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._found: dict[Any, Any] = {}

    async def snapshot(self) -> Remembered:
        """What stands for a connection on a snapshot."""
        return self

    async def close(self) -> None:
        """Nothing."""

    async def run_sync(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        """What `work` found when it was first asked."""
        if work not in self._found:
            self._found[work] = await self._database.read(work, *args, **kwargs)
        return self._found[work]


async def _post_to_all(books: Books, writer: Writer) -> None:
    """Give each account a balance of its own."""
    lots = random.Random(17)
    drafts = [
        Draft(
            description="Sale of goods",
            date=LAST_DAY,
            entries=[
                DraftEntry(account_id(first), EntryType.DEBIT, amount),
                DraftEntry(account_id(first + 1), EntryType.CREDIT, amount),
            ],
        )
        for first in range(0, COUNT, 2)
        for amount in [f"{lots.randrange(1, 1_000_000)}.{lots.randrange(100):02d}"]
    ]
    call = Call(books.organization_id, "create_transactions", ORIGIN)
    await writer.submit(call, decisions.create_many(drafts, post=True, continue_on_error=False))


def _ours(
    remembered: Any,
    writer: Writer,
    books: Books,
    schema: GraphQLSchema,
    document: str,
    *,
    compiles: bool,
) -> Execute:
    """Our executor, which compiles a document at its second use."""
    executor = Executor(schema, remembered, writer, limits_of(Settings()), compiles=compiles)
    caller = Caller(books.organization_id, None, True, "key", Scope.READ, "req", "graphql")
    asked = GraphQLRequest(document)
    options = ExecuteOptions("req", only_queries=False, idempotency_key=None, state={})

    async def execute() -> Any:
        answer = await executor(caller, asked, options)
        return answer.body["data"]

    return execute


async def _facts(database: Database, books: Books) -> list[Fact]:
    """The first thousand accounts by code, each with what it has in cents."""
    charts = await database.read(accounts.charts, [books.organization_id])
    kept = await database.read(totals.now, books.organization_id)
    nothing = Total(0, 0)
    chart = sorted(charts[books.organization_id], key=lambda fact: fact.code)[:COUNT]
    return [Fact(fact, fact.type.natural(kept.get(fact.id, nothing).net)) for fact in chart]
