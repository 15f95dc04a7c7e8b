"""Transactions, their entries, and their reversals."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, union_all, update

from ledger.accounts import EntryType
from ledger.transactions import (
    Entry,
    Transaction,
    TransactionKind,
    TransactionStatus,
    TransactionType,
)
from store import transaction_links
from store.dialects import among, is_sqlite
from store.rows import Put, insert_rows, put_together
from store.tables import entry, reversal, transaction

_KEY = {"organization_id", "id"}


def existing(
    connection: Connection,
    organization_id: str,
    ids: Collection[str],
    *,
    lock: bool = False,
) -> dict[str, Transaction]:
    """The transactions of an organization that have these ids, held until commit if `lock`."""
    statement = (
        select(transaction)
        .where(
            transaction.c.organization_id == organization_id,
            among(transaction.c.id, sorted(ids)),
        )
        .order_by(transaction.c.id)
    )
    if lock and not is_sqlite(connection):
        statement = statement.with_for_update()
    return {fact.id: fact for fact in gathered(connection, organization_id, statement)}


def gathered(
    connection: Connection, organization_id: str, statement: Select[Any]
) -> list[Transaction]:
    """The transactions that a SELECT of the table finds, whole: four statements in all."""
    rows = connection.execute(statement, {"of": organization_id}).all()
    ids = [row.id for row in rows]
    links = _links(connection, organization_id, ids) if ids else {}
    lines = entries_of(connection, organization_id, ids) if ids else {}
    known = transaction_links.existing(connection, organization_id, ids) if ids else {}
    facts = [_fact(row, tuple(lines.get(row.id, ())), links) for row in rows]
    return [known[fact.id].told(fact) if fact.id in known else fact for fact in facts]


_ENTRIES = (
    select(entry)
    .where(entry.c.organization_id == bindparam("of"), among(entry.c.transaction_id, "ids"))
    .order_by(entry.c.transaction_id, entry.c.position)
)


def entries_of(
    connection: Connection, organization_id: str, ids: Collection[str]
) -> dict[str, list[Entry]]:
    """The entries of transactions, in their order."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in connection.execute(_ENTRIES, {"of": organization_id, "ids": sorted(ids)}).all():
        found[row.transaction_id].append(entry_fact(row))
    return found


def with_external_ids(
    connection: Connection, organization_id: str, external_ids: Collection[str]
) -> dict[str, str]:
    """The ids of the transactions that have these external ids, by external id."""
    statement = select(transaction.c.external_id, transaction.c.id).where(
        transaction.c.organization_id == organization_id,
        among(transaction.c.external_id, sorted(external_ids)),
    )
    return {row.external_id: row.id for row in connection.execute(statement).all()}


def insert_all(connection: Connection, facts: Sequence[Transaction]) -> None:
    """Put down new transactions with their entries."""
    put_together(
        connection,
        Put(transaction, [_row(fact) for fact in facts]),
        Put(entry, list(_entry_rows(facts))),
    )
    transaction_links.insert_all(connection, facts)


def update_all(connection: Connection, facts: Sequence[Transaction]) -> None:
    """Put down transactions, none of them posted before, as they are now; entries apart."""
    columns = [column.name for column in transaction.c if column.name not in _KEY]
    statement = (
        update(transaction)
        .where(
            transaction.c.organization_id == bindparam("to_organization_id"),
            transaction.c.id == bindparam("to_id"),
        )
        .values({name: bindparam(f"to_{name}") for name in columns})
    )
    rows = [{f"to_{name}": value for name, value in _row(fact).items()} for fact in facts]
    connection.execute(statement, rows)
    transaction_links.replace_all(connection, facts)


def mark_posted(connection: Connection, facts: Sequence[Transaction]) -> None:
    """Seal the entries of transactions that were pending until now."""
    statement = (
        update(entry)
        .where(
            entry.c.organization_id == bindparam("of"),
            entry.c.transaction_id == bindparam("whole"),
        )
        .values(posted=True)
    )
    connection.execute(statement, [{"of": f.organization_id, "whole": f.id} for f in facts])


def replace_entries(connection: Connection, facts: Sequence[Transaction]) -> None:
    """Give unposted transactions new entries."""
    _delete_entries(connection, facts)
    insert_rows(connection, entry, list(_entry_rows(facts)))


def delete_all(connection: Connection, facts: Sequence[Transaction]) -> None:
    """Delete transactions that were never posted."""
    _delete_entries(connection, facts)
    transaction_links.delete_all(connection, facts)
    statement = delete(transaction).where(
        transaction.c.organization_id == bindparam("of"), transaction.c.id == bindparam("gone")
    )
    connection.execute(statement, [{"of": f.organization_id, "gone": f.id} for f in facts])


