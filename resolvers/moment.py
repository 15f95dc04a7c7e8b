"""The moment at which a query sees the books.

A snapshot makes all that is read one moment, and costs a BEGIN, a look at the version row and a
ROLLBACK: as much as half of what most queries read. But the look at the API key, after the request
has come, tells the numbers of the version row too, and that row moves with every commit that
changes what can be read. So where the moment is presumed to be that of the look, each statement
runs by itself, and one at the end says whether the row has moved. If it has not, all was one
moment; if it has, the query is to be asked again, in a snapshot. What stands in memory at the
structure number needs no such proof, nor does one statement that tells the number by itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from ledger.accounts import Account
from resolvers.gate import Caller
from resolvers.standing import Standing, Standings
from store import accounts, organizations
from store.engines import Database, Look

P = ParamSpec("P")
T = TypeVar("T")


class Moment:
    """One moment of one organization's books, presumed to be that of the caller's look, or not.

    A moment `is_brief` at which at most one statement was executed besides those for what stands; a
    `short` one is expected to be. What was found at one that `is_void` must be found anew, and
    `has_moved` says that this is since somebody has written meanwhile.
    """

    def __init__(
        self,
        database: Database,
        caller: Caller,
        standings: Standings,
        *,
        presumed: bool = False,
        short: bool = False,
    ) -> None:
        self.database = database
        self.organization_id = caller.organization_id
        self._structure = caller.structure if presumed else None
        self._number = caller.seen
        self._is_short = short
        self._standings = standings
        self._standing: Standing | None = None
        self._settling = asyncio.Lock()
        self._lock = asyncio.Lock()
        self._look: Look | None = None
        self._reads = 0
        self._glances = 0
        self._is_missed = False
        self._is_proved = False
        self.has_moved = False
        self.is_over = False

    @property
    def is_presumed(self) -> bool:
        """Whether no snapshot is taken."""
        return self._structure is not None

    @property
    def is_brief(self) -> bool:
        """Whether so little was read that it needs no proof."""
        return self._reads == 0 and self._glances <= 1

    @property
    def is_void(self) -> bool:
        """Whether what was found is not, or not known to be, of this moment."""
        if self.has_moved or self._is_missed:
            return True
        return self.is_presumed and not (self.is_brief or self._is_proved)

    async def read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What a function of the store finds; one at a time."""
        self._reads += 1
        return await self._found(work, *args, **kwargs)

    async def glance(
        self,
        work: Callable[Concatenate[Connection, P], tuple[T, int | None]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """What a function finds by one statement, which tells the structure number as well."""
        self._glances += 1
        found, structure = await self._found(work, *args, **kwargs)
        if structure is None:
            self._reads += 1
        elif self.is_presumed:
            self.has_moved |= structure != self._structure
        return found

    async def standing(self, ask: Callable[..., T], *given: Hashable) -> T:
        """What a function of the store finds that reads nothing but the settings and the chart.

        It is asked only when these have changed since it was asked the same before.
        """
        key = (ask, *given)
        async with self._settling:
            standing = await self._stands()
            if key not in standing.found:
                await self._settle()
                found = await self._found(ask, *given)
                await self._keep({key: found})
                return found
            known: T = standing.found[key]
            return known

    async def accounts(self, keys: Sequence[str]) -> dict[str, Account]:
        """The accounts of the organization that have these ids."""
        async with self._settling:
            known = (await self._stands()).found
            found = {key: known[key] for key in keys if key in known}
            if missing := [key for key in keys if key not in found]:
                await self._settle()
                more = await self._found(accounts.existing, self.organization_id, missing)
                await self._keep(more)
                found |= more
            return found

    def all_accounts_known(self) -> list[Account] | None:
        """The chart, if it was read at this structure."""
        if self._standing is None:
            return None
        charts = self._standing.found.get((accounts.charts, (self.organization_id,)))
        return None if charts is None else charts[self.organization_id]

    async def prove(self) -> None:
        """See whether a presumed moment was one, when all is read."""
        if not self.is_presumed or self.is_brief or self.has_moved or self._is_missed:
            return
        try:
            found = await self._found(organizations.versions, [self.organization_id])
        except Exception:  # noqa: BLE001  it stays unproved, and is read again
            return
        self.has_moved = found[self.organization_id].number != self._number
        self._is_proved = True

    async def close(self) -> None:
        """End it, and give back its connection."""
        if self._look is None and not self._lock.locked():
            return
        async with self._lock:
            look, self._look = self._look, None
            if look is not None:
                await look.close()

    async def _settle(self) -> None:
        """Take a snapshot after all, as long as its structure number proves what is known."""
        if self._structure is None or self._reads or self._glances or self._look is not None:
            return  # it is one, or something was read or is being read in none
        presumed, self._structure, self._standing = self._structure, None, None
        self.has_moved = True  # until it is seen that it has not
        self.has_moved = (await self._stands()).structure != presumed

    async def _keep(self, found: Mapping[Any, Any]) -> None:
        """Keep what was found of settings and chart, if that was in a snapshot of its structure."""
        if self.is_presumed:
            self._is_missed = True
        else:
            self._standings.put(await self._stands(), found)

    async def _stands(self) -> Standing:
        if self._standing is None:
            structure = self._structure
            if structure is None:
                found = await self._found(organizations.versions, [self.organization_id])
                structure = found[self.organization_id].structure
            self._standing = self._standings.at(self.organization_id, structure)
        return self._standing

    async def _found(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        async with self._lock:
            if self.is_over:
                raise RuntimeError("The operation was answered without this.")
            if self._look is None:
                self._look = await self._begun()
            return await self._look.run_sync(work, *args, **kwargs)

    async def _begun(self) -> Look:
        if self.is_presumed:
            return await self.database.look(at_once=self._is_short)
        return await self.database.snapshot()


class Restless:
    """Organizations that were written to while they were read: whose queries take a snapshot.

    For `seconds`, so that where writing never ends a query is seldom asked twice.
    """

    def __init__(
        self, seconds: float = 1.0, clock: Callable[[], float] = time.monotonic, most: int = 10_000
    ) -> None:
        self._seconds = seconds
        self._clock = clock
        self._most = most
        self._until: dict[str, float] = {}

    def note(self, organization_id: str) -> None:
        """Take it for restless from now on."""
        now = self._clock()
        if len(self._until) >= self._most:
            self._until = {key: until for key, until in self._until.items() if until > now}
        if len(self._until) < self._most:
            self._until[organization_id] = now + self._seconds

    def __contains__(self, organization_id: str) -> bool:
        until = self._until.get(organization_id)
        return until is not None and until > self._clock()
