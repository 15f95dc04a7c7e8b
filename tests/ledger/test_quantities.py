from decimal import Decimal, localcontext

import pytest
from books import refusal

from ledger.errors import Reason
from ledger.quantities import half_away, parse_price, parse_quantity

BOTH = pytest.mark.parametrize("parse", [parse_quantity, parse_price])


@BOTH
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1", "1"),
        ("2.5", "2.5"),
        ("002.500000", "2.5"),
        ("1.000000", "1"),
        ("100", "100"),
        ("0.000001", "0.000001"),
        ("123456789.123456", "123456789.123456"),
        (7, "7"),
        (Decimal("0.0000010"), None),
        (Decimal("1E-6"), "0.000001"),
        (Decimal("33.33"), "33.33"),
    ],
)
def test_a_number_is_exact_and_without_needless_zeros(parse, value, text):
    if text is None:
        assert refusal(Reason.INVALID_AMOUNT, parse, value).details["decimals"] == 6
        return
    assert format(parse(value), "f") == text


@BOTH
@pytest.mark.parametrize(
    "value",
    [
        *["", " 1", "1e3", "1,5", "1.", ".5", "NaN", "--1", "+1", "\uff11", "1.0000000", "9" * 41],
        *[Decimal("NaN"), Decimal("-NaN"), Decimal("1E+3"), Decimal("-Infinity")],
        *[10**50, -(10**400), True, None, 1.5],
    ],
)
def test_what_is_not_plain_digits_is_refused(parse, value):
    assert refusal(Reason.INVALID_AMOUNT, parse, value).field is None


@pytest.mark.parametrize("value", ["0", "0.000000", "-1", -1, Decimal(-1), "1234567890", 10**9])
def test_a_quantity_is_more_than_zero_and_has_nine_digits(value):
    refusal(Reason.INVALID_AMOUNT, parse_quantity, value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("-5.00", "-5"),
        (-5, "-5"),
        (Decimal("-0.50"), "-0.5"),
        ("0", "0"),
        ("-0.00", "0"),
        (Decimal("-0"), "0"),
        ("-" + "9" * 15 + ".999999", "-" + "9" * 15 + ".999999"),
    ],
)
def test_a_unit_price_may_be_negative_or_zero(value, text):
    assert format(parse_price(value), "f") == text


def test_a_unit_price_has_fifteen_digits():
    refused = refusal(Reason.INVALID_AMOUNT, parse_price, "1" + "0" * 15)
    assert refused.message == (
        "A unit price has at most 15 digits before and 6 after the point; "
        "1000000000000000 has 16 and 0."
    )


def test_no_decimal_context_is_asked():
    with localcontext(prec=2):
        assert format(parse_price("-123456.789012"), "f") == "-123456.789012"
        assert format(parse_price(Decimal("-123456.789012")), "f") == "-123456.789012"
        assert format(parse_quantity("123456.789012"), "f") == "123456.789012"


@pytest.mark.parametrize(
    ("numerator", "denominator", "whole"),
    [
        *[(5, 2, 3), (-5, 2, -3), (3, 2, 2), (-3, 2, -2), (1, 2, 1), (-1, 2, -1), (0, 7, 0)],
        *[(4, 3, 1), (5, 3, 2), (-4, 3, -1), (-5, 3, -2), (10**40 + 1, 2, 5 * 10**39 + 1)],
    ],
)
def test_halves_are_rounded_away_from_zero(numerator, denominator, whole):
    assert half_away(numerator, denominator) == whole
