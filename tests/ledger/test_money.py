from decimal import Decimal, localcontext
from fractions import Fraction
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger import money
from ledger.currencies import CURRENCIES, Currency
from ledger.errors import LedgerError, Reason
from ledger.money import MAX_AMOUNT

USD, EUR, JPY = CURRENCIES["USD"], CURRENCIES["EUR"], CURRENCIES["JPY"]
KWD, CHF = CURRENCIES["KWD"], CURRENCIES["CHF"]
CAD, XCG = CURRENCIES["CAD"], CURRENCIES["XCG"]
BTC = Currency("BTC", "Bitcoin", "₿", 8)

AMOUNT_CURE = (
    'Write an amount in digits, such as "1234.50": no sign, exponent, blank or thousands separator.'
)
RATE_CURE = (
    "Write an exchangeRate as a positive number of at most 10 digits before and "
    '10 after the point, such as "1.0825": no sign, exponent, blank or thousands separator.'
)
NO_NUMBERS = [
    *["", " ", ".", "abc", "1,000.00", "1.000,00", "1_000", "100.", ".50", "1.2.3", "0x10"],
    *["+100.00", "-100.00", "-0", "1e2", "1E2", "1.5e-1", "NaN", "Infinity", "inf", "$1", "1 USD"],
    *["1 000", " 100", "100 ", "100\n", "1\u00a0000", "1\x000", "x" * 40, "\ud800" * 40],
    *["\uff11\uff10\uff10", "\u0661\u0660\u0660", "1\u00b2"],
]
LONG_NUMBERS = [
    *["9" * 400, "9" * 100_000, "0" * 100_000 + "1", f"0.{'0' * 100_000}1", "\ud800" * 100_000],
    *[10**40, -(10**40), 10**400, 10**100_000],
    *[Decimal("9" * 400), Decimal("9" * 100_000), Decimal("0." + "1" * 100_000)],
]

# A shared machine may be slow at any moment: no property has a deadline.
undisturbed = settings(deadline=None)
currencies = st.sampled_from([*CURRENCIES.values(), BTC])
amounts = st.integers(min_value=1, max_value=MAX_AMOUNT)
rates = st.integers(min_value=1, max_value=10**20 - 1).map(lambda units: Decimal(units).scaleb(-10))
weight_lists = st.lists(st.integers(min_value=0, max_value=MAX_AMOUNT), min_size=1).filter(any)


def refusal(parse, *arguments: object):
    with pytest.raises(LedgerError) as refused:
        parse(*arguments)
    assert refused.value.reason is Reason.INVALID_AMOUNT
    assert refused.value.message.encode()
    return refused.value


@pytest.mark.parametrize(
    ("value", "currency", "minor"),
    [
        ("100.00", USD, 100_00),
        ("100", USD, 100_00),
        ("0.01", USD, 1),
        ("00.50", USD, 50),
        ("100", JPY, 100),
        ("0.001", KWD, 1),
        (100, USD, 100_00),
        (Decimal("100.1"), USD, 100_10),
        (Decimal("0.0000001"), BTC, 10),
        ("10000000000000.00", USD, MAX_AMOUNT),
        ("1000000000000000", JPY, MAX_AMOUNT),
        (10_000_000_000_000, USD, MAX_AMOUNT),
    ],
)
def test_an_amount_is_read_exactly(value, currency, minor):
    assert money.parse_amount(value, currency) == minor


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_text_that_is_not_plain_digits_is_no_amount_and_no_rate(text):
    refused = refusal(money.parse_amount, text, USD)
    assert (refused.message, refused.suggestion) == (f"{text!r} is not an amount.", AMOUNT_CURE)
    refused = refusal(money.parse_rate, text)
    assert (refused.message, refused.suggestion) == (f"{text!r} is not an exchangeRate.", RATE_CURE)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (-5, "-5"),
        (Decimal("1E+2"), "1E+2"),
        (Decimal("1E+400000000"), "1E+400000000"),
        (Decimal("1E-400000000"), "1E-400000000"),
        (Decimal("NaN"), "NaN"),
        (Decimal("sNaN"), "sNaN"),
        (Decimal("Infinity"), "Infinity"),
        (True, "bool"),
        (100.0, "float"),
        ([100], "list"),
    ],
)
def test_a_json_value_that_is_not_plain_digits_is_no_amount_and_no_rate(value, shown):
    assert refusal(money.parse_amount, value, USD).message == f"{shown} is not an amount."
    assert refusal(money.parse_rate, value).message == f"{shown} is not an exchangeRate."


