"""Organizations in the API: the books that an API key opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.errors import LedgerError, Reason
from ledger.organizations import Organization
from resolvers import organizations as decisions
from resolvers.books import Command, Written
from schema import (
    accounts,
    aging_reports,
    bills,
    categories,
    category_report,
    contacts,
    credit_notes,
    credits,
    invoices,
    items,
    payments,
    reports,
    sales_reports,
    tax_rates,
    tax_reports,
    transactions,
)
from schema.context import Reading
from schema.document_settings import (
    DocumentSettingsNode,
    settings_node,
)
from schema.document_settings import (
    update_document_settings as settings_command,
)
from schema.health import LedgerHealth, health_of
from schema.loading import batched
from schema.money import CurrencyNode, currency_node
from schema.nodes import Loaded, Node
from schema.operation import mutation, of_every, only_given, query
from schema.reports import BalanceSheetReport, IncomeStatementReport, TrialBalanceReport
from schema.scalars import Json
from schema.transactions import TransactionNode, latest_transactions

RECENT = 10
MOST_RECENT = 100
From = Annotated[date | None, strawberry.argument(name="from")]


@strawberry.type
class OrganizationNode(Node):
    """A set of books: its settings, its chart, its transactions and its reports."""

    id: strawberry.ID
    name: str
    base_currency: CurrencyNode = strawberry.field(description="The currency of all reports.")
    is_root: bool = strawberry.field(description="Whether it pays for itself.")
    is_live: bool = strawberry.field(description="False for the sandbox.")
    parent_organization_id: strawberry.ID | None
    fiscal_year_start_month: int
    fiscal_year_start_day: int
    time_zone: str = strawberry.field(description="Decides what today is.")
    books_closed_through: date | None = strawberry.field(
        description="The last day on which nothing can be posted any more."
    )
    domain: str | None
    tax_number: str | None
    documents: DocumentSettingsNode = strawberry.field(
        description="How its documents are made out.", name="documentSettings"
    )
    metadata: Json
    version: int = strawberry.field(description="Counts changes; give it to updates.")
    created_at: datetime
    updated_at: datetime
    loaded: Loaded = field(default_factory=dict)

    # Connections first: below a list its name is that of the field, no longer of the file.
    accounts_connection = of_every(accounts.accounts_connection)
    transactions_connection = of_every(transactions.transactions_connection)
    contacts_connection = of_every(contacts.contacts_connection)
    invoices_connection = of_every(invoices.invoices_connection)
    bills_connection = of_every(bills.bills_connection)
    credit_notes_connection = of_every(credit_notes.credit_notes_connection)
    payments_connection = of_every(payments.payments_connection)
    items_connection = of_every(items.items_connection)
    categories_connection = of_every(categories.categories_connection)
    tax_rates_connection = of_every(tax_rates.tax_rates_connection)
    accounts = of_every(accounts.all_accounts)
    transactions = of_every(transactions.all_transactions)
    contacts = of_every(contacts.all_contacts)
    invoices = of_every(invoices.all_invoices)
    bills = of_every(bills.all_bills)
    credit_notes = of_every(credit_notes.all_credit_notes)
    payments = of_every(payments.all_payments)
    items = of_every(items.all_items)
    categories = of_every(categories.all_categories)
    tax_rates = of_every(tax_rates.all_tax_rates)
    credits_remaining = credits.credits_remaining
    credit_balance = of_every(credits.credit_balance)
    credit_packages = of_every(credits.credit_packages)

    @batched(list[TransactionNode])
    async def recent_transactions(
        nodes: Sequence[OrganizationNode], reading: Reading, limit: int = RECENT
    ) -> list[list[TransactionNode]]:
        """The newest transactions, 10 unless a limit up to 100 is given."""
        if not 0 <= limit <= MOST_RECENT:
            raise LedgerError(
                Reason.INVALID_VALUE,
                f"limit is {limit}; from 0 to {MOST_RECENT} recent transactions are given.",
                "Page through `transactions` for more.",
                {"limit": MOST_RECENT},
                "limit",
            )
        return [await latest_transactions(reading, limit) for _ in nodes]

    @batched(TrialBalanceReport)
    async def trial_balance(
        nodes: Sequence[OrganizationNode],
        reading: Reading,
        as_of: date | None = None,
        compare_previous: bool = False,
    ) -> list[TrialBalanceReport]:
        """Every account's balance at the end of a day, by default today."""
        return [await reports.trial_balance_of(reading, as_of, compare_previous) for _ in nodes]

    @batched(BalanceSheetReport)
    async def balance_sheet(
        nodes: Sequence[OrganizationNode],
        reading: Reading,
        as_of: date | None = None,
        compare_previous: bool = False,
    ) -> list[BalanceSheetReport]:
        """What is owned and owed at the end of a day, by default today."""
        return [await reports.balance_sheet_of(reading, as_of, compare_previous) for _ in nodes]

    @batched(IncomeStatementReport)
    async def income_statement(
        nodes: Sequence[OrganizationNode],
        reading: Reading,
        from_: From = None,
        to: date | None = None,
        compare_previous: bool = False,
    ) -> list[IncomeStatementReport]:
        """What was earned and spent in a period, by default the fiscal year to date."""
        ask = reports.income_statement_of
        return [await ask(reading, from_, to, compare_previous) for _ in nodes]

    accounts_receivable_aging = of_every(aging_reports.accounts_receivable_aging)
    accounts_payable_aging = of_every(aging_reports.accounts_payable_aging)
    sales_by_customer = of_every(sales_reports.sales_by_customer)
    tax_report = of_every(tax_reports.tax_report)
    category_report = of_every(category_report.category_report)

    @batched(LedgerHealth, live=True)
    async def ledger_health(
        nodes: Sequence[OrganizationNode], reading: Reading
    ) -> list[LedgerHealth]:
        """The invariants of the books, recomputed from the entries."""
        return [await health_of(reading) for _ in nodes]


