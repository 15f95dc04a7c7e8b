"""Settling: setting a credit against what is owed, and taking that back.

A payment, a credit note or a direct entry (negative on its control account) is applied to an
invoice, a bill, a refund or a direct entry (positive). Both were posted already, so in the base
currency an application posts nothing: it moves what is open. When the two were carried at
different rates, the control account would keep the difference for ever: it is posted as realized
exchange gain or loss on the date of the application, and turned round when that is taken back.
Even at one rate the parts of an amount may be rounded otherwise than the whole, by a unit or two.

No application is dated before the day on which an earlier one of either item was taken back: on
the days between, both would count, and more would be settled than there was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from ledger import posting
from ledger.accounts import EntryType, Role
from ledger.carrying import carried, moved
from ledger.chart import Chart
from ledger.currencies import CURRENCIES
from ledger.dates import require_business_date
from ledger.drafting import draw_up
from ledger.errors import LedgerError, Reason
from ledger.money import amount_text
from ledger.open_items import Application, OpenItem
from ledger.organizations import Organization
from ledger.transactions import Draft, DraftEntry, Transaction


@dataclass(frozen=True, slots=True)
class Occasion:
    """Whose books something happens in, with which accounts, and when."""

    organization: Organization
    chart: Chart
    moment: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """Both items afterwards, the application, and the exchange difference if there is one."""

    from_item: OpenItem
    to_item: OpenItem
    application: Application
    difference: Transaction | None


def apply_credit(
    occasion: Occasion,
    from_item: OpenItem,
    to_item: OpenItem,
    *,
    amount: int,
    day: date,
    ids: tuple[str, str],
) -> Settled:
    """Set `amount` of a credit against what is owed; `ids` are for application and difference.

    Raises `not_applicable`, `overpayment` (also when nothing is left, or `amount` is nothing),
    `invalid_date` or `period_locked`.
    """
    _require_a_pair(from_item, to_item)
    _require_enough(from_item, to_item, amount)
    _require_day(occasion.organization, day, from_item, to_item)
    application = Application(
        organization_id=to_item.organization_id,
        id=ids[0],
        side=to_item.side,
        contact_id=to_item.contact_id,
        from_id=from_item.id,
        to_id=to_item.id,
        date=day,
        currency=to_item.currency,
        amount=amount,
        from_base=carried(from_item, amount),
        to_base=carried(to_item, amount),
        created_at=occasion.moment,
    )
    difference = _difference(occasion, application, ids[1])
    if difference is not None:
        application = replace(application, transaction_id=difference.id)
    return Settled(
        moved(from_item, application), moved(to_item, application), application, difference
    )


def take_back(
    occasion: Occasion,
    application: Application,
    from_item: OpenItem,
    to_item: OpenItem,
    *,
    difference: Transaction | None,
    day: date | None,
    reversal_id: str,
) -> tuple[Settled, Transaction | None]:
    """Undo an application as of `day` (default: today, or its own date if that is later).

    Gives both items and the application afterwards; its exchange difference as reversed, and
    the reversal. `difference` is what `apply_credit` gave.
    """
    if (application.transaction_id is None) is not (difference is None):
        raise ValueError("An application is taken back together with its exchange difference.")
    if application.ended_on is not None:
        raise LedgerError(
            Reason.WRONG_STATUS,
            f"Application {application.id} was taken back already, on {application.ended_on}.",
            "Nothing is left to do.",
            {"application_id": application.id},
            "id",
        )
    day = require_business_date(day or ending_day(occasion, application.date))
    if day < application.date:
        raise _too_early("An application", application.date, day)
    occasion.organization.require_open(day)
    reversed_difference = reversal = None
    if difference is not None:
        reversed_difference, reversal = posting.reverse(
            occasion.organization,
            occasion.chart,
            difference,
            reversal_id=reversal_id,
            now=occasion.moment,
            on=day,
        )
    ended = replace(
        application, ended_on=day, ending_transaction_id=reversal.id if reversal else None
    )
    settled = Settled(
        moved(from_item, ended, back=True),
        moved(to_item, ended, back=True),
        ended,
        reversed_difference,
    )
    return settled, reversal


def end(item: OpenItem, day: date) -> OpenItem:
    """The item when its transaction is reversed on `day`: nothing may be applied any more."""
    if item.open_amount != item.amount:
        raise LedgerError(
            Reason.APPLIED,
            f"{shown(abs(item.amount - item.open_amount), item.currency)} of it are settled.",
            "Take back its applications (unapplyCredit) or void its payments (voidPayment) first.",
            {"item_id": item.id, "applied": _text(abs(item.amount - item.open_amount), item)},
            "id",
        )
    if day < max(item.date, item.touched_on or item.date):
        raise _too_early("It", max(item.date, item.touched_on or item.date), day)
    return replace(item, open_amount=0, open_base=0, ended_on=day, next_due=None, touched_on=day)


def ending_day(occasion: Occasion, earliest: date) -> date:
    """The day on which something is undone unless another is given: today, or later if need be."""
    return max(occasion.organization.today(occasion.moment), earliest)


def earliest_day(*items: OpenItem) -> date:
    """The first day on which items may be set against each other."""
    return max(max(item.date, item.freed_on or item.date) for item in items)


def shown(amount: int, currency: str) -> str:
    """An amount as messages show it."""
    return f"{amount_text(amount, CURRENCIES[currency])} {currency}"


def _text(amount: int, item: OpenItem) -> str:
    return amount_text(amount, CURRENCIES[item.currency])


def _require_a_pair(from_item: OpenItem, to_item: OpenItem) -> None:
    problem = None
    if from_item.amount > 0:
        problem = "it is no credit"
    elif to_item.amount < 0:
        problem = "what it would be set against is a credit too"
    elif from_item.side is not to_item.side:
        problem = f"it is {from_item.side.value}, and what it would be set against is not"
    elif from_item.contact_id != to_item.contact_id:
        problem = "it belongs to another contact"
    elif from_item.currency != to_item.currency:
        problem = f"it is in {from_item.currency}, not in {to_item.currency}"
    if problem is not None:
        raise LedgerError(
            Reason.NOT_APPLICABLE,
            f"{from_item.id} cannot be applied to {to_item.id}: {problem}.",
            "Choose a payment, credit note or direct entry of the same contact and currency.",
            {"from_id": from_item.id, "to_id": to_item.id},
        )


def _require_enough(from_item: OpenItem, to_item: OpenItem, amount: int) -> None:
    if amount <= 0:
        raise LedgerError(
            Reason.OVERPAYMENT,
            f"Nothing is left to settle between {from_item.id} and {to_item.id}.",
            "Look at what is open of both; to keep a payment as credit, use createPayment.",
            {"from_id": from_item.id, "to_id": to_item.id},
            "amount",
        )
    if amount > to_item.open_amount:
        raise overpaid(to_item, amount)
    if amount > -from_item.open_amount:
        left = shown(-from_item.open_amount, from_item.currency)
        raise LedgerError(
            Reason.OVERPAYMENT,
            f"Of {from_item.id} only {left} are left to apply.",
            f"Apply at most {left}.",
            {"from_id": from_item.id, "left": _text(-from_item.open_amount, from_item)},
            "amount",
        )


def overpaid(item: OpenItem, amount: int) -> LedgerError:
    """The refusal of more than is due, which says how much that is."""
    due = shown(item.open_amount, item.currency)
    return LedgerError(
        Reason.OVERPAYMENT,
        f"{shown(amount, item.currency)} are more than the {due} that are due.",
        f"Pay at most {due}; to keep the rest as the contact's credit, allow an overpayment "
        "(`allowOverpayment: true`, or `createPayment`).",
        {"amount_due": _text(item.open_amount, item), "currency": item.currency},
        "amount",
    )


def _require_day(organization: Organization, day: date, *items: OpenItem) -> None:
    require_business_date(day)
    earliest = earliest_day(*items)
    if day < earliest:
        raise _too_early("An application", earliest, day)
    organization.require_open(day)


def _too_early(what: str, earliest: date, day: date) -> LedgerError:
    return LedgerError(
        Reason.INVALID_DATE,
        f"{what} cannot be dated {day}, before {earliest}.",
        f"Use {earliest} or a later date.",
        {"earliest": str(earliest), "date": str(day)},
        "date",
    )


def _difference(
    occasion: Occasion, application: Application, transaction_id: str
) -> Transaction | None:
    """The realized gain or loss, which brings the control account to what is still open."""
    difference = application.from_base - application.to_base
    if difference == 0:
        return None
    grows = application.side.grows_by
    control = grows if difference > 0 else grows.opposite
    role = Role.EXCHANGE_GAIN if control is EntryType.DEBIT else Role.EXCHANGE_LOSS
    base = occasion.organization.base_currency
    amount = amount_text(abs(difference), CURRENCIES[base])
    accounts = occasion.chart.by_role
    entries = [
        DraftEntry(accounts[application.side.role].id, control, amount, base),
        DraftEntry(accounts[role].id, control.opposite, amount, base),
    ]
    draft = Draft(
        description=f"Realized exchange {'gain' if role is Role.EXCHANGE_GAIN else 'loss'}",
        date=application.date,
        entries=entries if control is EntryType.DEBIT else entries[::-1],
        contact_id=application.contact_id,
    )
    drawn = draw_up(occasion.organization, occasion.chart, draft, transaction_id, occasion.moment)
    posted = posting.post(occasion.organization, occasion.chart, drawn, occasion.moment)
    return replace(posted, source_id=application.id)
