"""The limits: the statements of one posting, as fast as each engine can be made to run them.

They are not written here but recorded from the store itself, so they stay a fair copy of it:
the rows that one `createTransaction(post: true)` writes, in the order in which it writes them.
What the store tells PostgreSQL as JSON and of several tables at once, for the sake of its own
process, is plain VALUES of one table here, which the database reads faster. What differs from one
transaction to the next (its ids, its accounts, its numbers) is told from the rest by its value.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event, update

from bench.books import ACCOUNTS, LAST_DAY, Books, account_id, found_copies
from bench.places import PROGRAMS
from ledger.accounts import EntryType
from ledger.events import Origin
from ledger.transactions import Draft, DraftEntry
from resolvers import transactions as decisions
from resolvers.books import Call
from resolvers.minting import Mint
from resolvers.writer import Writer
from store.engines import Database, open_database
from store.tables import journal_counter, organization_version

CLIENTS = 8
BATCH = 64
_LOW, _HIGH = account_id(3), account_id(7)
_VERSION, _NUMBER = 880_000_000, 770_000_000
_STRIDE = 10_000_000
_PARAMETER = re.compile(r"\$(\d+)")
_TOLD = re.compile(
    r"(INSERT INTO \S+ \(([^)]*)\)) SELECT (?:(?!INSERT).)* "
    r"FROM json_to_recordset\(\$(\d+).*?\) AS told\(.*?\)"
    r"(?: WHERE \(SELECT count\(\*\) AS \w+ FROM put_\d+\) > 0)?"
    r"(.*?)(?: RETURNING 1\)|$)"
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Statements with their parameters, one row each, and the ids that were new in them."""

    statements: tuple[tuple[str, tuple[Any, ...]], ...]
    organization_id: str
    transaction_id: str
    event_id: str


def record(books: Books) -> Recorded:
    """Post a transaction and keep the statements that it took, reads of its commit included."""
    return asyncio.run(_record(books))


async def _record(books: Books) -> Recorded:
    database = open_database(books.url)
    minted: list[str] = []
    mint = Mint()

    def noted(prefix: str) -> str:
        minted.append(mint(prefix))
        return minted[-1]

    writer = Writer(database, noted)
    heard: list[tuple[str, tuple[Any, ...]]] = []
    try:
        await _post(writer, books)  # which reads the chart, that the next ones have already
        await database.write(_set_numbers, books.organization_id)
        minted.clear()
        _listen(database, heard)
        await _post(writer, books)
    finally:
        await writer.close()
        await database.close()
    transaction_id, event_id = minted
    return Recorded(tuple(heard), books.organization_id, transaction_id, event_id)


def _set_numbers(connection: Any, organization_id: str) -> None:
    """Set the two counters to figures that stand nowhere else."""
    for column, value in (
        (organization_version.c.version, _VERSION),
        (journal_counter.c.last_number, _NUMBER),
    ):
        of_organization = column.table.c.organization_id == organization_id
        connection.execute(update(column.table).where(of_organization).values({column: value}))


def _listen(database: Database, heard: list[tuple[str, tuple[Any, ...]]]) -> None:
    @event.listens_for(database.writer, "before_cursor_execute")
    def _hear(*arguments: Any) -> None:
        _, _, statement, parameters, _, is_many = arguments
        if not statement.startswith("BEGIN"):
            rows = parameters if is_many else [parameters]
            heard.extend((statement, tuple(row)) for row in rows)


async def _post(writer: Writer, books: Books) -> None:
    draft = Draft(
        description="Sale of goods",
        date=LAST_DAY,
        entries=[
            DraftEntry(account_id=_LOW, entry_type=EntryType.DEBIT, amount="123.45"),
            DraftEntry(account_id=_HIGH, entry_type=EntryType.CREDIT, amount="123.45"),
        ],
    )
    origin = Origin("key:key_00000000000000000000", "key_00000000000000000000", "req_0", "graphql")
    call = Call(books.organization_id, "create_transaction", origin)
    await writer.submit(call, decisions.create(draft, post=True))


def pgbench_script(recorded: Recorded, organization_id: str | None) -> str:
    """The statements as a transaction of pgbench's, over random pairs of accounts.

    Each client keeps books of its own, unless all are to share `organization_id`.
    """
    spoken = {
        recorded.organization_id: f"'{organization_id}'"
        if organization_id
        else "('org_' || lpad(:client_id::text, 20, '0'))",
        recorded.transaction_id: "('txn_' || lpad(:id::text, 20, '0'))",
        recorded.event_id: "('evt_' || lpad(:id::text, 20, '0'))",
        _LOW: "('act_' || lpad(:low::text, 20, '0'))",
        _HIGH: "('act_' || lpad(:high::text, 20, '0'))",
        _VERSION + 1: "(:held_version::bigint + 1)",
        _NUMBER + 1: ":counted_last_number",
    }
    lines = [
        "\\set n :n + 1",
        f"\\set id :n * {CLIENTS} + :client_id",
        f"\\set one random(0, {ACCOUNTS - 1})",
        f"\\set other (:one + random(1, {ACCOUNTS - 1})) % {ACCOUNTS}",
        "\\set low least(:one, :other)",
        "\\set high greatest(:one, :other)",
        "BEGIN;",
    ]
    for statement, parameters in recorded.statements:
        for text in _plain(" ".join(statement.split()), parameters, spoken):
            if text.startswith("SELECT"):
                lines.append(f"{text} \\gset held_")
            elif " RETURNING " in text:
                lines.append(f"{text} \\gset counted_")
            else:
                lines.append(f"{text};")
    return "\n".join([*lines, "END;", ""])


