"""What can be done to bills."""

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
from schema.bills import BillNode, written_bill
from schema.document_inputs import BillItemInput, changes_of, day_of, draft_of, number_of
from schema.operation import mutation
from schema.scalars import DecimalText, Json

_KIND = DocumentKind.BILL


@mutation(BillNode, credits=5, also={"receive": "receiveBill"}, result=written_bill)
def create_bill(
    contact_id: strawberry.ID,
    bill_date: datetime,
    items: list[BillItemInput],
    due_date: datetime | None = None,
    bill_number: str | None = None,
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
    receive: bool = False,
) -> Command:
    """Enter a bill, as a DRAFT; with `receive` it is posted at once. `billNumber` is the vendor's
    own, unique among its bills. Without `dueDate` and `paymentTerms` the contact's terms decide.
    """
    draft = draft_of(
        _KIND,
        contact_id,
        bill_date,
        items,
        due_date=due_date,
        number=number_of(bill_number, "billNumber"),
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
    return decisions.create(draft, issue=receive)


@mutation(BillNode, result=written_bill)
def update_bill(
    id: strawberry.ID,
    contact_id: strawberry.ID | None = UNSET,
    bill_date: datetime | None = UNSET,
    items: list[BillItemInput] | None = UNSET,
    due_date: datetime | None = UNSET,
    bill_number: str | None = UNSET,
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
        "date": bill_date,
        "lines": items,
        "due_date": due_date,
        "number": number_of(bill_number, "billNumber"),
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
    key = ids.normalise("bil_", id)
    return drafts.update(key, _KIND, changes_of(_KIND, given), version=version)


@mutation(bool, result=deleted_with_files)
def delete_bill(id: strawberry.ID, version: int | None = None) -> Command:
    """Delete a DRAFT; a received bill is cancelled instead."""
    return drafts.delete(ids.normalise("bil_", id), _KIND, version=version)


@mutation(BillNode, result=written_bill)
def receive_bill(id: strawberry.ID, version: int | None = None) -> Command:
    """Take a DRAFT into the books: it posts (Dr expense and tax, Cr payable) and is frozen."""
    return decisions.issue(ids.normalise("bil_", id), _KIND, version=version)


@mutation(BillNode, result=written_bill)
def cancel_bill(
    id: strawberry.ID, reason: str | None = None, cancelled_on: datetime | None = None
) -> Command:
    """Cancel a received bill by a reversal: it keeps its number. Refused while anything
    is paid or credited of it. Its date is the one given, else today.
    """
    key = ids.normalise("bil_", id)
    return decisions.cancel(key, _KIND, on=day_of(cancelled_on), reason=reason)


@mutation(BillNode, credits=5, result=written_bill)
def create_opening_bill(
    contact_id: strawberry.ID,
    bill_number: str,
    bill_date: datetime,
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
    """Take over an open bill of a former system, with its number and dates: what is open of it
    is posted against opening balances on `openingDate` (else its own date), and touches no profit.
    """
    draft = decisions.opening_draft(
        _KIND,
        ids.normalise("con_", contact_id),
        bill_date.date(),
        amount,
        description or f"Bill {bill_number}",
        due_date=day_of(due_date),
        terms=payment_terms,
        currency=currency,
        exchange_rate=exchange_rate,
        external_id=external_id,
        metadata=metadata,
    )
    number = number_of(bill_number, "billNumber")
    return decisions.open_existing(draft, posted_on=day_of(opening_date), number=number)
