"""Checkouts: credits that are ordered, paid for somewhere else, and granted when they are paid.

One credit is worth a cent (US), whichever package it came from. What is ordered is put down
before anybody is asked for money, and grants its credits once, however often its payment is told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from ledger import texts
from ledger.credits import CreditGrant, GrantSource
from ledger.errors import LedgerError, Reason

CENTS_PER_CREDIT = 1
CURRENCY = "USD"
LEAST_BOUGHT, MOST_BOUGHT = 50, 1_000_000
CHECKOUT_LASTS = timedelta(hours=12)
"""How long credits can be paid for after they were ordered."""

_ADDRESS_LENGTH = 2_000


class PackageType(StrEnum):
    """The packages in which credits are sold."""

    SOLO_DEV = "solo_dev"
    BUILDER = "builder"
    SCALE = "scale"


@dataclass(frozen=True, slots=True)
class Package:
    """So many credits for so many cents."""

    type: PackageType
    name: str
    credits: int
    price_cents: int


PACKAGES = {
    package.type: package
    for package in (
        Package(PackageType.SOLO_DEV, "Solo Dev", 1_000, 1_000),
        Package(PackageType.BUILDER, "Builder", 5_000, 5_000),
        Package(PackageType.SCALE, "Scale", 25_000, 25_000),
    )
}
"""The packages, from the smallest."""


class CheckoutStatus(StrEnum):
    """Whether ordered credits were paid for."""

    OPEN = "open"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to buy, a package or any number of credits, and where they go then."""

    credit_amount: int | None = None
    package: PackageType | None = None
    success_url: str | None = None
    cancel_url: str | None = None


@dataclass(frozen=True, slots=True)
class Checkout:
    """Credits that were ordered, at which price, and until when they can be paid for.

    `gateway` takes the payment, under its own `reference` and at its own `url`; it is None until
    it was asked to, and the others where the payment is taken on a page of this service. Whoever
    has paid or given up may go on to the `success_url` or the `cancel_url`.
    """

    organization_id: str
    id: str
    credits: int
    price_cents: int
    currency: str
    created_at: datetime
    expires_at: datetime
    package: PackageType | None = None
    success_url: str | None = None
    cancel_url: str | None = None
    status: CheckoutStatus = CheckoutStatus.OPEN
    completed_at: datetime | None = None
    gateway: str | None = None
    reference: str | None = None
    url: str | None = None

    @property
    def is_completed(self) -> bool:
        """Whether it was paid for."""
        return self.status is CheckoutStatus.COMPLETED


def draw_up(order: Order, organization_id: str, id: str, now: datetime) -> Checkout:
    """The checkout of an order. Raises `invalid_value` for one that cannot be carried out."""
    credits, price_cents = _wanted(order)
    return Checkout(
        organization_id=organization_id,
        id=id,
        credits=credits,
        price_cents=price_cents,
        currency=CURRENCY,
        created_at=now,
        expires_at=now.replace(microsecond=0) + CHECKOUT_LASTS,
        package=order.package,
        success_url=_checked_url(order.success_url, "successUrl"),
        cancel_url=_checked_url(order.cancel_url, "cancelUrl"),
    )


def _wanted(order: Order) -> tuple[int, int]:
    """How many credits an order is for, and their price in cents."""
    amount = order.credit_amount
    if order.package is not None and amount is None:
        package = PACKAGES[order.package]
        return package.credits, package.price_cents
    if order.package is not None or amount is None:
        raise LedgerError(
            Reason.INVALID_VALUE,
            "How many credits are wanted must be said in one way.",
            "Give either creditAmount or packageType.",
            field="creditAmount",
        )
    if not LEAST_BOUGHT <= amount <= MOST_BOUGHT:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"{amount:,} credits cannot be bought at once.",
            f"Buy from {LEAST_BOUGHT} to {MOST_BOUGHT:,} credits.",
            {"least": LEAST_BOUGHT, "most": MOST_BOUGHT},
            "creditAmount",
        )
    return amount, amount * CENTS_PER_CREDIT


def _checked_url(url: str | None, field: str) -> str | None:
    """An address that a browser may be led to, or `invalid_value`."""
    if url is None:
        return None
    cleaned = texts.clean(url, field, _ADDRESS_LENGTH)
    try:
        parts = urlsplit(cleaned)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_web = False
    if is_web and cleaned.isascii() and cleaned.isprintable() and " " not in cleaned:
        return cleaned
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"{field} is not an address that a browser can be led to.",
        "Give a whole one, such as https://app.example.com/paid, in ASCII.",
        field=field,
    )


def complete(checkout: Checkout, grant_id: str, now: datetime) -> tuple[Checkout, CreditGrant]:
    """A checkout once it was paid for, and the credits that it grants."""
    grant = CreditGrant(
        organization_id=checkout.organization_id,
        id=grant_id,
        credits=checkout.credits,
        source=GrantSource.PURCHASE,
        created_at=now,
        package=None if checkout.package is None else checkout.package.value,
        price_cents=checkout.price_cents,
        currency=checkout.currency,
        reference=checkout.reference or checkout.id,
    )
    return replace(checkout, status=CheckoutStatus.COMPLETED, completed_at=now), grant
