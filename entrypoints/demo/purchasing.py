"""What the company buys to sell: green coffee from two continents, packaging, milk and bread."""

from __future__ import annotations

from calendar import THURSDAY, WEDNESDAY
from dataclasses import dataclass
from datetime import date

from entrypoints.demo.books import Books
from entrypoints.demo.days import (
    falls_due,
    in_days,
    is_market_day,
    is_month_end,
    month_of_story,
    next_month,
)
from entrypoints.demo.figures import Dice, Line, credit, debit, rate_on
from entrypoints.demo.payables import Payables
from entrypoints.demo.steps import Issued, Row
from ledger.documents import DocumentKind

IMPORTER, HAMBURG = "prairie-green", "speicherstadt"
_BAKERY, _DAIRY, _PAPER = "sower-street", "branched-oak", "salt-creek"
_SHORT_MONTH, _SHORT_BAG = 7, (152, 412)
_LOW_COFFEE, _LOW_PACKAGING = 1_300_000, 270_000


def _bought(item: str, account: str, quantity: int, price: int, told: str | None = None) -> Row:
    return Row(quantity, price, account, item=item, told=told)


@dataclass
class GreenCoffee:
    """Bought when the shelves run low, in turn in dollars and in euros; counted every month."""

    books: Books
    payables: Payables
    dice: Dice
    start: date
    _lots: int = 0

    def opening(self) -> list[Line]:
        """The coffee in stock."""
        return [debit("1210", 1_684_250)]

    def on(self, day: date) -> None:
        """Order on Wednesdays; count at the month's end; once, be credited for a short lot."""
        if is_market_day(day, WEDNESDAY) and self.books.balances["1210"] < _LOW_COFFEE:
            self._buy(day)
        if month_of_story(self.start, day) == _SHORT_MONTH and falls_due(day, 19):
            told = "One bag of 152 lb missing from the last lot"
            row = _bought("GRN-HUILA", "1210", *_SHORT_BAG, told)
            kind = DocumentKind.VENDOR_CREDIT
            self.payables.keep(Issued(day, kind, "PGC-2207", IMPORTER, (row,)))
        if is_month_end(day):
            self._count(day)

    def _buy(self, day: date) -> None:
        self._lots += 1
        bags = self.dice.between(16, 20)
        if self._lots % 2:
            price, number = self.dice.between(800, 856), f"RK-{20_940 + 67 * self._lots}"
            told = f"{bags} bags of 60 kg, Ethiopia Guji, natural"
            row = _bought("GRN-GUJI", "1210", bags * 60, price, told)
            self._bill(day, HAMBURG, number, row, "EUR", 60)
        else:
            price, number = self.dice.between(405, 436), f"PG-{3310 + 41 * self._lots}"
            told = f"{bags} bags of 152 lb, Colombia Huila, washed"
            row = _bought("GRN-HUILA", "1210", bags * 152, price, told)
            self._bill(day, IMPORTER, number, row, "USD", 30)

    def _bill(self, day: date, vendor: str, number: str, row: Row, coin: str, days: int) -> None:
        due = in_days(day, days)
        rate = rate_on(day, coin)
        bill = Issued(day, DocumentKind.BILL, number, vendor, (row,), due, coin, rate)
        self.payables.owe(bill, due)

    def _count(self, day: date) -> None:
        coffee, packaging = self.dice.between(14_000, 29_000), self.dice.between(3_000, 8_500)
        lines = [
            debit("5090", coffee + packaging),
            credit("1210", coffee, "Roasting loss beyond the standard, samples"),
            credit("1220", packaging, "Torn and soiled"),
        ]
        self.books.write(day, f"Stock count, {day:%B %Y}", f"CNT-{day:%Y%m}", lines)


@dataclass
class Supplies:
    """Packaging for stock; and the bills for milk and pastry, which do not keep.

    Those are a cost, and accrued, in the week in which they are sold; the bill ends the accrual.
    """

    books: Books
    payables: Payables
    dice: Dice

    def opening(self) -> list[Line]:
        """The packaging in stock."""
        return [debit("1220", 436_800)]

    def on(self, day: date) -> None:
        """Packaging when it runs low; milk twice a month; bread by the month."""
        if is_market_day(day, THURSDAY) and self.books.balances["1220"] < _LOW_PACKAGING:
            rows = packaging(self.dice)
            self._bill(day, _PAPER, f"SC-{day:%y%m%d}", rows, in_days(day, 21))
        if is_month_end(day) or falls_due(day, 15):
            told, number = f"Milk and oat milk through {day:%d %b %Y}", f"BOD-{day:%y%m%d}"
            row = Row(1, -self.books.balances["2410"], "2410", told=told)
            self._bill(day, _DAIRY, number, (row,), next_month(day, 8))
        if is_month_end(day):
            told, number = f"Pastry and bread, {day:%B %Y}", f"SSB-{day:%y%m}"
            row = Row(1, -self.books.balances["2420"], "2420", told=told)
            self._bill(day, _BAKERY, number, (row,), in_days(day, 12))

    def _bill(self, day: date, vendor: str, number: str, rows: tuple[Row, ...], due: date) -> None:
        self.payables.owe(Issued(day, DocumentKind.BILL, number, vendor, rows, due), due)


def packaging(dice: Dice) -> tuple[Row, ...]:
    """What is ordered when packaging runs low."""
    return (
        _bought("PKG-5LB", "1220", 100 * dice.between(26, 30), 55),
        _bought("PKG-12OZ", "1220", 100 * dice.between(30, 34), 48),
        _bought("PKG-CUP", "1220", 1_000 * dice.between(10, 12), 13),
    )
