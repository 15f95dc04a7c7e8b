"""The tables of jobs, and of what the processes share to count requests.

`claimable` has a row for each job that is not finished: workers look there for what to begin, in
whichever organization it is, and nowhere else. Who has claimed a job keeps it until its lease
ends; then anybody may. `priority` is below zero for what is begun sooner, so that an index has
the order of beginning; `about` is the id that the job's operation is about, and `awaited` names
the jobs for whose end it waits.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint

from store import document_tables as _second_page  # noqa: F401 (all tables are then known)
from store.columns import OF_ORGANIZATION, belongs, column, metadata, table
from store.dialects import Count, Instant, Word

__all__ = ["metadata"]  # that of all tables: this page follows on the others

job = table(
    "job",
    column("organization_id", Word),
    column("id", Word),
    column("queue", Word),
    column("operation", Word),
    column("document", Word),
    column("variables", Word),
    column("key_id", Word),
    column("scope", Word),
    column("request_id", Word),
    column("run_after", Instant),
    column("created_at", Instant),
    column("updated_at", Instant),
    column("reserved", Word),
    column("subject_id", Word, null=True),
    column("depends_on", Word, null=True),
    column("priority", Count),
    column("state", Word),
    column("progress", Count),
    column("attempts", Count),
    column("result", Word, null=True),
    column("error", Word, null=True),
    column("started_at", Instant, null=True),
    column("finished_at", Instant, null=True),
    column("version", Count),
    column("metadata", Word),
    column("charged", Count, null=True),
    PrimaryKeyConstraint("organization_id", "id"),
    belongs("organization_id", to="organization", key=("id",)),
    Index(None, "organization_id", "state", "id"),
)

reservation = table(
    "reservation",
    column("organization_id", Word),
    column("id", Word),
    column("job_id", Word),
    PrimaryKeyConstraint("organization_id", "id"),
    belongs("organization_id", "job_id", to="job", key=OF_ORGANIZATION),
)

claimable = table(
    "claimable",
    column("job_id", Word),
    column("organization_id", Word),
    column("queue", Word),
    column("priority", Count),
    column("run_after", Instant),
    column("lease_until", Instant, null=True),
    column("worker", Word, null=True),
    column("about", Word, null=True),
    PrimaryKeyConstraint("job_id"),
    Index(None, "priority", "job_id"),
    Index(None, "organization_id", "about"),
    clustered=False,
)

awaited = table(
    "awaited",
    column("job_id", Word),
    column("awaited_id", Word),
    PrimaryKeyConstraint("job_id", "awaited_id"),
    clustered=False,
)

queue_figure = table(
    "queue_figure",
    column("queue", Word),
    column("hour", Instant),
    column("finished", Count),
    column("failed", Count),
    column("milliseconds", Count),
    PrimaryKeyConstraint("queue", "hour"),
)

rate_window = table(
    "rate_window",
    column("organization_id", Word),
    column("window", Count),
    column("taken", Count),
    PrimaryKeyConstraint("organization_id", "window"),
    CheckConstraint("taken >= 0", name="taken"),
)
