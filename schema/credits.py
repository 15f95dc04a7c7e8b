"""Credits in the API: what is left of them, what they were used for, and how to buy more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from ledger.checkouts import CURRENCY, PACKAGES, Order, PackageType
from ledger.credits import BillingSettings, payer_of, usage_period
from ledger.keys import Scope
from resolvers import credits as decisions
from resolvers.books import Command, Written
from resolvers.gate import Caller
from schema.context import Reading
from schema.loading import batched
from schema.money import text
from schema.operation import mutation, only_given, query
from schema.scalars import DecimalText
from store import credits

Amount = Annotated[
    int | None, strawberry.argument(description="How many credits, at a cent (US) each.")
]
From = Annotated[Date | None, strawberry.argument(name="from")]


strawberry.enum(PackageType, name="CreditPackageType", description=PackageType.__doc__)


@strawberry.type
class CreditBalanceNode:
    """What is left of an organization's credits, and how it wants to be billed."""

    organization_id: strawberry.ID = strawberry.field(description="The one that pays.")
    credits_remaining: int | None = strawberry.field(
        description="Null where nothing is charged: in an unmetered service, and in a sandbox."
    )
    credits_total: int = strawberry.field(description="All that was ever granted.")
    auto_recharge_enabled: bool
    low_balance_threshold: int | None
    billing_email: str | None
    version: int = strawberry.field(description="Counts changes; give it to updateBilling.")


@strawberry.type
class CreditPackageNode:
    """Credits that are sold together."""

    package_type: PackageType
    credits: int
    name: str
    price_usd: DecimalText
    price_cents: int


@strawberry.type
class CreditPurchaseNode:
    """Credits that were ordered. They are granted when they are paid for."""

    checkout_url: str | None = strawberry.field(
        description="Where a person pays for them; null in a dry run."
    )
    credits_to_add: int
    price_cents: int
    expires_at: datetime = strawberry.field(description="Until then they can be paid for.")


@strawberry.type
class CreditUsageRow:
    """What one operation was charged on a day."""

    date: Date
    operation: str
    count: int = strawberry.field(description="How many calls were charged.")
    credits: int


@strawberry.type
class CreditUsageTotals:
    """What all operations were charged together."""

    count: int
    credits: int


@strawberry.type
class CreditUsageReport:
    """What credits were used for in a period."""

    period_start: Date
    period_end: Date
    rows: list[CreditUsageRow] = strawberry.field(description="By day, then by operation.")
    totals: CreditUsageTotals


_PACKAGES = [
    CreditPackageNode(
        package_type=package.type,
        credits=package.credits,
        name=package.name,
        price_usd=text(package.price_cents, CURRENCY),
        price_cents=package.price_cents,
    )
    for package in PACKAGES.values()
]


async def _payer(reading: Reading) -> str:
    """Whose account it is: that of who pays, for a sandbox its own."""
    organization = await reading.organization()
    return payer_of(organization) or organization.id


async def _is_charged(reading: Reading) -> bool:
    metered = reading.writer is not None and reading.writer.billing.is_metered
    return metered and payer_of(await reading.organization()) is not None


async def _balance(reading: Reading, settings: BillingSettings | None = None) -> CreditBalanceNode:
    payer = await _payer(reading)
    found = await reading.read(decisions.balance, payer)
    settings = settings or found.settings
    return CreditBalanceNode(
        organization_id=strawberry.ID(payer),
        credits_remaining=found.account.balance if await _is_charged(reading) else None,
        credits_total=found.account.granted,
        auto_recharge_enabled=settings is not None and settings.auto_recharge_enabled,
        low_balance_threshold=None if settings is None else settings.low_balance_threshold,
        billing_email=None if settings is None else settings.billing_email,
        version=0 if settings is None else settings.version,
    )


@batched(int | None, credits_shown=True)
async def credits_remaining(nodes: Sequence[Any], reading: Reading) -> list[int | None]:
    """Credits left of whoever pays. Null where nothing is charged: in an unmetered service, and
    in a sandbox.
    """
    if not await _is_charged(reading):
        return [None] * len(nodes)
    payer = await _payer(reading)
    found = await reading.read(credits.accounts, [payer])
    return [found[payer].balance] * len(nodes)


@query(CreditBalanceNode, credits_shown=True)
async def credit_balance(reading: Reading) -> CreditBalanceNode:
    """The credits of whoever pays for the organization."""
    return await _balance(reading)


@query(list[CreditPackageNode])
async def credit_packages(reading: Reading) -> list[CreditPackageNode]:
    """The packages in which credits are sold, the same for everybody."""
    del reading
    return _PACKAGES


@query(CreditUsageReport, live=True)
async def credit_usage(
    reading: Reading, from_: From = None, to: Date | None = None
) -> CreditUsageReport:
    """What the organization's credits were used for, by day and operation: of up to 366 days, by
    default of the month to date.
    """
    begin, end = usage_period(await reading.today(), from_, to)
    found = await reading.read(credits.daily_use, reading.organization_id, begin, end)
    return CreditUsageReport(
        period_start=begin,
        period_end=end,
        rows=[
            CreditUsageRow(
                date=row.date, operation=row.operation, count=row.count, credits=row.credits
            )
            for row in found
        ],
        totals=CreditUsageTotals(
            count=sum(row.count for row in found), credits=sum(row.credits for row in found)
        ),
    )


async def _ordered(reading: Reading, written: Written) -> CreditPurchaseNode:
    fact = await reading.written(written, credits.CHECKOUTS.existing, written.outcome)
    url = None
    if fact.id not in reading.unstored:
        found = await reading.read(decisions.balance, fact.organization_id)
        email = None if found.settings is None else found.settings.billing_email
        await reading.close()
        asked = (reading.database, reading.outside, reading.caller, fact, email)
        url = await decisions.payable(*asked)
    return CreditPurchaseNode(
        checkout_url=url,
        credits_to_add=fact.credits,
        price_cents=fact.price_cents,
        expires_at=fact.expires_at,
    )


@mutation(CreditPurchaseNode, credits=0, result=_ordered)
def purchase_credits(
    credit_amount: Amount = None,
    package_type: PackageType | None = None,
    success_url: str | None = None,
    cancel_url: str | None = None,
) -> Command:
    """Order credits, so many or a package; a person pays for them at `checkoutUrl`, and goes on
    to `successUrl` or `cancelUrl`. They are granted when they are paid for.
    """
    return decisions.purchase(Order(credit_amount, package_type, success_url, cancel_url))


async def _billed(reading: Reading, written: Written) -> CreditBalanceNode:
    return await _balance(reading, written.facts.get(written.outcome))


@mutation(CreditBalanceNode, credits=0, result=_billed, scope=Scope.ADMIN)
def update_billing(
    caller: Caller,
    auto_recharge_enabled: bool | None = UNSET,
    low_balance_threshold: int | None = UNSET,
    billing_email: str | None = UNSET,
    version: int | None = None,
) -> Command:
    """Change how the organization wants to be billed. What is absent stays; null clears."""
    given = {
        "auto_recharge_enabled": auto_recharge_enabled,
        "low_balance_threshold": low_balance_threshold,
        "billing_email": billing_email,
    }
    changed = only_given(given, nullable=("low_balance_threshold", "billing_email"))
    return decisions.update_billing(caller, changed, version=version)
