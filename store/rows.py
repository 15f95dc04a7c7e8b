"""Putting down many rows by one statement, whatever their number.

PostgreSQL takes the rows as one JSON text, which costs this process a quarter of what arrays
cost, and makes rows of it itself; SQLite takes them one by one without leaving the process.
Either way the text of the statement is the same for one row and for a thousand, so it is
prepared once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
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
from sqlalchemy import column as named
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.dialects import Day, Flag, Instant, is_sqlite

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
        text, prepare = _one_by_one(table, connection.dialect, adds=True)
        found = [connection.exec_driver_sql(text + told, prepare(row)).one() for row in rows]
    else:
        text = _at_once(table, connection.dialect, adds=True)
        found = list(connection.exec_driver_sql(text + told, (_told(rows),)))
    return {tuple(row[:-1]): row[-1] for row in found}


def _put(connection: Connection, table: Table, rows: Sequence[Row], *, adds: bool) -> None:
    if is_sqlite(connection):
        text, prepare = _one_by_one(table, connection.dialect, adds=adds)
        connection.exec_driver_sql(text, [prepare(row) for row in rows])
    else:
        connection.exec_driver_sql(_at_once(table, connection.dialect, adds=adds), (_told(rows),))


def _told(rows: Sequence[Row]) -> str:
    """Rows as JSON. A number that no column can hold is told too, for the database to refuse."""
    try:
        return orjson.dumps(rows).decode()
    except orjson.JSONEncodeError:
        return json.dumps(rows, default=str)


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
    return kind.bind_processor(dialect) if isinstance(kind, TypeDecorator) else None


@cache
def _at_once(table: Table, dialect: Dialect, *, adds: bool) -> str:
    """The statement as PostgreSQL reads it, with one parameter for all rows."""
    names = [each.name for each in table.c]
    columns = [named(each.name, _item(each.type)) for each in table.c]
    told = func.json_to_recordset(bindparam("rows", type_=JSON())).table_valued(*columns)
    rows = told.render_derived(name="told", with_types=True)
    statement = postgresql.insert(table).from_select(names, select(*(rows.c[n] for n in names)))
    return str((_adding(table, statement) if adds else statement).compile(dialect=dialect))


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
