"""When the database cannot: a code that says so, nothing half done, and then on as before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import asyncpg
import pytest
from entering import BULK, CREATE, DELETE, contents, item, pair, sale, unhealthy
from house import House, running
from sqlalchemy import event, text

from ledger.errors import Code, Reason
from store.lanes import PostgresLane, UnknownOutcomeError

NOTHING_CHANGED = "The database cannot take the write now; nothing was changed."


@pytest.fixture
async def impatient(databases) -> AsyncIterator[House]:
    """A house on PostgreSQL that waits for a lock no longer than a quarter of a second."""
    async with running(await databases.new("postgresql")) as house:

        def connected(connection, _record):
            cursor = connection.cursor()
            cursor.execute("SET lock_timeout = '250ms'")
            cursor.close()

        event.listen(house.database.writer, "connect", connected)
        await house.database.forget()
        yield house


def is_busy(response, message=NOTHING_CHANGED):
    (error,) = response.json()["errors"]
    more = error["extensions"]
    assert (more["code"], more["reason"]) == ("INTERNAL_ERROR", "busy")
    assert error["message"] == message
    return True


def page_limit(pages):
    return lambda connection: connection.execute(text(f"PRAGMA max_page_count = {pages}")).all()


async def terminate(house):
    """End every session of the house's database, as a failing server would."""
    name = house.url.partition("?")[0].rpartition("/")[2]
    connection = await asyncpg.connect(house.url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = $1 AND pid <> pg_backend_pid()",
        name,
    )
    await connection.close()


def test_busy_is_503_and_worth_another_try():
    assert (Reason.BUSY.code, Reason.BUSY.status) == (Code.INTERNAL_ERROR, 503)
    assert Reason.BUSY.retry


async def test_on_a_full_disk_nothing_is_written_and_work_goes_on(databases):
    async with running(await databases.new("sqlite")) as house:
        books = await house.organization()
        chart = await books.accounts()
        many = [item(pair(chart["1000"], chart["4000"]))] * 1000
        await sale(books, post=True)
        await house.database.write(page_limit(1))  # no more than there are
        before = await contents(house)
        assert is_busy(await books.post(BULK, {"transactions": many}))
        assert await contents(house) == before
        assert await unhealthy(books) == []
        await house.database.write(page_limit(100_000))
        made = await books.ask(BULK, transactions=many)
        assert made["createTransactions"]["created"] == 1000
        assert await unhealthy(books) == []


async def test_behind_a_locked_row_everyone_waits_once_and_only_its_organization(impatient):
    books, other = await impatient.organization(), await impatient.organization()
    chart, theirs = await books.accounts(), await other.accounts()
    entries = pair(chart["1000"], chart["4000"])
    connection = await asyncpg.connect(impatient.url)
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(
        "SELECT 1 FROM organization_version WHERE organization_id = $1 FOR UPDATE",
        books.organization_id,
    )
    before = await contents(impatient)
    began = time.monotonic()
    blocked = [books.post(CREATE, {"entries": entries, "post": True}) for _ in range(20)]
    free = [sale(other, entries=pair(theirs["1000"], theirs["4000"])) for _ in range(5)]
    answers, made = await asyncio.gather(asyncio.gather(*blocked), asyncio.gather(*free))
    assert time.monotonic() - began < 4
    assert all(is_busy(answer) for answer in answers)
    assert [each["status"] for each in made] == ["PENDING"] * 5
    await transaction.rollback()
    await connection.close()
    after = await contents(impatient)
    for table in ("transaction", "entry", "event", "balance", "journal_counter"):
        mine = [row for row in after[table] if books.organization_id in row]
        assert mine == [row for row in before[table] if books.organization_id in row]
    assert (await sale(books, entries=entries, post=True))["journalNumber"] == 1
    assert await unhealthy(books) == []


async def test_a_locked_transaction_is_busy_too(impatient):
    books = await impatient.organization()
    pending = await sale(books)
    connection = await asyncpg.connect(impatient.url)
    async with connection.transaction():
        await connection.execute("SELECT 1 FROM transaction FOR UPDATE")
        assert is_busy(await books.post(DELETE, {"id": pending["id"]}))
    await connection.close()
    assert await books.ask(DELETE, id=pending["id"]) == {"deleteTransaction": True}


async def test_after_lost_connections_the_next_requests_are_served(databases):
    async with running(await databases.new("postgresql")) as house:
        books = await house.organization()
        await sale(books, post=True)
        await terminate(house)
        while any(lane.is_open for lane in house.database._writers._idle):
            await asyncio.sleep(0.01)  # until this process has heard of it
        assert (await books.post("{ organization { name } }")).status_code == 200
        assert (await sale(books, post=True))["journalNumber"] == 2
        assert await unhealthy(books) == []


async def test_a_connection_that_breaks_at_work_is_busy_and_the_next_request_is_served(
    databases, monkeypatch
):
    async with running(await databases.new("postgresql")) as house:
        books = await house.organization()

        def breaking(connection, *_args, **_options):
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

        with monkeypatch.context() as patched:
            patched.setattr("resolvers.gate.by_hash", breaking)
            refused = await books.post("{ organization { name } }")
        assert refused.status_code == 503
        assert is_busy(refused, "The database cannot be reached now.")
        assert refused.json()["errors"][0]["extensions"]["requestId"]
        assert (await sale(books, post=True))["journalNumber"] == 1
        assert await unhealthy(books) == []


async def test_what_may_have_been_committed_is_not_done_again(databases, monkeypatch):
    """The connection breaks after the commit and before its answer."""
    write = PostgresLane.write

    async def broken(lane, *given):
        await write(lane, *given)
        raise UnknownOutcomeError from ConnectionResetError()

    async with running(await databases.new("postgresql")) as house:
        books, other = await house.organization(), await house.organization()
        asked = []
        for client in (books, other):
            chart = await client.accounts()
            entries = pair(chart["1000"], chart["4000"])
            asked += [(client, {"entries": entries, "post": True})] * 3
        keyed = (books, {**asked[0][1], "idempotencyKey": "k"})
        with monkeypatch.context() as patched:
            patched.setattr(PostgresLane, "write", broken)
            answers = await asyncio.gather(*(c.post(CREATE, given) for c, given in [*asked, keyed]))
        message = (
            "The connection to the database was lost: whether the change was made is not known."
        )
        assert all(is_busy(answer, message) for answer in answers)
        assert len((await contents(house))["transaction"]) == 7
        again = await books.post(CREATE, keyed[1])
        assert again.json()["extensions"] == {"idempotentReplay": True}
        for client in (books, other):
            assert await unhealthy(client) == []


async def test_more_requests_than_connections_do_not_wait_for_each_other(engine, databases):
    """None holds a connection while it waits for the writer, which needs one as well."""
    async with running(await databases.new(engine), pool=2) as house:
        books = await house.organization()
        chart = await books.accounts()
        document = """
          mutation Twice($entries: [LedgerEntryInput!]!) {
            a: createTransaction(description: "A", date: "2026-01-05", entries: $entries)
            { entries { account { balance { formatted } } } }
            b: createTransaction(description: "B", date: "2026-01-05", entries: $entries)
            { entries { account { balance { formatted } } } }
          }"""
        entries = pair(chart["1000"], chart["4000"])
        asked = [books.post(document, {"entries": entries}) for _ in range(16)]
        async with asyncio.timeout(8):
            answers = await asyncio.gather(*asked)
        assert ["errors" in answer.json() for answer in answers] == [False] * 16
        assert len((await contents(house))["transaction"]) == 32
