"""What tables are made of: the naming of constraints, columns, keys within an organization."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
    text,
)

from store.dialects import Count

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
    }
)


def column(name: str, kind: Any, *, null: bool = False) -> Column[Any]:
    """A column that is never empty, unless `null`."""
    return Column(name, kind, nullable=null)


def table(name: str, *parts: Any, clustered: bool = True) -> Table:
    """A table; `clustered` ones have no row id on SQLite and lie in the order of their key."""
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=not clustered)


def belongs(*columns: str, to: str, key: tuple[str, ...]) -> ForeignKeyConstraint:
    """A reference to the row of another table."""
    return ForeignKeyConstraint(columns, [f"{to}.{name}" for name in key])


def unique_where_given(name_of_table: str, *columns: str) -> Index:
    """Uniqueness in the organization among rows that have the last of the columns.

    The others are not indexed: they cost nothing, and no lookup by key takes it for its own.
    """
    given = text(f"{columns[-1]} IS NOT NULL")
    name = f"{name_of_table}_organization_id_{'_'.join(columns)}_key"
    return Index(
        name,
        "organization_id",
        *columns,
        unique=True,
        postgresql_where=given,
        sqlite_where=given,
    )


def turnovers() -> list[Any]:
    """Debit and credit turnovers in the row's currency and in base, never negative."""
    names = ("debit", "credit", "base_debit", "base_credit")
    return [
        *(column(name, Count) for name in names),
        *(CheckConstraint(f"{name} >= 0", name=name) for name in names),
    ]


OF_ORGANIZATION = ("organization_id", "id")
"""The key of nearly everything."""
