"""The tax report in the API."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime

import strawberry

from ledger import tax_report as taxes
from ledger.money import rate_text
from resolvers import subledgers as gathered
from schema.context import Reading
from schema.money import CurrencyNode, currency_node, text
from schema.operation import query
from schema.reports import From
from schema.scalars import DecimalText, midnight


@strawberry.type
class TaxFigures:
    """A net amount, and the tax on it; credit notes are negative."""

    base: DecimalText
    tax: DecimalText


@strawberry.type
class TaxReportLine:
    """One component of a tax rate: what was sold and bought at it, in base currency."""

    tax_rate_id: strawberry.ID
    name: str
    percent: DecimalText
    is_reverse_charge: bool
    sales: TaxFigures = strawberry.field(description="Charged to customers.")
    self_charged: TaxFigures = strawberry.field(
        description="Purchases under reverse charge, on which we owe the tax ourselves."
    )
    purchases: TaxFigures = strawberry.field(description="Purchases whose tax is deducted.")
    non_recoverable: TaxFigures = strawberry.field(
        description="Purchases whose tax cannot be deducted: it is part of their cost."
    )


@strawberry.type
class TaxReport:
    """The tax of a period: what was collected, what was paid, what is due.

    A document counts on the day of its transaction; a cancelled one is counted back on the day
    of its cancellation. Documents taken over from a former system do not count.
    """

    generated_at: datetime
    period_start: datetime
    period_end: datetime
    currency: CurrencyNode
    lines: list[TaxReportLine]
    collected: DecimalText = strawberry.field(
        description="Charged to customers, and to ourselves under reverse charge."
    )
    paid: DecimalText = strawberry.field(description="Charged to us, and deducted.")
    due: DecimalText = strawberry.field(
        description="What is to be paid to the authority, or, if negative, comes back from it."
    )
    non_recoverable: DecimalText


async def tax_report_of(reading: Reading, begin: Date | None, end: Date | None) -> TaxReport:
    """The tax report of a period, else of the fiscal year to date."""
    organization, today = await reading.organization(), await reading.today()
    found = await reading.read(gathered.tax_report, organization, today, begin, end)
    code = organization.base_currency
    return TaxReport(
        generated_at=reading.now,
        period_start=midnight(found.begin),
        period_end=midnight(found.end),
        currency=currency_node(code),
        lines=[_line(line, code) for line in found.lines],
        collected=text(found.collected, code),
        paid=text(found.paid, code),
        due=text(found.due, code),
        non_recoverable=text(found.non_recoverable, code),
    )


def _line(line: taxes.TaxReportLine, code: str) -> TaxReportLine:
    return TaxReportLine(
        tax_rate_id=strawberry.ID(line.tax_rate_id),
        name=line.name,
        percent=DecimalText(rate_text(line.percent)),
        is_reverse_charge=line.is_reverse_charge,
        sales=_figures(line.sales, code),
        self_charged=_figures(line.self_charged, code),
        purchases=_figures(line.purchases, code),
        non_recoverable=_figures(line.non_recoverable, code),
    )


def _figures(figures: taxes.TaxFigures, code: str) -> TaxFigures:
    return TaxFigures(base=text(figures.base, code), tax=text(figures.tax, code))


@query(TaxReport)
async def tax_report(reading: Reading, from_: From = None, to: Date | None = None) -> TaxReport:
    """The tax collected, paid and due in a period, by default the fiscal year to date."""
    return await tax_report_of(reading, from_, to)
