"""Pages of a list: by position, or by the keys of the last row seen.

A list is ordered by one column and then by id, both in the same direction, so that a page
can begin after any row (a keyset) at the same cost however far down it lies.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, func, select, tuple_

T = TypeVar("T")
Key = tuple[Any, str]


@dataclass(frozen=True, slots=True)
class Order:
    """An order by a named column and then by id."""

    name: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """What part of a list is wanted.

    `limit` rows from `offset`, or after / before a key; `backward` takes the last ones.
    """

    limit: int
    offset: int = 0
    after: Key | None = None
    before: Key | None = None
    backward: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of a list in its order, and whether there are more beyond either end."""

    items: list[T]
    has_next: bool
    has_previous: bool


def page(
    connection: Connection,
    statement: Select[Any],
    columns: tuple[ColumnElement[Any], ColumnElement[Any]],
    span: Span,
    gather: Callable[[Connection, Select[Any]], list[T]],
    *,
    descending: bool = False,
) -> Page[T]:
    """One page of `statement` by `columns`; `gather` makes facts of the rows it selects."""
    key = tuple_(*columns)
    if span.after is not None:
        statement = statement.where(key < span.after if descending else key > span.after)
    if span.before is not None:
        statement = statement.where(key > span.before if descending else key < span.before)
    downward = descending is not span.backward
    ordered = statement.order_by(*(c.desc() if downward else c.asc() for c in columns))
    items = gather(connection, ordered.limit(span.limit + 1).offset(span.offset))
    more = len(items) > span.limit
    items = items[: span.limit]
    if span.backward:
        return Page(items[::-1], span.before is not None, more)
    return Page(items, more, span.after is not None or span.offset > 0)


def count(connection: Connection, statement: Select[Any]) -> int:
    """How many rows a statement selects."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    return int(connection.scalar(counted) or 0)
