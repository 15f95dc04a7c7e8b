"""The tables of documents and what they are made of, on one page.

A document's content is frozen when it is issued (see the migrations); what happens to it later
are columns of their own, and what is open of it stands in `open_item`, next to payments and
direct entries: aging and statements look at that one table. What a fact holds that nobody asks
the database about (addresses, terms, components) is kept as JSON.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, text

from store import tables as _first_page  # noqa: F401 (whose tables these refer to)
from store.columns import OF_ORGANIZATION, belongs, column, metadata, table, unique_where_given
from store.dialects import Count, Day, Flag, Instant, Word

__all__ = ["metadata"]  # that of all tables: this page follows on `tables`


def _words(*names: str) -> list[Column[Any]]:
    return [column(name, Word, null=True) for name in names]


def _noun(
    name: str, *parts: Any, refers: dict[str, str] | None = None, apart: tuple[str, ...] = ()
) -> Table:
    """The table of a noun: its id, its own columns, and those that every noun has.

    Callers' own ids are unique; if there is a column that tells nouns `apart`, in each of them.
    """
    return table(
        name,
        column("organization_id", Word),
        column("id", Word),
        *parts,
        column("external_id", Word, null=True),
        column("metadata", Word),
        column("version", Count),
        column("created_at", Instant),
        column("updated_at", Instant),
        PrimaryKeyConstraint("organization_id", "id"),
        unique_where_given(name, *apart, "external_id"),
        *(
            belongs("organization_id", child, to=to, key=OF_ORGANIZATION)
            for child, to in (refers or {}).items()
        ),
    )


def _unique_number(name: str, condition: str, *columns: str) -> Index:
    """No number twice: ours in the organization, a vendor's of that vendor."""
    given = text(f"{condition} AND number IS NOT NULL")
    columns = ("organization_id", *columns, "kind", "number")
    return Index(name, *columns, unique=True, postgresql_where=given, sqlite_where=given)


tax_rate = _noun(
    "tax_rate",
    column("name", Word),
    column("type", Word),
    column("components", Word),
    column("description", Word, null=True),
    column("is_inclusive", Flag),
    column("is_reverse_charge", Flag),
    column("account_id", Word, null=True),
    column("is_active", Flag),
    Index(None, "organization_id", "name", "id"),
    refers={"account_id": "account"},
)

category = _noun(
    "category",
    column("name", Word),
    column("type", Word),
    *_words("description", "color", "parent_id"),
    column("is_active", Flag),
    Index(None, "organization_id", "name", "id"),
    refers={"parent_id": "category"},
)

contact = _noun(
    "contact",
    column("name", Word),
    column("types", Word),
    *_words("email", "phone", "website", "tax_number", "reference", "currency", "language"),
    *_words("billing_address", "shipping_address"),
    column("terms", Word),
    *_words("revenue_account_id", "expense_account_id", "tax_rate_id"),
    column("is_active", Flag),
    column("erased_at", Instant, null=True),
    column("salt", Word),
    Index(None, "organization_id", "name", "id"),
    refers={
        "revenue_account_id": "account",
        "expense_account_id": "account",
        "tax_rate_id": "tax_rate",
    },
)

item = _noun(
    "item",
    column("name", Word),
    column("type", Word),
    column("currency", Word),
    *_words("description", "sku", "price", "purchase_price", "unit"),
    *_words("revenue_account_id", "expense_account_id", "tax_rate_id", "category_id"),
    column("is_active", Flag),
    unique_where_given("item", "sku"),
    Index(None, "organization_id", "name", "id"),
    refers={
        "revenue_account_id": "account",
        "expense_account_id": "account",
        "tax_rate_id": "tax_rate",
        "category_id": "category",
    },
)

transaction_link = table(
    "transaction_link",
    column("organization_id", Word),
    column("transaction_id", Word),
    *_words("contact_id", "category_id", "source_id", "entry_categories"),
    column("date", Day),
    column("posted", Flag),
    PrimaryKeyConstraint("organization_id", "transaction_id"),
    belongs("organization_id", "transaction_id", to="transaction", key=OF_ORGANIZATION),
    belongs("organization_id", "contact_id", to="contact", key=OF_ORGANIZATION),
    belongs("organization_id", "category_id", to="category", key=OF_ORGANIZATION),
    Index(None, "organization_id", "contact_id", "date", "transaction_id"),
    Index(None, "organization_id", "category_id", "date", "transaction_id"),
)

