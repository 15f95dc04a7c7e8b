"""An organization: one set of books, its currency, its calendar, and how far it is closed."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from ledger.document_settings import DocumentSettings
from ledger.errors import LedgerError, Reason

_OF_THE_MACHINE = {"localtime", "posixrules", "Factory"}


@dataclass(frozen=True, slots=True)
class Organization:
    """The settings that every decision about an organization's books depends on.

    `fiscal_year_start` is a month and a day. `books_closed_through` is the last day on
    which nothing can be posted any more. The sandbox twin of a live organization has
    `is_live` False, and each names the other in `twin_id`.
    """

    id: str
    name: str
    base_currency: str
    is_live: bool
    created_at: datetime
    updated_at: datetime
    twin_id: str | None = None
    parent_id: str | None = None
    fiscal_year_start: tuple[int, int] = (1, 1)
    time_zone: str = "UTC"
    books_closed_through: date | None = None
    domain: str | None = None
    tax_number: str | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    documents: DocumentSettings = field(default_factory=DocumentSettings)

    def fiscal_year(self, day: date) -> int:
        """The fiscal year of a day: the calendar year in which that fiscal year began."""
        return day.year if (day.month, day.day) >= self.fiscal_year_start else day.year - 1

    def fiscal_year_begin(self, day: date) -> date:
        """The first day of the fiscal year in which `day` lies."""
        return date(self.fiscal_year(day), *self.fiscal_year_start)

    def today(self, moment: datetime) -> date:
        """The business date at an instant, by the organization's time zone."""
        return moment.astimezone(zoneinfo.ZoneInfo(self.time_zone)).date()

    def next_day(self, moment: datetime) -> datetime:
        """The instant at which the business date of `moment` ends, in UTC."""
        tomorrow = self.today(moment) + timedelta(days=1)
        midnight = datetime.combine(tomorrow, time(), zoneinfo.ZoneInfo(self.time_zone))
        return midnight.astimezone(UTC)

    def require_open(self, day: date, field_name: str = "date") -> None:
        """Raise `period_locked` when the books are closed through `day`."""
        closed = self.books_closed_through
        if closed is None or day > closed:
            return
        raise LedgerError(
            Reason.PERIOD_LOCKED,
            f"The books are closed through {closed}; nothing can be posted on {day}.",
            f"Use a date after {closed}, or have an administrator reopen the period.",
            {"books_closed_through": str(closed), "date": str(day)},
            field_name,
        )


def fiscal_year_start(month: int, day: int) -> tuple[int, int]:
    """Month and day on which fiscal years begin; one that every year has."""
    try:
        date(2001, month, day)
    except ValueError:
        raise LedgerError(
            Reason.INVALID_DATE,
            f"A fiscal year cannot begin on day {day} of month {month} in every year.",
            "Give a month from 1 to 12 and a day that it has in every year.",
            field="fiscalYearStartDay",
        ) from None
    return month, day


def known_time_zone(name: str) -> str:
    """The name of an IANA time zone, or `invalid_value`."""
    try:
        zoneinfo.ZoneInfo(name)
        is_known = name not in _OF_THE_MACHINE
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        is_known = False
    if not is_known:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"There is no time zone named {name[:60]!r}.",
            "Use an IANA name such as Europe/Berlin.",
            field="timeZone",
        )
    return name
