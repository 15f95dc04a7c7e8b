"""Figures: what the processes count of requests."""

import sqlalchemy as sa
from alembic import op

from store.dialects import Count, Word

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "request_figure",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("span", Count, nullable=False),
        sa.Column("minute", Count, nullable=False),
        sa.Column("operation", Word, nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("code", Word, nullable=False),
        sa.Column("bucket", Count, nullable=False),
        sa.Column("requests", Count, nullable=False),
        sa.Column("microseconds", Count, nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id",
            "span",
            "minute",
            "operation",
            "kind",
            "code",
            "bucket",
            name=op.f("request_figure_pk"),
        ),
        sa.CheckConstraint("span IN (1, 60)", name=op.f("request_figure_span_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "request_total",
        sa.Column("operation", Word, nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("code", Word, nullable=False),
        sa.Column("bucket", Count, nullable=False),
        sa.Column("requests", Count, nullable=False),
        sa.Column("microseconds", Count, nullable=False),
        sa.PrimaryKeyConstraint(
            "operation", "kind", "code", "bucket", name=op.f("request_total_pk")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
