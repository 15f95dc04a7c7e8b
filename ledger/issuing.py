"""Issuing: a draft becomes a document that counts, and how it is cancelled.

It gets its number, is posted (see `document_entries`), becomes an open item, and is frozen
together with copies of what it was made of. Cancelling reverses what was posted, on a day on
which nothing of it is settled; the number stays taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ledger import posting, texts
from ledger.carrying import next_due
from ledger.contacts import Contact
from ledger.converting import rate_of
from ledger.currencies import CURRENCIES
from ledger.dates import require_business_date
from ledger.document_entries import post_document, title_of
from ledger.document_settings import DocumentSettings, number_text, sequence_of
from ledger.documents import Copies, Document, DocumentKind, Party, Phase
from ledger.errors import LedgerError, Reason
from ledger.open_items import OpenItem, Side
from ledger.organizations import Organization
from ledger.settling import Occasion, end, ending_day
from ledger.transactions import Transaction


@dataclass(frozen=True, slots=True)
class Numbering:
    """The place of a document in its series; `year` is 0 in a series that never starts anew."""

    year: int
    sequence: int


def series_of(occasion: Occasion, kind: DocumentKind, day: date) -> tuple[str, int] | None:
    """The series that numbers a document of that date: its kind and year.

    None for what vendors number themselves.
    """
    if kind.side is Side.PAYABLE:
        return None
    by_year = occasion.organization.documents.numbers_by_year
    return kind.value, day.year if by_year else 0


def number_of(occasion: Occasion, kind: DocumentKind, numbering: Numbering) -> str:
    """The number at a place of a series, as it is written."""
    settings = occasion.organization.documents
    return number_text(
        settings, _prefix(settings, kind), numbering.year or None, numbering.sequence
    )


def place_of(occasion: Occasion, kind: DocumentKind, number: str) -> Numbering | None:
    """The place in a series that a number has, if it is written as ours are."""
    settings = occasion.organization.documents
    found = sequence_of(settings, _prefix(settings, kind), number)
    return None if found is None else Numbering(found[0] or 0, found[1])


def _prefix(settings: DocumentSettings, kind: DocumentKind) -> str:
    is_invoice = kind is DocumentKind.INVOICE
    return settings.invoice_prefix if is_invoice else settings.credit_note_prefix


def issue(
    occasion: Occasion,
    document: Document,
    copies: Copies,
    *,
    transaction_id: str,
    numbering: Numbering | None = None,
    posted_on: date | None = None,
) -> tuple[Document, Transaction | None]:
    """The document as issued, and its posted transaction: none when it comes to nothing.

    `numbering` is given for what we number ourselves; an opening document has its number, and
    may be posted later than it was dated.
    """
    require_draft(document, "issued")
    organization = occasion.organization
    day = _posting_day(document, posted_on)
    organization.require_open(day)
    currency = CURRENCIES[document.currency]
    rate = rate_of(organization, currency, document.exchange_rate)
    number = document.number if numbering is None else number_of(occasion, document.kind, numbering)
    document = replace(document, number=number, exchange_rate=rate)
    posted = post_document(occasion, document, day, transaction_id)
    transaction = posted.transaction
    return replace(
        document,
        phase=Phase.ISSUED,
        series_year=None if numbering is None else numbering.year,
        sequence=None if numbering is None else numbering.sequence,
        posted_on=day,
        issued_at=occasion.moment,
        transaction_id=None if transaction is None else transaction.id,
        base_currency=organization.base_currency,
        base_taxes=posted.base_taxes,
        base_total=posted.base_total,
        base_subtotal=posted.base_subtotal,
        copies=copies,
        item=_opened(occasion, document, day, posted.base_total),
        updated_at=occasion.moment,
        version=document.version + (document.updated_at != occasion.moment),
    ), transaction


def cancel(
    occasion: Occasion,
    document: Document,
    transaction: Transaction | None,
    *,
    day: date | None,
    reason: str | None,
    reversal_id: str,
) -> tuple[Document, Transaction | None, Transaction | None]:
    """The document as cancelled, its transaction as reversed, and the reversal.

    `transaction` is what `issue` gave. Without a day it is today, or the first on which it can be.
    Raises `wrong_status`, `applied` while anything of it is settled, `invalid_date` or
    `period_locked`.
    """
    if document.phase is not Phase.ISSUED or document.item is None:
        raise _wrong_phase(document, "cancelled", "Delete a draft; what is cancelled stays so.")
    if document.transaction_id != (None if transaction is None else transaction.id):
        raise ValueError("A document is cancelled together with its own transaction.")
    item = document.item
    latest = max(item.date, item.touched_on or item.date)
    day = require_business_date(day or ending_day(occasion, latest))
    ended = end(item, day)
    occasion.organization.require_open(day)
    reason = texts.clean_optional(reason, "reason", texts.DESCRIPTION_LENGTH)
    reversed_ = reversal = None
    if transaction is not None:
        reversed_, reversal = posting.reverse(
            occasion.organization,
            occasion.chart,
            transaction,
            reversal_id=reversal_id,
            now=occasion.moment,
            on=day,
            reason=reason,
        )
    cancelled = replace(
        document,
        phase=Phase.CANCELLED,
        cancelled_on=day,
        cancelling_transaction_id=None if reversal is None else reversal.id,
        cancel_reason=reason,
        item=ended,
        updated_at=occasion.moment,
        version=document.version + 1,
    )
    return cancelled, reversed_, reversal


def require_draft(document: Document, done: str) -> None:
    """Raise `wrong_status` unless the document is a draft."""
    if document.phase is not Phase.DRAFT:
        cure = "Cancel it and make out a new one, or correct it by a credit note."
        raise _wrong_phase(document, done, cure)


def _wrong_phase(document: Document, done: str, cure: str) -> LedgerError:
    return LedgerError(
        Reason.WRONG_STATUS,
        f"{title_of(document)} ({document.id}) is {document.phase.value} and cannot be {done}.",
        cure,
        {"id": document.id, "status": document.phase.value},
        "id",
    )


def _posting_day(document: Document, posted_on: date | None) -> date:
    """The document's own date, or the day on which the books of an opening document open."""
    day = require_business_date(posted_on or document.date)
    if day >= document.date:
        return day
    raise LedgerError(
        Reason.INVALID_DATE,
        f"A document of {document.date} cannot be posted on {day}, before it was made out.",
        f"Use {document.date} or a later date, or none.",
        {"date": str(document.date), "posted_on": str(day)},
        "openingDate",
    )


