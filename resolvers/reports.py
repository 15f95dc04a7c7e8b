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
from store.totals import Present


def trial_balance(
    connection: Connection,
    organization: Organization,
    chart: list[Account],
    present: Present,
    day: date,
    compare: bool,
) -> trials.TrialBalance:
    """The trial balance at the end of a day, beside that of a year before if `compare`."""
    require_business_date(day, "asOf")
    previous = None
    if compare:
        before = year_earlier(day)
        previous = trials.trial_balance(
            chart, _through(connection, organization, present, before), before
        )
    through = _through(connection, organization, present, day)
    return trials.trial_balance(chart, through, day, previous)


def balance_sheet(
    connection: Connection,
    organization: Organization,
    chart: list[Account],
    present: Present,
    day: date,
    compare: bool,
) -> sheets.BalanceSheet:
    """The balance sheet at the end of a day, beside that of a year before if `compare`."""
    require_business_date(day, "asOf")
    previous = None
    if compare:
        previous = _sheet(connection, organization, chart, present, year_earlier(day))
    return _sheet(connection, organization, chart, present, day, previous)


def _sheet(
    connection: Connection,
    organization: Organization,
    chart: list[Account],
    present: Present,
    day: date,
    previous: sheets.BalanceSheet | None = None,
) -> sheets.BalanceSheet:
    through = _through(connection, organization, present, day)
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
    connection: Connection, organization: Organization, present: Present, day: date
) -> dict[str, Total]:
    """Totals of all days through one: from today on all there are, less what lies ahead."""
    if day < present.today:
        return totals.between(connection, organization.id, None, day)
    if day == present.today:
        ahead = present.ahead(connection)
    else:
        ahead = totals.after(connection, organization.id, day)
    found = present.now(connection)
    if not ahead:
        return found
    return found | {key: found.get(key, NOTHING) - total for key, total in ahead.items()}
