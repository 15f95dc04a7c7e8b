"""The balance sheet: what is owned, what is owed, and what remains, at the end of a day.

Revenue and expenses that no CLOSING transaction has moved to equity yet stand in two computed
equity lines, so that assets = liabilities + equity at every date, closed or not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ledger.accounts import Account, AccountType
from ledger.balances import Totals
from ledger.reports import Figures, ReportLine, Section, figures, section, total

EARLIER_YEARS_EARNINGS = "computed_earlier_years_earnings"
CURRENT_YEAR_EARNINGS = "computed_current_year_earnings"
_COMPUTED = {
    EARLIER_YEARS_EARNINGS: "Earnings of earlier years not closed",
    CURRENT_YEAR_EARNINGS: "Current year earnings",
}


@dataclass(frozen=True, slots=True)
class BalanceSheet:
    """Three sections of accounts in order of code, and what each adds up to.

    The last two lines of `equity` are always the computed earnings: of earlier years as far
    as not closed, and of the current fiscal year.
    """

    as_of: date
    assets: Section
    liabilities: Section
    equity: Section
    total_assets: int
    total_liabilities: int
    total_equity: int
    previous: BalanceSheet | None = None

    @property
    def is_balanced(self) -> bool:
        """Whether assets = liabilities + equity, as they are unless something was lost."""
        return self.total_assets == self.total_liabilities + self.total_equity


def balance_sheet(
    accounts: Sequence[Account],
    through: Totals,
    this_year: Totals,
    as_of: date,
    previous: BalanceSheet | None = None,
) -> BalanceSheet:
    """The balance sheet at the end of `as_of`, from the totals of all days through it.

    `this_year` are the totals from the first day of the fiscal year through `as_of`; only
    those of revenue and expense accounts matter. `previous` is the sheet to compare with, by
    rule that of `reports.year_earlier(as_of)`.
    """
    before = None
    if previous is not None:
        before = figures(previous.assets, previous.liabilities, previous.equity)
    nets = {account_id: each.net for account_id, each in through.items() if each.is_moved}
    assets = section(accounts, AccountType.ASSET, nets, before)
    liabilities = section(accounts, AccountType.LIABILITY, nets, before)
    current = _earnings(accounts, this_year)
    equity = (
        *section(accounts, AccountType.EQUITY, nets, before),
        _computed(EARLIER_YEARS_EARNINGS, _earnings(accounts, through) - current, before),
        _computed(CURRENT_YEAR_EARNINGS, current, before),
    )
    return BalanceSheet(
        as_of,
        assets,
        liabilities,
        equity,
        total(assets),
        total(liabilities),
        total(equity),
        previous,
    )


def _earnings(accounts: Sequence[Account], totals: Totals) -> int:
    """What revenue and expense accounts hold for equity: a profit is positive."""
    temporary = (account.id for account in accounts if account.type.is_temporary)
    return -sum(totals[account_id].net for account_id in temporary if account_id in totals)


def _computed(account_id: str, amount: int, before: Figures | None) -> ReportLine:
    earlier = None if before is None else before[account_id]
    return ReportLine(account_id, "", _COMPUTED[account_id], amount, earlier)
