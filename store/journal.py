"""Reading the journal: lists of transactions, and the entries of an account in order."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    case,
    func,
    literal,
    select,
)

from ledger.transactions import Transaction
from store import contacts
from store.dialects import among
from store.document_tables import transaction_link
from store.filters import Field, amount_field, compare, condition
from store.pages import OF, Asked, Order, Page, Span, cut
from store.tables import account, entry, reversal, transaction
from store.transactions import gathered

_OWN = transaction.c.organization_id == OF
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
        entry.c.date == transaction.c.date,  # which it is: so that an index leads to the one entry
        compare(entry.c.account_id, without.get(how, how), value),
    )
    return ~entries.exists() if how in without else entries.exists()


def _linked(column: ColumnElement[Any]) -> Field:
    """Transactions by what they are linked to; those that are not have none."""

    def compared(how: str, value: Any) -> ColumnElement[bool]:
        without = {"ne": "eq", "not_in": "in"}
        linked = select(1).where(
            transaction_link.c.organization_id == transaction.c.organization_id,
            transaction_link.c.transaction_id == transaction.c.id,
        )
        if how == "is_null":
            linked = linked.where(column.is_not(None))
            return ~linked.exists() if value else linked.exists()
        linked = linked.where(compare(column, without.get(how, how), value))
        return ~linked.exists() if how in without else linked.exists()

    return compared


FIELDS: dict[str, Field] = {
    "id": transaction.c.id,
    "date": transaction.c.date,
    "description": transaction.c.description,
    "reference": transaction.c.reference,
    "status": case((_reversed, literal("reversed")), else_=transaction.c.status),
    "kind": transaction.c.kind,
    "type": transaction.c.type,
    "currency": transaction.c.currency,
    "amount": amount_field(transaction.c.amount, transaction.c.currency),
    "payment_method": transaction.c.payment_method,
    "account_id": _with_entry_on,
    "contact_id": _linked(transaction_link.c.contact_id),
    "category_id": _linked(transaction_link.c.category_id),
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
) -> Page[Transaction]:
    """A page of an organization's transactions, without their entries."""
    statement = _ASKED.page(where, order, span)
    return cut(gathered(connection, organization_id, statement, with_entries=False), span)


def counted(connection: Connection, organization_id: str, where: Mapping[str, Any] | None) -> int:
    """How many transactions a filter lets through."""
    return _ASKED.count(connection, organization_id, where)


def latest_of_accounts(
    connection: Connection, organization_id: str, account_ids: Collection[str], limit: int
) -> dict[str, list[Transaction]]:
    """The newest `limit` transactions with an entry on each of some accounts, without entries."""
    wanted = nearest(connection, organization_id, account_ids, limit, descending=True)
    every = sorted({key for keys in wanted.values() for key in keys})
    statement = select(transaction).where(_OWN, among(transaction.c.id, every))
    facts = gathered(connection, organization_id, statement, with_entries=False)
    facts.sort(key=lambda fact: (fact.date, fact.id), reverse=True)
    return {
        account_id: [fact for fact in facts if fact.id in keys]
        for account_id, keys in wanted.items()
    }


def latest_of_contacts(
    connection: Connection, organization_id: str, contact_ids: Collection[str], limit: int
) -> dict[str, list[Transaction]]:
    """The newest `limit` transactions with each of some contacts, without their entries."""
    columns = transaction_link.c
    found = (columns.organization_id, columns.contact_id, columns.date, columns.transaction_id)
    keys = contacts.latest(connection, organization_id, contact_ids, limit, found)
    statement = select(transaction).where(_OWN, among(transaction.c.id, keys))
    facts = gathered(connection, organization_id, statement, with_entries=False)
    by_contact: dict[str, list[Transaction]] = {key: [] for key in contact_ids}
    for fact in sorted(facts, key=lambda fact: (fact.date, fact.id), reverse=True):
        by_contact[fact.contact_id or ""].append(fact)
    return by_contact


def nearest(
    connection: Connection,
    organization_id: str,
    account_ids: Collection[str],
    limit: int,
    *conditions: ColumnElement[bool],
    descending: bool,
) -> dict[str, set[str]]:
    """The first, or the last, `limit` transactions with an entry on each of some accounts, by id.

    It reads no more of an account than that from an end of its index, however long it is; in
    one statement, since each account's ids come as one text.
    """
    order = (entry.c.date, entry.c.transaction_id)
    end = (
        select(entry.c.transaction_id)
        .where(
            entry.c.organization_id == account.c.organization_id,
            entry.c.account_id == account.c.id,
            *conditions,
        )
        .group_by(*order)
        .order_by(*(column.desc() if descending else column for column in order))
        .limit(limit)
        .correlate(account)
        .subquery()
    )
    ids = select(func.aggregate_strings(end.c.transaction_id, " ")).scalar_subquery()
    statement = select(account.c.id, ids).where(
        account.c.organization_id == organization_id, among(account.c.id, sorted(account_ids))
    )
    return {key: set((found or "").split()) for key, found in connection.execute(statement)}


def _matching(where: Mapping[str, Any] | None) -> Select[Any]:
    return select(transaction).where(_OWN, condition(FIELDS, where))


_ASKED = Asked(_matching, ORDERS, transaction.c.id)
