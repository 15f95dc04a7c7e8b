"""The category report: the income statement divided by categories, in base currency."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime
from typing import Annotated

import strawberry

from ledger import category_report as breakdown
from resolvers import reports as gathered
from schema.categories import tree_of
from schema.context import Reading
from schema.enums import CategoryType
from schema.money import CurrencyNode, currency_node, text
from schema.nodes import id_or_none
from schema.operation import query
from schema.scalars import DecimalText, midnight
from store import totals

From = Annotated[Date | None, strawberry.argument(name="from")]


@strawberry.type
class CategoryReportLine:
    """What a category earned and cost in the period, by itself and with all those below it."""

    category_id: strawberry.ID
    category_name: str
    category_type: CategoryType
    parent_id: strawberry.ID | None
    level: int = strawberry.field(description="1 at the top of the tree.")
    revenue: DecimalText
    expenses: DecimalText
    revenue_with_children: DecimalText
    expenses_with_children: DecimalText


@strawberry.type
class CategoryReport:
    """The revenue and expenses of a period by category, parents before children.

    What all categories have by themselves and what is uncategorized make the totals, which are
    those of the income statement of the same period.
    """

    generated_at: datetime
    period_start: datetime
    period_end: datetime
    currency: CurrencyNode
    categories: list[CategoryReportLine]
    uncategorized_revenue: DecimalText
    uncategorized_expenses: DecimalText
    total_revenue: DecimalText
    total_expenses: DecimalText
    net_income: DecimalText


async def category_report_of(
    reading: Reading, begin: Date | None, end: Date | None
) -> CategoryReport:
    """The category report of a period, else of the fiscal year to date."""
    organization, today = await reading.organization(), await reading.today()
    chart, tree = await reading.chart(), await tree_of(reading)
    statement = await reading.read(
        gathered.income_statement, organization, chart, today, begin, end, compare=False
    )
    turnovers = await reading.read(
        totals.by_category, organization.id, statement.period_start, statement.period_end
    )
    found = breakdown.category_report(tree, chart, turnovers, statement)
    code = organization.base_currency
    return CategoryReport(
        generated_at=reading.now,
        period_start=midnight(statement.period_start),
        period_end=midnight(statement.period_end),
        currency=currency_node(code),
        categories=[_line(line, code) for line in found.lines],
        uncategorized_revenue=text(found.uncategorized.revenue, code),
        uncategorized_expenses=text(found.uncategorized.expenses, code),
        total_revenue=text(found.total.revenue, code),
        total_expenses=text(found.total.expenses, code),
        net_income=text(statement.net_income, code),
    )


def _line(line: breakdown.CategoryLine, code: str) -> CategoryReportLine:
    category, own, whole = line.category, line.own, line.with_children
    return CategoryReportLine(
        category_id=strawberry.ID(category.id),
        category_name=category.name,
        category_type=category.type,
        parent_id=id_or_none(category.parent_id),
        level=line.level,
        revenue=text(own.revenue, code),
        expenses=text(own.expenses, code),
        revenue_with_children=text(whole.revenue, code),
        expenses_with_children=text(whole.expenses, code),
    )


@query(CategoryReport)
async def category_report(
    reading: Reading, from_: From = None, to: Date | None = None
) -> CategoryReport:
    """What each category earned and cost in a period, by default the fiscal year to date."""
    return await category_report_of(reading, from_, to)
