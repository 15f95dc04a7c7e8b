"""Transactions in the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import Annotated

import strawberry

from ledger import ids
from ledger.money import rate_text
from ledger.organizations import Organization
from ledger.transactions import Entry, Transaction
from resolvers.books import unknown_transaction
from schema.accounts import AccountNode, accounts_by_id
from schema.attachments import AttachmentNode, attachments_of
from schema.connections import by_position
from schema.context import Reading
from schema.enums import EntryType, TransactionKind, TransactionStatus, TransactionType
from schema.loading import batched
from schema.money import CurrencyNode, currency_node, text
from schema.nodes import Loaded, Node, id_or_none, of_fact, shown
from schema.operation import query
from schema.scalars import DecimalText, Json, midnight
from schema.transaction_lists import LISTS, SOURCE, TransactionWhere
from store import transactions


@strawberry.type
class LedgerEntryNode(Node):
    """One debit or credit of a transaction."""

    id: strawberry.ID
    account_id: strawberry.ID
    entry_type: EntryType
    amount: DecimalText = strawberry.field(description="Positive, in the entry's currency.")
    currency: CurrencyNode
    base_amount: DecimalText = strawberry.field(description="The same in the base currency.")
    exchange_rate: DecimalText | None = strawberry.field(
        description="Base currency for one unit of the entry's; null in the base currency."
    )
    description: str | None
    reference: str | None
    category_id: strawberry.ID | None
    created_at: datetime
    transaction_id: strawberry.ID
    loaded: Loaded = field(default_factory=dict)

    @batched(AccountNode)
    async def account(nodes: Sequence[LedgerEntryNode], reading: Reading) -> list[AccountNode]:
        """The account that the entry stands in."""
        found = await accounts_by_id(reading, sorted({node.account_id for node in nodes}))
        return [found[node.account_id] for node in nodes]

    @batched(Annotated["TransactionNode", strawberry.lazy("schema.transactions")])
    async def transaction(
        nodes: Sequence[LedgerEntryNode], reading: Reading
    ) -> list[TransactionNode]:
        """The transaction that the entry belongs to."""
        keys = sorted({node.transaction_id for node in nodes})
        found = await transactions_by_id(reading, keys)
        return [found[node.transaction_id] for node in nodes]


@strawberry.type
class TransactionNode(Node):
    """A balanced set of entries with one date. POSTED and REVERSED ones count in balances."""

    fact: strawberry.Private[Transaction]
    base: strawberry.Private[str]
    id: strawberry.ID = of_fact("id")
    description: str = of_fact("description")
    date: datetime = shown(
        lambda node: midnight(node.fact.date), "The business date, at 00:00:00Z."
    )
    status: TransactionStatus = of_fact("status")
    kind: TransactionKind = of_fact("kind")
    type: TransactionType | None = of_fact(
        "type", "What its caller calls it; a label on which nothing depends."
    )
    amount: DecimalText = shown(
        lambda node: text(node.fact.amount, node.fact.currency), "The total of the debits."
    )
    currency: CurrencyNode = shown(
        lambda node: currency_node(node.fact.currency),
        "The currency that all entries share, else the organization's.",
    )
    base_amount: DecimalText = shown(lambda node: text(node.fact.base_amount, node.base))
    reference: str | None = of_fact("reference")
    payment_method: str | None = of_fact("payment_method")
    external_id: str | None = of_fact("external_id", "The caller's own id; permanent.")
    metadata: Json = of_fact("metadata")
    fiscal_year: int | None = of_fact("fiscal_year", "The year in which it began.")
    journal_number: int | None = of_fact(
        "journal_number", "Given on posting, without gaps per fiscal year."
    )
    posted_at: datetime | None = of_fact("posted_at")
    failure_reason: str | None = of_fact("failure_reason", "Why posting it was refused.")
    failure_message: str | None = of_fact("failure_message")
    reversal_of_id: strawberry.ID | None = of_fact("reversal_of")
    reversed_by_id: strawberry.ID | None = of_fact("reversed_by")
    reversal_reason: str | None = of_fact("reversal_reason")
    contact_id: strawberry.ID | None = of_fact("contact_id")
    category_id: strawberry.ID | None = of_fact("category_id")
    source_id: strawberry.ID | None = of_fact(
        "source_id", "The document, payment or application that it was posted for."
    )
    version: int = of_fact("version", "Counts changes; give it to updates.")
    created_at: datetime = of_fact("created_at")
    updated_at: datetime = of_fact("updated_at")
    loaded: Loaded = field(default_factory=dict)

    @batched(list[LedgerEntryNode])
    async def entries(
        nodes: Sequence[TransactionNode], reading: Reading
    ) -> list[list[LedgerEntryNode]]:
        """The debits and credits, in the order in which they were given."""
        bare = [node.fact.id for node in nodes if not node.fact.entries]
        ask = transactions.entries_of
        found = await reading.read(ask, reading.organization_id, bare) if bare else {}
        return [entry_nodes(node, found.get(node.fact.id)) for node in nodes]

    @batched(Annotated["TransactionNode", strawberry.lazy("schema.transactions")] | None)
    async def reversal_of(
        nodes: Sequence[TransactionNode], reading: Reading
    ) -> list[TransactionNode | None]:
        """The transaction that this one offsets."""
        return await _linked(reading, [node.fact.reversal_of for node in nodes])

    @batched(Annotated["TransactionNode", strawberry.lazy("schema.transactions")] | None)
    async def reversed_by(
        nodes: Sequence[TransactionNode], reading: Reading
    ) -> list[TransactionNode | None]:
        """The transaction that offsets this one."""
        return await _linked(reading, [node.fact.reversed_by for node in nodes])

    @batched(list[AttachmentNode])
    async def attachments(
        nodes: Sequence[TransactionNode], reading: Reading
    ) -> list[list[AttachmentNode]]:
        """Files that belong to it."""
        return await attachments_of(reading, [node.fact.id for node in nodes])


def entry_node(
    entry: Entry, transaction_id: str, position: int, created_at: datetime, base: str
) -> LedgerEntryNode:
    """An entry as the API shows it."""
    rate = entry.exchange_rate
    return LedgerEntryNode(
        id=strawberry.ID(ids.entry_id(transaction_id, position)),
        account_id=strawberry.ID(entry.account_id),
        entry_type=entry.entry_type,
        amount=text(entry.amount, entry.currency),
        currency=currency_node(entry.currency),
        base_amount=text(entry.base_amount, base),
        exchange_rate=None if rate is None else DecimalText(rate_text(rate)),
        description=entry.description,
        reference=entry.reference,
        category_id=id_or_none(entry.category_id),
        created_at=created_at,
        transaction_id=strawberry.ID(transaction_id),
    )


def entry_nodes(
    node: TransactionNode, entries: Sequence[Entry] | None = None
) -> list[LedgerEntryNode]:
    """The entries of a transaction as the API shows them; those of its fact unless given."""
    fact = node.fact
    return [
        entry_node(entry, fact.id, position, fact.created_at, node.base)
        for position, entry in enumerate(fact.entries if entries is None else entries)
    ]


def transaction_node(fact: Transaction, organization: Organization) -> TransactionNode:
    """A transaction as the API shows it."""
    return TransactionNode(fact=fact, base=organization.base_currency)


async def transactions_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, TransactionNode]:
    """The transactions of the organization that have these ids."""
    found = await reading.read(transactions.existing, reading.organization_id, keys)
    for key in keys:
        if isinstance(decided := reading.unstored.get(key), Transaction):
            found[key] = decided
    organization = await reading.organization()
    return {key: transaction_node(fact, organization) for key, fact in found.items()}


async def _linked(reading: Reading, keys: list[str | None]) -> list[TransactionNode | None]:
    known = sorted({key for key in keys if key is not None})
    found = await transactions_by_id(reading, known) if known else {}
    return [None if key is None else found[key] for key in keys]


async def transaction_nodes(
    reading: Reading, facts: Sequence[Transaction]
) -> list[TransactionNode]:
    """Transactions as the API shows them."""
    organization = await reading.organization()
    return [transaction_node(fact, organization) for fact in facts]


async def latest_transactions(reading: Reading, limit: int) -> list[TransactionNode]:
    """The newest transactions."""
    facts = await by_position(reading, SOURCE, None, LISTS.order(None), limit, 0)
    return await transaction_nodes(reading, facts)


@query(TransactionNode | None)
async def transaction(reading: Reading, id: strawberry.ID) -> TransactionNode:
    """A transaction of the organization by its id."""
    key = ids.normalise("txn_", id)
    found = await transactions_by_id(reading, [key])
    if key not in found:
        raise unknown_transaction(str(id)[:40])
    return found[key]


all_transactions, transactions_connection = LISTS.queries(
    TransactionWhere, SOURCE, transaction_nodes, "Transactions, newest first"
)
