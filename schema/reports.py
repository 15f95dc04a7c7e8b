"""The reports: trial balance, balance sheet, income statement. All in base currency.

Every amount is positive on the normal side of its account's type; contra accounts are
negative. Reports of one document are of one snapshot, so they always agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import date as Date
from datetime import datetime
from typing import Annotated

import strawberry

from ledger import balance_sheet as sheets
from ledger import income_statement as statements
from ledger import trial_balance as trials
from ledger.reports import ReportLine
from resolvers import reports as gathered
from schema.context import Reading
from schema.enums import AccountType
from schema.loading import batched
from schema.money import CurrencyNode, currency_node, text
from schema.nodes import Loaded
from schema.scalars import DecimalText, midnight

From = Annotated[Date | None, strawberry.argument(name="from")]


@strawberry.type
class TrialBalanceLine:
    """An account's balance, on the side where it stands."""

    account_id: strawberry.ID
    account_code: str
    account_name: str
    account_type: AccountType
    debit_balance: DecimalText
    credit_balance: DecimalText
    net_balance: DecimalText = strawberry.field(description="Positive on the normal side.")
    previous_net_balance: DecimalText | None


@strawberry.type
class TypeTotals:
    """The balance of all accounts of each type, positive on its normal side."""

    assets: DecimalText
    liabilities: DecimalText
    equity: DecimalText
    revenue: DecimalText
    expenses: DecimalText


@strawberry.type
class TrialBalanceReport:
    """Every account's balance at the end of a day: total debits equal total credits."""

    generated_at: datetime
    as_of_date: datetime
    currency: CurrencyNode
    total_debits: DecimalText
    total_credits: DecimalText
    totals: TypeTotals
    is_balanced: bool
    previous: Annotated[TrialBalanceReport, strawberry.lazy("schema.reports")] | None
    fact: strawberry.Private[trials.TrialBalance]
    loaded: Loaded = field(default_factory=dict)

    @batched(list[TrialBalanceLine])
    async def accounts(
        nodes: Sequence[TrialBalanceReport], _reading: Reading
    ) -> list[list[TrialBalanceLine]]:
        """Every account, by code; those without a balance too."""
        return [
            [_trial_line(line, node.currency.code) for line in node.fact.lines] for node in nodes
        ]


@strawberry.type
class BalanceSheetLine:
    """An account's balance. Computed lines have an id that begins with `computed_`."""

    account_id: strawberry.ID
    account_code: str
    account_name: str
    balance: DecimalText
    previous_balance: DecimalText | None


@strawberry.type
class BalanceSheetReport:
    """What is owned and owed at the end of a day: assets equal liabilities and equity."""

    generated_at: datetime
    as_of_date: datetime
    currency: CurrencyNode
    assets: list[BalanceSheetLine]
    liabilities: list[BalanceSheetLine]
    equity: list[BalanceSheetLine]
    total_assets: DecimalText
    total_liabilities: DecimalText
    total_equity: DecimalText
    is_balanced: bool
    previous: Annotated[BalanceSheetReport, strawberry.lazy("schema.reports")] | None


@strawberry.type
class IncomeStatementLine:
    """What an account earned or cost in the period."""

    account_id: strawberry.ID
    account_code: str
    account_name: str
    amount: DecimalText
    previous_amount: DecimalText | None


@strawberry.type
class IncomeStatementReport:
    """Revenue and expenses of a period, closing entries left out."""

    generated_at: datetime
    period_start: datetime
    period_end: datetime
    currency: CurrencyNode
    revenue: list[IncomeStatementLine]
    expenses: list[IncomeStatementLine]
    total_revenue: DecimalText
    cost_of_sales: DecimalText
    gross_profit: DecimalText = strawberry.field(
        description="Revenue but other income, less cost of sales."
    )
    total_expenses: DecimalText = strawberry.field(description="Cost of sales included.")
    net_income: DecimalText
    is_balanced: bool
    previous: Annotated[IncomeStatementReport, strawberry.lazy("schema.reports")] | None


async def trial_balance_of(
    reading: Reading, as_of: Date | None, compare_previous: bool
) -> TrialBalanceReport:
    """The trial balance as of a date, else today."""
    organization = await reading.organization()
    today = await reading.today()
    chart, present = await reading.chart(), await reading.present()
    found = await reading.read(
        gathered.trial_balance, organization, chart, present, as_of or today, compare_previous
    )
    return _trial_balance(found, organization.base_currency, reading.now)