def insert_reversals(connection: Connection, facts: Sequence[Transaction]) -> None:
    """Link reversals, which the facts are, to their originals."""
    rows = [
        {
            "organization_id": fact.organization_id,
            "original_id": fact.reversal_of,
            "reversal_id": fact.id,
            "reason": fact.reversal_reason,
            "created_at": fact.created_at,
        }
        for fact in facts
    ]
    insert_rows(connection, reversal, rows)


def _delete_entries(connection: Connection, facts: Sequence[Transaction]) -> None:
    statement = delete(entry).where(
        entry.c.organization_id == bindparam("of"), entry.c.transaction_id == bindparam("whole")
    )
    connection.execute(statement, [{"of": f.organization_id, "whole": f.id} for f in facts])


# Each half is led by an index; joined by OR they would look at every reversal there is.
_BACK = reversal.alias("back")
_ORIGINALS = select(_BACK.c.original_id).where(
    _BACK.c.organization_id == bindparam("of"), among(_BACK.c.reversal_id, "ids")
)
_OF = select(reversal).where(reversal.c.organization_id == bindparam("of"))
_LINKS = union_all(
    _OF.where(among(reversal.c.original_id, "ids")),
    _OF.where(reversal.c.original_id.in_(_ORIGINALS)),
)


def _links(
    connection: Connection, organization_id: str, ids: Collection[str]
) -> dict[str, list[Row[Any]]]:
    """The reversal rows in which transactions stand, on either side."""
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(_LINKS, {"of": organization_id, "ids": list(ids)}).all():
        found[row.original_id].append(row)
        found[row.reversal_id].append(row)
    return found


def _row(fact: Transaction) -> dict[str, Any]:
    posted = fact.is_posted
    return {
        "organization_id": fact.organization_id,
        "id": fact.id,
        "date": fact.date,
        "description": fact.description,
        "currency": fact.currency,
        "amount": fact.amount,
        "base_amount": fact.base_amount,
        "status": "posted" if posted else fact.status.value,
        "kind": fact.kind.value,
        "closing": fact.closing,
        "reference": fact.reference,
        "payment_method": fact.payment_method,
        "external_id": fact.external_id,
        "metadata": json.dumps(fact.metadata, ensure_ascii=False) if fact.metadata else "{}",
        "created_by": fact.created_by,
        "fiscal_year": fact.fiscal_year,
        "journal_number": fact.journal_number,
        "posted_at": fact.posted_at,
        "failure_reason": fact.failure_reason,
        "failure_message": fact.failure_message,
        "version": fact.version,
        "created_at": fact.created_at,
        "updated_at": fact.updated_at,
        "type": None if fact.type is None else fact.type.value,
    }


def _entry_rows(facts: Iterable[Transaction]) -> Iterable[dict[str, Any]]:
    for fact in facts:
        posted = fact.is_posted
        for position, line in enumerate(fact.entries):
            rate = line.exchange_rate
            yield {
                "organization_id": fact.organization_id,
                "transaction_id": fact.id,
                "position": position,
                "account_id": line.account_id,
                "date": fact.date,
                "entry_type": line.entry_type.value,
                "amount": line.amount,
                "currency": line.currency,
                "base_amount": line.base_amount,
                "exchange_rate": None if rate is None else format(rate, "f"),
                "description": line.description,
                "reference": line.reference,
                "posted": posted,
            }


def _fact(
    row: Row[Any], entries: tuple[Entry, ...], links: dict[str, list[Row[Any]]]
) -> Transaction:
    reversal_of = reversed_by = reason = None
    for link in links.get(row.id, ()):
        reason = link.reason
        if link.original_id == row.id:
            reversed_by = link.reversal_id
        else:
            reversal_of = link.original_id
    status = TransactionStatus.REVERSED if reversed_by else TransactionStatus(row.status)
    return Transaction(
        organization_id=row.organization_id,
        id=row.id,
        date=row.date,
        description=row.description,
        entries=entries,
        currency=row.currency,
        amount=row.amount,
        base_amount=row.base_amount,
        created_at=row.created_at,
        updated_at=row.updated_at,
        status=status,
        kind=TransactionKind(row.kind),
        closing=row.closing,
        reference=row.reference,
        payment_method=row.payment_method,
        external_id=row.external_id,
        metadata=json.loads(row.metadata),
        created_by=row.created_by,
        fiscal_year=row.fiscal_year,
        journal_number=row.journal_number,
        posted_at=row.posted_at,
        failure_reason=row.failure_reason,
        failure_message=row.failure_message,
        reversal_of=reversal_of,
        reversed_by=reversed_by,
        reversal_reason=reason,
        version=row.version,
        type=None if row.type is None else TransactionType(row.type),
    )


def entry_fact(row: Row[Any]) -> Entry:
    """The entry that a row of the table tells of."""
    return Entry(
        row.account_id,
        EntryType(row.entry_type),
        row.amount,
        row.currency,
        row.base_amount,
        None if row.exchange_rate is None else Decimal(row.exchange_rate),
        row.description,
        row.reference,
    )
