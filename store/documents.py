"""Documents, their lines, and what is open of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from ledger.documents import Document, DocumentKind, Line, Phase
from store import contacts, open_items
from store.dialects import among, is_sqlite
from store.document_tables import document, document_counter, document_line, open_item
from store.filters import Field, amount_field
from store.nouns import Listing, Noun
from store.pages import Order, Page, Span
from store.rows import add_rows, insert_rows

DOCUMENTS = Noun(Document, document, apart=("lines", "item"))
_LINES = Noun(Line, document_line)
_LATER = (
    "phase",
    "cancelled_on",
    "cancelling_transaction_id",
    "cancel_reason",
    "viewed_at",
    "delivered_at",
    "delivered_to",
    "delivery_note",
    "updated_at",
    "version",
)
"""The columns of an issued document that change; all others are frozen."""
ORDERS = ("date", "due_on", "created_at", "updated_at")


def existing(
    connection: Connection, organization_id: str, ids: Collection[str], *, lock: bool = False
) -> dict[str, Document]:
    """The documents of an organization that have these ids, held until commit if `lock`."""
    statement = DOCUMENTS.of(organization_id, ids)
    if lock and not is_sqlite(connection):
        statement = statement.with_for_update()
    return {fact.id: fact for fact in gathered(connection, organization_id, statement)}


def gathered(
    connection: Connection, organization_id: str, statement: Select[Any]
) -> list[Document]:
    """The documents that a SELECT of the table finds, whole: three statements in all."""
    rows = connection.execute(statement, {"of": organization_id}).all()
    ids = [row.id for row in rows]
    items = open_items.ITEMS.existing(connection, organization_id, ids) if ids else {}
    lines = _lines_of(connection, organization_id, ids) if ids else {}
    return [
        DOCUMENTS.fact(row, lines=tuple(lines.get(row.id, ())), item=items.get(row.id))
        for row in rows
    ]


def _lines_of(
    connection: Connection, organization_id: str, ids: Collection[str]
) -> dict[str, list[Line]]:
    columns = document_line.c
    statement = (
        select(document_line)
        .where(
            columns.organization_id == organization_id,
            among(columns.document_id, sorted(ids)),
        )
        .order_by(columns.document_id, columns.position)
    )
    found: dict[str, list[Line]] = defaultdict(list)
    for row in connection.execute(statement).all():
        found[row.document_id].append(_LINES.fact(row))
    return found


def with_external_ids(
    connection: Connection,
    organization_id: str,
    external_ids: Collection[str],
    *,
    kinds: Collection[DocumentKind],
) -> dict[str, str]:
    """The ids of the documents of some kinds that have these external ids, by external id."""
    columns = document.c
    statement = select(columns.external_id, columns.id).where(
        columns.organization_id == organization_id,
        among(columns.kind, [kind.value for kind in kinds]),
        among(columns.external_id, sorted(external_ids)),
    )
    return {row[0]: row[1] for row in connection.execute(statement).all()}


def insert_all(connection: Connection, facts: Sequence[Document]) -> None:
    """Put down new documents, with their lines and what is open of them."""
    DOCUMENTS.insert_all(connection, facts)
    insert_rows(connection, document_line, list(_line_rows(facts)))
    open_items.ITEMS.insert_all(connection, [fact.item for fact in facts if fact.item])


def update_all(connection: Connection, pairs: Sequence[tuple[Document, Document]]) -> None:
    """Put down documents as they were and as they are now."""
    drafts = [(b, a) for b, a in pairs if b.phase is Phase.DRAFT]
    if drafts:
        DOCUMENTS.update_all(connection, [after for _, after in drafts])
        _replace_lines(connection, [after for _, after in drafts])
        opened = [after.item for _, after in drafts if after.item]
        open_items.ITEMS.insert_all(connection, opened)
    later = [(b, a) for b, a in pairs if b.phase is not Phase.DRAFT]
    if later:
        rows = [DOCUMENTS.row(after) for _, after in later]
        DOCUMENTS.update_rows(connection, rows, _LATER)
        moved = [after.item for before, after in later if after.item and after.item != before.item]
        open_items.move_all(connection, moved)


def delete_all(connection: Connection, facts: Sequence[Document]) -> None:
    """Delete drafts."""
    _delete_lines(connection, facts)
    DOCUMENTS.delete_all(connection, facts)


def _replace_lines(connection: Connection, facts: Sequence[Document]) -> None:
    _delete_lines(connection, facts)
    insert_rows(connection, document_line, list(_line_rows(facts)))


def _delete_lines(connection: Connection, facts: Sequence[Document]) -> None:
    columns = document_line.c
    statement = delete(document_line).where(
        columns.organization_id == bindparam("of"), columns.document_id == bindparam("whole")
    )
    connection.execute(statement, [{"of": f.organization_id, "whole": f.id} for f in facts])


def _line_rows(facts: Iterable[Document]) -> Iterable[dict[str, Any]]:
    for fact in facts:
        for position, line in enumerate(fact.lines):
            yield _LINES.row(line) | {
                "organization_id": fact.organization_id,
                "document_id": fact.id,
                "position": position,
                "issued": fact.phase is not Phase.DRAFT,
            }


def take_counters(
    connection: Connection, organization_id: str, series: Collection[tuple[str, int]]
) -> dict[tuple[str, int], int]:
    """The last number given out of each series (kind and year), held until commit.

    Nothing is written for a series that has none yet: who is second there finds its number taken.
    """
    columns = document_counter.c
    statement = (
        select(document_counter)
        .where(columns.organization_id == organization_id)
        .order_by(columns.kind, columns.year)
        .with_for_update()
    )
    last = {(row.kind, row.year): row.last_number for row in connection.execute(statement).all()}
    return {key: last.get(key, 0) for key in series}


def advance_counters(connection: Connection, ahead: Mapping[tuple[str, str, int], int]) -> None:
    """Put down the last number given out, by organization, kind and year."""
    columns = document_counter.c
    rows = [
        {"organization_id": of, "kind": kind, "year": year, "last_number": last}
        for (of, kind, year), last in sorted(ahead.items())
    ]
    add_rows(connection, document_counter, [row | {"last_number": 0} for row in rows])
    statement = (
        update(document_counter)
        .where(
            columns.organization_id == bindparam("of_organization_id"),
            columns.kind == bindparam("of_kind"),
            columns.year == bindparam("of_year"),
        )
        .values(last_number=bindparam("of_last_number"))
    )
    connection.execute(
        statement, [{f"of_{name}": value for name, value in row.items()} for row in rows]
    )


def with_numbers(
    connection: Connection,
    organization_id: str,
    kinds: Collection[DocumentKind],
    numbers: Collection[str],
) -> list[tuple[DocumentKind, str, str, str]]:
    """Kind, number, contact and id of documents, none cancelled by a vendor, with these numbers."""
    columns = document.c
    statement = select(columns.kind, columns.number, columns.contact_id, columns.id).where(
        columns.organization_id == organization_id,
        among(columns.kind, [kind.value for kind in kinds]),
        among(columns.number, sorted(numbers)),
        (columns.phase != Phase.CANCELLED.value)
        | among(columns.kind, [DocumentKind.INVOICE.value, DocumentKind.CREDIT_NOTE.value]),
    )
    return [(DocumentKind(kind), *rest) for kind, *rest in connection.execute(statement).all()]


def _of_item(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column of a document's open item."""
    return (
        select(column)
        .where(
            open_item.c.organization_id == document.c.organization_id,
            open_item.c.id == document.c.id,
        )
        .scalar_subquery()
    )


