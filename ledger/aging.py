"""Aging: what of a control account was open at the end of a day, and for how long.

Open amounts stand in buckets by how many days they are past their date: the due date of each
instalment, or the date written on the document. Credits that are applied to nothing yet have
no age and a column of their own, negative. So, at the end of every day:

    buckets + credits = open items of all contacts
    open items of all contacts + entries that name no contact = balance of the control account
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from operator import attrgetter

from ledger.errors import LedgerError, Reason
from ledger.money import allot
from ledger.open_items import Application, Day, Due, OpenItem, Side

DEFAULT_LIMITS = (30, 60, 90)
"""The last days of the buckets when nobody chooses others; a last bucket is for all over them."""

MOST_LIMITS = 12
"""How many limits a caller can choose."""

LONGEST_LIMIT = 3650
"""The highest limit, in days."""


class AgingBy(StrEnum):
    """The date from which an amount ages."""

    DUE_DATE = "due_date"
    DOCUMENT_DATE = "document_date"


@dataclass(frozen=True, slots=True)
class Standing:
    """What was open of an item at the end of a day, signed as the item's own amounts.

    `amount` is in minor units of the item's currency, `base_amount` of the base currency.
    """

    amount: int
    base_amount: int


NOTHING_OPEN = Standing(0, 0)


@dataclass(frozen=True, slots=True)
class Bucket:
    """The days past its date of what is in it, both included; without `first_day`, not yet due.

    Without `last_day` it is the last bucket, and has no end.
    """

    first_day: int | None
    last_day: int | None


@dataclass(frozen=True, slots=True)
class Ages:
    """Open amounts in minor units of the base currency, by bucket in the order of the report.

    `credits` are those of negative items: payments and credit notes that are not applied.
    """

    buckets: tuple[int, ...]
    credits: int = 0

    @property
    def total(self) -> int:
        """All that is open, less the credits."""
        return sum(self.buckets) + self.credits


@dataclass(frozen=True, slots=True)
class AgingItem:
    """An item of which something was open: `amount` in its own currency, `base_amount` in base.

    `next_due` is the date of its oldest instalment that was not settled; a credit has none.
    """

    item_id: str
    document_date: Day
    next_due: Day | None
    currency: str
    amount: int
    base_amount: int
    ages: Ages


@dataclass(frozen=True, slots=True)
class AgingContact:
    """A contact of which something was open, and what; items by document date, then id."""

    contact_id: str
    ages: Ages
    items: tuple[AgingItem, ...]


@dataclass(frozen=True, slots=True)
class Aging:
    """What was open at the end of a day, by contact in order of id; in the base currency.

    `unassigned` is what direct entries that name no contact make of the control account.
    """

    side: Side
    as_of: Day
    by: AgingBy
    buckets: tuple[Bucket, ...]
    contacts: tuple[AgingContact, ...]
    totals: Ages
    unassigned: int

    @property
    def total(self) -> int:
        """The balance of the control account."""
        return self.totals.total + self.unassigned


def standing(item: OpenItem, applications: Iterable[Application], day: Day) -> Standing:
    """What was open of one item at the end of a day; applications to other items do not matter."""
    return standings([item], applications, day)[item.id]


def standings(
    items: Iterable[OpenItem], applications: Iterable[Application], day: Day
) -> dict[str, Standing]:
    """What was open of each item at the end of a day, by its id.

    An item counts from its date on, until the day before it was reversed; an application brings
    both its items nearer to zero on the days on which it is in force.
    """
    settled: dict[str, list[int]] = {}
    for each in applications:
        if not each.counts_on(day):
            continue
        for item_id, amount, base_amount in (
            (each.to_id, -each.amount, -each.to_base),
            (each.from_id, each.amount, each.from_base),
        ):
            figures = settled.setdefault(item_id, [0, 0])
            figures[0] += amount
            figures[1] += base_amount
    return {item.id: _standing(item, settled.get(item.id, (0, 0)), day) for item in items}


def _standing(item: OpenItem, settled: Sequence[int], day: Day) -> Standing:
    if item.date > day or (item.ended_on is not None and item.ended_on <= day):
        return NOTHING_OPEN
    amount, base_amount = settled
    return Standing(item.amount + amount, item.base_amount + base_amount)


def outstanding_dues(item: OpenItem, open_amount: int) -> list[Due]:
    """What is left of each instalment when `open_amount` of the item is open.

    The oldest are settled first; those of which nothing is left are not returned.
    """
    left: list[Due] = []
    for due in reversed(item.dues):
        part = min(due.amount, open_amount)
        if part > 0:
            left.append(Due(due.date, part))
            open_amount -= part
    return left[::-1]


def aging(
    side: Side,
    items: Iterable[OpenItem],
    applications: Iterable[Application],
    control_balance: int,
    day: Day,
    *,
    by: AgingBy = AgingBy.DUE_DATE,
    buckets: Sequence[int] = DEFAULT_LIMITS,
) -> Aging:
    """What was open at the end of a day on one side, by age.

    `control_balance` is the balance of the control account then, positive on its normal side,
    in minor units of the base currency; `items` are those that make it up, `applications` those
    between them, and what is of the other side is left out. `buckets` are the limits of the
    buckets in days, at most `MOST_LIMITS`, ascending from 1 to `LONGEST_LIMIT`; others are
    refused with `invalid_value`. An item without instalments ages by its document date.
    """
    limits = _require_limits(buckets)
    ours = sorted(
        (item for item in items if item.side is side),
        key=attrgetter("contact_id", "document_date", "id"),
    )
    open_now = standings(ours, applications, day)
    contacts = []
    for contact_id, group in groupby(ours, key=attrgetter("contact_id")):
        rows = tuple(
            _row(item, open_now[item.id], day, by, limits)
            for item in group
            if open_now[item.id] != NOTHING_OPEN
        )
        if rows:
            contacts.append(AgingContact(contact_id, _sum(rows, limits), rows))
    totals = _sum(contacts, limits)
    unassigned = control_balance - totals.total
    return Aging(side, day, by, _buckets(limits), tuple(contacts), totals, unassigned)


def _row(
    item: OpenItem, left: Standing, day: Day, by: AgingBy, limits: tuple[int, ...]
) -> AgingItem:
    dues = outstanding_dues(item, left.amount)
    if item.amount < 0:
        ages = Ages((0,) * (len(limits) + 2), left.base_amount)
    else:
        columns = [0] * (len(limits) + 2)
        for date, base_amount in _parts(item, left, dues if by is AgingBy.DUE_DATE else []):
            # What is not past its date is before the first of the days that count: 0.
            columns[bisect_left((0, *limits), (day - date).days)] += base_amount
        ages = Ages(tuple(columns))
    return AgingItem(
        item.id,
        item.document_date,
        dues[0].date if dues else None,
        item.currency,
        left.amount,
        left.base_amount,
        ages,
    )


def _parts(item: OpenItem, left: Standing, dues: Sequence[Due]) -> Iterator[tuple[Day, int]]:
    """The dates from which an open item ages, and how much of its base amount from each."""
    if not dues:
        yield item.document_date, left.base_amount
        return
    shares = allot(left.base_amount, [due.amount for due in dues])
    for due, share in zip(dues, shares, strict=True):
        yield due.date, share


def _sum(rows: Iterable[AgingItem | AgingContact], limits: tuple[int, ...]) -> Ages:
    columns = [0] * (len(limits) + 2)
    credits = 0
    for row in rows:
        credits += row.ages.credits
        for place, figure in enumerate(row.ages.buckets):
            columns[place] += figure
    return Ages(tuple(columns), credits)


def _buckets(limits: tuple[int, ...]) -> tuple[Bucket, ...]:
    ends = (0, *limits)
    between = (Bucket(before + 1, last) for before, last in pairwise(ends))
    return (Bucket(None, 0), *between, Bucket(ends[-1] + 1, None))


def _require_limits(limits: Sequence[int]) -> tuple[int, ...]:
    ascending = all(before < limit for before, limit in pairwise((0, *limits)))
    if 1 <= len(limits) <= MOST_LIMITS and ascending and limits[-1] <= LONGEST_LIMIT:
        return tuple(limits)
    raise LedgerError(
        Reason.INVALID_VALUE,
        "The limits of the buckets are not days in ascending order, or too many or too high.",
        f"Give 1 to {MOST_LIMITS} numbers of days, each higher than the one before it, "
        f"from 1 to {LONGEST_LIMIT}, such as 30, 60, 90.",
        {"most": MOST_LIMITS, "highest": LONGEST_LIMIT},
        "buckets",
    )
