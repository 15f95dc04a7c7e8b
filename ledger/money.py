"""What an amount is: a whole number of minor units, exact from the wire to the disk.

Amounts and exchange rates come in as text, or as a JSON number that was read as an int or a
`Decimal`; one pattern of ASCII digits decides what is a number, and nothing is ever rounded
on the way in. Between currencies amounts are converted half to even, and a total is divided
among its parts by largest remainder, both in integers, so that no figure depends on a float
or on a decimal context.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from unicodedata import category

from ledger.currencies import Currency
from ledger.errors import LedgerError, Reason

MAX_AMOUNT = 10**15
"""The largest amount, in minor units of its currency."""

RATE_DIGITS = 10
"""How many digits an exchange rate has at most, before the point and again after it."""

_NUMBER = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_LONGEST = 40
_GROUP = 3
_TOO_LONG = 10**_LONGEST
_PLAIN_DIGITS = "no sign, exponent, blank or thousands separator."
_AMOUNT_CURE = f'Write an amount in digits, such as "1234.50": {_PLAIN_DIGITS}'
_RATE_CURE = (
    f"Write an exchangeRate as a positive number of at most {RATE_DIGITS} digits before and "
    f'{RATE_DIGITS} after the point, such as "1.0825": {_PLAIN_DIGITS}'
)


def parse_amount(value: str | int | Decimal, currency: Currency) -> int:
    """Return the minor units of a positive amount: "100.00" in USD is 10000.

    Anything but plain digits, more decimals than the currency has, zero, and more than
    `MAX_AMOUNT` are refused with `INVALID_AMOUNT`.
    """
    whole, fraction = digits(value, "an amount", _AMOUNT_CURE)
    missing = currency.decimals - len(fraction)
    if missing < 0:
        raise LedgerError(
            Reason.INVALID_AMOUNT,
            f"{currency.code} has {currency.decimals} decimals, "
            f"and the amount {whole}.{fraction} has {len(fraction)}.",
            f"Round it to {currency.decimals} decimals yourself: amounts are never rounded here.",
            {"currency": currency.code, "decimals": currency.decimals},
        )
    minor: int = int(whole + fraction) * 10**missing
    if minor == 0:
        raise LedgerError(
            Reason.INVALID_AMOUNT, "The amount is zero.", "Give an amount of more than zero."
        )
    if minor > MAX_AMOUNT:
        maximum = amount_text(MAX_AMOUNT, currency)
        raise LedgerError(
            Reason.INVALID_AMOUNT,
            f"The amount is more than {maximum}, the most in {currency.code}.",
            f"Give an amount of at most {maximum}, or divide it into several.",
            {"currency": currency.code, "maximum": maximum},
        )
    return minor


def parse_rate(value: str | int | Decimal) -> Decimal:
    """Return an exchange rate: a positive number of at most ten digits on each side of the point.

    Anything else is refused with `INVALID_AMOUNT`; a rate is never rounded.
    """
    whole, fraction = digits(value, "an exchangeRate", _RATE_CURE)
    if len(whole) > RATE_DIGITS or len(fraction) > RATE_DIGITS:
        raise LedgerError(
            Reason.INVALID_AMOUNT,
            f"The exchangeRate has {len(whole)} digits before and {len(fraction)} after the point.",
            _RATE_CURE,
        )
    rate = Decimal(f"{whole}.{fraction}")
    if rate == 0:
        raise LedgerError(Reason.INVALID_AMOUNT, "The exchangeRate is zero.", _RATE_CURE)
    return rate


def digits(value: object, noun: str, cure: str) -> tuple[str, str]:
    """Return the digits of a number before and after its point, the latter possibly none.

    What has anything but ASCII digits and one point between them, or more than forty characters,
    is refused with `INVALID_AMOUNT`: `noun` ("an amount") says what it is not.
    """
    text = value if isinstance(value, str) else _written(value)
    if len(text) > _LONGEST:
        cause = f"A number of more than {_LONGEST} characters is too long for {noun}."
        raise LedgerError(Reason.INVALID_AMOUNT, cause, cure)
    match = _NUMBER.fullmatch(text)
    if match is None:
        shown = repr(text) if isinstance(value, str) else text
        raise LedgerError(Reason.INVALID_AMOUNT, f"{shown} is not {noun}.", cure)
    whole, fraction = match.groups("")
    return whole, fraction


def _written(value: object) -> str:
    """Return a number as it is written in digits, and anything else as the name of its type."""
    if isinstance(value, Decimal):
        # Python writes 0.0000001 as 1E-7, which the caller may not have done. Further down
        # the digits could fill the memory, and an exponent above zero was the caller's own.
        small = -_LONGEST < value.adjusted() < 0
        return format(value, "f") if small else str(value)
    if isinstance(value, int) and not isinstance(value, bool):
        # Python refuses to write out an int of some thousand digits.
        return str(max(-_TOO_LONG, min(value, _TOO_LONG)))
    return type(value).__name__


def amount_text(minor: int, currency: Currency) -> str:
    """Return minor units, of any sign, with the decimals of the currency: -5 in USD is "-0.05"."""
    decimals = currency.decimals
    if decimals == 0:
        return str(minor)
    text = str(minor).zfill(decimals + 1 + (minor < 0))
    return f"{text[:-decimals]}.{text[-decimals:]}"


def formatted(minor: int, currency: Currency) -> str:
    """Return minor units for people to read, the English way: "$25,000.00", "-CHF 10.00".

    As in CLDR, a symbol that ends in a letter or a full stop keeps a blank before the figure.
    """
    decimals = currency.decimals
    text = str(abs(minor)).zfill(decimals + 1)
    whole, point, part = (text[:-decimals], ".", text[-decimals:]) if decimals else (text, "", "")
    sign = "-" if minor < 0 else ""
    return f"{sign}{_prefix(currency.symbol)}{_grouped(whole)}{point}{part}"


def _grouped(whole: str) -> str:
    """Digits with a comma between thousands; Python's own way takes twice as long."""
    return whole if len(whole) <= _GROUP else f"{_grouped(whole[:-_GROUP])},{whole[-_GROUP:]}"


