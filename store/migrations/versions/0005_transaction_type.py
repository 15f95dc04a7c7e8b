"""The type of a transaction: what its caller calls it, frozen with it by its own triggers."""

import sqlalchemy as sa
from alembic import op

from store.dialects import Word

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was posted before has no type."""
    words = sa.CheckConstraint(
        "type IN ('income', 'expense', 'transfer')", name=op.f("transaction_type_check")
    )
    op.add_column("transaction", sa.Column("type", Word, words, nullable=True))
