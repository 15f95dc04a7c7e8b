"""The `where` grammar as SQL: one meaning on both engines, for every list.

A filter is plain data: `{"code": {"starts_with": "1"}, "or": [...], "not": {...}}`, its fields
those that a noun offers. Comparison is exact and by code point, of texts in the form in which
they are stored; `contains` and `startsWith` alone ignore the case of the letters A to Z.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, true

from ledger import texts
from ledger.currencies import CURRENCIES
from ledger.errors import LedgerError, Reason, at
from store.dialects import among, holds

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
            # What is null makes a condition neither true nor false: `not` is all the rest.
            parts.append(_all(fields, value).is_not(true()))
        else:
            parts.extend(_compared(fields[name], name, op, v) for op, v in value.items())
    return and_(true(), *parts)


def _compared(field: Field, name: str, how: str, value: Any) -> ColumnElement[bool]:
    place = f"{_shown(name)}.{_shown(how)}"
    if value is None:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"The filter {place} is compared with null, which nothing equals.",
            f"Use {_shown(name)}: {{isNull: true}}.",
            field=f"where.{place}",
        )
    value = _as_stored(value, f"where.{place}")
    if isinstance(field, ColumnElement):
        return compare(field, how, value)
    return at(f"where.{place}", field, how, value)


def _shown(name: str) -> str:
    """The name as callers write it: `startsWith`."""
    head, *tail = name.split("_")
    return head + "".join(part.title() for part in tail)


def _as_stored(value: Any, field: str) -> Any:
    """Texts in the form in which they are stored; what cannot be stored is refused."""
    if isinstance(value, list):
        return [_as_stored(item, field) for item in value]
    if isinstance(value, str):
        return texts.clean(value, field, texts.DESCRIPTION_LENGTH, blank=True)
    return value


def _one_of(column: Column, values: Collection[Any]) -> ColumnElement[bool]:
    if not values:
        return false()
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
        given = [_exact(v) for v in (value if isinstance(value, list) else [value])]
        return or_(
            *(
                and_(among(currency, codes), _in_minor_units(amount, how, given, decimals))
                for decimals, codes in _BY_DECIMALS.items()
            )
        )

    return compared


_BY_DECIMALS = {
    decimals: [c.code for c in CURRENCIES.values() if c.decimals == decimals]
    for decimals in sorted({c.decimals for c in CURRENCIES.values()})
}
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,40})?", re.ASCII)
_BEYOND = 2**62
"""More minor units than any amount has, and few enough for a column to be compared with."""


def _exact(value: str | int | Decimal) -> Fraction:
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    if _NUMBER.fullmatch(text):
        return Fraction(text)
    raise LedgerError(
        Reason.INVALID_AMOUNT,
        f"The filter compares an amount with {text[:40]!r}, which is no decimal number "
        "of at most 18 digits before the point and 40 after it.",
        'Send a string such as "100.00".',
    )


def _in_minor_units(
    amount: Column, how: str, given: list[Fraction], decimals: int
) -> ColumnElement[bool]:
    """The comparison in minor units; a value between two units is never equal to one."""
    scaled = [min(max(value * 10**decimals, -_BEYOND), _BEYOND) for value in given]
    if how in {"eq", "in"}:
        return amount.in_([int(value) for value in scaled if value.denominator == 1])
    if how in {"ne", "not_in"}:
        return amount.not_in([int(value) for value in scaled if value.denominator == 1])
    low, high = math.floor(scaled[0]), math.ceil(scaled[0])
    bounds = {"lt": high, "lte": low, "gt": low, "gte": high}
    return compare(amount, how, bounds[how])


def _require_modest(where: Mapping[str, Any]) -> None:
    """Refuse filters that are nested or large beyond reason."""
    waiting: list[tuple[Mapping[str, Any], int]] = [(where, 1)]
    conditions = values = 0
    while waiting:
        part, depth = waiting.pop()
        own = 0
        for name, value in part.items():
            if value is None:
                continue
            if name in {"and", "or"}:
                waiting.extend((item, depth + 1) for item in value)
            elif name == "not":
                waiting.append((value, depth + 1))
            else:
                own += len(value)
                values += sum(len(each) for each in value.values() if isinstance(each, list))
        conditions += max(own, 1)
        if depth > DEEPEST or conditions > MOST_CONDITIONS:
            raise LedgerError(
                Reason.DOCUMENT_TOO_COMPLEX,
                f"A filter may be {DEEPEST} levels deep and have {MOST_CONDITIONS} conditions.",
                "Simplify it; `in` takes many values.",
                field="where",
            )
    if values > MOST_VALUES:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS,
            f"The filter compares with {values} values; at most {MOST_VALUES} are taken.",
            "Ask in several requests.",
            {"values": values, "limit": MOST_VALUES},
            "where",
        )
