from datetime import date

from books import CLOSING_2024, STANDARD, TWO_YEARS, posted

from ledger.balances import fold
from ledger.income_statement import income_statement
from ledger.reports import previous_period

ACCOUNTS = list(STANDARD.by_id.values())
YEAR_2024 = (date(2024, 1, 1), date(2024, 12, 31))
YEAR_2025 = (date(2025, 1, 1), date(2025, 12, 31))
ENTERED_TWICE = """
2025-05-01: Office supplies
    debit  5100   30.00
    credit 1010   30.00
2025-05-01: Office supplies, entered twice and taken back
    debit  1010   30.00
    credit 5100   30.00
"""


def of(days, journal=TWO_YEARS, previous=None):
    begin, end = days
    totals = fold(posted(journal), since=begin, through=end)
    return income_statement(ACCOUNTS, totals, begin, end, previous)


def columns(section):
    return [(line.account_code, line.amount, line.previous) for line in section]


def test_revenue_less_expenses_is_net_income():
    statement = of(YEAR_2025)
    assert columns(statement.revenue) == [
        ("4000", 1000_00, None),
        ("4200", -50_00, None),
        ("4800", 20_00, None),
    ]
    assert columns(statement.expenses) == [("6000", 100_00, None)]
    assert (statement.total_revenue, statement.total_expenses) == (970_00, 100_00)
    assert statement.net_income == 870_00
    assert (statement.period_start, statement.period_end) == YEAR_2025


def test_gross_profit_is_what_sales_leave_after_their_cost():
    assert (of(YEAR_2024).cost_of_sales, of(YEAR_2024).gross_profit) == (1200_00, 1800_00)
    assert (of(YEAR_2025).other_income, of(YEAR_2025).gross_profit) == (20_00, 950_00)


def test_only_the_days_of_the_period_count_both_included():
    assert of((date(2025, 2, 10), date(2025, 3, 1))).net_income == 850_00
    assert of((date(2025, 2, 11), date(2025, 2, 28))).net_income == 0


def test_a_loss_is_negative():
    assert of((date(2024, 7, 1), date(2024, 12, 31))).net_income == -500_00


def test_closing_transactions_are_left_out():
    closed = of(YEAR_2024, TWO_YEARS + CLOSING_2024)
    assert closed == of(YEAR_2024)
    assert closed.net_income == 1300_00


def test_nothing_but_closing_transactions_shows_no_line():
    statement = of((date(2024, 12, 31), date(2024, 12, 31)), TWO_YEARS + CLOSING_2024)
    assert (statement.revenue, statement.expenses) == ((), ())


def test_an_account_whose_movements_cancel_out_keeps_its_line():
    assert ("5100", 0, None) in columns(of(YEAR_2025, TWO_YEARS + ENTERED_TWICE).expenses)


def test_a_comparison_shows_what_only_the_earlier_period_has():
    earlier = of(previous_period(*YEAR_2025, (1, 1)))
    statement = of(YEAR_2025, previous=earlier)
    assert columns(statement.revenue) == [
        ("4000", 1000_00, 3000_00),
        ("4200", -50_00, 0),
        ("4800", 20_00, 0),
    ]
    assert columns(statement.expenses) == [
        ("5000", 0, 1200_00),
        ("5200", 0, 500_00),
        ("6000", 100_00, 0),
    ]
    assert (statement.net_income, statement.previous.net_income) == (870_00, 1300_00)
    assert (statement.gross_profit, statement.previous.gross_profit) == (950_00, 1800_00)
