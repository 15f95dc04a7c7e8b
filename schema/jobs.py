"""Jobs and queues in the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Annotated

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.jobs import Job
from resolvers import jobs as decisions
from resolvers.books import Command, Written, unknown
from schema.connections import ListOf
from schema.context import Reading
from schema.enums import JobPriority, JobState, Queue
from schema.error_nodes import ErrorNode, error_node
from schema.filters import (
    DateTimeFilter,
    IDFilter,
    JobStateFilter,
    QueueFilter,
    StringFilter,
)
from schema.lists import NounList
from schema.nodes import Loaded, Node, id_or_none
from schema.operation import mutation, query
from schema.scalars import DecimalText, Json
from store import jobs

Jobs = Annotated["JobNode", strawberry.lazy("schema.jobs")]
_HOUR = timedelta(hours=1)


@strawberry.input(description="Which jobs; conditions that stand side by side all hold.")
class JobWhere:
    """A filter of jobs."""

    id: IDFilter | None = UNSET
    state: JobStateFilter | None = UNSET
    queue: QueueFilter | None = UNSET
    operation: StringFilter | None = UNSET
    subject_id: IDFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[JobWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[JobWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: JobWhere | None = strawberry.field(default=UNSET, name="not")


LISTS = NounList("Job", "jobs", Jobs, ("created_at", "updated_at"), newest_first=True, live=True)
SOURCE = ListOf("jobs", jobs.LISTING.listed, jobs.LISTING.counted)


@strawberry.type
class JobNode(Node):
    """Something that was accepted to be done later."""

    id: strawberry.ID
    queue: Queue
    operation: str
    state: JobState
    priority: JobPriority
    progress: int = strawberry.field(description="From 0 to 100.")
    attempts: int = strawberry.field(description="How often it was tried and refused.")
    subject_id: strawberry.ID | None = strawberry.field(
        description="What it makes, or what it is about."
    )
    depends_on_id: strawberry.ID | None = strawberry.field(
        description="The job that it waits for; of several the one that was accepted last."
    )
    result: Json | None = strawberry.field(description="What its operation answered.")
    error: ErrorNode | None
    run_after: datetime
    created_at: datetime
    updated_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    version: int
    loaded: Loaded = field(default_factory=dict)


@strawberry.type
class QueueNode:
    """A queue: what waits and runs in it, and what it has done in the last hour."""

    name: Queue
    waiting: int
    processing: int
    completed_per_hour: int
    failed_per_hour: int
    error_rate: DecimalText = strawberry.field(description="Failed by finished: 0.0125.")
    average_milliseconds: int = strawberry.field(description="From begin to end; 0 if none ended.")


def ratio(part: int, whole: int) -> DecimalText:
    """A part of a whole, to four places; of nothing it is 0."""
    parts = (part * 20_000 + whole) // (whole * 2) if whole else 0
    return DecimalText(f"{parts // 10_000}.{parts % 10_000:04d}")


def job_node(fact: Job) -> JobNode:
    """A job as the API shows it."""
    return JobNode(
        id=strawberry.ID(fact.id),
        queue=fact.queue,
        operation=fact.operation,
        state=fact.state,
        priority=JobPriority[fact.priority.name],
        progress=fact.progress,
        attempts=fact.attempts,
        subject_id=id_or_none(fact.subject_id),
        depends_on_id=id_or_none(max(fact.depends_on, default=None)),
        result=None if fact.result is None else Json(fact.result),
        error=None if fact.error is None else error_node(dict(fact.error)),
        run_after=fact.run_after,
        created_at=fact.created_at,
        updated_at=fact.updated_at,
        started_at=fact.started_at,
        finished_at=fact.finished_at,
        version=fact.version,
    )


async def job_nodes(_reading: Reading, facts: Sequence[Job]) -> list[JobNode]:
    """Jobs as the API shows them."""
    return [job_node(fact) for fact in facts]


async def jobs_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, JobNode]:
    """The jobs of the organization that have these ids."""
    found = await reading.facts(jobs.JOBS.existing, keys)
    return {key: job_node(fact) for key, fact in found.items()}


async def _written(reading: Reading, written: Written) -> JobNode:
    return job_node(await reading.written(written, jobs.JOBS.existing, written.outcome))


@query(JobNode | None, live=True)
async def job(reading: Reading, id: strawberry.ID) -> JobNode:
    """A job of the organization by its id."""
    key = ids.normalise("job_", id)
    found = await jobs_by_id(reading, [key])
    if key not in found:
        raise unknown("job", str(id)[:40], "id", in_path=True)
    return found[key]


all_jobs, jobs_connection = LISTS.queries(JobWhere, SOURCE, job_nodes, "Jobs, newest first")


@query(list[QueueNode], live=True)
async def queues(reading: Reading) -> list[QueueNode]:
    """All queues of the service, with what waits in them."""
    since = reading.now.replace(minute=0, second=0, microsecond=0) - _HOUR
    found = await reading.read(jobs.depths, reading.now, since)
    return [
        QueueNode(
            name=each.queue,
            waiting=each.waiting,
            processing=each.running,
            completed_per_hour=each.finished - each.failed,
            failed_per_hour=each.failed,
            error_rate=ratio(each.failed, each.finished),
            average_milliseconds=each.milliseconds // each.finished if each.finished else 0,
        )
        for each in found
    ]


@mutation(JobNode, result=_written)
def cancel_job(id: strawberry.ID) -> Command:
    """Cancel a job that was not begun; those that depend on it fail."""
    return decisions.cancel(ids.normalise("job_", id))


@mutation(JobNode, result=_written)
def prioritize_job(id: strawberry.ID, priority: JobPriority) -> Command:
    """Begin a job that was not begun sooner, or later."""
    return decisions.prioritize(ids.normalise("job_", id), decisions.priority_named(priority.value))