@pytest.mark.parametrize(
    ("value", "currency", "message"),
    [
        ("100.000", USD, "USD has 2 decimals, and the amount 100.000 has 3."),
        ("100.0", JPY, "JPY has 0 decimals, and the amount 100.0 has 1."),
        (Decimal("0.0000001"), USD, "USD has 2 decimals, and the amount 0.0000001 has 7."),
    ],
)
def test_more_decimals_than_the_currency_has_are_refused_never_rounded(value, currency, message):
    refused = refusal(money.parse_amount, value, currency)
    rounded = f"Round it to {currency.decimals} decimals yourself"
    assert refused.message == message
    assert refused.suggestion == f"{rounded}: amounts are never rounded here."
    assert refused.details == {"currency": currency.code, "decimals": currency.decimals}


@pytest.mark.parametrize("value", ["0", "0.00", "000", 0, Decimal(0), Decimal("0.0")])
def test_zero_is_no_amount_and_no_rate(value):
    refused = refusal(money.parse_amount, value, USD)
    assert refused.message == "The amount is zero."
    assert refused.suggestion == "Give an amount of more than zero."
    assert refusal(money.parse_rate, value).message == "The exchangeRate is zero."


@pytest.mark.parametrize(
    "value", ["10000000000000.01", 10_000_000_000_001, Decimal("1" * 15), "9" * 40, 10**40 - 1]
)
def test_an_amount_above_the_maximum_is_refused(value):
    refused = refusal(money.parse_amount, value, USD)
    most = "10000000000000.00"
    assert refused.message == f"The amount is more than {most}, the most in USD."
    assert refused.suggestion == f"Give an amount of at most {most}, or divide it into several."
    assert refused.details == {"currency": "USD", "maximum": most}


@pytest.mark.parametrize("value", LONG_NUMBERS, ids=lambda value: type(value).__name__)
def test_a_number_of_hundreds_of_digits_is_refused_at_once(value):
    began = perf_counter()
    amount, rate = refusal(money.parse_amount, value, USD), refusal(money.parse_rate, value)
    assert perf_counter() - began < 0.5
    assert amount.message == "A number of more than 40 characters is too long for an amount."
    assert rate.message == "A number of more than 40 characters is too long for an exchangeRate."


@undisturbed
@given(st.text("0123456789.") | st.integers() | st.decimals(), currencies)
def test_what_is_read_is_in_range_and_exact_or_else_refused(value, currency):
    try:
        minor = money.parse_amount(value, currency)
    except LedgerError as refused:
        outcome = refused.reason
    else:
        outcome = Fraction(minor, 10**currency.decimals)
        assert 0 < minor <= MAX_AMOUNT
    assert outcome is Reason.INVALID_AMOUNT or outcome == Fraction(value)


@pytest.mark.parametrize(
    ("minor", "currency", "text", "for_people"),
    [
        (25_000_00, USD, "25000.00", "$25,000.00"),
        (-1_50, USD, "-1.50", "-$1.50"),
        (-5, USD, "-0.05", "-$0.05"),
        (0, USD, "0.00", "$0.00"),
        (1_234_00, EUR, "1234.00", "€1,234.00"),
        (1_234_567, JPY, "1234567", "¥1,234,567"),
        (-7, JPY, "-7", "-¥7"),
        (10_00, CHF, "10.00", "CHF 10.00"),
        (-10_00, CHF, "-10.00", "-CHF 10.00"),
        (-1, KWD, "-0.001", "-KWD 0.001"),
        (1, BTC, "0.00000001", "₿0.00000001"),
        (5_00, CAD, "5.00", "CA$5.00"),
        (5_00, XCG, "5.00", "Cg. 5.00"),
        (MAX_AMOUNT, USD, "10000000000000.00", "$10,000,000,000,000.00"),
        (-(10**30), USD, f"-1{'0' * 28}.00", f"-$10{',000' * 9}.00"),
    ],
)
def test_an_amount_is_written_with_the_decimals_of_its_currency(minor, currency, text, for_people):
    assert money.amount_text(minor, currency) == text
    assert money.formatted(minor, currency) == for_people


@undisturbed
@given(amounts, currencies)
def test_an_amount_survives_being_written_and_read(minor, currency):
    text = money.amount_text(minor, currency)
    assert money.parse_amount(text, currency) == minor
    assert money.parse_amount(Decimal(text), currency) == minor


