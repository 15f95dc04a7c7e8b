"""Currencies in the API: those of ISO 4217, which are the same for everybody."""

from __future__ import annotations

from ledger.currencies import CURRENCIES
from ledger.currencies import currency as find
from ledger.errors import LedgerError, Reason
from schema.context import Reading
from schema.money import CurrencyNode, currency_node
from schema.operation import query

_SHOWN = 40


@query(list[CurrencyNode])
async def currencies(_reading: Reading) -> list[CurrencyNode]:
    """The currencies of ISO 4217 that have a minor unit, by code."""
    return [currency_node(code) for code in CURRENCIES]


@query(CurrencyNode | None)
async def currency(_reading: Reading, code: str) -> CurrencyNode:
    """A currency by its ISO 4217 code or its id: USD, CUR_USD."""
    try:
        return currency_node(find(code).code)
    except LedgerError as unknown:
        raise LedgerError(
            Reason.NOT_FOUND,
            unknown.message,
            "List `currencies` for those that exist.",
            {"currency": code[:_SHOWN]},
            "code",
        ) from None