category_total = table(
    "category_total",
    column("organization_id", Word),
    column("date", Day),
    column("category_id", Word),
    column("account_id", Word),
    column("base_debit", Count),
    column("base_credit", Count),
    PrimaryKeyConstraint("organization_id", "date", "category_id", "account_id"),
    belongs("organization_id", "category_id", to="category", key=OF_ORGANIZATION),
    belongs("organization_id", "account_id", to="account", key=OF_ORGANIZATION),
    CheckConstraint("base_debit >= 0", name="base_debit"),
    CheckConstraint("base_credit >= 0", name="base_credit"),
)

document = _noun(
    "document",
    column("kind", Word),
    column("contact_id", Word),
    column("date", Day),
    column("dues", Word),
    column("currency", Word),
    *(column(name, Count) for name in ("subtotal", "discount", "tax", "total")),
    column("phase", Word),
    column("is_inclusive", Flag),
    column("is_opening", Flag),
    column("exchange_rate", Word, null=True),
    column("base_currency", Word, null=True),
    column("base_taxes", Word),
    column("base_total", Count, null=True),
    column("base_subtotal", Count, null=True),
    column("number", Word, null=True),
    column("series_year", Count, null=True),
    column("sequence", Count, null=True),
    *_words("discount_percent"),
    column("discount_amount", Count, null=True),
    column("due_on", Day, null=True),
    *_words("order_number", "notes", "footer", "category_id", "corrects_id"),
    column("posted_on", Day, null=True),
    column("issued_at", Instant, null=True),
    column("transaction_id", Word, null=True),
    column("cancelled_on", Day, null=True),
    *_words("cancelling_transaction_id", "cancel_reason"),
    column("viewed_at", Instant, null=True),
    column("delivered_at", Instant, null=True),
    *_words("delivered_to", "delivery_note", "copies"),
    CheckConstraint("phase IN ('draft', 'issued', 'cancelled')", name="phase"),
    CheckConstraint("subtotal + tax = total", name="total"),
    CheckConstraint("total >= 0", name="sign"),
    Index(None, "organization_id", "kind", "date", "id"),
    Index(None, "organization_id", "contact_id", "date", "id"),
    _unique_number("document_number_key", "kind IN ('invoice', 'credit_note')"),
    _unique_number(
        "document_vendor_number_key",
        "kind IN ('bill', 'vendor_credit') AND phase <> 'cancelled'",
        "contact_id",
    ),
    Index(None, "organization_id", "posted_on"),
    Index(None, "organization_id", "cancelled_on"),
    apart=("kind",),
    refers={
        "contact_id": "contact",
        "category_id": "category",
        "corrects_id": "document",
        "transaction_id": "transaction",
        "cancelling_transaction_id": "transaction",
    },
)

document_line = table(
    "document_line",
    column("organization_id", Word),
    column("document_id", Word),
    column("position", Count),
    column("description", Word),
    column("quantity", Word),
    column("unit_price", Word),
    column("account_id", Word),
    *(column(name, Count) for name in ("amount", "net", "tax", "discount")),
    column("discount_percent", Word, null=True),
    column("discount_amount", Count, null=True),
    *_words("unit", "tax_rate_id", "item_id", "category_id"),
    column("taxes", Word),
    column("issued", Flag),
    PrimaryKeyConstraint("organization_id", "document_id", "position"),
    belongs("organization_id", "document_id", to="document", key=OF_ORGANIZATION),
    belongs("organization_id", "account_id", to="account", key=OF_ORGANIZATION),
    belongs("organization_id", "tax_rate_id", to="tax_rate", key=OF_ORGANIZATION),
    belongs("organization_id", "item_id", to="item", key=OF_ORGANIZATION),
    belongs("organization_id", "category_id", to="category", key=OF_ORGANIZATION),
    Index(None, "organization_id", "item_id"),
    Index(None, "organization_id", "tax_rate_id"),
    Index(None, "organization_id", "category_id"),
    Index(None, "organization_id", "account_id"),
)

document_counter = table(
    "document_counter",
    column("organization_id", Word),
    column("kind", Word),
    column("year", Count),
    column("last_number", Count),
    PrimaryKeyConstraint("organization_id", "kind", "year"),
)

