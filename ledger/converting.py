"""Converting: the rate of a foreign document or payment, and what it comes to in the books."""

from __future__ import annotations

from decimal import Decimal

from ledger.currencies import CURRENCIES, Currency
from ledger.errors import LedgerError, Reason, at
from ledger.money import MAX_AMOUNT, convert, parse_rate
from ledger.organizations import Organization
from ledger.pricing import Number


def rate_of(organization: Organization, currency: Currency, given: Number | None) -> Decimal | None:
    """The exchange rate of a foreign amount, None for the base currency."""
    base = organization.base_currency
    rate = None if given is None else at("exchangeRate", parse_rate, given)
    if currency.code == base:
        if rate in {None, Decimal(1)}:
            return None
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"An amount in {base}, the organization's own currency, has no exchange rate.",
            "Leave out exchangeRate, or give the foreign currency.",
            field="exchangeRate",
        )
    if rate is None:
        raise LedgerError(
            Reason.MISSING_RATE,
            f"The amount is in {currency.code} and the books are in {base}: it needs a rate.",
            f"Give exchangeRate ({base} for one {currency.code}).",
            {"currency": currency.code, "base_currency": base},
            "exchangeRate",
        )
    return rate


def in_base(
    organization: Organization, amount: int, currency: Currency, rate: Decimal | None
) -> int:
    """An amount in base currency, by the rate of its document or payment."""
    if rate is None:
        return amount
    base_amount = convert(amount, rate, currency, CURRENCIES[organization.base_currency])
    if base_amount <= MAX_AMOUNT:
        return base_amount
    raise LedgerError(
        Reason.INVALID_AMOUNT,
        "In base currency the amount is more than can be kept.",
        "Check the exchange rate.",
        field="exchangeRate",
    )
