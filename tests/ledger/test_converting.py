from decimal import Decimal

import pytest
from books import USD_BOOKS, refusal

from ledger.converting import in_base, rate_of
from ledger.currencies import CURRENCIES
from ledger.errors import Reason
from ledger.money import MAX_AMOUNT

DOLLAR, EURO, YEN = (CURRENCIES[code] for code in ("USD", "EUR", "JPY"))


@pytest.mark.parametrize("given", [None, "1", 1, Decimal("1.000")])
def test_an_amount_in_base_currency_has_no_rate(given):
    assert rate_of(USD_BOOKS, DOLLAR, given) is None


def test_a_foreign_amount_has_the_rate_that_is_given_be_it_one():
    assert rate_of(USD_BOOKS, EURO, "1.10") == Decimal("1.10")
    assert rate_of(USD_BOOKS, EURO, 1) == 1


@pytest.mark.parametrize(
    ("currency", "given", "reason"),
    [
        (DOLLAR, "1.01", Reason.INVALID_VALUE),
        (EURO, None, Reason.MISSING_RATE),
        (EURO, "0", Reason.INVALID_AMOUNT),
        (EURO, "-1", Reason.INVALID_AMOUNT),
        (EURO, "1e3", Reason.INVALID_AMOUNT),
    ],
)
def test_a_rate_that_is_wrong_or_missing_is_refused(currency, given, reason):
    assert refusal(reason, rate_of, USD_BOOKS, currency, given).field == "exchangeRate"


@pytest.mark.parametrize(
    ("amount", "currency", "rate", "base_amount"),
    [
        (100_00, DOLLAR, None, 100_00),
        (100_00, EURO, "80", 8000_00),
        (10_000, YEN, "0.0067", 67_00),
        (5, EURO, "0.1", 0),
        (15, EURO, "0.1", 2),
        (MAX_AMOUNT, EURO, "1", MAX_AMOUNT),
    ],
)
def test_an_amount_is_converted_and_rounded_half_to_even(amount, currency, rate, base_amount):
    given = None if rate is None else Decimal(rate)
    assert in_base(USD_BOOKS, amount, currency, given) == base_amount


def test_more_than_can_be_kept_is_refused():
    refused = refusal(
        Reason.INVALID_AMOUNT, in_base, USD_BOOKS, MAX_AMOUNT, EURO, Decimal("1.0001")
    )
    assert refused.field == "exchangeRate"