@cache
def _prefix(symbol: str) -> str:
    return symbol if category(symbol[-1]).startswith("S") else f"{symbol} "


def rate_text(rate: Decimal) -> str:
    """Return an exchange rate without an exponent and without needless zeros: "1.0825", "100"."""
    text = format(rate, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def price_text(price: Decimal, currency: Currency) -> str:
    """Return a price with at least the decimals of its currency: "3.20", "0.0125", "-5.00"."""
    text = rate_text(price)
    whole, _, fraction = text.partition(".")
    fraction = fraction.ljust(currency.decimals, "0")
    return f"{whole}.{fraction}" if fraction else whole


def convert(amount: int, rate: Decimal, source: Currency, target: Currency) -> int:
    """Return `amount` of `source` in minor units of `target`, at `rate` target for one source.

    Exact for any size and sign, and then rounded half to even. A small amount may come to
    zero, and a large one to more than `MAX_AMOUNT`: the caller decides whether that will do.
    """
    numerator, denominator = rate.as_integer_ratio()
    dividend: int = amount * numerator * 10**target.decimals
    divisor: int = denominator * 10**source.decimals
    quotient, remainder = divmod(dividend, divisor)
    excess = 2 * remainder - divisor
    if excess > 0 or (excess == 0 and quotient % 2 == 1):
        return quotient + 1
    return quotient


def allot(total: int, weights: Sequence[int]) -> list[int]:
    """Divide `total` in proportion to `weights` by largest remainder; the shares sum to it exactly.

    Each share is within one unit of its proportion, a weight of zero gets nothing, and of
    equal remainders the earlier is served first. A negative total gives the same shares with
    the other sign. Weights that are negative, or all zero, are a `ValueError`.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("Weights must not be negative, and not all of them zero.")
    size = abs(total)
    divided = [divmod(size * weight, whole) for weight in weights]
    shares = [share for share, _ in divided]
    left = size - sum(shares)
    by_remainder = sorted(range(len(shares)), key=lambda i: divided[i][1], reverse=True)
    for i in by_remainder[:left]:
        shares[i] += 1
    return shares if total >= 0 else [-share for share in shares]
