"""The books: organizations, keys, accounts, transactions, totals, events."""

from alembic import op

from store.migrations.frozen import freeze
from store.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the triggers that refuse changes to what is posted."""
    connection = op.get_bind()
    metadata.create_all(connection)
    freeze(connection, "transaction", "OLD.status = 'posted'")
    freeze(connection, "entry", "OLD.posted")
    freeze(connection, "reversal", "TRUE")
    freeze(connection, "event", "TRUE")
