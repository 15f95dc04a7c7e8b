"""Transactions, their entries, and their reversals."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    literal_column,
    null,
    select,
    union_all,
    update,
)

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
from store.document_tables import transaction_link
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
    facts = gathered(connection, organization_id, statement, with_entries=True)
    return {fact.id: fact for fact in facts}


def gathered(
    connection: Connection, organization_id: str, statement: Select[Any], *, with_entries: bool
) -> list[Transaction]:
    """The transactions that a SELECT of the table finds: two statements, and one for entries.

    Facts of lists have none: `entries_of` finds them where they are asked for.
    """
    rows = connection.execute(statement, {"of": organization_id}).all()
    ids = [row.id for row in rows]
    links = _links(connection, organization_id, ids) if ids else {}
    lines = entries_of(connection, organization_id, ids) if ids and with_entries else {}
    return [_fact(row, tuple(lines.get(row.id, ())), links.get(row.id, {})) for row in rows]


# Each part is led by an index; joined to the transactions, a plan that was made while these tables
# were empty would look through all of them for each transaction.
_LINKS = union_all(
    select(
        literal_column("'undone'").label("link"),
        reversal.c.original_id.label("id"),
        reversal.c.reversal_id.label("other_id"),
        reversal.c.reason,
        *(null().label(name) for name in ("contact_id", "category_id", "source_id")),
    ).where(reversal.c.organization_id == bindparam("of"), among(reversal.c.original_id, "ids")),
    select(
        literal_column("'undoes'"),
        reversal.c.reversal_id,
        reversal.c.original_id,
        reversal.c.reason,
        *(null() for _ in range(3)),
    ).where(reversal.c.organization_id == bindparam("of"), among(reversal.c.reversal_id, "ids")),
    select(
        literal_column("'linked'"),
        transaction_link.c.transaction_id,
        *(null() for _ in range(2)),
        transaction_link.c.contact_id,
        transaction_link.c.category_id,
        transaction_link.c.source_id,
    ).where(
        transaction_link.c.organization_id == bindparam("of"),
        among(transaction_link.c.transaction_id, "ids"),
    ),
)


def _links(
    connection: Connection, organization_id: str, ids: Collection[str]
) -> dict[str, dict[str, Any]]:
    """What transactions are linked to, by the names that their facts have for it."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    given = {"of": organization_id, "ids": sorted(ids)}
    for link, key, other_id, reason, *linked in connection.execute(_LINKS, given).all():
        if link == "linked":
            found[key] |= zip(("contact_id", "category_id", "source_id"), linked, strict=True)
        else:
            side = "reversed_by" if link == "undone" else "reversal_of"
            found[key] |= {side: other_id, "reversal_reason": reason}
    return found


_ENTRIES = (
    select(entry, transaction_link.c.entry_categories)
    .select_from(
        entry.outerjoin(
            transaction_link,
            (transaction_link.c.organization_id == entry.c.organization_id)
            & (transaction_link.c.transaction_id == entry.c.transaction_id),
        )
    )
    .where(entry.c.organization_id == bindparam("of"), among(entry.c.transaction_id, "ids"))
    .order_by(entry.c.transaction_id, entry.c.position)
)


def entries_of(
    connection: Connection, organization_id: str, ids: Collection[str]
) -> dict[str, list[Entry]]:
    """The entries of transactions, in their order."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in connection.execute(_ENTRIES, {"of": organization_id, "ids": sorted(ids)}).all():
        categories = row.entry_categories
        category_id = json.loads(categories).get(str(row.position)) if categories else None
        found[row.transaction_id].append(entry_fact(row, category_id))
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


_KINDS = {kind.value: kind for kind in TransactionKind}
_STATUSES = {status.value: status for status in TransactionStatus}
_TYPES: dict[str | None, TransactionType | None] = {
    None: None,
    **{kind.value: kind for kind in TransactionType},
}
_SIDES = {side.value: side for side in EntryType}


def _fact(row: Row[Any], entries: tuple[Entry, ...], links: Mapping[str, Any]) -> Transaction:
    """The transaction that a row of the table, its columns in their order, tells of."""
    values: Any = row
    of, id_, day, description, currency, amount, base_amount, status, kind, *more = values
    closing, reference, payment_method, external_id, metadata, created_by, *rest = more
    fiscal_year, journal_number, posted_at, failure_reason, failure_message, *last = rest
    version, created_at, updated_at, called = last
    return Transaction(
        of,
        id_,
        day,
        description,
        entries,
        currency,
        amount,
        base_amount,
        created_at,
        updated_at,
        TransactionStatus.REVERSED if "reversed_by" in links else _STATUSES[status],
        _KINDS[kind],
        closing,
        reference,
        payment_method,
        external_id,
        {} if metadata == "{}" else json.loads(metadata),
        created_by,
        fiscal_year,
        journal_number,
        posted_at,
        failure_reason,
        failure_message,
        version=version,
        type=_TYPES[called],
        **links,
    )


def entry_fact(row: Row[Any], category_id: str | None = None) -> Entry:
    """The entry that a row of the table tells of."""
    return Entry(
        row.account_id,
        _SIDES[row.entry_type],
        row.amount,
        row.currency,
        row.base_amount,
        None if row.exchange_rate is None else Decimal(row.exchange_rate),
        row.description,
        row.reference,
        category_id,
    )
