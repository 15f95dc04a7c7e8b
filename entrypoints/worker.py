"""Workers: they begin jobs, keep them while they run, and put down what came of them.

A worker claims a few jobs at a time, each for the length of a lease that it extends while the
job runs; when it dies, the lease ends and another worker begins the job anew. The job's document
runs by the executor that answers direct calls, under the idempotency key `job:<id>`: what was
committed before a death is not done again. Jobs that run together share their commits, so a
worker claims when half of those that it has are done, or after a moment.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ledger.errors import LedgerError, Reason
from ledger.events import Origin
from ledger.jobs import Job, Queue, is_in_vain
from ledger.keys import Scope
from ledger.organizations import Organization
from resolvers import jobs as decisions
from resolvers.books import Call, Command
from resolvers.gate import Caller
from resolvers.writer import Writer
from schema.execution import Executor
from schema.requests import GraphQLRequest
from schema.view import ExecuteOptions
from store import jobs, organizations
from store.engines import Database

logger = logging.getLogger("crane.worker")

LEASE = timedelta(seconds=30)
_HELD = 0.8
_BEATS = 3
_LONGEST_PAUSE = 0.25
_SHORTEST_PAUSE = 0.02
_AFTER_TROUBLE = 1.0


@dataclass(frozen=True, slots=True)
class Begun:
    """A job that was begun, as whom it runs, and which one before it makes it run in vain."""

    job: Job
    caller: Caller
    in_vain: str | None


class Worker:
    """Runs jobs of some queues, `most` at a time, until it is stopped.

    When it dies, another begins its jobs within the `lease`.
    """

    def __init__(
        self,
        database: Database,
        writer: Writer,
        executor: Executor,
        document: Callable[[str], str],
        *,
        queues: Collection[Queue] = tuple(Queue),
        most: int = 64,
        lease: timedelta = LEASE,
    ) -> None:
        self._database = database
        self._writer = writer
        self._executor = executor
        self._document = document
        self._queues = queues
        self._most = most
        # The rest of the lease is for others to see that it has ended, and to begin.
        self._lease = lease * _HELD
        self._beats_every = self._lease.total_seconds() / _BEATS
        self._name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._running: dict[str, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look for jobs now, unless there is enough to do: one was accepted in this process."""
        if len(self._running) <= self._most // 2:
            self._woken.set()

    async def run(self) -> None:
        """Claim and run until stopped; what is under way is then finished."""
        beating = asyncio.create_task(self._beat())
        pause = _SHORTEST_PAUSE
        try:
            while not self._stopping:
                self._woken.clear()
                await self._begin_some()
                pause = _SHORTEST_PAUSE if self._running else min(pause * 2, _LONGEST_PAUSE)
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), pause)
        finally:
            if self._running:
                await asyncio.wait(self._running.values())
            beating.cancel()
            with suppress(asyncio.CancelledError):
                await beating

    def stop(self) -> None:
        """Begin nothing new."""
        self._stopping = True
        self._woken.set()

    async def _begin_some(self) -> None:
        room = self._most - len(self._running)
        if room <= 0:
            return
        try:
            begun = await self._database.write(self._claimed, room)
        except Exception:
            logger.warning("No job could be claimed.", exc_info=True)
            await asyncio.sleep(_AFTER_TROUBLE)
            return
        for each in begun:
            task = asyncio.create_task(self._run(each))
            self._running[each.job.id] = task
            task.add_done_callback(partial(self._ended, each.job.id))

    def _ended(self, job_id: str, _task: asyncio.Task[None]) -> None:
        self._running.pop(job_id, None)
        self.wake()

    def _claimed(self, connection: Connection, room: int) -> list[Begun]:
        now = datetime.now(UTC)
        claims = jobs.claim(connection, self._queues, self._name, now, now + self._lease, room)
        begun = jobs.begin(connection, claims, now) if claims else []
        owners = organizations.existing(connection, {job.organization_id for job in begun})
        vain = _in_vain(connection, begun)
        return [
            Begun(job, _caller(job, owners[job.organization_id]), vain.get(job.id)) for job in begun
        ]

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._beats_every)
            if ids := list(self._running):
                until = datetime.now(UTC) + self._lease
                with suppress(Exception):
                    await self._database.write(jobs.extend, ids, self._name, until)

    async def _run(self, begun: Begun) -> None:
        job = begun.job
        try:
            await self._tell(job, await self._outcome(begun))
        except LedgerError as refusal:
            await self._tell(job, decisions.fail(job.id, refusal))
        except Exception:
            logger.exception("Job %s ended unexpectedly.", job.id)
            await self._tell(job, decisions.fail(job.id, _unexpected()))

    async def _outcome(self, begun: Begun) -> Command:
        """Run the job's document; what is to be put down of that."""
        job = begun.job
        if begun.in_vain is not None:
            return decisions.fail_dependent(job.id, begun.in_vain)
        asked = GraphQLRequest(self._document(job.document), None, dict(job.variables))
        options = ExecuteOptions(
            job.request_id, False, f"job:{job.id}", {}, reserved=job.reserved, is_paid=True
        )
        answer = await self._executor(begun.caller, asked, options)
        errors = answer.body.get("errors")
        if errors:
            return decisions.fail(job.id, refusal_of(errors[0]))
        return decisions.complete(job.id, answer.body["data"])

    async def _tell(self, job: Job, command: Command) -> None:
        """Put down what became of a job; if that fails, its lease ends and it is begun anew."""
        origin = Origin(f"key:{job.key_id}", job.key_id, job.request_id, "job")
        call = Call(job.organization_id, "finish_job", origin)
        with suppress(LedgerError):
            await self._writer.submit(call, command)


def _caller(job: Job, organization: Organization) -> Caller:
    """Who asked for a job, as the key was then."""
    return Caller(
        organization.id,
        organization.twin_id,
        organization.is_live,
        job.key_id,
        Scope(job.scope),
        job.request_id,
        "job",
    )


def _in_vain(connection: Connection, begun: Collection[Job]) -> dict[str, str]:
    """Of the jobs that waited for others, those that have nothing to run on, and for which one."""
    awaited: dict[str, set[str]] = defaultdict(set)
    for job in begun:
        awaited[job.organization_id].update(job.depends_on)
    before: dict[str, Job] = {}
    for organization_id, ids in awaited.items():
        if ids:
            before |= jobs.JOBS.existing(connection, organization_id, ids)
    return {job.id: key for job in begun for key in job.depends_on if is_in_vain(job, before[key])}


def _unexpected() -> LedgerError:
    cause, cure = "Something went wrong on our side.", "It is tried again by itself."
    return LedgerError(Reason.INTERNAL, cause, cure)


def refusal_of(error: Mapping[str, Any]) -> LedgerError:
    """The refusal that a GraphQL error tells of."""
    more = error["extensions"]
    return LedgerError(
        Reason[more["reason"].upper()],
        error["message"],
        more.get("suggestion"),
        more.get("details", {}),
        more.get("field"),
    )
