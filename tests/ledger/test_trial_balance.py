from dataclasses import replace
from datetime import date

from books import CLOSING_2024, STANDARD, TWO_YEARS, posted

from ledger.accounts import AccountType
from ledger.balances import Total, fold
from ledger.trial_balance import TrialBalanceLine, TypeTotals, trial_balance

ACCOUNTS = list(STANDARD.by_id.values())
JUNE_2025, JUNE_2024 = date(2025, 6, 30), date(2024, 6, 30)


def as_of(day, journal=TWO_YEARS, previous=None):
    return trial_balance(ACCOUNTS, fold(posted(journal), through=day), day, previous)


def used(report):
    """Code, debit, credit and net of each line that is not zero."""
    return [
        (line.account_code, line.debit_balance, line.credit_balance, line.net_balance)
        for line in report.lines
        if line.net_balance
    ]


def test_each_balance_stands_on_one_side_and_is_positive_on_its_normal_side():
    report = as_of(JUNE_2025)
    assert used(report) == [
        ("1010", 9520_00, 0, 9520_00),
        ("1100", 3950_00, 0, 3950_00),
        ("1200", 800_00, 0, 800_00),
        ("1590", 0, 100_00, -100_00),
        ("2000", 0, 2000_00, 2000_00),
        ("3000", 0, 10000_00, 10000_00),
        ("4000", 0, 4000_00, 4000_00),
        ("4200", 50_00, 0, -50_00),
        ("4800", 0, 20_00, 20_00),
        ("5000", 1200_00, 0, 1200_00),
        ("5200", 500_00, 0, 500_00),
        ("6000", 100_00, 0, 100_00),
    ]
    assert (report.total_debits, report.total_credits) == (16120_00, 16120_00)
    assert report.is_balanced
    assert report.as_of == JUNE_2025


def test_the_totals_by_type_have_natural_signs():
    assert as_of(JUNE_2025).totals == TypeTotals(
        assets=14170_00, liabilities=2000_00, equity=10000_00, revenue=3970_00, expenses=1800_00
    )


def test_every_account_has_a_line_in_order_of_code():
    report = as_of(date(2023, 12, 31))
    assert [line.account_code for line in report.lines] == [each.code for each in ACCOUNTS]
    assert report.lines[1] == TrialBalanceLine(
        account_id="act_1010",
        account_code="1010",
        account_name="Bank account",
        account_type=AccountType.ASSET,
        debit_balance=0,
        credit_balance=0,
        net_balance=0,
    )
    assert used(report) == []
    assert report.is_balanced


def test_the_order_is_that_of_code_points_whatever_order_accounts_come_in():
    accounts = [replace(ACCOUNTS[0], id=code, code=code) for code in ["a", "10", "B", "9"]]
    report = trial_balance(accounts, {}, JUNE_2025)
    assert [line.account_code for line in report.lines] == ["10", "9", "B", "a"]


def test_a_new_year_alone_resets_nothing():
    assert as_of(date(2025, 1, 1)).totals == as_of(date(2024, 12, 31)).totals


def test_closing_transactions_count():
    report = as_of(JUNE_2025, TWO_YEARS + CLOSING_2024)
    lines = {line.account_code: line.net_balance for line in report.lines}
    assert lines["3100"] == 1300_00
    assert (lines["4000"], lines["5000"], lines["5200"]) == (1000_00, 0, 0)
    assert (report.total_debits, report.total_credits) == (14420_00, 14420_00)


def test_a_comparison_has_the_balance_of_the_earlier_date_beside_each():
    earlier = as_of(JUNE_2024)
    report = as_of(JUNE_2025, previous=earlier)
    compared = {line.account_code: (line.net_balance, line.previous) for line in report.lines}
    assert compared["1010"] == (9520_00, 10000_00)
    assert compared["1590"] == (-100_00, 0)
    assert compared["4000"] == (4000_00, 3000_00)
    assert report.previous is earlier
    assert (earlier.total_debits, earlier.totals.revenue) == (15000_00, 3000_00)
    assert {line.previous for line in earlier.lines} == {None}


def test_an_account_opened_since_then_had_nothing():
    earlier = as_of(JUNE_2024)
    new = replace(ACCOUNTS[0], id="act_1001", code="1001")
    report = trial_balance([*ACCOUNTS, new], {}, JUNE_2025, earlier)
    assert [line.previous for line in report.lines if line.account_code == "1001"] == [0]


def test_a_trial_balance_shows_when_something_was_lost():
    report = trial_balance(ACCOUNTS, {"act_1010": Total(debit=1)}, JUNE_2025)
    assert not report.is_balanced
