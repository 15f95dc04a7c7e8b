"""Documents: invoices, bills and credit notes, as drafts and as issued.

    draft -> issued -> cancelled

A draft may be changed and deleted. Issuing one gives it its number, posts its transaction and
freezes it, together with copies of what it was made of (who sold, who bought, at which rates).
What is paid and credited of it afterwards stands in its open item.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ledger.contacts import Address
from ledger.open_items import Day, Due, OpenItem, Side


class DocumentKind(StrEnum):
    """What a document is. A vendor credit is a credit note that we receive."""

    INVOICE = "invoice"
    BILL = "bill"
    CREDIT_NOTE = "credit_note"
    VENDOR_CREDIT = "vendor_credit"

    @property
    def side(self) -> Side:
        """The control account that it is posted to."""
        is_sale = self in {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE}
        return Side.RECEIVABLE if is_sale else Side.PAYABLE

    @property
    def is_credit(self) -> bool:
        """Whether it makes the control account shrink."""
        return self in {DocumentKind.CREDIT_NOTE, DocumentKind.VENDOR_CREDIT}

    @property
    def prefix(self) -> str:
        """The prefix of its identifiers."""
        if self.is_credit:
            return "crn_"
        return "inv_" if self is DocumentKind.INVOICE else "bil_"


class Phase(StrEnum):
    """How far a document is in its life, whatever is paid of it."""

    DRAFT = "draft"
    ISSUED = "issued"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class LineTax:
    """What one component of a tax rate comes to on one line, in minor units.

    `base` is the amount that it was charged on. On a reverse charge it is posted on both sides.
    """

    tax_rate_id: str
    name: str
    percent: Decimal
    base: int
    amount: int
    is_compound: bool = False
    is_recoverable: bool = True
    is_reverse_charge: bool = False
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document, its amounts in minor units of the document's currency.

    `amount` is quantity times unit price less the line's own discount, as entered: with the tax
    when prices are inclusive. `discount` is the line's part of the document's discount. `net` is
    what is left without tax, `tax` what is added to it: amount - discount = net (+ tax if
    inclusive). `taxes` say which taxes those are.
    """

    description: str
    quantity: Decimal
    unit_price: Decimal
    account_id: str
    amount: int
    net: int
    tax: int
    discount: int = 0
    discount_percent: Decimal | None = None
    discount_amount: int | None = None
    unit: str | None = None
    tax_rate_id: str | None = None
    item_id: str | None = None
    category_id: str | None = None
    taxes: tuple[LineTax, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys, as it was called when the document was issued."""

    name: str
    tax_number: str | None = None
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    address: Address | None = None
    shipping_address: Address | None = None


@dataclass(frozen=True, slots=True)
class Copies:
    """What issuing a document has frozen of the world around it."""

    organization: Party
    contact: Party
    language: str
    paper: str
    payment_details: str | None = None
    corrects_number: str | None = None
    logo_id: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice, a bill, or a credit note of either kind.

    `date` is the date written on it, `due_on` that of its last instalment, `posted_on` that of
    its transaction. `subtotal` is the sum of the lines' net amounts, `discount` what the
    document's discount takes off the lines in all, `tax` what is added; subtotal + tax = total.
    `base_taxes` are the posted base amounts of its taxes, in the order of `tax_totals`.
    `number` is ours by issuing (a bill's is
    the vendor's); `series_year` and `sequence` are its place in its series. `item` is what is
    open of it, absent while it is a draft. `corrects_id` is the document that a credit note
    is against.
    """

    organization_id: str
    id: str
    kind: DocumentKind
    contact_id: str
    date: Day
    dues: tuple[Due, ...]
    currency: str
    lines: tuple[Line, ...]
    subtotal: int
    discount: int
    tax: int
    total: int
    created_at: datetime
    updated_at: datetime
    phase: Phase = Phase.DRAFT
    is_inclusive: bool = False
    is_opening: bool = False
    exchange_rate: Decimal | None = None
    base_currency: str | None = None
    base_taxes: tuple[int, ...] = ()
    base_total: int | None = None
    base_subtotal: int | None = None
    number: str | None = None
    series_year: int | None = None
    sequence: int | None = None
    discount_percent: Decimal | None = None
    discount_amount: int | None = None
    due_on: Day | None = None
    order_number: str | None = None
    notes: str | None = None
    footer: str | None = None
    category_id: str | None = None
    corrects_id: str | None = None
    posted_on: Day | None = None
    issued_at: datetime | None = None
    transaction_id: str | None = None
    cancelled_on: Day | None = None
    cancelling_transaction_id: str | None = None
    cancel_reason: str | None = None
    viewed_at: datetime | None = None
    delivered_at: datetime | None = None
    delivered_to: str | None = None
    delivery_note: str | None = None
    copies: Copies | None = None
    item: OpenItem | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
