"""Rows of several tables that are put down together: as one by one, and in the same order."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest
from sqlalchemy import Column, MetaData, Table, event, select
from sqlalchemy.exc import DBAPIError

from store.dialects import Count, Word
from store.engines import open_database
from store.rows import Put, Way, put_together

_TABLES = MetaData()


def counted(name):
    return Table(name, _TABLES, Column("key", Word, primary_key=True), Column("count", Count))


first, second, third = counted("first"), counted("second"), counted("third")


def rows(**counts):
    return [{"key": key, "count": count} for key, count in sorted(counts.items())]


@pytest.fixture
async def url(engine, databases):
    return await databases.new(engine)


@pytest.fixture
async def database(url):
    opened = open_database(url)
    await opened.write(_TABLES.create_all)
    await opened.write(put_together, *(Put(table, rows(a=1)) for table in (first, second, third)))
    yield opened
    await opened.close()


async def found(database):
    def read(connection):
        return [dict(connection.execute(select(t)).all()) for t in (first, second, third)]

    return await database.read(read)


async def test_rows_are_inserted_added_to_and_set_each_in_their_table(database):
    await database.write(
        put_together,
        Put(first, rows(b=2)),
        Put(second, rows(a=10, b=20), Way.ADD),
        Put(third, rows(a=10, b=20), Way.SET),
    )
    assert await found(database) == [{"a": 1, "b": 2}, {"a": 11, "b": 20}, {"a": 10, "b": 20}]


async def test_they_are_one_statement_on_postgresql_without_the_tables_that_have_none(database):
    texts = []

    def work(connection):
        @event.listens_for(connection, "before_cursor_execute")
        def _told(_connection, _cursor, statement, *_rest):
            if "INSERT" in statement:
                texts.append(statement)

        put_together(connection, Put(first, rows(b=2)), Put(second, []), Put(third, rows(b=3)))
        put_together(connection, Put(first, []))

    await database.write(work)
    assert len(texts) == (2 if database.is_sqlite else 1)
    assert not any("second" in text for text in texts)
    assert await found(database) == [{"a": 1, "b": 2}, {"a": 1}, {"a": 1, "b": 3}]


async def test_what_one_table_refuses_leaves_nothing_in_the_others(database):
    with pytest.raises(DBAPIError):
        await database.write(put_together, Put(first, rows(b=2)), Put(second, rows(a=2)))
    assert await found(database) == [{"a": 1}] * 3


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_each_table_waits_for_the_rows_of_the_one_before(url, database):
    other = await asyncpg.connect(url)
    held = other.transaction()
    await held.start()
    await other.execute("UPDATE first SET count = 100 WHERE key = 'a'")
    puts = [Put(table, rows(a=5, b=5), Way.ADD) for table in (first, second, third)]
    put_down = asyncio.create_task(database.write(put_together, *puts))
    while not await other.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
        await asyncio.sleep(0.01)
    for table in ("second", "third"):
        await other.execute(f"SELECT FROM {table} WHERE key = 'a' FOR UPDATE NOWAIT")
    await held.commit()
    await put_down
    await other.close()
    assert await found(database) == [{"a": 105, "b": 5}, {"a": 6, "b": 5}, {"a": 6, "b": 5}]
