"""The income statement: what was earned and what was spent between two days.

CLOSING transactions are left out: they move a result, they do not make one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.accounts import Account, AccountType, Subtype
from ledger.balances import Totals
from ledger.reports import Section, figures, section, total


@dataclass(frozen=True, slots=True)
class IncomeStatement:
    """Revenue and expenses in order of code, and what they come to, both days included.

    `other_income` is the part of `total_revenue`, and `cost_of_sales` the part of
    `total_expenses`, that accounts of these subtypes make up.
    """

    period_start: date
    period_end: date
    revenue: Section
    expenses: Section
    total_revenue: int
    total_expenses: int
    other_income: int
    cost_of_sales: int
    previous: IncomeStatement | None = None

    @property
    def gross_profit(self) -> int:
        """What sales leave after their direct cost."""
        return self.total_revenue - self.other_income - self.cost_of_sales

    @property
    def net_income(self) -> int:
        """The result of the period: a loss is negative."""
        return self.total_revenue - self.total_expenses


def income_statement(
    accounts: Sequence[Account],
    totals: Totals,
    period_start: date,
    period_end: date,
    previous: IncomeStatement | None = None,
) -> IncomeStatement:
    """The income statement of a period, from the totals of its days.

    `previous` is the statement to compare with, by rule that of `reports.previous_period`.
    """
    nets = {account_id: each.net_open for account_id, each in totals.items() if each.is_moved_open}
    before = None if previous is None else figures(previous.revenue, previous.expenses)
    revenue = section(accounts, AccountType.REVENUE, nets, before)
    expenses = section(accounts, AccountType.EXPENSE, nets, before)
    subtypes = {account.id: account.subtype for account in accounts}
    return IncomeStatement(
        period_start,
        period_end,
        revenue,
        expenses,
        total(revenue),
        total(expenses),
        sum(each.amount for each in revenue if subtypes[each.account_id] is Subtype.OTHER_INCOME),
        sum(each.amount for each in expenses if subtypes[each.account_id] is Subtype.COST_OF_SALES),
        previous,
    )
