"""What one operation runs with: who asks, the snapshot it reads, what it has to say besides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection

from ledger.accounts import Account
from ledger.balances import Total
from ledger.errors import LedgerError, Reason
from ledger.jobs import Job
from ledger.organizations import Organization
from resolvers.books import Written
from resolvers.gate import Caller
from resolvers.jobs import Enqueueing
from resolvers.outside import Outside
from resolvers.standing import Standing, Standings
from resolvers.writer import Writer
from store import accounts, organizations, totals
from store.engines import Database, Snapshot
from store.totals import Present

P = ParamSpec("P")
T = TypeVar("T")


class Reading:
    """One unchanging snapshot of one organization's books, opened when first needed.

    Where the structure number is `presumed`, from the look at the API key, it is taken for that of
    the snapshot until something is read: one statement that tells the number as well needs no
    snapshot. `has_moved` says that it was not, so that what was found must be found anew, without.
    `is_brief` is what was read this way, or could have been.

    `unstored` is what a dry run has decided, by id: its answer shows it in place of what is there.
    `database` is for what must be read after the snapshot was taken, `writer` for what must be
    written after the answer to a mutation was begun. `ends` is when what was read is not right any
    more though nothing is written; None for never.
    """

    def __init__(
        self,
        database: Database,
        caller: Caller,
        outside: Outside | None = None,
        standings: Standings | None = None,
        presumed: int | None = None,
    ) -> None:
        self.caller = caller
        self.organization_id = caller.organization_id
        self.now = datetime.now(UTC)
        self.warnings: list[dict[str, Any]] = []
        self.unstored: Mapping[str, Any] = {}
        self.database = database
        self.writer: Writer | None = None
        self._outside = outside
        self._lock = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._connection: Snapshot | None = None
        self.ends: datetime | None = None
        self.is_over = False
        self._organization: Organization | None = None
        self._standings = Standings() if standings is None else standings
        self._standing: Standing | None = None
        self._settling = asyncio.Lock()
        self._present: Present | None = None
        self._presumed = presumed
        self._glances = 0
        self.is_brief = True
        self.has_moved = False

    @property
    def outside(self) -> Outside:
        """Where files, mails and links go."""
        if self._outside is None:
            raise RuntimeError("This executor was made without an outside.")
        return self._outside

    async def read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What a function of the store finds in the snapshot; one at a time."""
        self.is_brief = False
        return await self._read(work, *args, **kwargs)

    async def _read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        async with self._lock:
            snapshot = await self._snapshot()
            found: T = await snapshot.run_sync(work, *args, **kwargs)
            return found

    async def _snapshot(self) -> Snapshot:
        """The snapshot, opened now if it was not; what was presumed must be true in it."""
        self._require_asked()
        if self._connection is None:
            self._connection = await self._stack.enter_async_context(self.database.reading())
            if self._presumed is not None:
                await self._require_presumed(self._connection)
        return self._connection

    def _require_asked(self) -> None:
        if self.is_over:
            raise RuntimeError("The operation was answered without this.")

    async def _require_presumed(self, snapshot: Snapshot) -> None:
        """See whether what was found so far, in no snapshot, is so in this one."""
        found = await snapshot.run_sync(organizations.versions, [self.organization_id])
        structure = found[self.organization_id].structure
        self.has_moved = self._glances > 0 or structure != self._presumed
        self._standing = self._standings.at(self.organization_id, structure)

    async def standing(self, ask: Callable[..., T], *given: Hashable) -> T:
        """What a function of the store finds that reads nothing but the settings and the chart.

        It is asked only when these have changed since it was asked the same before.
        """
        key = (ask, *given)
        async with self._settling:
            if key not in (await self._stands()).found:
                found = await self._read(ask, *given)
                self._standings.put(await self._stands(), {key: found})
            known: T = (await self._stands()).found[key]
            return known

    async def accounts(self, keys: Sequence[str]) -> dict[str, Account]:
        """The accounts of the organization that have these ids."""
        async with self._settling:
            known = (await self._stands()).found
            if missing := [key for key in keys if key not in known]:
                found = await self._read(accounts.existing, self.organization_id, missing)
                self._standings.put(await self._stands(), found)
            return {key: known[key] for key in keys if key in known}

    async def _stands(self) -> Standing:
        if self._standing is None:
            structure = self._presumed
            if structure is None:
                found = await self._read(organizations.versions, [self.organization_id])
                structure = found[self.organization_id].structure
            self._standing = self._standings.at(self.organization_id, structure)
        return self._standing

    async def organization(self) -> Organization:
        """The organization whose books these are."""
        if self._organization is None:
            found = await self.standing(organizations.existing, (self.organization_id,))
            self._organization = found[self.organization_id]
        return self._organization

    async def chart(self) -> list[Account]:
        """All accounts of the organization, by code."""
        found = await self.standing(accounts.charts, (self.organization_id,))
        return found[self.organization_id]

    async def present(self) -> Present:
        """What all accounts have now, which every report of the snapshot shares."""
        if self._present is None:
            organization = await self.organization()
            self._present = Present(self.organization_id, organization.today(self.now))
        return self._present

    async def totals(self, keys: Sequence[str] | None = None) -> dict[str, Total]:
        """Totals of everything posted, of these accounts at least; None stands for all."""
        present = await self.present()
        if keys is None or present.is_known or self._are_many(keys):
            return await self.read(present.now)
        if self._presumed is not None and self._connection is None and not self._glances:
            seen = await self._glanced(keys)
            if seen is not None:
                return seen
        found = await self._read(totals.now, self.organization_id, keys)
        self._glances += 1
        self.is_brief &= self._glances == 1
        return found

    async def _glanced(self, keys: Sequence[str]) -> dict[str, Total] | None:
        """Totals in no snapshot; None where they do not show what was presumed."""
        async with self._lock:
            self._require_asked()
            if self._connection is not None or self._glances:
                return None
            mine = self.organization_id
            found, structure = await self.database.peek(totals.seen_now, mine, keys)
            if structure != self._presumed:
                return None
            self._glances = 1
            return found

    def _are_many(self, keys: Sequence[str]) -> bool:
        """Whether reading the totals of all accounts costs little more than of these."""
        known = {} if self._standing is None else self._standing.found
        charts = known.get((accounts.charts, (self.organization_id,)))
        return charts is not None and 2 * len(keys) >= len(charts[self.organization_id])

    async def today(self) -> date:
        """The business date now, by the organization's time zone; what uses it `ends` with it."""
        organization = await self.organization()
        self.ends = organization.next_day(self.now)
        return organization.today(self.now)

    async def facts(
        self, ask: Callable[[Connection, str, Sequence[str]], dict[str, T]], keys: Sequence[str]
    ) -> dict[str, T]:
        """Facts by their ids, as a dry run has decided them where it has."""
        found = await self.read(ask, self.organization_id, keys)
        return found | {key: self.unstored[key] for key in keys if key in self.unstored}

    async def written(
        self,
        written: Written,
        ask: Callable[[Connection, str, Sequence[str]], dict[str, T]],
        key: str,
    ) -> T:
        """The fact that a mutation has written; one written long ago is read again."""
        if key in written.facts:
            known: T = written.facts[key]
            return known
        found = await self.read(ask, self.organization_id, [key])
        if key in found:
            return found[key]
        raise LedgerError(
            Reason.NOT_FOUND,
            f"{key}, which this request once wrote, was deleted since.",
            "Use a new idempotency key to enter another.",
            {"id": key},
            "idempotencyKey",
        )

    def knows(self, organization: Organization) -> None:
        """Spare a look at the organization, when a commit has just told it."""
        self._organization = organization

    async def close(self) -> None:
        """End the snapshot."""
        if self._connection is None and not self._lock.locked():
            return
        async with self._lock:
            await self._stack.aclose()
            self._connection = None


