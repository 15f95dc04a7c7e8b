"""Books to measure on: an organization of a hundred accounts, and as many entries as wanted."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from bench.load import graphql_request, http_request
from ledger.accounts import Account, AccountType, EntryType
from ledger.events import Origin
from ledger.templates import Template
from ledger.transactions import Draft, DraftEntry
from resolvers import organizations
from resolvers import transactions as decisions
from resolvers.books import Call
from resolvers.minting import Mint
from resolvers.writer import Writer
from store import accounts, migrations
from store import organizations as stored
from store.engines import open_database

ACCOUNTS = 100
LAST_DAY = date(2024, 12, 31)
DAYS = 5 * 365
PAST = date(2022, 7, 20)
"""The past date of the reports: in the middle of a month, in the middle of the years."""

ORIGIN = Origin("bench", None, "req_bench", "cli")
TYPES = tuple(AccountType)
_AT_ONCE = 1_000

CREATE = """mutation Post($entries: [LedgerEntryInput!]!, $date: DateTime!) {
  createTransaction(description: "Sale of goods", date: $date, entries: $entries, post: true) {
    id status journalNumber
  }
}"""
CREATE_MANY = """mutation PostMany($transactions: [TransactionInput!]!) {
  createTransactions(transactions: $transactions, post: true) { created failed }
}"""


@dataclass(frozen=True, slots=True)
class Books:
    """An organization at a database address, with the key that opens it."""

    url: str
    organization_id: str
    key: str


def account_id(number: int) -> str:
    """The id of an account of the bench, by its number from 0."""
    return f"act_{number:020d}"


def prepare(
    url: str,
    transactions: int = 0,
    days: int = DAYS,
    *,
    of: int | None = None,
    chart: int = ACCOUNTS,
) -> Books:
    """Make the tables, an organization with a hundred accounts, and posted transactions.

    Their dates are the last `days` up to `LAST_DAY`; they may be the first `of` so many.
    """
    return asyncio.run(_prepare(url, transactions, days, of or transactions, chart))


async def _prepare(url: str, transactions: int, days: int, of: int, count: int) -> Books:
    database = open_database(url)
    try:
        await database.write(migrations.upgrade)
        founded = await database.write(
            organizations.found,
            name="Bench",
            currency="USD",
            template=Template.NONE,
            origin=ORIGIN,
            now=datetime.now(UTC),
            mint=Mint(),
        )
        books = Books(url, founded.organization_id, founded.live_key)
        await database.write(_open_accounts, books.organization_id, count)
        writer = Writer(database, Mint())
        call = Call(books.organization_id, "create_transactions", ORIGIN)
        for drafts in _drafts(transactions, days, of):
            command = decisions.create_many(drafts, post=True, continue_on_error=False)
            await writer.submit(call, command)
        await writer.close()
        return books
    finally:
        await database.close()


def found_copies(books: Books, organization_ids: list[str]) -> None:
    """Make organizations with these ids and the same hundred accounts, in the same database."""
    asyncio.run(_found_copies(books, organization_ids))


async def _found_copies(books: Books, organization_ids: list[str]) -> None:
    database = open_database(books.url)
    try:
        await database.write(_copy, books.organization_id, organization_ids)
    finally:
        await database.close()


def _copy(connection: Connection, of: str, organization_ids: list[str]) -> None:
    fact = stored.existing(connection, [of])[of]
    copies = [replace(fact, id=key, twin_id=None) for key in organization_ids]
    stored.insert_all(connection, copies)
    for key in organization_ids:
        _open_accounts(connection, key)


def _open_accounts(connection: Connection, organization_id: str, count: int = ACCOUNTS) -> None:
    now = datetime.now(UTC)
    chart = [
        Account(
            organization_id=organization_id,
            id=account_id(number),
            code=f"B{number:04d}",
            name=f"Account {number}",
            type=TYPES[number % len(TYPES)],
            currency="USD",
            created_at=now,
            updated_at=now,
        )
        for number in range(count)
    ]
    accounts.insert_all(connection, chart)


def day_of(place: int, transactions: int, days: int) -> date:
    """The date of a transaction by its place among all: they are spread evenly."""
    return LAST_DAY - timedelta(days=days - 1 - place * days // transactions)


def _drafts(transactions: int, days: int, of: int) -> Iterator[list[Draft]]:
    """Drafts in the order of their dates, spread evenly over the last days."""
    lots = random.Random(7)
    for first in range(0, transactions, _AT_ONCE):
        yield [
            Draft(
                description="Sale of goods",
                date=day_of(place, of, days),
                entries=_entries(lots),
            )
            for place in range(first, min(first + _AT_ONCE, transactions))
        ]


def picked(lots: random.Random) -> tuple[int, int, int]:
    """An account to debit, another to credit, and an amount in cents."""
    debit, credit = lots.sample(range(ACCOUNTS), 2)
    return debit, credit, lots.randrange(1, 100_000) * 100 + lots.randrange(100)


def _entries(lots: random.Random) -> list[DraftEntry]:
    debit, credit, cents = picked(lots)
    amount = f"{cents // 100}.{cents % 100:02d}"
    return [
        DraftEntry(account_id=account_id(debit), entry_type=EntryType.DEBIT, amount=amount),
        DraftEntry(account_id=account_id(credit), entry_type=EntryType.CREDIT, amount=amount),
    ]


def single_requests(books: Books, count: int = 2_000) -> list[bytes]:
    """Requests that post one transaction of two entries each, over random pairs of accounts."""
    lots = random.Random(11)
    day = LAST_DAY.isoformat()
    return [
        graphql_request(CREATE, {"date": day, "entries": _given(lots)}, books.key)
        for _ in range(count)
    ]


def bulk_requests(books: Books, size: int = 100, count: int = 50) -> list[bytes]:
    """Requests that post `size` transactions each."""
    lots = random.Random(13)
    day = LAST_DAY.isoformat()

    def one() -> dict[str, Any]:
        return {"description": "Sale of goods", "date": day, "entries": _given(lots)}

    return [
        graphql_request(CREATE_MANY, {"transactions": [one() for _ in range(size)]}, books.key)
        for _ in range(count)
    ]


def rest_requests(books: Books, prefer: str, count: int = 2_000) -> list[bytes]:
    """Requests that post one transaction each by REST, at once or as a job as they prefer."""
    lots = random.Random(11)
    path = f"/organizations/{books.organization_id}/transactions"

    def one() -> bytes:
        entries = [
            {
                "account_id": entry.account_id,
                "entry_type": entry.entry_type.value,
                "amount": entry.amount,
            }
            for entry in _entries(lots)
        ]
        body = {
            "description": "Sale of goods",
            "transaction_date": LAST_DAY.isoformat(),
            "entries": entries,
            "post": True,
        }
        return http_request(path, json.dumps(body).encode(), books.key, prefer=prefer)

    return [one() for _ in range(count)]


def _given(lots: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "accountId": entry.account_id,
            "entryType": entry.entry_type.name,
            "amount": entry.amount,
        }
        for entry in _entries(lots)
    ]
