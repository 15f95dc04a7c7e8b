"""What one operation runs with: who asks, the moment it reads, what it has to say besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Connection

from ledger.accounts import Account
from ledger.balances import Total
from ledger.errors import LedgerError, Reason
from ledger.jobs import Job
from ledger.organizations import Organization
from resolvers.books import Written
from resolvers.gate import Caller
from resolvers.jobs import Enqueueing
from resolvers.moment import Moment
from resolvers.outside import Outside
from resolvers.standing import Standings
from resolvers.writer import Writer
from store import accounts, organizations, totals
from store.engines import Database
from store.totals import Present

P = ParamSpec("P")
T = TypeVar("T")


class Reading(Moment):
    """A moment of one organization's books, and who asks.

    `unstored` is what a dry run has decided, by id: its answer shows it in place of what is there.
    `database` is for what must be read after the moment, `writer` for what must be written after
    the answer to a mutation was begun. `ends` is when what was read is not right any more though
    nothing is written; None for never.
    """

    def __init__(
        self,
        database: Database,
        caller: Caller,
        outside: Outside | None = None,
        standings: Standings | None = None,
        **moment: bool,
    ) -> None:
        known = Standings() if standings is None else standings
        super().__init__(database, caller, known, **moment)
        self.caller = caller
        self.now = datetime.now(UTC)
        self.warnings: list[dict[str, Any]] = []
        self.unstored: Mapping[str, Any] = {}
        self.writer: Writer | None = None
        self.ends: datetime | None = None
        self._outside = outside
        self._organization: Organization | None = None
        self._present: Present | None = None

    @property
    def outside(self) -> Outside:
        """Where files, mails and links go."""
        if self._outside is None:
            raise RuntimeError("This executor was made without an outside.")
        return self._outside

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
        """What all accounts have now, which every report of the moment shares."""
        if self._present is None:
            organization = await self.organization()
            self._present = Present(self.organization_id, organization.today(self.now))
        return self._present

    async def totals(self, keys: Sequence[str] | None = None) -> dict[str, Total]:
        """Totals of everything posted, of these accounts at least; None stands for all."""
        present = await self.present()
        if keys is None or present.is_known or self._are_many(keys):
            return await self.read(present.now)
        return await self.glance(totals.seen_now, self.organization_id, keys)

    def _are_many(self, keys: Sequence[str]) -> bool:
        """Whether reading the totals of all accounts costs little more than of these."""
        chart = self.all_accounts_known()
        return chart is not None and 2 * len(keys) >= len(chart)

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


class AcceptedError(Exception):
    """Ends the execution of a document whose mutation was accepted as a job."""


@dataclass(slots=True)
class Context:
    """The context of one operation, as resolvers get it.

    `enqueueing` says that its mutation is to be accepted as a job, which is then `accepted` at a
    `cost`; one that `is_paid` was charged when it was accepted. `ends`, `is_brief`, `is_void`
    and `has_moved` are those of what it read, at a moment that is presumed if it `presumes`, and
    expected to be brief if it `is_short`.
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
    is_short: bool = False
    is_brief: bool = False
    is_void: bool = False
    has_moved: bool = False
    _reading: Reading | None = None

    @property
    def reading(self) -> Reading:
        """The moment that all fields of a query share, or that of a mutation's result."""
        if self._reading is None:
            places = (self.database, self.caller, self.outside, self.standings)
            self._reading = Reading(*places, presumed=self.presumes, short=self.is_short)
            self._reading.writer = self.writer
            self._reading.warnings = self.warnings
            self._reading.is_over = self.is_over
        return self._reading

    async def prove(self) -> None:
        """See whether all that was read is of one moment."""
        if self._reading is not None:
            await self._reading.prove()

    async def close(self) -> None:
        """Give back what the operation holds."""
        if self._reading is not None:
            reading = self._reading
            self.ends, self.is_brief = reading.ends, reading.is_brief
            self.is_void |= reading.is_void
            self.has_moved |= reading.has_moved
            await reading.close()
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
