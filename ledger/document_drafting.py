"""From what a caller says of a document to a draft that can be issued.

A line takes what it does not say from its item, then from the contact, then from the
organization: its text, price, account, tax rate and category. Nothing is posted yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from ledger import texts
from ledger.chart import Chart
from ledger.contacts import Contact, Term, checked_terms, dues_of
from ledger.converting import rate_of
from ledger.currencies import CURRENCIES, Currency
from ledger.currencies import currency as known_currency
from ledger.dates import require_business_date
from ledger.documents import Document, DocumentKind, Line
from ledger.errors import LedgerError, Reason, at
from ledger.line_drafting import Catalogue, LineDraft, filled, require_active
from ledger.money import allot, amount_text
from ledger.open_items import Day, Due, Side
from ledger.organizations import Organization
from ledger.pricing import DraftLine, Number, price
from ledger.references import require_known, require_permanent_external_id
from ledger.settling import Occasion

FOOTER_LENGTH = NOTES_LENGTH = 10_000


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """What a caller says of a document; numbers as they came, unparsed.

    Without `due_date`, `terms` and `dues` (those that it had before, of which the dates and the
    proportions stay) the contact's terms decide, else the organization's.
    """

    kind: DocumentKind
    contact_id: str
    date: Day
    lines: Sequence[LineDraft]
    due_date: Day | None = None
    terms: Sequence[Term] = ()
    dues: Sequence[Due] = ()
    currency: str | None = None
    exchange_rate: Number | None = None
    is_inclusive: bool | None = None
    discount_percent: Number | None = None
    discount_amount: Number | None = None
    number: str | None = None
    order_number: str | None = None
    notes: str | None = None
    footer: str | None = None
    category_id: str | None = None
    corrects_id: str | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] | None = None


def draft_document(
    occasion: Occasion,
    contact: Contact,
    catalogue: Catalogue,
    draft: DocumentDraft,
    document_id: str,
    corrects: Document | None = None,
) -> Document:
    """The document that a caller describes, priced; or why it cannot be drawn up.

    `catalogue` has all that the draft, its items and its contact name; `corrects` is the document
    that a credit note is against.
    """
    organization = occasion.organization
    require_contact(contact, draft.kind)
    require_business_date(draft.date)
    currency = at("currency", known_currency, _currency(organization, contact, draft, corrects))
    lines = _lines(occasion.chart, contact, catalogue, draft, currency.code)
    inclusive = _is_inclusive(catalogue, draft, lines)
    priced = price(
        lines,
        catalogue.tax_rates,
        currency,
        is_sale=draft.kind.side is Side.RECEIVABLE,
        is_inclusive=inclusive,
        rounding=organization.documents.rounding,
        discount_percent=draft.discount_percent,
        discount_amount=draft.discount_amount,
    )
    dues = _dues(organization, contact, draft, priced.total)
    return Document(
        organization_id=organization.id,
        id=document_id,
        kind=draft.kind,
        contact_id=contact.id,
        date=draft.date,
        dues=dues,
        currency=currency.code,
        lines=priced.lines,
        subtotal=priced.subtotal,
        discount=priced.discount,
        tax=priced.tax,
        total=priced.total,
        created_at=occasion.moment,
        updated_at=occasion.moment,
        is_inclusive=inclusive,
        exchange_rate=_rate(organization, draft, currency),
        number=_number(draft),
        discount_percent=priced.discount_percent,
        discount_amount=priced.discount_amount,
        due_on=max((due.date for due in dues), default=None),
        order_number=_short(draft.order_number, "orderNumber"),
        notes=texts.clean_optional(draft.notes, "notes", NOTES_LENGTH),
        footer=texts.clean_optional(_footer(organization, draft), "footer", FOOTER_LENGTH),
        category_id=draft.category_id,
        corrects_id=draft.corrects_id,
        external_id=texts.clean_optional(draft.external_id, "externalId", texts.NAME_LENGTH),
        metadata=texts.clean_metadata(draft.metadata),
    )


def amend_document(before: Document, after: Document) -> Document:
    """A draft with new contents."""
    require_permanent_external_id(before.external_id, after.external_id)
    return replace(after, created_at=before.created_at, version=before.version + 1)


def redraft_document(document: Document) -> DocumentDraft:
    """The draft that would draw up this document again, to be changed in part.

    A line without an item follows the document's category as long as it has the same.
    """
    return DocumentDraft(
        kind=document.kind,
        contact_id=document.contact_id,
        date=document.date,
        lines=[
            LineDraft(
                description=line.description,
                quantity=line.quantity,
                unit_price=line.unit_price,
                account_id=line.account_id,
                tax_rate_id=line.tax_rate_id or "",
                item_id=line.item_id,
                category_id=_own_category(document, line),
                discount_percent=line.discount_percent,
                discount_amount=_given(line.discount_amount, document.currency),
                unit=line.unit,
            )
            for line in document.lines
        ],
        dues=document.dues,
        currency=document.currency,
        exchange_rate=document.exchange_rate,
        is_inclusive=document.is_inclusive,
        discount_percent=document.discount_percent,
        discount_amount=_given(document.discount_amount, document.currency),
        number=document.number,
        order_number=document.order_number,
        notes=document.notes,
        footer=document.footer,
        category_id=document.category_id,
        corrects_id=document.corrects_id,
        external_id=document.external_id,
        metadata=document.metadata,
    )


def _own_category(document: Document, line: Line) -> str | None:
    follows = line.item_id is None and line.category_id == document.category_id
    return None if follows else line.category_id


def require_contact(contact: Contact, kind: DocumentKind) -> None:
    """Raise `inactive` unless documents may be made out with the contact."""
    if contact.is_active:
        return
    raise LedgerError(
        Reason.INACTIVE,
        f"Contact {contact.id} is not active: no {kind.value.replace('_', ' ')} can be made out.",
        "Set its isActive to true first, or choose another contact.",
        {"contact_id": contact.id},
        "contactId",
    )


def _currency(
    organization: Organization, contact: Contact, draft: DocumentDraft, corrects: Document | None
) -> str:
    own = contact.currency or organization.base_currency
    return draft.currency or (own if corrects is None else corrects.currency)


def _lines(
    chart: Chart, contact: Contact, catalogue: Catalogue, draft: DocumentDraft, currency: str
) -> list[DraftLine]:
    """The lines with what they do not say themselves."""
    require_known("category", catalogue.categories, draft.category_id, "categoryId")
    own_category = catalogue.categories.get(draft.category_id or "")
    require_active("category", own_category, "categoryId")
    fill = partial(
        filled,
        chart,
        contact,
        catalogue,
        is_sale=draft.kind.side is Side.RECEIVABLE,
        currency=currency,
        category_id=draft.category_id,
    )
    return [at(f"items[{index}]", fill, line) for index, line in enumerate(draft.lines)]


def _is_inclusive(catalogue: Catalogue, draft: DocumentDraft, lines: Sequence[DraftLine]) -> bool:
    """As the caller says; else whether all tax rates of the lines are inclusive ones."""
    if draft.is_inclusive is not None:
        return draft.is_inclusive
    named = {line.tax_rate_id for line in lines if line.tax_rate_id is not None}
    return bool(named) and all(catalogue.tax_rates[key].is_inclusive for key in named)


def _dues(
    organization: Organization, contact: Contact, draft: DocumentDraft, total: int
) -> tuple[Due, ...]:
    if draft.kind.is_credit or total == 0:
        return ()
    if draft.due_date is not None:
        return (_due_on(draft.due_date, draft.date, total),)
    if not draft.terms and draft.dues:
        shares = allot(total, [due.amount for due in draft.dues])
        kept = zip(draft.dues, shares, strict=True)
        return tuple(Due(max(due.date, draft.date), share) for due, share in kept if share)
    terms = checked_terms(draft.terms) if draft.terms else contact.terms
    return dues_of(terms or organization.documents.terms, draft.date, total)


def _due_on(day: date, document_date: date, total: int) -> Due:
    require_business_date(day, "dueDate")
    if day < document_date:
        raise LedgerError(
            Reason.INVALID_DATE,
            f"The due date {day} is before the document's own date {document_date}.",
            "Give a due date on or after the document's date, or none: then the terms decide.",
            {"date": str(document_date), "due_date": str(day)},
            "dueDate",
        )
    return Due(day, total)


def _rate(organization: Organization, draft: DocumentDraft, currency: Currency) -> Decimal | None:
    """The exchange rate, as far as it is known; a foreign document needs it when it is issued."""
    if draft.exchange_rate is None:
        return None
    return rate_of(organization, currency, draft.exchange_rate)


def _footer(organization: Organization, draft: DocumentDraft) -> str | None:
    """What stands below the lines: by default the organization's own, on what we make out."""
    is_ours = draft.kind.side is Side.RECEIVABLE
    return organization.documents.footer if draft.footer is None and is_ours else draft.footer


def _number(draft: DocumentDraft) -> str | None:
    """A vendor's own number; ours are given on issuing."""
    if draft.number is None or draft.kind.side is Side.PAYABLE:
        return _short(draft.number, "number")
    raise LedgerError(
        Reason.INVALID_VALUE,
        "The number of an invoice or credit note is given by the service when it is issued.",
        "Leave it out; orderNumber and externalId take numbers of your own.",
        field="number",
    )


def _short(value: str | None, field_name: str) -> str | None:
    return texts.clean_optional(value, field_name, texts.REFERENCE_LENGTH)


def _given(minor: int | None, currency: str) -> str | None:
    return None if minor is None else amount_text(minor, CURRENCIES[currency])
