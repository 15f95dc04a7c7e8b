"""A year in the books of Sandhill Coffee Roasters, for `crane serve --demo`.

A roastery with a café in Lincoln, Nebraska: it buys green coffee in dollars and in euros, sells
by the cup, by the bag and on account, and has what small companies have: a loan, a van, payroll,
sales tax, a customer who did not pay and a bill that was entered twice. The story is the same
for every year, laid on the calendar; chance is a generator of numbers with a fixed seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from entrypoints.demo.books import Books, Habit
from entrypoints.demo.catalogue import GOODS
from entrypoints.demo.chart import accounts
from entrypoints.demo.customers import CUSTOMERS, HOTEL
from entrypoints.demo.days import in_days
from entrypoints.demo.figures import Dice, Line, credit, debit
from entrypoints.demo.overheads import Machines, Money
from entrypoints.demo.payables import Payables
from entrypoints.demo.payroll import Payroll, Remittances
from entrypoints.demo.premises import Premises, Services
from entrypoints.demo.purchasing import GreenCoffee, Supplies, packaging
from entrypoints.demo.receipts import Receipts
from entrypoints.demo.sales import Cafe
from entrypoints.demo.steps import OPENING, Carried, Entered, Issued, Row, Step
from entrypoints.demo.wholesale import Wholesale
from ledger.documents import DocumentKind

NAME = "Sandhill Coffee Roasters"
CURRENCY = "USD"
_CAPITAL = 8_000_000
_LEFT_PENDING = 4


@dataclass(frozen=True, slots=True)
class Company:
    """The books from the first of a month through `today`: the chart, and each step by date."""

    start: date
    today: date
    accounts: list[dict[str, Any]]
    steps: list[Step]


def company(today: date) -> Company:
    """The books from the first of this month a year ago through `today`.

    The last few transactions are left pending, and two documents are drafts. The same date
    gives the same books, to the last character.
    """
    start = today.replace(year=today.year - 1, day=1)
    books = Books()
    receipts = Receipts(books, Dice(29), {customer.key: customer for customer in CUSTOMERS})
    wholesale = Wholesale(books, Dice(23), receipts, start)
    payables = Payables(books, start)
    habits: list[Habit] = [
        Cafe(books, Dice(11)),
        wholesale,
        GreenCoffee(books, payables, Dice(37), start),
        Supplies(books, payables, Dice(41)),
        Services(books, payables, Dice(71), start),
        Payroll(books, Dice(53)),
        payables,
        Premises(books, Dice(67), start),
        Machines(books, start),
        Money(books, start),
        Remittances(books, start),
    ]
    _open(books, habits, [*wholesale.carried(), *payables.carried()], start)
    for day in range(start.toordinal(), today.toordinal() + 1):
        for habit in habits:
            habit.on(date.fromordinal(day))
    return Company(start, today, accounts(), _with_pending(books.steps) + _drafts(today))


def _open(books: Books, habits: list[Habit], carried: list[Carried], start: date) -> None:
    """Carry forward what was there; what assets exceed debts and capital by was earned before.

    What customers owe and vendors are owed comes document by document, against the account of
    opening balances, which is left with nothing.
    """
    lines: list[Line] = [line for habit in habits for line in habit.opening()]
    lines.append(credit("3000", _CAPITAL))
    open_items = sum(line.signed for each in carried for line in each.lines[:1])
    lines.append(debit(OPENING, open_items) if open_items > 0 else credit(OPENING, -open_items))
    lines.append(credit("3100", sum(line.signed for line in lines)))
    lines.sort(key=lambda line: line.code)
    books.write(start, "Balances carried forward", f"OB-{start:%Y}", lines, kind="opening")
    for each in carried:
        books.add(each)


def _with_pending(steps: list[Step]) -> list[Step]:
    """The steps with the last few left pending by which the house itself has moved money."""
    moved = [
        at
        for at, step in enumerate(steps)
        if isinstance(step, Entered) and step.method not in {None, "card"}
    ]
    last = set(moved[-_LEFT_PENDING:])
    return [
        replace(step, is_posted=False) if at in last and isinstance(step, Entered) else step
        for at, step in enumerate(steps)
    ]


def _drafts(today: date) -> list[Step]:
    """An invoice that waits for the delivery, and a bill whose goods were not counted yet."""
    rows = []
    for key, quantity in (("CDE-5LB", 24), ("CRS-BREW", 6)):
        good = GOODS[key]
        rows.append(Row(quantity, good.price or 0, good.account, good.tax, key))
    notes = "The advance for the course is set against this invoice when it is sent."
    return [
        Issued(
            today,
            DocumentKind.INVOICE,
            "draft invoice",
            HOTEL,
            tuple(rows),
            notes=notes,
            is_draft=True,
        ),
        Issued(
            today,
            DocumentKind.BILL,
            f"SC-{today:%y%m%d}D",
            "salt-creek",
            packaging(Dice(today.toordinal())),
            in_days(today, 21),
            is_draft=True,
        ),
    ]
