"""What can be done to invoices."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.documents import DocumentKind
from resolvers import document_drafts as drafts
from resolvers import documents as decisions
from resolvers.books import Command
from schema.addresses import PaymentTermInput
from schema.attachments import deleted_with_files
from schema.document_inputs import InvoiceItemInput, changes_of, day_of, draft_of, number_of
from schema.invoices import InvoiceNode, delivered_invoice, written_invoice
from schema.operation import mutation
from schema.scalars import DecimalText, Json

_KIND = DocumentKind.INVOICE


@mutation(InvoiceNode, credits=5, also={"send": "sendInvoice"}, result=written_invoice)
def create_invoice(
    contact_id: strawberry.ID,
    invoice_date: datetime,
    items: list[InvoiceItemInput],
    due_date: datetime | None = None,
    payment_terms: list[PaymentTermInput] | None = None,
    currency: str | None = None,
    exchange_rate: DecimalText | None = None,
    is_tax_inclusive: bool | None = None,
    discount_percent: DecimalText | None = None,
    discount_amount: DecimalText | None = None,
    order_number: str | None = None,
    notes: str | None = None,
    footer: str | None = None,
    category_id: strawberry.ID | None = None,
    external_id: str | None = None,
    metadata: Json | None = None,
    send: bool = False,
) -> Command:
    """Draw up an invoice, as a DRAFT; with `send` it is issued at once (but not mailed). Without
    `dueDate` and `paymentTerms` the contact's terms decide, else the organization's.
    """
    draft = draft_of(
        _KIND,
        contact_id,
        invoice_date,
        items,
        due_date=due_date,
        terms=payment_terms,
        currency=currency,
        exchange_rate=exchange_rate,
        is_inclusive=is_tax_inclusive,
        discount_percent=discount_percent,
        discount_amount=discount_amount,
        order_number=order_number,
        notes=notes,
        footer=footer,
        category_id=category_id,
        external_id=external_id,
        metadata=metadata,
    )
    return decisions.create(draft, issue=send)


@mutation(InvoiceNode, result=written_invoice)
def update_invoice(
    id: strawberry.ID,
    contact_id: strawberry.ID | None = UNSET,
    invoice_date: datetime | None = UNSET,
    items: list[InvoiceItemInput] | None = UNSET,
    due_date: datetime | None = UNSET,
    payment_terms: list[PaymentTermInput] | None = UNSET,
    currency: str | None = UNSET,
    exchange_rate: DecimalText | None = UNSET,
    is_tax_inclusive: bool | None = UNSET,
    discount_percent: DecimalText | None = UNSET,
    discount_amount: DecimalText | None = UNSET,
    order_number: str | None = UNSET,
    notes: str | None = UNSET,
    footer: str | None = UNSET,
    category_id: strawberry.ID | None = UNSET,
    external_id: str | None = UNSET,
    metadata: Json | None = UNSET,
    version: int | None = None,
) -> Command:
    """Change a DRAFT. What is absent stays; null clears; items are replaced as a whole."""
    given = {
        "contact_id": contact_id,
        "date": invoice_date,
        "lines": items,
        "due_date": due_date,
        "terms": payment_terms,
        "currency": currency,
        "exchange_rate": exchange_rate,
        "is_inclusive": is_tax_inclusive,
        "discount_percent": discount_percent,
        "discount_amount": discount_amount,
        "order_number": order_number,
        "notes": notes,
        "footer": footer,
        "category_id": category_id,
        "external_id": external_id,
        "metadata": metadata,
    }
    key = ids.normalise("inv_", id)
    return drafts.update(key, _KIND, changes_of(_KIND, given), version=version)


@mutation(bool, result=deleted_with_files)
def delete_invoice(id: strawberry.ID, version: int | None = None) -> Command:
    """Delete a DRAFT; an issued invoice is cancelled instead."""
    return drafts.delete(ids.normalise("inv_", id), _KIND, version=version)


@mutation(InvoiceNode, result=delivered_invoice)
def send_invoice(
    id: strawberry.ID,
    deliver: bool = True,
    to: str | None = None,
    e_invoice: bool = False,
    version: int | None = None,
) -> Command:
    """Issue a DRAFT: it gets its number, posts (Dr receivable, Cr revenue and tax) and is frozen.
    Then it is mailed with its PDF to the contact, or `to` another address, unless `deliver` is
    false; with `eInvoice` the PDF is Factur-X. A mail that fails undoes nothing, and is told in
    `deliveryNote`.
    """
    key = ids.normalise("inv_", id)
    return decisions.issue(
        key, _KIND, version=version, mail=decisions.Mailing(to, e_invoice) if deliver else None
    )


@mutation(InvoiceNode, result=delivered_invoice)
def deliver_invoice(id: strawberry.ID, to: str | None = None, e_invoice: bool = False) -> Command:
    """Mail an issued invoice again, to its contact or `to` another address."""
    return decisions.deliver(
        ids.normalise("inv_", id), _KIND, mail=decisions.Mailing(to, e_invoice)
    )


@mutation(InvoiceNode, result=written_invoice)
def cancel_invoice(
    id: strawberry.ID, reason: str | None = None, cancelled_on: datetime | None = None
) -> Command:
    """Cancel an issued invoice by a reversal: it keeps its number. Refused while anything
    is paid or credited of it. Its date is the one given, else today.
    """
    key = ids.normalise("inv_", id)
    return decisions.cancel(key, _KIND, on=day_of(cancelled_on), reason=reason)


@mutation(InvoiceNode, credits=5, result=written_invoice)
def create_opening_invoice(
    contact_id: strawberry.ID,
    invoice_number: str,
    invoice_date: datetime,
    amount: DecimalText,
    due_date: datetime | None = None,
    payment_terms: list[PaymentTermInput] | None = None,
    opening_date: datetime | None = None,
    currency: str | None = None,
    exchange_rate: DecimalText | None = None,
    description: str | None = None,
    external_id: str | None = None,
    metadata: Json | None = None,
) -> Command:
    """Take over an open invoice of a former system, with its number and dates: what is open of it
    is posted against opening balances on `openingDate` (else its own date), and touches no profit.
    """
    draft = decisions.opening_draft(
        _KIND,
        ids.normalise("con_", contact_id),
        invoice_date.date(),
        amount,
        description or f"Invoice {invoice_number}",
        due_date=day_of(due_date),
        terms=payment_terms,
        currency=currency,
        exchange_rate=exchange_rate,
        external_id=external_id,
        metadata=metadata,
    )
    number = number_of(invoice_number, "invoiceNumber")
    return decisions.open_existing(draft, posted_on=day_of(opening_date), number=number)
