"""Metrics in the API: requests of an organization, how they ended, how long they took."""

from __future__ import annotations

from datetime import datetime

import strawberry

from ledger import ids
from ledger.errors import LedgerError, Reason
from resolvers import metrics
from resolvers.latencies import Latency
from resolvers.metrics import Measured
from schema.context import Reading
from schema.jobs import QueueNode, queues, ratio
from schema.operation import query
from schema.scalars import DecimalText

_DEFAULT = "24h"


@strawberry.type
class RequestLatency:
    """How long requests took, in milliseconds; 0 where there were none."""

    mean: DecimalText
    p50: DecimalText = strawberry.field(description="Half of them took no longer.")
    p95: DecimalText = strawberry.field(description="95 of 100 took no longer.")
    p99: DecimalText = strawberry.field(description="99 of 100 took no longer.")


@strawberry.type
class RequestsByCode:
    """Requests that ended alike."""

    code: str = strawberry.field(description="OK, or the code of the error.")
    requests: int


@strawberry.type
class OperationMetrics:
    """The requests for one operation."""

    operation: str = strawberry.field(
        description="The root field; `several` for documents that ask different ones, `unread` "
        "for what was refused before that was known."
    )
    type: str = strawberry.field(description="A query or a mutation, or unknown.")
    requests: int
    errors: int
    error_rate: DecimalText
    latency: RequestLatency


@strawberry.type
class SystemMetrics:
    """The requests of an organization in a period, through all doors, and the service's queues."""

    period: str
    period_starts_at: datetime = strawberry.field(
        description="The whole minute, or beyond a day the whole hour, that is counted from."
    )
    period_ends_at: datetime
    requests: int
    errors: int = strawberry.field(description="Requests that were refused, or failed.")
    error_rate: DecimalText = strawberry.field(description="Errors by request: 0.0125.")
    latency: RequestLatency
    codes: list[RequestsByCode]
    operations: list[OperationMetrics] = strawberry.field(
        description="By operation, the most frequent first."
    )
    queues: list[QueueNode] = strawberry.field(description="Of the whole service, as `queues`.")


@query(SystemMetrics, live=True)
async def system_metrics(
    reading: Reading, period: str | None = _DEFAULT, organization_id: strawberry.ID | None = None
) -> SystemMetrics:
    """How many requests the organization made, how many were refused and how long they took, in a
    period of up to 30 days: `15m`, `1h`, `24h`, `7d`. What came within the last seconds may not
    be counted yet; jobs are counted as the requests that they came by.
    """
    _require_own(reading, organization_id)
    period = _DEFAULT if period is None else period
    minutes = metrics.minutes_of(period)
    ask = (reading.organization_id, minutes, reading.now)
    found = await reading.read(metrics.measure, *ask)
    named = sorted(found.operations.items(), key=lambda each: (-each[1].requests, each[0]))
    return SystemMetrics(
        period=period,
        period_starts_at=found.since,
        period_ends_at=reading.now,
        requests=found.all.requests,
        errors=found.all.errors,
        error_rate=ratio(found.all.errors, found.all.requests),
        latency=_latency(found.all.latency),
        codes=[RequestsByCode(code=code, requests=n) for code, n in found.codes.items()],
        operations=[_operation(*name, each) for name, each in named],
        queues=await queues.find(reading),
    )


def _require_own(reading: Reading, organization_id: str | None) -> None:
    """Refuse any organization but the caller's own, as if there were none."""
    if organization_id is None:
        return
    if not reading.caller.is_own(ids.normalise("org_", organization_id)):
        shown = organization_id[:40]
        raise LedgerError(
            Reason.NOT_FOUND,
            f"There is no organization {shown} for this API key.",
            "Leave out the id: a key opens the books of its own organization.",
            {"organization_id": shown},
            "organizationId",
        )


def _operation(operation: str, kind: str, found: Measured) -> OperationMetrics:
    return OperationMetrics(
        operation=operation,
        type=kind,
        requests=found.requests,
        errors=found.errors,
        error_rate=ratio(found.errors, found.requests),
        latency=_latency(found.latency),
    )


def _latency(found: Latency) -> RequestLatency:
    return RequestLatency(
        mean=_milliseconds(found.mean),
        p50=_milliseconds(found.p50),
        p95=_milliseconds(found.p95),
        p99=_milliseconds(found.p99),
    )


def _milliseconds(microseconds: int) -> DecimalText:
    return DecimalText(f"{microseconds // 1_000}.{microseconds % 1_000:03d}")
