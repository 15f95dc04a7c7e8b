"""Exports of events: the history of a period as one file, and the record that it was taken.

The record is a fact that lives in the history alone, as an event `events.exported`: who took
which part of it, and when. What it holds ends with that event, so that one export is the same
file whenever it is read.
"""

from __future__ import annotations

import json
import zoneinfo
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from ledger import texts
from ledger.dates import require_business_date
from ledger.errors import LedgerError, Reason
from ledger.organizations import Organization

_YEAR = 12
_MONTHS = {"month": 1, "quarter": 3, "year": _YEAR}


class ExportFormat(StrEnum):
    """How events are written: as a table, or each as a line of JSON."""

    CSV = "csv"
    JSONL = "jsonl"


class DateRange(StrEnum):
    """A period by its name; of calendar months, but for fiscal years. This one is not over yet."""

    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"
    THIS_FISCAL_YEAR = "this_fiscal_year"
    LAST_FISCAL_YEAR = "last_fiscal_year"


@dataclass(frozen=True, slots=True)
class EventExport:
    """Which events were exported; `begin` and `end` are moments that count in, None for ever."""

    organization_id: str
    id: str
    format: ExportFormat
    created_at: datetime
    begin: datetime | None = None
    end: datetime | None = None
    entity_type: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a caller asks to be exported: a named period, or days, which both count in."""

    format: ExportFormat
    date_range: DateRange | None = None
    first: date | None = None
    last: date | None = None
    entity_type: str | None = None


def draw_up(organization: Organization, asked: Asked, export_id: str, now: datetime) -> EventExport:
    """The export that is asked for; its days are those of the organization's time zone.

    Raises `invalid_date` for days in the wrong order, and `invalid_value` for two periods.
    """
    first, last = asked.first, asked.last
    if asked.date_range is not None:
        if first is not None or last is not None:
            raise LedgerError(
                Reason.INVALID_VALUE,
                "Both a dateRange is given, and from or to.",
                "Give one of the two.",
                field="dateRange",
            )
        first, last = days_of(asked.date_range, organization, organization.today(now))
    for day, name in ((first, "from"), (last, "to")):
        if day is not None:
            require_business_date(day, name)
    if first is not None and last is not None and last < first:
        raise LedgerError(
            Reason.INVALID_DATE,
            f"The period ends on {last}, before it begins on {first}.",
            "Give a `to` on or after `from`.",
            {"from": str(first), "to": str(last)},
            "from",
        )
    return EventExport(
        organization.id,
        export_id,
        asked.format,
        now,
        None if first is None else _midnight(organization, first),
        None if last is None else _midnight(organization, last + timedelta(1)) - _LEAST,
        texts.clean_optional(asked.entity_type, "entityType", texts.NAME_LENGTH),
    )


_LEAST = timedelta(microseconds=1)


def days_of(span: DateRange, organization: Organization, today: date) -> tuple[date, date]:
    """The first and the last day of a named period."""
    when, _, unit = span.value.partition("_")
    if unit == "fiscal_year":
        month, day = organization.fiscal_year_start
        year = organization.fiscal_year(today) - (when == "last")
        return date(year, month, day), date(year + 1, month, day) - timedelta(1)
    months = _MONTHS[unit]
    index = today.year * _YEAR + today.month - 1
    index -= index % months + (months if when == "last" else 0)
    return _month(index), _month(index + months) - timedelta(1)


def _month(index: int) -> date:
    year, month = divmod(index, _YEAR)
    return date(year, month + 1, 1)


def _midnight(organization: Organization, day: date) -> datetime:
    zone = zoneinfo.ZoneInfo(organization.time_zone)
    return datetime.combine(day, time(), zone).astimezone(UTC)


def restored(told: str) -> EventExport:
    """The export that an event tells of, by the JSON in it."""
    plain = json.loads(told)
    for name in ("created_at", "begin", "end"):
        if name in plain:
            plain[name] = datetime.fromisoformat(plain[name])
    return EventExport(**{**plain, "format": ExportFormat(plain["format"])})
