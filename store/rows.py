"""Putting down many rows by one statement, whatever their number.

PostgreSQL takes the rows as one JSON text, which costs this process a quarter of what arrays
cost, and makes rows of it itself; SQLite takes them one by one without leaving the process.
Either way the text of the statement is the same for one row and for a thousand, so it is
prepared once. What a commit always puts down together is one statement too: each of them costs
this process as much as twenty rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import (
    CTE,
    JSON,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Dialect,
    Select,
    Table,
    Text,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy import column as named
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.dialects import Day, Flag, Instant, is_sqlite

Row = dict[str, Any]


class Way(Enum):
    """What becomes of a row whose key exists: it is refused, added to what is there, or set."""

    INSERT = "insert"
    ADD = "add"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Put:
    """Rows to be put down, which all have every column of their table.

    Where keys may exist, rows must come in the order of their keys, so that two writers never
    wait for each other.
    """

    table: Table
    rows: Sequence[Row]
    way: Way = Way.INSERT


def put_together(connection: Connection, *puts: Put) -> None:
    """Put down rows of several tables, one table after the other: as one by one, only cheaper."""
    filled = [put for put in puts if put.rows]
    if is_sqlite(connection):
        for put in filled:
            text, prepare = _one_by_one(put.table, connection.dialect, put.way)
            connection.exec_driver_sql(text, [prepare(row) for row in put.rows])
    elif filled:
        text, places = _at_once(tuple([(put.table, put.way) for put in filled]), connection.dialect)
        connection.exec_driver_sql(text, tuple([_told(filled[place].rows) for place in places]))


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, which all have every column of the table."""
    put_together(connection, Put(table, rows))


def add_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows; where a row's key exists, add its other columns to what is there.

    Rows must come in the order of their keys, so that two writers never wait for each other.
    """
    put_together(connection, Put(table, rows, Way.ADD))


def names_of(columns: Iterable[Column[Any]]) -> list[str]:
    """The names of columns as keys of rows: plain texts, for no others are keys of JSON at once."""
    return [str(column.name) for column in columns]


def counted_on(
    connection: Connection, table: Table, rows: Sequence[Row], figure: str
) -> dict[tuple[Any, ...], int]:
    """Add rows as `add_rows` does; gives what a figure has come to, by key."""
    keys = names_of(table.primary_key.columns)
    told = f" RETURNING {', '.join([*keys, figure])}"
    if is_sqlite(connection):
        text, prepare = _one_by_one(table, connection.dialect, Way.ADD)
        found = [connection.exec_driver_sql(text + told, prepare(row)).one() for row in rows]
    else:
        text, _ = _at_once(((table, Way.ADD),), connection.dialect)
        found = list(connection.exec_driver_sql(text + told, (_told(rows),)))
    return {tuple(row[:-1]): row[-1] for row in found}


def _told(rows: Sequence[Row]) -> str:
    """Rows as JSON. A number that no column can hold is told too, for the database to refuse."""
    try:
        return orjson.dumps(rows).decode()
    except orjson.JSONEncodeError:
        return json.dumps(rows, default=str)


@cache
def _one_by_one(
    table: Table, dialect: Dialect, way: Way
) -> tuple[str, Callable[[Row], tuple[Any, ...]]]:
    """The statement as SQLite reads it, and what makes its parameters of a row."""
    statement = sqlite.insert(table).values({c.name: bindparam(c.name) for c in table.c})
    text = str(_meeting(table, statement, way).compile(dialect=dialect))
    values_of = itemgetter(*names_of(table.c))
    written = [(place, _plainly(column.type, dialect)) for place, column in enumerate(table.c)]
    own = [(place, write) for place, write in written if write is not None]

    def prepare(row: Row) -> tuple[Any, ...]:
        values = [*values_of(row)]
        for place, write in own:
            values[place] = write(values[place])
        return tuple(values)

    return text, prepare


def _plainly(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a value of a type of our own is written on SQLite; others are as they are."""
    return kind.bind_processor(dialect) if isinstance(kind, TypeDecorator) else None


@cache
def _at_once(puts: tuple[tuple[Table, Way], ...], dialect: Dialect) -> tuple[str, list[int]]:
    """The statement as PostgreSQL reads it, and whose rows each of its parameters is.

    What one statement changes in several tables it may change in any order, and so wait for
    others that wait for it. Here each table waits for the rows of the one before.
    """
    before = None
    for place, (table, way) in enumerate(puts):
        statement = postgresql.insert(table).from_select(*_source(table, place, before))
        whole = _meeting(table, statement, way)
        before = whole.returning(literal_column("1")).cte(f"put_{place}")
    compiled: Any = whole.compile(dialect=dialect)
    return str(compiled), [int(name) for name in compiled.positiontup]


def _source(table: Table, place: int, before: CTE | None) -> tuple[list[str], Select[Any]]:
    """The columns of a table, and the rows that are told of it, once those before are put down."""
    names = names_of(table.c)
    columns = [named(each.name, _item(each.type)) for each in table.c]
    told = func.json_to_recordset(bindparam(str(place), type_=JSON())).table_valued(*columns)
    rows = told.render_derived(name="told", with_types=True)
    found = select(*(rows.c[name] for name in names))
    if before is not None:
        done = select(func.count()).select_from(before).scalar_subquery()
        found = found.where(done > literal_column("0"))
    return names, found


def _item(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The plain type of PostgreSQL behind a column's own."""
    if isinstance(kind, Flag):
        return Boolean()
    if isinstance(kind, Day):
        return Date()
    if isinstance(kind, Instant):
        return DateTime(timezone=True)
    return BigInteger() if isinstance(kind, BigInteger) else Text()


def _meeting(table: Table, statement: Any, way: Way) -> Any:
    """The statement with what it does to the rows that it meets."""
    if way is Way.INSERT:
        return statement
    given = {c.name: statement.excluded[c.name] for c in table.c if not c.primary_key}
    added = {name: table.c[name] + value for name, value in given.items()}
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_=added if way is Way.ADD else given,
    )
