"""Credits: accounts, grants, usage, checkouts, and how organizations want to be billed."""

import sqlalchemy as sa
from alembic import op

from store.dialects import Count, Day, Flag, Instant, Word
from store.migrations.frozen import freeze

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the triggers that refuse changes to what was granted or ordered."""
    _credit_account()
    _credit_grant()
    _credit_usage()
    _checkout()
    _billing_settings()
    op.add_column("job", sa.Column("charged", Count, nullable=True))
    connection = op.get_bind()
    freeze(connection, "credit_grant", "TRUE")
    freeze(
        connection,
        "checkout",
        "TRUE",
        [
            "organization_id",
            "id",
            "credits",
            "price_cents",
            "currency",
            "created_at",
            "expires_at",
            "package",
            "success_url",
            "cancel_url",
        ],
    )


def _credit_account() -> None:
    op.create_table(
        "credit_account",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("balance", Count, nullable=False),
        sa.Column("granted", Count, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("credit_account_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("credit_account_organization_id_fk")
        ),
        sa.CheckConstraint("balance >= 0", name=op.f("credit_account_balance_check")),
        sa.CheckConstraint("granted >= 0", name=op.f("credit_account_granted_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _credit_grant() -> None:
    op.create_table(
        "credit_grant",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("credits", Count, nullable=False),
        sa.Column("source", Word, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("package", Word, nullable=True),
        sa.Column("price_cents", Count, nullable=True),
        sa.Column("currency", Word, nullable=True),
        sa.Column("reference", Word, nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("credit_grant_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["credit_account.organization_id"],
            name=op.f("credit_grant_organization_id_fk"),
        ),
        sa.CheckConstraint("credits > 0", name=op.f("credit_grant_credits_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("credit_grant_organization_id_reference_key"),
        "credit_grant",
        ["organization_id", "reference"],
        unique=True,
        postgresql_where=sa.text("reference IS NOT NULL"),
        sqlite_where=sa.text("reference IS NOT NULL"),
    )


def _credit_usage() -> None:
    op.create_table(
        "credit_usage",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("date", Day(), nullable=False),
        sa.Column("operation", Word, nullable=False),
        sa.Column("key_id", Word, nullable=False),
        sa.Column("count", Count, nullable=False),
        sa.Column("credits", Count, nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "date", "operation", "key_id", name=op.f("credit_usage_pk")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("credit_usage_organization_id_fk")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _checkout() -> None:
    op.create_table(
        "checkout",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("credits", Count, nullable=False),
        sa.Column("price_cents", Count, nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("package", Word, nullable=True),
        sa.Column("success_url", Word, nullable=True),
        sa.Column("cancel_url", Word, nullable=True),
        sa.Column("status", Word, nullable=False),
        sa.Column("completed_at", Instant(), nullable=True),
        sa.Column("gateway", Word, nullable=True),
        sa.Column("reference", Word, nullable=True),
        sa.Column("url", Word, nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("checkout_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("checkout_organization_id_fk")
        ),
        sa.CheckConstraint("credits > 0", name=op.f("checkout_credits_check")),
        sa.CheckConstraint("status IN ('open', 'completed')", name=op.f("checkout_status_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("checkout_organization_id_reference_key"),
        "checkout",
        ["organization_id", "reference"],
        unique=True,
        postgresql_where=sa.text("reference IS NOT NULL"),
        sqlite_where=sa.text("reference IS NOT NULL"),
    )


def _billing_settings() -> None:
    op.create_table(
        "billing_settings",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("auto_recharge_enabled", Flag(), nullable=False),
        sa.Column("low_balance_threshold", Count, nullable=True),
        sa.Column("billing_email", Word, nullable=True),
        sa.Column("version", Count, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("billing_settings_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("billing_settings_organization_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
