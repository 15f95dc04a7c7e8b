"""Metrics: what an organization has asked in a period, how that ended, how long it took."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from ledger.errors import LedgerError, Reason
from resolvers.latencies import Latency, latency
from store import figures
from store.figures import HOUR, MINUTE, Figure

OK = "OK"
"""The code of what was not refused."""

_PERIOD = re.compile(r"([1-9][0-9]{0,4})([mhd])", re.ASCII)
_MINUTES = {"m": MINUTE, "h": HOUR, "d": 24 * HOUR}
_BY_MINUTE = 24 * HOUR
_LONGEST = 30 * 24 * HOUR


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests together: how many, how many of them were refused, and how long they took."""

    requests: int
    errors: int
    latency: Latency


@dataclass(frozen=True, slots=True)
class Metrics:
    """What was measured since a moment: all, by operation and its kind, and requests by code."""

    since: datetime
    all: Measured
    operations: dict[tuple[str, str], Measured]
    codes: dict[str, int]


def minutes_of(period: str) -> int:
    """How many minutes a period has: `15m`, `1h`, `7d`; from a minute to 30 days."""
    found = _PERIOD.fullmatch(period)
    minutes = int(found[1]) * _MINUTES[found[2]] if found else 0
    if not 1 <= minutes <= _LONGEST:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"{period[:20]!r} is not a period of at most 30 days.",
            "Give a number of minutes, hours or days: 15m, 1h, 24h, 7d, 30d.",
            field="period",
        )
    return minutes


def measure(connection: Connection, organization_id: str, minutes: int, now: datetime) -> Metrics:
    """What an organization asked in the last minutes: from whole minutes, beyond a day whole hours.

    The first of them counts whole, so that nothing of the period is left out.
    """
    span = MINUTE if minutes <= _BY_MINUTE else HOUR
    since = (int(now.timestamp()) // 60 - minutes) // span * span
    found = figures.of_organization(connection, organization_id, span, since)
    operations: dict[tuple[str, str], list[Figure]] = {}
    codes: dict[str, int] = {}
    for each in found:
        operations.setdefault((each.operation, each.kind), []).append(each)
        codes[each.code] = codes.get(each.code, 0) + each.requests
    return Metrics(
        datetime.fromtimestamp(since * 60, UTC),
        _measured(found),
        {name: _measured(group) for name, group in operations.items()},
        dict(sorted(codes.items())),
    )


def _measured(found: Sequence[Figure]) -> Measured:
    return Measured(
        sum(each.requests for each in found),
        sum(each.requests for each in found if each.code != OK),
        latency((each.bucket, each.requests, each.microseconds) for each in found),
    )
