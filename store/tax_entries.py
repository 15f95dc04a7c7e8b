"""Tax entries: what the tax report adds up, put down as documents are issued and cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from ledger.tax_report import TaxEntry
from store.document_tables import tax_entry
from store.nouns import Noun

TAX_ENTRIES = Noun(TaxEntry, tax_entry)


def insert_all(connection: Connection, facts: Sequence[TaxEntry]) -> None:
    """Put down the tax of documents."""
    TAX_ENTRIES.insert_all(connection, facts)


def between(connection: Connection, organization_id: str, begin: date, end: date) -> list[TaxEntry]:
    """The tax entries of a period, both days included."""
    columns = tax_entry.c
    statement = select(tax_entry).where(
        columns.organization_id == organization_id, columns.date >= begin, columns.date <= end
    )
    return [TAX_ENTRIES.fact(row) for row in connection.execute(statement).all()]
