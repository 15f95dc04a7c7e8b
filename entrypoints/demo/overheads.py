"""What the house costs whether coffee is sold or not: premises, machines, loan and owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from entrypoints.demo.books import (
    Books,
    Dice,
    Line,
    credit,
    debit,
    falls_due,
    is_month_end,
    month_of_story,
    working_day,
)
from entrypoints.demo.purchasing import Bill, Payables

_RENT = 420_000
_HEATING = (138, 132, 118, 100, 92, 98, 112, 110, 96, 94, 110, 130)
_PREMIUM_BEFORE, _PREMIUM, _RENEWAL = 45_000, 564_000, 4
_REPAIRS, _PERMIT = {2, 5, 8, 11}, 3
_ACCOUNTANT, _MISTAKE = "Lakeside Accounting", 9


@dataclass
class Premises:
    """Rent, energy, insurance, subscriptions, the van, repairs, permits and the accountant."""

    books: Books
    payables: Payables
    dice: Dice
    start: date

    def opening(self) -> list[Line]:
        """The deposit with the landlord, and insurance paid ahead."""
        prepaid = _RENEWAL * _PREMIUM_BEFORE
        return [debit("1800", 2 * _RENT), debit("1300", prepaid)]

    def on(self, day: date) -> None:
        """Write down what is due on that day of the month, and in that month of the year."""
        month = month_of_story(self.start, day)
        if falls_due(day, 1):
            self._pay(day, "Rent, Haymarket roastery and café", "5200", _RENT)
        if falls_due(day, 11):
            energy = self.dice.between(1_080, 1_240) * _HEATING[day.month - 1]
            self._pay(day, "Salt Creek Utilities: power, gas and water", "5300", energy)
        self._card(day)
        self._insurance(day, month)
        if month in _REPAIRS and falls_due(day, 13):
            cost = self.dice.between(32_000, 98_000)
            self._pay(day, "Nebraska Espresso Service, repair", "6100", cost)
        if month == _PERMIT and falls_due(day, 8):
            self._pay(day, "Health department, food permit", "6200", 48_500)
        if month % 2 and falls_due(day, 17):
            cash = self.dice.between(5_500, 12_500)
            lines = [debit("5100", cash, "Cleaning and stationery"), credit("1000", cash)]
            told = "Petty cash, small supplies"
            self.books.write(day, told, f"PC-{day:%Y%m%d}", lines, payment_method="cash")
        if month % 3 == 0:
            self._accountant(day, month)

    def _pay(self, day: date, told: str, code: str, cents: int) -> None:
        lines = [debit(code, cents), credit("1010", cents)]
        reference = f"{code}-{day:%y%m%d}"
        self.books.write(day, told, reference, lines, payment_method="direct_debit")

    def _card(self, day: date) -> None:
        if falls_due(day, 3):
            lines = [debit("5550", 18_900, "Point of sale and web shop")]
            lines += [debit("5550", 8_950, "Internet and telephone"), credit("2100", 27_850)]
            self._charge(day, "Subscriptions", lines)
        if falls_due(day, 18):
            fuel, adverts = self.dice.between(19_000, 27_500), self.dice.between(22_000, 51_000)
            lines = [debit("5750", fuel, "Fuel"), debit("5500", adverts, "Local radio and posters")]
            self._charge(day, "Fuel and advertising", [*lines, credit("2100", fuel + adverts)])

    def _charge(self, day: date, told: str, lines: list[Line]) -> None:
        reference = f"CC-{day:%Y%m%d}"
        self.books.write(day, told, reference, lines, payment_method="credit_card")

    def _insurance(self, day: date, month: int) -> None:
        if month == _RENEWAL and falls_due(day, 2):
            self._pay(day, "Heartland Mutual, insurance for twelve months", "1300", _PREMIUM)
        if is_month_end(day):
            cents = _PREMIUM_BEFORE if month < _RENEWAL else _PREMIUM // 12
            lines = [debit("5800", cents), credit("1300", cents)]
            self.books.write(day, f"Insurance of {day:%B %Y}", f"INS-{day:%Y%m}", lines)

    def _accountant(self, day: date, month: int) -> None:
        """A bill every quarter; once it is entered again two days later, which is reversed."""
        entered = working_day(day.replace(day=6))
        bill = Bill(_ACCOUNTANT, f"LA-{entered:%y%m}", 120_000, working_day(day.replace(day=21)))
        told, cost = f"{_ACCOUNTANT}, quarterly books", debit("5600", bill.cents)
        more: dict[str, Any] = {"metadata": {"supplier": _ACCOUNTANT, "due": str(bill.due)}}
        if day == entered:
            lines = [cost, self.payables.owe(bill)]
            self.books.write(day, told, bill.reference, lines, **more)
        if month == _MISTAKE and day == working_day(entered + timedelta(days=2)):
            more["reverse"] = True
            more["reversal_reason"] = f"The same bill as {bill.reference} of {entered}"
            more["reversal_date"] = str(working_day(day + timedelta(days=5)))
            self.books.write(day, told, bill.reference, [cost, bill.line], **more)


@dataclass(frozen=True, slots=True)
class Machine:
    """A fixed asset: cents to write off in equal months, and how many months of it are over.

    `bought` is the month of the year's story in which it is bought; none when it was there.
    """

    name: str
    code: str
    cost: int
    residual: int
    months: int
    age: int = 0
    bought: int | None = None

    @property
    def monthly(self) -> int:
        """The depreciation of a month, in cents."""
        return (self.cost - self.residual) // self.months


MACHINES = (
    Machine("Drum roaster, 15 kg", "1510", 6_800_000, 800_000, 120, 18),
    Machine("Espresso machines and grinders", "1520", 2_436_000, 0, 84, 18),
    Machine("Counter, extraction and wiring", "1530", 3_000_000, 0, 120, 18),
    Machine("Delivery van", "1540", 2_100_000, 300_000, 60, 18),
    Machine("Bag sealer and scale", "1510", 432_000, 0, 60, bought=6),
)


@dataclass
class Machines:
    """Depreciation by the straight line, from the month after a machine is bought."""

    books: Books
    start: date

    def opening(self) -> list[Line]:
        """The machines at cost, and what is already written off."""
        here = [machine for machine in MACHINES if machine.bought is None]
        cost = [debit(machine.code, machine.cost, machine.name) for machine in here]
        return cost + [credit("1590", m.monthly * m.age, m.name) for m in here]

    def on(self, day: date) -> None:
        """Buy what is bought in this month; write off at its end."""
        month = month_of_story(self.start, day)
        for machine in MACHINES:
            if machine.bought == month and falls_due(day, 12):
                lines = [debit(machine.code, machine.cost, machine.name)]
                lines.append(credit("1010", machine.cost))
                told, reference = f"Bought: {machine.name}", f"FA-{day:%Y%m%d}"
                self.books.write(day, told, reference, lines, payment_method="bank_transfer")
        if is_month_end(day):
            used = [m for m in MACHINES if m.bought is None or m.bought < month]
            lines = [debit("6000", sum(machine.monthly for machine in used))]
            lines += [credit("1590", machine.monthly, machine.name) for machine in used]
            self.books.write(day, f"Depreciation of {day:%B %Y}", f"DEP-{day:%Y%m}", lines)


LOAN, LOAN_RATE, LOAN_MONTHS, LOAN_AGE = 9_500_000, Fraction(6, 1_000), 84, 18


def instalments(cents: int, monthly_rate: Fraction, months: int) -> list[tuple[int, int]]:
    """The interest and principal of every instalment of an annuity; the last pays what is left."""
    growth = (1 + monthly_rate) ** months
    level = round(cents * monthly_rate * growth / (growth - 1))
    schedule: list[tuple[int, int]] = []
    for number in range(1, months + 1):
        interest = round(cents * monthly_rate)
        principal = cents if number == months else level - interest
        schedule.append((interest, principal))
        cents -= principal
    return schedule


@dataclass
class Money:
    """The bank account and the savings, the loan, and what the owner takes out."""

    books: Books
    start: date

    def opening(self) -> list[Line]:
        """The money in the bank, and the loan after its first instalments."""
        paid = instalments(LOAN, LOAN_RATE, LOAN_MONTHS)[:LOAN_AGE]
        left = LOAN - sum(principal for _, principal in paid)
        return [debit("1010", 4_618_472), debit("1020", 1_000_000), credit("2700", left)]

    def on(self, day: date) -> None:
        """Pay the instalment; draw; save; take the interest."""
        month = month_of_story(self.start, day)
        if falls_due(day, 5):
            self._instalment(day, LOAN_AGE + month)
        if falls_due(day, 26):
            self._move(day, "Owner's drawing", "DRW", "3050", 200_000)
        if day.month in {1, 4, 6, 9} and falls_due(day, 15):
            self._move(day, "Owner's estimated income tax", "EST", "3050", 180_000)
        if month % 3 == 1 and falls_due(day, 24):
            self._move(day, "Set aside in savings", "SAV", "1020", 250_000)
        if is_month_end(day) and day.month % 3 == 0:
            interest = self.books.balances["1020"] * 85 // 10_000
            lines = [debit("1020", interest), credit("4800", interest, "Interest on savings")]
            self.books.write(day, "Interest credited", f"INT-{day:%Y%m}", lines)

    def _instalment(self, day: date, number: int) -> None:
        interest, principal = instalments(LOAN, LOAN_RATE, LOAN_MONTHS)[number]
        lines = [
            debit("7000", interest, "Interest"),
            debit("2700", principal, "Principal"),
            credit("1010", interest + principal),
        ]
        told = f"Prairie State Bank, instalment {number + 1} of {LOAN_MONTHS}"
        reference = f"LN-{day:%Y%m}"
        self.books.write(day, told, reference, lines, payment_method="direct_debit")

    def _move(self, day: date, told: str, series: str, code: str, cents: int) -> None:
        lines = [debit(code, cents), credit("1010", cents)]
        reference = f"{series}-{day:%Y%m%d}"
        self.books.write(day, told, reference, lines, payment_method="bank_transfer")
