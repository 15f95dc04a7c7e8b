import pytest
from books import drawn, refusal, shown

from ledger.errors import Reason

# The base currency


def test_entries_in_the_base_currency_stand_as_they_are():
    assert shown(
        drawn("""
2025-03-01: Sale on account with sales tax
    debit  1100  1200.00
    credit 4000  1000.00
    credit 2200   200.00
""")
    ) == [
        ("debit", "1100", 1200_00, "USD", 1200_00),
        ("credit", "4000", 1000_00, "USD", 1000_00),
        ("credit", "2200", 200_00, "USD", 200_00),
    ]


@pytest.mark.parametrize(
    ("debit", "credit", "lower", "difference"),
    [
        ("100.00", "99.99", "credit", "0.01"),
        ("99.99", "100.00", "debit", "0.01"),
        ("0.01", "10000000000000.00", "debit", "9999999999999.99"),
    ],
)
def test_a_difference_of_a_cent_is_unbalanced(debit, credit, lower, difference):
    refused = refusal(
        Reason.UNBALANCED,
        drawn,
        f"""
2025-03-01: Off
    debit  1010  {debit}
    credit 4000  {credit}
""",
    )
    assert refused.message == (
        f"Debits are {debit} and credits are {credit} USD: they differ by {difference}."
    )
    assert refused.suggestion == f"Add a {lower} of {difference}, or correct an amount."
    assert refused.details == {
        "total_debits": debit,
        "total_credits": credit,
        "difference": difference,
        "currency": "USD",
    }
    assert refused.field == "entries"


def test_two_debits_do_not_balance():
    refused = refusal(
        Reason.UNBALANCED,
        drawn,
        """
2025-03-01: No credit
    debit  1010  100.00
    debit  1000  100.00
""",
    )
    assert refused.details["total_credits"] == "0.00"


# One foreign currency


@pytest.mark.parametrize(
    ("journal", "bases"),
    [
        pytest.param(
            """
2025-03-01: Each entry at the same rate
    debit  1010  100.00 EUR @ 1.0825
    credit 4000  100.00 EUR @ 1.0825
""",
            [108_25, 108_25],
            id="same rate",
        ),
        pytest.param(
            """
2025-03-01: One rate for all
    debit  1010  100.00 EUR
    credit 4000   60.00 EUR @ 1.0825
    credit 2200   40.00 EUR
""",
            [108_25, 64_95, 43_30],
            id="one rate",
        ),
        pytest.param(
            """
2025-03-01: Thirds of a total, the cent left over to the first
    debit  1010  1.00 EUR @ 1.00
    credit 4000  0.33 EUR
    credit 4100  0.33 EUR
    credit 4800  0.34 EUR
""",
            [100, 33, 33, 34],
            id="thirds",
        ),
        pytest.param(
            """
2025-03-01: Each converts to half a cent, together to two cents
    debit  1010  0.04 EUR @ 0.5
    credit 4000  0.01 EUR @ 0.5
    credit 4000  0.01 EUR @ 0.5
    credit 4000  0.01 EUR @ 0.5
    credit 4000  0.01 EUR @ 0.5
""",
            [2, 1, 1, 0, 0],
            id="halves",
        ),
        pytest.param(
            """
2025-03-01: A base amount given for one side is that of the other
    debit  1010  100.00 EUR = 110.00
    credit 4000   50.00 EUR
    credit 4100   50.00 EUR
""",
            [110_00, 55_00, 55_00],
            id="given debit",
        ),
        pytest.param(
            """
2025-03-01: A base amount given wins over a rate
    debit  1010  100.00 EUR
    credit 4000  100.00 EUR @ 1.0825 = 110.00
""",
            [110_00, 110_00],
            id="given credit",
        ),
        pytest.param(
            """
2025-03-01: A part given, the rest derived
    debit  1010  100.00 EUR @ 1.10
    credit 4000   50.00 EUR = 55.01
    credit 4100   50.00 EUR
""",
            [110_00, 55_01, 54_99],
            id="part given",
        ),
        pytest.param(
            """
2025-03-01: All given
    debit  1010  100.00 EUR = 108.00
    credit 4000   50.00 EUR = 53.99
    credit 4000   50.00 EUR = 54.01
""",
            [108_00, 53_99, 54_01],
            id="all given",
        ),
        pytest.param(
            """
2025-03-01: Too little to be a cent
    debit  1010  1.00 IDR @ 0.00006
    credit 4000  1.00 IDR
""",
            [0, 0],
            id="nothing",
        ),
    ],
)
def test_base_amounts_in_one_currency_are_allotted_from_the_total(journal, bases):
    transaction = drawn(journal)
    assert [each.base_amount for each in transaction.entries] == bases
    assert transaction.base_amount == bases[0]
    assert (transaction.currency, transaction.amount) == (
        transaction.entries[0].currency,
        transaction.entries[0].amount,
    )


