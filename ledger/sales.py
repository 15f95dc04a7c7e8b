"""Sales by customer: what was invoiced and what was credited between two days, net of tax.

A document counts on the day of its transaction, and a cancelled one is counted back on the day
on which it was cancelled, so that the months of a year always sum to the year, and a month that
is closed never changes. Opening documents were sold in a former system and are no sales.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ledger.documents import DocumentKind
from ledger.open_items import Day, Side


@dataclass(frozen=True, slots=True)
class DocumentFigures:
    """What of an issued document makes it a sale; `base_subtotal` as it stands on the document.

    That is positive on a credit note too, in minor units of the base currency.
    """

    contact_id: str
    kind: DocumentKind
    base_subtotal: int
    posted_on: Day
    cancelled_on: Day | None = None
    is_opening: bool = False


@dataclass(frozen=True, slots=True)
class SalesFigures:
    """What was sold: `invoiced` positive, `credited` negative, in base, net of tax.

    `invoice_count` is that of invoices issued less that of invoices cancelled. Both it and
    `invoiced` are below zero where more of earlier periods was cancelled than was issued.
    """

    invoice_count: int
    invoiced: int
    credited: int

    @property
    def total(self) -> int:
        """The net sales."""
        return self.invoiced + self.credited


NOTHING_SOLD = SalesFigures(0, 0, 0)


@dataclass(frozen=True, slots=True)
class CustomerSales:
    """What was sold to one customer."""

    contact_id: str
    figures: SalesFigures


@dataclass(frozen=True, slots=True)
class Sales:
    """What was sold between two days, both included, by customer in order of id."""

    begin: Day
    end: Day
    customers: tuple[CustomerSales, ...]
    totals: SalesFigures


def sales(documents: Iterable[DocumentFigures], begin: Day, end: Day) -> Sales:
    """The sales of a period, from the figures of documents that were issued.

    Bills and vendor credits are left out, as are customers whose figures are all zero.
    """
    by_contact: dict[str, SalesFigures] = {}
    totals = NOTHING_SOLD
    for document in documents:
        for change in _changes(document, begin, end):
            so_far = by_contact.get(document.contact_id, NOTHING_SOLD)
            by_contact[document.contact_id] = _sum(so_far, change)
            totals = _sum(totals, change)
    customers = tuple(
        CustomerSales(contact_id, figures)
        for contact_id, figures in sorted(by_contact.items())
        if figures != NOTHING_SOLD
    )
    return Sales(begin, end, customers, totals)


def _changes(document: DocumentFigures, begin: Day, end: Day) -> Iterator[SalesFigures]:
    """What a document adds to the sales of a period, and what its cancelling takes back."""
    if document.is_opening or document.kind.side is not Side.RECEIVABLE:
        return
    if begin <= document.posted_on <= end:
        yield _figures(document, 1)
    if document.cancelled_on is not None and begin <= document.cancelled_on <= end:
        yield _figures(document, -1)


def _figures(document: DocumentFigures, sign: int) -> SalesFigures:
    amount = sign * document.base_subtotal
    return SalesFigures(0, 0, -amount) if document.kind.is_credit else SalesFigures(sign, amount, 0)


def _sum(one: SalesFigures, other: SalesFigures) -> SalesFigures:
    return SalesFigures(
        one.invoice_count + other.invoice_count,
        one.invoiced + other.invoiced,
        one.credited + other.credited,
    )
