"""What the reports of the sub-ledgers read beside open items and tax entries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    cast,
    func,
    or_,
    select,
)

from ledger import ids as identifiers
from ledger.contact_statement import Label, MovementKind
from ledger.documents import DocumentKind
from ledger.open_items import OpenItem, Side
from ledger.paying import settles
from ledger.payments import Direction
from ledger.sales import DocumentFigures
from store.dialects import among
from store.document_tables import document, document_line, open_item, payment, transaction_link
from store.open_items import ITEMS
from store.tables import account, entry, transaction


def control_account(connection: Connection, organization_id: str, side: Side) -> str:
    """The id of the control account of a side, which every organization has."""
    columns = account.c
    statement = select(columns.id).where(
        columns.organization_id == organization_id, columns.role == side.role.value
    )
    found: str = connection.scalars(statement).one()
    return found


def entries_by_contact(
    connection: Connection,
    organization_id: str,
    account_id: str,
    day: date,
    contact_ids: Collection[str] | None = None,
) -> dict[str, int]:
    """What the posted entries of an account with each contact came to at the end of a day.

    Debit-positive, in base currency. It reads the entries one by one, which takes its time.
    """
    link, line = transaction_link.c, entry.c
    signed = case((line.entry_type == "debit", line.base_amount), else_=-line.base_amount)
    of_transaction = and_(
        line.organization_id == link.organization_id,
        line.transaction_id == link.transaction_id,
        line.account_id == account_id,
        line.posted,
    )
    statement = (
        select(link.contact_id, cast(func.sum(signed), BigInteger))
        .join_from(transaction_link, entry, of_transaction)
        .where(
            link.organization_id == organization_id,
            link.contact_id.is_not(None),
            link.date <= day,
        )
        .group_by(link.contact_id)
    )
    if contact_ids is not None:
        statement = statement.where(among(link.contact_id, sorted(contact_ids)))
    return {row[0]: row[1] for row in connection.execute(statement).all()}


def moving(
    connection: Connection,
    organization_id: str,
    contact_ids: Collection[str],
    begin: date,
    end: date,
) -> list[OpenItem]:
    """The open items of some contacts that stood, came, moved or went between two days.

    What was settled before and has not been touched since is left out: it adds nothing.
    """
    columns = open_item.c
    statement = select(open_item).where(
        columns.organization_id == organization_id,
        among(columns.contact_id, sorted(contact_ids)),
        columns.date <= end,
        or_(columns.open_amount != 0, columns.touched_on >= begin),
    )
    return [ITEMS.fact(row) for row in connection.execute(statement).all()]


def labels(connection: Connection, organization_id: str, ids: Collection[str]) -> dict[str, Label]:
    """What open items are called, by id: a statement for each of the three kinds there are."""
    found: dict[str, Label] = {}
    paid = [key for key in ids if key.startswith("pay_")]
    places = {key: place for key in ids if (place := identifiers.entry_place(key))}
    issued = sorted(set(ids).difference(paid, places))
    if issued:
        rows = connection.execute(_of_documents(organization_id, issued))
        found |= {key: Label(MovementKind(kind), *rest) for key, kind, *rest in rows}
    if paid:
        rows = connection.execute(_of_payments(organization_id, sorted(paid)))
        found |= {
            key: Label(_movement(Side(side), Direction(direction)), *rest)
            for key, side, direction, *rest in rows
        }
    if places:
        statement = _of_entries(organization_id, sorted({of for of, _ in places.values()}))
        told = {(of, place): rest for of, place, *rest in connection.execute(statement).all()}
        found |= {
            key: Label(MovementKind.ENTRY, *told[place])
            for key, place in places.items()
            if place in told
        }
    return found


def _movement(side: Side, direction: Direction) -> MovementKind:
    return MovementKind.PAYMENT if settles(side, direction) else MovementKind.REFUND


def _of_documents(organization_id: str, ids: Sequence[str]) -> Select[Any]:
    """Documents are about what their first line says."""
    columns, line = document.c, document_line.c
    first_line = and_(
        line.organization_id == columns.organization_id,
        line.document_id == columns.id,
        line.position == 0,
    )
    return (
        select(columns.id, columns.kind, columns.number, line.description)
        .join_from(document, document_line, first_line, isouter=True)
        .where(columns.organization_id == organization_id, among(columns.id, ids))
    )


def _of_payments(organization_id: str, ids: Sequence[str]) -> Select[Any]:
    columns = payment.c
    return select(
        columns.id, columns.side, columns.direction, columns.reference, columns.notes
    ).where(columns.organization_id == organization_id, among(columns.id, ids))


def _of_entries(organization_id: str, transaction_ids: Sequence[str]) -> Select[Any]:
    columns, line = transaction.c, entry.c
    of_transaction = and_(
        line.organization_id == columns.organization_id, line.transaction_id == columns.id
    )
    reference: ColumnElement[str | None] = func.coalesce(line.reference, columns.reference)
    description = func.coalesce(line.description, columns.description)
    return (
        select(columns.id, line.position, reference, description)
        .join_from(transaction, entry, of_transaction)
        .where(columns.organization_id == organization_id, among(columns.id, transaction_ids))
    )


def sales_figures(
    connection: Connection, organization_id: str, begin: date, end: date
) -> list[DocumentFigures]:
    """The documents of all kinds that were posted or cancelled between two days."""
    columns = document.c
    names = ("contact_id", "kind", "base_subtotal", "posted_on", "cancelled_on", "is_opening")
    statement = select(*(columns[name] for name in names)).where(
        columns.organization_id == organization_id,
        or_(columns.posted_on.between(begin, end), columns.cancelled_on.between(begin, end)),
    )
    return [
        DocumentFigures(contact_id, DocumentKind(kind), *rest)
        for contact_id, kind, *rest in connection.execute(statement).all()
    ]
