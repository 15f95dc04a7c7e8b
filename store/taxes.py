"""Tax rates."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, select

from ledger.taxes import TaxRate
from store.dialects import among
from store.document_tables import contact, document_line, item, tax_entry, tax_rate
from store.filters import Field
from store.nouns import Listing, Noun, referred

TAX_RATES = Noun(TaxRate, tax_rate)

FIELDS: dict[str, Field] = {
    "id": tax_rate.c.id,
    "name": tax_rate.c.name,
    "tax_type": tax_rate.c.type,
    "description": tax_rate.c.description,
    "is_active": tax_rate.c.is_active,
    "external_id": tax_rate.c.external_id,
    "created_at": tax_rate.c.created_at,
    "updated_at": tax_rate.c.updated_at,
}
LISTING = Listing(TAX_RATES, FIELDS, ("name", "created_at", "updated_at"))
_REFERENCES = (
    document_line.c.tax_rate_id,
    tax_entry.c.tax_rate_id,
    item.c.tax_rate_id,
    contact.c.tax_rate_id,
)


def charged(connection: Connection, organization_id: str, ids: Collection[str]) -> set[str]:
    """Which of these an issued document was charged by."""
    columns = (tax_entry.c.tax_rate_id,)
    by_line = select(document_line.c.tax_rate_id).where(
        document_line.c.organization_id == organization_id,
        among(document_line.c.tax_rate_id, sorted(ids)),
        document_line.c.issued,
    )
    found = {key for key in connection.scalars(by_line.distinct()) if key is not None}
    return found | referred(connection, organization_id, ids, columns)


def used(connection: Connection, organization_id: str, ids: Collection[str]) -> set[str]:
    """Which of these something else refers to."""
    return referred(connection, organization_id, ids, _REFERENCES)
