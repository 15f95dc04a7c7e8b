"""What can be done to credit notes."""

from __future__ import annotations

from datetime import datetime

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.documents import DocumentKind
from resolvers import document_drafts as drafts
from resolvers import documents as decisions
from resolvers.books import Command
from schema.attachments import deleted_with_files
from schema.credit_notes import CreditNoteNode, written_credit_note
from schema.document_inputs import (
    CreditNoteItemInput,
    changes_of,
    corrected_id,
    day_of,
    draft_of,
    number_of,
)
from schema.enums import Side
from schema.operation import mutation
from schema.scalars import DecimalText, Json

_KIND = DocumentKind.CREDIT_NOTE


@mutation(CreditNoteNode, credits=5, also={"issue": "issueCreditNote"}, result=written_credit_note)
def create_credit_note(
    contact_id: strawberry.ID,
    credit_note_date: datetime,
    items: list[CreditNoteItemInput],
    document_id: strawberry.ID | None = None,
    credit_note_number: str | None = None,
    side: Side = Side.RECEIVABLE,
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
    issue: bool = False,
) -> Command:
    """Draw up a credit note, as a DRAFT; with `issue` it is issued at once. It may be against an
    invoice or bill (`documentId`) or free. `side` PAYABLE is a vendor's credit to us, which has
    the vendor's number.
    """
    kind = _KIND if side is Side.RECEIVABLE else DocumentKind.VENDOR_CREDIT
    draft = draft_of(
        kind,
        contact_id,
        credit_note_date,
        items,
        corrects_id=corrected_id(document_id),
        number=number_of(credit_note_number, "creditNoteNumber"),
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
    return decisions.create(draft, issue=issue)


@mutation(CreditNoteNode, result=written_credit_note)
def update_credit_note(
    id: strawberry.ID,
    contact_id: strawberry.ID | None = UNSET,
    credit_note_date: datetime | None = UNSET,
    items: list[CreditNoteItemInput] | None = UNSET,
    credit_note_number: str | None = UNSET,
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
        "date": credit_note_date,
        "lines": items,
        "number": number_of(credit_note_number, "creditNoteNumber"),
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
    key = ids.normalise("crn_", id)
    return drafts.update(key, _KIND, changes_of(_KIND, given), version=version)


@mutation(bool, result=deleted_with_files)
def delete_credit_note(id: strawberry.ID, version: int | None = None) -> Command:
    """Delete a DRAFT; an issued one is cancelled instead."""
    return drafts.delete(ids.normalise("crn_", id), _KIND, version=version)


@mutation(CreditNoteNode, result=written_credit_note)
def issue_credit_note(id: strawberry.ID, version: int | None = None) -> Command:
    """Issue a DRAFT: it gets its number, posts and is frozen. What of the document that it is
    against is still open is credited by it at once; the rest stays the contact's credit.
    """
    return decisions.issue(ids.normalise("crn_", id), _KIND, version=version)


@mutation(CreditNoteNode, result=written_credit_note)
def cancel_credit_note(
    id: strawberry.ID, reason: str | None = None, cancelled_on: datetime | None = None
) -> Command:
    """Cancel an issued credit note by a reversal: it keeps its number. Refused while any of it is
    applied. Its date is the one given, else today.
    """
    key = ids.normalise("crn_", id)
    return decisions.cancel(key, _KIND, on=day_of(cancelled_on), reason=reason)