@undisturbed
@given(st.integers(), currencies)
def test_written_amounts_mean_what_they_say(minor, currency):
    text = money.amount_text(minor, currency)
    assert Fraction(text) == Fraction(minor, 10**currency.decimals)
    figure = money.formatted(minor, currency).replace(currency.symbol, "", 1)
    assert figure.replace(" ", "").replace(",", "") == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.0825", "1.0825"),
        ("1.50", "1.5"),
        ("100", "100"),
        ("0.0000000001", "0.0000000001"),
        ("9999999999.9999999999", "9999999999.9999999999"),
        (160, "160"),
        (Decimal("0.0000001"), "0.0000001"),
    ],
)
def test_an_exchange_rate_is_read_exactly_and_written_without_needless_zeros(value, text):
    assert money.parse_rate(value) == Decimal(text)
    assert money.rate_text(money.parse_rate(value)) == text


@pytest.mark.parametrize(
    ("value", "before", "after"),
    [("1.00000000000", 1, 11), ("10000000000", 11, 0), (Decimal("1E-11"), 1, 11)],
)
def test_an_exchange_rate_of_more_than_ten_digits_on_a_side_is_refused(value, before, after):
    refused = refusal(money.parse_rate, value)
    found = f"{before} digits before and {after} after the point"
    assert refused.message == f"The exchangeRate has {found}."
    assert refused.suggestion == RATE_CURE


def test_any_rate_is_written_without_an_exponent():
    assert money.rate_text(Decimal("1E+2")) == "100"
    assert money.rate_text(Decimal("1.10E-5")) == "0.000011"
    assert money.rate_text(Decimal("1." + "1" * 60)) == "1." + "1" * 60


@undisturbed
@given(rates)
def test_a_rate_survives_being_written_and_read(rate):
    assert money.parse_rate(money.rate_text(rate)) == rate


@pytest.mark.parametrize(
    ("amount", "rate", "source", "target", "converted"),
    [
        (100_00, "0.92", USD, EUR, 92_00),
        (100_00, "149.5", USD, JPY, 14_950),
        (14_950, "0.0066889632", JPY, USD, 100_00),
        (1_000, "3.25", KWD, USD, 3_25),
        (1, "0.5", USD, EUR, 0),
        (3, "0.5", USD, EUR, 2),
        (5, "0.5", USD, EUR, 2),
        (-1, "0.5", USD, EUR, 0),
        (-3, "0.5", USD, EUR, -2),
        (2_50, "1", USD, JPY, 2),
        (10**30 + 1, "1.5", USD, EUR, 15 * 10**29 + 2),
    ],
)
def test_a_conversion_is_exact_then_rounded_half_to_even(amount, rate, source, target, converted):
    assert money.convert(amount, Decimal(rate), source, target) == converted


@undisturbed
@given(st.integers(), rates, currencies, currencies)
def test_conversion_is_that_of_exact_fractions_in_any_decimal_context(amount, rate, source, target):
    exact = amount * Fraction(rate) * Fraction(10**target.decimals, 10**source.decimals)
    with localcontext(prec=1):
        assert money.convert(amount, rate, source, target) == round(exact)
        assert money.convert(-amount, rate, source, target) == -round(exact)


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (100, [50, 30, 20], [50, 30, 20]),
        (10, [1, 2, 4], [1, 3, 6]),
        (5, [0, 1, 0, 1], [0, 3, 0, 2]),
        (0, [1, 2], [0, 0]),
        (-100, [1, 1, 1], [-34, -33, -33]),
    ],
)
def test_a_total_is_allotted_by_largest_remainder_the_earlier_first(total, weights, shares):
    assert money.allot(total, weights) == shares


@pytest.mark.parametrize("weights", [[], [0], [0, 0], [1, -1], [-1, 3], [-2]])
def test_weights_that_are_negative_or_all_zero_cannot_be_served(weights):
    with pytest.raises(ValueError, match="must not be negative, and not all of them zero"):
        money.allot(100, weights)


@undisturbed
@given(st.integers(), weight_lists)
def test_shares_sum_to_the_total_each_within_a_unit_of_its_proportion(total, weights):
    shares = money.allot(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights))) < 1
        assert weight or not share
    assert money.allot(-total, weights) == [-share for share in shares]


@pytest.mark.parametrize(
    ("price", "code", "text"),
    [
        ("3.2", "USD", "3.20"),
        ("50", "USD", "50.00"),
        ("-5", "USD", "-5.00"),
        ("0.0125", "USD", "0.0125"),
        ("7", "JPY", "7"),
        ("7.5", "JPY", "7.5"),
        ("1.5", "KWD", "1.500"),
    ],
)
def test_a_price_is_written_with_at_least_the_decimals_of_its_currency(price, code, text):
    assert money.price_text(Decimal(price), CURRENCIES[code]) == text