def _shown_status(today: date) -> ColumnElement[str]:
    """The status that is shown on a day: the first that holds, as `ledger.lifecycle` has it."""
    columns = document.c
    open_amount = _of_item(open_item.c.open_amount)
    is_credit = or_(*(columns.kind == k.value for k in DocumentKind if k.is_credit))
    is_sale = columns.kind == DocumentKind.INVOICE.value
    return case(
        (columns.phase != Phase.ISSUED.value, columns.phase),
        (open_amount == 0, case((is_credit, literal("applied")), else_=literal("paid"))),
        (_of_item(open_item.c.next_due) < today, literal("overdue")),
        (open_amount != _of_item(open_item.c.amount), literal("partial")),
        (is_credit, literal("issued")),
        (columns.viewed_at.is_not(None) & is_sale, literal("viewed")),
        else_=case((is_sale, literal("sent")), else_=literal("received")),
    )


def fields(today: date) -> dict[str, Field]:
    """By what documents can be filtered on a day."""
    columns = document.c
    # All of a draft is due; what is left of a credit is shown without its sign.
    amount_due = func.abs(func.coalesce(_of_item(open_item.c.open_amount), columns.total))
    return {
        "id": columns.id,
        "number": columns.number,
        "contact_id": columns.contact_id,
        "date": columns.date,
        "due_date": columns.due_on,
        "next_due_date": _of_item(open_item.c.next_due),
        "status": _shown_status(today),
        "currency": columns.currency,
        "total": amount_field(columns.total, columns.currency),
        "amount_due": amount_field(amount_due, columns.currency),
        "category_id": columns.category_id,
        "corrects_id": columns.corrects_id,
        "order_number": columns.order_number,
        "external_id": columns.external_id,
        "created_at": columns.created_at,
        "updated_at": columns.updated_at,
        "kind": columns.kind,
        "side": case(
            (columns.kind.in_(["invoice", "credit_note"]), literal("receivable")),
            else_=literal("payable"),
        ),
    }


