"""Business dates: plain dates of the years 1900 to 2200, without time or zone."""

from __future__ import annotations

from datetime import date

from ledger.errors import LedgerError, Reason

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 12, 31)


def require_business_date(day: date, field_name: str = "date") -> date:
    """The same date, or `invalid_date` when it is outside 1900 to 2200."""
    if EARLIEST <= day <= LATEST:
        return day
    raise LedgerError(
        Reason.INVALID_DATE,
        f"{field_name} {day} is outside the years 1900 to 2200.",
        "Check the year.",
        field=field_name,
    )
