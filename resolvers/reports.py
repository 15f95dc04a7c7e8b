"""Reports: read the totals they need, let the ledger make them. Nothing sums entries."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection

from ledger import balance_sheet as sheets
from ledger import income_statement as statements
from ledger import trial_balance as trials
from ledger.accounts import Account
from ledger.balances import NOTHING, Total
from ledger.dates import require_business_date
from ledger.organizations import Organization
from ledger.reports import period, previous_period, year_earlier
from store import totals


def trial_balance(
    connection: Connection,
    organization: Organization,
    chart: list[Account],
    today: date,
    day: date,
    compare: bool,
) -> trials.TrialBalance:
    """The trial balance at the end of a day, beside that of a year before if `compare`."""
    require_business_date(day, "asOf")
    previous = None
    if compare:
        before = year_earlier(day)
        previous = trials.trial_balance(
            chart, _through(connection, organization, today, before), before
        )
    through = _through(connection, organization, today, day)
    return trials.trial_balance(chart, through, day, previous)


def balance_sheet(
    connection: Connection,
    organization: Organization,
    chart: list[Account],
    today: date,
    day: date,
    compare: bool,
) -> sheets.BalanceSheet:
    """The balance sheet at the end of a day, beside that of a year before if `compare`."""
    require_business_date(day, "asOf")
    previous = None
    if compare:
        previous = _sheet(connection, organization, chart, today, year_earlier(day))
    return _sheet(connection, organization, chart, today, day, previous)


def _sheet(
    connection: Connection,
    organization: Organization,
    chart: list[Account],
    today: date,
    day: date,
    previous: sheets.BalanceSheet | None = None,
) -> sheets.BalanceSheet:
    through = _through(connection, organization, today, day)
    begin = organization.fiscal_year_begin(day)
    this_year = totals.between(connection, organization.id, begin, day)
    return sheets.balance_sheet(chart, through, this_year, day, previous)


def income_statement(
    connection: Connection,
    organization: Organization,
    chart: list[Account],
    today: date,
    begin: date | None,
    end: date | None,
    compare: bool,
) -> statements.IncomeStatement:
    """The income statement of a period, beside that of the period before if `compare`."""
    first, last = period(organization, today, begin, end)
    previous = None
    if compare:
        before = previous_period(first, last, organization.fiscal_year_start)
        moved = totals.between(connection, organization.id, *before)
        previous = statements.income_statement(chart, moved, *before)
    moved = totals.between(connection, organization.id, first, last)
    return statements.income_statement(chart, moved, first, last, previous)


def _through(
    connection: Connection, organization: Organization, today: date, day: date
) -> dict[str, Total]:
    """Totals of all days through one: for today those of the balances, less what lies ahead."""
    if day < today:
        return totals.between(connection, organization.id, None, day)
    found = totals.now(connection, organization.id)
    for account_id, ahead in totals.after(connection, organization.id, day).items():
        found[account_id] = found.get(account_id, NOTHING) - ahead
    return found
