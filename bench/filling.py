"""Books of millions of entries, put down as rows: what posting would leave, at a tenth of the time.

The first transaction is posted as any other. Every further one is its rows again, with another
id, date, number, amount and pair of accounts; the events are chained and sealed as the ledger
seals them, and totals, counters and the version row are put down by the store itself.
`crane check` recomputes all of it from the entries (and does, in a test, for both engines).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from json.encoder import encode_basestring as quoted
from typing import Any

import asyncpg
from sqlalchemy import Connection

from bench.books import DAYS, Books, account_id, day_of, picked, prepare
from ledger.canonical import text_of
from store import organizations, rows
from store.engines import open_database
from store.organizations import Version
from store.tables import balance, daily_total, event, monthly_total

AT_ONCE = 50_000
TABLES = ("transaction", "entry", "event")
_FIGURES = ("debit", "credit", "base_debit", "base_credit")

Row = dict[str, Any]
Batch = dict[str, list[tuple[Any, ...]]]


def filled(url: str, transactions: int, days: int = DAYS) -> Books:
    """Books as `prepare` makes them, from the same lots; `transactions` are one or more."""
    books = prepare(url, 1, days, of=transactions)
    if url.startswith("postgresql"):
        asyncio.run(_fill_postgresql(books, transactions, days))
    else:
        _fill_sqlite(books, transactions, days)
    return books


@dataclass(frozen=True, slots=True)
class Posted:
    """The rows of a transaction as an engine's driver gives them, by table."""

    rows: dict[str, list[Row]]

    def columns(self, table: str) -> list[str]:
        """The names of a table's columns."""
        return list(self.rows[table][0])


@dataclass(slots=True)
class Filling:
    """Makes the rows of further transactions, and keeps count of what they add up to."""

    posted: Posted
    transactions: int
    days: int
    is_sqlite: bool
    sequence: int = field(init=False)
    head: str = field(init=False)
    numbers: Counter[int] = field(init=False)
    turnovers: dict[tuple[date, int], list[int]] = field(init=False)
    _texts: tuple[str, str] = field(init=False)

    def __post_init__(self) -> None:
        last = self.posted.rows["event"][0]
        self.sequence, self.head = last["sequence"], last["hash"]
        self.numbers = Counter({self.posted.rows["transaction"][0]["fiscal_year"]: 1})
        self.turnovers = defaultdict(lambda: [0, 0])
        self._texts = _patterns(last)

    def batches(self) -> Iterator[Batch]:
        """The rows of all transactions but the first, so many at once."""
        lots = random.Random(7)
        picked(lots)
        for first in range(1, self.transactions, AT_ONCE):
            batch: Batch = {table: [] for table in TABLES}
            for place in range(first, min(first + AT_ONCE, self.transactions)):
                day = day_of(place, self.transactions, self.days)
                self._put(batch, place, day, *picked(lots))
            yield batch

    def _put(
        self, batch: Batch, place: int, day: date, debit: int, credit: int, cents: int
    ) -> None:
        self.numbers[day.year] += 1
        self.turnovers[day, debit][0] += cents
        self.turnovers[day, credit][1] += cents
        written = day.isoformat()
        stored: Any = written if self.is_sqlite else day
        key = f"txn_{place:020d}"
        new: Row = {
            "id": key,
            "date": stored,
            "amount": cents,
            "base_amount": cents,
            "fiscal_year": day.year,
            "journal_number": self.numbers[day.year],
        }
        told = new | {"date": written, "debit": account_id(debit), "credit": account_id(credit)}
        (row,) = self.posted.rows["transaction"]
        batch["transaction"].append(tuple((row | new).values()))
        for row, account in zip(self.posted.rows["entry"], (debit, credit), strict=True):
            changed = {
                "transaction_id": key,
                "account_id": account_id(account),
                "date": stored,
                "amount": cents,
                "base_amount": cents,
            }
            batch["entry"].append(tuple((row | changed).values()))
        batch["event"].append(self._event(f"evt_{place:020d}", told))

    def _event(self, event_id: str, told: Row) -> tuple[Any, ...]:
        """The next link of the chain."""
        (row,) = self.posted.rows["event"]
        self.sequence += 1
        fact, content = self._texts
        after = fact % told
        text = content % {
            "sequence": self.sequence,
            "id": event_id,
            "entity_id": told["id"],
            "after": quoted(after),
        }
        before = self.head
        self.head = hashlib.sha256(f"{before}\n{text}".encode()).hexdigest()
        changed = {
            "sequence": self.sequence,
            "id": event_id,
            "entity_id": told["id"],
            "after": after,
            "previous_hash": before,
            "hash": self.head,
        }
        return tuple((row | changed).values())

    def settle(self, connection: Connection) -> None:
        """Put down what it all adds up to, and where history now stands."""
        key = self.posted.rows["transaction"][0]["organization_id"]
        days: dict[tuple[Any, ...], list[int]] = {}
        months: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
        whole: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
        for (day, number), sums in self.turnovers.items():
            account = account_id(number)
            days[key, day, account, "USD", False] = sums
            for summed in (
                months[key, account, day.replace(day=1), "USD", False],
                whole[key, account, "USD", False],
            ):
                summed[0] += sums[0]
                summed[1] += sums[1]
        for table, found in ((balance, whole), (daily_total, days), (monthly_total, months)):
            names = [*(column.name for column in table.primary_key.columns), *_FIGURES]
            told = [dict(zip(names, (*k, *v, *v), strict=True)) for k, v in sorted(found.items())]
            rows.add_rows(connection, table, told)
        taken = self.numbers - Counter({self.posted.rows["transaction"][0]["fiscal_year"]: 1})
        organizations.take_numbers(connection, {(key, year): n for year, n in taken.items()})
        held = organizations.versions(connection, [key], lock=True)[key]
        ahead = {key: Version(self.sequence, held.structure, self.head)}
        rows.put_together(connection, organizations.advanced(ahead))