async def balance_sheet_of(
    reading: Reading, as_of: Date | None, compare_previous: bool
) -> BalanceSheetReport:
    """The balance sheet as of a date, else today."""
    organization = await reading.organization()
    today = await reading.today()
    chart, present = await reading.chart(), await reading.present()
    found = await reading.read(
        gathered.balance_sheet, organization, chart, present, as_of or today, compare_previous
    )
    return _balance_sheet(found, organization.base_currency, reading.now)


async def income_statement_of(
    reading: Reading, begin: Date | None, end: Date | None, compare_previous: bool
) -> IncomeStatementReport:
    """The income statement of a period, else of the fiscal year to date."""
    organization = await reading.organization()
    today = await reading.today()
    chart = await reading.chart()
    found = await reading.read(
        gathered.income_statement, organization, chart, today, begin, end, compare_previous
    )
    return _income_statement(found, organization.base_currency, reading.now)


def _maybe(amount: int | None, code: str) -> DecimalText | None:
    return None if amount is None else text(amount, code)


def _trial_balance(found: trials.TrialBalance, code: str, now: datetime) -> TrialBalanceReport:
    return TrialBalanceReport(
        generated_at=now,
        as_of_date=midnight(found.as_of),
        currency=currency_node(code),
        total_debits=text(found.total_debits, code),
        total_credits=text(found.total_credits, code),
        totals=TypeTotals(
            assets=text(found.totals.assets, code),
            liabilities=text(found.totals.liabilities, code),
            equity=text(found.totals.equity, code),
            revenue=text(found.totals.revenue, code),
            expenses=text(found.totals.expenses, code),
        ),
        is_balanced=found.is_balanced,
        previous=None if found.previous is None else _trial_balance(found.previous, code, now),
        fact=found,
    )


def _trial_line(line: trials.TrialBalanceLine, code: str) -> TrialBalanceLine:
    return TrialBalanceLine(
        account_id=strawberry.ID(line.account_id),
        account_code=line.account_code,
        account_name=line.account_name,
        account_type=line.account_type,
        debit_balance=text(line.debit_balance, code),
        credit_balance=text(line.credit_balance, code),
        net_balance=text(line.net_balance, code),
        previous_net_balance=_maybe(line.previous, code),
    )


def _sheet_lines(lines: Sequence[ReportLine], code: str) -> list[BalanceSheetLine]:
    return [
        BalanceSheetLine(
            account_id=strawberry.ID(line.account_id),
            account_code=line.account_code,
            account_name=line.account_name,
            balance=text(line.amount, code),
            previous_balance=_maybe(line.previous, code),
        )
        for line in lines
    ]


def _balance_sheet(found: sheets.BalanceSheet, code: str, now: datetime) -> BalanceSheetReport:
    return BalanceSheetReport(
        generated_at=now,
        as_of_date=midnight(found.as_of),
        currency=currency_node(code),
        assets=_sheet_lines(found.assets, code),
        liabilities=_sheet_lines(found.liabilities, code),
        equity=_sheet_lines(found.equity, code),
        total_assets=text(found.total_assets, code),
        total_liabilities=text(found.total_liabilities, code),
        total_equity=text(found.total_equity, code),
        is_balanced=found.is_balanced,
        previous=None if found.previous is None else _balance_sheet(found.previous, code, now),
    )


def _statement_lines(lines: Sequence[ReportLine], code: str) -> list[IncomeStatementLine]:
    return [
        IncomeStatementLine(
            account_id=strawberry.ID(line.account_id),
            account_code=line.account_code,
            account_name=line.account_name,
            amount=text(line.amount, code),
            previous_amount=_maybe(line.previous, code),
        )
        for line in lines
    ]


def _income_statement(
    found: statements.IncomeStatement, code: str, now: datetime
) -> IncomeStatementReport:
    before = found.previous
    return IncomeStatementReport(
        generated_at=now,
        period_start=midnight(found.period_start),
        period_end=midnight(found.period_end),
        currency=currency_node(code),
        revenue=_statement_lines(found.revenue, code),
        expenses=_statement_lines(found.expenses, code),
        total_revenue=text(found.total_revenue, code),
        cost_of_sales=text(found.cost_of_sales, code),
        gross_profit=text(found.gross_profit, code),
        total_expenses=text(found.total_expenses, code),
        net_income=text(found.net_income, code),
        is_balanced=True,
        previous=None if before is None else _income_statement(before, code, now),
    )
