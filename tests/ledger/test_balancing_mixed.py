"""Balancing of entries in several currencies, by the rules of ledger/balancing.py."""

import pytest
from books import drawn, refusal, shown

from ledger.errors import Reason


def test_several_currencies_balance_in_base():
    assert shown(
        drawn("""
2025-03-01: Sell euros for dollars at a gain
    debit  1010  112.00
    credit 1020  100.00 EUR = 108.25
    credit 4900    3.75
""")
    ) == [
        ("debit", "1010", 112_00, "USD", 112_00),
        ("credit", "1020", 100_00, "EUR", 108_25),
        ("credit", "4900", 3_75, "USD", 3_75),
    ]


def test_a_residue_of_rounding_becomes_an_entry_of_its_own():
    transaction = drawn("""
2025-03-01: Three fees, each 0.335 and rounded up
    debit  5900  0.67 EUR @ 0.5
    debit  5900  0.67 GBP @ 0.5
    debit  5900  0.67 CHF @ 0.5
    credit 1010  1.00
""")
    assert shown(transaction)[3:] == [
        ("credit", "1010", 1_00, "USD", 1_00),
        ("credit", "7900", 2, "USD", 2),
    ]
    assert [each.base_amount for each in transaction.entries] == [34, 34, 34, 1_00, 2]
    assert transaction.entries[-1].description == "Rounding"
    assert (transaction.currency, transaction.amount, transaction.base_amount) == (
        "USD",
        1_02,
        1_02,
    )


def test_the_rounding_entry_may_be_a_debit():
    transaction = drawn("""
2025-03-01: Rounded down
    debit  5900  0.65 EUR @ 0.5
    credit 1010  0.33
""")
    assert shown(transaction) == [
        ("debit", "5900", 65, "EUR", 32),
        ("credit", "1010", 33, "USD", 33),
        ("debit", "7900", 1, "USD", 1),
    ]


@pytest.mark.parametrize(
    ("journal", "difference"),
    [
        pytest.param(
            """
2025-03-01: Two cents for one conversion
    debit  1010  100.00 EUR @ 1.0825
    credit 4000  108.27
""",
            "0.02",
            id="more than one unit",
        ),
        pytest.param(
            """
2025-03-01: One cent, but nothing was converted
    debit  1010  100.00 EUR = 108.25
    credit 4000  108.24
""",
            "0.01",
            id="nothing converted",
        ),
    ],
)
def test_a_larger_difference_than_rounding_can_make_is_unbalanced(journal, difference):
    assert refusal(Reason.UNBALANCED, drawn, journal).details["difference"] == difference


def test_an_entry_among_several_currencies_needs_its_own_rate():
    refused = refusal(
        Reason.MISSING_RATE,
        drawn,
        """
2025-03-01: Pounds without a rate
    debit  1010  100.00
    debit  1020   50.00 GBP
    credit 4000  150.00 EUR @ 1.10
""",
    )
    assert refused.message == (
        "The entry is in GBP and the books are in USD: it needs an exchange rate or a base amount."
    )
    assert refused.suggestion == "Give exchangeRate (USD for one GBP) or baseAmount."
    assert refused.field == "entries[1].exchangeRate"
