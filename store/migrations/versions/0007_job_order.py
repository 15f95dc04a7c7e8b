"""The order of jobs: each waits for all that it refers to, and not for the last alone."""

import sqlalchemy as sa
from alembic import op

from store.dialects import Word

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make a table of what waits for what, and keep what waits already."""
    op.create_table(
        "awaited",
        sa.Column("job_id", Word, nullable=False),
        sa.Column("awaited_id", Word, nullable=False),
        sa.PrimaryKeyConstraint("job_id", "awaited_id", name=op.f("awaited_pk")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.execute(
        "INSERT INTO awaited (job_id, awaited_id) "
        "SELECT job_id, depends_on FROM claimable WHERE depends_on IS NOT NULL"
    )
    op.execute(
        "UPDATE job SET depends_on = CASE WHEN depends_on IS NULL THEN '[]' "
        "ELSE '[\"' || depends_on || '\"]' END"
    )
    op.drop_index(op.f("claimable_queue_priority_job_id_index"), "claimable")
    op.drop_column("claimable", "depends_on")
    op.add_column("claimable", sa.Column("about", Word, nullable=True))
    op.execute("UPDATE claimable SET priority = -priority")
    op.create_index(op.f("claimable_priority_job_id_index"), "claimable", ["priority", "job_id"])
    op.create_index(
        op.f("claimable_organization_id_about_index"), "claimable", ["organization_id", "about"]
    )