open_item = table(
    "open_item",
    column("organization_id", Word),
    column("id", Word),
    column("side", Word),
    column("contact_id", Word),
    column("date", Day),
    column("document_date", Day),
    column("currency", Word),
    *(column(name, Count) for name in ("amount", "base_amount", "open_amount", "open_base")),
    column("created_at", Instant),
    column("paid", Count),
    column("credited", Count),
    column("dues", Word),
    column("next_due", Day, null=True),
    column("ended_on", Day, null=True),
    column("touched_on", Day),
    column("freed_on", Day, null=True),
    PrimaryKeyConstraint("organization_id", "id"),
    belongs("organization_id", "contact_id", to="contact", key=OF_ORGANIZATION),
    CheckConstraint("side IN ('receivable', 'payable')", name="side"),
    CheckConstraint("abs(open_amount) <= abs(amount)", name="open_amount"),
    CheckConstraint("open_amount = 0 OR (open_amount > 0) = (amount > 0)", name="sign"),
    Index(None, "organization_id", "side", "touched_on"),
    Index(None, "organization_id", "contact_id", "date"),
)

payment = _noun(
    "payment",
    column("side", Word),
    column("direction", Word),
    column("contact_id", Word),
    column("date", Day),
    column("currency", Word),
    column("amount", Count),
    column("base_amount", Count),
    column("account_id", Word),
    column("transaction_id", Word),
    column("exchange_rate", Word, null=True),
    column("deductions", Word),
    *_words("method", "reference", "notes"),
    column("voided_on", Day, null=True),
    *_words("voiding_transaction_id", "void_reason"),
    CheckConstraint("amount >= 0", name="amount"),
    Index(None, "organization_id", "date", "id"),
    Index(None, "organization_id", "contact_id", "date", "id"),
    refers={
        "contact_id": "contact",
        "account_id": "account",
        "transaction_id": "transaction",
        "voiding_transaction_id": "transaction",
    },
)

application = table(
    "application",
    column("organization_id", Word),
    column("id", Word),
    column("side", Word),
    column("contact_id", Word),
    column("from_id", Word),
    column("to_id", Word),
    column("date", Day),
    column("currency", Word),
    *(column(name, Count) for name in ("amount", "from_base", "to_base")),
    column("created_at", Instant),
    column("transaction_id", Word, null=True),
    column("ended_on", Day, null=True),
    column("ending_transaction_id", Word, null=True),
    PrimaryKeyConstraint("organization_id", "id"),
    belongs("organization_id", "from_id", to="open_item", key=OF_ORGANIZATION),
    belongs("organization_id", "to_id", to="open_item", key=OF_ORGANIZATION),
    belongs("organization_id", "transaction_id", to="transaction", key=OF_ORGANIZATION),
    belongs("organization_id", "ending_transaction_id", to="transaction", key=OF_ORGANIZATION),
    CheckConstraint("amount > 0", name="amount"),
    Index(None, "organization_id", "from_id"),
    Index(None, "organization_id", "to_id"),
)

tax_entry = table(
    "tax_entry",
    column("organization_id", Word),
    column("document_id", Word),
    column("is_cancellation", Flag),
    column("position", Count),
    column("date", Day),
    column("tax_rate_id", Word),
    column("name", Word),
    column("percent", Word),
    *(column(name, Flag) for name in ("is_sale", "is_recoverable", "is_reverse_charge")),
    column("base", Count),
    column("tax", Count),
    PrimaryKeyConstraint("organization_id", "document_id", "is_cancellation", "position"),
    belongs("organization_id", "document_id", to="document", key=OF_ORGANIZATION),
    belongs("organization_id", "tax_rate_id", to="tax_rate", key=OF_ORGANIZATION),
    Index(None, "organization_id", "date"),
)

attachment = table(
    "attachment",
    column("organization_id", Word),
    column("id", Word),
    column("subject_id", Word),
    column("name", Word),
    column("content_type", Word),
    column("size", Count),
    column("sha256", Word),
    column("created_at", Instant),
    PrimaryKeyConstraint("organization_id", "id"),
    belongs("organization_id", to="organization", key=("id",)),
    Index(None, "organization_id", "subject_id", "id"),
    Index(None, "organization_id", "sha256"),
)

service_secret = table(
    "service_secret",
    column("name", Word),
    column("value", Word),
    PrimaryKeyConstraint("name"),
)
