"""The books: organizations, keys, accounts, transactions, totals, events."""

import sqlalchemy as sa
from alembic import op

from store.dialects import Count, Day, Flag, Instant, Word, is_sqlite
from store.migrations.frozen import freeze
from store.migrations.statistics import suppose_large_books

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the triggers that refuse changes to what is posted."""
    _event()
    _idempotency()
    _journal_counter()
    _organization()
    _transaction()
    _account()
    _api_key()
    _organization_version()
    _reversal()
    _balance()
    _daily_total()
    _entry()
    _monthly_total()
    connection = op.get_bind()
    freeze(connection, "transaction", "OLD.status = 'posted'")
    freeze(connection, "entry", "OLD.posted")
    freeze(connection, "reversal", "TRUE")
    freeze(connection, "event", "TRUE")
    if is_sqlite(connection):
        suppose_large_books(connection)


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("sequence", Count, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("type", Word, nullable=False),
        sa.Column("entity_type", Word, nullable=False),
        sa.Column("entity_id", Word, nullable=False),
        sa.Column("actor", Word, nullable=False),
        sa.Column("key_id", Word, nullable=True),
        sa.Column("request_id", Word, nullable=False),
        sa.Column("protocol", Word, nullable=False),
        sa.Column("before", Word, nullable=True),
        sa.Column("after", Word, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("previous_hash", Word, nullable=False),
        sa.Column("hash", Word, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "sequence", name=op.f("event_pk")),
        sqlite_strict=True,
        sqlite_with_rowid=True,
    )
    op.create_index(
        op.f("event_organization_id_entity_id_sequence_index"),
        "event",
        ["organization_id", "entity_id", "sequence"],
    )


def _idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("key", Word, nullable=False),
        sa.Column("operation", Word, nullable=False),
        sa.Column("digest", Word, nullable=False),
        sa.Column("outcome", Word, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "key", name=op.f("idempotency_pk")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _journal_counter() -> None:
    op.create_table(
        "journal_counter",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("fiscal_year", Count, nullable=False),
        sa.Column("last_number", Count, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "fiscal_year", name=op.f("journal_counter_pk")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _organization() -> None:
    op.create_table(
        "organization",
        sa.Column("id", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("base_currency", Word, nullable=False),
        sa.Column("is_live", Flag(), nullable=False),
        sa.Column("twin_id", Word, nullable=True),
        sa.Column("parent_id", Word, nullable=True),
        sa.Column("fiscal_year_start_month", Count, nullable=False),
        sa.Column("fiscal_year_start_day", Count, nullable=False),
        sa.Column("time_zone", Word, nullable=False),
        sa.Column("books_closed_through", Day(), nullable=True),
        sa.Column("domain", Word, nullable=True),
        sa.Column("tax_number", Word, nullable=True),
        sa.Column("external_id", Word, nullable=True),
        sa.Column("metadata", Word, nullable=False),
        sa.Column("version", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("organization_pk")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _transaction() -> None:
    op.create_table(
        "transaction",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("date", Day(), nullable=False),
        sa.Column("description", Word, nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("amount", Count, nullable=False),
        sa.Column("base_amount", Count, nullable=False),
        sa.Column("status", Word, nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("closing", Flag(), nullable=False),
        sa.Column("reference", Word, nullable=True),
        sa.Column("payment_method", Word, nullable=True),
        sa.Column("external_id", Word, nullable=True),
        sa.Column("metadata", Word, nullable=False),
        sa.Column("created_by", Word, nullable=True),
        sa.Column("fiscal_year", Count, nullable=True),
        sa.Column("journal_number", Count, nullable=True),
        sa.Column("posted_at", Instant(), nullable=True),
        sa.Column("failure_reason", Word, nullable=True),
        sa.Column("failure_message", Word, nullable=True),
        sa.Column("version", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("transaction_pk")),
        sa.CheckConstraint(
            "(status = 'posted') = (journal_number IS NOT NULL)",
            name=op.f("transaction_journal_number_check"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'posted', 'failed')", name=op.f("transaction_status_check")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("transaction_organization_id_date_id_index"),
        "transaction",
        ["organization_id", "date", "id"],
    )
    op.create_index(
        op.f("transaction_organization_id_external_id_key"),
        "transaction",
        ["organization_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
        sqlite_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(
        op.f("transaction_organization_id_fiscal_year_journal_number_key"),
        "transaction",
        ["organization_id", "fiscal_year", "journal_number"],
        unique=True,
        postgresql_where=sa.text("journal_number IS NOT NULL"),
        sqlite_where=sa.text("journal_number IS NOT NULL"),
    )
    op.create_index(
        op.f("transaction_organization_id_updated_at_id_index"),
        "transaction",
        ["organization_id", "updated_at", "id"],
    )


def _account() -> None:
    op.create_table(
        "account",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("code", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("type", Word, nullable=False),
        sa.Column("subtype", Word, nullable=True),
        sa.Column("currency", Word, nullable=False),
        sa.Column("parent_id", Word, nullable=True),
        sa.Column("description", Word, nullable=True),
        sa.Column("status", Word, nullable=False),
        sa.Column("role", Word, nullable=True),
        sa.Column("external_id", Word, nullable=True),
        sa.Column("metadata", Word, nullable=False),
        sa.Column("version", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("account_pk")),
        sa.UniqueConstraint(
            "organization_id", "code", name=op.f("account_organization_id_code_key")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("account_organization_id_fk")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "parent_id"],
            ["account.organization_id", "account.id"],
            name=op.f("account_organization_id_parent_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("account_organization_id_external_id_key"),
        "account",
        ["organization_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
        sqlite_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(
        op.f("account_organization_id_role_key"),
        "account",
        ["organization_id", "role"],
        unique=True,
        postgresql_where=sa.text("role IS NOT NULL"),
        sqlite_where=sa.text("role IS NOT NULL"),
    )


def _api_key() -> None:
    op.create_table(
        "api_key",
        sa.Column("hash", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("scope", Word, nullable=False),
        sa.Column("preview", Word, nullable=False),
        sa.Column("expires_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("api_key_pk")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("api_key_organization_id_id_key")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("api_key_organization_id_fk")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _organization_version() -> None:
    op.create_table(
        "organization_version",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("version", Count, nullable=False),
        sa.Column("structure", Count, nullable=False),
        sa.Column("head_hash", Word, nullable=False),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("organization_version_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("organization_version_organization_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _reversal() -> None:
    op.create_table(
        "reversal",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("original_id", Word, nullable=False),
        sa.Column("reversal_id", Word, nullable=False),
        sa.Column("reason", Word, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "original_id", name=op.f("reversal_pk")),
        sa.UniqueConstraint(
            "organization_id", "reversal_id", name=op.f("reversal_organization_id_reversal_id_key")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "original_id"],
            ["transaction.organization_id", "transaction.id"],
            name=op.f("reversal_organization_id_original_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "reversal_id"],
            ["transaction.organization_id", "transaction.id"],
            name=op.f("reversal_organization_id_reversal_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _balance() -> None:
    op.create_table(
        "balance",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("account_id", Word, nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("closing", Flag(), nullable=False),
        sa.Column("debit", Count, nullable=False),
        sa.Column("credit", Count, nullable=False),
        sa.Column("base_debit", Count, nullable=False),
        sa.Column("base_credit", Count, nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "account_id", "currency", "closing", name=op.f("balance_pk")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("balance_organization_id_account_id_fk"),
        ),
        sa.CheckConstraint("base_credit >= 0", name=op.f("balance_base_credit_check")),
        sa.CheckConstraint("base_debit >= 0", name=op.f("balance_base_debit_check")),
        sa.CheckConstraint("credit >= 0", name=op.f("balance_credit_check")),
        sa.CheckConstraint("debit >= 0", name=op.f("balance_debit_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _daily_total() -> None:
    op.create_table(
        "daily_total",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("date", Day(), nullable=False),
        sa.Column("account_id", Word, nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("closing", Flag(), nullable=False),
        sa.Column("debit", Count, nullable=False),
        sa.Column("credit", Count, nullable=False),
        sa.Column("base_debit", Count, nullable=False),
        sa.Column("base_credit", Count, nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id",
            "date",
            "account_id",
            "currency",
            "closing",
            name=op.f("daily_total_pk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("daily_total_organization_id_account_id_fk"),
        ),
        sa.CheckConstraint("base_credit >= 0", name=op.f("daily_total_base_credit_check")),
        sa.CheckConstraint("base_debit >= 0", name=op.f("daily_total_base_debit_check")),
        sa.CheckConstraint("credit >= 0", name=op.f("daily_total_credit_check")),
        sa.CheckConstraint("debit >= 0", name=op.f("daily_total_debit_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _entry() -> None:
    op.create_table(
        "entry",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("transaction_id", Word, nullable=False),
        sa.Column("position", Count, nullable=False),
        sa.Column("account_id", Word, nullable=False),
        sa.Column("date", Day(), nullable=False),
        sa.Column("entry_type", Word, nullable=False),
        sa.Column("amount", Count, nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("base_amount", Count, nullable=False),
        sa.Column("exchange_rate", Word, nullable=True),
        sa.Column("description", Word, nullable=True),
        sa.Column("reference", Word, nullable=True),
        sa.Column("posted", Flag(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "transaction_id", "position", name=op.f("entry_pk")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("entry_organization_id_account_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "transaction_id"],
            ["transaction.organization_id", "transaction.id"],
            name=op.f("entry_organization_id_transaction_id_fk"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("entry_amount_check")),
        sa.CheckConstraint("base_amount >= 0", name=op.f("entry_base_amount_check")),
        sa.CheckConstraint(
            "entry_type IN ('debit', 'credit')", name=op.f("entry_entry_type_check")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("entry_organization_id_account_id_date_transaction_id_position_index"),
        "entry",
        ["organization_id", "account_id", "date", "transaction_id", "position"],
    )


def _monthly_total() -> None:
    op.create_table(
        "monthly_total",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("account_id", Word, nullable=False),
        sa.Column("month", Day(), nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("closing", Flag(), nullable=False),
        sa.Column("debit", Count, nullable=False),
        sa.Column("credit", Count, nullable=False),
        sa.Column("base_debit", Count, nullable=False),
        sa.Column("base_credit", Count, nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id",
            "account_id",
            "month",
            "currency",
            "closing",
            name=op.f("monthly_total_pk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("monthly_total_organization_id_account_id_fk"),
        ),
        sa.CheckConstraint("base_credit >= 0", name=op.f("monthly_total_base_credit_check")),
        sa.CheckConstraint("base_debit >= 0", name=op.f("monthly_total_base_debit_check")),
        sa.CheckConstraint("credit >= 0", name=op.f("monthly_total_credit_check")),
        sa.CheckConstraint("debit >= 0", name=op.f("monthly_total_debit_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
