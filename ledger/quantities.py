"""Quantities and unit prices: exact decimals as a line of a document has them.

Like amounts they come in as text, an int or a `Decimal`, never through a float, and nothing is
rounded on the way in. They are kept without needless zeros, so that one number has one text.
What is worked out from them is rounded half away from zero, as on paper.
"""

from __future__ import annotations

from decimal import Decimal

from ledger import money
from ledger.errors import LedgerError, Reason

DECIMALS = 6
"""How many decimals a quantity and a unit price have at most."""

QUANTITY_DIGITS = 9
PRICE_DIGITS = 15

_QUANTITY_CURE = (
    f"Write a quantity of more than zero with at most {QUANTITY_DIGITS} digits before and "
    f'{DECIMALS} after the point, such as "2.5": no sign, exponent or blank.'
)
_PRICE_CURE = (
    f"Write a unit price with at most {PRICE_DIGITS} digits before and {DECIMALS} after the point, "
    'such as "19.90", or "-5.00" for a deduction: no exponent or blank.'
)


def parse_quantity(value: str | int | Decimal) -> Decimal:
    """Return a quantity: more than zero, at most nine digits before and six after the point.

    Anything else is refused with `INVALID_AMOUNT`.
    """
    quantity = parse_decimal(
        value, "a quantity", _QUANTITY_CURE, digits=QUANTITY_DIGITS, decimals=DECIMALS
    )
    if quantity == 0:
        raise LedgerError(Reason.INVALID_AMOUNT, "The quantity is zero.", _QUANTITY_CURE)
    return quantity


def parse_price(value: str | int | Decimal) -> Decimal:
    """Return a unit price: of any sign or zero, at most 15 digits before and six after the point.

    Anything else is refused with `INVALID_AMOUNT`.
    """
    is_negative, size = _unsigned(value)
    price = parse_decimal(size, "a unit price", _PRICE_CURE, digits=PRICE_DIGITS, decimals=DECIMALS)
    return price.copy_negate() if is_negative and price else price


def parse_decimal(
    value: str | int | Decimal, noun: str, cure: str, *, digits: int, decimals: int
) -> Decimal:
    """Return a number of no sign, with so many digits before and decimals after the point at most.

    Anything else is refused with `INVALID_AMOUNT`: `noun` ("a quantity") says what it is not.
    """
    whole, fraction = money.digits(value, noun, cure)
    if len(whole) > digits or len(fraction) > decimals:
        raise LedgerError(
            Reason.INVALID_AMOUNT,
            f"{noun.capitalize()} has at most {digits} digits before and {decimals} after the "
            f"point; {whole}{'.' if fraction else ''}{fraction} has {len(whole)} and "
            f"{len(fraction)}.",
            cure,
            {"digits": digits, "decimals": decimals},
        )
    return Decimal(f"{int(whole)}.{fraction.rstrip('0')}")


def half_away(numerator: int, denominator: int) -> int:
    """Return a fraction as a whole number, halves away from zero: 5/2 is 3, and -5/2 is -3."""
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def _unsigned(value: str | int | Decimal) -> tuple[bool, str | int | Decimal]:
    """Whether a number has a minus sign, and what it is without; no decimal context is asked."""
    if isinstance(value, str):
        return value.startswith("-"), value.removeprefix("-")
    if isinstance(value, Decimal):
        return value.is_signed(), value.copy_abs()
    if isinstance(value, int) and not isinstance(value, bool):
        return value < 0, abs(value)
    return False, value
