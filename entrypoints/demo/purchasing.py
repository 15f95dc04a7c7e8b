"""What the company buys to sell: green coffee from two continents, packaging, milk and bread."""

from __future__ import annotations

from calendar import THURSDAY, WEDNESDAY
from dataclasses import dataclass, field
from datetime import date, timedelta

from entrypoints.demo.books import (
    Books,
    Dice,
    Line,
    credit,
    debit,
    decimal_text,
    falls_due,
    is_market_day,
    is_month_end,
    month_of_story,
    rounded,
    working_day,
)

IMPORTER, HAMBURG = "Prairie Green Coffee Importers", "Speicherstadt Rohkaffee GmbH"
_BAKERY, _DAIRY = "Sower Street Bakery", "Branched Oak Dairy"
_PAPER = "Salt Creek Paper & Carton"
_WIRE_FEE = 2_500
_REFUND_MONTH = 7
_LOW_COFFEE, _LOW_PACKAGING = 1_300_000, 270_000


def euro_rate(day: date) -> int:
    """Dollars for one euro in ten-thousandths: a slow swing from 1.10 to 1.18, by the week."""
    week = day.toordinal() // 7
    return 11_050 + abs(week * 23 % 1_400 - 700) + Dice(week).between(-45, 45)


@dataclass(frozen=True, slots=True)
class Bill:
    """What a supplier is owed: `cents` of its currency, at the rate of the day of the bill."""

    supplier: str
    reference: str
    cents: int
    due: date
    rate: int | None = None

    @property
    def line(self) -> Line:
        """The credit to accounts payable."""
        told = f"{self.supplier}, {self.reference}"
        if self.rate is None:
            return credit("2000", self.cents, told)
        return Line("2010", "credit", self.cents, told, "EUR", self.rate)


@dataclass
class Payables:
    """The bills that are open, each paid on the day when it is due."""

    books: Books
    start: date
    _open: list[Bill] = field(default_factory=list)

    def opening(self) -> list[Line]:
        """One bill in dollars and one in euros."""
        before = self.start - timedelta(days=1)
        self._open = [
            Bill(_BAKERY, f"SSB-{before:%y%m}", 281_450, self._in_days(11)),
            Bill(HAMBURG, "RK-20871", 826_200, self._in_days(17), euro_rate(self.start)),
        ]
        return [bill.line for bill in self._open]

    def _in_days(self, days: int) -> date:
        return working_day(self.start + timedelta(days=days))

    def owe(self, bill: Bill) -> Line:
        """Keep a bill until it is due; the line is its credit to accounts payable."""
        self._open.append(bill)
        return bill.line

    def on(self, day: date) -> None:
        """Pay what is due."""
        due = [bill for bill in self._open if bill.due == day]
        self._open = [bill for bill in self._open if bill.due != day]
        for bill in due:
            lines = _in_dollars(bill) if bill.rate is None else _in_euros(bill, bill.rate, day)
            more = {"supplier": bill.supplier, "bill": bill.reference}
            self.books.write(
                day,
                f"Paid {bill.supplier}",
                f"PMT-{bill.reference}",
                lines,
                payment_method="bank_transfer",
                metadata=more,
            )


def _in_dollars(bill: Bill) -> list[Line]:
    return [debit("2000", bill.cents, bill.reference), credit("1010", bill.cents)]


def _in_euros(bill: Bill, rate_of_bill: int, day: date) -> list[Line]:
    """Settle at the day's rate: what differs from the rate of the bill is gain or loss."""
    now = euro_rate(day)
    settled = Line("2010", "debit", bill.cents, bill.reference, "EUR", rate_of_bill)
    paid = rounded(bill.cents * now, 10_000)
    gain = settled.base - paid
    euros = f"EUR {decimal_text(bill.cents, 2)} at {decimal_text(now, 4)}"
    return [
        settled,
        credit("1010", paid, euros),
        credit("4900", max(gain, 0)),
        debit("7800", max(-gain, 0)),
        debit("5900", _WIRE_FEE, "Wire fee"),
        credit("1010", _WIRE_FEE, "Wire fee"),
    ]


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
        """Order on Wednesdays; count at the month's end; once, get money back for a short lot."""
        if is_market_day(day, WEDNESDAY) and self.books.balances["1210"] < _LOW_COFFEE:
            self._buy(day)
        if month_of_story(self.start, day) == _REFUND_MONTH and falls_due(day, 19):
            lines = [debit("1010", 62_624), credit("1210", 62_624, "One bag of 152 lb")]
            told = f"Refund from {IMPORTER} for a short delivery"
            self.books.write(day, told, "CM-2207", lines, payment_method="bank_transfer")
        if is_month_end(day):
            self._count(day)

    def _buy(self, day: date) -> None:
        self._lots += 1
        bags = self.dice.between(16, 20)
        due = working_day(day + timedelta(days=60 if self._lots % 2 else 30))
        if self._lots % 2:
            price = self.dice.between(800, 856)
            reference = f"RK-{20_940 + 67 * self._lots}"
            told = f"{bags} bags of 60 kg, Ethiopia Guji, at EUR {decimal_text(price, 2)}/kg"
            bill = Bill(HAMBURG, reference, bags * 60 * price, due, euro_rate(day))
        else:
            price = self.dice.between(405, 436)
            reference = f"PG-{3310 + 41 * self._lots}"
            told = f"{bags} bags of 152 lb, Colombia Huila, at USD {decimal_text(price, 2)}/lb"
            bill = Bill(IMPORTER, reference, bags * 152 * price, due)
        owed = self.payables.owe(bill)
        lines = [debit("1210", owed.base, told), owed]
        more = {"supplier": bill.supplier, "due": str(due)}
        self.books.write(day, f"Green coffee from {bill.supplier}", reference, lines, metadata=more)

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
            self._packaging(day)
        if is_month_end(day) or falls_due(day, 15):
            self._milk(day)
        if is_month_end(day):
            self._bread(day)

    def _packaging(self, day: date) -> None:
        due = working_day(day + timedelta(days=21))
        bill = Bill(_PAPER, f"SC-{day:%y%m%d}", self.dice.between(4_150, 4_900) * 100, due)
        lines = [debit("1220", bill.cents, "Bags, cups and lids"), self.payables.owe(bill)]
        more = {"supplier": _PAPER, "due": str(due)}
        self.books.write(day, f"Packaging from {_PAPER}", bill.reference, lines, metadata=more)

    def _milk(self, day: date) -> None:
        cents = -self.books.balances["2410"]
        lines = [debit("2410", cents, "Milk and oat milk"), credit("2100", cents)]
        told, reference = f"{_DAIRY}, delivered to {day:%d %b %Y}", f"BOD-{day:%y%m%d}"
        self.books.write(day, told, reference, lines, payment_method="credit_card")

    def _bread(self, day: date) -> None:
        due = working_day(day + timedelta(days=12))
        bill = Bill(_BAKERY, f"SSB-{day:%y%m}", -self.books.balances["2420"], due)
        lines = [debit("2420", bill.cents, "Pastry and bread"), self.payables.owe(bill)]
        told, more = f"{_BAKERY}, {day:%B %Y}", {"supplier": _BAKERY, "due": str(due)}
        self.books.write(day, told, bill.reference, lines, metadata=more)
