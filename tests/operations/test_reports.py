"""Trial balance, balance sheet and income statement of a company to check by hand."""

from __future__ import annotations

import pytest
from asking import enter
from books import CLOSING_2024, TWO_YEARS
from reporting import INCOME, SHEET, TRIAL, report, short


@pytest.fixture
async def company(books):
    """The books of two years, the first of them closed."""
    await enter(books, TWO_YEARS + CLOSING_2024)
    return books


def moved(whole):
    """The accounts of a trial balance that are not zero, with their side."""
    return [
        f"{line['accountCode']} {'D' if line['creditBalance'] == '0.00' else 'C'} "
        f"{line['debitBalance'] if line['creditBalance'] == '0.00' else line['creditBalance']}"
        for line in whole["accounts"]
        if line["debitBalance"] != line["creditBalance"]
    ]


async def test_the_trial_balance_stands_at_the_end_of_a_day(company):
    table = {
        "1900-01-01": ("0.00", []),
        "2023-12-31": ("0.00", []),
        "2024-01-01": ("10000.00", ["1010 D 10000.00", "3000 C 10000.00"]),
        "2024-06-14": (
            "12000.00",
            ["1010 D 10000.00", "1200 D 2000.00", "2000 C 2000.00", "3000 C 10000.00"],
        ),
        "2024-12-30": (
            "15000.00",
            [
                *("1010 D 9500.00", "1100 D 3000.00", "1200 D 800.00", "2000 C 2000.00"),
                *("3000 C 10000.00", "4000 C 3000.00", "5000 D 1200.00", "5200 D 500.00"),
            ],
        ),
        # The closing entry of the last day moves the year's result to retained earnings.
        "2024-12-31": (
            "13300.00",
            [
                *("1010 D 9500.00", "1100 D 3000.00", "1200 D 800.00", "2000 C 2000.00"),
                *("3000 C 10000.00", "3100 C 1300.00"),
            ],
        ),
        "2025-03-15": (
            "14420.00",
            [
                *("1010 D 9520.00", "1100 D 3950.00", "1200 D 800.00", "1590 C 100.00"),
                *("2000 C 2000.00", "3000 C 10000.00", "3100 C 1300.00", "4000 C 1000.00"),
                *("4200 D 50.00", "4800 C 20.00", "6000 D 100.00"),
            ],
        ),
    }
    for day, (total, lines) in table.items():
        found = await report(company, TRIAL, asOf=day)
        assert found["asOfDate"] == f"{day}T00:00:00Z"
        assert (found["totalDebits"], found["totalCredits"]) == (total, total), day
        assert moved(found) == lines, day
        assert len(found["accounts"]) == 40
    # Nets are positive on the normal side; contra accounts are negative.
    nets = {line["accountCode"]: line["netBalance"] for line in found["accounts"]}
    assert [nets[code] for code in ("1010", "1590", "2000", "4000", "4200", "6000")] == [
        *("9520.00", "-100.00", "2000.00", "1000.00", "-50.00", "100.00")
    ]
    assert found["totals"] == {
        "assets": "14170.00",
        "liabilities": "2000.00",
        "equity": "11300.00",
        "revenue": "970.00",
        "expenses": "100.00",
    }


async def test_the_balance_sheet_balances_on_every_day(company):
    earlier, current = "Earnings of earlier years not closed", "Current year earnings"
    table = {
        "2023-12-31": ([], [], [f"{earlier} 0.00", f"{current} 0.00"], ("0.00", "0.00", "0.00")),
        "2024-06-14": (
            ["1010 10000.00", "1200 2000.00"],
            ["2000 2000.00"],
            ["3000 10000.00", f"{earlier} 0.00", f"{current} 0.00"],
            ("12000.00", "2000.00", "10000.00"),
        ),
        "2024-06-15": (
            ["1010 10000.00", "1100 3000.00", "1200 800.00"],
            ["2000 2000.00"],
            ["3000 10000.00", f"{earlier} 0.00", f"{current} 1800.00"],
            ("13800.00", "2000.00", "11800.00"),
        ),
        "2024-12-30": (
            ["1010 9500.00", "1100 3000.00", "1200 800.00"],
            ["2000 2000.00"],
            ["3000 10000.00", f"{earlier} 0.00", f"{current} 1300.00"],
            ("13300.00", "2000.00", "11300.00"),
        ),
        "2024-12-31": (
            ["1010 9500.00", "1100 3000.00", "1200 800.00"],
            ["2000 2000.00"],
            ["3000 10000.00", "3100 1300.00", f"{earlier} 0.00", f"{current} 0.00"],
            ("13300.00", "2000.00", "11300.00"),
        ),
        "2025-03-15": (
            ["1010 9520.00", "1100 3950.00", "1200 800.00", "1590 -100.00"],
            ["2000 2000.00"],
            ["3000 10000.00", "3100 1300.00", f"{earlier} 0.00", f"{current} 870.00"],
            ("14170.00", "2000.00", "12170.00"),
        ),
        # A new year has begun, and nobody has closed the last one.
        "2026-01-01": (
            ["1010 9520.00", "1100 3950.00", "1200 800.00", "1590 -100.00"],
            ["2000 2000.00"],
            ["3000 10000.00", "3100 1300.00", f"{earlier} 870.00", f"{current} 0.00"],
            ("14170.00", "2000.00", "12170.00"),
        ),
    }
    for day, (assets, liabilities, equity, totals) in table.items():
        found = await report(company, SHEET, asOf=day)
        assert short(found["assets"], "balance") == assets, day
        assert short(found["liabilities"], "balance") == liabilities, day
        assert short(found["equity"], "balance") == equity, day
        sums = tuple(found[f"total{name}"] for name in ("Assets", "Liabilities", "Equity"))
        assert sums == totals, day
    assert [line["accountId"] for line in found["equity"]][-2:] == [
        "computed_earlier_years_earnings",
        "computed_current_year_earnings",
    ]


