"""What both engines must do alike, and the settings by which each of them does."""

from __future__ import annotations

import asyncio
import os
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from ledger.errors import LedgerError, Reason
from store.dialects import Count, Day, Flag, Instant, Word, among, holds
from store.engines import Database, DatabaseHeldError, normalised_url, open_database
from store.troubles import Trouble, trouble

sample = Table(
    "sample",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("word", Word),
    Column("count", Count),
    Column("flag", Flag),
    Column("day", Day),
    Column("instant", Instant),
    sqlite_strict=True,
)


@pytest.fixture
async def database(engine, databases):
    opened = open_database(await databases.new(engine))
    await opened.write(sample.create)
    yield opened
    await opened.close()


def put(**values):
    return lambda connection: connection.execute(insert(sample).values(**values))


async def column(database, statement):
    return await database.read(lambda connection: connection.execute(statement).scalars().all())


async def test_values_come_back_as_they_were(database):
    moment = datetime(2026, 1, 5, 23, 59, 59, 999_999, timezone(timedelta(hours=-11)))
    given = {
        "word": "Zürich ☂ 🧾 'quoted' \\ %_",
        "count": 2**63 - 1,
        "flag": True,
        "day": date(1900, 1, 1),
        "instant": moment,
    }
    await database.write(put(id=1, **given))
    await database.write(put(id=2))

    def rows(connection):
        return connection.execute(select(sample).order_by(sample.c.id)).all()

    full, empty = await database.read(rows)
    assert full._asdict() == {"id": 1, **given}
    assert full.flag is True
    assert full.instant.tzinfo is not None
    assert tuple(empty) == (2, None, None, None, None, None)


async def test_words_are_in_the_order_of_their_code_points(database):
    words = ["a", "B", "Z", "é", "e\u0301", "z", "ﬀ", "🧾", "10", "9", "_", "A b", "Ab"]
    for number, word in enumerate(words):
        await database.write(put(id=number, word=word))
    assert await column(database, select(sample.c.word).order_by(sample.c.word)) == sorted(words)
    after = select(sample.c.word).where(sample.c.word > "Z").order_by(sample.c.word)
    assert await column(database, after) == sorted(word for word in words if word > "Z")


async def test_moments_are_in_their_order_whatever_their_offset(database):
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    moments = [noon, noon.replace(microsecond=1), noon.astimezone(timezone(timedelta(hours=9)))]
    for number, moment in enumerate([*moments, noon - timedelta(days=30_000)]):
        await database.write(put(id=number, instant=moment))
    ordered = select(sample.c.id).order_by(sample.c.instant, sample.c.id)
    assert await column(database, ordered) == [3, 0, 2, 1]


async def test_one_of_many_words_is_found_by_one_statement_text(database):
    words = ["a", 'b"c', "d'e", "[f]", "g,h", "{i}", "NULL", "", "\n", "\\"]
    for number, word in enumerate(words):
        await database.write(put(id=number, word=word))
    for wanted in ([], *([word] for word in words), words[1:], ["x"] * 50_000 + ["a"], ["a", ""]):
        found = await column(database, select(sample.c.word).where(among(sample.c.word, wanted)))
        assert set(found) == set(wanted) - {"x"}


async def test_a_word_that_nothing_stored_can_be_is_like_none(database):
    for number, word in enumerate(["a", "b", ""]):
        await database.write(put(id=number, word=word))
    for wanted, expected in ((["a\x1fb"], []), (["\x1f"], []), (["b\x1f", "a", "\x1f"], ["a"])):
        found = await column(database, select(sample.c.word).where(among(sample.c.word, wanted)))
        assert found == expected


async def test_a_statement_is_the_same_for_any_number_of_words(database):
    asked = [select(sample).where(among(sample.c.word, ["a"] * n)) for n in (0, 1, 9)]
    assert len({str(each.compile(dialect=database.reader.dialect)) for each in asked}) == 1


async def test_a_part_of_a_text_is_taken_literally(database):
    for number, word in enumerate(["50% off", "50 off", "a_b", "aXb"]):
        await database.write(put(id=number, word=word))
    for part, expected in (("0%", ["50% off"]), ("a_b", ["a_b"]), ("off", ["50 off", "50% off"])):
        where = select(sample.c.word).where(holds(sample.c.word, part)).order_by(sample.c.word)
        assert await column(database, where) == expected


