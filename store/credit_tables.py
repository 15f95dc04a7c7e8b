"""The tables of credits: what payers have, got and ordered, and what it was used for.

`credit_account` is the one row of a payer that every charge changes, and holds nothing else. It
is changed before the version rows, whichever way (see `changes`), so that nobody who holds a
version row waits for it.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, PrimaryKeyConstraint

from store.columns import belongs, column, table, unique_where_given
from store.dialects import Count, Day, Flag, Instant, Word
from store.job_tables import metadata

__all__ = ["metadata"]  # that of all tables: this page follows on `job_tables`

credit_account = table(
    "credit_account",
    column("organization_id", Word),
    column("balance", Count),
    column("granted", Count),
    PrimaryKeyConstraint("organization_id"),
    belongs("organization_id", to="organization", key=("id",)),
    CheckConstraint("balance >= 0", name="balance"),
    CheckConstraint("granted >= 0", name="granted"),
)

credit_grant = table(
    "credit_grant",
    column("organization_id", Word),
    column("id", Word),
    column("credits", Count),
    column("source", Word),
    column("created_at", Instant),
    column("package", Word, null=True),
    column("price_cents", Count, null=True),
    column("currency", Word, null=True),
    column("reference", Word, null=True),
    PrimaryKeyConstraint("organization_id", "id"),
    unique_where_given("credit_grant", "reference"),
    belongs("organization_id", to="credit_account", key=("organization_id",)),
    CheckConstraint("credits > 0", name="credits"),
)

credit_usage = table(
    "credit_usage",
    column("organization_id", Word),
    column("date", Day),
    column("operation", Word),
    column("key_id", Word),
    column("count", Count),
    column("credits", Count),
    PrimaryKeyConstraint("organization_id", "date", "operation", "key_id"),
    belongs("organization_id", to="organization", key=("id",)),
)

checkout = table(
    "checkout",
    column("organization_id", Word),
    column("id", Word),
    column("credits", Count),
    column("price_cents", Count),
    column("currency", Word),
    column("created_at", Instant),
    column("expires_at", Instant),
    column("package", Word, null=True),
    column("success_url", Word, null=True),
    column("cancel_url", Word, null=True),
    column("status", Word),
    column("completed_at", Instant, null=True),
    column("gateway", Word, null=True),
    column("reference", Word, null=True),
    column("url", Word, null=True),
    PrimaryKeyConstraint("organization_id", "id"),
    unique_where_given("checkout", "reference"),
    belongs("organization_id", to="organization", key=("id",)),
    CheckConstraint("credits > 0", name="credits"),
    CheckConstraint("status IN ('open', 'completed')", name="status"),
)

billing_settings = table(
    "billing_settings",
    column("organization_id", Word),
    column("id", Word),
    column("created_at", Instant),
    column("updated_at", Instant),
    column("auto_recharge_enabled", Flag),
    column("low_balance_threshold", Count, null=True),
    column("billing_email", Word, null=True),
    column("version", Count),
    PrimaryKeyConstraint("organization_id", "id"),
    belongs("organization_id", to="organization", key=("id",)),
)