def _plain(text: str, parameters: Sequence[Any], spoken: dict[Any, str]) -> list[str]:
    """A statement with its parameters in it; of one on several tables, one for each of them."""
    told = list(_TOLD.finditer(text))
    if told:
        return [_valued(each, parameters, spoken) for each in told]
    return [_PARAMETER.sub(partial(_filled, parameters, spoken), text)]


def _valued(told: re.Match[str], parameters: Sequence[Any], spoken: dict[Any, str]) -> str:
    """An INSERT of rows that were told as JSON, with the rows in it."""
    names = told[2].split(", ")
    rows = json.loads(parameters[int(told[3]) - 1])
    values = [", ".join(_said(row[name], spoken) for name in names) for row in rows]
    return f"{told[1]} VALUES {', '.join(f'({each})' for each in values)}{told[4]}"


def _filled(parameters: Sequence[Any], spoken: dict[Any, str], found: re.Match[str]) -> str:
    return _said(parameters[int(found[1]) - 1], spoken)


def _said(value: Any, spoken: dict[Any, str]) -> str:
    """A parameter as SQL, with no colon in it: what follows one is a variable to pgbench."""
    if isinstance(value, str | int) and value in spoken:
        return spoken[value]
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date | datetime):
        value = value.isoformat()
    if isinstance(value, list):
        return "ARRAY[" + ", ".join(_said(item, spoken) for item in value) + "]"
    plain = value.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{plain}'"


class Pgbench:
    """pgbench with eight clients on a database of ours, each round with ids of its own.

    `apart` is the limit: every client posts to books of its own, so that none waits for a
    lock. With `apart` false all post to one organization, as the load on the service does.
    """

    def __init__(self, books: Books, folder: Path, *, apart: bool) -> None:
        self._url = books.url
        self._script = folder / f"posting-{'apart' if apart else 'together'}.sql"
        script = pgbench_script(record(books), None if apart else books.organization_id)
        self._script.write_text(script, encoding="utf-8")
        self._rounds = 50 * apart
        if apart:
            copies = [f"org_{number:020d}" for number in range(CLIENTS)]
            found_copies(books, copies)

    def tps(self, seconds: float) -> float:
        """Transactions per second over one round."""
        self._rounds += 1
        done = subprocess.run(  # noqa: S603 (the program of the tests' own PostgreSQL)
            [
                str(PROGRAMS / "pgbench"),
                *("--no-vacuum", "--protocol=prepared", f"--define=n={self._rounds * _STRIDE}"),
                *(f"--client={CLIENTS}", "--jobs=2", f"--time={max(1, round(seconds))}"),
                f"--file={self._script}",
                self._url,
            ],
            capture_output=True,
            env={**os.environ, "PGOPTIONS": "-c timezone=UTC -c jit=off"},
            text=True,
            check=False,
        )
        found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
        if done.returncode or found is None:
            raise RuntimeError(done.stdout + done.stderr)
        return float(found[1])


class BareSqlite:
    """A bare sqlite3 loop on a database of ours, which commits 64 transactions at a time."""

    def __init__(self, books: Books) -> None:
        recorded = record(books)
        self._statements = [
            (statement, _slots(recorded, parameters))
            for statement, parameters in recorded.statements
            if not statement.startswith("SELECT")
        ]
        self._path = books.url.partition("///")[2]
        self._done = 0

    def tps(self, seconds: float) -> float:
        """Transactions per second over one round; making the parameters is not counted."""
        connection = sqlite3.connect(self._path, isolation_level=None, cached_statements=512)
        try:
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("PRAGMA wal_autocheckpoint=2000")
            connection.execute("PRAGMA cache_size=-65536")
            return self._run(connection, seconds)
        finally:
            connection.close()

    def _run(self, connection: sqlite3.Connection, seconds: float) -> float:
        began, spent = self._done, 0.0
        while spent < seconds:
            batch = [self._rows(self._done + place) for place in range(BATCH)]
            self._done += BATCH
            start = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            for rows in batch:
                for statement, parameters in rows:
                    connection.execute(statement, parameters)
            connection.execute("COMMIT")
            spent += time.perf_counter() - start
        return (self._done - began) / spent

    def _rows(self, number: int) -> list[tuple[str, tuple[Any, ...]]]:
        one = number * 37 % ACCOUNTS
        other = (one + 1 + number * 11 % (ACCOUNTS - 1)) % ACCOUNTS
        facts = {
            "id": f"{number + _STRIDE:020d}",
            "low": account_id(min(one, other)),
            "high": account_id(max(one, other)),
            "number": number + 2,
        }
        return [
            (statement, tuple(slot(facts) if callable(slot) else slot for slot in slots))
            for statement, slots in self._statements
        ]


def _slots(recorded: Recorded, parameters: Sequence[Any]) -> list[Any]:
    """Parameters, with a function in place of each that differs by transaction."""
    filled: dict[Any, Callable[[dict[str, Any]], Any]] = {
        recorded.transaction_id: lambda facts: "txn_" + facts["id"],
        recorded.event_id: lambda facts: "evt_" + facts["id"],
        _LOW: lambda facts: facts["low"],
        _HIGH: lambda facts: facts["high"],
        _VERSION + 1: lambda facts: _VERSION + facts["number"],
        _NUMBER + 1: lambda facts: _NUMBER + facts["number"],
    }
    return [filled.get(value, value) for value in parameters]
