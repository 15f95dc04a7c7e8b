"""What a transaction is linked to: a contact, a category, the document it was posted for.

Most have none of these, so they are rows of their own: what posts fast pays nothing for them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select

from ledger.transactions import Transaction
from store.dialects import among
from store.document_tables import transaction_link
from store.rows import insert_rows


@dataclass(frozen=True, slots=True)
class Link:
    """The row of one transaction; `entry_categories` by the position of the entry."""

    contact_id: str | None
    category_id: str | None
    source_id: str | None
    entry_categories: dict[str, str]

    def told(self, fact: Transaction) -> Transaction:
        """The transaction with what it is linked to."""
        entries = fact.entries
        if self.entry_categories:
            entries = tuple(
                replace(entry, category_id=self.entry_categories.get(str(position)))
                for position, entry in enumerate(entries)
            )
        return replace(
            fact,
            entries=entries,
            contact_id=self.contact_id,
            category_id=self.category_id,
            source_id=self.source_id,
        )


_COLUMNS = transaction_link.c
_EXISTING = select(
    _COLUMNS.transaction_id,
    _COLUMNS.contact_id,
    _COLUMNS.category_id,
    _COLUMNS.source_id,
    _COLUMNS.entry_categories,
).where(_COLUMNS.organization_id == bindparam("of"), among(_COLUMNS.transaction_id, "ids"))


def existing(connection: Connection, organization_id: str, ids: Collection[str]) -> dict[str, Link]:
    """What these transactions are linked to, those that are."""
    rows = connection.execute(_EXISTING, {"of": organization_id, "ids": sorted(ids)}).all()
    return {
        key: Link(contact_id, category_id, source_id, json.loads(categories or "{}"))
        for key, contact_id, category_id, source_id, categories in rows
    }


def insert_all(connection: Connection, facts: Sequence[Transaction]) -> None:
    """Put down what new transactions are linked to."""
    insert_rows(connection, transaction_link, [_row(fact) for fact in facts if _is_linked(fact)])


def replace_all(connection: Connection, facts: Sequence[Transaction]) -> None:
    """Put down what transactions are linked to now; they were not posted before."""
    delete_all(connection, facts)
    insert_all(connection, facts)


def delete_all(connection: Connection, facts: Sequence[Transaction]) -> None:
    """Forget what transactions, never posted, were linked to."""
    columns = transaction_link.c
    statement = delete(transaction_link).where(
        columns.organization_id == bindparam("of"), columns.transaction_id == bindparam("whole")
    )
    connection.execute(statement, [{"of": f.organization_id, "whole": f.id} for f in facts])


def _is_linked(fact: Transaction) -> bool:
    ids = (fact.contact_id, fact.category_id, fact.source_id)
    return any(ids) or any(entry.category_id for entry in fact.entries)


def _row(fact: Transaction) -> dict[str, Any]:
    categories = {
        str(position): entry.category_id
        for position, entry in enumerate(fact.entries)
        if entry.category_id is not None
    }
    return {
        "organization_id": fact.organization_id,
        "transaction_id": fact.id,
        "contact_id": fact.contact_id,
        "category_id": fact.category_id,
        "source_id": fact.source_id,
        "entry_categories": json.dumps(categories) if categories else None,
        "date": fact.date,
        "posted": fact.is_posted,
    }
