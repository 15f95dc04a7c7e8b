"""What tests of credits do again and again: grant some, look what is left, and what was used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from house import Client, House, running
from sqlalchemy import Connection, select

from ledger.credits import GrantSource
from ledger.events import Origin
from resolvers import credits as granting
from resolvers.minting import Mint
from store.credit_tables import credit_account, credit_usage

BALANCE = """{
  creditBalance {
    organizationId creditsRemaining creditsTotal autoRechargeEnabled lowBalanceThreshold
    billingEmail version
  }
}"""
USAGE = """query Usage($from: Date, $to: Date) {
  creditUsage(from: $from, to: $to) {
    periodStart periodEnd rows { date operation count credits } totals { count credits }
  }
}"""
PURCHASE = """
mutation Purchase(
  $creditAmount: Int, $packageType: CreditPackageType, $successUrl: String, $cancelUrl: String,
  $idempotencyKey: String, $dryRun: Boolean! = false
) {
  purchaseCredits(
    creditAmount: $creditAmount, packageType: $packageType, successUrl: $successUrl,
    cancelUrl: $cancelUrl, idempotencyKey: $idempotencyKey, dryRun: $dryRun
  ) { checkoutUrl creditsToAdd priceCents expiresAt }
}"""
ORIGIN = Origin("test", None, "req_test", "cli")


@asynccontextmanager
async def metered(url: str, **settings: Any) -> AsyncIterator[House]:
    """The application, charging, on a database."""
    async with running(url, billing="metered", **settings) as house:
        yield house


async def grant(house: House, client: Client, credits: int, reference: str | None = None) -> None:
    """Give an organization credits."""
    await house.database.write(
        granting.grant,
        client.organization_id,
        credits,
        source=GrantSource.MANUAL,
        reference=reference,
        origin=ORIGIN,
        now=datetime.now(UTC),
        mint=Mint(),
    )


async def left(client: Client) -> int | None:
    """The credits that an organization has left, as it is told itself."""
    found: int | None = (await client.ask(BALANCE))["creditBalance"]["creditsRemaining"]
    return found


async def used(client: Client) -> dict[str, tuple[int, int]]:
    """How often operations were charged this month, and with how many credits, by their names."""
    found = (await client.ask(USAGE))["creditUsage"]
    rows = {row["operation"]: (row["count"], row["credits"]) for row in found["rows"]}
    assert found["totals"] == {
        "count": sum(count for count, _ in rows.values()),
        "credits": sum(credits for _, credits in rows.values()),
    }
    return rows


async def require_books_of_credits_to_balance(house: House) -> None:
    """What payers have left is what they were granted, without what was used."""

    def figures(connection: Connection) -> tuple[dict[str, int], dict[str, int]]:
        rows = connection.execute(select(credit_account)).all()
        lost = {row.organization_id: row.granted - row.balance for row in rows}
        spent = dict.fromkeys(lost, 0)
        for row in connection.execute(select(credit_usage)):
            spent[row.organization_id] += row.credits
        return lost, spent

    lost, spent = await house.database.read(figures)
    assert lost == spent
