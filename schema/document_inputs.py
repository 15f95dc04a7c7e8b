"""Documents as callers give them: their lines, and what all kinds have in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from ledger import ids, texts
from ledger.document_drafting import DocumentDraft
from ledger.documents import DocumentKind
from ledger.line_drafting import LineDraft
from resolvers.document_drafts import ARGUMENTS, renamed
from schema.addresses import terms_of
from schema.nodes import normal
from schema.operation import only_given
from schema.scalars import DecimalText


@strawberry.input
class _Line:
    """A line as a caller gives it: what the lines of all kinds of documents have."""

    quantity: DecimalText = strawberry.field(description="Positive, at most 6 decimals.")
    description: str | None = strawberry.field(default=None, description="Else the item's.")
    unit_price: DecimalText | None = strawberry.field(
        default=None, description="At most 6 decimals; else the item's. Negative deducts."
    )
    item_id: strawberry.ID | None = None
    account_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Else the item's, the contact's, or the first that such lines fit.",
    )
    tax_rate_id: strawberry.ID | None = strawberry.field(
        default=None, description="Else the item's or the contact's; \"\" for none."
    )
    category_id: strawberry.ID | None = strawberry.field(
        default=None, description="Else the item's or the document's."
    )
    discount_percent: DecimalText | None = None
    discount_amount: DecimalText | None = None
    unit: str | None = strawberry.field(default=None, description="Such as h or kg.")


@strawberry.input(description="A line of an invoice.")
class InvoiceItemInput(_Line):
    """A line of an invoice as a caller gives it."""


@strawberry.input(description="A line of a bill.")
class BillItemInput(_Line):
    """A line of a bill as a caller gives it."""


@strawberry.input(description="A line of a credit note.")
class CreditNoteItemInput(_Line):
    """A line of a credit note as a caller gives it."""


def lines_of(given: Sequence[Any]) -> list[LineDraft]:
    """Lines as a caller gives them, as the ledger takes them."""
    return [
        LineDraft(
            description=line.description,
            quantity=line.quantity,
            unit_price=line.unit_price,
            account_id=normal("act_", line.account_id),
            tax_rate_id="" if line.tax_rate_id == "" else normal("tax_", line.tax_rate_id),
            item_id=normal("itm_", line.item_id, "item_"),
            category_id=normal("cat_", line.category_id),
            discount_percent=line.discount_percent,
            discount_amount=line.discount_amount,
            unit=line.unit,
        )
        for line in given
    ]


def number_of(given: str | None, argument: str) -> Any:
    """A document's number that may be absent, as it is stored, by which others are looked for."""
    return texts.clean(given, argument, texts.REFERENCE_LENGTH) if isinstance(given, str) else given


def day_of(given: datetime | None) -> Any:
    """A business date that may be absent; what was not given stays so."""
    return given if given is None or given is UNSET else given.date()


def draft_of(
    kind: DocumentKind, contact_id: str, day: datetime, items: Sequence[Any], **given: Any
) -> DocumentDraft:
    """A document as a caller gives it, as the ledger takes it."""
    return DocumentDraft(
        kind=kind,
        contact_id=ids.normalise("con_", contact_id),
        date=day.date(),
        lines=lines_of(items),
        **_read(given),
    )


def changes_of(kind: DocumentKind, given: dict[str, Any]) -> dict[str, Any]:
    """What an update changes of a draft; null clears what may be absent."""
    needed = {"contact_id", "date", "lines"}
    read = _read(given)
    if isinstance(read.get("lines"), list):
        read["lines"] = lines_of(read["lines"])
    if isinstance(read.get("contact_id"), str):
        read["contact_id"] = ids.normalise("con_", read["contact_id"])
    names = ARGUMENTS[kind] | {"lines": "items"}
    return renamed(names, only_given, read, nullable=read.keys() - needed)


def _read(given: dict[str, Any]) -> dict[str, Any]:
    read = dict(given)
    for name in ("date", "due_date"):
        if isinstance(read.get(name), datetime):
            read[name] = day_of(read[name])
    if "terms" in read and read["terms"] is not UNSET:
        read["terms"] = terms_of(read["terms"])
    if "category_id" in read:
        read["category_id"] = normal("cat_", read["category_id"])
    return read


def corrected_id(given: str | None) -> str | None:
    """The document that a credit note is against: an invoice or a bill."""
    if given is None:
        return None
    is_bill = given[:4].lower() == "bil_"
    return ids.normalise("bil_" if is_bill else "inv_", given)
