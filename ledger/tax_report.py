"""The tax report: base and tax of a period, collected and paid, by rate and component.

Each issued document leaves tax entries, one for each component of each rate on it, dated on the
day it was posted. Credit notes leave negative ones. Cancelling a document leaves the same with
the signs turned, on the day of the cancellation: a period that was reported stays as it was.

Under reverse charge the seller charges nothing. The buyer owes the tax itself (`self_charged`)
and, where it is recoverable, deducts it at once: both sides are shown, and what is due is nil.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from ledger.currencies import CURRENCIES
from ledger.documents import Document
from ledger.errors import LedgerError, Reason
from ledger.money import convert
from ledger.open_items import Day, Side
from ledger.pricing import tax_totals


@dataclass(frozen=True, slots=True)
class TaxEntry:
    """What one component of a rate comes to on a document, in minor units of the base currency.

    `position` counts the entries of the document from 0. `base` and `tax` are negative on
    credit notes, and have the other sign on a cancellation. Under reverse charge `tax` is what
    the buyer owes: zero on a sale.
    """

    organization_id: str
    document_id: str
    position: int
    is_cancellation: bool
    date: Day
    tax_rate_id: str
    name: str
    percent: Decimal
    is_sale: bool
    is_recoverable: bool
    is_reverse_charge: bool
    base: int
    tax: int


@dataclass(frozen=True, slots=True)
class TaxFigures:
    """A net amount, and the tax on it."""

    base: int = 0
    tax: int = 0

    def plus(self, entry: TaxEntry) -> TaxFigures:
        """The figures with those of an entry added."""
        return TaxFigures(self.base + entry.base, self.tax + entry.tax)


@dataclass(frozen=True, slots=True)
class TaxReportLine:
    """One component of a rate: what was sold and bought at it, in minor units of base currency.

    `sales` were charged to customers; `self_charged` are purchases on which we owe the tax
    ourselves. `purchases` are those whose tax is recoverable, `non_recoverable` the others, and
    what is self-charged is in one of these two as well.
    """

    tax_rate_id: str
    name: str
    percent: Decimal
    is_reverse_charge: bool
    sales: TaxFigures = TaxFigures()
    self_charged: TaxFigures = TaxFigures()
    purchases: TaxFigures = TaxFigures()
    non_recoverable: TaxFigures = TaxFigures()

    @property
    def collected(self) -> int:
        """The tax that we owe: charged to customers, or to ourselves."""
        return self.sales.tax + self.self_charged.tax

    @property
    def paid(self) -> int:
        """The tax that we deduct."""
        return self.purchases.tax


@dataclass(frozen=True, slots=True)
class TaxReport:
    """The tax of the days from `begin` to `end`, both included; lines by rate, name and percent."""

    begin: Day
    end: Day
    lines: tuple[TaxReportLine, ...]
    collected: int
    paid: int
    non_recoverable: int

    @property
    def due(self) -> int:
        """What is to be paid to the authority, or, if negative, comes back from it."""
        return self.collected - self.paid


def tax_entries(document: Document, base_currency: str) -> list[TaxEntry]:
    """The tax entries of an issued document: taxes as posted, their bases at its exchange rate.

    A draft has none yet, and an opening document was reported in a former system.
    """
    if document.posted_on is None or document.is_opening:
        return []
    sign = -1 if document.kind.is_credit else 1
    return [
        TaxEntry(
            document.organization_id,
            document.id,
            position,
            is_cancellation=False,
            date=document.posted_on,
            tax_rate_id=total.tax_rate_id,
            name=total.name,
            percent=total.percent,
            is_sale=document.kind.side is Side.RECEIVABLE,
            is_recoverable=total.is_recoverable,
            is_reverse_charge=total.is_reverse_charge,
            base=sign * _in_base(document, base_currency, total.base),
            tax=sign * document.base_taxes[position],
        )
        for position, total in enumerate(tax_totals(document.lines))
    ]


def cancelled(entries: Iterable[TaxEntry], on: Day) -> list[TaxEntry]:
    """The entries that take those of a document back when it is cancelled on a day."""
    return [
        replace(entry, is_cancellation=True, date=on, base=-entry.base, tax=-entry.tax)
        for entry in entries
    ]


def tax_report(entries: Iterable[TaxEntry], begin: Day, end: Day) -> TaxReport:
    """The report of a period, from all entries of at least its days."""
    found: dict[tuple[str, str, Decimal, bool], TaxReportLine] = {}
    for entry in entries:
        if begin <= entry.date <= end:
            key = (entry.tax_rate_id, entry.name, entry.percent, entry.is_reverse_charge)
            found[key] = _with(found.get(key) or TaxReportLine(*key), entry)
    lines = tuple(found[key] for key in sorted(found))
    return TaxReport(
        begin,
        end,
        lines,
        collected=sum(line.collected for line in lines),
        paid=sum(line.paid for line in lines),
        non_recoverable=sum(line.non_recoverable.tax for line in lines),
    )


def _in_base(document: Document, base_currency: str, amount: int) -> int:
    if document.currency == base_currency:
        return amount
    if document.exchange_rate is None:
        raise LedgerError(
            Reason.MISSING_RATE,
            f"The document is in {document.currency} and the books are in {base_currency}: "
            "its tax needs an exchange rate.",
            f"Give exchangeRate ({base_currency} for one {document.currency}).",
            {"currency": document.currency, "base_currency": base_currency},
            "exchangeRate",
        )
    source, target = CURRENCIES[document.currency], CURRENCIES[base_currency]
    return convert(amount, document.exchange_rate, source, target)


def _with(line: TaxReportLine, entry: TaxEntry) -> TaxReportLine:
    """A line of the report with an entry added."""
    if entry.is_sale:
        return replace(line, sales=line.sales.plus(entry))
    if entry.is_reverse_charge:
        line = replace(line, self_charged=line.self_charged.plus(entry))
    if entry.is_recoverable:
        return replace(line, purchases=line.purchases.plus(entry))
    return replace(line, non_recoverable=line.non_recoverable.plus(entry))
