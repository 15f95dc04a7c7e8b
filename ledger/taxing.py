"""Taxing: what each component of a tax rate comes to on each line of a document.

Tax is rounded half away from zero: line by line, or once for each component of a rate over all
the lines that have it, and then allotted to those lines by largest remainder. Both are the same
steps on groups of lines, a group being one line or all lines of a rate.

* Exclusive: each component is charged on the net amount; a compound one on the net amount
  together with what the components before it came to, as rounded, for so it is read on paper.
* Inclusive: the tax in a gross amount is gross * r / (1 + r), r being what all components come
  to together. It is rounded once, divided among the components, and the rest is net.
* Reverse charge: prices never contain it. The buyer charges it to itself, the seller nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import lcm

from ledger.document_settings import Rounding
from ledger.documents import LineTax
from ledger.quantities import half_away
from ledger.taxes import TaxRate, parts_of

_MILLION = 1_000_000


def line_taxes(
    amounts: Sequence[int],
    rate_ids: Sequence[str | None],
    rates: Mapping[str, TaxRate],
    rounding: Rounding,
    *,
    is_sale: bool,
    is_inclusive: bool,
) -> list[tuple[LineTax, ...]]:
    """The taxes of each line, in the order of the components of its rate.

    `amounts` are what the lines are taxed on, in minor units, as entered less all discounts;
    `rate_ids` name their rates, all of which are in `rates`.
    """
    places: dict[str, list[int]] = {}
    for place, rate_id in enumerate(rate_ids):
        if rate_id is not None:
            places.setdefault(rate_id, []).append(place)
    taxes: list[tuple[LineTax, ...]] = [()] * len(amounts)
    for rate_id, found in places.items():
        by_line = rounding is Rounding.LINE
        for group in [[place] for place in found] if by_line else [found]:
            charged = _charged(
                rates[rate_id],
                [amounts[place] for place in group],
                is_sale=is_sale,
                is_inclusive=is_inclusive,
            )
            for place, rows in zip(group, charged, strict=True):
                taxes[place] = rows
    return taxes


def _charged(
    rate: TaxRate, amounts: list[int], *, is_sale: bool, is_inclusive: bool
) -> list[tuple[LineTax, ...]]:
    """The taxes of lines that all have one rate and are rounded together."""
    is_contained = is_inclusive and not rate.is_reverse_charge
    if rate.is_reverse_charge and is_sale:
        columns = [[0] * len(amounts) for _ in rate.components]
    elif is_contained:
        columns = _contained(rate, amounts)
    else:
        columns = _added(rate, amounts)
    by_line = zip(amounts, zip(*columns, strict=True), strict=True)
    return [
        _rows(rate, amount - sum(taxes) if is_contained else amount, taxes, is_sale=is_sale)
        for amount, taxes in by_line
    ]


def _rows(
    rate: TaxRate, net: int, amounts: tuple[int, ...], *, is_sale: bool
) -> tuple[LineTax, ...]:
    """What the components of a rate come to on one line, each with what it was charged on."""
    return tuple(
        LineTax(
            rate.id,
            component.name,
            component.percent,
            base=net + sum(amounts[:index]) if component.is_compound else net,
            amount=amounts[index],
            is_compound=component.is_compound,
            is_recoverable=is_sale or component.is_recoverable,
            is_reverse_charge=rate.is_reverse_charge,
            account_id=component.account_id or rate.account_id,
        )
        for index, component in enumerate(rate.components)
    )


def _added(rate: TaxRate, nets: list[int]) -> list[list[int]]:
    """What each component adds to each net amount."""
    before = [0] * len(nets)
    owed = [0] * len(nets)
    columns = []
    for component in rate.components:
        part = _millionths(component.percent)
        bases = map(sum, zip(nets, before, strict=True)) if component.is_compound else nets
        exact = [base * part for base in bases]
        shares = _spread(exact, _MILLION, half_away(sum(exact), _MILLION), owed)
        before = [*map(sum, zip(before, shares, strict=True))]
        columns.append(shares)
    return columns


def _contained(rate: TaxRate, grosses: list[int]) -> list[list[int]]:
    """What of each gross amount is tax of each component."""
    parts = parts_of(rate)
    ratios = [part / (1 + sum(parts)) for part in parts]
    unit = lcm(*(ratio.denominator for ratio in ratios))
    weights = [ratio.numerator * (unit // ratio.denominator) for ratio in ratios]
    exact = [sum(grosses) * weight for weight in weights]
    totals = _spread(exact, unit, half_away(sum(exact), unit), [0] * len(weights))
    owed = [0] * len(grosses)
    return [
        _spread([gross * weight for gross in grosses], unit, total, owed)
        for weight, total in zip(weights, totals, strict=True)
    ]


def _millionths(percent: Decimal) -> int:
    """A percentage of at most four decimals as millionths of the whole."""
    numerator, denominator = percent.as_integer_ratio()
    return numerator * 10_000 // denominator


def _spread(exact: Sequence[int], unit: int, total: int, owed: list[int]) -> list[int]:
    """Round each exact / unit down or up so that the shares sum to `total`, their rounded sum.

    The largest remainders are rounded up. `owed` carries what the lines are still owed from one
    component to the next, in units, so that not the same line has all the odd cents.
    """
    divided = [divmod(each, unit) for each in exact]
    shares = [share for share, _ in divided]
    for place, (_, remainder) in enumerate(divided):
        owed[place] += remainder
    uneven = [place for place, (_, remainder) in enumerate(divided) if remainder]
    uneven.sort(key=owed.__getitem__, reverse=True)
    for place in uneven[: total - sum(shares)]:
        shares[place] += 1
        owed[place] -= unit
    return shares
