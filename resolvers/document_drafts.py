"""Drafts of documents: what they name, how they are drawn up, changed and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from ledger.categories import Category
from ledger.contacts import Contact
from ledger.document_drafting import (
    DocumentDraft,
    amend_document,
    draft_document,
    redraft_document,
)
from ledger.documents import Document, DocumentKind, Phase
from ledger.errors import LedgerError, Reason
from ledger.events import Change
from ledger.issuing import require_draft
from ledger.items import Item
from ledger.line_drafting import Catalogue, LineDraft
from ledger.taxes import TaxRate
from ledger.transactions import Transaction
from resolvers.books import Books, Command, Decision
from resolvers.naming import external
from resolvers.transactions import deleted, require_version
from resolvers.wants import Wants, number_key, wants

T = TypeVar("T")

ARGUMENTS = {
    DocumentKind.INVOICE: {"date": "invoiceDate", "number": "invoiceNumber"},
    DocumentKind.BILL: {"date": "billDate", "number": "billNumber"},
    DocumentKind.CREDIT_NOTE: {"date": "creditNoteDate", "number": "creditNoteNumber"},
    DocumentKind.VENDOR_CREDIT: {"date": "creditNoteDate", "number": "creditNoteNumber"},
}
"""What operations call the fields of each kind that the ledger has one name for."""


def renamed(names: Mapping[str, str], decide: Callable[..., T], *given: Any, **more: Any) -> T:
    """What `decide` comes to; its refusals name fields as the caller does.

    The entries that come of a document are no field of anybody's.
    """
    try:
        return decide(*given, **more)
    except LedgerError as error:
        whole = error.field or ""
        name = whole.partition("[")[0]
        field = None if name == "entries" else names.get(whole, whole) or None
        raise replace(error, field=field) from None


def update(
    document_id: str, kind: DocumentKind, given: Mapping[str, Any], *, version: int | None
) -> Command:
    """Change a draft; `given` are the fields of it that change."""

    def decide(books: Books) -> Decision:
        before = find(books, document_id, kind)
        require_version(before.version, version)
        require_draft(before, "changed")
        draft = replace(redraft_document(before), **given)
        after = amend_document(before, drawn(books, draft, before.id))
        require_free_number(books, after)
        books.require_free(kind.prefix, after.external_id, after.id)
        return Decision((Change("updated", before, after),), after.id)

    def refers(books: Books) -> Wants:
        before = books.all(Document).get(document_id)
        if before is None:
            return Wants()
        draft = replace(redraft_document(before), **given)
        return named(draft) | referred(books, draft.contact_id, draft.lines)

    asked = partial(renamed, ARGUMENTS[kind], decide)
    return Command(asked, wants=wants([document_id]), then=refers)


def delete(document_id: str, kind: DocumentKind, *, version: int | None) -> Command:
    """Delete a draft."""

    def decide(books: Books) -> Decision:
        before = find(books, document_id, kind)
        require_version(before.version, version)
        require_draft(before, "deleted")
        return deleted(books, before)

    return Command(decide, wants=wants([document_id], attachments=[document_id]))


def find(books: Books, document_id: str, kind: DocumentKind) -> Document:
    """The document that was asked for; one of the other side is not found."""
    fact = books.find(Document, document_id, "id", in_path=True)
    if fact.kind.is_credit is kind.is_credit and fact.id.startswith(kind.prefix):
        return fact
    raise AssertionError(document_id)  # pragma: no cover


def known_transaction(books: Books, transaction_id: str | None) -> Transaction | None:
    """A transaction that was asked for, as earlier commands of the batch have left it."""
    key = transaction_id or ""
    return books.transactions.get(key) or books.all(Transaction).get(key)


def drawn(books: Books, draft: DocumentDraft, document_id: str) -> Document:
    """The document that a caller describes, of what was read for it."""
    contact = books.find(Contact, draft.contact_id, "contactId")
    corrects = None
    if draft.corrects_id is not None:
        corrects = books.find(Document, draft.corrects_id, "documentId")
        require_correctable(draft, corrects)
    catalogue = Catalogue(books.all(Item), books.all(TaxRate), books.all(Category))
    return draft_document(books.occasion, contact, catalogue, draft, document_id, corrects)


def require_correctable(draft: DocumentDraft | Document, corrects: Document) -> None:
    """Raise `not_applicable` unless a credit note may be against the document.

    It must be issued, and of the credit note's own side and contact.
    """
    is_its_own = corrects.contact_id == draft.contact_id and not corrects.kind.is_credit
    if is_its_own and corrects.kind.side is draft.kind.side and corrects.phase is Phase.ISSUED:
        return
    raise LedgerError(
        Reason.NOT_APPLICABLE,
        f"A {draft.kind.value.replace('_', ' ')} for contact {draft.contact_id} cannot be against "
        f"{corrects.id}, which is for contact {corrects.contact_id}, of kind "
        f"{corrects.kind.value.replace('_', ' ')}, and {corrects.phase.value}.",
        "Name an issued document of the same contact, or none.",
        {"document_id": corrects.id},
        "documentId",
    )


def require_free_number(books: Books, document: Document) -> None:
    """Raise `duplicate` when another document has the number."""
    if document.number is None:
        return
    key = number_key(document.kind, document.contact_id, document.number)
    holder = books.found.taken.get(key)
    if holder in {None, document.id}:
        return
    raise LedgerError(
        Reason.DUPLICATE,
        f"The number {document.number!r} is already that of {holder}.",
        "Check whether it was entered before; a vendor gives each number once.",
        {"number": document.number, "existing_id": holder},
        "number",
    )


def named(draft: DocumentDraft) -> Wants:
    """What a draft names itself."""
    lines = draft.lines
    keys = [draft.contact_id, draft.category_id, draft.corrects_id]
    for line in lines:
        keys += [line.item_id, line.tax_rate_id, line.category_id]
    return wants(
        keys,
        numbers=[draft.number] if draft.number else (),
        external_ids=external(draft.kind.prefix, {"external_id": draft.external_id}),
    )


def referred(books: Books, contact_id: str, lines: Any) -> Wants:
    """What its contact and items name."""
    contact = books.all(Contact).get(contact_id)
    keys = [] if contact is None else [contact.tax_rate_id]
    items = books.all(Item)
    for line in lines:
        if isinstance(line, LineDraft) and line.item_id in items:
            item = items[line.item_id]
            keys += [item.tax_rate_id, item.category_id]
    return wants(keys)
