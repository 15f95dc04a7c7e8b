"""The scalars: amounts that never pass through a float, dates that are dates.

The framework's own ones lose money or crash: its Decimal reads numbers by way of floats and
takes NaN, its DateTime takes times without an offset and overflows at the calendar's ends.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, NewType

import strawberry
from graphql import (
    FloatValueNode,
    IntValueNode,
    StringValueNode,
    Undefined,
    ValueNode,
    value_from_ast_untyped,
)

from ledger.errors import LedgerError, Reason

DecimalText = NewType("DecimalText", str)
"""An exact decimal number. As input the digits as given, whatever they were spelled in."""

Json = NewType("Json", Mapping[str, Any])
"""A JSON object."""

_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:[Tt](\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2}))?", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_LONGEST = 40


def _decimal_value(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _not_decimal(value)


def _decimal_literal(node: ValueNode, _variables: object = None) -> Any:
    if isinstance(node, IntValueNode | FloatValueNode | StringValueNode):
        return node.value
    raise _not_decimal(type(node).__name__)


def _not_decimal(value: object) -> LedgerError:
    return LedgerError(
        Reason.INVALID_AMOUNT,
        f"{str(value)[:_LONGEST]!r} is not a plain decimal number.",
        'Send a string such as "100.00", or a JSON number without an exponent.',
    )


def day_of(value: object) -> date:
    """The business date in a date or an RFC 3339 time: the date as written; offsets are ignored."""
    return instant_of(value).date()


def instant_of(value: object) -> datetime:
    """The moment that a date (at midnight UTC) or an RFC 3339 time names."""
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise _not_a_date(value, "Send 2024-01-15, or 2024-01-15T10:30:00Z with its offset.")
    day, clock, fraction, offset = found.groups()
    try:
        if clock is None:
            return datetime.combine(date.fromisoformat(day), time(), UTC)
        offset = "+00:00" if offset in {"Z", "z"} else offset
        found_at = datetime.fromisoformat(f"{day}T{clock}{(fraction or '')[:7]}{offset}")
        found_at.astimezone(UTC)  # which the calendar's first and last days may not allow
    except (ValueError, OverflowError):
        raise _not_a_date(value, "Check the day, the time and the offset.") from None
    return found_at


def _plain_day(value: object) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return day_of(value)
    raise _not_a_date(value, "Send a plain date such as 2024-01-15.")


def _not_a_date(value: object, cure: str) -> LedgerError:
    return LedgerError(
        Reason.INVALID_DATE, f"{str(value)[:_LONGEST]!r} is not a date that exists.", cure
    )


def _instant_text(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


def _json_literal(node: ValueNode, variables: Any = None) -> Any:
    return _defined(value_from_ast_untyped(node, variables))


def _defined(value: Any) -> Any:
    """A value without the members whose variables were not sent."""
    if isinstance(value, dict):
        return {k: _defined(item) for k, item in value.items() if item is not Undefined}
    if isinstance(value, list):
        return [_defined(item) for item in value if item is not Undefined]
    return value


SCALARS: dict[object, Any] = {
    DecimalText: strawberry.scalar(
        name="Decimal",
        description="An exact decimal number, sent as a string with the currency's decimals. "
        "Accepted as a string, a JSON number or a literal; never by way of a float. No exponents.",
        parse_value=_decimal_value,
        parse_literal=_decimal_literal,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant as RFC 3339 in UTC; a business date as that date at 00:00:00Z. "
        "Accepted as a date or as RFC 3339; of a business date the date as written counts.",
        specified_by_url="https://datatracker.ietf.org/doc/html/rfc3339",
        serialize=_instant_text,
        parse_value=instant_of,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A calendar date: 2024-01-15.",
        serialize=date.isoformat,
        parse_value=_plain_day,
    ),
    Json: strawberry.scalar(
        name="Json",
        description="Any JSON value.",
        parse_value=lambda value: value,
        parse_literal=_json_literal,
    ),
}


def midnight(day: date) -> datetime:
    """A business date as the seeds' DateTime fields send it."""
    return datetime.combine(day, time(), UTC)
