"""Jobs: put down as they are accepted, claimed by workers, finished."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Connection,
    and_,
    cast,
    delete,
    func,
    or_,
    select,
    union,
    update,
)

from ledger.jobs import Job, JobState, Queue
from store.dialects import among, is_sqlite
from store.filters import Field
from store.job_tables import awaited, claimable, job, queue_figure, reservation
from store.nouns import Listing, Noun
from store.rows import add_rows, insert_rows

JOBS = Noun(Job, job)
FIELDS: dict[str, Field] = {
    "id": job.c.id,
    "queue": job.c.queue,
    "operation": job.c.operation,
    "state": job.c.state,
    "priority": job.c.priority,
    "subject_id": job.c.subject_id,
    "created_at": job.c.created_at,
    "updated_at": job.c.updated_at,
}
LISTING = Listing(JOBS, FIELDS, ("created_at", "updated_at"))
_MOVING = (
    *("state", "progress", "attempts", "result", "error", "priority", "run_after"),
    *("updated_at", "started_at", "finished_at", "version"),
)
"""The columns that change once a job was accepted."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a worker has for itself until its lease ends."""

    organization_id: str
    job_id: str


def insert_all(connection: Connection, facts: Sequence[Job]) -> None:
    """Put down accepted jobs, the ids reserved for them, and that they may be claimed."""
    JOBS.insert_all(connection, facts)
    insert_rows(
        connection,
        reservation,
        [
            {"organization_id": fact.organization_id, "id": key, "job_id": fact.id}
            for fact in facts
            for key in fact.reserved
        ],
    )
    insert_rows(
        connection,
        claimable,
        [
            {
                "job_id": fact.id,
                "organization_id": fact.organization_id,
                "queue": fact.queue.value,
                "priority": -int(fact.priority),
                "run_after": fact.run_after,
                "lease_until": None,
                "worker": None,
                "about": fact.variables.get("id"),
            }
            for fact in facts
        ],
    )
    waits = [{"job_id": fact.id, "awaited_id": key} for fact in facts for key in fact.depends_on]
    insert_rows(connection, awaited, waits)


def held(connection: Connection, organization_id: str, ids: Collection[str]) -> dict[str, Job]:
    """The jobs that have these ids, held until commit: so that none is begun and cancelled.

    Their rows of `claimable` are held before, as by who claims them.
    """
    statement = JOBS.of(organization_id, ids)
    if not is_sqlite(connection):
        columns = claimable.c
        mine = columns.organization_id == organization_id, among(columns.job_id, sorted(ids))
        first = select(columns.job_id).where(*mine).order_by(columns.job_id)
        connection.execute(first.with_for_update())
        statement = statement.with_for_update()
    return {row.id: JOBS.fact(row) for row in connection.execute(statement).all()}


def update_all(connection: Connection, facts: Sequence[Job]) -> None:
    """Put down jobs as they are now; finished ones cannot be claimed any more."""
    JOBS.update_rows(connection, [JOBS.row(fact) for fact in facts], _MOVING)
    finished = [fact for fact in facts if fact.is_finished]
    if finished:
        ids = sorted(fact.id for fact in finished)
        connection.execute(delete(claimable).where(among(claimable.c.job_id, ids)))
        connection.execute(delete(awaited).where(among(awaited.c.job_id, ids)))
        add_rows(connection, queue_figure, _figures(finished))
    for fact in facts:
        if not fact.is_finished:
            connection.execute(
                update(claimable)
                .where(claimable.c.job_id == fact.id)
                .values(
                    priority=-int(fact.priority),
                    run_after=fact.run_after,
                    lease_until=None,
                    worker=None,
                )
            )


def _figures(finished: Sequence[Job]) -> list[dict[str, object]]:
    sums: dict[tuple[str, datetime], list[int]] = {}
    for fact in finished:
        if fact.finished_at is None:
            continue
        hour = fact.finished_at.replace(minute=0, second=0, microsecond=0)
        row = sums.setdefault((fact.queue.value, hour), [0, 0, 0])
        row[0] += 1
        row[1] += fact.error is not None
        began = fact.started_at or fact.finished_at
        row[2] += int((fact.finished_at - began).total_seconds() * 1_000)
    return [
        {"queue": queue, "hour": hour, "finished": a, "failed": b, "milliseconds": c}
        for (queue, hour), (a, b, c) in sorted(sums.items())
    ]


