"""Pricing: from what a caller says of a document's lines to what each comes to, and the whole.

    amount   = quantity * unit price, rounded, less the line's own discount
    discount = the line's part of the document's discount
    exclusive prices:  net = amount - discount        and the tax is added
    inclusive prices:  net = amount - discount - tax  as the tax is in them
    subtotal = sum of net,  subtotal + tax = total, always

All is computed in whole minor units and exact fractions, and rounded half away from zero. How
tax comes about is told in `taxing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ledger import texts
from ledger.absent import absent
from ledger.currencies import Currency
from ledger.document_settings import Rounding
from ledger.documents import Line
from ledger.errors import LedgerError, Reason, at
from ledger.items import UNIT_LENGTH
from ledger.money import MAX_AMOUNT, allot, amount_text
from ledger.quantities import half_away, parse_decimal, parse_price, parse_quantity
from ledger.taxes import TaxRate, parse_percent
from ledger.taxing import line_taxes

MOST_LINES = 500

_AMOUNT_DIGITS = 16

Number = str | int | Decimal
"""A number as a caller writes it."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A line as a caller says it, defaults of items and contacts filled in, numbers not yet read.

    A negative unit price makes it a deduction. Its discount is a percentage or an amount in the
    document's currency, not both.
    """

    description: str
    quantity: Number
    unit_price: Number
    account_id: str
    discount_percent: Number | None = None
    discount_amount: Number | None = None
    unit: str | None = None
    tax_rate_id: str | None = None
    item_id: str | None = None
    category_id: str | None = None


@dataclass(frozen=True, slots=True)
class Priced:
    """The lines of a document with all their amounts, and what they add up to, in minor units.

    `discount` is what the document's own discount takes off in all, `discount_percent` or
    `discount_amount` how it was said; the rest is as in `Document`.
    """

    lines: tuple[Line, ...]
    subtotal: int
    discount: int
    tax: int
    total: int
    discount_percent: Decimal | None = None
    discount_amount: int | None = None


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """What one component of a tax rate comes to on all lines, in minor units.

    Under reverse charge the amount is no part of the document's tax and total.
    """

    tax_rate_id: str
    name: str
    percent: Decimal
    base: int
    amount: int
    is_recoverable: bool = True
    is_reverse_charge: bool = False
    account_id: str | None = None


def price(
    lines: Sequence[DraftLine],
    rates: Mapping[str, TaxRate],
    currency: Currency,
    *,
    is_sale: bool,
    is_inclusive: bool,
    rounding: Rounding,
    discount_percent: Number | None = None,
    discount_amount: Number | None = None,
) -> Priced:
    """What the lines of a document come to, or why they cannot stand.

    `rates` has every tax rate that they may name, by id. Fields at fault are named by their path
    (`items[2].quantity`). Accounts, items and categories are taken as they are.
    """
    _require_lines(lines)
    read = [at(f"items[{index}]", _read, line, rates, currency) for index, line in enumerate(lines)]
    whole = max(0, sum(line.amount for line in read))
    percent, amount, discount = _discount(discount_percent, discount_amount, whole, currency)
    discounts = _allotted(discount, read)
    taxes = line_taxes(
        [line.amount - part for line, part in zip(read, discounts, strict=True)],
        [line.tax_rate_id for line in read],
        rates,
        rounding,
        is_sale=is_sale,
        is_inclusive=is_inclusive,
    )
    priced = []
    for line, part, rows in zip(read, discounts, taxes, strict=True):
        tax = sum(row.amount for row in rows if not row.is_reverse_charge)
        net = line.amount - part - (tax if is_inclusive else 0)
        priced.append(replace(line, discount=part, net=net, tax=tax, taxes=rows))
    subtotal, tax = sum(line.net for line in priced), sum(line.tax for line in priced)
    _require_possible(priced, subtotal + tax, currency)
    return Priced(tuple(priced), subtotal, discount, tax, subtotal + tax, percent, amount)


def tax_totals(lines: Sequence[Line]) -> tuple[TaxTotal, ...]:
    """What each component of each rate comes to, in the order in which the lines name them."""
    totals: dict[tuple[object, ...], TaxTotal] = {}
    for row in (row for line in lines for row in line.taxes):
        kind = (row.is_recoverable, row.is_reverse_charge, row.account_id)
        key = (row.tax_rate_id, row.name, row.percent, *kind)
        before = totals.get(key) or TaxTotal(
            row.tax_rate_id,
            row.name,
            row.percent,
            0,
            0,
            row.is_recoverable,
            row.is_reverse_charge,
            row.account_id,
        )
        totals[key] = replace(
            before, base=before.base + row.base, amount=before.amount + row.amount
        )
    return tuple(totals.values())


def _require_lines(lines: Sequence[DraftLine]) -> None:
    if 1 <= len(lines) <= MOST_LINES:
        return
    raise LedgerError(
        Reason.TOO_MANY_ITEMS if lines else Reason.INVALID_VALUE,
        f"A document has from 1 to {MOST_LINES} lines; this has {len(lines)}.",
        "Divide it into several documents." if lines else "Give it at least one line.",
        {"lines": len(lines), "limit": MOST_LINES},
        "items",
    )


def _read(given: DraftLine, rates: Mapping[str, TaxRate], currency: Currency) -> Line:
    """A line with its amount, still without its part of the document's discount and its tax."""
    description = texts.clean(given.description, "description", texts.DESCRIPTION_LENGTH)
    quantity = at("quantity", parse_quantity, given.quantity)
    unit_price = at("unitPrice", parse_price, given.unit_price)
    unit = texts.clean_optional(given.unit, "unit", UNIT_LENGTH)
    _require_rate(rates, given.tax_rate_id)
    gross = _gross(quantity, unit_price, currency)
    percent, amount, discount = _discount(
        given.discount_percent, given.discount_amount, gross, currency
    )
    return Line(
        description,
        quantity,
        unit_price,
        given.account_id,
        amount=gross - discount,
        net=gross - discount,
        tax=0,
        discount_percent=percent,
        discount_amount=amount,
        unit=unit,
        tax_rate_id=given.tax_rate_id,
        item_id=given.item_id,
        category_id=given.category_id,
    )


