"""Payments, and what of them is not applied."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Select

from ledger.payments import Payment
from store import contacts, open_items
from store.document_tables import payment
from store.filters import Field, amount_field
from store.nouns import Listing, Noun

PAYMENTS = Noun(Payment, payment, apart=("item",))
_LATER = ("voided_on", "voiding_transaction_id", "void_reason", "updated_at", "version")


def existing(
    connection: Connection, organization_id: str, ids: Collection[str]
) -> dict[str, Payment]:
    """The payments of an organization that have these ids."""
    statement = PAYMENTS.of(organization_id, ids)
    return {fact.id: fact for fact in gathered(connection, organization_id, statement)}


def gathered(connection: Connection, organization_id: str, statement: Select[Any]) -> list[Payment]:
    """The payments that a SELECT of the table finds, whole: two statements in all."""
    rows = connection.execute(statement, {"of": organization_id}).all()
    ids = [row.id for row in rows]
    items = open_items.ITEMS.existing(connection, organization_id, ids) if ids else {}
    return [PAYMENTS.fact(row, item=items[row.id]) for row in rows]


def insert_all(connection: Connection, facts: Sequence[Payment]) -> None:
    """Put down new payments and what is open of them."""
    PAYMENTS.insert_all(connection, facts)
    open_items.ITEMS.insert_all(connection, [fact.item for fact in facts])


def update_all(connection: Connection, facts: Sequence[Payment]) -> None:
    """Put down what has happened to payments."""
    PAYMENTS.update_rows(connection, [PAYMENTS.row(fact) for fact in facts], _LATER)
    open_items.move_all(connection, [fact.item for fact in facts])


FIELDS: dict[str, Field] = {
    "id": payment.c.id,
    "contact_id": payment.c.contact_id,
    "date": payment.c.date,
    "direction": payment.c.direction,
    "side": payment.c.side,
    "method": payment.c.method,
    "reference": payment.c.reference,
    "currency": payment.c.currency,
    "amount": amount_field(payment.c.amount, payment.c.currency),
    "account_id": payment.c.account_id,
    "is_voided": payment.c.voided_on.is_not(None),
    "external_id": payment.c.external_id,
    "created_at": payment.c.created_at,
    "updated_at": payment.c.updated_at,
}
LISTING = Listing(PAYMENTS, FIELDS, ("date", "created_at", "updated_at"), gathered)


def of_contacts(
    connection: Connection, organization_id: str, contact_ids: Collection[str], limit: int
) -> dict[str, list[Payment]]:
    """The newest `limit` payments of each of some contacts."""
    columns = payment.c
    found = (columns.organization_id, columns.contact_id, columns.date, columns.id)
    keys = contacts.latest(connection, organization_id, contact_ids, limit, found)
    facts = existing(connection, organization_id, keys).values()
    by_contact: dict[str, list[Payment]] = {key: [] for key in contact_ids}
    for fact in sorted(facts, key=lambda fact: (fact.date, fact.id), reverse=True):
        by_contact[fact.contact_id].append(fact)
    return by_contact
