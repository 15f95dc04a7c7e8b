"""What the house costs whether coffee is sold or not: premises, insurance, repairs, advice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from entrypoints.demo.books import Books
from entrypoints.demo.catalogue import GOODS
from entrypoints.demo.days import falls_due, in_days, is_month_end, month_of_story, working_day
from entrypoints.demo.figures import Dice, Line, credit, debit
from entrypoints.demo.payables import Payables
from entrypoints.demo.steps import Cancelled, Issued, Reversed, Row
from ledger.documents import DocumentKind
from ledger.transactions import TransactionType

_RENT = 420_000
_HEATING = (138, 132, 118, 100, 92, 98, 112, 110, 96, 94, 110, 130)
_PREMIUM_BEFORE, _PREMIUM, _RENEWAL = 45_000, 564_000, 4
_REPAIRS, _BAD_REPAIR, _PARTS, _PERMIT, _FAIR = {2, 5, 8, 11}, 11, {0, 7}, 3, 6
_FEE, _TWICE_BILLED, _TWICE_CHARGED = 120_000, 9, 3
_GRINDERS = 5


@dataclass
class Premises:
    """Rent, energy, subscriptions, the van, permits, small supplies and a trip to a fair."""

    books: Books
    dice: Dice
    start: date

    def opening(self) -> list[Line]:
        """The deposit with the landlord."""
        return [debit("1800", 2 * _RENT)]

    def on(self, day: date) -> None:
        """Write down what is due on that day of the month, and in that month of the year."""
        month = month_of_story(self.start, day)
        if falls_due(day, 1):
            self._pay(day, "Rent, Haymarket roastery and café", "5200", _RENT)
        if falls_due(day, 11):
            energy = self.dice.between(1_080, 1_240) * _HEATING[day.month - 1]
            self._pay(day, "Salt Creek Utilities: power, gas and water", "5300", energy)
        self._card(day, month)
        if month == _PERMIT and falls_due(day, 8):
            self._pay(day, "Health department, food permit", "6200", 48_500)
        if month % 2 and falls_due(day, 17):
            cash = self.dice.between(5_500, 12_500)
            lines = [debit("5100", cash, "Cleaning and stationery"), credit("1000", cash)]
            told = "Petty cash, small supplies"
            type_ = TransactionType.EXPENSE
            self.books.write(day, told, f"PC-{day:%Y%m%d}", lines, method="cash", type=type_)
        if month == _FAIR and falls_due(day, 16):
            lines = [debit("5700", 61_480, "Flight and two nights"), credit("1010", 61_480)]
            told, more = "Marta Kovář, expenses of the roasters' fair", {"contact": "marta-kovar"}
            reference = f"EXP-{day:%Y%m%d}"
            self.books.write(day, told, reference, lines, method="bank_transfer", **more)

    def _pay(self, day: date, told: str, code: str, cents: int) -> None:
        lines = [debit(code, cents), credit("1010", cents)]
        how = {"method": "direct_debit", "type": TransactionType.EXPENSE}
        self.books.write(day, told, f"{code}-{day:%y%m%d}", lines, **how)

    def _card(self, day: date, month: int) -> None:
        """Charges to the card; once the same are entered twice, which is reversed."""
        if falls_due(day, 3):
            self._subscriptions(day)
            if month == _TWICE_CHARGED:
                twice = self._subscriptions(day)
                back = tuple(line.turned() for line in twice)
                reason = "The same charge was entered twice"
                self.books.add(Reversed(day, f"CC-{day:%Y%m%d}", reason, back))
        if falls_due(day, 18):
            fuel, adverts = self.dice.between(19_000, 27_500), self.dice.between(22_000, 51_000)
            lines = [debit("5750", fuel, "Fuel"), debit("5500", adverts, "Local radio and posters")]
            self._charge(day, "Fuel and advertising", [*lines, credit("2100", fuel + adverts)])

    def _subscriptions(self, day: date) -> tuple[Line, ...]:
        lines = [debit("5550", 18_900, "Point of sale and web shop")]
        lines += [debit("5550", 8_950, "Internet and telephone"), credit("2100", 27_850)]
        return self._charge(day, "Subscriptions", lines)

    def _charge(self, day: date, told: str, lines: list[Line]) -> tuple[Line, ...]:
        reference = f"CC-{day:%Y%m%d}"
        return self.books.write(day, told, reference, lines, method="credit_card").lines


@dataclass
class Services:
    """What others do for the house on account: insurance, repairs, parts, and its accounts."""

    books: Books
    payables: Payables
    dice: Dice
    start: date

    def opening(self) -> list[Line]:
        """Insurance paid ahead."""
        return [debit("1300", _RENEWAL * _PREMIUM_BEFORE)]

    def on(self, day: date) -> None:
        """Take in the bills of that day."""
        month = month_of_story(self.start, day)
        self._insurance(day, month)
        if month in _REPAIRS and falls_due(day, 13):
            self._repair(day, month)
        if month in _PARTS and falls_due(day, 9):
            self._parts(day, month)
        if month % 3 == 0:
            self._accountant(day, month)

    def _insurance(self, day: date, month: int) -> None:
        if month == _RENEWAL and falls_due(day, 2):
            row = Row(1, _PREMIUM, "1300", told="Insurance of house and business, twelve months")
            self._owe(day, "heartland", f"HM-{day:%y}-40718", (row,), 20)
        if is_month_end(day):
            cents = _PREMIUM_BEFORE if month < _RENEWAL else _PREMIUM // 12
            lines = [debit("5800", cents), credit("1300", cents)]
            self.books.write(day, f"Insurance of {day:%B %Y}", f"INS-{day:%Y%m}", lines)

    def _repair(self, day: date, month: int) -> None:
        """A visit to the café's machines; the last one did not help, and is not paid."""
        hours, parts = self.dice.between(2, 5), self.dice.between(9_000, 38_000)
        tax = "sales-tax-paid"
        rows = (
            Row(hours, 9_500, "6100", tax, told="Technician, hours"),
            Row(1, parts, "6100", tax, told="Pump, seals and fittings"),
        )
        number = f"NES-{1_480 + 29 * month}"
        self._owe(day, "espresso-service", number, rows, None if month == _BAD_REPAIR else 10)

    def _parts(self, day: date, month: int) -> None:
        """Parts of the roaster, on which we owe use tax; once with grinders to be sold."""
        cost = self.dice.between(42_000, 68_000)
        rows = [Row(1, cost, "6100", "use-tax", told="Bearings and belts, drum roaster 15 kg")]
        if month == min(_PARTS):
            price = GOODS["MCH-GRIND"].cost or 0
            rows.append(Row(_GRINDERS, price, "1230", item="MCH-GRIND", told="Shop grinder G65"))
        self._owe(day, "emmerich", f"ERM-{24_600 + 7 * month}", tuple(rows), 30)

    def _accountant(self, day: date, month: int) -> None:
        """A bill every quarter; once it is entered again under another number, and cancelled."""
        entered = working_day(day.replace(day=6))
        row = Row(1, _FEE, "5600", told="Quarterly books and sales tax return")
        if day == entered:
            self._owe(day, "lakeside", f"LA-{entered:%y%m}", (row,), 14)
        if month == _TWICE_BILLED and day == in_days(entered, 2):
            number = f"LA{entered:%y%m}"
            twice = self._owe(day, "lakeside", number, (row,), None)
            back = tuple(line.turned() for line in twice.lines)
            reason = f"The same bill as LA-{entered:%y%m}"
            self.books.add(Cancelled(day, DocumentKind.BILL, number, reason, back))

    def _owe(
        self, day: date, vendor: str, number: str, rows: tuple[Row, ...], days: int | None
    ) -> Issued:
        """Take a bill in, to be paid after so many days; one without is not paid."""
        due = in_days(day, days or 10)
        bill = Issued(day, DocumentKind.BILL, number, vendor, rows, due)
        self.payables.owe(bill, None if days is None else due)
        return bill
