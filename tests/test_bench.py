"""What the bench stands on: books put down as rows, the same as text, verdicts, the plot."""

from __future__ import annotations

import asyncio
import json
import re

import pytest
from house import Databases
from sqlalchemy import Connection, Select, select

from bench import filling
from bench.books import Books, prepare
from bench.checking import verdict
from bench.filling import filled
from bench.journals import beancount_journal, cents_of, hledger_journal
from bench.plot import plot
from resolvers import health
from store.engines import open_database
from store.tables import (
    balance,
    daily_total,
    entry,
    event,
    journal_counter,
    monthly_total,
    transaction,
)

COUNT = 700
TABLES = (transaction, entry, event, balance, daily_total, monthly_total, journal_counter)
OWN = {
    *("organization_id", "id", "transaction_id", "entity_id", "hash", "previous_hash"),
    *("created_at", "updated_at", "posted_at", "after"),
}


def rows(connection: Connection, asked: Select) -> list[str]:
    return sorted(map(repr, connection.execute(asked)))


async def found_in(books: Books) -> tuple[dict[str, list[str]], list[str]]:
    """All rows of the organization but for names and times; and the checks that do not hold."""
    database = open_database(books.url)
    kept = {}
    for table in TABLES:
        columns = [column for column in table.c if column.name not in OWN]
        asked = select(*columns).where(table.c.organization_id == books.organization_id)
        kept[table.name] = await database.read(rows, asked)
    findings = await database.read(health.examine, books.organization_id)
    await database.close()
    return kept, [finding.check for finding in findings if not finding.holds]


async def test_books_that_are_filled_in_are_those_that_posting_would_leave(
    engine: str, databases: Databases, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(filling, "AT_ONCE", 300)
    posted = await asyncio.to_thread(prepare, await databases.new(engine), COUNT)
    put_down = await asyncio.to_thread(filled, await databases.new(engine), COUNT)
    kept, broken = await found_in(posted)
    assert len(kept["entry"]) == 2 * COUNT
    assert broken == []
    assert await found_in(put_down) == (kept, [])


async def test_a_filled_in_event_that_was_altered_is_found(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(filling, "quoted", json.dumps)
    made = filling.Filling._event
    monkeypatch.setattr(
        filling.Filling, "_event", lambda self, key, told: made(self, key, told | {"amount": 1})
    )
    books = await asyncio.to_thread(filled, await databases.new("sqlite"), 3)
    assert (await found_in(books))[1] == ["posted transactions"]


def test_a_journal_is_written_as_each_program_reads_it():
    hledger, beancount = "".join(hledger_journal(2)), "".join(beancount_journal(2))
    first, second = re.findall(r"2020-01-03 Sale of goods\n +(B\d+)  ([\d.]+) USD\n", hledger)[0]
    assert f"    {first}  {second} USD\n" in hledger
    assert hledger.count("Sale of goods") == beancount.count("Sale of goods") == 2
    assert f":{first}  {second} USD\n" in beancount
    assert "2020-01-03 open Assets:B0000 USD\n" in beancount


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1234.50 USD", 123450), ("-0.07 USD", -7), ("12.5 USD", 1250), ("3 USD", 300), ("0", 0)],
)
def test_an_amount_is_read_to_the_cent(text: str, cents: int):
    assert cents_of(text) == cents


def test_a_verdict_names_what_does_not_hold():
    sound = {"check": "zero sum", "examined": 7, "violations": 0, "holds": True}
    broken = {"check": "balances", "examined": 9, "violations": 2, "holds": False}
    good = json.dumps({"organization_id": "org_a", "checks": [sound]})
    bad = json.dumps({"organization_id": "org_b", "checks": [sound, broken]})
    assert verdict([good]) == (True, "1 organizations, 1 checks, 7 figures: no violation")
    assert verdict([good, bad]) == (False, "balances: 2 in org_b")


def test_a_plot_has_a_dot_where_a_figure_is():
    drawn = plot("Cost", {"now": [(1_000.0, 1.0), (100_000.0, 10.0)]})
    dots = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="3.5"', drawn)
    assert dots == [("70.0", "370.0"), ("570.0", "40.0")]
