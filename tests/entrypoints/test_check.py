"""`crane check`: what it finds in books, and what it says where there are none."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from commands import founded, run
from house import running
from sqlalchemy import text

from entrypoints.asking import Remote
from entrypoints.ledger_files import LedgerFile
from entrypoints.loading import Loading
from store.engines import open_database


@pytest.fixture
def url(engine, databases):
    """The address of a database with tables and nothing in them."""
    return asyncio.run(databases.new(engine))


@pytest.fixture
def sqlite(databases):
    return asyncio.run(databases.new("sqlite"))


def execute(url, *statements):
    """Do something behind the back of the house."""

    async def done():
        database = open_database(url)
        for statement in statements:
            await database.write(lambda connection, s=statement: connection.execute(text(s)))
        await database.close()

    asyncio.run(done())


def test_check_finds_nothing_wrong_with_books_that_nobody_touched(url):
    made = founded(url)
    status, output, _ = run("check", "--database", url)
    assert status == 0
    assert f"Acme, {made['organization_id']}" in output
    assert f"Acme (test), {made['test_organization_id']}" in output
    assert output.count("event chain") == 2


def test_check_finds_one_altered_amount_and_says_where(url):
    made = founded(url)
    entries = [
        {"account_code": "1000", "entry_type": "debit", "amount": "10.00"},
        {"account_code": "4000", "entry_type": "credit", "amount": "10.00"},
    ]
    loaded(url, made["live_key"], [{"date": "2026-01-05", "description": "A", "entries": entries}])
    if url.startswith("sqlite"):
        freed = "DROP TRIGGER entry_frozen_update"
    else:
        freed = "ALTER TABLE entry DISABLE TRIGGER entry_frozen"
    execute(url, freed, "UPDATE entry SET amount = 1001 WHERE entry_type = 'debit'")
    status, output, _ = run("check", "--database", url, "--json")
    live, test = map(json.loads, output.splitlines())
    assert status == 1
    assert set(live) == {"organization_id", "name", "is_healthy", "checks"}
    assert (live["organization_id"], live["is_healthy"]) == (made["organization_id"], False)
    assert (test["organization_id"], test["is_healthy"]) == (made["test_organization_id"], True)
    wrong = {each["check"]: each for each in live["checks"] if not each["holds"]}
    assert {"balances", "daily totals", "monthly totals", "posted transactions"} <= set(wrong)
    assert wrong["posted transactions"]["violations"] == 1
    assert "is not what its event says" in wrong["posted transactions"]["examples"][0]
    status, output, _ = run("check", "--database", url)
    assert status == 1
    assert "is not what its event says" in output


def loaded(url, key, transactions):
    """Books with transactions in them, put there by the loader."""

    async def load():
        async with running(url) as house:
            ledger = LedgerFile(Path("a.json"), "a", None, [], None, 1, transactions)
            under_way = Loading(Remote(house.http, key), ledger)
            await under_way.prepare()
            await under_way.run()

    asyncio.run(load())


def test_check_may_look_on_while_a_server_has_the_file_and_nobody_may_write(sqlite):
    founded(sqlite)
    path = sqlite.partition("///")[2]

    async def beside():
        async with running(sqlite):
            looked = await asyncio.to_thread(run, "check", "--database", sqlite)
            options = ("--name", "B", "--currency", "USD", "--database", sqlite)
            wrote = await asyncio.to_thread(run, "organization", "create", *options)
            return looked, wrote

    looked, wrote = asyncio.run(beside())
    assert looked[0] == 0
    assert wrote[:2] == (1, "")
    assert wrote[2].startswith(f"Error: {path} is in use by process ")
    assert wrote[2].endswith("use PostgreSQL (CRANE_DATABASE_URL=postgresql://...).\n")


def test_check_makes_no_books_where_there_are_none(tmp_path):
    path = tmp_path / "none.db"
    status, _, errors = run("check", "--database", f"sqlite:///{path}")
    assert (status, errors) == (1, f"Error: There are no books in {path}.\n")
    assert not path.exists()


def test_check_wants_tables_that_are_up_to_date(databases):
    url = asyncio.run(databases.empty("postgresql"))
    status, _, errors = run("check", "--database", url)
    assert status == 1
    assert errors.endswith("are not up to date. Run: crane migrate\n")
