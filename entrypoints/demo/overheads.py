"""What the house owns and owes whether coffee is sold or not: machines, bank, loan and owner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from entrypoints.demo.books import Books
from entrypoints.demo.days import falls_due, is_month_end, month_of_story
from entrypoints.demo.figures import Line, credit, debit
from ledger.transactions import TransactionType


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
                self.books.write(day, told, reference, lines, method="bank_transfer")
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
            type_ = TransactionType.INCOME
            self.books.write(day, "Interest credited", f"INT-{day:%Y%m}", lines, type=type_)

    def _instalment(self, day: date, number: int) -> None:
        interest, principal = instalments(LOAN, LOAN_RATE, LOAN_MONTHS)[number]
        lines = [
            debit("7000", interest, "Interest"),
            debit("2700", principal, "Principal"),
            credit("1010", interest + principal),
        ]
        told = f"Prairie State Bank, instalment {number + 1} of {LOAN_MONTHS}"
        reference = f"LN-{day:%Y%m}"
        self.books.write(day, told, reference, lines, method="direct_debit")

    def _move(self, day: date, told: str, series: str, code: str, cents: int) -> None:
        lines = [debit(code, cents), credit("1010", cents)]
        reference = f"{series}-{day:%Y%m%d}"
        self.books.write(day, told, reference, lines, method="bank_transfer")
