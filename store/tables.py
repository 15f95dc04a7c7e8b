"""Every table, on one page.

`organization_id` leads the primary key, every unique constraint and every foreign key of an
organization's own data. Accounts refer to their organization; what refers to an account or a
transaction needs no second reference to it. Amounts are integers in minor units.

What is posted never changes: triggers (see the migrations) refuse it, and what happens to a
transaction later has rows of its own (`reversal`). Balances and totals are kept as entries
post, CLOSING ones apart.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    text,
)

from store.engines import Count, Day, Flag, Instant, Word

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_N_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "ix": "%(table_name)s_%(column_0_N_name)s_index",
    }
)


def _column(name: str, kind: Any, *, null: bool = False) -> Column[Any]:
    return Column(name, kind, nullable=null)


def _table(name: str, *parts: Any, clustered: bool = True) -> Table:
    """A table; `clustered` ones have no row id on SQLite and lie in the order of their key."""
    return Table(name, metadata, *parts, sqlite_strict=True, sqlite_with_rowid=not clustered)


def _belongs(*columns: str, to: str, key: tuple[str, ...]) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(columns, [f"{to}.{name}" for name in key])


def _unique_where_given(table: str, *columns: str) -> Index:
    """Uniqueness in the organization among rows that have the last of the columns.

    The others are not indexed: they cost nothing, and no lookup by key takes it for its own.
    """
    given = text(f"{columns[-1]} IS NOT NULL")
    name = f"{table}_organization_id_{'_'.join(columns)}_key"
    return Index(
        name,
        "organization_id",
        *columns,
        unique=True,
        postgresql_where=given,
        sqlite_where=given,
    )


def _turnovers() -> list[Any]:
    """Debit and credit turnovers in the row's currency and in base, never negative."""
    names = ("debit", "credit", "base_debit", "base_credit")
    return [
        *(_column(name, Count) for name in names),
        *(CheckConstraint(f"{name} >= 0", name=name) for name in names),
    ]


_ACCOUNT = ("organization_id", "id")

organization = _table(
    "organization",
    _column("id", Word),
    _column("name", Word),
    _column("base_currency", Word),
    _column("is_live", Flag),
    _column("twin_id", Word, null=True),
    _column("parent_id", Word, null=True),
    _column("fiscal_year_start_month", Count),
    _column("fiscal_year_start_day", Count),
    _column("time_zone", Word),
    _column("books_closed_through", Day, null=True),
    _column("domain", Word, null=True),
    _column("tax_number", Word, null=True),
    _column("external_id", Word, null=True),
    _column("metadata", Word),
    _column("version", Count),
    _column("created_at", Instant),
    _column("updated_at", Instant),
    PrimaryKeyConstraint("id"),
)

organization_version = _table(
    "organization_version",
    _column("organization_id", Word),
    _column("version", Count),
    _column("structure", Count),
    _column("head_hash", Word),
    PrimaryKeyConstraint("organization_id"),
    _belongs("organization_id", to="organization", key=("id",)),
)

api_key = _table(
    "api_key",
    _column("hash", Word),
    _column("id", Word),
    _column("organization_id", Word),
    _column("name", Word),
    _column("scope", Word),
    _column("preview", Word),
    _column("expires_at", Instant, null=True),
    _column("revoked_at", Instant, null=True),
    _column("created_at", Instant),
    PrimaryKeyConstraint("hash"),
    UniqueConstraint("organization_id", "id"),
    _belongs("organization_id", to="organization", key=("id",)),
)

account = _table(
    "account",
    _column("organization_id", Word),
    _column("id", Word),
    _column("code", Word),
    _column("name", Word),
    _column("type", Word),
    _column("subtype", Word, null=True),
    _column("currency", Word),
    _column("parent_id", Word, null=True),
    _column("description", Word, null=True),
    _column("status", Word),
    _column("role", Word, null=True),
    _column("external_id", Word, null=True),
    _column("metadata", Word),
    _column("version", Count),
    _column("created_at", Instant),
    _column("updated_at", Instant),
    PrimaryKeyConstraint("organization_id", "id"),
    UniqueConstraint("organization_id", "code"),
    _unique_where_given("account", "role"),
    _unique_where_given("account", "external_id"),
    _belongs("organization_id", to="organization", key=("id",)),
    _belongs("organization_id", "parent_id", to="account", key=_ACCOUNT),
)

