"""What can be done to payments and credits: recorded, applied, taken back, refunded, voided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import strawberry

from ledger import ids
from ledger.documents import DocumentKind
from ledger.open_items import Side
from ledger.paying import DraftDeduction, DraftPayment
from resolvers import settlements as decisions
from resolvers.books import Command
from resolvers.settlements import DraftApplication
from schema.applications import ApplicationNode, written_application
from schema.document_inputs import day_of
from schema.enums import Direction
from schema.nodes import normal
from schema.operation import mutation
from schema.payments import PaymentNode, written_payment
from schema.scalars import DecimalText, Json


@strawberry.input(description="What settles a part without money: a discount, a fee, a write-off.")
class DeductionInput:
    """A deduction as a caller gives it."""

    account_id: strawberry.ID
    amount: DecimalText
    description: str | None = None


@strawberry.input(description="How much of a payment goes to which document.")
class ApplicationInput:
    """An application as a caller gives it."""

    document_id: strawberry.ID
    amount: DecimalText | None = strawberry.field(
        default=None, description="Else as much as is due, or left."
    )


def _deductions(given: Sequence[DeductionInput] | None) -> list[DraftDeduction]:
    return [
        DraftDeduction(ids.normalise("act_", each.account_id), each.amount, each.description)
        for each in given or ()
    ]


def _short_form(
    kind: DocumentKind, document_id: str, draft: DraftPayment, *, allow_overpayment: bool
) -> Command:
    key = ids.normalise(kind.prefix, document_id)
    return decisions.record_payment(key, kind, draft, allow_overpayment=allow_overpayment)


@mutation(PaymentNode, result=written_payment)
def record_invoice_payment(
    invoice_id: strawberry.ID,
    amount: DecimalText,
    payment_date: datetime,
    payment_method: str | None = None,
    account_id: strawberry.ID | None = None,
    exchange_rate: DecimalText | None = None,
    deductions: list[DeductionInput] | None = None,
    reference: str | None = None,
    notes: str | None = None,
    allow_overpayment: bool = False,
    external_id: str | None = None,
    metadata: Json | None = None,
) -> Command:
    """Record a customer's payment of an invoice: Dr bank, Cr receivable. More than is due is
    refused unless `allowOverpayment`: then the rest stays the contact's credit.
    """
    draft = DraftPayment(
        side=Side.RECEIVABLE,
        direction=Direction.RECEIVED,
        contact_id="",
        currency="",
        date=payment_date.date(),
        amount=amount,
        account_id=normal("act_", account_id),
        exchange_rate=exchange_rate,
        deductions=_deductions(deductions),
        method=payment_method,
        reference=reference,
        notes=notes,
        external_id=external_id,
        metadata=metadata,
    )
    kind = DocumentKind.INVOICE
    return _short_form(kind, invoice_id, draft, allow_overpayment=allow_overpayment)


@mutation(PaymentNode, result=written_payment)
def record_bill_payment(
    bill_id: strawberry.ID,
    amount: DecimalText,
    payment_date: datetime,
    payment_method: str | None = None,
    account_id: strawberry.ID | None = None,
    exchange_rate: DecimalText | None = None,
    deductions: list[DeductionInput] | None = None,
    reference: str | None = None,
    notes: str | None = None,
    allow_overpayment: bool = False,
    external_id: str | None = None,
    metadata: Json | None = None,
) -> Command:
    """Record our payment of a bill: Dr payable, Cr bank. More than is due is refused unless
    `allowOverpayment`: then the rest stays our credit with the vendor.
    """
    draft = DraftPayment(
        side=Side.PAYABLE,
        direction=Direction.PAID,
        contact_id="",
        currency="",
        date=payment_date.date(),
        amount=amount,
        account_id=normal("act_", account_id),
        exchange_rate=exchange_rate,
        deductions=_deductions(deductions),
        method=payment_method,
        reference=reference,
        notes=notes,
        external_id=external_id,
        metadata=metadata,
    )
    kind = DocumentKind.BILL
    return _short_form(kind, bill_id, draft, allow_overpayment=allow_overpayment)


@mutation(PaymentNode, result=written_payment)
def create_payment(
    contact_id: strawberry.ID,
    direction: Direction,
    amount: DecimalText,
    payment_date: datetime,
    currency: str | None = None,
    side: Side | None = None,
    payment_method: str | None = None,
    account_id: strawberry.ID | None = None,
    exchange_rate: DecimalText | None = None,
    deductions: list[DeductionInput] | None = None,
    applications: list[ApplicationInput] | None = None,
    reference: str | None = None,
    notes: str | None = None,
    category_id: strawberry.ID | None = None,
    external_id: str | None = None,
    metadata: Json | None = None,
) -> Command:
    """Record money from a contact or to one, against any number of its documents. What is not
    applied is kept as its credit (an advance, an overpayment). `side` is RECEIVABLE for money
    received and PAYABLE for money paid, unless it is said: then the payment is a refund.
    """
    usual = Side.RECEIVABLE if direction is Direction.RECEIVED else Side.PAYABLE
    draft = DraftPayment(
        side=side or usual,
        direction=direction,
        contact_id=ids.normalise("con_", contact_id),
        currency=currency or "",
        date=payment_date.date(),
        amount=amount,
        account_id=normal("act_", account_id),
        exchange_rate=exchange_rate,
        deductions=_deductions(deductions),
        method=payment_method,
        reference=reference,
        notes=notes,
        category_id=normal("cat_", category_id),
        external_id=external_id,
        metadata=metadata,
    )
    applied = [
        DraftApplication(_open_id(each.document_id), each.amount) for each in applications or ()
    ]
    return decisions.create_payment(draft, applied)


_OPEN = ("inv_", "bil_", "crn_", "pay_", "jnl_", "led_")


def _open_id(given: str) -> str:
    """The id of an open item of any kind, as it is stored."""
    prefix = given[:4].lower()
    if prefix == "led_":
        return ids.normalise("jnl_", given, "led_")
    return ids.normalise(prefix if prefix in _OPEN else "inv_", given)


@mutation(ApplicationNode, result=written_application)
def apply_credit(
    credit_id: strawberry.ID,
    document_id: strawberry.ID,
    amount: DecimalText | None = None,
    date: datetime | None = None,
) -> Command:
    """Set a credit (a payment `pay_`, a credit note `crn_`, an entry `jnl_` with a contact) against
    what is owed (an invoice, a bill, a refund, an entry). Without an amount as much as possible;
    the date is no earlier than either.
    """
    return decisions.apply(_open_id(credit_id), _open_id(document_id), amount, day_of(date))


@mutation(ApplicationNode, result=written_application)
def unapply_credit(id: strawberry.ID, date: datetime | None = None) -> Command:
    """Take an application back, as of a date (default today): both sides are open again."""
    return decisions.unapply(ids.normalise("app_", id), day_of(date))


@mutation(PaymentNode, result=written_payment)
def refund_credit(
    credit_id: strawberry.ID,
    amount: DecimalText,
    payment_date: datetime,
    payment_method: str | None = None,
    account_id: strawberry.ID | None = None,
    exchange_rate: DecimalText | None = None,
    reference: str | None = None,
    notes: str | None = None,
    external_id: str | None = None,
) -> Command:
    """Pay a credit note or an unapplied payment back: money the other way, against which the credit
    is set.
    """
    draft = DraftPayment(
        side=Side.RECEIVABLE,
        direction=Direction.PAID,
        contact_id="",
        currency="",
        date=payment_date.date(),
        amount=amount,
        account_id=normal("act_", account_id),
        exchange_rate=exchange_rate,
        method=payment_method,
        reference=reference,
        notes=notes,
        external_id=external_id,
    )
    return decisions.refund(_open_id(credit_id), draft)


@mutation(PaymentNode, result=written_payment)
def void_payment(
    id: strawberry.ID, reason: str | None = None, voided_on: datetime | None = None
) -> Command:
    """Void a payment: its applications are taken back and its transaction is reversed, on the date
    given, else today.
    """
    return decisions.void_payment(ids.normalise("pay_", id), on=day_of(voided_on), reason=reason)
