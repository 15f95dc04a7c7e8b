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
from store.document_tables import transaction_link
from store.engines import among
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


def existing(connection: Connection, organization_id: str, ids: Collection[str]) -> dict[str, Link]:
    """What these transactions are linked to, those that are."""
    columns = transaction_link.c
    statement = select(
        columns.transaction_id,
        columns.contact_id,
        columns.category_id,
        columns.source_id,
        columns.entry_categories,
    ).where(
        columns.organization_id == organization_id,
        among(columns.transaction_id, sorted(ids)),
    )
    return {
        key: Link(contact_id, category_id, source_id, json.loads(categories or "{}"))
        for key, contact_id, category_id, source_id, categories in connection.execute(statement)
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
