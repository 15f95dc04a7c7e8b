"""What the driver runs by a plan is what SQLAlchemy would have run."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    bindparam,
    cast,
    event,
    func,
    insert,
    select,
)
from sqlalchemy import Numeric as Decimals
from sqlalchemy.exc import DBAPIError, StatementError

from store import sessions
from store.dialects import Count, Day, Flag, Instant, Word, among
from store.engines import open_database

thing = Table(
    "thing",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("word", Word),
    Column("count", Count),
    Column("flag", Flag),
    Column("day", Day),
    Column("instant", Instant),
    sqlite_strict=True,
)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
ROWS = [
    {
        "id": number,
        "word": f"w{number}",
        "count": 2**62 + number,
        "flag": number % 2 == 0,
        "day": date(2026, 1, number + 1),
        "instant": NOON.replace(microsecond=number),
    }
    for number in range(5)
]


@pytest.fixture
async def database(engine, databases):
    opened = open_database(await databases.new(engine))
    await opened.write(thing.create)
    await opened.write(lambda connection: connection.execute(insert(thing), ROWS))
    yield opened
    await opened.close()


async def thrice(database, statement, given=None):
    """What a statement finds the first time, by a plan, and while somebody listens."""

    def found(connection):
        result = connection.execute(statement, given)
        return [(tuple(row), row._asdict()) for row in result.all()]

    heard = []

    def hear(*_):
        heard.append(1)

    first = await database.read(found)
    event.listen(database.reader, "before_cursor_execute", hear)
    watched = await database.read(found)
    event.remove(database.reader, "before_cursor_execute", hear)
    planned = await database.read(found)
    assert heard == [1]
    return first, planned, watched


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        (select(thing).order_by(thing.c.id), None),
        (select(thing).where(thing.c.flag, thing.c.day >= bindparam("since")), "since"),
        (select(thing).where(thing.c.instant == bindparam("at")), "at"),
        (select(thing.c.id).where(among(thing.c.word, "words")), "words"),
        (select(thing.c.id, thing.c.word).where(thing.c.id.in_([1, 3])).limit(5), None),
        (select(thing.c.id.label("one"), thing.c.id.label("two")).where(thing.c.id == 1), None),
        (select(thing.c.flag, func.count()).group_by(thing.c.flag), None),
        (select(thing).where(thing.c.id == 77), None),
    ],
)
async def test_a_plan_finds_what_sqlalchemy_finds(database, statement, given):
    every = {"since": date(2026, 1, 2), "at": NOON.replace(microsecond=3), "words": ["w1", "w4"]}
    told = None if given is None else {given: every[given]}
    first, planned, watched = await thrice(database, statement, told)
    assert planned == first == watched
    assert sessions._PLANS[statement][database.reader.dialect.name] is not None


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        (select(thing.c.id).where(thing.c.id.in_(bindparam("ids", expanding=True))), {"ids": [1]}),
        (select(cast(thing.c.count, Decimals)), None),
    ],
)
async def test_what_depends_on_what_is_given_has_no_plan(database, statement, given):
    first, planned, watched = await thrice(database, statement, given)
    assert planned == first == watched
    assert sessions._PLANS[statement][database.reader.dialect.name] is None


async def test_a_value_in_place_of_one_that_was_always_the_same_is_heeded(database):
    statement = select(thing.c.id).where(thing.c.id == bindparam("id", 1))
    for _ in range(2):
        assert await database.read(lambda c: c.scalar(statement)) == 1
        assert await database.read(lambda c: c.scalars(statement, {"id": 2}).all()) == [2]


async def test_a_value_that_is_missing_is_an_error_every_time(database):
    statement = select(thing.c.id).where(thing.c.id == bindparam("id"))
    for _ in range(3):
        with pytest.raises(StatementError):
            await database.read(lambda connection: connection.execute(statement, {}))
        with pytest.raises((StatementError, KeyError)):
            await database.read(lambda connection: connection.execute(statement, {"other": 1}))


async def test_what_the_driver_refuses_is_an_error_of_the_database(database):
    statement = select(thing.c.id, func.abs(bindparam("n", type_=Count)).label("n"))
    assert len(await database.read(lambda c: c.execute(statement, {"n": 1}).all())) == 5
    for _ in range(2):
        with pytest.raises(DBAPIError):
            await database.read(lambda c: c.execute(statement, {"n": -(2**63)}).all())
        assert len(await database.read(lambda c: c.execute(statement, {"n": 1}).all())) == 5


async def test_work_does_not_end_its_transaction(database):
    for end in ("commit", "rollback"):
        with pytest.raises(RuntimeError):
            await database.write(lambda connection, end=end: getattr(connection, end)())


async def test_plans_go_with_their_statements(database):
    gc.collect()
    before = len(sessions._PLANS)

    def asked(connection):
        for number in range(50):
            statement = select(thing.c.id).where(thing.c.id == number)
            connection.execute(statement).all()
            connection.execute(statement).all()

    await database.read(asked)
    gc.collect()
    # SQLAlchemy keeps the first of a kind, among the last five hundred kinds.
    assert len(sessions._PLANS) <= before + 1


async def test_a_text_of_the_drivers_own_gives_rows_by_name(database):
    mark = "?" if database.is_sqlite else "$1"
    text = f"SELECT id, word FROM thing WHERE id = {mark}"  # noqa: S608 (of two marks)

    def asked(connection):
        return [connection.exec_driver_sql(text, (number,)).all() for number in (1, 77)]

    ((row,), nothing) = await database.read(asked)
    assert (row.id, row.word, nothing) == (1, "w1", [])


async def test_many_rows_are_put_down_by_a_text_of_the_drivers_own(database):
    marks = "?, ?" if database.is_sqlite else "$1, $2"
    text = f"INSERT INTO thing (id, word) VALUES ({marks})"  # noqa: S608 (of two marks)
    await database.write(lambda c: c.exec_driver_sql(text, [(10, "a"), (11, "b")]))
    assert await database.read(lambda c: c.scalar(select(func.count()).select_from(thing))) == 7
    with pytest.raises(DBAPIError):
        await database.write(lambda c: c.exec_driver_sql(text, [(12, "a"), (12, "b")]))
    assert await database.read(lambda c: c.scalar(select(func.count()).select_from(thing))) == 7
