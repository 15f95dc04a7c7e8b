"""Nouns: how a fact of the ledger and a row of its table tell the same.

A column has the name of the fact's field. Enumerations and decimals are written as text, and what
is neither a text, a number, a flag nor a date as JSON. What a fact holds of other tables
(a document its lines) is named in `apart`, and given when the fact is made.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Any, Generic, TypeVar, get_args, get_type_hints

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    Table,
    bindparam,
    delete,
    select,
    update,
)

from store.dialects import among
from store.filters import Field, condition
from store.pages import OF, Asked, Order, Page, Span, cut
from store.plain import Read, reader, to_text
from store.rows import insert_rows

T = TypeVar("T")
_AS_THEY_ARE = {str, int, bool, date, datetime}
_KEY = ("organization_id", "id")


class Noun(Generic[T]):
    """The facts of one kind, and the table that they are rows of."""

    def __init__(self, kind: type[T], table: Table, *, apart: Collection[str] = ()) -> None:
        hints = get_type_hints(kind)
        self.table = table
        self._kind: Any = kind
        self._plan = [
            (name, *_ways(hint)) for name, hint in hints.items() if name not in set(apart)
        ]

    def row(self, fact: T) -> dict[str, Any]:
        """The row that tells of a fact."""
        return {
            name: write(value) if (value := getattr(fact, name)) is not None else None
            for name, write, _ in self._plan
        }

    def fact(self, row: Row[Any], **apart: Any) -> T:
        """The fact that a row tells of."""
        columns = row._mapping  # noqa: SLF001 (its name for the row as a mapping)
        found = {
            name: None if (value := columns[name]) is None else read(value)
            for name, _, read in self._plan
        }
        made: T = self._kind(**found, **apart)
        return made

    def of(self, organization_id: str, ids: Collection[str]) -> Select[Any]:
        """The rows of an organization that have these ids, in their order."""
        columns = self.table.c
        return (
            select(self.table)
            .where(columns.organization_id == organization_id, among(columns.id, sorted(ids)))
            .order_by(columns.id)
        )

    def existing(
        self, connection: Connection, organization_id: str, ids: Collection[str]
    ) -> dict[str, T]:
        """The facts of an organization that have these ids."""
        rows = connection.execute(self.of(organization_id, ids))
        return {row.id: self.fact(row) for row in rows}

    def every(self, connection: Connection, organization_id: str) -> dict[str, T]:
        """All facts of an organization, by id."""
        columns = self.table.c
        statement = select(self.table).where(columns.organization_id == organization_id)
        return {row.id: self.fact(row) for row in connection.execute(statement).all()}

    def with_external_ids(
        self, connection: Connection, organization_id: str, external_ids: Collection[str]
    ) -> dict[str, str]:
        """The ids of the facts that have these external ids, by external id."""
        return self.with_values(connection, organization_id, "external_id", external_ids)

    def with_values(
        self, connection: Connection, organization_id: str, column: str, values: Collection[str]
    ) -> dict[str, str]:
        """The ids of the facts that have these values in a column, by value."""
        columns = self.table.c
        statement = select(columns[column], columns.id).where(
            columns.organization_id == organization_id, among(columns[column], sorted(values))
        )
        return {row[0]: row[1] for row in connection.execute(statement).all()}

    def insert_all(self, connection: Connection, facts: Sequence[T]) -> None:
        """Put down new facts."""
        insert_rows(connection, self.table, [self.row(fact) for fact in facts])

    def update_all(self, connection: Connection, facts: Sequence[T]) -> None:
        """Put down facts as they are now."""
        self.update_rows(connection, [self.row(fact) for fact in facts])

    def update_rows(
        self,
        connection: Connection,
        rows: Sequence[Mapping[str, Any]],
        columns: Collection[str] | None = None,
    ) -> None:
        """Put down rows as they are now, or some of their columns."""
        if not rows:
            return
        names = [c.name for c in self.table.c if c.name not in _KEY] if columns is None else columns
        statement = (
            update(self.table)
            .where(*(self.table.c[name] == bindparam(f"new_{name}") for name in _KEY))
            .values({name: bindparam(f"new_{name}") for name in names})
        )
        wanted = {*names, *_KEY}
        connection.execute(
            statement,
            [{f"new_{name}": row[name] for name in wanted} for row in rows],
        )

    def delete_all(self, connection: Connection, facts: Sequence[Any]) -> None:
        """Take facts out."""
        columns = self.table.c
        statement = delete(self.table).where(
            columns.organization_id == bindparam("of"), columns.id == bindparam("gone")
        )
        connection.execute(statement, [{"of": f.organization_id, "gone": f.id} for f in facts])


class Listing(Generic[T]):
    """A noun's lists: by what it can be filtered and ordered."""

    def __init__(
        self,
        noun: Noun[T],
        fields: Mapping[str, Field],
        orders: Collection[str],
        gather: Any = None,
    ) -> None:
        self._noun = noun
        self._fields = fields
        by_name = {name: noun.table.c[name] for name in orders}
        self._asked = Asked(self._matching, by_name, noun.table.c.id)
        self._gather = gather or self._facts

    def _facts(
        self, connection: Connection, organization_id: str, statement: Select[Any]
    ) -> list[T]:
        rows = connection.execute(statement, {"of": organization_id}).all()
        return [self._noun.fact(row) for row in rows]

    def listed(
        self,
        connection: Connection,
        organization_id: str,
        where: Mapping[str, Any] | None,
        order: Order,
        span: Span,
    ) -> Page[T]:
        """A page of an organization's facts of this kind."""
        statement = self._asked.page(where, order, span)
        found: list[T] = self._gather(connection, organization_id, statement)
        return cut(found, span)

    def counted(
        self, connection: Connection, organization_id: str, where: Mapping[str, Any] | None
    ) -> int:
        """How many facts a filter lets through."""
        return self._asked.count(connection, organization_id, where)

    def _matching(self, where: Mapping[str, Any] | None) -> Select[Any]:
        table = self._noun.table
        return select(table).where(table.c.organization_id == OF, condition(self._fields, where))


def referred(
    connection: Connection,
    organization_id: str,
    ids: Collection[str],
    columns: Collection[ColumnElement[Any]],
) -> set[str]:
    """Which of these ids stand in one of these columns."""
    found: set[str] = set()
    for column in columns:
        of: Any = column
        statement = (
            select(of)
            .where(of.table.c.organization_id == organization_id, among(of, sorted(ids)))
            .distinct()
        )
        found |= set(connection.scalars(statement))
    return found


def _ways(hint: Any) -> tuple[Read, Read]:
    """How a field of a declared type is written to a column, and read from it."""
    plain = _without_none(hint)
    if plain in _AS_THEY_ARE:
        return _same, _same
    if plain is Decimal:
        return lambda value: format(value, "f"), Decimal
    if isinstance(plain, type) and issubclass(plain, Enum):
        return lambda value: value.value, plain
    read = reader(plain)
    return to_text, lambda text: read(json.loads(text))


def _without_none(hint: Any) -> Any:
    if not isinstance(hint, UnionType):
        return hint
    (inner,) = (part for part in get_args(hint) if part is not type(None))
    return inner


def _same(value: Any) -> Any:
    return value