class AcceptedError(Exception):
    """Ends the execution of a document whose mutation was accepted as a job."""


@dataclass(slots=True)
class Context:
    """The context of one operation, as resolvers get it.

    `enqueueing` says that its mutation is to be accepted as a job, which is then `accepted` at a
    `cost`; one that `is_paid` was charged when it was accepted. `ends`, `is_brief` and
    `has_moved` are those of what it read; `presumes` says that a query is expected to be brief.
    """

    caller: Caller
    database: Database
    writer: Writer
    outside: Outside | None = None
    idempotency_key: str | None = None
    standings: Standings | None = None
    enqueueing: Enqueueing | None = None
    reserved: tuple[str, ...] = ()
    is_paid: bool = False
    accepted: Job | None = None
    cost: int = 0
    replayed: bool = False
    warnings: list[dict[str, Any]] = field(default_factory=list)
    ends: datetime | None = None
    is_over: bool = False
    presumes: bool = False
    is_brief: bool = False
    has_moved: bool = False
    _reading: Reading | None = None

    @property
    def reading(self) -> Reading:
        """The snapshot that all fields of a query share, or that of a mutation's result."""
        if self._reading is None:
            presumed = self.caller.structure if self.presumes else None
            self._reading = Reading(
                self.database, self.caller, self.outside, self.standings, presumed
            )
            self._reading.writer = self.writer
            self._reading.warnings = self.warnings
            self._reading.is_over = self.is_over
        return self._reading

    async def close(self) -> None:
        """Give back what the operation holds."""
        if self._reading is not None:
            self.ends = self._reading.ends
            self.is_brief = self._reading.is_brief
            self.has_moved |= self._reading.has_moved
            await self._reading.close()
            self._reading = None

    async def finish(self) -> None:
        """Give back what the operation holds, for good.

        Fields of which nobody waits for the answer any more, since another one failed at once,
        are still at work then: they must not open a snapshot that nobody would end.
        """
        self.is_over = True
        if self._reading is not None:
            self._reading.is_over = True
        await self.close()