@pytest.mark.parametrize(
    ("journal", "reason", "field"),
    [
        pytest.param(
            """
2025-03-01: In base it would balance, in euros it does not
    debit  1010  100.00 EUR = 110.00
    credit 4000   99.00 EUR = 110.00
""",
            Reason.UNBALANCED,
            "entries",
            id="in currency",
        ),
        pytest.param(
            """
2025-03-01: In euros it balances, in base it does not
    debit  1010  100.00 EUR = 110.00
    credit 4000  100.00 EUR = 109.99
""",
            Reason.UNBALANCED,
            "entries",
            id="in base",
        ),
        pytest.param(
            """
2025-03-01: Two rates
    debit  1010  100.00 EUR @ 1.10
    credit 4000  100.00 EUR @ 1.20
""",
            Reason.UNBALANCED,
            "entries[1].exchangeRate",
            id="two rates",
        ),
        pytest.param(
            """
2025-03-01: Nothing to convert by
    debit  1010  100.00 EUR
    credit 4000  100.00 EUR
""",
            Reason.MISSING_RATE,
            "entries[0].exchangeRate",
            id="no rate",
        ),
        pytest.param(
            """
2025-03-01: The first entry needs no rate
    debit  1010   50.00 EUR = 55.00
    debit  1000   50.00 EUR
    credit 4000  100.00 EUR
""",
            Reason.MISSING_RATE,
            "entries[1].exchangeRate",
            id="no rate but a base amount",
        ),
        pytest.param(
            """
2025-03-01: More is given for a part than the whole comes to
    debit  1010   50.00 EUR = 100.00
    debit  1000   50.00 EUR @ 0.90
    credit 4000   50.00 EUR = 100.00
    credit 4100   50.00 EUR @ 0.90
""",
            Reason.UNBALANCED,
            "entries",
            id="nothing left",
        ),
        pytest.param(
            """
2025-03-01: Nothing is left for the second
    debit  1010   50.00 EUR = 100.00
    debit  1000   50.00 EUR
    credit 4000  100.00 EUR = 100.00
""",
            Reason.UNBALANCED,
            "entries",
            id="zero left",
        ),
        pytest.param(
            """
2025-03-01: Too much in base
    debit  1010  10000000000000.00 EUR @ 1.01
    credit 4000  10000000000000.00 EUR
""",
            Reason.INVALID_AMOUNT,
            "entries[0].exchangeRate",
            id="too much",
        ),
    ],
)
def test_one_foreign_currency_must_balance_in_itself_and_in_base(journal, reason, field):
    assert refusal(reason, drawn, journal).field == field


def test_a_rate_that_contradicts_the_others_is_refused_with_both_figures():
    refused = refusal(
        Reason.UNBALANCED,
        drawn,
        """
2025-03-01: Two rates
    debit  1010  100.00 EUR @ 1.10
    credit 4000  100.00 EUR @ 1.20
""",
    )
    assert refused.message == (
        "At its own rate the entry is 120.00 USD, but the other entries leave 110.00 for it."
    )
    assert refused.details == {"by_rate": "120.00", "left": "110.00"}
