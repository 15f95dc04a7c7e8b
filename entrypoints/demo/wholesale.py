"""What the company sells on account: coffee by the bag, machines and courses, to other houses."""

from __future__ import annotations

from calendar import FRIDAY, TUESDAY
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from entrypoints.demo.books import Books
from entrypoints.demo.catalogue import GOODS
from entrypoints.demo.customers import BISTRO, BOOKS, CUSTOMERS, DENTAL, HOTEL, INN, Customer, Want
from entrypoints.demo.days import (
    falls_due,
    in_days,
    is_fortnight,
    is_month_end,
    month_of_story,
    next_month,
)
from entrypoints.demo.figures import Dice, Line, credit, debit, rate_on, rounded
from entrypoints.demo.receipts import Promise, Receipts
from entrypoints.demo.sales import SEASON
from entrypoints.demo.steps import Applied, Cancelled, Carried, Issued, Row, Viewed
from ledger.documents import DocumentKind

_LAST_PAID, _LAST_ORDER, _GIVEN_UP = 3, 5, 9
_SLIP, _BURST, _TOO_MUCH, _DISPUTED, _ADVANCE = 2, 4, 5, 9, 11
_DEPOSIT, _ORDERS = 20_000, 318
_STOCK = {"1210": "5010", "1220": "5030", "1230": "5040"}
"""The accounts of what is delivered, and those of what that costs."""


