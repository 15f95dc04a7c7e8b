"""The `where` grammar as SQL: one meaning on both engines, for every list.

A filter is plain data: `{"code": {"starts_with": "1"}, "or": [...], "not": {...}}`, its fields
those that a noun offers. Comparison is exact and by code point, of texts in the form in which
they are stored; `contains` and `startsWith` alone ignore the case of the letters A to Z.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, true

from ledger import texts
from ledger.currencies import CURRENCIES
from ledger.errors import LedgerError, Reason
from store.engines import among, holds

Column = ColumnElement[Any]
Field = Column | Callable[[str, Any], ColumnElement[bool]]
"""A column to compare, or a function of operator and value where none will do."""

DEEPEST = 5
MOST_CONDITIONS = 50
MOST_VALUES = 1_000


def condition(fields: Mapping[str, Field], where: Mapping[str, Any] | None) -> ColumnElement[bool]:
    """The condition that `where` states over the `fields` of a noun."""
    if not where:
        return true()
    _require_modest(where)
    return _all(fields, where)


def _all(fields: Mapping[str, Field], where: Mapping[str, Any]) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = []
    for name, value in where.items():
        if value is None:
            continue
        if name == "and":
            parts.extend(_all(fields, part) for part in value)
        elif name == "or":
            parts.append(or_(false(), *(_all(fields, part) for part in value)))
        elif name == "not":
            parts.append(not_(_all(fields, value)))
        else:
            parts.extend(_compared(fields[name], name, op, v) for op, v in value.items())
    return and_(true(), *parts)


def _compared(field: Field, name: str, how: str, value: Any) -> ColumnElement[bool]:
    if value is None:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"The filter {name}.{how} is compared with null, which nothing equals.",
            f"Use {name}: {{isNull: true}}.",
            field=f"where.{name}.{how}",
        )
    if isinstance(field, ColumnElement):
        return compare(field, how, value)
    return field(how, value)


def _one_of(column: Column, values: Collection[Any]) -> ColumnElement[bool]:
    if len(values) > MOST_VALUES:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS,
            f"A filter compares with {len(values)} values; at most {MOST_VALUES} are taken.",
            "Ask in several requests.",
        )
    if all(isinstance(value, str) for value in values):
        return among(column, list(values))
    return column.in_(list(values))


_COMPARISONS: dict[str, Callable[[Column, Any], ColumnElement[bool]]] = {
    "is_null": lambda column, value: column.is_(None) if value else column.is_not(None),
    "eq": operator.eq,
    "ne": lambda column, value: column.is_distinct_from(value),
    "in": _one_of,
    "not_in": lambda column, value: or_(column.is_(None), not_(_one_of(column, value))),
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "starts_with": lambda column, value: (
        func.substr(func.lower(column), 1, len(value)) == lowered(value)
    ),
    "contains": lambda column, value: holds(func.lower(column), lowered(value)),
}


def compare(column: Column, how: str, value: Any) -> ColumnElement[bool]:
    """One comparison of a column; `ne` and `not_in` take what is null for different."""
    return _COMPARISONS[how](column, value)


def lowered(value: str) -> str:
    """A text with the letters A to Z small, as both databases do it."""
    return "".join(c.lower() if c.isascii() else c for c in value)


def amount_field(amount: Column, currency: Column) -> Callable[[str, Any], ColumnElement[bool]]:
    """A filter of amounts, given as decimals, over rows that each have a currency of their own."""

    def compared(how: str, value: Any) -> ColumnElement[bool]:
        if how == "is_null":
            return false() if value else true()
        joined = and_ if how == "not_in" else or_
        numbers = [_exact(v) for v in (value if isinstance(value, list) else [value])]
        return or_(
            *(
                and_(
                    among(currency, codes),
                    joined(*(_bounded(amount, how, n, decimals) for n in numbers)),
                )
                for decimals, codes in _BY_DECIMALS.items()
            )
        )

    return compared


_BY_DECIMALS = {
    decimals: [c.code for c in CURRENCIES.values() if c.decimals == decimals]
    for decimals in sorted({c.decimals for c in CURRENCIES.values()})
}
_LARGEST = 10**18


def _exact(value: Any) -> Decimal:
    try:
        number = Decimal(str(value)[:60])
    except ArithmeticError:
        number = Decimal("NaN")
    if number.is_finite() and abs(number) < _LARGEST:
        return number
    raise LedgerError(
        Reason.INVALID_AMOUNT,
        f"The filter compares an amount with {str(value)[:40]!r}, which is no decimal number.",
        'Send a string such as "100.00".',
    )


def _bounded(amount: Column, how: str, value: Decimal, decimals: int) -> ColumnElement[bool]:
    """The comparison in minor units; a value between two units is never equal to one."""
    scaled = value.scaleb(decimals)
    low = int(scaled.to_integral_value(ROUND_FLOOR))
    high = int(scaled.to_integral_value(ROUND_CEILING))
    match how:
        case "eq" | "in":
            return amount == low if low == high else false()
        case "ne" | "not_in":
            return amount != low if low == high else true()
        case "lt":
            return amount < high
        case "lte":
            return amount <= low
        case "gt":
            return amount > low
        case _:
            return amount >= high


def _require_modest(where: Mapping[str, Any]) -> None:
    """Refuse filters that are nested or large beyond reason."""
    waiting: list[tuple[Mapping[str, Any], int]] = [(where, 1)]
    conditions = 0
    while waiting:
        part, depth = waiting.pop()
        if depth > DEEPEST or conditions > MOST_CONDITIONS:
            raise LedgerError(
                Reason.DOCUMENT_TOO_COMPLEX,
                f"A filter may be {DEEPEST} levels deep and have {MOST_CONDITIONS} conditions.",
                "Simplify it; `in` takes many values.",
                field="where",
            )
        for name, value in part.items():
            if value is None:
                continue
            if name in {"and", "or"}:
                waiting.extend((item, depth + 1) for item in value)
            elif name == "not":
                waiting.append((value, depth + 1))
            else:
                conditions += len(value)
