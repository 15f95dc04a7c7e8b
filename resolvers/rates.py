"""Rate limits: so many requests a minute for an organization, whichever doors they come by.

The minutes are those of the clock. One process counts for itself; several that share a PostgreSQL
take their share of a minute's requests in blocks, which are put down in the database, so that
together they never let more through than is allowed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ledger.errors import LedgerError, Reason
from store import rates
from store.engines import Database

WINDOW = 60
_SHARE = 20
_MOST_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """How an organization stands in the current minute with a request that came.

    `reset` is when the next minute begins (Unix time), `retry_after` in how many seconds.
    """

    limit: int
    remaining: int
    reset: int
    retry_after: int
    is_over: bool = False

    def require_room(self) -> None:
        """Raise `rate_limited` when the request was one too many."""
        if self.is_over:
            raise LedgerError(
                Reason.RATE_LIMITED,
                f"The organization's {self.limit} requests of this minute are used up.",
                f"Wait {self.retry_after} s, as Retry-After says.",
                {"limit": self.limit, "reset": self.reset, "retry_after": self.retry_after},
            )

    def headers(self) -> list[tuple[str, str]]:
        """What an answer says of it, by the draft standard and as the API has always said it."""
        again = [("Retry-After", str(self.retry_after))] if self.is_over else []
        return [
            *again,
            ("RateLimit-Policy", f'"minute";q={self.limit};w={WINDOW}'),
            ("RateLimit", f'"minute";r={self.remaining};t={self.retry_after}'),
            ("X-RateLimit-Limit", str(self.limit)),
            ("X-RateLimit-Remaining", str(self.remaining)),
            ("X-RateLimit-Reset", str(self.reset)),
        ]


@dataclass(slots=True)
class _Minute:
    """What an organization has used of a minute in this process, and what it may use here.

    Once all of it `is_taken`, nothing is asked any more.
    """

    window: int
    used: int = 0
    granted: int = 0
    is_taken: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Rates:
    """Counts requests; one for each process. A limit of zero is none."""

    def __init__(
        self,
        database: Database,
        *,
        live: int,
        test: int,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._live = live
        self._test = test
        self._clock = clock
        self._minutes: dict[str, _Minute] = {}

    async def admit(self, organization_id: str, *, is_live: bool) -> Standing | None:
        """Count a request; None where there is no limit."""
        limit = self._live if is_live else self._test
        if limit == 0:
            return None
        now = int(self._clock().timestamp())
        window = now // WINDOW
        minute = self._minute(organization_id, window)
        if minute.used >= minute.granted:
            await self._extend(organization_id, minute, limit)
        reset = (window + 1) * WINDOW
        if minute.used >= minute.granted:
            return Standing(limit, 0, reset, reset - now, is_over=True)
        minute.used += 1
        return Standing(limit, limit - minute.used, reset, reset - now)

    def _minute(self, organization_id: str, window: int) -> _Minute:
        found = self._minutes.get(organization_id)
        if found is None or found.window != window:
            if len(self._minutes) >= _MOST_KEPT:
                self._minutes = {k: m for k, m in self._minutes.items() if m.window == window}
            found = self._minutes[organization_id] = _Minute(window)
        return found

    async def _extend(self, organization_id: str, minute: _Minute, limit: int) -> None:
        """Have more of the minute, if there is more."""
        if self._database.is_sqlite:
            minute.granted = limit
            return
        async with minute.lock:
            if minute.used < minute.granted or minute.is_taken:
                return
            ask = (organization_id, minute.window, _SHARE, limit)
            more = await self._database.write(rates.take, *ask)
            minute.granted += more
            minute.is_taken = not more
