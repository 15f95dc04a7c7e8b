"""Jobs: what was accepted to be done later."""

import sqlalchemy as sa
from alembic import op

from store.dialects import Count, Instant, Word, is_sqlite
from store.migrations.statistics import suppose_large_books

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the statistics that SQLite plans by."""
    _claimable()
    _queue_figure()
    _rate_window()
    _job()
    _reservation()
    connection = op.get_bind()
    if is_sqlite(connection):
        suppose_large_books(connection)


def _claimable() -> None:
    op.create_table(
        "claimable",
        sa.Column("job_id", Word, nullable=False),
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("queue", Word, nullable=False),
        sa.Column("priority", Count, nullable=False),
        sa.Column("run_after", Instant(), nullable=False),
        sa.Column("depends_on", Word, nullable=True),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("worker", Word, nullable=True),
        sa.PrimaryKeyConstraint("job_id", name=op.f("claimable_pk")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_index(
        op.f("claimable_queue_priority_job_id_index"), "claimable", ["queue", "priority", "job_id"]
    )


def _queue_figure() -> None:
    op.create_table(
        "queue_figure",
        sa.Column("queue", Word, nullable=False),
        sa.Column("hour", Instant(), nullable=False),
        sa.Column("finished", Count, nullable=False),
        sa.Column("failed", Count, nullable=False),
        sa.Column("milliseconds", Count, nullable=False),
        sa.PrimaryKeyConstraint("queue", "hour", name=op.f("queue_figure_pk")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _rate_window() -> None:
    op.create_table(
        "rate_window",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("window", Count, nullable=False),
        sa.Column("taken", Count, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "window", name=op.f("rate_window_pk")),
        sa.CheckConstraint("taken >= 0", name=op.f("rate_window_taken_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("queue", Word, nullable=False),
        sa.Column("operation", Word, nullable=False),
        sa.Column("document", Word, nullable=False),
        sa.Column("variables", Word, nullable=False),
        sa.Column("key_id", Word, nullable=False),
        sa.Column("scope", Word, nullable=False),
        sa.Column("request_id", Word, nullable=False),
        sa.Column("run_after", Instant(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("reserved", Word, nullable=False),
        sa.Column("subject_id", Word, nullable=True),
        sa.Column("depends_on", Word, nullable=True),
        sa.Column("priority", Count, nullable=False),
        sa.Column("state", Word, nullable=False),
        sa.Column("progress", Count, nullable=False),
        sa.Column("attempts", Count, nullable=False),
        sa.Column("result", Word, nullable=True),
        sa.Column("error", Word, nullable=True),
        sa.Column("started_at", Instant(), nullable=True),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("version", Count, nullable=False),
        sa.Column("metadata", Word, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("job_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("job_organization_id_fk")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("job_organization_id_state_id_index"), "job", ["organization_id", "state", "id"]
    )


def _reservation() -> None:
    op.create_table(
        "reservation",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("job_id", Word, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("reservation_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id", "job_id"],
            ["job.organization_id", "job.id"],
            name=op.f("reservation_organization_id_job_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