transaction = _table(
    "transaction",
    _column("organization_id", Word),
    _column("id", Word),
    _column("date", Day),
    _column("description", Word),
    _column("currency", Word),
    _column("amount", Count),
    _column("base_amount", Count),
    _column("status", Word),
    _column("kind", Word),
    _column("closing", Flag),
    _column("reference", Word, null=True),
    _column("payment_method", Word, null=True),
    _column("external_id", Word, null=True),
    _column("metadata", Word),
    _column("created_by", Word, null=True),
    _column("fiscal_year", Count, null=True),
    _column("journal_number", Count, null=True),
    _column("posted_at", Instant, null=True),
    _column("failure_reason", Word, null=True),
    _column("failure_message", Word, null=True),
    _column("version", Count),
    _column("created_at", Instant),
    _column("updated_at", Instant),
    PrimaryKeyConstraint("organization_id", "id"),
    _unique_where_given("transaction", "external_id"),
    _unique_where_given("transaction", "fiscal_year", "journal_number"),
    CheckConstraint("status IN ('pending', 'posted', 'failed')", name="status"),
    CheckConstraint("(status = 'posted') = (journal_number IS NOT NULL)", name="journal_number"),
    Index(None, "organization_id", "date", "id"),
    Index(None, "organization_id", "updated_at", "id"),
)

entry = _table(
    "entry",
    _column("organization_id", Word),
    _column("transaction_id", Word),
    _column("position", Count),
    _column("account_id", Word),
    _column("date", Day),
    _column("entry_type", Word),
    _column("amount", Count),
    _column("currency", Word),
    _column("base_amount", Count),
    _column("exchange_rate", Word, null=True),
    _column("description", Word, null=True),
    _column("reference", Word, null=True),
    _column("posted", Flag),
    PrimaryKeyConstraint("organization_id", "transaction_id", "position"),
    _belongs("organization_id", "transaction_id", to="transaction", key=_ACCOUNT),
    _belongs("organization_id", "account_id", to="account", key=_ACCOUNT),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("base_amount >= 0", name="base_amount"),
    CheckConstraint("entry_type IN ('debit', 'credit')", name="entry_type"),
    Index(None, "organization_id", "account_id", "date", "transaction_id", "position"),
)

reversal = _table(
    "reversal",
    _column("organization_id", Word),
    _column("original_id", Word),
    _column("reversal_id", Word),
    _column("reason", Word, null=True),
    _column("created_at", Instant),
    PrimaryKeyConstraint("organization_id", "original_id"),
    UniqueConstraint("organization_id", "reversal_id"),
    _belongs("organization_id", "original_id", to="transaction", key=_ACCOUNT),
    _belongs("organization_id", "reversal_id", to="transaction", key=_ACCOUNT),
)

balance = _table(
    "balance",
    _column("organization_id", Word),
    _column("account_id", Word),
    _column("currency", Word),
    _column("closing", Flag),
    *_turnovers(),
    PrimaryKeyConstraint("organization_id", "account_id", "currency", "closing"),
    _belongs("organization_id", "account_id", to="account", key=_ACCOUNT),
)

daily_total = _table(
    "daily_total",
    _column("organization_id", Word),
    _column("date", Day),
    _column("account_id", Word),
    _column("currency", Word),
    _column("closing", Flag),
    *_turnovers(),
    PrimaryKeyConstraint("organization_id", "date", "account_id", "currency", "closing"),
    _belongs("organization_id", "account_id", to="account", key=_ACCOUNT),
)

monthly_total = _table(
    "monthly_total",
    _column("organization_id", Word),
    _column("account_id", Word),
    _column("month", Day),
    _column("currency", Word),
    _column("closing", Flag),
    *_turnovers(),
    PrimaryKeyConstraint("organization_id", "account_id", "month", "currency", "closing"),
    _belongs("organization_id", "account_id", to="account", key=_ACCOUNT),
)

journal_counter = _table(
    "journal_counter",
    _column("organization_id", Word),
    _column("fiscal_year", Count),
    _column("last_number", Count),
    PrimaryKeyConstraint("organization_id", "fiscal_year"),
)

idempotency = _table(
    "idempotency",
    _column("organization_id", Word),
    _column("key", Word),
    _column("operation", Word),
    _column("digest", Word),
    _column("outcome", Word),
    _column("created_at", Instant),
    _column("expires_at", Instant),
    PrimaryKeyConstraint("organization_id", "key"),
)

event = _table(
    "event",
    _column("organization_id", Word),
    _column("sequence", Count),
    _column("id", Word),
    _column("type", Word),
    _column("entity_type", Word),
    _column("entity_id", Word),
    _column("actor", Word),
    _column("key_id", Word, null=True),
    _column("request_id", Word),
    _column("protocol", Word),
    _column("before", Word, null=True),
    _column("after", Word, null=True),
    _column("created_at", Instant),
    _column("previous_hash", Word),
    _column("hash", Word),
    PrimaryKeyConstraint("organization_id", "sequence"),
    Index(None, "organization_id", "entity_id", "sequence"),
    clustered=False,
)
