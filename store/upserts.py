"""Writing rows that may be there already: counters that add, records that yield."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import Insert


def adding(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows; where a row's key exists, add its other columns to what is there.

    Rows must come in the order of their keys, so that two writers never wait for each other.
    """
    if rows:
        connection.execute(_adding(table, connection.dialect.name), rows)


@cache
def _adding(table: Table, dialect: str) -> Insert:
    # The two constructs are the same but for their class; each belongs to its compiler.
    statement = (sqlite.insert if dialect == "sqlite" else postgresql.insert)(table)
    key = list(table.primary_key.columns)
    added = [column for column in table.c if not column.primary_key]
    return statement.on_conflict_do_update(
        index_elements=key,
        set_={column.name: column + statement.excluded[column.name] for column in added},
    )
