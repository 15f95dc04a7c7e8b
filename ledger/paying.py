"""Paying: recording money from or to a contact, and voiding that.

What settles documents (received from a customer, paid to a vendor) makes the control account
shrink; a refund makes it grow. It is posted at once (see `payment_entries`) and is an open item,
the contact's credit, until it is set against something.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ledger import posting, texts
from ledger.accounts import Account, AccountStatus, Subtype
from ledger.chart import Chart
from ledger.contacts import Contact
from ledger.converting import in_base, rate_of
from ledger.currencies import Currency
from ledger.currencies import currency as known_currency
from ledger.dates import require_business_date
from ledger.errors import LedgerError, Reason, at
from ledger.money import MAX_AMOUNT, allot, amount_text, parse_amount
from ledger.open_items import OpenItem, Side
from ledger.organizations import Organization
from ledger.payment_entries import post_payment
from ledger.payments import Deduction, Direction, Payment
from ledger.references import require_default_account
from ledger.settling import Occasion, end, ending_day
from ledger.transactions import Transaction

MOST_DEDUCTIONS = 20
Number = str | int | Decimal


@dataclass(frozen=True, slots=True)
class DraftDeduction:
    """What a caller says of a deduction."""

    account_id: str
    amount: Number
    description: str | None = None


@dataclass(frozen=True, slots=True)
class DraftPayment:
    """What a caller says of a payment; amounts and rate as they came, unparsed.

    An empty `currency` is that of the contact, else of the organization.
    """

    side: Side
    direction: Direction
    contact_id: str
    date: date
    amount: Number
    currency: str
    account_id: str | None = None
    exchange_rate: Number | None = None
    deductions: Sequence[DraftDeduction] = ()
    method: str | None = None
    reference: str | None = None
    notes: str | None = None
    category_id: str | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] | None = None


def record(
    occasion: Occasion, contact: Contact, draft: DraftPayment, *, ids: tuple[str, str]
) -> tuple[Payment, Transaction]:
    """A payment and its posted transaction, which take these two ids."""
    organization, chart = occasion.organization, occasion.chart
    require_business_date(draft.date)
    code = draft.currency or contact.currency or organization.base_currency
    currency = at("currency", known_currency, code)
    account = paying_account(organization, chart, draft.account_id)
    amount = at("amount", parse_amount, draft.amount, currency)
    deductions = _deductions(chart, draft.deductions, currency)
    amounts = [amount, *(deduction.amount for deduction in deductions)]
    _require_possible(sum(amounts), currency)
    rate = rate_of(organization, currency, draft.exchange_rate)
    base_total = in_base(organization, sum(amounts), currency, rate)
    parts = allot(base_total, amounts)
    payment = Payment(
        organization_id=organization.id,
        id=ids[0],
        side=draft.side,
        direction=draft.direction,
        contact_id=contact.id,
        date=draft.date,
        currency=currency.code,
        amount=amount,
        base_amount=parts[0],
        account_id=account.id,
        transaction_id=ids[1],
        item=_opened(occasion, contact, draft, ids[0], (currency, sum(amounts), base_total)),
        created_at=occasion.moment,
        updated_at=occasion.moment,
        exchange_rate=rate,
        deductions=deductions,
        method=texts.clean_optional(draft.method, "paymentMethod", texts.REFERENCE_LENGTH),
        reference=texts.clean_optional(draft.reference, "reference", texts.REFERENCE_LENGTH),
        notes=texts.clean_optional(draft.notes, "notes", texts.DESCRIPTION_LENGTH),
        external_id=texts.clean_optional(draft.external_id, "externalId", texts.NAME_LENGTH),
        metadata=texts.clean_metadata(draft.metadata),
    )
    return payment, post_payment(occasion, payment, parts, draft.category_id)


def _opened(
    occasion: Occasion,
    contact: Contact,
    draft: DraftPayment,
    payment_id: str,
    figures: tuple[Currency, int, int],
) -> OpenItem:
    """The open item of a payment: its currency, and what it comes to in that and in base."""
    currency, total, base_total = figures
    sign = -1 if settles(draft.side, draft.direction) else 1
    return OpenItem(
        organization_id=occasion.organization.id,
        id=payment_id,
        side=draft.side,
        contact_id=contact.id,
        date=draft.date,
        document_date=draft.date,
        currency=currency.code,
        amount=sign * total,
        base_amount=sign * base_total,
        open_amount=sign * total,
        open_base=sign * base_total,
        created_at=occasion.moment,
        touched_on=draft.date,
    )


def void(
    occasion: Occasion,
    payment: Payment,
    transaction: Transaction,
    *,
    day: date | None,
    reason: str | None,
    reversal_id: str,
) -> tuple[Payment, Transaction, Transaction]:
    """The payment as voided, its transaction as reversed, and the reversal.

    `transaction` is what `record` gave. Without a day it is today, or the first on which it can
    be. Raises `wrong_status`, `applied` unless its applications were taken back, `invalid_date` or
    `period_locked`.
    """
    if payment.voided_on is not None:
        raise LedgerError(
            Reason.WRONG_STATUS,
            f"Payment {payment.id} was voided already, on {payment.voided_on}.",
            "Nothing is left to do.",
            {"payment_id": payment.id},
            "id",
        )
    latest = max(payment.date, payment.item.touched_on or payment.date)
    day = require_business_date(day or ending_day(occasion, latest))
    item = end(payment.item, day)
    occasion.organization.require_open(day)
    reversed_, reversal = posting.reverse(
        occasion.organization,
        occasion.chart,
        transaction,
        reversal_id=reversal_id,
        now=occasion.moment,
        on=day,
        reason=reason,
    )
    voided = replace(
        payment,
        item=item,
        voided_on=day,
        voiding_transaction_id=reversal.id,
        void_reason=reversal.reversal_reason,
        updated_at=occasion.moment,
        version=payment.version + 1,
    )
    return voided, reversed_, reversal


def settles(side: Side, direction: Direction) -> bool:
    """Whether such a payment makes the control account shrink; else it is a refund."""
    return (side is Side.RECEIVABLE) == (direction is Direction.RECEIVED)


def settling_direction(side: Side) -> Direction:
    """Which way money goes that settles what is owed."""
    return Direction.RECEIVED if side is Side.RECEIVABLE else Direction.PAID


def paying_account(organization: Organization, chart: Chart, given: str | None) -> Account:
    """The account that money goes to or comes from; a control account cannot be it.

    The one given, else the organization's payment account, else its first active bank or
    cash account by code.
    """
    chosen = given or organization.documents.payment_account_id
    if chosen is not None:
        return _usable(chart, chosen)
    accounts = sorted(chart.by_id.values(), key=lambda account: account.code)
    for subtype in (Subtype.BANK, Subtype.CASH):
        for account in accounts:
            if account.subtype is subtype and account.status is AccountStatus.ACTIVE:
                return account
    raise LedgerError(
        Reason.INVALID_VALUE,
        "It is not said which account the money goes to or comes from.",
        "Give accountId, or set the organization's paymentAccountId.",
        field="accountId",
    )


def _usable(chart: Chart, account_id: str) -> Account:
    """An account that a payment can move: active, and no control account.

    An entry of its own on a control account would be no open item: the two would never agree.
    """
    require_default_account(chart, account_id, "accountId")
    account = chart.by_id[account_id]
    account.require_active("accountId")
    return account


def _require_possible(total: int, currency: Currency) -> None:
    if total <= MAX_AMOUNT:
        return
    maximum = amount_text(MAX_AMOUNT, currency)
    raise LedgerError(
        Reason.INVALID_AMOUNT,
        f"The payment and its deductions come to more than {maximum} {currency.code} in all.",
        "Check the amounts, or divide the payment.",
        {"currency": currency.code, "maximum": maximum},
        "deductions",
    )


def _deductions(
    chart: Chart, given: Sequence[DraftDeduction], currency: Currency
) -> tuple[Deduction, ...]:
    if len(given) > MOST_DEDUCTIONS:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS,
            f"A payment has at most {MOST_DEDUCTIONS} deductions, not {len(given)}.",
            "Put some of them together.",
            {"limit": MOST_DEDUCTIONS},
            "deductions",
        )
    return tuple(
        at(f"deductions[{index}]", _deduction, chart, deduction, currency)
        for index, deduction in enumerate(given)
    )


def _deduction(chart: Chart, given: DraftDeduction, currency: Currency) -> Deduction:
    return Deduction(
        _usable(chart, given.account_id).id,
        at("amount", parse_amount, given.amount, currency),
        texts.clean_optional(given.description, "description", texts.DESCRIPTION_LENGTH),
    )
