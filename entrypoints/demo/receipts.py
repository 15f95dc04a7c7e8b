"""What the demo company's customers pay, and when: each invoice was promised for some day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from entrypoints.demo.books import Books
from entrypoints.demo.customers import DENTAL, Customer, Pays
from entrypoints.demo.days import in_days, next_month, working_day_before
from entrypoints.demo.figures import Dice, rate_on, share
from entrypoints.demo.steps import Applied, Carried, Issued, Paid, Part
from ledger.documents import DocumentKind
from ledger.money import allot

_EARLY_DISCOUNT = 200
_EXTRA = 2_500
_INSTALMENTS = ((30, 40), (60, 30), (90, 30))


@dataclass(frozen=True, slots=True)
class Promise:
    """That a part of an invoice is paid on a day, with a deduction, or with too much."""

    day: date
    invoice: Issued | Carried
    cents: int
    deducted: int = 0
    extra: int = 0


@dataclass
class Receipts:
    """The promises that are open, each kept to the day; and what was paid too much once."""

    books: Books
    dice: Dice
    customers: dict[str, Customer]
    _promises: list[Promise] = field(default_factory=list)
    _number: int = 2_208
    _credit: tuple[str, int] | None = None

    def promise(self, *promises: Promise) -> None:
        """Expect what was promised."""
        self._promises += promises

    def expect(self, invoice: Issued, *, too_much: bool = False) -> None:
        """Expect the payment of an invoice, as its customer pays."""
        promises = list(self._promised(invoice))
        if self._credit is not None and invoice.contact == DENTAL:
            name, cents = self._credit
            self.books.add(Applied(invoice.date, name, invoice.name, cents))
            promises = [replace(promise, cents=promise.cents - cents) for promise in promises]
            self._credit = None
        if too_much:
            promises = [replace(promise, extra=_EXTRA) for promise in promises]
        self.promise(*promises)

    def lessen(self, invoice: str, cents: int) -> None:
        """Expect so much less of an invoice: it was credited."""
        self._promises = [
            replace(each, cents=each.cents - cents) if each.invoice.name == invoice else each
            for each in self._promises
        ]

    def advance(self, day: date, customer: Customer, cents: int, notes: str) -> None:
        """Take in money for what is not invoiced yet."""
        self._take(day, customer, [], cents, 0, notes)

    def on(self, day: date) -> None:
        """Take in what customers pay on that day, each in one payment."""
        today = [each for each in self._promises if each.day == day]
        self._promises = [each for each in self._promises if each.day != day]
        for key, customer in self.customers.items():
            kept = [each for each in today if each.invoice.contact == key]
            if kept:
                self._receive(day, customer, kept)

    def _promised(self, invoice: Issued) -> Iterator[Promise]:
        day, total = invoice.date, invoice.total
        customer = self.customers[invoice.contact]
        pays = customer.pays
        if pays is Pays.BY_STATEMENT:
            yield Promise(next_month(day, 15), invoice, total)
        elif pays is Pays.EARLY:
            discount = share(total, _EARLY_DISCOUNT)
            yield Promise(in_days(day, 6), invoice, total - discount, discount)
        elif pays is Pays.IN_HALVES:
            yield Promise(in_days(day, 36), invoice, total // 2)
            yield Promise(in_days(day, 62), invoice, total - total // 2)
        elif pays is Pays.IN_INSTALMENTS:
            parts = allot(total, [percent for _, percent in _INSTALMENTS])
            for (days, _), part in zip(_INSTALMENTS, parts, strict=True):
                due = working_day_before(day + timedelta(days=days))
                yield Promise(due, invoice, part)
        else:
            days = self.dice.between(customer.days - 9, customer.days + 2)
            yield Promise(in_days(day, days), invoice, total)

    def _receive(self, day: date, customer: Customer, kept: list[Promise]) -> None:
        parts = [
            Part(each.invoice.name, each.cents + each.deducted, each.invoice.rate) for each in kept
        ]
        extra = sum(each.extra for each in kept)
        cents = sum(each.cents for each in kept) + extra
        notes = "Paid too much; the rest is kept for the next invoice." if extra else None
        name = self._take(day, customer, parts, cents, sum(each.deducted for each in kept), notes)
        if extra:
            self._credit = name, extra

    def _take(
        self,
        day: date,
        customer: Customer,
        parts: list[Part],
        cents: int,
        deducted: int,
        notes: str | None,
    ) -> str:
        """Write a payment down; gives its name."""
        self._number += 1
        name, rate = f"RCT-{self._number}", rate_on(day, customer.currency)
        payment = Paid(
            day,
            DocumentKind.INVOICE,
            name,
            customer.key,
            cents,
            tuple(parts),
            customer.method,
            customer.currency,
            rate,
            deducted,
            notes,
        )
        self.books.add(payment)
        return name
