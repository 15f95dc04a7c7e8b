"""Pages of a list: by position, or by the keys of the last row seen.

A list is ordered by one column and then by id, both in the same direction, so that a page
can begin after any row (a keyset) at the same cost however far down it lies.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    select,
    tuple_,
)

T = TypeVar("T")
Key = tuple[Any, str]
_MOST_KEPT = 128
_LONGEST_KEPT = 1_000


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
    return cut(gather(connection, spanned(statement, columns, span, descending=descending)), span)


def spanned(
    statement: Select[Any],
    columns: tuple[ColumnElement[Any], ColumnElement[Any]],
    span: Span,
    *,
    descending: bool,
) -> Select[Any]:
    """The statement for one page, and for one row more."""
    key = tuple_(*columns)
    if span.after is not None:
        statement = statement.where(key < span.after if descending else key > span.after)
    if span.before is not None:
        statement = statement.where(key > span.before if descending else key < span.before)
    downward = descending is not span.backward
    ordered = statement.order_by(*(c.desc() if downward else c.asc() for c in columns))
    return ordered.limit(span.limit + 1).offset(span.offset)


def cut(items: list[T], span: Span) -> Page[T]:
    """A page of what was found with one row more."""
    more = len(items) > span.limit
    items = items[: span.limit]
    if span.backward:
        return Page(items[::-1], span.before is not None, more)
    return Page(items, more, span.after is not None or span.offset > 0)


def count(connection: Connection, statement: Select[Any], **given: Any) -> int:
    """How many rows a statement selects."""
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    return int(connection.scalar(counted, given) or 0)


OF: BindParameter[str] = bindparam("of")
"""The organization, in statements that are made once for all."""


class Asked:
    """The statements of a noun's lists, made once for each filter, order and span that comes.

    Making one takes as long as running it. `matching` makes the statement of a filter, with `OF`
    for the organization; the last ones asked for are kept.
    """

    def __init__(
        self,
        matching: Callable[[Mapping[str, Any] | None], Select[Any]],
        orders: Mapping[str, ColumnElement[Any]],
        key: ColumnElement[Any],
    ) -> None:
        self._matching = matching
        self._orders = orders
        self._key = key
        self._kept: OrderedDict[tuple[str, Order, Span], Select[Any]] = OrderedDict()

    def page(self, where: Mapping[str, Any] | None, order: Order, span: Span) -> Select[Any]:
        """The statement for a page of what a filter lets through."""
        told = repr(where) if where else ""
        place = (told, order, span)
        found = self._kept.get(place)
        if found is None:
            columns = (self._orders[order.name], self._key)
            whole = self._matching(where)
            found = spanned(whole, columns, span, descending=order.descending)
            if len(told) <= _LONGEST_KEPT:
                self._kept[place] = found
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(place)
        return found

    def count(
        self, connection: Connection, organization_id: str, where: Mapping[str, Any] | None
    ) -> int:
        """How many rows a filter lets through."""
        return count(connection, self._matching(where), of=organization_id)
