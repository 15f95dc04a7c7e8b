"""A year in the books of Sandhill Coffee Roasters, for `crane serve --demo`.

A roastery with a café in Lincoln, Nebraska: it buys green coffee in dollars and in euros, sells
by the cup, by the bag and on account, and has what small companies have: a loan, a van, payroll,
sales tax, a customer who did not pay and a bill that was entered twice. The story is the same
for every year, laid on the calendar; chance is a generator of numbers with a fixed seed.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from entrypoints.demo.books import Books, Dice, Habit, Line, credit
from entrypoints.demo.chart import accounts
from entrypoints.demo.overheads import Machines, Money, Premises
from entrypoints.demo.payroll import Payroll, Remittances
from entrypoints.demo.purchasing import GreenCoffee, Payables, Supplies
from entrypoints.demo.sales import Cafe, Wholesale

NAME = "Sandhill Coffee Roasters"
_CAPITAL = 8_000_000
_LEFT_PENDING = 4


def company(today: date) -> dict[str, Any]:
    """The books from the first of this month a year ago through `today`, in the neutral form.

    A transaction is to be posted, save where `post` is False: the last few are left pending.
    Where `reverse` is True it is to be posted and then reversed on `reversal_date`, for
    `reversal_reason`. The same date gives the same books, to the last character.
    """
    start = today.replace(year=today.year - 1, day=1)
    books = Books()
    habits = _habits(books, start)
    _open(books, habits, start)
    for passed in range((today - start).days + 1):
        for habit in habits:
            habit.on(start + timedelta(days=passed))
    for transaction in books.transactions[-_LEFT_PENDING:]:
        transaction["post"] = False
    return {
        "name": NAME,
        "base_currency": "USD",
        "accounts": accounts(),
        "transactions": books.transactions,
    }


def _habits(books: Books, start: date) -> list[Habit]:
    """All that the company does, in the order of a day: what comes in, and then what goes out."""
    payables = Payables(books, start)
    return [
        Cafe(books, Dice(11)),
        Wholesale(books, Dice(23), start),
        GreenCoffee(books, payables, Dice(37), start),
        Supplies(books, payables, Dice(41)),
        Payroll(books, Dice(53)),
        payables,
        Premises(books, payables, Dice(67), start),
        Machines(books, start),
        Money(books, start),
        Remittances(books, start),
    ]


def _open(books: Books, habits: list[Habit], start: date) -> None:
    """Carry forward what was there; what assets exceed debts and capital by was earned before."""
    carried: list[Line] = [line for habit in habits for line in habit.opening()]
    carried.append(credit("3000", _CAPITAL))
    carried.append(credit("3100", sum(line.signed for line in carried)))
    carried.sort(key=lambda line: line.code)
    books.write(start, "Balances carried forward", f"OB-{start:%Y}", carried, kind="opening")
