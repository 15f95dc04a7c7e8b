"""Categories."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection

from ledger.categories import Category
from store.document_tables import (
    category,
    category_total,
    document,
    document_line,
    item,
    transaction_link,
)
from store.filters import Field
from store.nouns import Listing, Noun, referred

CATEGORIES = Noun(Category, category)

FIELDS: dict[str, Field] = {
    "id": category.c.id,
    "name": category.c.name,
    "category_type": category.c.type,
    "parent_id": category.c.parent_id,
    "description": category.c.description,
    "is_active": category.c.is_active,
    "external_id": category.c.external_id,
    "created_at": category.c.created_at,
    "updated_at": category.c.updated_at,
}
LISTING = Listing(CATEGORIES, FIELDS, ("name", "created_at", "updated_at"))
_REFERENCES = (
    transaction_link.c.category_id,
    category_total.c.category_id,
    document.c.category_id,
    document_line.c.category_id,
    item.c.category_id,
)


def used(connection: Connection, organization_id: str, ids: Collection[str]) -> set[str]:
    """Which of these something else refers to."""
    return referred(connection, organization_id, ids, _REFERENCES)