async def test_a_snapshot_stays_as_it_was_when_it_was_first_read(database):
    def counted(connection):
        return connection.scalar(select(func.count()).select_from(sample))

    async with database.reading() as connection:
        assert await connection.run_sync(counted) == 0
        await database.write(put(id=1))
        assert await connection.run_sync(counted) == 0
        assert await database.read(counted) == 1
    assert await database.read(counted) == 1


async def test_nothing_can_be_written_where_is_only_read(database):
    with pytest.raises(DBAPIError):
        await database.read(put(id=1))
    assert await column(database, select(sample.c.id)) == []


async def test_what_raises_writes_nothing(database):
    def work(connection):
        put(id=1)(connection)
        raise KeyError("b")

    with pytest.raises(KeyError):
        await database.write(work)
    assert await column(database, select(sample.c.id)) == []


async def test_two_hundred_that_read_and_then_write_do_not_overdraw(database):
    """What the drivers do by themselves lets all of them succeed."""
    await database.write(put(id=1, count=100))

    def spend(connection):
        held = select(sample.c.count).where(sample.c.id == 1).with_for_update()
        left = connection.scalar(held)
        if left:
            connection.execute(sample.update().values(count=left - 1))
        return bool(left)

    spent = await asyncio.gather(*(database.write(spend) for _ in range(200)))
    assert spent.count(True) == 100
    assert await column(database, select(sample.c.count)) == [0]


@pytest.mark.parametrize("value", ["'x'", "1.5", "9223372036854775808"])
async def test_a_column_of_integers_holds_nothing_else(database, value):
    statement = text(f"INSERT INTO sample (id, count) VALUES (1, {value})")  # noqa: S608
    if value == "1.5" and not database.is_sqlite:
        statement = text("INSERT INTO sample (id, count) VALUES (1, CAST('NaN' AS numeric))")
    with pytest.raises(DBAPIError):
        await database.write(lambda connection: connection.execute(statement))
    assert await column(database, select(sample.c.id)) == []


# What each engine is told


async def asked(database: Database, statement: str, *, write: bool = False):
    def work(connection):
        return connection.scalar(text(statement))

    return await (database.write if write else database.read)(work)


async def test_sqlite_loses_nothing_with_the_power_and_checks_foreign_keys(databases):
    database = open_database(await databases.new("sqlite"))
    for pragma, value in {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "wal_autocheckpoint": 2000,
        "busy_timeout": 5000,
    }.items():
        assert await asked(database, f"PRAGMA {pragma}", write=True) == value
    for pragma, value in {"query_only": 1, "wal_autocheckpoint": 0, "busy_timeout": 5000}.items():
        assert await asked(database, f"PRAGMA {pragma}") == value
    tables = "SELECT count(*) FROM pragma_table_list WHERE strict = 0 AND schema = 'main' AND "
    assert await asked(database, tables + "name NOT LIKE 'sqlite_%'") == 1  # alembic's own
    await database.close()


async def test_postgresql_is_told_its_limits_and_the_time_zone(databases):
    database = open_database(await databases.new("postgresql"))
    for setting, value in {
        "TimeZone": "UTC",
        "lock_timeout": "5s",
        "statement_timeout": "1min",
        "idle_in_transaction_session_timeout": "1min",
        "transaction_isolation": "read committed",
        "transaction_read_only": "off",
    }.items():
        assert await asked(database, f"SHOW {setting}", write=True) == value
    assert await asked(database, "SHOW transaction_isolation") == "repeatable read"
    assert await asked(database, "SHOW transaction_read_only") == "on"
    assert await asked(database, "SHOW transaction_isolation", write=True) == "read committed"
    await database.close()


# Opening