@dataclass
class Wholesale:
    """Invoices on account and what comes of them; one customer fails, and is written off."""

    books: Books
    dice: Dice
    receipts: Receipts
    start: date
    _number: int = 1_040
    _orders: Counter[str] = field(default_factory=Counter)
    _delivered: Counter[str] = field(default_factory=Counter)
    _views: list[Viewed] = field(default_factory=list)
    _lost: list[Issued] = field(default_factory=list)
    _burst: Issued | None = None

    def opening(self) -> list[Line]:
        """Nothing of its own: open invoices are carried forward one by one."""
        return []

    def carried(self) -> list[Carried]:
        """What three customers still owed when the year began."""
        before = self.start - timedelta(days=1)
        statement = next_month(before, 15)
        later = in_days(self.start, 8)
        rows = (
            ("INV-1036", "platte-valley", 618_400, 19, 45, statement),
            ("INV-1037", HOTEL, 384_200, 12, 45, statement),
            ("INV-1039", "antelope", 290_000, 20, 30, later),
        )
        found = []
        for name, contact, cents, ago, days, paid in rows:
            dated = self.start - timedelta(days=ago)
            due = dated + timedelta(days=days)
            invoice = Carried(self.start, DocumentKind.INVOICE, name, contact, cents, dated, due)
            self.receipts.promise(Promise(paid, invoice, cents))
            found.append(invoice)
        return found

    def on(self, day: date) -> None:
        """Receive what comes in, invoice what goes out, and give up what is lost."""
        self.receipts.on(day)
        self._note_views(day)
        for customer in CUSTOMERS:
            if self._is_ordering(day, customer):
                self._sell(day, customer)
        self._credit_burst_bags(day)
        if month_of_story(self.start, day) == _GIVEN_UP and falls_due(day, 16):
            self._write_off(day)
        if month_of_story(self.start, day) == _ADVANCE and falls_due(day, 25):
            hotel, told = self.receipts.customers[HOTEL], "Advance for the brewing course"
            self.receipts.advance(day, hotel, _DEPOSIT, told)
        if day.weekday() == FRIDAY or is_month_end(day):
            self._deliver(day)

    def _is_ordering(self, day: date, customer: Customer) -> bool:
        month = month_of_story(self.start, day)
        if customer.key == BISTRO and month > _LAST_ORDER:
            return False
        if customer.day is None:
            return is_fortnight(day, TUESDAY)
        return falls_due(day, customer.day) and month % customer.every == customer.first

    def _sell(self, day: date, customer: Customer) -> None:
        month = month_of_story(self.start, day)
        wanted = [want for want in customer.wants if month % want.every == 0]
        rows = tuple(self._row(day, want) for want in wanted)
        if customer.key == BOOKS and month == _SLIP:
            self._slip(day, customer, rows)
        invoice = self._invoice(day, customer, rows)
        for row in rows:
            good = GOODS[row.item or ""]
            self._delivered["1210"] += row.quantity * good.coffee
            self._delivered["1220"] += row.quantity * good.packaging
            self._delivered["1230"] += row.quantity * (good.cost or 0)
        self._follow_up(month, customer, invoice)

    def _row(self, day: date, want: Want) -> Row:
        good = GOODS[want.good]
        season = SEASON[day.month - 1] if good.coffee else 100
        quantity = max(1, rounded(self.dice.between(want.low, want.high) * season, 100))
        is_lease = want.good == "LEASE-BREW"
        return Row(
            quantity,
            want.price or good.price or 0,
            good.account,
            want.tax or good.tax,
            want.good,
            f"{good.name}, {day:%B %Y}" if is_lease else None,
            want.discount,
        )

    def _invoice(self, day: date, customer: Customer, rows: tuple[Row, ...]) -> Issued:
        number = f"INV-{self._number}"
        self._number += 1
        self._orders[customer.key] += 1
        invoice = Issued(
            day,
            DocumentKind.INVOICE,
            number,
            customer.key,
            rows,
            currency=customer.currency,
            rate=rate_on(day, customer.currency),
            order=f"{customer.order}{_ORDERS + self._orders[customer.key]}"
            if customer.order
            else None,
            notes=customer.notes,
        )
        self.books.add(invoice)
        return invoice

    def _slip(self, day: date, customer: Customer, rows: tuple[Row, ...]) -> None:
        """Type a nought too many, notice it at once, and cancel the invoice."""
        (row,) = rows
        slip = self._invoice(day, customer, (replace(row, quantity=10 * row.quantity),))
        back = tuple(line.turned() for line in slip.lines)
        reason = f"{10 * row.quantity} bags invoiced instead of {row.quantity}"
        self.books.add(Cancelled(day, slip.kind, slip.name, reason, back))

    def _follow_up(self, month: int, customer: Customer, invoice: Issued) -> None:
        """What comes of an invoice: it is seen, paid, disputed, or lost."""
        if customer.opens:
            self._views.append(Viewed(in_days(invoice.date, 1), invoice.name))
        if customer.key == BISTRO and month > _LAST_PAID:
            self._lost.append(invoice)
        elif not (customer.key == INN and month == _DISPUTED):
            too_much = customer.key == DENTAL and month == _TOO_MUCH
            self.receipts.expect(invoice, too_much=too_much)
        if customer.key == HOTEL and month == _BURST and self._burst is None:
            self._burst = invoice

    def _note_views(self, day: date) -> None:
        for view in self._views:
            if view.date == day:
                self.books.add(view)

    def _credit_burst_bags(self, day: date) -> None:
        """Three days after a delivery in which two bags were found burst."""
        invoice = self._burst
        if invoice is None or day != in_days(invoice.date, 3):
            return
        told = f"{GOODS[invoice.rows[0].item or ''].name}: two bags burst in transit"
        row = replace(invoice.rows[0], quantity=2, told=told)
        note = Issued(
            day,
            DocumentKind.CREDIT_NOTE,
            "CN-0001",
            invoice.contact,
            (row,),
            notes="With our apologies; the bags need not be sent back.",
            corrects=invoice.name,
        )
        self.books.add(note)
        self.receipts.lessen(invoice.name, note.total)

    def _write_off(self, day: date) -> None:
        lost, reference = self._lost, f"WO-{day:%Y%m%d}"
        owed = sum(invoice.total for invoice in lost)
        told = "Bad debt written off: Copper Spoon Bistro has closed"
        lines = [debit("6300", owed), credit("1100", owed)]
        self.books.write(day, told, reference, lines, contact=BISTRO)
        for invoice in lost:
            self.books.add(Applied(day, f"{reference}/1", invoice.name, invoice.total))

    def _deliver(self, day: date) -> None:
        """Take what was delivered since the last time from stock."""
        lines = []
        for stock, cost in _STOCK.items():
            lines += [debit(cost, self._delivered[stock]), credit(stock, self._delivered[stock])]
        self._delivered.clear()
        if any(line.amount for line in lines):
            told = f"Goods delivered to customers, through {day:%d %b %Y}"
            self.books.write(day, told, f"DEL-{day:%Y%m%d}", lines)
