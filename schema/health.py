"""The health of the books in the API."""

from __future__ import annotations

from datetime import datetime

import strawberry

from resolvers import health
from schema.context import Reading


@strawberry.type
class HealthCheck:
    """One invariant, recomputed from the entries and held against what is kept."""

    name: str
    holds: bool
    examined: int
    violations: int
    examples: list[str] = strawberry.field(description="Up to 20 violations, each a sentence.")


@strawberry.type
class LedgerHealth:
    """Whether all that must hold in the books does."""

    generated_at: datetime
    is_healthy: bool
    checks: list[HealthCheck]


async def health_of(reading: Reading) -> LedgerHealth:
    """All checks of the organization; reads every entry and event."""
    found = await reading.read(health.examine, reading.organization_id)
    return LedgerHealth(
        generated_at=reading.now,
        is_healthy=all(finding.holds for finding in found),
        checks=[
            HealthCheck(
                name=finding.check,
                holds=finding.holds,
                examined=finding.examined,
                violations=finding.violations,
                examples=list(finding.examples),
            )
            for finding in found
        ],
    )
