from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from books import USD_BOOKS, refusal

from ledger.dates import require_business_date
from ledger.errors import Reason
from ledger.organizations import fiscal_year_start, known_time_zone

CALENDAR = USD_BOOKS
APRIL = replace(USD_BOOKS, fiscal_year_start=(4, 6))
CLOSED = replace(USD_BOOKS, books_closed_through=date(2024, 12, 31))


@pytest.mark.parametrize(
    ("books", "day", "year", "begin"),
    [
        (CALENDAR, date(2025, 1, 1), 2025, date(2025, 1, 1)),
        (CALENDAR, date(2025, 12, 31), 2025, date(2025, 1, 1)),
        (APRIL, date(2025, 4, 5), 2024, date(2024, 4, 6)),
        (APRIL, date(2025, 4, 6), 2025, date(2025, 4, 6)),
        (APRIL, date(2026, 2, 28), 2025, date(2025, 4, 6)),
        (APRIL, date(1900, 1, 1), 1899, date(1899, 4, 6)),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_in_which_it_begins(books, day, year, begin):
    assert books.fiscal_year(day) == year
    assert books.fiscal_year_begin(day) == begin


@pytest.mark.parametrize(
    ("zone", "today"),
    [
        ("UTC", date(2025, 6, 30)),
        ("Europe/Berlin", date(2025, 7, 1)),
        ("America/New_York", date(2025, 6, 30)),
    ],
)
def test_the_time_zone_decides_what_today_is(zone, today):
    books = replace(USD_BOOKS, time_zone=zone)
    assert books.today(datetime(2025, 6, 30, 23, 30, tzinfo=UTC)) == today


@pytest.mark.parametrize(
    ("zone", "moment", "ends"),
    [
        ("UTC", "2025-06-30T23:30:00", "2025-07-01T00:00:00"),
        ("Europe/Berlin", "2025-06-30T23:30:00", "2025-07-01T22:00:00"),
        ("America/New_York", "2025-06-30T23:30:00", "2025-07-01T04:00:00"),
        ("America/Santiago", "2025-09-07T03:59:59", "2025-09-07T04:00:00"),
    ],
)
def test_a_business_date_ends_at_the_midnight_of_its_zone(zone, moment, ends):
    books = replace(USD_BOOKS, time_zone=zone)
    now, end = (datetime.fromisoformat(f"{each}+00:00") for each in (moment, ends))
    last = end - timedelta(microseconds=1)
    assert books.next_day(now) == end
    assert books.today(now) == books.today(last) < books.today(end)


def test_a_day_after_the_close_is_open_and_without_a_close_all_are():
    CLOSED.require_open(date(2025, 1, 1))
    USD_BOOKS.require_open(date(1900, 1, 1))


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2020, 1, 1)])
def test_nothing_is_posted_on_a_day_that_is_closed(day):
    refused = refusal(Reason.PERIOD_LOCKED, CLOSED.require_open, day, "reversalDate")
    assert refused.message == (
        f"The books are closed through 2024-12-31; nothing can be posted on {day}."
    )
    assert refused.details == {"books_closed_through": "2024-12-31", "date": str(day)}
    assert refused.field == "reversalDate"


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2200, 12, 31)])
def test_business_dates_run_from_1900_to_2200(day):
    assert require_business_date(day) == day


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(2201, 1, 1), date.max])
def test_no_other_date_is_a_business_date(day):
    refused = refusal(Reason.INVALID_DATE, require_business_date, day, "asOf")
    assert refused.message == f"asOf {day} is outside the years 1900 to 2200."
    assert refused.field == "asOf"


def test_a_fiscal_year_begins_on_a_day_that_every_year_has():
    assert fiscal_year_start(4, 6) == (4, 6)
    assert fiscal_year_start(2, 28) == (2, 28)


@pytest.mark.parametrize(("month", "day"), [(2, 29), (2, 30), (13, 1), (0, 1), (1, 0), (4, 31)])
def test_a_fiscal_year_does_not_begin_on_a_day_that_some_year_lacks(month, day):
    refused = refusal(Reason.INVALID_DATE, fiscal_year_start, month, day)
    assert refused.field == "fiscalYearStartDay"


def test_a_time_zone_is_known_by_its_iana_name():
    assert known_time_zone("Europe/Berlin") == "Europe/Berlin"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "localtime",
        "Mars/Olympus",
        "Europe",
        "../etc/passwd",
        "/etc/passwd",
        "\0",
        "\ud800",
        "x" * 9999,
    ],
)
def test_no_other_text_is_a_time_zone_nor_opens_a_file(name):
    refused = refusal(Reason.INVALID_VALUE, known_time_zone, name)
    assert len(refused.message) < 400
    assert refused.message.encode()
