"""Jobs: what was accepted to be done later, and how far it is.

    queued -> processing -> completed
       |         |  ^          |
       |         |  | (again)  failed
       v         v
    cancelled  failed

A job is decided when it is accepted: its ids are given out then, and are those of what it makes.
It runs the same operation as a direct call, under an idempotency key of its own, so that its
effect happens once however often it is begun. One that depends on others waits for all of them,
and fails when one of them fails that was to make what it refers to.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import Any

from ledger.errors import LedgerError, Reason

MOST_ATTEMPTS = 8
LONGEST_WAIT = timedelta(minutes=10)


class JobState(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobPriority(IntEnum):
    """Which of the waiting jobs of a queue is begun first."""

    LOW = 0
    NORMAL = 1
    HIGH = 2


class Queue(StrEnum):
    """What a job is about."""

    ACCOUNT = "account"
    TRANSACTION = "transaction"
    INVOICE = "invoice"
    CONTACT = "contact"
    REPORT = "report"
    RECONCILIATION = "reconciliation"
    RECURRING = "recurring"
    CURRENCY = "currency"
    WEBHOOK = "webhook"
    IMPORT = "import"


_FINISHED = {JobState.COMPLETED, JobState.FAILED, JobState.CANCELLED}


@dataclass(frozen=True, slots=True)
class Job:
    """An operation to run: `document` names it, `variables` are its arguments as they were sent.

    `reserved` are the ids that it was given on acceptance, in the order in which it takes them;
    `subject_id` is the one that its caller was told. `key_id` and `scope` are those of the key
    that asked. `result` is what it answered, `error` why it failed, as JSON. `charged` are the
    credits that it was charged on acceptance, which are given back when it does not complete.
    `depends_on` are the jobs for whose end it waits.
    """

    organization_id: str
    id: str
    queue: Queue
    operation: str
    document: str
    variables: Mapping[str, Any]
    key_id: str
    scope: str
    request_id: str
    run_after: datetime
    created_at: datetime
    updated_at: datetime
    reserved: tuple[str, ...] = ()
    subject_id: str | None = None
    depends_on: tuple[str, ...] = ()
    priority: JobPriority = JobPriority.NORMAL
    state: JobState = JobState.QUEUED
    progress: int = 0
    attempts: int = 0
    result: Mapping[str, Any] | None = None
    error: Mapping[str, Any] | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    version: int = 1
    metadata: Mapping[str, Any] = field(default_factory=dict)
    charged: int | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing will happen to it any more."""
        return self.state in _FINISHED


def complete(job: Job, result: Mapping[str, Any], now: datetime) -> Job:
    """The job once its operation has answered."""
    return _finished(job, JobState.COMPLETED, now, result=result, error=None, progress=100)


def fail(job: Job, refusal: LedgerError, now: datetime, jitter: float) -> Job:
    """The job once its operation was refused: to be tried again later, if that may help.

    `jitter` (0 to 1) spreads the tries of jobs that failed together.
    """
    attempts = job.attempts + 1
    if not refusal.reason.retry or attempts >= MOST_ATTEMPTS:
        return _finished(
            replace(job, attempts=attempts), JobState.FAILED, now, error=refusal.plain()
        )
    return replace(
        job,
        state=JobState.QUEUED,
        attempts=attempts,
        error=refusal.plain(),
        run_after=now + wait_before(attempts, jitter),
        updated_at=now,
        version=job.version + 1,
    )


def wait_before(attempt: int, jitter: float) -> timedelta:
    """How long to wait before another attempt: twice as long each time, half of it by chance."""
    longest = min(timedelta(seconds=2**attempt), LONGEST_WAIT)
    return longest * (0.5 + 0.5 * jitter)


def is_in_vain(job: Job, before: Job) -> bool:
    """Whether a job refers to what one before it was to make, which did not complete."""
    return before.state is not JobState.COMPLETED and not set(before.reserved).isdisjoint(
        texts_in(job.variables)
    )


def texts_in(value: Any) -> Iterator[str]:
    """Every text in the arguments of an operation, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


def depend_in_vain(job: Job, failed: str, now: datetime) -> Job:
    """The job when the one that it depends on has failed or was cancelled."""
    refusal = LedgerError(
        Reason.DEPENDENCY_FAILED,
        f"It depends on job {failed}, which did not complete.",
        f"Look at job {failed}, put that right, and send this request again.",
        {"job_id": failed},
    )
    return _finished(job, JobState.FAILED, now, error=refusal.plain())


def cancel(job: Job, now: datetime) -> Job:
    """The job as cancelled; only one that was not begun can be."""
    if job.state is JobState.QUEUED:
        return _finished(job, JobState.CANCELLED, now)
    raise _wrong_state(job, "cancelled")


def prioritize(job: Job, priority: JobPriority, now: datetime) -> Job:
    """The job with another priority; only one that was not begun can have it."""
    if job.state is JobState.QUEUED:
        return replace(job, priority=priority, updated_at=now, version=job.version + 1)
    raise _wrong_state(job, "given another priority")


def _finished(job: Job, state: JobState, now: datetime, **more: Any) -> Job:
    return replace(
        job, state=state, finished_at=now, updated_at=now, version=job.version + 1, **more
    )


def _wrong_state(job: Job, done: str) -> LedgerError:
    return LedgerError(
        Reason.WRONG_STATUS,
        f"Job {job.id} is {job.state.value} and cannot be {done}.",
        "Only a queued job can be; look at its result or error instead.",
        {"job_id": job.id, "state": job.state.value},
        "id",
    )
