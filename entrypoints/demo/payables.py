"""What the demo company owes its vendors: bills, each paid on its day, and what they credit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from entrypoints.demo.books import Books
from entrypoints.demo.days import in_days
from entrypoints.demo.figures import Line, credit, debit, rate_on
from entrypoints.demo.steps import Applied, Carried, Issued, Paid, Part
from ledger.documents import DocumentKind

_WIRE_FEE = 2_500


@dataclass(frozen=True, slots=True)
class Debt:
    """A bill, what is left of it to pay, and the day on which that is paid."""

    bill: Issued | Carried
    cents: int
    paid_on: date


@dataclass
class Payables:
    """The bills that are open; those of one vendor that fall on one day are paid together."""

    books: Books
    start: date
    _debts: list[Debt] = field(default_factory=list)
    _credits: list[Issued] = field(default_factory=list)
    _number: int = 881

    def opening(self) -> list[Line]:
        """Nothing of its own: open bills are carried forward one by one."""
        return []

    def carried(self) -> list[Carried]:
        """Two bills in dollars and one in euros."""
        before = self.start - timedelta(days=1)
        euros = rate_on(self.start, "EUR")
        rows = (
            (f"SSB-{before:%y%m}", "sower-street", 281_450, "USD", None, 1, 11),
            (f"BOD-{before:%y%m%d}", "branched-oak", 168_240, "USD", None, 1, 8),
            ("RK-20871", "speicherstadt", 826_200, "EUR", euros, 43, 17),
        )
        found = []
        for name, contact, cents, currency, rate, ago, days in rows:
            paid_on = in_days(self.start, days)
            dated = self.start - timedelta(days=ago)
            bill = Carried(
                self.start, DocumentKind.BILL, name, contact, cents, dated, paid_on, currency, rate
            )
            self._debts.append(Debt(bill, cents, paid_on))
            found.append(bill)
        return found

    def owe(self, bill: Issued, paid_on: date | None) -> None:
        """Take a bill in, to be paid on a day, or never; credits of its vendor go against it."""
        self.books.add(bill)
        left = bill.total
        for note in [note for note in self._credits if note.contact == bill.contact]:
            self.books.add(Applied(bill.date, note.name, bill.name, note.total))
            self._credits.remove(note)
            left -= note.total
        if paid_on is not None:
            self._debts.append(Debt(bill, left, paid_on))

    def keep(self, note: Issued) -> None:
        """Take a vendor's credit in, to be set against its next bill."""
        self.books.add(note)
        self._credits.append(note)

    def on(self, day: date) -> None:
        """Pay what is due."""
        due = [debt for debt in self._debts if debt.paid_on == day]
        self._debts = [debt for debt in self._debts if debt.paid_on != day]
        for contact in dict.fromkeys(debt.bill.contact for debt in due):
            self._pay(day, contact, [debt for debt in due if debt.bill.contact == contact])

    def _pay(self, day: date, contact: str, debts: list[Debt]) -> None:
        self._number += 1
        currency = debts[0].bill.currency
        name = f"PMT-{self._number:04}"
        self.books.add(
            Paid(
                day,
                DocumentKind.BILL,
                name,
                contact,
                sum(debt.cents for debt in debts),
                tuple(Part(debt.bill.name, debt.cents, debt.bill.rate) for debt in debts),
                "bank_transfer",
                currency,
                rate_on(day, currency),
            )
        )
        if currency != "USD":
            lines = [debit("5900", _WIRE_FEE), credit("1010", _WIRE_FEE)]
            self.books.write(day, "Wire fee", f"FEE-{name}", lines, method="bank_transfer")