async def test_the_income_statement_is_of_a_period_and_leaves_closing_entries_out(company):
    def figures(found):
        names = ("totalRevenue", "costOfSales", "grossProfit", "totalExpenses", "netIncome")
        return " ".join(found[name] for name in names)

    table = [
        (
            ("2024-01-01", "2024-12-31"),
            ["4000 3000.00"],
            ["5000 1200.00", "5200 500.00"],
            "3000.00 1200.00 1800.00 1700.00 1300.00",
        ),
        (
            ("2024-06-15", "2024-06-15"),
            ["4000 3000.00"],
            ["5000 1200.00"],
            "3000.00 1200.00 1800.00 1200.00 1800.00",
        ),
        (("2024-06-16", "2024-08-31"), [], [], "0.00 0.00 0.00 0.00 0.00"),
        (
            ("2024-06-16", "2024-09-01"),
            [],
            ["5200 500.00"],
            "0.00 0.00 0.00 500.00 -500.00",
        ),
        (("2024-12-31", "2024-12-31"), [], [], "0.00 0.00 0.00 0.00 0.00"),
        (
            ("2025-01-01", "2025-12-31"),
            ["4000 1000.00", "4200 -50.00", "4800 20.00"],
            ["6000 100.00"],
            "970.00 0.00 950.00 100.00 870.00",
        ),
        (
            ("2024-09-01", "2025-02-28"),
            ["4000 1000.00", "4200 -50.00"],
            ["5200 500.00"],
            "950.00 0.00 950.00 500.00 450.00",
        ),
        (
            ("1900-01-01", "2200-12-31"),
            ["4000 4000.00", "4200 -50.00", "4800 20.00"],
            ["5000 1200.00", "5200 500.00", "6000 100.00"],
            "3970.00 1200.00 2750.00 1800.00 2170.00",
        ),
    ]
    for (begin, end), revenue, expenses, expected in table:
        found = await report(company, INCOME, **{"from": begin, "to": end})
        assert (found["periodStart"][:10], found["periodEnd"][:10]) == (begin, end)
        assert short(found["revenue"], "amount") == revenue, begin
        assert short(found["expenses"], "amount") == expenses, begin
        assert figures(found) == expected, begin
    # Without a beginning it is the fiscal year in which the end lies.
    found = await report(company, INCOME, to="2025-02-28")
    assert (found["periodStart"], found["netIncome"]) == ("2025-01-01T00:00:00Z", "950.00")


async def test_a_report_is_compared_with_the_one_before(company):
    found = await report(company, TRIAL, asOf="2025-03-15", compare=True)
    assert found["previous"]["asOfDate"] == "2024-03-15T00:00:00Z"
    assert found["previous"]["totalDebits"] == "12000.00"
    before = {line["accountCode"]: line["previousNetBalance"] for line in found["accounts"]}
    assert [before[code] for code in ("1010", "1100", "1200", "4000")] == [
        *("10000.00", "0.00", "2000.00", "0.00")
    ]
    assert {line["previousNetBalance"] for line in found["previous"]["accounts"]} == {None}
    found = await report(company, SHEET, asOf="2025-03-15", compare=True)
    assert short(found["assets"], "balance", "previousBalance") == [
        "1010 9520.00 (10000.00)",
        "1100 3950.00 (0.00)",
        "1200 800.00 (2000.00)",
        "1590 -100.00 (0.00)",
    ]
    assert short(found["equity"], "balance", "previousBalance")[-1] == (
        "Current year earnings 870.00 (0.00)"
    )
    previous = found["previous"]
    assert (previous["totalAssets"], previous["totalEquity"]) == ("12000.00", "10000.00")
    # A year is compared with the year before, a line of only one of them is zero in the other.
    found = await report(
        company, INCOME, **{"from": "2025-01-01", "to": "2025-12-31"}, compare=True
    )
    assert short(found["revenue"], "amount", "previousAmount") == [
        "4000 1000.00 (3000.00)",
        "4200 -50.00 (0.00)",
        "4800 20.00 (0.00)",
    ]
    assert short(found["expenses"], "amount", "previousAmount") == [
        "5000 0.00 (1200.00)",
        "5200 0.00 (500.00)",
        "6000 100.00 (0.00)",
    ]
    assert (found["netIncome"], found["previous"]["netIncome"]) == ("870.00", "1300.00")
    days = {"from": "2024-06-10", "to": "2024-06-19"}  # ten days, against the ten before
    found = await report(company, INCOME, **days, compare=True)
    previous = found["previous"]
    assert (previous["periodStart"][:10], previous["periodEnd"][:10]) == (
        "2024-05-31",
        "2024-06-09",
    )
    for document in (TRIAL, SHEET):
        first = await report(company, document, asOf="1900-01-01", compare=True)
        assert first["previous"]["asOfDate"] == "1899-01-01T00:00:00Z"
