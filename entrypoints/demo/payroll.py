"""The people who work there, and what is owed for them, for sales tax and on the credit card."""

from __future__ import annotations

from calendar import FRIDAY
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from entrypoints.demo.books import Books
from entrypoints.demo.days import falls_due, is_fortnight, is_month_end
from entrypoints.demo.figures import Dice, Line, credit, debit, rounded

_HEAD_ROASTER, _CAFE_MANAGER = 211_538, 184_615
_PACKER, _BARISTA = 1_650, 1_575
_FEDERAL, _FICA, _STATE, _UNEMPLOYMENT = 850, 765, 320, 110
_MONTHLY_OWED = {"2310": 421_036, "2320": 55_214, "2100": 82_316}


def _part(cents: int, rate: int) -> int:
    """A share of an amount, the rate in hundredths of a per cent."""
    return rounded(cents * rate, 10_000)


@dataclass
class Payroll:
    """Two salaries and some hours, paid every second Friday less what is withheld."""

    books: Books
    dice: Dice

    def opening(self) -> list[Line]:
        """Nothing: wages are paid up, and what was withheld from them is with the remittances."""
        return []

    def on(self, day: date) -> None:
        """Pay the people."""
        if not is_fortnight(day, FRIDAY):
            return
        roastery = _HEAD_ROASTER + self.dice.between(44, 56) * _PACKER
        cafe = _CAFE_MANAGER + self.dice.between(214, 242) * _BARISTA
        gross = roastery + cafe
        fica, federal, state = _part(gross, _FICA), _part(gross, _FEDERAL), _part(gross, _STATE)
        unemployment = _part(gross, _UNEMPLOYMENT)
        lines = [
            debit("5410", roastery),
            debit("5420", cafe),
            debit("5450", fica + unemployment, "Employer's FICA and unemployment tax"),
            credit("1010", gross - fica - federal - state, "Net pay"),
            credit("2310", federal + 2 * fica, "Income tax withheld, FICA of both sides"),
            credit("2320", state),
            credit("2330", unemployment),
        ]
        told, reference = f"Payroll, two weeks to {day:%d %b %Y}", f"PR-{day:%Y%m%d}"
        self.books.write(day, told, reference, lines, method="direct_deposit")


@dataclass
class Remittances:
    """What was collected for others in a period, handed over to the cent after it has ended."""

    books: Books
    start: date
    _owed: Counter[str] = field(default_factory=Counter)

    def opening(self) -> list[Line]:
        """What was owed for the month before, and for the quarter so far or the one before."""
        months = (self.start.month - 1) % 3 or 3
        quarterly = {"2200": months * 211_437, "2330": months * 19_580}
        self._owed.update(_MONTHLY_OWED | quarterly)
        return [credit(code, cents) for code, cents in self._owed.items()]

    def on(self, day: date) -> None:
        """Hand over what is due; note at a period's end what is owed for it."""
        if falls_due(day, 15):
            self._pay(day, "Payroll taxes withheld, month before", "2310", "2320")
        if falls_due(day, 20):
            self._pay(day, "Credit card statement paid", "2100")
        if day.month % 3 == 1 and falls_due(day, 20):
            self._pay(day, "Sales tax return, quarter before", "2200")
        if day.month % 3 == 1 and falls_due(day, 25):
            self._pay(day, "Unemployment taxes, quarter before", "2330")
        if is_month_end(day):
            self._note(*_MONTHLY_OWED)
        if is_month_end(day) and day.month % 3 == 0:
            self._note("2200", "2330")

    def _note(self, *codes: str) -> None:
        for code in codes:
            self._owed[code] = -self.books.balances[code]

    def _pay(self, day: date, told: str, *codes: str) -> None:
        lines: list[Line] = []
        for code in codes:
            cents = self._owed[code]
            lines += [debit(code, cents), credit("1010", cents)]
        reference = f"EFT-{codes[0]}-{day:%y%m%d}"
        self.books.write(day, told, reference, lines, method="bank_transfer")
