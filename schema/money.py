"""Money as callers see it: an exact amount, the same formatted, and its currency."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import strawberry

from ledger.currencies import CURRENCIES, Currency
from ledger.money import amount_text, formatted
from schema.nodes import shown
from schema.scalars import DecimalText


@strawberry.type
class CurrencyNode:
    """A currency of ISO 4217."""

    id: strawberry.ID = strawberry.field(description="Its code with a prefix: CUR_USD.")
    code: str = strawberry.field(description="The ISO 4217 code: USD.")
    name: str
    symbol: str
    decimal_places: int = strawberry.field(description="Digits after the point, by ISO 4217.")


@cache
def currency_node(code: str) -> CurrencyNode:
    """The node of a currency; there is one for all."""
    found = CURRENCIES[code]
    return CurrencyNode(
        id=strawberry.ID(f"CUR_{code}"),
        code=code,
        name=found.name,
        symbol=found.symbol,
        decimal_places=found.decimals,
    )


@strawberry.type
class MoneyNode:
    """An amount in a currency."""

    minor: strawberry.Private[int]
    unit: strawberry.Private[Currency]
    amount: DecimalText = shown(
        lambda money: amount_text(money.minor, money.unit),
        "Exact, with the currency's decimals: 100.00.",
    )
    formatted: str = shown(
        lambda money: formatted(money.minor, money.unit), "For people: $25,000.00."
    )
    currency: CurrencyNode


def money(minor: int, code: str) -> MoneyNode:
    """An amount in minor units as a node."""
    return MoneyNode(minor=minor, unit=CURRENCIES[code], currency=currency_node(code))


def moneys(minors: Iterable[int], code: str) -> list[MoneyNode]:
    """Amounts of one currency as nodes."""
    unit, shared = CURRENCIES[code], currency_node(code)
    return [MoneyNode(minor=minor, unit=unit, currency=shared) for minor in minors]


def text(minor: int, code: str) -> DecimalText:
    """An amount in minor units as exact text."""
    return DecimalText(amount_text(minor, CURRENCIES[code]))