def _require_rate(rates: Mapping[str, TaxRate], rate_id: str | None) -> None:
    if rate_id is None or rate_id in rates:
        return
    cure = "List `taxRates` for the ids that exist."
    raise absent("tax rate", rate_id, "taxRateId", cure)


def _gross(quantity: Decimal, unit_price: Decimal, currency: Currency) -> int:
    """Quantity times unit price in minor units."""
    pieces, piece_parts = quantity.as_integer_ratio()
    money, money_parts = unit_price.as_integer_ratio()
    gross = half_away(pieces * money * 10**currency.decimals, piece_parts * money_parts)
    if abs(gross) > MAX_AMOUNT:
        raise LedgerError(
            Reason.INVALID_AMOUNT,
            f"Quantity times unit price is {amount_text(gross, currency)} {currency.code}; "
            f"a line comes to at most {amount_text(MAX_AMOUNT, currency)}.",
            "Check the quantity and the unit price, or divide the line.",
            {"currency": currency.code, "maximum": amount_text(MAX_AMOUNT, currency)},
            "unitPrice",
        )
    return gross


def _discount(
    percent: Number | None, amount: Number | None, whole: int, currency: Currency
) -> tuple[Decimal | None, int | None, int]:
    """A discount as a percentage, as an amount in minor units, and what it takes off `whole`."""
    if percent is not None and amount is not None:
        raise LedgerError(
            Reason.INVALID_VALUE,
            "The discount is given both as a percentage and as an amount.",
            "Give discountPercent or discountAmount, not both.",
            field="discountAmount",
        )
    if percent is not None:
        rate = at("discountPercent", parse_percent, percent)
        numerator, denominator = rate.as_integer_ratio()
        return rate, None, half_away(whole * numerator, 100 * denominator)
    if amount is not None:
        minor = at("discountAmount", _discount_amount, amount, max(0, whole), currency)
        return None, minor, minor
    return None, None, 0


def _discount_amount(value: Number, most: int, currency: Currency) -> int:
    """The minor units of a discount; unlike other amounts it may be zero."""
    cure = f'Write an amount in digits, of at most {currency.decimals} decimals, such as "5".'
    amount = parse_decimal(
        value, "a discount", cure, digits=_AMOUNT_DIGITS, decimals=currency.decimals
    )
    numerator, denominator = amount.as_integer_ratio()
    minor: int = numerator * 10**currency.decimals // denominator
    if minor <= most:
        return minor
    shown, maximum = amount_text(minor, currency), amount_text(most, currency)
    raise LedgerError(
        Reason.INVALID_AMOUNT,
        f"The discount of {shown} {currency.code} is more than the {maximum} it is taken off.",
        f"Give a discount of at most {maximum}.",
        {"currency": currency.code, "maximum": maximum},
    )


def _allotted(discount: int, lines: Sequence[Line]) -> list[int]:
    """Each line's part of the document's discount. A deduction has none: it is one itself."""
    if discount == 0:
        return [0] * len(lines)
    return allot(discount, [max(0, line.amount) for line in lines])


def _require_possible(lines: Sequence[Line], total: int, currency: Currency) -> None:
    """The total is not negative, and no figure of the document can be above the largest amount."""
    entered = sum(abs(line.amount) for line in lines)
    taxed = sum(abs(line.net) + sum(abs(row.amount) for row in line.taxes) for line in lines)
    maximum = amount_text(MAX_AMOUNT, currency)
    if max(entered, taxed) > MAX_AMOUNT:
        raise LedgerError(
            Reason.INVALID_AMOUNT,
            f"The lines and their taxes come to more than {maximum} {currency.code} in all.",
            "Check quantities and unit prices, or divide the document.",
            {"currency": currency.code, "maximum": maximum},
            "items",
        )
    if total < 0:
        shown = amount_text(total, currency)
        raise LedgerError(
            Reason.INVALID_AMOUNT,
            f"The total is {shown} {currency.code}, and a document's is never below zero.",
            "Make the deductions smaller, or make out a credit note.",
            {"currency": currency.code, "total": shown},
            "items",
        )