def claim(
    connection: Connection,
    queues: Collection[Queue],
    worker: str,
    now: datetime,
    until: datetime,
    most: int,
) -> list[Claim]:
    """Take the next jobs of some queues: the urgent first, then the oldest.

    One whose lease has ended is taken over. One that depends on others waits for their end.
    """
    columns = claimable.c
    other = claimable.alias("other")
    waits = (
        select(other.c.job_id)
        .join(awaited, awaited.c.awaited_id == other.c.job_id)
        .where(awaited.c.job_id == columns.job_id)
        .exists()
    )
    wanted = (
        select(columns.job_id)
        .where(
            among(columns.queue, sorted(queue.value for queue in queues)),
            columns.run_after <= now,
            or_(columns.lease_until.is_(None), columns.lease_until < now),
            ~waits,
        )
        .order_by(columns.priority, columns.job_id)
        .limit(most)
    )
    if not is_sqlite(connection):
        wanted = wanted.with_for_update(skip_locked=True, of=claimable)
    ids = list(connection.scalars(wanted))
    if not ids:
        return []
    taken = (
        update(claimable)
        .where(among(columns.job_id, ids))
        .values(lease_until=until, worker=worker)
        .returning(columns.organization_id, columns.job_id)
    )
    rows = sorted(connection.execute(taken), key=lambda row: ids.index(row.job_id))
    return [Claim(row.organization_id, row.job_id) for row in rows]


def begin(connection: Connection, claims: Sequence[Claim], now: datetime) -> list[Job]:
    """Mark claimed jobs as processing, those that were not cancelled meanwhile; gives them."""
    found: dict[str, Job] = {}
    for organization_id in sorted({each.organization_id for each in claims}):
        ids = [each.job_id for each in claims if each.organization_id == organization_id]
        begun = (
            update(job)
            .where(
                job.c.organization_id == organization_id,
                among(job.c.id, sorted(ids)),
                job.c.state.in_([JobState.QUEUED.value, JobState.PROCESSING.value]),
            )
            .values(state=JobState.PROCESSING.value, started_at=now, updated_at=now)
            .returning(job.c.id)
        )
        kept = list(connection.scalars(begun))
        found |= JOBS.existing(connection, organization_id, kept)
    return [found[each.job_id] for each in claims if each.job_id in found]


def extend(connection: Connection, ids: Collection[str], worker: str, until: datetime) -> None:
    """Keep jobs that a worker has claimed for longer; not those that are being finished."""
    columns = claimable.c
    mine = select(columns.job_id).where(
        among(columns.job_id, sorted(ids)), columns.worker == worker
    )
    if not is_sqlite(connection):
        mine = mine.with_for_update(skip_locked=True)
    connection.execute(update(claimable).where(columns.job_id.in_(mine)).values(lease_until=until))


def release(connection: Connection) -> None:
    """Let all jobs be claimed anew, whoever has them: for SQLite, whose former process is gone."""
    columns = claimable.c
    held_by_one = columns.lease_until.is_not(None)
    connection.execute(update(claimable).where(held_by_one).values(lease_until=None, worker=None))


def unfinished(connection: Connection, organization_id: str, ids: Collection[str]) -> list[str]:
    """The jobs that are not finished and make, or are about, some of these ids; the oldest first.

    A single statement.
    """
    columns = claimable.c
    keys = sorted(ids)
    makes = (
        select(columns.job_id)
        .join(
            reservation,
            and_(
                reservation.c.organization_id == columns.organization_id,
                reservation.c.job_id == columns.job_id,
            ),
        )
        .where(reservation.c.organization_id == organization_id, among(reservation.c.id, keys))
    )
    is_about = select(columns.job_id).where(
        columns.organization_id == organization_id, among(columns.about, keys)
    )
    return sorted(connection.scalars(union(makes, is_about)))


def reserved_by(
    connection: Connection, organization_id: str, ids: Collection[str]
) -> dict[str, str]:
    """The jobs that these ids were given out for, by id."""
    columns = reservation.c
    statement = select(columns.id, columns.job_id).where(
        columns.organization_id == organization_id, among(columns.id, sorted(ids))
    )
    return {row.id: row.job_id for row in connection.execute(statement).all()}


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """What waits in a queue and is under way, and what was finished in the last hours."""

    queue: Queue
    waiting: int
    running: int
    finished: int
    failed: int
    milliseconds: int


def depths(connection: Connection, now: datetime, since: datetime) -> list[QueueDepth]:
    """Every queue with its figures; what was finished counts since an hour."""
    columns = claimable.c
    runs = and_(columns.lease_until.is_not(None), columns.lease_until >= now)
    waiting = select(columns.queue, runs, func.count()).group_by(columns.queue, runs)
    counts: dict[tuple[str, bool], int] = {}
    for queue, running, count in connection.execute(waiting).all():
        counts[queue, bool(running)] = counts.get((queue, bool(running)), 0) + count
    figures = queue_figure.c
    sums = (
        select(
            figures.queue,
            *(
                cast(func.sum(column), BigInteger)
                for column in (figures.finished, figures.failed, figures.milliseconds)
            ),
        )
        .where(figures.hour >= since)
        .group_by(figures.queue)
    )
    done = {queue: tuple(rest) for queue, *rest in connection.execute(sums).all()}
    return [
        QueueDepth(
            queue,
            counts.get((queue.value, False), 0),
            counts.get((queue.value, True), 0),
            *done.get(queue.value, (0, 0, 0)),
        )
        for queue in Queue
    ]
