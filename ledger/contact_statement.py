"""A contact's statement: what moved between two days, and what was open before and after.

The balance is in the base currency, and so is part of the control account's own. An application
moves nothing between a contact and us; but where its two items carry the same foreign amount at
different rates, their open amounts together change by `from_base - to_base`, which is the
realized exchange difference that was posted with it. It is a movement of its own, so that the
last balance is exactly what the contact's items had open at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ledger.aging import Standing, standings
from ledger.open_items import Application, Day, OpenItem, Side

_ONE_DAY = timedelta(days=1)
_POSTED, _DIFFERED, _REVERSED = range(3)


class MovementKind(StrEnum):
    """What moved a contact's balance; all but the last are kinds of open items."""

    INVOICE = "invoice"
    BILL = "bill"
    CREDIT_NOTE = "credit_note"
    VENDOR_CREDIT = "vendor_credit"
    PAYMENT = "payment"
    REFUND = "refund"
    ENTRY = "entry"
    EXCHANGE_DIFFERENCE = "exchange_difference"


@dataclass(frozen=True, slots=True)
class Label:
    """What an open item is called: what it is, its number or reference, what it is about."""

    kind: MovementKind
    number: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Movement:
    """What changed on a day: `amount` in `currency`, `base_amount` in base, and what that made.

    Signed as open items are, in minor units. `balance` is in base, after the movement. An
    exchange difference has no amount in its currency and the label of the item paid;
    `application_id` names what it arose from. With `is_reversal` the movement takes back an
    earlier one: a cancelled document, a voided payment, an application taken back.
    """

    date: Day
    kind: MovementKind
    item_id: str
    number: str | None
    description: str | None
    currency: str
    amount: int
    base_amount: int
    balance: int = 0
    application_id: str | None = None
    is_reversal: bool = False


@dataclass(frozen=True, slots=True)
class CurrencyBalance:
    """What was open in one currency before the period and at its end, and that in base."""

    currency: str
    opening: int
    opening_base: int
    closing: int
    closing_base: int


@dataclass(frozen=True, slots=True)
class ContactStatement:
    """The movements of a contact on one side between two days, both included.

    `opening` and `closing` are in base, positive when the contact owes us (receivable) or we
    owe it (payable). `currencies` are those in which anything was open or moved, by code; their
    base amounts sum to the two balances.
    """

    side: Side
    contact_id: str
    begin: Day
    end: Day
    opening: int
    movements: tuple[Movement, ...]
    closing: int
    currencies: tuple[CurrencyBalance, ...]


def contact_statement(
    side: Side,
    contact_id: str,
    items: Iterable[OpenItem],
    applications: Iterable[Application],
    labels: Mapping[str, Label],
    begin: Day,
    end: Day,
) -> ContactStatement:
    """The statement of a contact from `begin` through `end`.

    Items and applications of other contacts and of the other side are left out; each item that
    is the contact's has its label, by id. Movements are in order of date. On one day what was
    posted comes first, then exchange differences and those taken back, and last what was
    reversed; among equals, what was recorded first.
    """
    ours = [each for each in items if (each.side, each.contact_id) == (side, contact_id)]
    applied = [each for each in applications if (each.side, each.contact_id) == (side, contact_id)]
    before = standings(ours, applied, begin - _ONE_DAY)
    after = standings(ours, applied, end)
    opening = balance = sum(each.base_amount for each in before.values())
    movements = []
    for movement in _in_order(ours, applied, labels, begin, end):
        balance += movement.base_amount
        movements.append(replace(movement, balance=balance))
    return ContactStatement(
        side,
        contact_id,
        begin,
        end,
        opening,
        tuple(movements),
        balance,
        _currencies(ours, before, after, {each.currency for each in movements}),
    )


_Place = tuple[Day, int, datetime, str]
"""Where a movement stands among the others."""


def _in_order(
    items: Iterable[OpenItem],
    applications: Iterable[Application],
    labels: Mapping[str, Label],
    begin: Day,
    end: Day,
) -> list[Movement]:
    found = [*_of_items(items, labels), *_of_applications(applications, labels)]
    within = [each for each in found if begin <= each[1].date <= end]
    within.sort(key=lambda each: each[0])
    return [movement for _, movement in within]


def _of_items(
    items: Iterable[OpenItem], labels: Mapping[str, Label]
) -> Iterator[tuple[_Place, Movement]]:
    for item in items:
        label = labels[item.id]
        posted = Movement(
            item.date,
            label.kind,
            item.id,
            label.number,
            label.description,
            item.currency,
            item.amount,
            item.base_amount,
        )
        yield (item.date, _POSTED, item.created_at, item.id), posted
        if item.ended_on is not None:
            place = (item.ended_on, _REVERSED, item.created_at, item.id)
            yield place, _taken_back(posted, item.ended_on)


def _of_applications(
    applications: Iterable[Application], labels: Mapping[str, Label]
) -> Iterator[tuple[_Place, Movement]]:
    for each in applications:
        if each.from_base == each.to_base:
            continue
        label = labels[each.to_id]
        differed = Movement(
            each.date,
            MovementKind.EXCHANGE_DIFFERENCE,
            each.to_id,
            label.number,
            label.description,
            each.currency,
            0,
            each.from_base - each.to_base,
            application_id=each.id,
        )
        yield (each.date, _DIFFERED, each.created_at, each.id), differed
        if each.ended_on is not None:
            place = (each.ended_on, _DIFFERED, each.created_at, each.id)
            yield place, _taken_back(differed, each.ended_on)


def _taken_back(movement: Movement, day: Day) -> Movement:
    return replace(
        movement,
        date=day,
        amount=-movement.amount,
        base_amount=-movement.base_amount,
        is_reversal=True,
    )


def _currencies(
    items: Sequence[OpenItem],
    before: Mapping[str, Standing],
    after: Mapping[str, Standing],
    moved: set[str],
) -> tuple[CurrencyBalance, ...]:
    sums: dict[str, list[int]] = {}
    for item in items:
        opening, closing = before[item.id], after[item.id]
        figures = sums.setdefault(item.currency, [0, 0, 0, 0])
        figures[0] += opening.amount
        figures[1] += opening.base_amount
        figures[2] += closing.amount
        figures[3] += closing.base_amount
    return tuple(
        CurrencyBalance(currency, *figures)
        for currency, figures in sorted(sums.items())
        if currency in moved or any(figures)
    )