async def test_a_second_process_is_kept_out_of_a_sqlite_file_but_may_look(databases):
    url = await databases.new("sqlite")
    first = open_database(url)
    with pytest.raises(DatabaseHeldError) as caught:
        open_database(url)
    assert str(caught.value) == (
        f"{url.partition('///')[2]} is in use by process {os.getpid()}: SQLite serves one process "
        "at a time. Stop that one first, or use PostgreSQL (CRANE_DATABASE_URL=postgresql://...)."
    )
    await first.write(sample.create)
    looking = open_database(url, read_only=True)
    assert await column(looking, select(sample.c.id)) == []
    await looking.close()
    await first.close()
    second = open_database(url)
    await second.write(put(id=1))
    await second.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite+aiosqlite:///:memory:"])
def test_sqlite_in_memory_is_refused(url):
    with pytest.raises(LedgerError) as caught:
        open_database(url)
    assert caught.value.reason is Reason.INVALID_VALUE


def test_an_address_may_be_written_without_its_driver():
    assert normalised_url("postgres://h/d") == "postgresql+asyncpg://h/d"
    assert normalised_url("postgresql://h/d") == "postgresql+asyncpg://h/d"
    assert normalised_url("sqlite:///crane.db") == "sqlite+aiosqlite:///crane.db"
    for whole in ("postgresql+asyncpg://h/d", "sqlite+aiosqlite:///crane.db"):
        assert normalised_url(whole) == whole


# What errors call for


@asynccontextmanager
async def stranger(url):
    """A connection of somebody else's, in a transaction."""
    engine = create_async_engine(normalised_url(url))
    try:
        async with engine.connect() as connection:
            yield connection
    finally:
        await engine.dispose()


async def trouble_of(database, *statements):
    def work(connection):
        for statement in statements:
            connection.execute(text(statement))

    with pytest.raises(DBAPIError) as caught:
        await database.write(work)
    return trouble(caught.value)


async def test_a_constraint_is_told_from_an_overflow_and_from_a_mistake(database):
    await database.write(put(id=1, count=2**63 - 1))
    twice = "INSERT INTO sample (id) VALUES (1)"
    assert await trouble_of(database, twice) is Trouble.CONSTRAINT
    assert await trouble_of(database, "UPDATE sample SET count = count + 1") is Trouble.OVERFLOW
    assert await trouble_of(database, "SELECT nothing FROM nowhere") is Trouble.OTHER


async def test_a_full_disk_and_a_held_lock_mean_busy(databases):
    database = open_database(await databases.new("sqlite"))
    filling = "CREATE TABLE filling AS SELECT hex(randomblob(1000000))"
    limit = "PRAGMA max_page_count = 1"
    assert await trouble_of(database, limit, filling) is Trouble.BUSY
    await database.close()
    database = open_database(url := await databases.new("postgresql"))
    async with stranger(url) as other:
        await other.execute(text("LOCK TABLE entry"))
        waiting = ("SET LOCAL lock_timeout = '50ms'", "SELECT count(*) FROM entry")
        assert await trouble_of(database, *waiting) is Trouble.BUSY
    waiting = ("SET LOCAL statement_timeout = '50ms'", "SELECT pg_sleep(1)")
    assert await trouble_of(database, *waiting) is Trouble.BUSY
    await database.close()


async def test_a_deadlock_means_try_again(databases):
    database = open_database(url := await databases.new("postgresql"))
    await database.write(sample.create)
    for number in (1, 2):
        await database.write(put(id=number, count=0))
    met = asyncio.Barrier(2)

    async def cross(first, second):
        async with stranger(url) as connection:
            await connection.execute(text("SET LOCAL deadlock_timeout = '50ms'"))
            await connection.execute(sample.update().where(sample.c.id == first).values(count=1))
            await met.wait()
            await connection.execute(sample.update().where(sample.c.id == second).values(count=1))

    ended = await asyncio.gather(cross(1, 2), cross(2, 1), return_exceptions=True)
    (victim,) = [error for error in ended if error is not None]
    assert trouble(victim) is Trouble.RETRY
    await database.close()


def test_what_is_not_the_databases_doing_is_no_trouble_of_its():
    assert trouble(KeyError("x")) is Trouble.OTHER
    assert trouble(ConnectionRefusedError()) is Trouble.BUSY
    assert trouble(TimeoutError()) is Trouble.BUSY
