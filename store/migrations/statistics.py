"""What SQLite is to suppose of its indexes: it knows nothing of them, and guesses badly.

Every index begins with the organization, and to SQLite, which keeps no statistics unless it
is told to, that one column seems to tell rows apart well. So it would read all rows of an
organization where one more column finds a single one. It is told the shape of large books once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, text

_ROWS = 1_000_000
_ALIKE = 100


def suppose_large_books(connection: Connection) -> None:
    """Write the statistics that SQLite plans by: one organization, a million rows."""
    connection.execute(text("ANALYZE"))
    connection.execute(text("DELETE FROM sqlite_stat1"))
    tables = connection.scalars(
        text("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    ).all()
    for table in tables:
        for index in connection.execute(text(f'PRAGMA index_list("{table}")')).all():
            parts = connection.execute(text(f'PRAGMA index_info("{index.name}")')).all()
            if parts[0].name == "organization_id" and len(parts) > 1:
                _write(connection, table, index, len(parts))


def _write(connection: Connection, table: str, index: Row[Any], columns: int) -> None:
    last = 1 if index.unique else _ALIKE
    figures = [_ROWS, _ROWS, *[_ALIKE] * (columns - 2), last]
    # The key of a table without row ids is the table itself, and is called so.
    plain = connection.scalar(
        text("SELECT sql LIKE '%WITHOUT ROWID%' FROM sqlite_schema WHERE name = :t"), {"t": table}
    )
    name = table if index.origin == "pk" and plain else index.name
    connection.execute(
        text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :name, :stat)"),
        {"table": table, "name": name, "stat": " ".join(map(str, figures))},
    )
