"""Putting down many rows by one statement, whatever their number.

PostgreSQL takes the columns as arrays and makes rows of them itself; SQLite takes the rows one
by one without leaving its process. Either way the text of the statement is the same for one
row and for a thousand, so it is prepared once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Dialect,
    Table,
    Text,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.engines import Day, Flag, Instant, is_sqlite

Row = dict[str, Any]


def insert_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, which all have every column of the table."""
    if rows:
        _put(connection, table, rows, adds=False)


def add_rows(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows; where a row's key exists, add its other columns to what is there.

    Rows must come in the order of their keys, so that two writers never wait for each other.
    """
    if rows:
        _put(connection, table, rows, adds=True)


def _put(connection: Connection, table: Table, rows: Sequence[Row], *, adds: bool) -> None:
    if is_sqlite(connection):
        text, prepare = _one_by_one(table, connection.dialect, adds=adds)
        connection.exec_driver_sql(text, [prepare(row) for row in rows])
    else:
        columns = {column.name: [row[column.name] for row in rows] for column in table.c}
        connection.execute(_by_arrays(table, adds=adds), columns)


@cache
def _one_by_one(
    table: Table, dialect: Dialect, *, adds: bool
) -> tuple[str, Callable[[Row], tuple[Any, ...]]]:
    """The statement as SQLite reads it, and what makes its parameters of a row."""
    statement = sqlite.insert(table).values({c.name: bindparam(c.name) for c in table.c})
    text = str((_adding(table, statement) if adds else statement).compile(dialect=dialect))
    plan = [(column.name, _plainly(column.type, dialect)) for column in table.c]

    def prepare(row: Row) -> tuple[Any, ...]:
        return tuple([row[name] if bind is None else bind(row[name]) for name, bind in plan])

    return text, prepare


def _plainly(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """How a value of a type of our own is written on SQLite; others are as they are."""
    if not isinstance(kind, TypeDecorator):
        return None
    return lambda value: kind.process_bind_param(value, dialect)


@cache
def _by_arrays(table: Table, *, adds: bool) -> Any:
    names = [column.name for column in table.c]
    columns = [
        func.unnest(bindparam(column.name, type_=ARRAY(_item(column.type)))) for column in table.c
    ]
    statement = postgresql.insert(table).from_select(names, select(*columns))
    return _adding(table, statement) if adds else statement


def _item(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The plain type of PostgreSQL behind a column's own."""
    if isinstance(kind, Flag):
        return Boolean()
    if isinstance(kind, Day):
        return Date()
    if isinstance(kind, Instant):
        return DateTime(timezone=True)
    return BigInteger() if isinstance(kind, BigInteger) else Text()


def _adding(table: Table, statement: Any) -> Any:
    added = [column for column in table.c if not column.primary_key]
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={column.name: column + statement.excluded[column.name] for column in added},
    )
