"""Relay connections: pages of a list that begin after a row, whatever happens to the list.

A cursor holds the keys of its row together with the organization, the filter and the order
of its list, and is refused with any other: it cannot be carried to where it means nothing.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum
from typing import Any

import strawberry

from ledger import texts
from ledger.dates import require_business_date
from ledger.errors import LedgerError, Reason
from schema.context import Reading
from schema.scalars import instant_of
from store.pages import Order, Page, Span

DEFAULT_PAGE = 50
_MOST_PLACES = 62**2
LARGEST_PAGE = 1_000


@strawberry.type
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@dataclass(frozen=True, slots=True)
class Listing:
    """What a cursor is bound to: one list of one organization, as filtered and ordered."""

    organization_id: str
    name: str
    terms: Any

    def cursor(self, *keys: Any) -> str:
        """The cursor of the row with these keys."""
        plain = [key.isoformat() if isinstance(key, date) else key for key in keys]
        text = json.dumps([self._seal(plain), *plain], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def keys(self, cursor: str | None, field: str, *kinds: type) -> Any:
        """The keys that a cursor of this list holds, or None without a cursor."""
        if cursor is None:
            return None
        try:
            padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
            seal, *keys = json.loads(base64.urlsafe_b64decode(padded))
            found = tuple(_key(key, kind) for key, kind in zip(keys, kinds, strict=True))
        except (ValueError, TypeError, binascii.Error, RecursionError, LedgerError):
            raise _bad_cursor("is not one that this service has given out", field) from None
        if seal != self._seal(keys):
            cause = "was changed, or belongs to a list with another filter or order"
            raise _bad_cursor(cause, field)
        return found

    def _seal(self, keys: list[Any]) -> str:
        """A short digest of the list and of a row's keys."""
        text = json.dumps([self.organization_id, self.name, self.terms, keys], default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _key(value: Any, kind: type) -> Any:
    """A key as the database takes it, whoever has written the cursor."""
    if kind is datetime:
        return instant_of(value)
    if kind is date:
        return require_business_date(date.fromisoformat(value))
    if kind is int:
        return range(_MOST_PLACES).index(value)
    if isinstance(value, str):
        return texts.clean(value, "cursor", texts.NAME_LENGTH)
    raise TypeError(kind)


def _bad_cursor(problem: str, field: str) -> LedgerError:
    return LedgerError(
        Reason.INVALID_CURSOR,
        f"The cursor given as {field} {problem}.",
        "Take cursors from the same list, with the same `where` and `orderBy`.",
        field=field,
    )


def span_of(first: int | None, last: int | None) -> Span:
    """How much of a list `first` or `last` ask for."""
    if first is not None and last is not None:
        raise LedgerError(
            Reason.INVALID_VALUE,
            "A page is counted from the front (first) or from the end (last), not both.",
            "Leave out one of them.",
            field="last",
        )
    name, size = ("last", last) if last is not None else ("first", first)
    return Span(checked_limit(size, name, DEFAULT_PAGE), backward=last is not None)


def checked_limit(limit: int | None, field: str = "limit", default: int = LARGEST_PAGE) -> int:
    """A page size from 0 to 1,000."""
    if limit is None:
        return default
    if 0 <= limit <= LARGEST_PAGE:
        return limit
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"{field} is {limit}; from 0 to {LARGEST_PAGE} can be asked for.",
        "Ask for pages, with `after` or `offset`.",
        {"limit": LARGEST_PAGE},
        field,
    )


def checked_offset(offset: int) -> int:
    """An offset from 0."""
    if 0 <= offset <= 2**31:
        return offset
    raise LedgerError(
        Reason.INVALID_VALUE, f"offset is {offset}.", "Begin at 0 or later.", field="offset"
    )


@strawberry.enum
class OrderDirection(Enum):
    """Up or down."""

    ASC = "asc"
    DESC = "desc"


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list that the store has: by what name callers know it, how it is read and counted.

    One that `is_standing` moves with the structure of the organization alone.
    """

    name: str
    listed: Callable[..., Page[Any]]
    counted: Callable[..., int]
    is_standing: bool = False

    async def page(self, reading: Reading, where: Any, order: Order, span: Span) -> Page[Any]:
        """A page of what a filter lets through; filters are too many to keep what they find."""
        ask = reading.standing if self.is_standing and where is None else reading.read
        found: Page[Any] = await ask(self.listed, reading.organization_id, where, order, span)
        return found


@dataclass(frozen=True, slots=True)
class CursorPage:
    """A page, with a cursor for each of its items."""

    items: list[Any]
    cursors: list[str]
    info: PageInfo


async def by_position(
    reading: Reading, source: ListOf, where: Any, order: Order, limit: int | None, offset: int
) -> list[Any]:
    """Items by position; up to 1,000 when no limit is given, with a warning if there are more."""
    span = Span(checked_limit(limit), checked_offset(offset))
    found = await source.page(reading, where, order, span)
    if limit is None and found.has_next:
        total = await reading.read(source.counted, reading.organization_id, where)
        reading.warnings.append(
            {
                "field": source.name,
                "message": f"{len(found.items)} of {total} are shown. Ask for pages with `limit` "
                f"and `offset`, or by `{source.name}Connection`.",
                "shown": len(found.items),
                "total": total,
            }
        )
    return found.items


async def by_cursor(
    reading: Reading,
    source: ListOf,
    where: Any,
    order: Order,
    *,
    first: int | None,
    after: str | None,
    last: int | None,
    before: str | None,
    offset: int = 0,
) -> CursorPage:
    """Items after or before a cursor, each with its own; the first `offset` of them are passed."""
    listing = Listing(reading.organization_id, source.name, [where, order.name, order.descending])
    kinds = (_KINDS.get(order.name, str), str)
    size = span_of(first, last)
    span = replace(
        size,
        offset=checked_offset(offset),
        after=listing.keys(after, "after", *kinds),
        before=listing.keys(before, "before", *kinds),
    )
    found = await source.page(reading, where, order, span)
    cursors = [listing.cursor(getattr(item, order.name), item.id) for item in found.items]
    return CursorPage(found.items, cursors, page_info(found, cursors))


_KINDS: dict[str, type] = {"created_at": datetime, "updated_at": datetime, "date": date}


def page_info(found: Page[Any], cursors: list[str]) -> PageInfo:
    """Where a page stands."""
    return PageInfo(
        has_next_page=found.has_next,
        has_previous_page=found.has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
