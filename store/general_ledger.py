"""The general ledger: the posted entries of an account, in their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
)

from ledger.transactions import Entry
from store.dialects import among
from store.journal import nearest
from store.pages import Page, Span
from store.tables import entry, transaction
from store.transactions import entry_fact

Dates = tuple[date | None, date | None]
"""The first and the last day, each None when the ledger is open to that side."""

Place = tuple[date, str, int]
"""Where an entry stands in its account: by date, transaction and position."""


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry in an account's general ledger, and where it stands."""

    transaction_id: str
    position: int
    date: date
    created_at: datetime
    entry: Entry

    @property
    def place(self) -> Place:
        """Its place in the order of the account."""
        return self.date, self.transaction_id, self.position


_PLACE = (entry.c.date, entry.c.transaction_id, entry.c.position)


def ledger_page(
    connection: Connection,
    organization_id: str,
    account_id: str,
    dates: Dates,
    span: Span,
    after: Place | None = None,
    before: Place | None = None,
) -> Page[Posted]:
    """A page of an account's posted entries by date, transaction and position."""
    statement = _entries(organization_id).where(entry.c.account_id == account_id, *_within(dates))
    key = tuple_(*_PLACE)
    if after is not None:
        statement = statement.where(key > _place(after))
    if before is not None:
        statement = statement.where(key < _place(before))
    ordered = statement.order_by(*(c.desc() if span.backward else c for c in _PLACE))
    rows = connection.execute(ordered.limit(span.limit + 1)).all()
    page = _page(rows, span)
    if span.backward:
        return replace(page, has_next=before is not None)
    return replace(page, has_previous=after is not None)


def ledger_pages(
    connection: Connection,
    organization_id: str,
    account_ids: Collection[str],
    dates: Dates,
    span: Span,
) -> dict[str, Page[Posted]]:
    """The first page, or the last, of each of some accounts: two statements for all of them."""
    conditions = (entry.c.posted, *_within(dates))
    wanted = nearest(
        connection,
        organization_id,
        account_ids,
        span.limit + 1,
        *conditions,
        descending=span.backward,
    )
    every = sorted({key for keys in wanted.values() for key in keys})
    statement = _entries(organization_id).where(among(entry.c.transaction_id, every))
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(statement).all():
        if row.transaction_id in wanted.get(row.account_id, ()):
            found[row.account_id].append(row)
    return {
        account_id: _page(sorted(found[account_id], key=_order, reverse=span.backward), span)
        for account_id in account_ids
    }


def _order(row: Row[Any]) -> Place:
    return row.date, row.transaction_id, row.position


def _page(rows: Sequence[Row[Any]], span: Span) -> Page[Posted]:
    """Rows counted from an end of a ledger, one more than wanted if there is one."""
    more = len(rows) > span.limit
    items = [
        Posted(row.transaction_id, row.position, row.date, row.created_at, entry_fact(row))
        for row in rows[: span.limit]
    ]
    return Page(items[::-1], False, more) if span.backward else Page(items, more, False)


def ledger_counts(
    connection: Connection, organization_id: str, account_ids: Collection[str], dates: Dates
) -> dict[str, int]:
    """How many posted entries accounts have between two dates; those with none are left out."""
    statement = (
        select(entry.c.account_id, func.count().label("number"))
        .where(
            entry.c.organization_id == organization_id,
            among(entry.c.account_id, sorted(account_ids)),
            entry.c.posted,
            *_within(dates),
        )
        .group_by(entry.c.account_id)
    )
    return {row.account_id: row.number for row in connection.execute(statement).all()}


def net_on_day_before(
    connection: Connection, organization_id: str, account_id: str, place: Place
) -> int:
    """The base net, debit-positive, of a day's posted entries that come before one of them."""
    day, transaction_id, position = place
    signed = case((entry.c.entry_type == "debit", entry.c.base_amount), else_=-entry.c.base_amount)
    statement = select(func.coalesce(func.sum(signed), 0)).where(
        entry.c.organization_id == organization_id,
        entry.c.account_id == account_id,
        entry.c.date == day,
        entry.c.posted,
        or_(
            entry.c.transaction_id < transaction_id,
            and_(entry.c.transaction_id == transaction_id, entry.c.position < position),
        ),
    )
    return int(connection.scalar(statement) or 0)


def _entries(organization_id: str) -> Select[Any]:
    """Entries of posted transactions, with the time when each was entered."""
    of_entry = and_(
        transaction.c.organization_id == entry.c.organization_id,
        transaction.c.id == entry.c.transaction_id,
    )
    return (
        select(entry, transaction.c.created_at)
        .join(transaction, of_entry)
        .where(entry.c.organization_id == organization_id, entry.c.posted)
    )


def _within(dates: Dates) -> list[ColumnElement[bool]]:
    since, through = dates
    conditions = [] if since is None else [entry.c.date >= since]
    return conditions if through is None else [*conditions, entry.c.date <= through]


def _place(place: Place) -> Any:
    return tuple_(
        *(literal(value, column.type) for value, column in zip(place, _PLACE, strict=True))
    )