def _opened(occasion: Occasion, document: Document, day: date, base_total: int) -> OpenItem:
    sign = -1 if document.kind.is_credit else 1
    item = OpenItem(
        organization_id=document.organization_id,
        id=document.id,
        side=document.kind.side,
        contact_id=document.contact_id,
        date=day,
        document_date=document.date,
        currency=document.currency,
        amount=sign * document.total,
        base_amount=sign * base_total,
        open_amount=sign * document.total,
        open_base=sign * base_total,
        created_at=occasion.moment,
        dues=document.dues,
        touched_on=day,
    )
    return replace(item, next_due=next_due(item, item.amount))


def copies_of(organization: Organization, contact: Contact, corrects: Document | None) -> Copies:
    """What issuing freezes of seller, buyer and settings."""
    settings = organization.documents
    return Copies(
        organization=Party(
            name=organization.name,
            tax_number=organization.tax_number,
            email=settings.email,
            phone=settings.phone,
            website=settings.website,
            address=settings.address,
        ),
        contact=Party(
            name=contact.name,
            tax_number=contact.tax_number,
            email=contact.email,
            phone=contact.phone,
            website=contact.website,
            address=contact.billing_address,
            shipping_address=contact.shipping_address,
        ),
        language=contact.language or settings.language,
        paper=settings.paper.value,
        payment_details=settings.payment_details,
        corrects_number=None if corrects is None else corrects.number,
        logo_id=settings.logo_id,
    )
