"""Workers: they begin jobs, keep them while they run, and put down what came of them.

A worker claims a few jobs at a time, each for the length of a lease that it extends while the
job runs; when it dies, the lease ends and another worker begins the job anew. The job's document
runs by the executor that answers direct calls, under the idempotency key `job:<id>`: what was
committed before a death is not done again.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from ledger.errors import LedgerError, Reason
from ledger.events import Origin
from ledger.jobs import Job, JobState, Queue
from ledger.keys import Scope
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
_BEAT = LEASE.total_seconds() / 3
_LONGEST_PAUSE = 1.0
_SHORTEST_PAUSE = 0.02


class Worker:
    """Runs jobs of some queues, `most` at a time, until it is stopped."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        executor: Executor,
        document: Callable[[str], str],
        *,
        queues: Collection[Queue] = tuple(Queue),
        most: int = 16,
    ) -> None:
        self._database = database
        self._writer = writer
        self._executor = executor
        self._document = document
        self._queues = queues
        self._most = most
        self._name = f"worker-{secrets.token_hex(6)}"
        self._running: dict[str, asyncio.Task[None]] = {}
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look for jobs now: one was accepted in this process."""
        self._woken.set()

    async def run(self) -> None:
        """Claim and run until stopped; what is under way is then finished."""
        beating = asyncio.create_task(self._beat())
        pause = _SHORTEST_PAUSE
        try:
            while not self._stopping:
                begun = await self._begin_some()
                pause = _SHORTEST_PAUSE if begun else min(pause * 2, _LONGEST_PAUSE)
                await self._rest(pause, full=len(self._running) >= self._most)
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

    async def _rest(self, pause: float, *, full: bool) -> None:
        """Wait until a job was accepted, one has ended, or some time has passed."""
        self._woken.clear()
        waiting: set[asyncio.Future[Any]] = {asyncio.ensure_future(self._woken.wait())}
        if full:
            waiting |= set(self._running.values())
        done, _ = await asyncio.wait(waiting, timeout=pause, return_when=asyncio.FIRST_COMPLETED)
        for each in waiting - done:
            if each not in self._running.values():
                each.cancel()

    async def _begin_some(self) -> bool:
        room = self._most - len(self._running)
        if room <= 0:
            return False
        try:
            begun = await self._database.write(self._claimed, room)
        except Exception:
            logger.warning("No job could be claimed.", exc_info=True)
            return False
        for job in begun:
            task = asyncio.create_task(self._run(job))
            self._running[job.id] = task
            task.add_done_callback(partial(self._ended, job.id))
        return bool(begun)

    def _ended(self, job_id: str, _task: asyncio.Task[None]) -> None:
        self._running.pop(job_id, None)
        self._woken.set()

    def _claimed(self, connection: Any, room: int) -> list[Job]:
        now = datetime.now(UTC)
        claims = jobs.claim(connection, self._queues, self._name, now, now + LEASE, room)
        return jobs.begin(connection, claims, now) if claims else []

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            if ids := list(self._running):
                until = datetime.now(UTC) + LEASE
                with suppress(Exception):
                    await self._database.write(jobs.extend, ids, self._name, until)

    async def _run(self, job: Job) -> None:
        try:
            await self._tell(job, await self._outcome(job))
        except LedgerError as refusal:
            await self._tell(job, decisions.fail(job.id, refusal))
        except Exception:
            logger.exception("Job %s ended unexpectedly.", job.id)
            await self._tell(job, decisions.fail(job.id, _unexpected()))

    async def _outcome(self, job: Job) -> Command:
        """Run the job's document; what is to be put down of that."""
        if job.depends_on is not None:
            ask = jobs.JOBS.existing
            found = await self._database.read(ask, job.organization_id, [job.depends_on])
            before = found.get(job.depends_on)
            if before is None or before.state is not JobState.COMPLETED:
                return decisions.fail_dependent(job.id, job.depends_on)
        asked = GraphQLRequest(self._document(job.document), None, dict(job.variables))
        options = ExecuteOptions(
            job.request_id, False, f"job:{job.id}", {}, reserved=job.reserved, is_paid=True
        )
        answer = await self._executor(await self._caller(job), asked, options)
        errors = answer.body.get("errors")
        if errors:
            return decisions.fail(job.id, refusal_of(errors[0]))
        return decisions.complete(job.id, answer.body["data"])

    async def _caller(self, job: Job) -> Caller:
        ask = organizations.existing
        found = await self._database.read(ask, [job.organization_id])
        organization = found[job.organization_id]
        return Caller(
            organization.id,
            organization.twin_id,
            organization.is_live,
            job.key_id,
            Scope(job.scope),
            job.request_id,
            "job",
        )

    async def _tell(self, job: Job, command: Command) -> None:
        """Put down what became of a job; if that fails, its lease ends and it is begun anew."""
        origin = Origin(f"key:{job.key_id}", job.key_id, job.request_id, "job")
        call = Call(job.organization_id, "finish_job", origin)
        with suppress(LedgerError):
            await self._writer.submit(call, command)


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