def organization_node(fact: Organization) -> OrganizationNode:
    """An organization as the API shows it."""
    parent = fact.parent_id
    month, day = fact.fiscal_year_start
    return OrganizationNode(
        id=strawberry.ID(fact.id),
        name=fact.name,
        base_currency=currency_node(fact.base_currency),
        is_root=parent is None,
        is_live=fact.is_live,
        parent_organization_id=None if parent is None else strawberry.ID(parent),
        fiscal_year_start_month=month,
        fiscal_year_start_day=day,
        time_zone=fact.time_zone,
        books_closed_through=fact.books_closed_through,
        domain=fact.domain,
        tax_number=fact.tax_number,
        documents=settings_node(fact.documents),
        metadata=Json(fact.metadata),
        version=fact.version,
        created_at=fact.created_at,
        updated_at=fact.updated_at,
    )


async def own_organization(reading: Reading, id: str | None) -> OrganizationNode:
    """The caller's organization, by its id or without one; any other is not found."""
    if id is not None and not reading.caller.is_own(ids.normalise("org_", id)):
        raise LedgerError(
            Reason.NOT_FOUND,
            f"There is no organization {str(id)[:40]} for this API key.",
            "Leave out the id: a key opens the books of its own organization.",
            {"organization_id": str(id)[:40]},
            "id",
        )
    return organization_node(await reading.organization())


@query(OrganizationNode | None)
async def organization(reading: Reading, id: strawberry.ID | None = None) -> OrganizationNode:
    """The organization of the API key."""
    return await own_organization(reading, id)


@query(OrganizationNode | None)
async def organization_by_id(reading: Reading, id: strawberry.ID) -> OrganizationNode:
    """The organization with this id, which must be that of the API key."""
    return await own_organization(reading, id)


@query(TrialBalanceReport)
async def trial_balance(
    reading: Reading, as_of: date | None = None, compare_previous: bool = False
) -> TrialBalanceReport:
    """Every account's balance at the end of a day, by default today."""
    return await reports.trial_balance_of(reading, as_of, compare_previous)


@query(BalanceSheetReport)
async def balance_sheet(
    reading: Reading, as_of: date | None = None, compare_previous: bool = False
) -> BalanceSheetReport:
    """What is owned and owed at the end of a day, by default today."""
    return await reports.balance_sheet_of(reading, as_of, compare_previous)


@query(IncomeStatementReport)
async def income_statement(
    reading: Reading,
    from_: From = None,
    to: date | None = None,
    compare_previous: bool = False,
) -> IncomeStatementReport:
    """What was earned and spent in a period, by default the fiscal year to date."""
    return await reports.income_statement_of(reading, from_, to, compare_previous)


@query(LedgerHealth, live=True)
async def ledger_health(reading: Reading) -> LedgerHealth:
    """The invariants of the books, recomputed from the entries."""
    return await health_of(reading)


async def _written(reading: Reading, written: Written) -> OrganizationNode:
    fact = written.facts.get(written.outcome)
    if isinstance(fact, Organization):
        return organization_node(fact)
    return organization_node(await reading.organization())


@mutation(OrganizationNode, result=_written, scope=decisions.ADMIN)
def update_organization(
    name: str | None = UNSET,
    fiscal_year_start_month: int | None = UNSET,
    fiscal_year_start_day: int | None = UNSET,
    time_zone: str | None = UNSET,
    books_closed_through: date | None = UNSET,
    domain: str | None = UNSET,
    tax_number: str | None = UNSET,
    metadata: Json | None = UNSET,
    version: int | None = None,
) -> Command:
    """Change the organization's settings. What is absent stays; null clears.
    `booksClosedThrough` closes the books: on that day and before, nothing is posted any more.
    """
    given: dict[str, Any] = only_given(
        {
            "name": name,
            "time_zone": time_zone,
            "books_closed_through": books_closed_through,
            "domain": domain,
            "tax_number": tax_number,
            "metadata": metadata,
        },
        nullable=("books_closed_through", "domain", "tax_number", "metadata"),
    )
    begin = only_given(
        {
            "fiscal_year_start_month": fiscal_year_start_month,
            "fiscal_year_start_day": fiscal_year_start_day,
        },
        nullable=(),
    )
    return decisions.update(
        given,
        version=version,
        month=begin.get("fiscal_year_start_month"),
        day=begin.get("fiscal_year_start_day"),
    )


update_document_settings = mutation(OrganizationNode, result=_written, scope=decisions.ADMIN)(
    settings_command
)
