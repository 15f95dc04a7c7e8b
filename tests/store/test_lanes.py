"""Connections that do one piece of work at a time: taken, waited for, left behind."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
from sqlalchemy import text

from store.engines import open_database


@pytest.fixture
async def database(engine, databases):
    opened = open_database(await databases.new(engine), pool=2)
    yield opened
    await opened.close()


def one(connection):
    return connection.scalar(text("SELECT 1"))


def slow(database):
    def work(connection):
        if database.is_sqlite:
            time.sleep(0.2)
            return 1
        return connection.execute(text("SELECT pg_sleep(0.2)")).all() and 1

    return work


async def test_a_connection_is_used_again(database):
    for _ in range(5):
        assert await database.read(one) == 1
        assert await database.write(one) == 1
    opened = {id(lane) for lanes in (database._readers, database._writers) for lane in lanes._idle}
    assert len(opened) == 1 + database.is_sqlite
    await database.forget()
    assert (database._readers._idle, database._writers._idle) == ([], [])
    assert await database.read(one) == 1


async def test_who_waits_too_long_for_a_connection_is_told(database, monkeypatch):
    monkeypatch.setattr(database._readers, "_patience", 0.05)
    async with database.reading() as first, database.reading() as second:
        assert (await first.run_sync(one), await second.run_sync(one), database.in_use) == (1, 1, 2)
        with pytest.raises(TimeoutError):
            await database.read(one)
    assert (await database.read(one), database.in_use) == (1, 0)


async def test_more_than_there_are_connections_take_turns(database):
    found = await asyncio.gather(*(database.read(slow(database)) for _ in range(5)))
    assert (found, database.in_use) == ([1] * 5, 0)


async def test_who_leaves_while_the_database_works_leaves_nothing_open(database):
    for use in (database.read, database.write):
        asked = asyncio.create_task(use(slow(database)))
        await asyncio.sleep(0.05)
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert database.in_use == 0
        assert await database.read(one) == 1
        assert await database.write(one) == 1


async def test_who_is_cancelled_twice_leaves_nothing_open_either(database):
    asked = asyncio.create_task(database.read(slow(database)))
    await asyncio.sleep(0.05)
    for _ in range(2):
        asked.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert database.in_use == 0
    for _ in range(3):
        assert await database.read(one) == 1


async def test_a_transaction_that_raises_is_over(database):
    def broken(connection):
        one(connection)
        raise KeyError("broken")

    for use in (database.read, database.write, database.peek):
        with pytest.raises(KeyError):
            await use(broken)
        assert await use(one) == 1


async def test_on_sqlite_work_runs_whole_in_the_thread_of_its_connection(databases):
    database = open_database(await databases.new("sqlite"))

    def threads(connection):
        before = threading.get_ident()
        one(connection)
        return before, threading.get_ident()

    first, second = await database.write(threads), await database.write(threads)
    assert len({*first, *second}) == 1
    assert threading.get_ident() not in first
    await database.close()


async def test_closing_ends_the_threads_of_a_sqlite_database(databases):
    others = set(threading.enumerate())
    database = open_database(await databases.new("sqlite"))
    async with database.reading() as first, database.reading() as second:
        await first.run_sync(one)
        await second.run_sync(one)
    await database.write(one)
    ours = set(threading.enumerate()) - others
    await database.close()
    assert len(ours) == 3
    await _ended(ours)


async def test_a_file_that_cannot_be_opened_leaves_no_thread(tmp_path):
    others = set(threading.enumerate())
    (tmp_path / "not.db").write_bytes(b"this is no database at all" * 100)
    database = open_database(f"sqlite+aiosqlite:///{tmp_path / 'not.db'}")
    with pytest.raises(Exception, match="not a database"):
        await database.write(one)
    ours = set(threading.enumerate()) - others
    assert database.in_use == 0
    await database.close()
    await _ended(ours)


async def _ended(threads):
    """Wait for threads to end. Those of other tests may end at any time, so none is counted."""
    async with asyncio.timeout(5):
        while any(thread.is_alive() for thread in threads):
            await asyncio.sleep(0.01)


async def test_where_few_do_as_much_a_further_one_is_opened_only_after_a_moment(databases):
    database = open_database(await databases.new("sqlite"), pool=4)
    lanes = database._readers
    async with database.reading() as first, database.reading() as second:
        await first.run_sync(one)
        await second.run_sync(one)
        began = time.monotonic()
        assert await database.read(one) == 1
        assert time.monotonic() - began >= 0.04
    assert len(lanes._idle) == 3
    found = await asyncio.gather(*(database.read(one) for _ in range(20)))
    assert (found, len(lanes._idle), database.in_use) == ([1] * 20, 3, 0)
    await database.close()