@lru_cache(maxsize=16)
def listing(today: date) -> Listing[Document]:
    """The lists of documents, as they are shown on a day."""
    return Listing(DOCUMENTS, fields(today), ORDERS, gathered)


def of_kinds(where: Mapping[str, Any] | None, kinds: Sequence[DocumentKind]) -> dict[str, Any]:
    """A filter that lets through documents of some kinds alone."""
    kind = {"kind": {"in": [kind.value for kind in kinds]}}
    return kind if not where else {"and": [kind, where]}


def listed(
    connection: Connection,
    organization_id: str,
    where: Mapping[str, Any] | None,
    order: Order,
    span: Span,
    *,
    today: date,
    kinds: Sequence[DocumentKind],
) -> Page[Document]:
    """A page of an organization's documents of some kinds."""
    ask = partial(listing(today).listed, connection, organization_id)
    return ask(of_kinds(where, kinds), order, span)


def counted(
    connection: Connection,
    organization_id: str,
    where: Mapping[str, Any] | None,
    *,
    today: date,
    kinds: Sequence[DocumentKind],
) -> int:
    """How many documents of some kinds a filter lets through."""
    return listing(today).counted(connection, organization_id, of_kinds(where, kinds))


def of_contacts(
    connection: Connection,
    organization_id: str,
    contact_ids: Collection[str],
    kinds: Sequence[DocumentKind],
    limit: int,
) -> dict[str, list[Document]]:
    """The newest `limit` documents of some kinds of each of some contacts."""
    columns = document.c
    found = (columns.organization_id, columns.contact_id, columns.date, columns.id)
    of_kind = among(columns.kind, [kind.value for kind in kinds])
    keys = contacts.latest(connection, organization_id, contact_ids, limit, found, of_kind)
    facts = existing(connection, organization_id, keys).values()
    by_contact: dict[str, list[Document]] = {key: [] for key in contact_ids}
    for fact in sorted(facts, key=lambda fact: (fact.date, fact.id), reverse=True):
        by_contact[fact.contact_id].append(fact)
    return by_contact
