"""Every table, on one page.

`organization_id` leads the primary key, every unique constraint and every foreign key of an
organization's own data. Accounts refer to their organization; what refers to an account or a
transaction needs no second reference to it. Amounts are integers in minor units.

What is posted never changes: triggers (see the migrations) refuse it, and what happens to a
transaction later has rows of its own (`reversal`). Balances and totals are kept as entries
post, CLOSING ones apart.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, PrimaryKeyConstraint, UniqueConstraint

from store.columns import (
    OF_ORGANIZATION,
    belongs,
    column,
    table,
    turnovers,
    unique_where_given,
)
from store.dialects import Count, Day, Flag, Instant, Word

organization = table(
    "organization",
    column("id", Word),
    column("name", Word),
    column("base_currency", Word),
    column("is_live", Flag),
    column("twin_id", Word, null=True),
    column("parent_id", Word, null=True),
    column("fiscal_year_start_month", Count),
    column("fiscal_year_start_day", Count),
    column("time_zone", Word),
    column("books_closed_through", Day, null=True),
    column("domain", Word, null=True),
    column("tax_number", Word, null=True),
    column("external_id", Word, null=True),
    column("metadata", Word),
    column("version", Count),
    column("created_at", Instant),
    column("updated_at", Instant),
    column("documents", Word, null=True),
    PrimaryKeyConstraint("id"),
)

organization_version = table(
    "organization_version",
    column("organization_id", Word),
    column("version", Count),
    column("structure", Count),
    column("head_hash", Word),
    PrimaryKeyConstraint("organization_id"),
    belongs("organization_id", to="organization", key=("id",)),
)

api_key = table(
    "api_key",
    column("hash", Word),
    column("id", Word),
    column("organization_id", Word),
    column("name", Word),
    column("scope", Word),
    column("preview", Word),
    column("expires_at", Instant, null=True),
    column("revoked_at", Instant, null=True),
    column("created_at", Instant),
    PrimaryKeyConstraint("hash"),
    UniqueConstraint("organization_id", "id"),
    belongs("organization_id", to="organization", key=("id",)),
)

account = table(
    "account",
    column("organization_id", Word),
    column("id", Word),
    column("code", Word),
    column("name", Word),
    column("type", Word),
    column("subtype", Word, null=True),
    column("currency", Word),
    column("parent_id", Word, null=True),
    column("description", Word, null=True),
    column("status", Word),
    column("role", Word, null=True),
    column("external_id", Word, null=True),
    column("metadata", Word),
    column("version", Count),
    column("created_at", Instant),
    column("updated_at", Instant),
    PrimaryKeyConstraint("organization_id", "id"),
    UniqueConstraint("organization_id", "code"),
    unique_where_given("account", "role"),
    unique_where_given("account", "external_id"),
    belongs("organization_id", to="organization", key=("id",)),
    belongs("organization_id", "parent_id", to="account", key=OF_ORGANIZATION),
)

transaction = table(
    "transaction",
    column("organization_id", Word),
    column("id", Word),
    column("date", Day),
    column("description", Word),
    column("currency", Word),
    column("amount", Count),
    column("base_amount", Count),
    column("status", Word),
    column("kind", Word),
    column("closing", Flag),
    column("reference", Word, null=True),
    column("payment_method", Word, null=True),
    column("external_id", Word, null=True),
    column("metadata", Word),
    column("created_by", Word, null=True),
    column("fiscal_year", Count, null=True),
    column("journal_number", Count, null=True),
    column("posted_at", Instant, null=True),
    column("failure_reason", Word, null=True),
    column("failure_message", Word, null=True),
    column("version", Count),
    column("created_at", Instant),
    column("updated_at", Instant),
    column("type", Word, null=True),
    PrimaryKeyConstraint("organization_id", "id"),
    unique_where_given("transaction", "external_id"),
    unique_where_given("transaction", "fiscal_year", "journal_number"),
    CheckConstraint("status IN ('pending', 'posted', 'failed')", name="status"),
    CheckConstraint("(status = 'posted') = (journal_number IS NOT NULL)", name="journal_number"),
    CheckConstraint("type IN ('income', 'expense', 'transfer')", name="type"),
    Index(None, "organization_id", "date", "id"),
    Index(None, "organization_id", "updated_at", "id"),
)

entry = table(
    "entry",
    column("organization_id", Word),
    column("transaction_id", Word),
    column("position", Count),
    column("account_id", Word),
    column("date", Day),
    column("entry_type", Word),
    column("amount", Count),
    column("currency", Word),
    column("base_amount", Count),
    column("exchange_rate", Word, null=True),
    column("description", Word, null=True),
    column("reference", Word, null=True),
    column("posted", Flag),
    PrimaryKeyConstraint("organization_id", "transaction_id", "position"),
    belongs("organization_id", "transaction_id", to="transaction", key=OF_ORGANIZATION),
    belongs("organization_id", "account_id", to="account", key=OF_ORGANIZATION),
    CheckConstraint("amount > 0", name="amount"),
    CheckConstraint("base_amount >= 0", name="base_amount"),
    CheckConstraint("entry_type IN ('debit', 'credit')", name="entry_type"),
    Index(None, "organization_id", "account_id", "date", "transaction_id", "position"),
)

reversal = table(
    "reversal",
    column("organization_id", Word),
    column("original_id", Word),
    column("reversal_id", Word),
    column("reason", Word, null=True),
    column("created_at", Instant),
    PrimaryKeyConstraint("organization_id", "original_id"),
    UniqueConstraint("organization_id", "reversal_id"),
    belongs("organization_id", "original_id", to="transaction", key=OF_ORGANIZATION),
    belongs("organization_id", "reversal_id", to="transaction", key=OF_ORGANIZATION),
)

balance = table(
    "balance",
    column("organization_id", Word),
    column("account_id", Word),
    column("currency", Word),
    column("closing", Flag),
    *turnovers(),
    PrimaryKeyConstraint("organization_id", "account_id", "currency", "closing"),
    belongs("organization_id", "account_id", to="account", key=OF_ORGANIZATION),
)

daily_total = table(
    "daily_total",
    column("organization_id", Word),
    column("date", Day),
    column("account_id", Word),
    column("currency", Word),
    column("closing", Flag),
    *turnovers(),
    PrimaryKeyConstraint("organization_id", "date", "account_id", "currency", "closing"),
    belongs("organization_id", "account_id", to="account", key=OF_ORGANIZATION),
)

monthly_total = table(
    "monthly_total",
    column("organization_id", Word),
    column("account_id", Word),
    column("month", Day),
    column("currency", Word),
    column("closing", Flag),
    *turnovers(),
    PrimaryKeyConstraint("organization_id", "account_id", "month", "currency", "closing"),
    belongs("organization_id", "account_id", to="account", key=OF_ORGANIZATION),
)

journal_counter = table(
    "journal_counter",
    column("organization_id", Word),
    column("fiscal_year", Count),
    column("last_number", Count),
    PrimaryKeyConstraint("organization_id", "fiscal_year"),
)

idempotency = table(
    "idempotency",
    column("organization_id", Word),
    column("key", Word),
    column("operation", Word),
    column("digest", Word),
    column("outcome", Word),
    column("created_at", Instant),
    column("expires_at", Instant),
    PrimaryKeyConstraint("organization_id", "key"),
)

event = table(
    "event",
    column("organization_id", Word),
    column("sequence", Count),
    column("id", Word),
    column("type", Word),
    column("entity_type", Word),
    column("entity_id", Word),
    column("actor", Word),
    column("key_id", Word, null=True),
    column("request_id", Word),
    column("protocol", Word),
    column("before", Word, null=True),
    column("after", Word, null=True),
    column("created_at", Instant),
    column("previous_hash", Word),
    column("hash", Word),
    PrimaryKeyConstraint("organization_id", "sequence"),
    Index(None, "organization_id", "entity_id", "sequence"),
    clustered=False,
)
