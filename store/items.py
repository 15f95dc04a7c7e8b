"""Items."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from ledger.items import Item
from store.document_tables import attachment, document_line, item
from store.filters import Field
from store.nouns import Listing, Noun, referred

ITEMS = Noun(Item, item)

FIELDS: dict[str, Field] = {
    "id": item.c.id,
    "name": item.c.name,
    "item_type": item.c.type,
    "sku": item.c.sku,
    "description": item.c.description,
    "category_id": item.c.category_id,
    "currency": item.c.currency,
    "is_active": item.c.is_active,
    "external_id": item.c.external_id,
    "created_at": item.c.created_at,
    "updated_at": item.c.updated_at,
}
LISTING = Listing(ITEMS, FIELDS, ("name", "created_at", "updated_at"))
_REFERENCES = (
    document_line.c.item_id,
    attachment.c.subject_id,
)


def used(connection: Connection, organization_id: str, ids: Collection[str]) -> set[str]:
    """Which of these something else refers to."""
    return referred(connection, organization_id, ids, _REFERENCES)
