"""Paying: recording money from or to a contact, and voiding that.

What settles documents (received from a customer, paid to a vendor) makes the control account
shrink; a refund makes it grow. Deductions settle without money: they stand beside the bank
account. An account kept in base currency takes a foreign payment in base currency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from ledger import posting, texts
from ledger.accounts import Account, EntryType, Subtype
from ledger.chart import Chart
from ledger.contacts import Contact
from ledger.currencies import CURRENCIES, Currency
from ledger.currencies import currency as known_currency
from ledger.dates import require_business_date
from ledger.drafting import draw_up
from ledger.errors import LedgerError, Reason, at
from ledger.money import MAX_AMOUNT, allot, amount_text, convert, parse_amount, parse_rate
from ledger.open_items import OpenItem, Side
from ledger.organizations import Organization
from ledger.payments import Deduction, Direction, Payment
from ledger.settling import Occasion, end, ending_day
from ledger.transactions import Draft, DraftEntry, Transaction

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
    """What a caller says of a payment; amounts and rate as they came, unparsed."""

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
    currency = at("currency", known_currency, draft.currency)
    account = paying_account(organization, chart, draft.account_id)
    amount = at("amount", parse_amount, draft.amount, currency)
    deductions = _deductions(chart, draft.deductions, currency)
    rate = rate_of(organization, currency, draft.exchange_rate)
    total = amount + sum(deduction.amount for deduction in deductions)
    base_total = in_base(organization, total, currency, rate)
    parts = allot(base_total, [amount, *(deduction.amount for deduction in deductions)])
    sign = -1 if settles(draft.side, draft.direction) else 1
    item = OpenItem(
        organization_id=organization.id,
        id=ids[0],
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
        item=item,
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
    transaction = _posted(occasion, payment, parts, draft.category_id)
    return payment, transaction


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

    Its applications must have been taken back.
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
    """The account that money goes to or comes from.

    The one given, else the organization's payment account, else its first active bank or
    cash account by code.
    """
    chosen = given or organization.documents.payment_account_id
    if chosen is not None:
        account = chart.find(chosen, "accountId")
        account.require_active("accountId")
        return account
    for subtype in (Subtype.BANK, Subtype.CASH):
        accounts = (a for a in sorted(chart.by_id.values(), key=lambda a: a.code))
        for account in accounts:
            if account.subtype is subtype and account.status.value == "active":
                return account
    raise LedgerError(
        Reason.INVALID_VALUE,
        "It is not said which account the money goes to or comes from.",
        "Give accountId, or set the organization's paymentAccountId.",
        field="accountId",
    )


def rate_of(organization: Organization, currency: Currency, given: Number | None) -> Decimal | None:
    """The exchange rate of a foreign amount, None for the base currency."""
    base = organization.base_currency
    rate = None if given is None else at("exchangeRate", parse_rate, given)
    if currency.code == base:
        if rate in {None, Decimal(1)}:
            return None
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"An amount in {base}, the organization's own currency, has no exchange rate.",
            "Leave out exchangeRate, or give the foreign currency.",
            field="exchangeRate",
        )
    if rate is None:
        raise LedgerError(
            Reason.MISSING_RATE,
            f"The amount is in {currency.code} and the books are in {base}: it needs a rate.",
            f"Give exchangeRate ({base} for one {currency.code}).",
            {"currency": currency.code, "base_currency": base},
            "exchangeRate",
        )
    return rate


def in_base(
    organization: Organization, amount: int, currency: Currency, rate: Decimal | None
) -> int:
    """An amount in base currency, by the rate of its document or payment."""
    if rate is None:
        return amount
    base_amount = convert(amount, rate, currency, CURRENCIES[organization.base_currency])
    if base_amount <= MAX_AMOUNT:
        return base_amount
    raise LedgerError(
        Reason.INVALID_AMOUNT,
        "In base currency the amount is more than can be kept.",
        "Check the exchange rate.",
        field="exchangeRate",
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
    account = chart.find(given.account_id, "accountId")
    account.require_active("accountId")
    return Deduction(
        account.id,
        at("amount", parse_amount, given.amount, currency),
        texts.clean_optional(given.description, "description", texts.DESCRIPTION_LENGTH),
    )


def _posted(
    occasion: Occasion, payment: Payment, parts: Sequence[int], category_id: str | None
) -> Transaction:
    """The payment's transaction: `parts` are its base amounts, the money's first."""
    settling = settles(payment.side, payment.direction)
    grows = payment.side.grows_by
    control_side = grows.opposite if settling else grows
    control = occasion.chart.by_role[payment.side.role]
    item = payment.item
    entries = [_entry(occasion, payment, control.id, control_side, abs(item.amount), sum(parts))]
    entries.append(_money(occasion, payment, control_side.opposite, parts[0]))
    for deduction, base in zip(payment.deductions, parts[1:], strict=True):
        of = (deduction.account_id, control_side.opposite, deduction.amount)
        entry = _entry(occasion, payment, *of, base)
        entries.append(replace(entry, description=deduction.description))
    if control_side is EntryType.CREDIT:
        entries.append(entries.pop(0))
    way = "from customer" if payment.side is Side.RECEIVABLE else "to vendor"
    draft = Draft(
        description=f"Payment {way}" if settling else f"Refund of a payment {way}",
        date=payment.date,
        entries=entries,
        currency=payment.currency,
        reference=payment.reference,
        payment_method=payment.method,
        contact_id=payment.contact_id,
        category_id=category_id,
    )
    drawn = draw_up(
        occasion.organization, occasion.chart, draft, payment.transaction_id, occasion.moment
    )
    posted = posting.post(occasion.organization, occasion.chart, drawn, occasion.moment)
    return replace(posted, source_id=payment.id)


def _entry(
    occasion: Occasion, payment: Payment, account_id: str, side: EntryType, amount: int, base: int
) -> DraftEntry:
    currency, own = CURRENCIES[payment.currency], CURRENCIES[occasion.organization.base_currency]
    if payment.exchange_rate is None:
        return DraftEntry(account_id, side, amount_text(amount, currency), currency.code)
    return DraftEntry(
        account_id,
        side,
        amount_text(amount, currency),
        currency.code,
        payment.exchange_rate,
        amount_text(base, own),
    )


def _money(occasion: Occasion, payment: Payment, side: EntryType, base: int) -> DraftEntry:
    """The entry of the bank account: in base currency, if the account is kept in that."""
    own = occasion.organization.base_currency
    account = occasion.chart.by_id[payment.account_id]
    if payment.exchange_rate is not None and account.currency == own:
        return DraftEntry(account.id, side, amount_text(base, CURRENCIES[own]), own)
    return _entry(occasion, payment, account.id, side, payment.amount, base)
