"""Figures: what a process counts of the requests that it runs, put down every few seconds.

All processes add to the same rows, so that whichever is asked gives the same answer. Counting
itself is a step in memory; it never waits, and never fails for the database. What could not be
put down is kept for the next time, up to a limit: beyond it the totals stay right, and the
figures of single organizations become too low.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping

from resolvers.latencies import bucket_of
from store import figures
from store.engines import Database, UnknownOutcomeError
from store.figures import HOUR, Cell, Sums, Total

logger = logging.getLogger("crane.figures")

MOST_KEPT = 20_000
"""Cells of organizations that are kept until they are put down."""

KEPT_MINUTES = 25 * HOUR
KEPT_HOURS = 31 * 24 * HOUR
"""For how many minutes figures by the minute and by the hour are kept."""

_PART = 1_000
"""Cells that are put down together: so few that making rows of them holds nobody up."""

_PAGE = 200
_MICROSECONDS = 1_000_000


class Figures:
    """Counts requests, and puts them down `every` so many seconds; one for each process."""

    def __init__(
        self,
        database: Database,
        every: float = 10.0,
        *,
        clock: Callable[[], float] = time.time,
        most: int = MOST_KEPT,
    ) -> None:
        self._database = database
        self._every = every
        self._clock = clock
        self._most = most
        self._cells: dict[Cell, list[int]] = {}
        self._totals: dict[Total, list[int]] = {}
        self._flushing = asyncio.Lock()
        self._wanted = asyncio.Event()
        self._stopping = False
        self._pruned = 0
        self._task: asyncio.Task[None] | None = None

    def count(
        self, organization_id: str, operation: str, kind: str, code: str, seconds: float
    ) -> None:
        """Count a request for an operation, how it ended, and how long that took."""
        took = int(seconds * _MICROSECONDS)
        minute = int(self._clock()) // 60
        key = (organization_id, minute, operation, kind, code, bucket_of(took))
        cell = self._cells.get(key) or self._new(key)
        cell[0] += 1
        cell[1] += took

    def _new(self, key: Cell) -> list[int]:
        """A place to count in: that of all organizations when there are too many."""
        if len(self._cells) >= self._most:
            return self._totals.setdefault(key[2:], [0, 0])
        cell = self._cells[key] = [0, 0]
        if len(self._cells) == self._most // 2:
            self._wanted.set()
        return cell

    def start(self) -> None:
        """Begin to put down what is counted."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Put down what is left, and end."""
        self._stopping = True
        self._wanted.set()
        if self._task is not None:
            await self._task
        await self.flush()

    async def _run(self) -> None:
        while not self._stopping:
            try:
                await asyncio.wait_for(self._wanted.wait(), self._every)
            except TimeoutError:
                await self._prune_hourly()
            self._wanted.clear()
            await self.flush()

    async def flush(self) -> None:
        """Put down what was counted, a part at a time; what cannot be is kept."""
        async with self._flushing:
            left, self._cells = list(self._cells.items()), {}
            others, self._totals = self._totals, {}
            while left or others:
                part = dict(left[:_PART])
                try:
                    await self._database.write(figures.add, part, _together(part, others))
                except UnknownOutcomeError:
                    logger.warning("Whether figures were put down is not known.", exc_info=True)
                except BaseException as error:
                    self._keep(left, others)
                    if not isinstance(error, Exception):
                        raise
                    logger.warning("Figures could not be put down; they are kept.", exc_info=True)
                    return
                left, others = left[_PART:], {}

    def _keep(self, cells: Iterable[tuple[Cell, Sums]], others: Mapping[Total, Sums]) -> None:
        """Count again what was not put down."""
        for key, sums in cells:
            _add(self._cells.get(key) or self._new(key), sums)
        for total, sums in others.items():
            _add(self._totals.setdefault(total, [0, 0]), sums)

    async def _prune_hourly(self) -> None:
        """Drop what is too old, of a few organizations at a time."""
        minute = int(self._clock()) // 60
        if minute // HOUR == self._pruned:
            return
        self._pruned = minute // HOUR
        try:
            await self.prune(minute)
        except Exception:
            logger.warning("Old figures could not be dropped.", exc_info=True)

    async def prune(self, minute: int) -> None:
        """Drop what is too old at some minute."""
        after = ""
        while page := await self._database.read(figures.organizations, after, _PAGE):
            oldest = (minute - KEPT_MINUTES, minute - KEPT_HOURS)
            await self._database.write(figures.prune, page, *oldest)
            after = page[-1]


def _together(cells: Mapping[Cell, Sums], others: Mapping[Total, Sums]) -> Mapping[Total, Sums]:
    found: dict[Total, list[int]] = {key: [*sums] for key, sums in others.items()}
    for key, sums in cells.items():
        _add(found.setdefault(key[2:], [0, 0]), sums)
    return found


def _add(cell: list[int], sums: Sums) -> None:
    cell[0] += sums[0]
    cell[1] += sums[1]
