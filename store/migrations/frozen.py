"""Triggers that refuse to change or delete a fact, on both engines."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from store.dialects import is_sqlite


def freeze(
    connection: Connection, table: str, when: str, columns: Collection[str] | None = None
) -> None:
    """Refuse UPDATE and DELETE of the rows of `table` for which `when` (SQL over OLD) holds.

    With `columns` the others may still be updated.
    """
    update = "UPDATE" if columns is None else f"UPDATE OF {', '.join(columns)}"
    if is_sqlite(connection):
        _freeze_sqlite(connection, table, when, update)
    else:
        _freeze_postgresql(connection, table, when, update)


def _freeze_sqlite(connection: Connection, table: str, when: str, update: str) -> None:
    for name, act in (("update", update), ("delete", "DELETE")):
        connection.execute(
            text(
                f'CREATE TRIGGER {table}_frozen_{name} BEFORE {act} ON "{table}" '
                f"WHEN {when} BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
            )
        )


def _freeze_postgresql(connection: Connection, table: str, when: str, update: str) -> None:
    connection.execute(
        text(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is frozen', TG_TABLE_NAME "
            "USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    )
    connection.execute(
        text(
            f'CREATE TRIGGER {table}_frozen BEFORE {update} OR DELETE ON "{table}" '
            f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION refuse_change()"
        )
    )
    connection.execute(
        text(
            f'CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON "{table}" '
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    )
