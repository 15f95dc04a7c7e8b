"""Documents: contacts, items, taxes, categories, invoices and bills, payments, attachments."""

import sqlalchemy as sa
from alembic import op

from store.dialects import Count, Day, Flag, Instant, Word, is_sqlite
from store.migrations.frozen import freeze
from store.migrations.statistics import suppose_large_books

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the triggers that refuse changes to what is issued or posted."""
    _category()
    _document_counter()
    _service_secret()
    _attachment()
    _category_total()
    _tax_rate()
    _contact()
    _item()
    _document()
    _open_item()
    _payment()
    _transaction_link()
    _application()
    _document_line()
    _tax_entry()
    op.add_column("organization", sa.Column("documents", Word, nullable=True))
    connection = op.get_bind()
    freeze(
        connection,
        "document",
        "OLD.phase <> 'draft'",
        [
            "organization_id",
            "id",
            "kind",
            "contact_id",
            "date",
            "dues",
            "currency",
            "subtotal",
            "discount",
            "tax",
            "total",
            "is_inclusive",
            "is_opening",
            "exchange_rate",
            "base_currency",
            "base_taxes",
            "base_total",
            "base_subtotal",
            "number",
            "series_year",
            "sequence",
            "discount_percent",
            "discount_amount",
            "due_on",
            "order_number",
            "notes",
            "footer",
            "category_id",
            "corrects_id",
            "posted_on",
            "issued_at",
            "transaction_id",
            "copies",
            "external_id",
            "metadata",
            "created_at",
        ],
    )
    freeze(connection, "document_line", "OLD.issued")
    freeze(connection, "transaction_link", "OLD.posted")
    freeze(
        connection,
        "open_item",
        "TRUE",
        [
            "organization_id",
            "id",
            "side",
            "contact_id",
            "date",
            "document_date",
            "currency",
            "amount",
            "base_amount",
            "created_at",
            "dues",
        ],
    )
    freeze(
        connection,
        "payment",
        "TRUE",
        [
            "organization_id",
            "id",
            "side",
            "direction",
            "contact_id",
            "date",
            "currency",
            "amount",
            "base_amount",
            "account_id",
            "transaction_id",
            "exchange_rate",
            "deductions",
            "method",
            "reference",
            "notes",
            "external_id",
            "metadata",
            "created_at",
        ],
    )
    freeze(
        connection,
        "application",
        "TRUE",
        [
            "organization_id",
            "id",
            "side",
            "contact_id",
            "from_id",
            "to_id",
            "date",
            "currency",
            "amount",
            "from_base",
            "to_base",
            "created_at",
            "transaction_id",
        ],
    )
    freeze(connection, "tax_entry", "TRUE")
    if is_sqlite(connection):
        suppose_large_books(connection)


def _category() -> None:
    op.create_table(
        "category",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("type", Word, nullable=False),
        sa.Column("description", Word, nullable=True),
        sa.Column("color", Word, nullable=True),
        sa.Column("parent_id", Word, nullable=True),
        sa.Column("is_active", Flag(), nullable=False),
        sa.Column("external_id", Word, nullable=True),
        sa.Column("metadata", Word, nullable=False),
        sa.Column("version", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("category_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id", "parent_id"],
            ["category.organization_id", "category.id"],
            name=op.f("category_organization_id_parent_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("category_organization_id_external_id_key"),
        "category",
        ["organization_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
        sqlite_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(
        op.f("category_organization_id_name_id_index"),
        "category",
        ["organization_id", "name", "id"],
    )


def _document_counter() -> None:
    op.create_table(
        "document_counter",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("year", Count, nullable=False),
        sa.Column("last_number", Count, nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "kind", "year", name=op.f("document_counter_pk")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _service_secret() -> None:
    op.create_table(
        "service_secret",
        sa.Column("name", Word, nullable=False),
        sa.Column("value", Word, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("service_secret_pk")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("subject_id", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("content_type", Word, nullable=False),
        sa.Column("size", Count, nullable=False),
        sa.Column("sha256", Word, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("attachment_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id"], ["organization.id"], name=op.f("attachment_organization_id_fk")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("attachment_organization_id_sha256_index"), "attachment", ["organization_id", "sha256"]
    )
    op.create_index(
        op.f("attachment_organization_id_subject_id_id_index"),
        "attachment",
        ["organization_id", "subject_id", "id"],
    )


def _category_total() -> None:
    op.create_table(
        "category_total",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("date", Day(), nullable=False),
        sa.Column("category_id", Word, nullable=False),
        sa.Column("account_id", Word, nullable=False),
        sa.Column("base_debit", Count, nullable=False),
        sa.Column("base_credit", Count, nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "date", "category_id", "account_id", name=op.f("category_total_pk")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("category_total_organization_id_account_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "category_id"],
            ["category.organization_id", "category.id"],
            name=op.f("category_total_organization_id_category_id_fk"),
        ),
        sa.CheckConstraint("base_credit >= 0", name=op.f("category_total_base_credit_check")),
        sa.CheckConstraint("base_debit >= 0", name=op.f("category_total_base_debit_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _tax_rate() -> None:
    op.create_table(
        "tax_rate",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("type", Word, nullable=False),
        sa.Column("components", Word, nullable=False),
        sa.Column("description", Word, nullable=True),
        sa.Column("is_inclusive", Flag(), nullable=False),
        sa.Column("is_reverse_charge", Flag(), nullable=False),
        sa.Column("account_id", Word, nullable=True),
        sa.Column("is_active", Flag(), nullable=False),
        sa.Column("external_id", Word, nullable=True),
        sa.Column("metadata", Word, nullable=False),
        sa.Column("version", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("tax_rate_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("tax_rate_organization_id_account_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("tax_rate_organization_id_external_id_key"),
        "tax_rate",
        ["organization_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
        sqlite_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(
        op.f("tax_rate_organization_id_name_id_index"),
        "tax_rate",
        ["organization_id", "name", "id"],
    )


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("types", Word, nullable=False),
        sa.Column("email", Word, nullable=True),
        sa.Column("phone", Word, nullable=True),
        sa.Column("website", Word, nullable=True),
        sa.Column("tax_number", Word, nullable=True),
        sa.Column("reference", Word, nullable=True),
        sa.Column("currency", Word, nullable=True),
        sa.Column("language", Word, nullable=True),
        sa.Column("billing_address", Word, nullable=True),
        sa.Column("shipping_address", Word, nullable=True),
        sa.Column("terms", Word, nullable=False),
        sa.Column("revenue_account_id", Word, nullable=True),
        sa.Column("expense_account_id", Word, nullable=True),
        sa.Column("tax_rate_id", Word, nullable=True),
        sa.Column("is_active", Flag(), nullable=False),
        sa.Column("erased_at", Instant(), nullable=True),
        sa.Column("salt", Word, nullable=False),
        sa.Column("external_id", Word, nullable=True),
        sa.Column("metadata", Word, nullable=False),
        sa.Column("version", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("contact_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id", "expense_account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("contact_organization_id_expense_account_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "revenue_account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("contact_organization_id_revenue_account_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "tax_rate_id"],
            ["tax_rate.organization_id", "tax_rate.id"],
            name=op.f("contact_organization_id_tax_rate_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("contact_organization_id_external_id_key"),
        "contact",
        ["organization_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
        sqlite_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(
        op.f("contact_organization_id_name_id_index"), "contact", ["organization_id", "name", "id"]
    )


def _item() -> None:
    op.create_table(
        "item",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("type", Word, nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("description", Word, nullable=True),
        sa.Column("sku", Word, nullable=True),
        sa.Column("price", Word, nullable=True),
        sa.Column("purchase_price", Word, nullable=True),
        sa.Column("unit", Word, nullable=True),
        sa.Column("revenue_account_id", Word, nullable=True),
        sa.Column("expense_account_id", Word, nullable=True),
        sa.Column("tax_rate_id", Word, nullable=True),
        sa.Column("category_id", Word, nullable=True),
        sa.Column("is_active", Flag(), nullable=False),
        sa.Column("external_id", Word, nullable=True),
        sa.Column("metadata", Word, nullable=False),
        sa.Column("version", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("item_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id", "category_id"],
            ["category.organization_id", "category.id"],
            name=op.f("item_organization_id_category_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "expense_account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("item_organization_id_expense_account_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "revenue_account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("item_organization_id_revenue_account_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "tax_rate_id"],
            ["tax_rate.organization_id", "tax_rate.id"],
            name=op.f("item_organization_id_tax_rate_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("item_organization_id_external_id_key"),
        "item",
        ["organization_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
        sqlite_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(
        op.f("item_organization_id_name_id_index"), "item", ["organization_id", "name", "id"]
    )
    op.create_index(
        op.f("item_organization_id_sku_key"),
        "item",
        ["organization_id", "sku"],
        unique=True,
        postgresql_where=sa.text("sku IS NOT NULL"),
        sqlite_where=sa.text("sku IS NOT NULL"),
    )


def _document() -> None:
    op.create_table(
        "document",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("kind", Word, nullable=False),
        sa.Column("contact_id", Word, nullable=False),
        sa.Column("date", Day(), nullable=False),
        sa.Column("dues", Word, nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("subtotal", Count, nullable=False),
        sa.Column("discount", Count, nullable=False),
        sa.Column("tax", Count, nullable=False),
        sa.Column("total", Count, nullable=False),
        sa.Column("phase", Word, nullable=False),
        sa.Column("is_inclusive", Flag(), nullable=False),
        sa.Column("is_opening", Flag(), nullable=False),
        sa.Column("exchange_rate", Word, nullable=True),
        sa.Column("base_currency", Word, nullable=True),
        sa.Column("base_taxes", Word, nullable=False),
        sa.Column("base_total", Count, nullable=True),
        sa.Column("base_subtotal", Count, nullable=True),
        sa.Column("number", Word, nullable=True),
        sa.Column("series_year", Count, nullable=True),
        sa.Column("sequence", Count, nullable=True),
        sa.Column("discount_percent", Word, nullable=True),
        sa.Column("discount_amount", Count, nullable=True),
        sa.Column("due_on", Day(), nullable=True),
        sa.Column("order_number", Word, nullable=True),
        sa.Column("notes", Word, nullable=True),
        sa.Column("footer", Word, nullable=True),
        sa.Column("category_id", Word, nullable=True),
        sa.Column("corrects_id", Word, nullable=True),
        sa.Column("posted_on", Day(), nullable=True),
        sa.Column("issued_at", Instant(), nullable=True),
        sa.Column("transaction_id", Word, nullable=True),
        sa.Column("cancelled_on", Day(), nullable=True),
        sa.Column("cancelling_transaction_id", Word, nullable=True),
        sa.Column("cancel_reason", Word, nullable=True),
        sa.Column("viewed_at", Instant(), nullable=True),
        sa.Column("delivered_at", Instant(), nullable=True),
        sa.Column("delivered_to", Word, nullable=True),
        sa.Column("delivery_note", Word, nullable=True),
        sa.Column("copies", Word, nullable=True),
        sa.Column("external_id", Word, nullable=True),
        sa.Column("metadata", Word, nullable=False),
        sa.Column("version", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("document_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id", "cancelling_transaction_id"],
            ["transaction.organization_id", "transaction.id"],
            name=op.f("document_organization_id_cancelling_transaction_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "category_id"],
            ["category.organization_id", "category.id"],
            name=op.f("document_organization_id_category_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("document_organization_id_contact_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "corrects_id"],
            ["document.organization_id", "document.id"],
            name=op.f("document_organization_id_corrects_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "transaction_id"],
            ["transaction.organization_id", "transaction.id"],
            name=op.f("document_organization_id_transaction_id_fk"),
        ),
        sa.CheckConstraint(
            "phase IN ('draft', 'issued', 'cancelled')", name=op.f("document_phase_check")
        ),
        sa.CheckConstraint("total >= 0", name=op.f("document_sign_check")),
        sa.CheckConstraint("subtotal + tax = total", name=op.f("document_total_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("document_number_key"),
        "document",
        ["organization_id", "kind", "number"],
        unique=True,
        postgresql_where=sa.text("kind IN ('invoice', 'credit_note') AND number IS NOT NULL"),
        sqlite_where=sa.text("kind IN ('invoice', 'credit_note') AND number IS NOT NULL"),
    )
    op.create_index(
        op.f("document_organization_id_cancelled_on_index"),
        "document",
        ["organization_id", "cancelled_on"],
    )
    op.create_index(
        op.f("document_organization_id_contact_id_date_id_index"),
        "document",
        ["organization_id", "contact_id", "date", "id"],
    )
    op.create_index(
        op.f("document_organization_id_kind_external_id_key"),
        "document",
        ["organization_id", "kind", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
        sqlite_where=sa.text("external_id IS NOT NULL"),
    )
    op.create_index(
        op.f("document_organization_id_kind_date_id_index"),
        "document",
        ["organization_id", "kind", "date", "id"],
    )
    op.create_index(
        op.f("document_organization_id_posted_on_index"),
        "document",
        ["organization_id", "posted_on"],
    )
    op.create_index(
        op.f("document_vendor_number_key"),
        "document",
        ["organization_id", "contact_id", "kind", "number"],
        unique=True,
        postgresql_where=sa.text(
            "kind IN ('bill', 'vendor_credit') AND phase <> 'cancelled' AND number IS NOT NULL"
        ),
        sqlite_where=sa.text(
            "kind IN ('bill', 'vendor_credit') AND phase <> 'cancelled' AND number IS NOT NULL"
        ),
    )


def _open_item() -> None:
    op.create_table(
        "open_item",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("side", Word, nullable=False),
        sa.Column("contact_id", Word, nullable=False),
        sa.Column("date", Day(), nullable=False),
        sa.Column("document_date", Day(), nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("amount", Count, nullable=False),
        sa.Column("base_amount", Count, nullable=False),
        sa.Column("open_amount", Count, nullable=False),
        sa.Column("open_base", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("paid", Count, nullable=False),
        sa.Column("credited", Count, nullable=False),
        sa.Column("dues", Word, nullable=False),
        sa.Column("next_due", Day(), nullable=True),
        sa.Column("ended_on", Day(), nullable=True),
        sa.Column("touched_on", Day(), nullable=False),
        sa.Column("freed_on", Day(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("open_item_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("open_item_organization_id_contact_id_fk"),
        ),
        sa.CheckConstraint(
            "abs(open_amount) <= abs(amount)", name=op.f("open_item_open_amount_check")
        ),
        sa.CheckConstraint("side IN ('receivable', 'payable')", name=op.f("open_item_side_check")),
        sa.CheckConstraint(
            "open_amount = 0 OR (open_amount > 0) = (amount > 0)", name=op.f("open_item_sign_check")
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("open_item_organization_id_contact_id_date_index"),
        "open_item",
        ["organization_id", "contact_id", "date"],
    )
    op.create_index(
        op.f("open_item_organization_id_side_touched_on_index"),
        "open_item",
        ["organization_id", "side", "touched_on"],
    )


def _payment() -> None:
    op.create_table(
        "payment",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("side", Word, nullable=False),
        sa.Column("direction", Word, nullable=False),
        sa.Column("contact_id", Word, nullable=False),
        sa.Column("date", Day(), nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("amount", Count, nullable=False),
        sa.Column("base_amount", Count, nullable=False),
        sa.Column("account_id", Word, nullable=False),
        sa.Column("transaction_id", Word, nullable=False),
        sa.Column("exchange_rate", Word, nullable=True),
        sa.Column("deductions", Word, nullable=False),
        sa.Column("method", Word, nullable=True),
        sa.Column("reference", Word, nullable=True),
        sa.Column("notes", Word, nullable=True),
        sa.Column("voided_on", Day(), nullable=True),
        sa.Column("voiding_transaction_id", Word, nullable=True),
        sa.Column("void_reason", Word, nullable=True),
        sa.Column("external_id", Word, nullable=True),
        sa.Column("metadata", Word, nullable=False),
        sa.Column("version", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("payment_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("payment_organization_id_account_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("payment_organization_id_contact_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "transaction_id"],
            ["transaction.organization_id", "transaction.id"],
            name=op.f("payment_organization_id_transaction_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "voiding_transaction_id"],
            ["transaction.organization_id", "transaction.id"],
            name=op.f("payment_organization_id_voiding_transaction_id_fk"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("payment_amount_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("payment_organization_id_contact_id_date_id_index"),
        "payment",
        ["organization_id", "contact_id", "date", "id"],
    )
    op.create_index(
        op.f("payment_organization_id_date_id_index"), "payment", ["organization_id", "date", "id"]
    )
    op.create_index(
        op.f("payment_organization_id_external_id_key"),
        "payment",
        ["organization_id", "external_id"],
        unique=True,
        postgresql_where=sa.text("external_id IS NOT NULL"),
        sqlite_where=sa.text("external_id IS NOT NULL"),
    )


def _transaction_link() -> None:
    op.create_table(
        "transaction_link",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("transaction_id", Word, nullable=False),
        sa.Column("contact_id", Word, nullable=True),
        sa.Column("category_id", Word, nullable=True),
        sa.Column("source_id", Word, nullable=True),
        sa.Column("entry_categories", Word, nullable=True),
        sa.Column("date", Day(), nullable=False),
        sa.Column("posted", Flag(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "transaction_id", name=op.f("transaction_link_pk")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "category_id"],
            ["category.organization_id", "category.id"],
            name=op.f("transaction_link_organization_id_category_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "contact_id"],
            ["contact.organization_id", "contact.id"],
            name=op.f("transaction_link_organization_id_contact_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "transaction_id"],
            ["transaction.organization_id", "transaction.id"],
            name=op.f("transaction_link_organization_id_transaction_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("transaction_link_organization_id_category_id_date_transaction_id_index"),
        "transaction_link",
        ["organization_id", "category_id", "date", "transaction_id"],
    )
    op.create_index(
        op.f("transaction_link_organization_id_contact_id_date_transaction_id_index"),
        "transaction_link",
        ["organization_id", "contact_id", "date", "transaction_id"],
    )


def _application() -> None:
    op.create_table(
        "application",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("id", Word, nullable=False),
        sa.Column("side", Word, nullable=False),
        sa.Column("contact_id", Word, nullable=False),
        sa.Column("from_id", Word, nullable=False),
        sa.Column("to_id", Word, nullable=False),
        sa.Column("date", Day(), nullable=False),
        sa.Column("currency", Word, nullable=False),
        sa.Column("amount", Count, nullable=False),
        sa.Column("from_base", Count, nullable=False),
        sa.Column("to_base", Count, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("transaction_id", Word, nullable=True),
        sa.Column("ended_on", Day(), nullable=True),
        sa.Column("ending_transaction_id", Word, nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("application_pk")),
        sa.ForeignKeyConstraint(
            ["organization_id", "ending_transaction_id"],
            ["transaction.organization_id", "transaction.id"],
            name=op.f("application_organization_id_ending_transaction_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "from_id"],
            ["open_item.organization_id", "open_item.id"],
            name=op.f("application_organization_id_from_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "to_id"],
            ["open_item.organization_id", "open_item.id"],
            name=op.f("application_organization_id_to_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "transaction_id"],
            ["transaction.organization_id", "transaction.id"],
            name=op.f("application_organization_id_transaction_id_fk"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("application_amount_check")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("application_organization_id_from_id_index"),
        "application",
        ["organization_id", "from_id"],
    )
    op.create_index(
        op.f("application_organization_id_to_id_index"), "application", ["organization_id", "to_id"]
    )


def _document_line() -> None:
    op.create_table(
        "document_line",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("document_id", Word, nullable=False),
        sa.Column("position", Count, nullable=False),
        sa.Column("description", Word, nullable=False),
        sa.Column("quantity", Word, nullable=False),
        sa.Column("unit_price", Word, nullable=False),
        sa.Column("account_id", Word, nullable=False),
        sa.Column("amount", Count, nullable=False),
        sa.Column("net", Count, nullable=False),
        sa.Column("tax", Count, nullable=False),
        sa.Column("discount", Count, nullable=False),
        sa.Column("discount_percent", Word, nullable=True),
        sa.Column("discount_amount", Count, nullable=True),
        sa.Column("unit", Word, nullable=True),
        sa.Column("tax_rate_id", Word, nullable=True),
        sa.Column("item_id", Word, nullable=True),
        sa.Column("category_id", Word, nullable=True),
        sa.Column("taxes", Word, nullable=False),
        sa.Column("issued", Flag(), nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id", "document_id", "position", name=op.f("document_line_pk")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["account.organization_id", "account.id"],
            name=op.f("document_line_organization_id_account_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "category_id"],
            ["category.organization_id", "category.id"],
            name=op.f("document_line_organization_id_category_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "document_id"],
            ["document.organization_id", "document.id"],
            name=op.f("document_line_organization_id_document_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "item_id"],
            ["item.organization_id", "item.id"],
            name=op.f("document_line_organization_id_item_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "tax_rate_id"],
            ["tax_rate.organization_id", "tax_rate.id"],
            name=op.f("document_line_organization_id_tax_rate_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("document_line_organization_id_account_id_index"),
        "document_line",
        ["organization_id", "account_id"],
    )
    op.create_index(
        op.f("document_line_organization_id_category_id_index"),
        "document_line",
        ["organization_id", "category_id"],
    )
    op.create_index(
        op.f("document_line_organization_id_item_id_index"),
        "document_line",
        ["organization_id", "item_id"],
    )
    op.create_index(
        op.f("document_line_organization_id_tax_rate_id_index"),
        "document_line",
        ["organization_id", "tax_rate_id"],
    )


def _tax_entry() -> None:
    op.create_table(
        "tax_entry",
        sa.Column("organization_id", Word, nullable=False),
        sa.Column("document_id", Word, nullable=False),
        sa.Column("is_cancellation", Flag(), nullable=False),
        sa.Column("position", Count, nullable=False),
        sa.Column("date", Day(), nullable=False),
        sa.Column("tax_rate_id", Word, nullable=False),
        sa.Column("name", Word, nullable=False),
        sa.Column("percent", Word, nullable=False),
        sa.Column("is_sale", Flag(), nullable=False),
        sa.Column("is_recoverable", Flag(), nullable=False),
        sa.Column("is_reverse_charge", Flag(), nullable=False),
        sa.Column("base", Count, nullable=False),
        sa.Column("tax", Count, nullable=False),
        sa.PrimaryKeyConstraint(
            "organization_id",
            "document_id",
            "is_cancellation",
            "position",
            name=op.f("tax_entry_pk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "document_id"],
            ["document.organization_id", "document.id"],
            name=op.f("tax_entry_organization_id_document_id_fk"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "tax_rate_id"],
            ["tax_rate.organization_id", "tax_rate.id"],
            name=op.f("tax_entry_organization_id_tax_rate_id_fk"),
        ),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("tax_entry_organization_id_date_index"), "tax_entry", ["organization_id", "date"]
    )
