"""What all reports share: their periods, and what they are compared with."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from books import STANDARD, USD_BOOKS, refusal
from hypothesis import given
from hypothesis import strategies as st

from ledger.accounts import AccountType
from ledger.dates import EARLIEST, LATEST
from ledger.errors import Reason
from ledger.reports import (
    ReportLine,
    figures,
    period,
    previous_period,
    section,
    total,
    year_earlier,
)

TODAY = date(2025, 7, 1)
JANUARY, APRIL = (1, 1), (4, 6)
BRITISH = replace(USD_BOOKS, fiscal_year_start=APRIL)


def day(text):
    return date.fromisoformat(text)


def days(text):
    """Two dates of a text such as 2025-01-01..2025-03-31."""
    begin, end = text.split("..")
    return day(begin), day(end)


# Periods


@pytest.mark.parametrize(
    ("books", "begin", "end", "expected"),
    [
        (USD_BOOKS, None, None, "2025-01-01..2025-07-01"),
        (BRITISH, None, None, "2025-04-06..2025-07-01"),
        (BRITISH, None, "2025-04-05", "2024-04-06..2025-04-05"),
        (USD_BOOKS, "2024-03-01", None, "2024-03-01..2025-07-01"),
        (USD_BOOKS, "2025-07-01", None, "2025-07-01..2025-07-01"),
        (USD_BOOKS, "2024-03-01", "2024-03-31", "2024-03-01..2024-03-31"),
    ],
)
def test_a_period_is_by_default_the_fiscal_year_to_date(books, begin, end, expected):
    asked = (begin and day(begin), end and day(end))
    assert period(books, TODAY, *asked) == days(expected)


@pytest.mark.parametrize(
    ("begin", "end", "field"),
    [
        ("2025-02-01", "2025-01-31", "from"),
        ("2025-07-02", None, "from"),
        ("1899-12-31", "2025-01-01", "from"),
        ("2025-01-01", "2201-01-01", "to"),
        (None, "1899-12-31", "to"),
    ],
)
def test_a_period_is_refused_when_its_days_are_in_the_wrong_order_or_century(begin, end, field):
    asked = (begin and day(begin), end and day(end))
    assert refusal(Reason.INVALID_DATE, period, USD_BOOKS, TODAY, *asked).field == field


# Comparison


@pytest.mark.parametrize(
    ("as_of", "earlier"),
    [
        ("2025-07-01", "2024-07-01"),
        ("2025-12-31", "2024-12-31"),
        ("2024-02-29", "2023-02-28"),
        ("2025-02-28", "2024-02-28"),
        ("1900-01-01", "1899-01-01"),
    ],
)
def test_a_balance_is_compared_with_the_same_day_a_year_earlier(as_of, earlier):
    assert year_earlier(day(as_of)) == day(earlier)


@pytest.mark.parametrize(
    ("asked", "previous", "begins"),
    [
        # It begins a fiscal year: the same a year earlier.
        ("2025-01-01..2025-12-31", "2024-01-01..2024-12-31", JANUARY),
        ("2025-01-01..2025-07-01", "2024-01-01..2024-07-01", JANUARY),
        ("2025-01-01..2025-01-31", "2024-01-01..2024-01-31", JANUARY),
        ("2025-01-01..2025-01-01", "2024-01-01..2024-01-01", JANUARY),
        ("2024-01-01..2024-02-29", "2023-01-01..2023-02-28", JANUARY),
        ("2025-01-01..2025-02-28", "2024-01-01..2024-02-29", JANUARY),
        ("2024-01-01..2024-02-28", "2023-01-01..2023-02-28", JANUARY),
        ("2025-04-06..2026-04-05", "2024-04-06..2025-04-05", APRIL),
        ("2025-04-06..2025-12-31", "2024-04-06..2024-12-31", APRIL),
        # It is longer than a year: as many years as it takes.
        ("2024-01-01..2025-12-31", "2022-01-01..2023-12-31", JANUARY),
        ("2024-01-01..2025-01-01", "2022-01-01..2023-01-01", JANUARY),
        ("2024-04-06..2025-04-06", "2022-04-06..2023-04-06", APRIL),
        # Whole months: as many months before.
        ("2025-03-01..2025-03-31", "2025-02-01..2025-02-28", JANUARY),
        ("2025-02-01..2025-02-28", "2025-01-01..2025-01-31", JANUARY),
        ("2024-03-01..2024-03-31", "2024-02-01..2024-02-29", JANUARY),
        ("2025-04-01..2025-06-30", "2025-01-01..2025-03-31", JANUARY),
        ("2025-01-01..2025-01-31", "2024-12-01..2024-12-31", APRIL),
        ("2025-01-01..2025-12-31", "2024-01-01..2024-12-31", APRIL),
        # Anything else: as many days before.
        ("2025-03-10..2025-03-10", "2025-03-09..2025-03-09", JANUARY),
        ("2025-03-10..2025-03-16", "2025-03-03..2025-03-09", JANUARY),
        ("2025-03-01..2025-03-30", "2025-01-30..2025-02-28", JANUARY),
        ("2025-03-02..2025-03-31", "2025-01-31..2025-03-01", JANUARY),
    ],
)
def test_a_period_is_compared_with_the_one_before_that_is_like_it(asked, previous, begins):
    assert previous_period(*days(asked), begins) == days(previous)


business_days = st.dates(EARLIEST, LATEST)


@given(business_days, business_days, st.dates(date(2001, 1, 1), date(2001, 12, 31)))
def test_two_periods_that_are_compared_never_overlap_and_are_about_as_long(one, other, start):
    begin, end = sorted([one, other])
    fiscal_year_start = (start.month, start.day)
    for first in (begin, begin.replace(day=1), _on(begin, *fiscal_year_start)):
        if first <= end:
            previous_begin, previous_end = previous_period(first, end, fiscal_year_start)
            assert previous_begin <= previous_end < first
            assert abs((previous_end - previous_begin) - (end - first)) <= timedelta(days=5)


def _on(day, month, day_of_month):
    return day.replace(month=month, day=day_of_month)


# Sections


ACCOUNTS = list(STANDARD.by_id.values())


def test_a_section_has_the_accounts_of_its_type_in_order_of_code_with_natural_signs():
    nets = {"act_4200": 50, "act_4000": -1_000, "act_1010": 950}
    lines = section(reversed(ACCOUNTS), AccountType.REVENUE, nets, None)
    assert lines == (
        ReportLine("act_4000", "4000", "Sales", 1_000),
        ReportLine("act_4200", "4200", "Sales discounts", -50),
    )
    assert total(lines) == 950


def test_codes_are_in_order_of_their_code_points():
    codes = ["a", "B", "10", "9", "é"]
    accounts = [replace(ACCOUNTS[0], id=code, code=code) for code in codes]
    lines = section(accounts, AccountType.ASSET, dict.fromkeys(codes, 1), None)
    assert [line.account_code for line in lines] == ["10", "9", "B", "a", "é"]


def test_a_line_that_only_the_earlier_report_has_is_shown_with_zero():
    before = figures(
        section(ACCOUNTS, AccountType.ASSET, {"act_1000": 7, "act_1010": 8}, None),
        section(ACCOUNTS, AccountType.REVENUE, {"act_4000": -15}, None),
    )
    assert before == {"act_1000": 7, "act_1010": 8, "act_4000": 15}
    assert section(ACCOUNTS, AccountType.ASSET, {"act_1010": 3, "act_1100": 4}, before) == (
        ReportLine("act_1000", "1000", "Cash", 0, 7),
        ReportLine("act_1010", "1010", "Bank account", 3, 8),
        ReportLine("act_1100", "1100", "Accounts receivable", 4, 0),
    )
