"""What a document's status is: the first that holds, so that filters and callers see the same."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ledger.documents import Document, DocumentKind, Phase


class DocumentStatus(StrEnum):
    """Every status that a document can be shown with; each kind has some of them."""

    CANCELLED = "cancelled"
    DRAFT = "draft"
    PAID = "paid"
    APPLIED = "applied"
    OVERDUE = "overdue"
    PARTIAL = "partial"
    VIEWED = "viewed"
    SENT = "sent"
    RECEIVED = "received"
    ISSUED = "issued"


def status_of(document: Document, today: date) -> DocumentStatus:
    """The status as it is shown on a day.

    CANCELLED, PAID (of credits: APPLIED), OVERDUE, PARTIAL, VIEWED, SENT (of bills: RECEIVED,
    of credits: ISSUED), DRAFT.
    """
    item = document.item
    if document.phase is not Phase.ISSUED or item is None:
        return DocumentStatus(document.phase.value)
    if item.open_amount == 0:
        return DocumentStatus.APPLIED if document.kind.is_credit else DocumentStatus.PAID
    if item.next_due is not None and item.next_due < today:
        return DocumentStatus.OVERDUE
    if item.open_amount != item.amount:
        return DocumentStatus.PARTIAL
    return _untouched(document)


def _untouched(document: Document) -> DocumentStatus:
    """The status of an issued document of which nothing is settled yet."""
    if document.kind.is_credit:
        return DocumentStatus.ISSUED
    if document.kind is DocumentKind.BILL:
        return DocumentStatus.RECEIVED
    return DocumentStatus.SENT if document.viewed_at is None else DocumentStatus.VIEWED
