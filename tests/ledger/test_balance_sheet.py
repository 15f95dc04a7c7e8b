from dataclasses import replace
from datetime import date

import pytest
from books import CLOSING_2024, STANDARD, TWO_YEARS, USD_BOOKS, posted

from ledger.balance_sheet import CURRENT_YEAR_EARNINGS, EARLIER_YEARS_EARNINGS, balance_sheet
from ledger.balances import Total, fold
from ledger.reports import ReportLine, year_earlier

ACCOUNTS = list(STANDARD.by_id.values())
JUNE_2025 = date(2025, 6, 30)
BRITISH = replace(USD_BOOKS, fiscal_year_start=(4, 6))


def as_of(day, journal=TWO_YEARS, previous=None, organization=USD_BOOKS):
    transactions = posted(journal, organization)
    through = fold(transactions, through=day)
    this_year = fold(transactions, since=organization.fiscal_year_begin(day), through=day)
    return balance_sheet(ACCOUNTS, through, this_year, day, previous)


def figures(section):
    return [(line.account_code or line.account_name, line.amount) for line in section]


def earnings(report):
    """The computed lines: earlier years, current year."""
    return [line.amount for line in report.equity[-2:]]


def test_assets_equal_liabilities_and_equity_while_nothing_is_closed():
    report = as_of(JUNE_2025)
    assert figures(report.assets) == [
        ("1010", 9520_00),
        ("1100", 3950_00),
        ("1200", 800_00),
        ("1590", -100_00),
    ]
    assert figures(report.liabilities) == [("2000", 2000_00)]
    assert figures(report.equity) == [
        ("3000", 10000_00),
        ("Earnings of earlier years not closed", 1300_00),
        ("Current year earnings", 870_00),
    ]
    assert (report.total_assets, report.total_liabilities, report.total_equity) == (
        14170_00,
        2000_00,
        12170_00,
    )
    assert report.is_balanced
    assert report.as_of == JUNE_2025


def test_what_is_closed_stands_in_retained_earnings():
    report = as_of(JUNE_2025, TWO_YEARS + CLOSING_2024)
    assert figures(report.equity) == [
        ("3000", 10000_00),
        ("3100", 1300_00),
        ("Earnings of earlier years not closed", 0),
        ("Current year earnings", 870_00),
    ]
    assert report.total_equity == 12170_00
    assert report.is_balanced


@pytest.mark.parametrize(
    ("day", "journal", "earlier", "current"),
    [
        ("2023-12-31", TWO_YEARS, 0, 0),
        ("2024-06-30", TWO_YEARS, 0, 1800_00),
        ("2024-12-31", TWO_YEARS, 0, 1300_00),
        ("2025-01-01", TWO_YEARS, 1300_00, 0),
        ("2025-02-10", TWO_YEARS, 1300_00, 950_00),
        ("2026-01-01", TWO_YEARS, 2170_00, 0),
        ("2024-12-30", TWO_YEARS + CLOSING_2024, 0, 1300_00),
        ("2024-12-31", TWO_YEARS + CLOSING_2024, 0, 0),
        ("2025-12-31", TWO_YEARS + CLOSING_2024, 0, 870_00),
    ],
)
def test_earnings_are_those_of_this_fiscal_year_and_of_the_years_before(
    day, journal, earlier, current
):
    report = as_of(date.fromisoformat(day), journal)
    assert earnings(report) == [earlier, current]
    assert report.is_balanced


def test_the_fiscal_year_begins_when_the_organization_says():
    assert earnings(as_of(date(2025, 4, 5), organization=BRITISH)) == [0, 2170_00]
    assert earnings(as_of(date(2025, 4, 6), organization=BRITISH)) == [2170_00, 0]


def test_computed_lines_are_always_there_with_an_id_of_their_own_and_no_code():
    report = as_of(date(2023, 12, 31))
    assert (report.assets, report.liabilities) == ((), ())
    assert report.equity == (
        ReportLine(EARLIER_YEARS_EARNINGS, "", "Earnings of earlier years not closed", 0),
        ReportLine(CURRENT_YEAR_EARNINGS, "", "Current year earnings", 0),
    )
    assert CURRENT_YEAR_EARNINGS == "computed_current_year_earnings"
    assert EARLIER_YEARS_EARNINGS == "computed_earlier_years_earnings"
    assert report.is_balanced


def test_an_account_whose_balance_is_back_to_zero_keeps_its_line():
    report = as_of(
        JUNE_2025,
        TWO_YEARS
        + """
2025-04-01: Everybody pays
    debit  1010  3950.00
    credit 1100  3950.00
""",
    )
    assert ("1100", 0) in figures(report.assets)


def test_a_comparison_has_both_columns_complete_so_that_each_adds_up():
    earlier = as_of(year_earlier(JUNE_2025))
    report = as_of(JUNE_2025, previous=earlier)
    columns = [
        (line.account_code or line.account_name, line.amount, line.previous)
        for line in report.assets + report.liabilities + report.equity
    ]
    assert columns == [
        ("1010", 9520_00, 10000_00),
        ("1100", 3950_00, 3000_00),
        ("1200", 800_00, 800_00),
        ("1590", -100_00, 0),
        ("2000", 2000_00, 2000_00),
        ("3000", 10000_00, 10000_00),
        ("Earnings of earlier years not closed", 1300_00, 0),
        ("Current year earnings", 870_00, 1800_00),
    ]
    assert sum(line.previous for line in report.assets) == earlier.total_assets == 13800_00
    assert sum(line.previous for line in report.equity) == earlier.total_equity == 11800_00
    assert report.previous is earlier
    assert (earlier.as_of, earlier.is_balanced) == (date(2024, 6, 30), True)


def test_a_balance_sheet_shows_when_something_was_lost():
    report = balance_sheet(ACCOUNTS, {"act_1010": Total(debit=1)}, {}, JUNE_2025)
    assert not report.is_balanced
