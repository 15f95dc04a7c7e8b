"""The entries of a payment: what recording it posts.

    received from a customer   Dr money, deductions    Cr receivable
    paid to a vendor           Dr payable              Cr money, deductions
    refunded to a customer     Dr receivable           Cr money, deductions
    refunded by a vendor       Dr money, deductions    Cr payable

Deductions settle without money: a discount, a fee, a withholding stands beside the bank account.
An account that is kept in base currency takes a foreign payment in base currency, at its rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ledger import posting
from ledger.accounts import EntryType
from ledger.currencies import CURRENCIES
from ledger.drafting import draw_up
from ledger.errors import LedgerError, Reason
from ledger.money import amount_text
from ledger.open_items import Side
from ledger.payments import Payment
from ledger.settling import Occasion
from ledger.transactions import Draft, DraftEntry, Transaction


def post_payment(
    occasion: Occasion, payment: Payment, parts: Sequence[int], category_id: str | None
) -> Transaction:
    """Post a payment: `parts` are base amounts of the money and of each deduction, in this order.

    They are what the payment's rate makes of the whole, allotted by largest remainder.
    """
    settling = payment.item.amount < 0
    way = "from customer" if payment.side is Side.RECEIVABLE else "to vendor"
    draft = Draft(
        description=f"Payment {way}" if settling else f"Refund of a payment {way}",
        date=payment.date,
        entries=_entries(occasion, payment, parts),
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


def _entries(occasion: Occasion, payment: Payment, parts: Sequence[int]) -> list[DraftEntry]:
    """The entries, the debits first."""
    own = occasion.organization.base_currency
    account = occasion.chart.by_id[payment.account_id]
    in_own = payment.currency != own and account.currency == own
    grows = payment.side.grows_by
    control_side = grows.opposite if payment.item.amount < 0 else grows
    side = control_side.opposite
    # Only beside an entry in base currency are base amounts said; else they are derived alike.
    bases = list(parts) if in_own else [0] * len(parts)
    control_id = occasion.chart.by_role[payment.side.role].id
    control = _entry(
        occasion, payment, control_id, control_side, abs(payment.item.amount), sum(bases)
    )
    money = (
        _in_own(occasion, payment, side, parts[0])
        if in_own
        else _entry(occasion, payment, account.id, side, payment.amount, 0)
    )
    deductions = [
        replace(
            _entry(occasion, payment, deduction.account_id, side, deduction.amount, base),
            description=deduction.description,
        )
        for deduction, base in zip(payment.deductions, bases[1:], strict=True)
    ]
    others = [money, *deductions]
    return [control, *others] if control_side is EntryType.DEBIT else [*others, control]


def _entry(
    occasion: Occasion, payment: Payment, account_id: str, side: EntryType, amount: int, base: int
) -> DraftEntry:
    """An entry in the payment's currency; a base amount of 0 is left to be derived."""
    own = CURRENCIES[occasion.organization.base_currency]
    return DraftEntry(
        account_id,
        side,
        amount_text(amount, CURRENCIES[payment.currency]),
        payment.currency,
        payment.exchange_rate,
        amount_text(base, own) if base else None,
    )


def _in_own(occasion: Occasion, payment: Payment, side: EntryType, base: int) -> DraftEntry:
    """The money in base currency; an amount of nothing cannot be posted."""
    own = CURRENCIES[occasion.organization.base_currency]
    if base:
        return DraftEntry(payment.account_id, side, amount_text(base, own), own.code)
    account = occasion.chart.by_id[payment.account_id]
    given = amount_text(payment.amount, CURRENCIES[payment.currency])
    raise LedgerError(
        Reason.INVALID_AMOUNT,
        f"At the rate given, {given} {payment.currency} are worth less than "
        f"{amount_text(1, own)} {own.code}, and account {account.code} is kept in {own.code}.",
        f"Check the amount and the exchange rate, or choose an account in {payment.currency}.",
        {"account_id": account.id, "currency": own.code},
        "amount",
    )
