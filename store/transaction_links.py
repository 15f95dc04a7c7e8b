"""What a transaction is linked to: a contact, a category, the document it was posted for.

Most have none of these, so they are rows of their own: what posts fast pays nothing for them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete

from ledger.transactions import Transaction
from store.document_tables import transaction_link
from store.rows import insert_rows


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
