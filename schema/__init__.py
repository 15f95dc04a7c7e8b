"""What callers see: the GraphQL schema, which is the registry of all operations.

This page is its table of contents. An operation is one function in the file of its noun,
declared with `@query` or `@mutation` (see `operation`), and listed here. `loading` fetches
what a document selects, level by level; `execution` runs documents, those that come again by
what `compiled` makes of them; `view` is their HTTP.
"""

from __future__ import annotations

import inspect

import strawberry
from graphql import GraphQLSchema
from strawberry.printer import print_schema
from strawberry.schema.config import StrawberryConfig
from strawberry.tools import create_type

from schema import (
    account_operations,
    accounts,
    aging_reports,
    attachments,
    bill_operations,
    bills,
    categories,
    category_operations,
    category_report,
    contact_operations,
    contact_statements,
    contacts,
    credit_note_operations,
    credit_notes,
    credits,
    currencies,
    event_exports,
    events,
    imports,
    invoice_operations,
    invoices,
    item_operations,
    items,
    jobs,
    keys,
    metrics,
    node_queries,
    organizations,
    payment_operations,
    payments,
    sales_reports,
    tax_rate_operations,
    tax_rates,
    tax_reports,
    transaction_operations,
    transactions,
)
from schema.operation import OperationDirective
from schema.scalars import SCALARS
from schema.wiring import wire

Query = create_type(
    "Query",
    [
        organizations.organization,
        organizations.organization_by_id,
        accounts.account,
        accounts.all_accounts,
        accounts.accounts_connection,
        transactions.transaction,
        transactions.all_transactions,
        transactions.transactions_connection,
        contacts.contact,
        contacts.all_contacts,
        contacts.contacts_connection,
        attachments.attachment,
        attachments.attachments,
        invoices.invoice,
        invoices.all_invoices,
        invoices.invoices_connection,
        bills.bill,
        bills.all_bills,
        bills.bills_connection,
        credit_notes.credit_note,
        credit_notes.all_credit_notes,
        credit_notes.credit_notes_connection,
        payments.payment,
        payments.all_payments,
        payments.payments_connection,
        categories.category,
        categories.all_categories,
        categories.categories_connection,
        category_report.category_report,
        items.item,
        items.all_items,
        items.items_connection,
        tax_rates.tax_rate,
        tax_rates.all_tax_rates,
        tax_rates.tax_rates_connection,
        organizations.trial_balance,
        organizations.balance_sheet,
        organizations.income_statement,
        aging_reports.accounts_receivable_aging,
        aging_reports.accounts_payable_aging,
        contact_statements.contact_statement,
        sales_reports.sales_by_customer,
        tax_reports.tax_report,
        organizations.ledger_health,
        credits.credit_balance,
        credits.credit_packages,
        credits.credit_usage,
        keys.api_key,
        keys.api_keys,
        currencies.currencies,
        currencies.currency,
        events.events_connection,
        jobs.job,
        jobs.all_jobs,
        jobs.jobs_connection,
        jobs.queues,
        metrics.system_metrics,
        node_queries.node,
        node_queries.nodes,
    ],
    description="Reads. All fields of one document read the same snapshot of the books.",
)

Mutation = create_type(
    "Mutation",
    [
        organizations.update_organization,
        organizations.update_document_settings,
        account_operations.create_account,
        account_operations.create_accounts,
        account_operations.update_account,
        account_operations.delete_account,
        transaction_operations.create_transaction,
        transaction_operations.create_transactions,
        transaction_operations.update_transaction,
        transaction_operations.delete_transaction,
        transaction_operations.post_transaction,
        transaction_operations.reverse_transaction,
        imports.import_books,
        contact_operations.create_contact,
        contact_operations.update_contact,
        contact_operations.erase_contact,
        contact_operations.delete_contact,
        attachments.delete_attachment,
        invoice_operations.create_invoice,
        invoice_operations.update_invoice,
        invoice_operations.delete_invoice,
        invoice_operations.send_invoice,
        invoice_operations.deliver_invoice,
        invoice_operations.cancel_invoice,
        invoice_operations.create_opening_invoice,
        bill_operations.create_bill,
        bill_operations.update_bill,
        bill_operations.delete_bill,
        bill_operations.receive_bill,
        bill_operations.cancel_bill,
        bill_operations.create_opening_bill,
        credit_note_operations.create_credit_note,
        credit_note_operations.update_credit_note,
        credit_note_operations.delete_credit_note,
        credit_note_operations.issue_credit_note,
        credit_note_operations.cancel_credit_note,
        payment_operations.record_invoice_payment,
        payment_operations.record_bill_payment,
        payment_operations.create_payment,
        payment_operations.apply_credit,
        payment_operations.unapply_credit,
        payment_operations.refund_credit,
        payment_operations.void_payment,
        category_operations.create_category,
        category_operations.update_category,
        category_operations.delete_category,
        item_operations.create_item,
        item_operations.update_item,
        item_operations.delete_item,
        tax_rate_operations.create_tax_rate,
        tax_rate_operations.update_tax_rate,
        tax_rate_operations.delete_tax_rate,
        jobs.cancel_job,
        jobs.prioritize_job,
        event_exports.export_events,
        credits.purchase_credits,
        credits.update_billing,
        keys.create_api_key,
        keys.change_api_key,
        keys.rotate_api_key,
        keys.revoke_api_key,
    ],
    description="Writes. Each field is all or nothing, and takes `idempotencyKey` (one effect, "
    "one answer, for 24 hours) and `dryRun` (all checks, the same answer, nothing stored).",
)


def _describe(made: strawberry.Schema) -> None:
    """Let the first paragraph of a class's docstring be the text of its type."""
    for named in made._schema.type_map.values():  # noqa: SLF001 (there is no other way in)
        definition = named.extensions.get("strawberry-definition")
        origin = getattr(definition, "origin", None)
        text = getattr(origin, "__doc__", None) or ""
        written = text and not text.startswith(f"{named.name}(")  # the framework's own is a call
        if written and named.description is None:
            named.description = inspect.cleandoc(text)


NODES = [
    accounts.AccountNode,
    transactions.TransactionNode,
    transactions.LedgerEntryNode,
    contacts.ContactNode,
    invoices.InvoiceNode,
    bills.BillNode,
    credit_notes.CreditNoteNode,
    payments.PaymentNode,
    jobs.JobNode,
    attachments.AttachmentNode,
]
CONFIG = StrawberryConfig(scalar_map=SCALARS)

schema = strawberry.Schema(
    Query, Mutation, types=NODES, schema_directives=[OperationDirective], config=CONFIG
)

_describe(schema)
core: GraphQLSchema = schema._schema  # noqa: SLF001 (what the executor runs; there is no other way)
wire(core)


def sdl() -> str:
    """The schema in GraphQL's definition language, as committed in schema.graphql."""
    return print_schema(schema) + "\n"
