"""VAT as EN 16931 knows it: every line is in one category, and each category is summed up.

S   taxed at a rate above zero
AE  the recipient accounts for the tax (reverse charge)
E   exempt: a rate of zero, whose name says why, or no rate at all
O   outside of VAT: no line has a rate, and the seller no VAT number
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ledger.documents import Line, Party
from ledger.errors import LedgerError, Reason

_COUNTRIES = (
    "AT BE BG CH CY CZ DE DK EE EL ES FI FR GB HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI"
)
_VAT_NUMBER = re.compile(rf"(?:{_COUNTRIES.replace(' ', '|')})[0-9A-Z+*]*[0-9][0-9A-Z+*]*")
_BETWEEN = re.compile(r"[\s.-]")


@dataclass(frozen=True, slots=True)
class Category:
    """A category of VAT with its rate, and the reason (as text and as code) for not taxing."""

    code: str
    percent: Decimal = Decimal()
    reason: str | None = None
    reason_code: str | None = None


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """What the lines of a category come to, in minor units; `discount` is in `base` already."""

    category: Category
    base: int = 0
    tax: int = 0
    discount: int = 0


REVERSE_CHARGE = Category("AE", reason="Reverse charge", reason_code="VATEX-EU-AE")
OUTSIDE = Category("O", reason="Not subject to VAT", reason_code="VATEX-EU-O")
UNTAXED = Category("E", reason="Exempt from tax")


def vat_number(tax_number: str | None) -> str | None:
    """A VAT number without blanks ("DE123456789"), or None for a tax number of another kind."""
    plain = _BETWEEN.sub("", tax_number or "")
    return plain if _VAT_NUMBER.fullmatch(plain) else None


def categories_of(lines: Sequence[Line], seller: Party) -> list[Category]:
    """The category of each line.

    Raises `invalid_value` for a line with several taxes, which EN 16931 has no room for.
    """
    is_outside = vat_number(seller.tax_number) is None and not any(line.taxes for line in lines)
    if is_outside:
        return [OUTSIDE] * len(lines)
    return [_category(line, place) for place, line in enumerate(lines)]


def totals_of(lines: Sequence[Line], categories: Sequence[Category]) -> tuple[CategoryTotal, ...]:
    """What each category comes to, in the order in which the lines name them.

    A category is told by code and rate; of several reasons for an exemption the first stands.
    """
    totals: dict[tuple[str, Decimal], CategoryTotal] = {}
    for line, category in zip(lines, categories, strict=True):
        key = category.code, category.percent
        before = totals.get(key) or CategoryTotal(category)
        totals[key] = replace(
            before,
            base=before.base + line.net,
            tax=before.tax + line.tax,
            discount=before.discount + line.discount,
        )
    return tuple(totals.values())


def _category(line: Line, place: int) -> Category:
    if not line.taxes:
        return UNTAXED
    first, *more = line.taxes
    if first.is_reverse_charge:
        return REVERSE_CHARGE
    if more:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"Line {place + 1} has {len(line.taxes)} taxes; in an e-invoice (EN 16931) it has one.",
            "Send this document as a plain PDF.",
            field=f"items[{place}].taxRateId",
        )
    if first.percent:
        return Category("S", first.percent)
    return Category("E", reason=first.name)
