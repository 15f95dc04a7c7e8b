"""What all reports share: their lines, their periods, and what they are compared with.

Every figure is in minor units of the base currency and positive on the normal side of its
account's type. A report is compared with one of the same kind for an earlier date or period:
it carries that report whole, and each of its lines has the earlier figure beside its own. So
that both columns add up, a line that only the earlier report has is shown too, with a zero.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from ledger.accounts import Account, AccountType
from ledger.dates import require_business_date
from ledger.errors import LedgerError, Reason
from ledger.organizations import Organization

_ONE_DAY = timedelta(days=1)
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One account in a section of a report; `previous` is None unless reports are compared.

    A line that is computed, not an account's, has an id that begins with `computed_` and an
    empty code, which no account can have.
    """

    account_id: str
    account_code: str
    account_name: str
    amount: int
    previous: int | None = None


Section = tuple[ReportLine, ...]
Figures = Mapping[str, int]
"""Amounts by account id."""


def section(
    accounts: Iterable[Account], account_type: AccountType, nets: Figures, before: Figures | None
) -> Section:
    """The lines of one type, in order of code: accounts that have a figure now or had one before.

    `nets` are debit-positive, and an account without movement is not in them; `before` are the
    figures of the report to compare with, as shown there.
    """
    sign = account_type.natural(1)
    shown = nets.keys() if before is None else nets.keys() | before.keys()
    lines = [
        ReportLine(
            account.id,
            account.code,
            account.name,
            sign * nets.get(account.id, 0),
            None if before is None else before.get(account.id, 0),
        )
        for account in accounts
        if account.type is account_type and account.id in shown
    ]
    return tuple(sorted(lines, key=attrgetter("account_code")))


def figures(*sections: Section) -> Figures:
    """The figures of a report's sections, for a later report to stand beside."""
    return {line.account_id: line.amount for lines in sections for line in lines}


def total(lines: Section) -> int:
    """What the lines of a section add up to."""
    return sum(line.amount for line in lines)


def period(
    organization: Organization, today: date, begin: date | None = None, end: date | None = None
) -> tuple[date, date]:
    """The first and last day of a report: by default the fiscal year to date.

    Without `end` it ends today; without `begin` it begins with the fiscal year of its end.
    Raises `invalid_date` for days outside the business range, or in the wrong order.
    """
    last = require_business_date(today if end is None else end, "to")
    if begin is None:
        return organization.fiscal_year_begin(last), last
    first = require_business_date(begin, "from")
    if first <= last:
        return first, last
    raise LedgerError(
        Reason.INVALID_DATE,
        f"The period begins on {first}, after its end on {last}.",
        "Give a `to` on or after `from`; without `to` a period ends today.",
        {"from": str(first), "to": str(last)},
        "from",
    )


def year_earlier(day: date) -> date:
    """The same day a year earlier, with which a balance is compared: 28 February for the 29th."""
    return _months_earlier(day, _MONTHS)


def previous_period(
    begin: date, end: date, fiscal_year_start: tuple[int, int]
) -> tuple[date, date]:
    """The period with which a period is compared; the two never overlap.

    * One that begins a fiscal year: the same a year earlier (when it is longer than a year,
      as many years as it takes).
    * Whole months: the same number of months just before.
    * Anything else: the same number of days just before.

    The last day of a month stays one: January and February of 2025 are compared with those of
    2024, all 29 days of that February included.
    """
    months = (end.year - begin.year) * _MONTHS + end.month - begin.month
    if (begin.month, begin.day) == fiscal_year_start:
        years = (months + (end.day >= begin.day) + _MONTHS - 1) // _MONTHS
        return _shifted(begin, end, years * _MONTHS)
    if begin.day == 1 and _ends_month(end):
        return _shifted(begin, end, months + 1)
    return begin - (end - begin) - _ONE_DAY, begin - _ONE_DAY


def _shifted(begin: date, end: date, months: int) -> tuple[date, date]:
    last = _months_earlier(end, months)
    if _ends_month(end):
        last = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    return _months_earlier(begin, months), last


def _months_earlier(day: date, months: int) -> date:
    year, month = divmod(day.year * _MONTHS + day.month - 1 - months, _MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _ends_month(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]
