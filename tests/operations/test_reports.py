"""Trial balance, balance sheet and income statement of a company small enough to check by hand."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from asking import Case, all_refused, enter, refused
from books import CLOSING_2024, STANDARD, TWO_YEARS, USD_BOOKS, posted

from ledger import balance_sheet as sheets
from ledger import income_statement as statements
from ledger import trial_balance as trials
from ledger.balances import fold
from ledger.currencies import CURRENCIES
from ledger.money import amount_text

TRIAL = """
query Trial($asOf: Date, $compare: Boolean! = false) {
  trialBalance(asOf: $asOf, comparePrevious: $compare) { ...Trial previous { ...Trial } }
  organization { trialBalance(asOf: $asOf, comparePrevious: $compare) { ...Trial } }
}
fragment Trial on TrialBalanceReport {
  asOfDate currency { code } totalDebits totalCredits isBalanced
  totals { assets liabilities equity revenue expenses }
  accounts {
    accountCode accountName accountType debitBalance creditBalance netBalance previousNetBalance
  }
}"""
SHEET = """
query Sheet($asOf: Date, $compare: Boolean! = false) {
  balanceSheet(asOf: $asOf, comparePrevious: $compare) { ...Sheet previous { ...Sheet } }
  organization { balanceSheet(asOf: $asOf, comparePrevious: $compare) { ...Sheet } }
}
fragment Sheet on BalanceSheetReport {
  asOfDate currency { code } totalAssets totalLiabilities totalEquity isBalanced
  assets { ...Line } liabilities { ...Line } equity { ...Line }
}
fragment Line on BalanceSheetLine {
  accountId accountCode accountName balance previousBalance
}"""
INCOME = """
query Income($from: Date, $to: Date, $compare: Boolean! = false) {
  incomeStatement(from: $from, to: $to, comparePrevious: $compare) {
    ...Income previous { ...Income }
  }
  organization { incomeStatement(from: $from, to: $to, comparePrevious: $compare) { ...Income } }
}
fragment Income on IncomeStatementReport {
  periodStart periodEnd currency { code } totalRevenue costOfSales grossProfit totalExpenses
  netIncome isBalanced
  revenue { ...Line } expenses { ...Line }
}
fragment Line on IncomeStatementLine { accountCode accountName amount previousAmount }
"""
FAR = "2190-01-01: Ahead\n    debit 1010 40.00\n    credit 4000 40.00\n"
SETTINGS = """
mutation Settings($month: Int, $day: Int) {
  updateOrganization(fiscalYearStartMonth: $month, fiscalYearStartDay: $day) { id }
}"""


@pytest.fixture
async def company(books):
    """The books of two years, the first of them closed."""
    await enter(books, TWO_YEARS + CLOSING_2024)
    return books


async def report(client, document, **given):
    """A report, the same from the root and from the organization, its figures as short texts."""
    found = await client.ask(document, **given)
    inner = found.pop("organization")
    ((name, whole),) = found.items()
    assert inner[name] == {key: whole[key] for key in inner[name]}
    assert whole["isBalanced"] is True
    assert whole["currency"] == {"code": "USD"}
    return whole


def short(lines, amount, before=None):
    """Lines as `code or name amount (amount before)`."""
    return [
        f"{line['accountCode'] or line['accountName']} {line[amount]}"
        + ("" if before is None else f" ({line[before]})")
        for line in lines
    ]


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


async def test_a_fiscal_year_begins_when_the_organization_says(books):
    await enter(books, TWO_YEARS)
    await books.ask(SETTINGS, month=7, day=1)
    for day, earlier, current in (
        ("2024-06-30", "0.00", "1800.00"),
        ("2024-07-01", "1800.00", "0.00"),
        ("2025-06-30", "1800.00", "370.00"),
        ("2025-07-01", "2170.00", "0.00"),
    ):
        found = await report(books, SHEET, asOf=day)
        assert [line["balance"] for line in found["equity"]][-2:] == [earlier, current], day
    found = await report(books, INCOME, to="2025-06-30", compare=True)
    assert (found["periodStart"][:10], found["netIncome"]) == ("2024-07-01", "370.00")
    before = found["previous"]
    assert (before["periodStart"][:10], before["periodEnd"][:10]) == ("2023-07-01", "2024-06-30")
    assert before["netIncome"] == "1800.00"
    # Today's fiscal year is the default.
    now = await report(books, INCOME)
    start, end = now["periodStart"][:10], now["periodEnd"][:10]
    assert start[4:] == "-07-01"
    assert start <= end < f"{int(start[:4]) + 1}-07-01"


async def test_what_lies_ahead_counts_in_balances_but_not_in_reports_until_its_day(company):
    before = await report(company, TRIAL)
    await enter(company, FAR)
    document = "query B($id: ID!) { account(id: $id) { balance { amount } } }"
    bank = (await company.accounts())["1010"]
    assert (await company.ask(document, id=bank))["account"]["balance"] == {"amount": "9560.00"}
    assert await report(company, TRIAL) == before
    assert (await report(company, SHEET))["totalAssets"] == "14170.00"
    for day, assets in (("2189-12-31", "14170.00"), ("2190-01-01", "14210.00")):
        trial = await report(company, TRIAL, asOf=day)
        assert trial["totals"]["assets"] == assets
        assert (await report(company, SHEET, asOf=day))["totalAssets"] == assets
    year = await report(company, INCOME, to="2190-12-31")
    assert (year["periodStart"][:10], year["netIncome"]) == ("2190-01-01", "40.00")


async def test_pending_and_failed_transactions_count_nowhere_and_reversals_offset(company):
    sale = "2025-05-01: More\n    debit 1010 70.00\n    credit 4000 70.00\n"
    await enter(company, sale, post=False)
    (posted_id,) = await enter(company, sale)
    reverse = """
    mutation R($id: ID!) { reverseTransaction(id: $id, reversalDate: "2025-05-03") { id } }"""
    await company.ask(reverse, id=posted_id)
    for day, revenue in (
        ("2025-04-30", "970.00"),
        ("2025-05-02", "1040.00"),
        ("2025-05-03", "970.00"),
    ):
        found = await report(company, INCOME, **{"from": "2025-01-01", "to": day})
        assert found["totalRevenue"] == revenue, day
    # The reversal of a closing entry is kept apart like the entry itself.
    (closing,) = (await company.ask("{ transactions(where: {kind: {eq: CLOSING}}) { id } }"))[
        "transactions"
    ]
    await company.ask(reverse, id=closing["id"])
    found = await report(company, INCOME, **{"from": "2024-01-01", "to": "2025-12-31"})
    assert found["netIncome"] == "2170.00"
    sheet = await report(company, SHEET, asOf="2025-05-03")
    assert short(sheet["equity"], "balance")[1:] == [
        "3100 0.00",
        "Earnings of earlier years not closed 0.00",
        "Current year earnings 2170.00",
    ]


async def test_what_cannot_be_asked_of_a_report_is_refused(house, books):
    cases = []
    for name in ("trialBalance", "balanceSheet"):
        for day in ("0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"):
            document = f'{{ {name}(asOf: "{day}") {{ isBalanced }} }}'
            inner = f'{{ organization {{ {name}(asOf: "{day}") {{ isBalanced }} }} }}'
            cases += [Case(each, "invalid_date", "asOf") for each in (document, inner)]
        cases += [
            Case(f"{{ {name}(asOf: {text}) {{ isBalanced }} }}", "invalid_date")
            for text in ('"2025-02-29"', '"today"', '""', "20250101", '"2025-01-01T00:00:00Z"')
        ]
        cases.append(
            Case(f"{{ {name}(comparePrevious: null) {{ isBalanced }} }}", "invalid_request")
        )
    period = (
        "query P($from: Date, $to: Date) { incomeStatement(from: $from, to: $to) { netIncome } }"
    )
    for begin, end, field in (
        ("2025-02-01", "2025-01-31", "from"),
        ("2200-01-01", None, "from"),
        ("1899-12-31", "2025-01-01", "from"),
        ("2025-01-01", "2201-01-01", "to"),
        (None, "0001-01-01", "to"),
        (None, "9999-12-31", "to"),
    ):
        cases.append(Case(period, "invalid_date", field, {"from": begin, "to": end}))
    await all_refused(house, books, cases)
    wrong = await refused(house, books, period, **{"from": "2025-02-01", "to": "2025-01-31"})
    assert wrong.details == {"from": "2025-02-01", "to": "2025-01-31"}


# Against the fold of a random journal


def random_journal(seed, transactions=120):
    """Three years of sales, purchases, foreign payments and closings, in no order of date."""
    draw = random.Random(seed)  # noqa: S311 (a journal that is the same each time)
    codes = [*STANDARD.by_code]
    journal = []
    for number in range(transactions):
        day = date(2023, 1, 1) + timedelta(days=draw.randrange(3 * 365))
        if draw.random() < 0.3:  # ends and beginnings of months have most of the cases
            day = day.replace(day=1) - timedelta(days=draw.randrange(2))
        debit, credit = draw.sample(codes, 2)
        cents = draw.randint(1, 10**7)
        foreign = f" EUR @ 1.{draw.randint(1, 999):03}" if draw.random() < 0.2 else ""
        kind = " closing" if draw.random() < 0.15 else ""
        amount = f"{cents // 100}.{cents % 100:02}{foreign}"
        journal.append(
            f"{day}{kind}: {number}\n    debit {debit} {amount}\n    credit {credit} {amount}\n"
        )
    return "".join(journal)


async def test_reports_of_any_day_and_period_equal_the_fold_of_the_entries(books):
    journal = random_journal(3)
    facts, chart = posted(journal), list(STANDARD.by_id.values())
    await enter(books, journal)

    def money(minor):
        return amount_text(minor, CURRENCIES["USD"])

    draw = random.Random(4)  # noqa: S311 (the same each time)
    for _ in range(12):
        day = date(2023, 1, 1) + timedelta(days=draw.randrange(3 * 365))
        begin = day - timedelta(days=draw.randrange(400))
        through = fold(facts, through=day)
        trial = trials.trial_balance(chart, through, day)
        sheet = sheets.balance_sheet(
            chart, through, fold(facts, since=USD_BOOKS.fiscal_year_begin(day), through=day), day
        )
        income = statements.income_statement(
            chart, fold(facts, since=begin, through=day), begin, day
        )
        found = await report(books, TRIAL, asOf=str(day))
        assert [line["netBalance"] for line in found["accounts"]] == [
            money(line.net_balance) for line in trial.lines
        ]
        found = await report(books, SHEET, asOf=str(day))
        for name in ("assets", "liabilities", "equity"):
            assert short(found[name], "balance") == [
                f"{line.account_code or line.account_name} {money(line.amount)}"
                for line in getattr(sheet, name)
            ]
        found = await report(books, INCOME, **{"from": str(begin), "to": str(day)})
        for name in ("revenue", "expenses"):
            assert short(found[name], "amount") == [
                f"{line.account_code} {money(line.amount)}" for line in getattr(income, name)
            ]
        assert found["netIncome"] == money(income.net_income)
        assert found["grossProfit"] == money(income.gross_profit)
