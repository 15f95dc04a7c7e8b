"""What the company sells over the counter, every day: coffee by the cup, beans by the bag."""

from __future__ import annotations

from calendar import MONDAY, SUNDAY
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from entrypoints.demo.books import Books
from entrypoints.demo.days import is_fortnight, is_holiday, is_month_end
from entrypoints.demo.figures import Dice, Line, credit, debit, rounded
from ledger.transactions import TransactionType

SALES_TAX = 725
"""The rate of sales tax in hundredths of a per cent; coffee beans are food, and free of it."""

SEASON = (93, 95, 99, 101, 98, 96, 94, 98, 105, 109, 107, 111)
"""What every month of the calendar is to an average one, in per cent."""

_WEEKDAY = (84, 86, 90, 93, 104, 135, 112)
_DAILY_TRADE = 95_000
_GIFTS = {12: 150}
_FLOAT = 40_000


def tax_on(cents: int) -> int:
    """The sales tax on a net amount."""
    return rounded(cents * SALES_TAX, 10_000)


@dataclass
class Cafe:
    """The counter: rung up every Sunday and at the end of every month, banked every fortnight."""

    books: Books
    dice: Dice
    _takings: Counter[str] = field(default_factory=Counter)
    _since: date | None = None

    def opening(self) -> list[Line]:
        """The float in the till."""
        return [debit("1000", _FLOAT)]

    def on(self, day: date) -> None:
        """Trade; ring up when the week or the month is over; bank the cash."""
        self._since = self._since or day
        self._trade(day)
        if is_fortnight(day, MONDAY):
            self._bank(day)
        if day.weekday() == SUNDAY or is_month_end(day):
            self._ring_up(day)

    def _trade(self, day: date) -> None:
        if is_holiday(day):
            return
        usual = _DAILY_TRADE * SEASON[day.month - 1] * _WEEKDAY[day.weekday()]
        counter = rounded(usual * self.dice.between(90, 110), 1_000_000)
        gifts = _GIFTS.get(day.month, 100)
        self._takings["4010"] += counter
        self._takings["4020"] += rounded(counter * self.dice.between(150, 210) * gifts, 100_000)

    def _ring_up(self, day: date) -> None:
        counter, beans = self._takings["4010"], self._takings["4020"]
        first = self._since or day
        self._takings.clear()
        self._since = None
        if not counter:
            return
        tax = tax_on(counter)
        total = counter + beans + tax
        cash = rounded(total * self.dice.between(110, 150), 1_000)
        fee = rounded((total - cash) * 275, 10_000)
        coffee = rounded(counter * 75 + beans * 240, 1_000)
        packaging = rounded((counter + beans) * 48, 1_000)
        milk = rounded(counter * self.dice.between(96, 108), 1_000)
        pastry = rounded(counter * self.dice.between(106, 118), 1_000)
        lines = [
            debit("1000", cash, "Cash sales"),
            debit("1010", total - cash - fee, "Card sales less fees"),
            debit("5910", fee, "Card fees of 2.75 %"),
            credit("4010", counter),
            credit("4020", beans),
            credit("2200", tax, "Sales tax of 7.25 %"),
            debit("5010", coffee),
            credit("1210", coffee),
            debit("5030", packaging),
            credit("1220", packaging),
            debit("5020", milk + pastry),
            credit("2410", milk, "Milk delivered"),
            credit("2420", pastry, "Pastry delivered"),
        ]
        told = f"Café takings {first:%d %b} to {day:%d %b %Y}"
        type_ = TransactionType.INCOME
        self.books.write(day, told, f"POS-{day:%Y%m%d}", lines, method="card", type=type_)

    def _bank(self, day: date) -> None:
        """Bank the cash in whole tens of dollars, and keep the float."""
        spare = (self.books.balances["1000"] - _FLOAT) // 1_000 * 1_000
        if spare > 0:
            lines = [debit("1010", spare), credit("1000", spare)]
            told = "Cash banked from the café till"
            type_ = TransactionType.TRANSFER
            self.books.write(day, told, f"BNK-{day:%Y%m%d}", lines, method="cash", type=type_)
