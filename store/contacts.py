"""Contacts."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, false, or_

from ledger.contacts import Contact
from store.document_tables import (
    attachment,
    contact,
    document,
    open_item,
    payment,
    transaction_link,
)
from store.engines import holds
from store.filters import Field
from store.nouns import Listing, Noun, referred

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
