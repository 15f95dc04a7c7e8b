"""Issuing: a draft becomes a document that counts, and how it is cancelled.

    invoice         Dr receivable   Cr revenue, tax
    bill            Dr expense, tax   Cr payable
    credit note     Dr revenue, tax   Cr receivable
    vendor credit   Dr payable        Cr expense, tax

Lines of one account and category share an entry. Tax that cannot be recovered is part of the
cost. Reverse charge stands on both sides of the tax account. An opening document moves the
control account against opening balances alone: what it earned or cost was counted elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from ledger import posting
from ledger.accounts import EntryType, Role
from ledger.chart import Chart
from ledger.contacts import Contact
from ledger.currencies import CURRENCIES
from ledger.dates import require_business_date
from ledger.document_settings import DocumentSettings, number_text, sequence_of
from ledger.documents import Copies, Document, DocumentKind, LineTax, Party, Phase
from ledger.drafting import draw_up
from ledger.errors import LedgerError, Reason
from ledger.money import amount_text
from ledger.open_items import OpenItem, Side
from ledger.organizations import Organization
from ledger.paying import rate_of
from ledger.settling import Occasion, end, ending_day, next_due
from ledger.transactions import Draft, DraftEntry, Transaction, TransactionKind

_NAMES = {
    DocumentKind.INVOICE: "Invoice",
    DocumentKind.BILL: "Bill",
    DocumentKind.CREDIT_NOTE: "Credit note",
    DocumentKind.VENDOR_CREDIT: "Vendor credit",
}


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

    `numbering` is given for what we number ourselves; an opening document has its number.
    """
    require_draft(document, "issued")
    organization = occasion.organization
    day = require_business_date(posted_on or document.date)
    organization.require_open(day)
    currency = CURRENCIES[document.currency]
    rate = rate_of(organization, currency, document.exchange_rate)
    number = document.number if numbering is None else number_of(occasion, document.kind, numbering)
    document = replace(document, number=number, exchange_rate=rate)
    transaction = _posted(occasion, document, day, transaction_id)
    base_total = _base_total(occasion.chart, document, transaction)
    return replace(
        document,
        phase=Phase.ISSUED,
        series_year=None if numbering is None else numbering.year,
        sequence=None if numbering is None else numbering.sequence,
        posted_on=day,
        issued_at=occasion.moment,
        transaction_id=None if transaction is None else transaction.id,
        base_currency=organization.base_currency,
        base_total=base_total,
        base_subtotal=_base_subtotal(document, transaction),
        copies=copies,
        item=_opened(occasion, document, day, base_total),
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
    """The document as cancelled, its transaction as reversed, and the reversal."""
    if document.phase is not Phase.ISSUED or document.item is None:
        raise _wrong_phase(document, "cancelled", "Delete a draft; what is cancelled stays so.")
    item = document.item
    latest = max(item.date, item.touched_on or item.date)
    day = require_business_date(day or ending_day(occasion, latest))
    occasion.organization.require_open(day)
    ended = end(item, day)
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
        cancel_reason=None if reversal is None else reversal.reversal_reason,
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
        f"{_NAMES[document.kind]} {document.number or document.id} is {document.phase.value} "
        f"and cannot be {done}.",
        cure,
        {"id": document.id, "status": document.phase.value},
        "id",
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


def _posted(
    occasion: Occasion, document: Document, day: date, transaction_id: str
) -> Transaction | None:
    entries = [*_control(occasion.chart, document), *_others(occasion.chart, document)]
    if not entries:
        return None
    draft = Draft(
        description=f"{_NAMES[document.kind]} {document.number or ''}".rstrip(),
        date=day,
        entries=[_entry(document, *parts) for parts in entries],
        currency=document.currency,
        reference=document.number,
        kind=TransactionKind.OPENING if document.is_opening else TransactionKind.STANDARD,
        contact_id=document.contact_id,
        category_id=document.category_id,
    )
    drawn = draw_up(occasion.organization, occasion.chart, draft, transaction_id, occasion.moment)
    posted = posting.post(occasion.organization, occasion.chart, drawn, occasion.moment)
    return replace(posted, source_id=document.id)


_Part = tuple[str, str | None, EntryType, int]
"""An entry to be: account, category, side, amount in minor units."""


def _control(chart: Chart, document: Document) -> list[_Part]:
    side = document.kind.side
    grows = side.grows_by
    by = grows.opposite if document.kind.is_credit else grows
    return _parts(by, [((chart.by_role[side.role].id, None), document.total)])


def _others(chart: Chart, document: Document) -> list[_Part]:
    side = document.kind.side
    by = side.grows_by if document.kind.is_credit else side.grows_by.opposite
    if document.is_opening:
        opening = chart.by_role[Role.OPENING_BALANCES].id
        return _parts(by, [((opening, None), document.total)])
    is_sale = side is Side.RECEIVABLE
    tax_account = chart.by_role[Role.TAX].id
    lines: list[tuple[tuple[str, str | None], int]] = []
    taxes: list[tuple[tuple[str, str | None], int]] = []
    owed: list[tuple[tuple[str, str | None], int]] = []
    for line in document.lines:
        lines.append(((line.account_id, line.category_id), line.net))
        for tax in line.taxes:
            account_id = tax.account_id or tax_account
            if _is_cost(tax, is_sale=is_sale):
                lines.append(((line.account_id, line.category_id), tax.amount))
            else:
                taxes.append(((account_id, None), tax.amount))
            if tax.is_reverse_charge:
                owed.append(((account_id, None), tax.amount))
    return _parts(by, lines) + _parts(by, taxes) + _parts(by.opposite, owed)


def _is_cost(tax: LineTax, *, is_sale: bool) -> bool:
    return not is_sale and not tax.is_recoverable


def _parts(by: EntryType, amounts: Iterable[tuple[tuple[str, str | None], int]]) -> list[_Part]:
    """Amounts by account and category; what comes to less than nothing stands on the other side."""
    sums: dict[tuple[str, str | None], int] = {}
    for key, amount in amounts:
        sums[key] = sums.get(key, 0) + amount
    return [
        (account_id, category_id, by if total > 0 else by.opposite, abs(total))
        for (account_id, category_id), total in sums.items()
        if total
    ]


def _entry(
    document: Document, account_id: str, category_id: str | None, side: EntryType, amount: int
) -> DraftEntry:
    return DraftEntry(
        account_id=account_id,
        entry_type=side,
        amount=amount_text(amount, CURRENCIES[document.currency]),
        currency=document.currency,
        exchange_rate=document.exchange_rate,
        category_id=category_id,
    )


def _base_total(chart: Chart, document: Document, transaction: Transaction | None) -> int:
    """What the control account took in base currency."""
    control = chart.by_role[document.kind.side.role].id
    entries = transaction.entries if transaction is not None and document.total else ()
    return sum(entry.base_amount for entry in entries if entry.account_id == control)


def _base_subtotal(document: Document, transaction: Transaction | None) -> int:
    """What the lines' accounts took in base currency, positive as the document is."""
    if transaction is None or document.is_opening:
        return 0
    accounts = {line.account_id for line in document.lines}
    side = document.kind.side
    by = side.grows_by if document.kind.is_credit else side.grows_by.opposite
    return sum(
        entry.base_amount if entry.entry_type is by else -entry.base_amount
        for entry in transaction.entries
        if entry.account_id in accounts
    )


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
    )
