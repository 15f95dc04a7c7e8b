"""Jobs: accepted in the place of a direct call, begun by workers, finished.

Accepting is a command around the command: it decides all that the direct call would, with ids
that are given out for good, and puts down a job instead of what was decided. The job then runs
the same document under an idempotency key of its own, with those ids.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ledger import jobs
from ledger.credits import FREE, Charge, Price
from ledger.errors import LedgerError, Reason
from ledger.events import Change
from ledger.jobs import Job, JobPriority, Queue
from resolvers.books import Books, Command, Decision
from resolvers.gate import Caller
from resolvers.reserving import Reserving
from resolvers.wants import wants

_DEPENDS = {Reason.NOT_FOUND, Reason.UNKNOWN_REFERENCE, Reason.WRONG_STATUS}
"""What may be otherwise once the jobs before have run."""


@dataclass(frozen=True, slots=True)
class Enqueueing:
    """That a mutation is to be accepted and not run: by which document, in which queue.

    `depends_on` are the jobs under way that make, or are about, what the request names.
    `subject_id` is the id in the request that it is about, where it makes nothing new; `makes` the
    prefix of what it makes, which has its id even when nothing can be decided yet.
    """

    queue: Queue
    document: str
    variables: Mapping[str, Any]
    priority: JobPriority = JobPriority.NORMAL
    depends_on: tuple[str, ...] = ()
    subject_id: str | None = None
    makes: str | None = None


def enqueue(
    command: Command, caller: Caller, operation: str, asked: Enqueueing, price: Price = FREE
) -> Command:
    """Accept a command: all its checks now, its effect later; `price` is what it is charged now."""

    def decide(books: Books) -> Decision:
        reserving = Reserving(books.mint)
        outcome: Any = None
        items = 1
        try:
            decided = command.decide(replace(books, mint=reserving))
            if decided.refusal is not None:  # one that writes, now as well as later
                return decided
            outcome, items = decided.outcome, decided.items
        except LedgerError as refusal:
            if not asked.depends_on or refusal.reason not in _DEPENDS:
                raise
            reserving.given.clear()
            outcome = None if asked.makes is None else reserving(asked.makes)
        made = [key for key in reserving.given if key == outcome]
        job = Job(
            organization_id=books.organization.id,
            id=books.mint("job_"),
            queue=asked.queue,
            operation=operation,
            document=asked.document,
            variables=asked.variables,
            key_id=caller.key_id,
            scope=caller.scope.value,
            request_id=caller.request_id,
            run_after=books.now,
            created_at=books.now,
            updated_at=books.now,
            reserved=tuple(reserving.given),
            subject_id=made[0] if made else asked.subject_id,
            depends_on=asked.depends_on,
            priority=asked.priority,
            charged=price.credits * items or None,
        )
        return Decision((Change("queued", None, job),), job.id, items=items)

    return replace(command, decide=decide)


def complete(job_id: str, result: Mapping[str, Any]) -> Command:
    """Put down that a job has answered."""

    def decide(books: Books) -> Decision:
        before = books.find(Job, job_id, "id", in_path=True)
        if before.is_finished:
            return Decision((), job_id)
        after = jobs.complete(before, result, books.now)
        return Decision((Change("completed", before, after),), job_id)

    return Command(decide, wants=wants([job_id]))


def fail(job_id: str, refusal: LedgerError) -> Command:
    """Put down that a job was refused; those that depend on it fail with it."""
    jitter = random.random()  # noqa: S311 (it only spreads the tries)

    def decide(books: Books) -> Decision:
        before = books.find(Job, job_id, "id", in_path=True)
        if before.is_finished:
            return Decision((), job_id)
        after = jobs.fail(before, refusal, books.now, jitter)
        if not after.is_finished:
            return Decision((Change("delayed", before, after),), job_id)
        return Decision((Change("failed", before, after),), job_id, returned=_charge(before))

    return Command(decide, wants=wants([job_id]))


def fail_dependent(job_id: str, failed: str) -> Command:
    """Put down that what a job depends on did not complete."""

    def decide(books: Books) -> Decision:
        before = books.find(Job, job_id, "id", in_path=True)
        if before.is_finished:
            return Decision((), job_id)
        after = jobs.depend_in_vain(before, failed, books.now)
        return Decision((Change("failed", before, after),), job_id, returned=_charge(before))

    return Command(decide, wants=wants([job_id]))


def cancel(job_id: str) -> Command:
    """Cancel a job that was not begun."""

    def decide(books: Books) -> Decision:
        before = books.find(Job, job_id, "id", in_path=True)
        after = jobs.cancel(before, books.now)
        return Decision((Change("cancelled", before, after),), job_id, returned=_charge(before))

    return Command(decide, wants=wants([job_id]))


def _charge(job: Job) -> Charge | None:
    """What is given back when a job does not complete."""
    return None if job.charged is None else Charge(job.operation, job.charged, job.key_id)


def prioritize(job_id: str, priority: JobPriority) -> Command:
    """Begin a job sooner, or later."""

    def decide(books: Books) -> Decision:
        before = books.find(Job, job_id, "id", in_path=True)
        after = jobs.prioritize(before, priority, books.now)
        return Decision((Change("prioritized", before, after),), job_id)

    return Command(decide, wants=wants([job_id]))


def priority_named(name: str) -> JobPriority:
    """The priority of that name."""
    return JobPriority[name.upper()]
