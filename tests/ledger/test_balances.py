from dataclasses import replace
from datetime import date

import pytest
from books import LATER, NOW, STANDARD, USD_BOOKS, drawn, posted

from ledger.balances import NOTHING, CurrencyTotal, Total, fold, fold_currencies
from ledger.errors import LedgerError, Reason
from ledger.posting import fail, reverse

YEAR = posted("""
2025-01-01 opening: Owner pays in
    debit  1010  5000.00
    credit 3000  5000.00
2025-02-10: Sale on account
    debit  1100  1200.00
    credit 4000  1200.00
2025-03-05: Rent
    debit  5200   700.00
    credit 1010   700.00
2025-03-20: The customer pays
    debit  1010  1200.00
    credit 1100  1200.00
2025-12-31 closing: Close the year
    debit  4000  1200.00
    credit 5200   700.00
    credit 3100   500.00
""")


def test_the_fold_adds_up_turnovers_and_keeps_closing_ones_apart():
    assert fold(YEAR) == {
        "act_1010": Total(6200_00, 700_00),
        "act_1100": Total(1200_00, 1200_00),
        "act_3000": Total(0, 5000_00),
        "act_3100": Total(0, 0, 0, 500_00),
        "act_4000": Total(0, 1200_00, 1200_00, 0),
        "act_5200": Total(700_00, 0, 0, 700_00),
    }


@pytest.mark.parametrize(
    ("account_id", "net", "net_open"),
    [
        ("act_1010", 5500_00, 5500_00),
        ("act_1100", 0, 0),
        ("act_3000", -5000_00, -5000_00),
        ("act_3100", -500_00, 0),
        ("act_4000", 0, -1200_00),
        ("act_5200", 0, 700_00),
    ],
)
def test_the_net_is_debit_positive_with_and_without_closing(account_id, net, net_open):
    total = fold(YEAR)[account_id]
    assert (total.net, total.net_open) == (net, net_open)


@pytest.mark.parametrize(
    ("since", "through", "bank"),
    [
        (None, None, Total(6200_00, 700_00)),
        (None, date(2025, 3, 4), Total(5000_00, 0)),
        (None, date(2025, 3, 5), Total(5000_00, 700_00)),
        (date(2025, 3, 5), None, Total(1200_00, 700_00)),
        (date(2025, 3, 6), None, Total(1200_00, 0)),
        (date(2025, 1, 1), date(2025, 1, 1), Total(5000_00, 0)),
        (date(2024, 1, 1), date(2024, 12, 31), NOTHING),
    ],
)
def test_both_days_of_a_period_count(since, through, bank):
    assert fold(YEAR, since=since, through=through).get("act_1010", NOTHING) == bank


def test_totals_of_two_periods_add_up_to_those_of_both():
    first = fold(YEAR, through=date(2025, 2, 28))
    second = fold(YEAR, since=date(2025, 3, 1))
    both = {key: first.get(key, NOTHING) + second.get(key, NOTHING) for key in first | second}
    assert both == fold(YEAR)


def test_all_balances_together_are_zero():
    assert sum(total.net for total in fold(YEAR).values()) == 0
    assert sum(total.net_open for total in fold(YEAR).values()) == 0


def test_pending_and_failed_transactions_do_not_count():
    pending = drawn("""
2025-03-01: Not yet
    debit  1000  100.00
    credit 4000  100.00
""")
    failed = fail(pending, LedgerError(Reason.PERIOD_LOCKED, "Closed."), NOW)
    assert fold([pending, failed]) == {}
    assert fold_currencies([pending, failed]) == {}


def test_a_reversed_transaction_counts_and_so_does_its_reversal():
    (rent,) = posted("""
2025-03-05: Rent, entered for the wrong month
    debit  5200   700.00
    credit 1010   700.00
""")
    pair = reverse(USD_BOOKS, STANDARD, rent, reversal_id="txn_2", now=LATER, on=date(2025, 4, 1))
    assert fold(pair, through=date(2025, 3, 31))["act_5200"] == Total(700_00, 0)
    assert fold(pair)["act_5200"] == Total(700_00, 700_00)


def test_the_reversal_of_a_closing_transaction_offsets_it_where_it_stands():
    *_, closing = YEAR
    _, reversal = reverse(
        USD_BOOKS, STANDARD, closing, reversal_id="txn_9", now=LATER, on=closing.date
    )
    totals = fold([*YEAR, reversal])
    assert totals["act_4000"] == Total(0, 1200_00, 1200_00, 1200_00)
    assert (totals["act_4000"].net, totals["act_3100"].net) == (-1200_00, 0)


@pytest.mark.parametrize(
    ("total", "moved", "moved_open"),
    [
        (Total(), False, False),
        (Total(debit=1), True, True),
        (Total(credit=1), True, True),
        (Total(5, 5), True, True),
        (Total(closing_debit=1), True, False),
        (Total(closing_credit=1), True, False),
    ],
)
def test_an_account_is_moved_by_any_turnover_even_if_nothing_is_left(total, moved, moved_open):
    assert (total.is_moved, total.is_moved_open) == (moved, moved_open)


# By currency

TRAVEL = posted("""
2025-05-01: Buy euros
    debit  1020  100.00 EUR = 110.00
    credit 1010  110.00
2025-05-02: Hotel
    debit  5700   60.00 EUR = 66.60
    credit 1020   60.00 EUR = 66.60
2025-05-03: A fee in dollars
    debit  5900    1.00
    credit 1020    1.00
""")


def test_the_fold_by_currency_has_amounts_in_it_and_in_base():
    assert fold_currencies(TRAVEL) == {
        ("act_1010", "USD"): CurrencyTotal(0, 110_00, 0, 110_00),
        ("act_1020", "EUR"): CurrencyTotal(100_00, 60_00, 110_00, 66_60),
        ("act_1020", "USD"): CurrencyTotal(0, 1_00, 0, 1_00),
        ("act_5700", "EUR"): CurrencyTotal(60_00, 0, 66_60, 0),
        ("act_5900", "USD"): CurrencyTotal(1_00, 0, 1_00, 0),
    }


def test_what_is_left_in_a_currency_is_debit_positive():
    euros = fold_currencies(TRAVEL)["act_1020", "EUR"]
    assert (euros.net, euros.base_net) == (40_00, 43_40)


def test_currencies_add_up_to_the_total_of_the_account():
    by_currency = fold_currencies(TRAVEL, since=date(2025, 5, 2), through=date(2025, 5, 3))
    total = by_currency["act_1020", "EUR"] + by_currency["act_1020", "USD"]
    assert total == CurrencyTotal(0, 61_00, 0, 67_60)
    whole = fold(TRAVEL, since=date(2025, 5, 2), through=date(2025, 5, 3))["act_1020"]
    assert (whole.debit, whole.credit) == (total.base_debit, total.base_credit)


def test_closing_transactions_are_in_the_fold_by_currency():
    assert fold_currencies(YEAR)["act_4000", "USD"] == CurrencyTotal(
        1200_00, 1200_00, 1200_00, 1200_00
    )


def test_figures_beyond_any_machine_word_add_up_exactly():
    (huge,) = posted("""
2025-01-01: As much as possible
    debit  1010  10000000000000.00
    credit 3000  10000000000000.00
""")
    copies = [replace(huge, id=f"txn_{n}") for n in range(10_000)]
    assert fold(copies)["act_1010"].net == 10**19


def test_the_totals_of_two_periods_add_up_and_are_taken_away_again():
    one, other = Total(1, 2, 3, 4), Total(10, 20, 30, 40)
    assert one + other == Total(11, 22, 33, 44)
    assert one + other - other == one
