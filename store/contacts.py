"""Contacts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, cast, false, func, or_, select

from ledger.contacts import Contact
from store.dialects import among, holds
from store.document_tables import (
    attachment,
    contact,
    document,
    open_item,
    payment,
    transaction_link,
)
from store.filters import Field
from store.nouns import Listing, Noun, referred

Columns = tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]
CONTACTS = Noun(Contact, contact)


def _plays(how: str, value: Any) -> ColumnElement[bool]:
    """Contacts that play a part, the main one or another."""
    parts = value if isinstance(value, list) else [value]
    plays = or_(false(), *(holds(contact.c.types, f'"{part}"') for part in parts))
    return ~plays if how in {"ne", "not_in"} else plays


FIELDS: dict[str, Field] = {
    "id": contact.c.id,
    "name": contact.c.name,
    "contact_type": _plays,
    "email": contact.c.email,
    "phone": contact.c.phone,
    "tax_id": contact.c.tax_number,
    "reference": contact.c.reference,
    "currency": contact.c.currency,
    "is_active": contact.c.is_active,
    "external_id": contact.c.external_id,
    "created_at": contact.c.created_at,
    "updated_at": contact.c.updated_at,
}
LISTING = Listing(CONTACTS, FIELDS, ("name", "created_at", "updated_at"))
_REFERENCES = (
    transaction_link.c.contact_id,
    document.c.contact_id,
    payment.c.contact_id,
    open_item.c.contact_id,
    attachment.c.subject_id,
)


def with_history(connection: Connection, organization_id: str, ids: Collection[str]) -> set[str]:
    """Which of these contacts stand in a transaction, a document, a payment or an attachment."""
    return referred(connection, organization_id, ids, _REFERENCES)


def latest(
    connection: Connection,
    organization_id: str,
    contact_ids: Collection[str],
    limit: int,
    found: Columns,
    *conditions: ColumnElement[bool],
) -> list[str]:
    """The ids of the newest `limit` rows of each of some contacts, in one statement.

    `found` are the columns of their table: organization, contact, date and id.
    """
    organization, of_contact, day, key = found
    end = (
        select(key)
        .where(organization == contact.c.organization_id, of_contact == contact.c.id, *conditions)
        .order_by(day.desc(), key.desc())
        .limit(limit)
        .correlate(contact)
        .subquery()
    )
    ids = select(func.aggregate_strings(end.c[0], " ")).scalar_subquery()
    statement = select(ids).where(
        contact.c.organization_id == organization_id, among(contact.c.id, sorted(contact_ids))
    )
    return sorted({key for text in connection.scalars(statement) for key in (text or "").split()})


def outstanding(
    connection: Connection, organization_id: str, contact_ids: Collection[str]
) -> dict[tuple[str, str], int]:
    """What is open of some contacts, in base currency, by contact and side."""
    columns = open_item.c
    statement = (
        select(columns.contact_id, columns.side, cast(func.sum(columns.open_base), BigInteger))
        .where(
            columns.organization_id == organization_id,
            among(columns.contact_id, sorted(contact_ids)),
        )
        .group_by(columns.contact_id, columns.side)
    )
    return {(key, side): total for key, side, total in connection.execute(statement).all()}
