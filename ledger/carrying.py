"""Carrying: what is left of an open item when a part of it is settled, or that is taken back.

A part of an item goes with a part of its base amount, in proportion to what is open of both; the
last part takes the remainder. So an item of which nothing is open has nothing left in base.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from ledger.open_items import Application, OpenItem

_CREDIT_NOTE = "crn_"


def carried(item: OpenItem, amount: int) -> int:
    """What a part of an item is carried at, in base currency, positive; rounded half to even.

    `amount` is positive and at most what is open of the item.
    """
    open_amount, open_base = abs(item.open_amount), abs(item.open_base)
    quotient, remainder = divmod(amount * open_base, open_amount)
    twice = 2 * remainder
    if twice > open_amount or (twice == open_amount and quotient % 2 == 1):
        return quotient + 1
    return quotient


def moved(item: OpenItem, application: Application, *, back: bool = False) -> OpenItem:
    """The item after an application from it or to it, or after that was taken back."""
    is_owed = item.id == application.to_id
    base = application.to_base if is_owed else application.from_base
    sign = (-1 if is_owed else 1) * (-1 if back else 1)
    by_credit_note = is_owed and application.from_id.startswith(_CREDIT_NOTE)
    settled = -application.amount if back else application.amount
    open_amount = item.open_amount + sign * application.amount
    freed = application.ended_on if back else None
    return replace(
        item,
        open_amount=open_amount,
        open_base=item.open_base + sign * base,
        paid=item.paid + (0 if by_credit_note else settled),
        credited=item.credited + (settled if by_credit_note else 0),
        next_due=next_due(item, open_amount),
        touched_on=_latest(item.touched_on, application.date, freed),
        freed_on=_latest(item.freed_on, freed),
    )


def next_due(item: OpenItem, open_amount: int) -> date | None:
    """When the oldest instalment that is not settled is due; they are settled in their order."""
    settled = item.amount - open_amount
    for due in item.dues:
        settled -= due.amount
        if settled < 0:
            return due.date
    return None


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day is not None), default=None)
