"""Viewing: an invoice is marked when whom it was sent to first opens its link."""

from __future__ import annotations

from dataclasses import replace

from ledger.documents import Document, DocumentKind, Phase
from ledger.events import Change, Origin
from resolvers.books import Books, Call, Command, Decision
from resolvers.wants import wants


def is_unseen(document: Document) -> bool:
    """Whether a document is an issued invoice whose link nobody has opened yet."""
    is_invoice = document.kind is DocumentKind.INVOICE
    return is_invoice and document.phase is Phase.ISSUED and document.viewed_at is None


def view(document_id: str) -> Command:
    """Mark an invoice as viewed, unless it is already, or is no issued invoice."""

    def decide(books: Books) -> Decision:
        before = books.find(Document, document_id, "id", in_path=True)
        if not is_unseen(before):
            return Decision((), before.id)
        after = replace(
            before, viewed_at=books.now, updated_at=books.now, version=before.version + 1
        )
        return Decision((Change("viewed", before, after),), after.id)

    return Command(decide, wants=wants([document_id]))


def viewing(organization_id: str, request_id: str) -> Call:
    """The call by which whoever has the link views an organization's document."""
    origin = Origin("link", None, request_id, "link")
    return Call(organization_id, "view_document", origin)
