"""What the dates of reports mean: fiscal years, today, what lies ahead; and any other day."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from asking import Case, all_refused, enter, refused
from books import CLOSING_2024, STANDARD, TWO_YEARS, USD_BOOKS, posted
from reporting import INCOME, SHEET, TRIAL, report, short

from ledger import balance_sheet as sheets
from ledger import income_statement as statements
from ledger import trial_balance as trials
from ledger.balances import fold
from ledger.currencies import CURRENCIES
from ledger.money import amount_text

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
