"""Credits: what operations cost, who pays for them, and how an organization wants to be billed.

A price is in whole credits and declared on its operation; a price book may put others in their
place. Only what is done costs anything: neither what is refused, nor a trial, nor a replay. Test
keys are never charged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from ledger.contacts import checked_email
from ledger.dates import require_business_date
from ledger.errors import LedgerError, Reason
from ledger.organizations import Organization

MOST_GRANTED = 1_000_000_000
MOST_CHARGED = 1_000_000
LONGEST_REPORT = 366
"""Most days that a report of usage covers."""


@dataclass(frozen=True, slots=True)
class Price:
    """What one use of an operation costs, in credits, and whose price that is."""

    operation: str
    credits: int


FREE = Price("", 0)


@dataclass(frozen=True, slots=True)
class Charge:
    """Credits that were taken for an operation, and by whose key it was asked for."""

    operation: str
    credits: int
    key_id: str


@dataclass(frozen=True, slots=True)
class Billing:
    """Whether operations are charged, and the prices that stand in place of the declared ones."""

    is_metered: bool = False
    prices: Mapping[str, int] = field(default_factory=dict)

    def price(self, operation: str, declared: int, also: Mapping[str, int] | None = None) -> Price:
        """The price of an operation; `also` are the declared ones of what it does besides."""
        credits = self.prices.get(operation, declared)
        for name, price in (also or {}).items():
            credits += self.prices.get(name, price)
        return Price(operation, credits)


UNMETERED = Billing()


def price_book(plain: object, known: Collection[str]) -> dict[str, int]:
    """The prices that a price book gives, by operation: `{"createTransaction": 3}`.

    Raises `invalid_value` for an operation that is none or only reads, and for what is no price.
    """
    if not isinstance(plain, dict):
        raise _no_price("A price book is a JSON object.", 'Write {"createTransaction": 3}.')
    for name, price in plain.items():
        if name not in known:
            raise _no_price(
                f"The price book has a price for {name[:60]!r}, which is no operation that writes.",
                "Name operations as the schema does, such as createTransaction; reads are free.",
            )
        is_whole = isinstance(price, int) and not isinstance(price, bool)
        if not (is_whole and 0 <= price <= MOST_CHARGED):
            raise _no_price(
                f"The price book charges {price!r} for {name}.",
                f"Give whole credits from 0 to {MOST_CHARGED:,}.",
            )
    return dict(plain)


def _no_price(cause: str, cure: str) -> LedgerError:
    return LedgerError(Reason.INVALID_VALUE, cause, cure)


def payer_of(organization: Organization) -> str | None:
    """The organization that pays for what is done in another; None for a sandbox's, which is free.

    Each pays for itself, as long as none shares the billing of its parent.
    """
    return organization.id if organization.is_live else None


@dataclass(frozen=True, slots=True)
class CreditAccount:
    """What an organization has left of the credits that were ever granted to it."""

    organization_id: str
    balance: int = 0
    granted: int = 0


def require_credits(payer: str, cost: int, balance: int) -> None:
    """Raise `insufficient_credits` when the payer has fewer left than something costs."""
    if cost <= balance:
        return
    raise LedgerError(
        Reason.INSUFFICIENT_CREDITS,
        f"This costs {_credits(cost)}, and organization {payer} has {_credits(balance)} left.",
        "Buy credits by purchaseCredits, or ask who runs the service for some.",
        {"cost": cost, "balance": balance, "organization_id": payer},
    )


def _credits(number: int) -> str:
    return "1 credit" if number == 1 else f"{number:,} credits"


class GrantSource(StrEnum):
    """Why credits were granted: they were bought, given by who runs the service, or given back."""

    PURCHASE = "purchase"
    MANUAL = "manual"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class CreditGrant:
    """Credits that an organization got; what they were bought for, where they were bought.

    Of those with one `reference` there is one in the organization.
    """

    organization_id: str
    id: str
    credits: int
    source: GrantSource
    created_at: datetime
    package: str | None = None
    price_cents: int | None = None
    currency: str | None = None
    reference: str | None = None


def checked_grant(credits: int) -> int:
    """So many credits as may be granted at once, or `invalid_value`."""
    if 1 <= credits <= MOST_GRANTED:
        return credits
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"{credits:,} credits cannot be granted.",
        f"Grant from 1 to {MOST_GRANTED:,} at once.",
        {"limit": MOST_GRANTED},
        "credits",
    )


@dataclass(frozen=True, slots=True)
class BillingSettings:
    """How an organization wants to be billed; each has one of these, with an id made of its own."""

    organization_id: str
    id: str
    created_at: datetime
    updated_at: datetime
    auto_recharge_enabled: bool = False
    low_balance_threshold: int | None = None
    billing_email: str | None = None
    version: int = 1


def settings_id(organization_id: str) -> str:
    """The id of an organization's billing settings."""
    return f"bls_{organization_id.removeprefix('org_')}"


def checked_billing(settings: BillingSettings) -> BillingSettings:
    """The settings as they are kept, or why they cannot be."""
    threshold = settings.low_balance_threshold
    if threshold is not None and not 0 <= threshold <= MOST_GRANTED:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"The balance cannot be called low at {threshold:,} credits.",
            f"Give a number from 0 to {MOST_GRANTED:,}, or null for never.",
            {"limit": MOST_GRANTED},
            "lowBalanceThreshold",
        )
    try:
        return replace(settings, billing_email=checked_email(settings.billing_email))
    except LedgerError as refusal:
        told = (refusal.message, refusal.suggestion, refusal.details)
        raise LedgerError(refusal.reason, *told, "billingEmail") from None


def usage_period(today: date, begin: date | None, end: date | None) -> tuple[date, date]:
    """The first and last day of a report of usage: by default the month of its end, to date.

    Raises `invalid_date` for days outside the business range, in the wrong order, or too many.
    """
    last = require_business_date(today if end is None else end, "to")
    first = last.replace(day=1) if begin is None else require_business_date(begin, "from")
    days = (last - first).days + 1
    if 1 <= days <= LONGEST_REPORT:
        return first, last
    raise LedgerError(
        Reason.INVALID_DATE,
        f"The period from {first} to {last} has {max(days, 0):,} days.",
        f"Give a `to` on or after `from`, and at most {LONGEST_REPORT} days at once.",
        {"from": str(first), "to": str(last), "limit": LONGEST_REPORT},
        "from",
    )