def _patterns(row: Row) -> tuple[str, str]:
    """The text of a fact and that of an event, with gaps for what differs between them."""
    fact = json.loads(row["after"])
    gaps = ["id", "date", "amount", "base_amount", "fiscal_year", "journal_number"]
    fact |= {name: f"@{name}" for name in gaps}
    for line, account in zip(fact["entries"], ("debit", "credit"), strict=True):
        line |= {"account_id": f"@{account}", "amount": "@amount", "base_amount": "@base_amount"}
    words = ["id", "date", "debit", "credit"]
    names = [column.name for column in event.c][: len(event.c) - 2]
    content = {name: row[name] for name in names}
    at = content["created_at"]
    content["created_at"] = datetime.fromisoformat(at) if isinstance(at, str) else at
    content |= {name: f"@{name}" for name in ("sequence", "id", "entity_id", "after")}
    return (
        _gapped(text_of(fact), [*gaps, "debit", "credit"], words),
        _gapped(text_of(list(content.values())), ["sequence", "id", "entity_id", "after"], words),
    )


def _gapped(text: str, names: Sequence[str], words: Sequence[str]) -> str:
    text = text.replace("%", "%%")
    for name in names:
        is_word = name in words or name == "entity_id"
        text = text.replace(f'"@{name}"', f'"%({name})s"' if is_word else f"%({name})s")
    return text


_ROWS_OF = 'SELECT * FROM "{}" WHERE organization_id = {}'
_LAST_EVENT = " AND type = 'transaction.posted'"


def _statements(mark: str) -> dict[str, str]:
    """What finds the rows of the one transaction that there is, by table."""
    every = {table: _ROWS_OF.format(table, mark) for table in TABLES}
    every["entry"] += " ORDER BY position"
    every["event"] += _LAST_EVENT
    return every


def _fill_sqlite(books: Books, transactions: int, days: int) -> None:
    connection = sqlite3.connect(books.url.partition("///")[2], isolation_level=None)
    connection.row_factory = sqlite3.Row
    # A power cut would lose these books: they are made again for the next run anyway.
    for pragma in ("synchronous=OFF", "cache_size=-524288", "wal_autocheckpoint=20000"):
        connection.execute(f"PRAGMA {pragma}")
    found = {
        table: [dict(row) for row in connection.execute(statement, [books.organization_id])]
        for table, statement in _statements("?").items()
    }
    filling = Filling(Posted(found), transactions, days, is_sqlite=True)
    for batch in filling.batches():
        connection.execute("BEGIN IMMEDIATE")
        for table, made in batch.items():
            names = ", ".join(f'"{name}"' for name in filling.posted.columns(table))
            marks = ", ".join("?" * len(made[0]))
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 (ours)
            connection.executemany(statement, made)
        connection.execute("COMMIT")
    connection.close()
    asyncio.run(_settle(books, filling))


async def _fill_postgresql(books: Books, transactions: int, days: int) -> None:
    connection = await asyncpg.connect(books.url)
    try:
        # Triggers would look up the account and the transaction of each entry, known to be there.
        await connection.execute("SET session_replication_role = replica; SET timezone = 'UTC'")
        found = {
            table: [dict(row) for row in await connection.fetch(statement, books.organization_id)]
            for table, statement in _statements("$1").items()
        }
        filling = Filling(Posted(found), transactions, days, is_sqlite=False)
        for batch in filling.batches():
            for table, made in batch.items():
                columns = filling.posted.columns(table)
                await connection.copy_records_to_table(table, records=made, columns=columns)
    finally:
        await connection.close()
    await _settle(books, filling)


async def _settle(books: Books, filling: Filling) -> None:
    database = open_database(books.url)
    try:
        await database.write(filling.settle)
    finally:
        await database.close()
