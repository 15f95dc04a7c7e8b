"""Reading the journal: lists of transactions, and the entries of an account in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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

from ledger.transactions import Entry, Transaction
from store.engines import among
from store.filters import Field, amount_field, compare, condition
from store.pages import Order, Page, Span, count, page
from store.tables import entry, reversal, transaction
from store.transactions import entry_fact, gathered

_reversed = (
    select(1)
    .where(
        reversal.c.organization_id == transaction.c.organization_id,
        reversal.c.original_id == transaction.c.id,
    )
    .exists()
)


def _with_entry_on(how: str, value: Any) -> ColumnElement[bool]:
    """Transactions with an entry on the account, or one of the accounts; or with none on them."""
    without = {"ne": "eq", "not_in": "in"}
    entries = select(entry.c.transaction_id).where(
        entry.c.organization_id == transaction.c.organization_id,
        entry.c.transaction_id == transaction.c.id,
        compare(entry.c.account_id, without.get(how, how), value),
    )
    return ~entries.exists() if how in without else entries.exists()


FIELDS: dict[str, Field] = {
    "id": transaction.c.id,
    "date": transaction.c.date,
    "description": transaction.c.description,
    "reference": transaction.c.reference,
    "status": case((_reversed, literal("reversed")), else_=transaction.c.status),
    "kind": transaction.c.kind,
    "currency": transaction.c.currency,
    "amount": amount_field(transaction.c.amount, transaction.c.currency),
    "payment_method": transaction.c.payment_method,
    "account_id": _with_entry_on,
    "journal_number": transaction.c.journal_number,
    "fiscal_year": transaction.c.fiscal_year,
    "external_id": transaction.c.external_id,
    "created_at": transaction.c.created_at,
    "updated_at": transaction.c.updated_at,
}
ORDERS = {
    "date": transaction.c.date,
    "created_at": transaction.c.created_at,
    "updated_at": transaction.c.updated_at,
}


def listed(
    connection: Connection,
    organization_id: str,
    where: Mapping[str, Any] | None,
    order: Order,
    span: Span,
    *,
    entries: bool = True,
) -> Page[Transaction]:
    """A page of an organization's transactions; without their entries unless they are wanted."""

    def gather(connection: Connection, statement: Select[Any]) -> list[Transaction]:
        return gathered(connection, organization_id, statement, entries)

    columns = (ORDERS[order.name], transaction.c.id)
    statement = _matching(organization_id, where)
    return page(connection, statement, columns, span, gather, descending=order.descending)


def counted(connection: Connection, organization_id: str, where: Mapping[str, Any] | None) -> int:
    """How many transactions a filter lets through."""
    return count(connection, _matching(organization_id, where))


def latest_of_accounts(
    connection: Connection, organization_id: str, account_ids: Collection[str], limit: int
) -> dict[str, list[Transaction]]:
    """The newest `limit` transactions with an entry on each of some accounts."""
    newest = (
        select(
            entry.c.account_id,
            entry.c.transaction_id,
            entry.c.date,
            func.dense_rank()
            .over(
                partition_by=entry.c.account_id,
                order_by=(entry.c.date.desc(), entry.c.transaction_id.desc()),
            )
            .label("place"),
        )
        .where(
            entry.c.organization_id == organization_id,
            among(entry.c.account_id, sorted(account_ids)),
        )
        .subquery()
    )
    rows = connection.execute(
        select(newest.c.account_id, newest.c.transaction_id)
        .where(newest.c.place <= limit)
        .distinct()
        .order_by(newest.c.account_id, newest.c.date.desc(), newest.c.transaction_id.desc())
        .add_columns(newest.c.date)
    ).all()
    wanted = {row.transaction_id for row in rows}
    statement = select(transaction).where(
        transaction.c.organization_id == organization_id, among(transaction.c.id, sorted(wanted))
    )
    facts = {fact.id: fact for fact in gathered(connection, organization_id, statement)}
    found: dict[str, list[Transaction]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(facts[row.transaction_id])
    return found


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
    dates: tuple[date | None, date | None],
    span: Span,
    after: Place | None = None,
    before: Place | None = None,
) -> Page[Posted]:
    """A page of an account's posted entries by date, transaction and position."""
    statement = _posted(organization_id, [account_id], dates)
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
    dates: tuple[date | None, date | None],
    span: Span,
) -> dict[str, Page[Posted]]:
    """The first page, or the last, of each of some accounts; one statement for all of them."""
    if len(account_ids) == 1:  # a page then costs what it shows, however long the ledger is
        (account_id,) = account_ids
        return {account_id: ledger_page(connection, organization_id, account_id, dates, span)}
    ranked = _posted(organization_id, account_ids, dates).add_columns(
        func.row_number()
        .over(
            partition_by=entry.c.account_id,
            order_by=[c.desc() if span.backward else c.asc() for c in _PLACE],
        )
        .label("rank")
    )
    rows = ranked.subquery()
    statement = select(rows).where(rows.c.rank <= span.limit + 1).order_by(rows.c.rank)
    found: dict[str, list[Row[Any]]] = {account_id: [] for account_id in account_ids}
    for row in connection.execute(statement):
        found[row.account_id].append(row)
    return {account_id: _page(each, span) for account_id, each in found.items()}


def _page(rows: Sequence[Row[Any]], span: Span) -> Page[Posted]:
    """Rows counted from an end of a ledger, one more than wanted if there is one."""
    more = len(rows) > span.limit
    items = [
        Posted(row.transaction_id, row.position, row.date, row.created_at, entry_fact(row))
        for row in rows[: span.limit]
    ]
    return Page(items[::-1], False, more) if span.backward else Page(items, more, False)


def ledger_counts(
    connection: Connection,
    organization_id: str,
    account_ids: Collection[str],
    dates: tuple[date | None, date | None],
) -> dict[str, int]:
    """How many posted entries accounts have between two dates; those with none are left out."""
    posted = _posted(organization_id, account_ids, dates).subquery()
    counted = func.count().label("number")
    statement = select(posted.c.account_id, counted).group_by(posted.c.account_id)
    return {row.account_id: row.number for row in connection.execute(statement)}


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


def _posted(
    organization_id: str, account_ids: Collection[str], dates: tuple[date | None, date | None]
) -> Select[Any]:
    since, through = dates
    statement = (
        select(entry, transaction.c.created_at)
        .join(
            transaction,
            and_(
                transaction.c.organization_id == entry.c.organization_id,
                transaction.c.id == entry.c.transaction_id,
            ),
        )
        .where(
            entry.c.organization_id == organization_id,
            _is_one_of(entry.c.account_id, account_ids),
            entry.c.posted,
        )
    )
    if since is not None:
        statement = statement.where(entry.c.date >= since)
    if through is not None:
        statement = statement.where(entry.c.date <= through)
    return statement


def _is_one_of(column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
    """Whether a column holds one of some values; a single one keeps the order of its index."""
    if len(values) > 1:
        return among(column, sorted(values))
    (value,) = values
    return column == value


def _place(place: Place) -> Any:
    return tuple_(
        *(literal(value, column.type) for value, column in zip(place, _PLACE, strict=True))
    )


def _matching(organization_id: str, where: Mapping[str, Any] | None) -> Select[Any]:
    return select(transaction).where(
        transaction.c.organization_id == organization_id, condition(FIELDS, where)
    )
