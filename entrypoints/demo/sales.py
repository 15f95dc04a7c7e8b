"""What the company sells: coffee over the counter every day, and by the bag to other houses."""

from __future__ import annotations

from calendar import MONDAY, SUNDAY, TUESDAY
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from entrypoints.demo.books import (
    Books,
    Dice,
    Line,
    credit,
    debit,
    falls_due,
    is_fortnight,
    is_holiday,
    is_month_end,
    month_of_story,
    rounded,
    working_day,
)

SALES_TAX = 725
"""The rate of sales tax in hundredths of a per cent; coffee beans are food, and free of it."""

_SEASON = (93, 95, 99, 101, 98, 96, 94, 98, 105, 109, 107, 111)
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
        usual = _DAILY_TRADE * _SEASON[day.month - 1] * _WEEKDAY[day.weekday()]
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
        self.books.write(day, told, f"POS-{day:%Y%m%d}", lines, payment_method="card")

    def _bank(self, day: date) -> None:
        """Bank the cash in whole tens of dollars, and keep the float."""
        spare = (self.books.balances["1000"] - _FLOAT) // 1_000 * 1_000
        if spare > 0:
            lines = [debit("1010", spare), credit("1000", spare)]
            told = "Cash banked from the café till"
            self.books.write(day, told, f"BNK-{day:%Y%m%d}", lines, payment_method="cash")


@dataclass(frozen=True, slots=True)
class Customer:
    """A house that buys bags of five pounds.

    It orders every second Tuesday and pays the month's statement, or orders on `day` of each
    month and pays at 30 days, more or less. `lease` is the rent of a brewer, in cents.
    """

    name: str
    bags: tuple[int, int]
    blend: str
    price: int
    day: int | None = None
    lease: int = 0


_BLEND, _ESPRESSO = ("Platte River Blend", 5_800), ("Crane Dance Espresso", 6_200)
_COST_OF_BAG, _COST_OF_PACKAGING = 2_640, 95
_BISTRO = "Copper Spoon Bistro"
_LAST_PAID, _LAST_ORDER, _GIVEN_UP = 3, 5, 9
CUSTOMERS = (
    Customer("Platte Valley Co-op", (62, 76), *_BLEND),
    Customer("Hotel Cornelia", (30, 40), *_ESPRESSO),
    Customer("Antelope Bakehouse", (44, 56), *_BLEND, day=4),
    Customer(_BISTRO, (9, 12), *_ESPRESSO, day=9),
    Customer("North Bottoms Books", (24, 32), *_BLEND, day=14),
    Customer("Innes & Rowe Architects", (7, 9), *_ESPRESSO, day=22, lease=8_500),
)


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a customer owes, in cents, and the day on which it will pay; none if it never does."""

    number: str
    customer: str
    cents: int
    paid_on: date | None


@dataclass
class Wholesale:
    """Invoices on account and their receipts; one customer fails, and is written off."""

    books: Books
    dice: Dice
    start: date
    _open: list[Invoice] = field(default_factory=list)
    _number: int = 1041

    def opening(self) -> list[Line]:
        """What three customers still owed when the year began."""
        statement = working_day(self.start.replace(day=10))
        owed = [("Platte Valley Co-op", 754_000), ("Hotel Cornelia", 421_600)]
        self._open = [
            Invoice(f"INV-{1036 + i}", name, cents, statement)
            for i, (name, cents) in enumerate(owed)
        ]
        later = working_day(self.start + timedelta(days=13))
        self._open.append(Invoice("INV-1039", "Antelope Bakehouse", 243_600, later))
        return [
            debit("1100", invoice.cents, f"{invoice.customer}, {invoice.number}")
            for invoice in self._open
        ]

    def on(self, day: date) -> None:
        """Receive what comes in, invoice what goes out, and give up what is lost."""
        for customer in CUSTOMERS:
            self._receive(day, customer.name)
            if self._orders(day, customer):
                self._invoice(day, customer)
        if month_of_story(self.start, day) == _GIVEN_UP and falls_due(day, 16):
            self._write_off(day)

    def _orders(self, day: date, customer: Customer) -> bool:
        if customer.name == _BISTRO and month_of_story(self.start, day) > _LAST_ORDER:
            return False
        return is_fortnight(day, TUESDAY) if customer.day is None else falls_due(day, customer.day)

    def _invoice(self, day: date, customer: Customer) -> None:
        bags = rounded(self.dice.between(*customer.bags) * _SEASON[day.month - 1], 100)
        tax = tax_on(customer.lease)
        cents = bags * customer.price + customer.lease + tax
        coffee, packaging = bags * _COST_OF_BAG, bags * _COST_OF_PACKAGING
        number = f"INV-{self._number}"
        self._number += 1
        lines = [
            debit("1100", cents),
            credit("4030", bags * customer.price, f"{bags} bags of 5 lb, {customer.blend}"),
            credit("4040", customer.lease, "Lease of a brewer"),
            credit("2200", tax, "Sales tax of 7.25 % on the lease"),
            debit("5010", coffee),
            credit("1210", coffee),
            debit("5030", packaging),
            credit("1220", packaging),
        ]
        more = {"customer": customer.name, "invoice": number}
        self.books.write(day, f"Invoice to {customer.name}", number, lines, metadata=more)
        self._open.append(Invoice(number, customer.name, cents, self._pay_day(day, customer)))

    def _pay_day(self, day: date, customer: Customer) -> date | None:
        if customer.name == _BISTRO and month_of_story(self.start, day) > _LAST_PAID:
            return None
        if customer.day is None:
            return working_day((day.replace(day=1) + timedelta(days=31)).replace(day=10))
        return working_day(day + timedelta(days=self.dice.between(26, 41)))

    def _receive(self, day: date, customer: str) -> None:
        paid = [i for i in self._open if (i.customer, i.paid_on) == (customer, day)]
        if not paid:
            return
        self._open = [i for i in self._open if i not in paid]
        lines = [debit("1010", sum(i.cents for i in paid))]
        lines += [credit("1100", i.cents, i.number) for i in paid]
        more = {"customer": customer, "invoices": [i.number for i in paid]}
        told, reference = f"Received from {customer}", f"RCT-{paid[0].number[4:]}"
        self.books.write(day, told, reference, lines, payment_method="bank_transfer", metadata=more)

    def _write_off(self, day: date) -> None:
        lost = [i for i in self._open if i.customer == _BISTRO]
        self._open = [i for i in self._open if i not in lost]
        lines = [debit("6300", sum(i.cents for i in lost))]
        lines += [credit("1100", i.cents, i.number) for i in lost]
        told = f"Bad debt written off: {_BISTRO} has closed"
        self.books.write(day, told, f"WO-{day:%Y%m%d}", lines, metadata={"customer": _BISTRO})
