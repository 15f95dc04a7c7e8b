"""Transactions in the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import date as Date
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.errors import LedgerError
from ledger.money import rate_text
from ledger.organizations import Organization
from ledger.transactions import Draft, DraftEntry, Entry, Transaction
from resolvers import transactions as decisions
from resolvers.books import Command, Written, unknown_transaction
from schema.accounts import AccountNode, accounts_by_id
from schema.connections import by_cursor, by_position
from schema.context import Reading
from schema.enums import EntryType, TransactionKind, TransactionStatus
from schema.filters import plain
from schema.loading import batched
from schema.money import CurrencyNode, currency_node, text
from schema.nodes import Loaded, Node
from schema.operation import mutation, only_given, query
from schema.scalars import DecimalText, Json, midnight
from schema.transaction_lists import (
    TRANSACTIONS,
    TransactionConnection,
    TransactionOrder,
    TransactionWhere,
    order_of,
)
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

    id: strawberry.ID
    description: str
    date: datetime = strawberry.field(description="The business date, at 00:00:00Z.")
    status: TransactionStatus
    kind: TransactionKind
    amount: DecimalText = strawberry.field(description="The total of the debits.")
    currency: CurrencyNode = strawberry.field(
        description="The currency that all entries share, else the organization's."
    )
    base_amount: DecimalText
    entries: list[LedgerEntryNode]
    reference: str | None
    payment_method: str | None
    external_id: str | None = strawberry.field(description="The caller's own id; permanent.")
    metadata: Json
    fiscal_year: int | None = strawberry.field(description="The year in which it began.")
    journal_number: int | None = strawberry.field(
        description="Given on posting, without gaps per fiscal year."
    )
    posted_at: datetime | None
    failure_reason: str | None = strawberry.field(description="Why posting it was refused.")
    failure_message: str | None
    reversal_of_id: strawberry.ID | None
    reversed_by_id: strawberry.ID | None
    reversal_reason: str | None
    version: int = strawberry.field(description="Counts changes; give it to updates.")
    created_at: datetime
    updated_at: datetime
    fact: strawberry.Private[Transaction]
    loaded: Loaded = field(default_factory=dict)

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
        created_at=created_at,
        transaction_id=strawberry.ID(transaction_id),
    )


def transaction_node(fact: Transaction, organization: Organization) -> TransactionNode:
    """A transaction as the API shows it."""
    base = organization.base_currency
    of, by = fact.reversal_of, fact.reversed_by
    return TransactionNode(
        id=strawberry.ID(fact.id),
        description=fact.description,
        date=midnight(fact.date),
        status=fact.status,
        kind=fact.kind,
        amount=text(fact.amount, fact.currency),
        currency=currency_node(fact.currency),
        base_amount=text(fact.base_amount, base),
        entries=[
            entry_node(entry, fact.id, position, fact.created_at, base)
            for position, entry in enumerate(fact.entries)
        ],
        reference=fact.reference,
        payment_method=fact.payment_method,
        external_id=fact.external_id,
        metadata=Json(fact.metadata),
        fiscal_year=fact.fiscal_year,
        journal_number=fact.journal_number,
        posted_at=fact.posted_at,
        failure_reason=fact.failure_reason,
        failure_message=fact.failure_message,
        reversal_of_id=None if of is None else strawberry.ID(of),
        reversed_by_id=None if by is None else strawberry.ID(by),
        reversal_reason=fact.reversal_reason,
        version=fact.version,
        created_at=fact.created_at,
        updated_at=fact.updated_at,
        fact=fact,
    )


async def transactions_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, TransactionNode]:
    """The transactions of the organization that have these ids."""
    found = await reading.read(transactions.existing, reading.organization_id, keys)
    organization = await reading.organization()
    return {key: transaction_node(fact, organization) for key, fact in found.items()}


async def _linked(reading: Reading, keys: list[str | None]) -> list[TransactionNode | None]:
    known = sorted({key for key in keys if key is not None})
    found = await transactions_by_id(reading, known) if known else {}
    return [None if key is None else found[key] for key in keys]


async def list_transactions(
    reading: Reading,
    where: TransactionWhere | None,
    order_by: TransactionOrder | None,
    limit: int | None,
    offset: int,
) -> list[TransactionNode]:
    """Transactions by position."""
    facts = await by_position(
        reading, TRANSACTIONS, plain(where), order_of(order_by), limit, offset
    )
    organization = await reading.organization()
    return [transaction_node(fact, organization) for fact in facts]


async def connect_transactions(
    reading: Reading,
    where: TransactionWhere | None,
    order_by: TransactionOrder | None,
    **window: Any,
) -> TransactionConnection:
    """Transactions by cursor."""
    terms = plain(where)
    page = await by_cursor(reading, TRANSACTIONS, terms, order_of(order_by), **window)
    organization = await reading.organization()
    nodes = [transaction_node(fact, organization) for fact in page.items]
    return TransactionConnection.of(nodes, page, terms)


@query(TransactionNode | None)
async def transaction(reading: Reading, id: strawberry.ID) -> TransactionNode:
    """A transaction of the organization by its id."""
    key = ids.normalise("txn_", id)
    found = await transactions_by_id(reading, [key])
    if key not in found:
        raise unknown_transaction(str(id)[:40])
    return found[key]


@query(list[TransactionNode], name="transactions")
async def all_transactions(
    reading: Reading,
    where: TransactionWhere | None = None,
    order_by: TransactionOrder | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[TransactionNode]:
    """Transactions, newest first; up to 1,000 when no limit is given."""
    return await list_transactions(reading, where, order_by, limit, offset)


@query(TransactionConnection)
async def transactions_connection(
    reading: Reading,
    where: TransactionWhere | None = None,
    order_by: TransactionOrder | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> TransactionConnection:
    """Transactions, newest first, by cursor."""
    window = {"first": first, "after": after, "last": last, "before": before}
    return await connect_transactions(reading, where, order_by, **window)


@strawberry.input(description="One debit or credit.")
class LedgerEntryInput:
    """An entry as a caller gives it."""

    account_id: strawberry.ID
    entry_type: EntryType
    amount: DecimalText = strawberry.field(description="Positive, in the entry's currency.")
    description: str | None = None
    reference: str | None = None
    currency: str | None = strawberry.field(
        default=None, description="Else the transaction's, else the account's."
    )
    exchange_rate: DecimalText | None = strawberry.field(
        default=None, description="Base currency for one unit of the entry's currency."
    )
    base_amount: DecimalText | None = strawberry.field(
        default=None, description="The amount in base currency; wins over the exchange rate."
    )


@strawberry.input(description="A transaction, for createTransactions.")
class TransactionInput:
    """A transaction as a caller gives it."""

    description: str
    date: datetime
    entries: list[LedgerEntryInput]
    reference: str | None = None
    currency: str | None = None
    payment_method: str | None = None
    external_id: str | None = None
    metadata: Json | None = None
    kind: TransactionKind = TransactionKind.STANDARD


def _draft(given: TransactionInput) -> Draft:
    return Draft(
        description=given.description,
        date=given.date.date(),
        entries=_entries(given.entries),
        currency=given.currency,
        reference=given.reference,
        payment_method=given.payment_method,
        external_id=given.external_id,
        metadata=given.metadata,
        kind=given.kind,
    )


def _entries(given: list[LedgerEntryInput]) -> list[DraftEntry]:
    return [
        DraftEntry(
            account_id=ids.normalise("act_", entry.account_id),
            entry_type=entry.entry_type,
            amount=entry.amount,
            currency=entry.currency,
            exchange_rate=entry.exchange_rate,
            base_amount=entry.base_amount,
            description=entry.description,
            reference=entry.reference,
        )
        for entry in given
    ]


async def _written(reading: Reading, written: Written) -> TransactionNode:
    return (await _written_by_id(reading, written, [written.outcome]))[written.outcome]


async def _written_by_id(
    reading: Reading, written: Written, keys: Sequence[str]
) -> dict[str, TransactionNode]:
    facts = {k: fact for k, fact in written.facts.items() if isinstance(fact, Transaction)}
    if missing := [key for key in keys if key not in facts]:
        facts |= await reading.read(transactions.existing, reading.organization_id, missing)
    organization = await reading.organization()
    return {key: transaction_node(facts[key], organization) for key in keys if key in facts}


async def _flag(_reading: Reading, written: Written) -> bool:
    return bool(written.outcome)


@mutation(TransactionNode, credits=2, result=_written)
def create_transaction(
    description: str,
    date: datetime,
    entries: list[LedgerEntryInput],
    reference: str | None = None,
    currency: str | None = None,
    payment_method: str | None = None,
    external_id: str | None = None,
    metadata: Json | None = None,
    kind: TransactionKind = TransactionKind.STANDARD,
    post: bool = False,
) -> Command:
    """Enter a transaction: debits equal credits. It is PENDING unless `post` is true."""
    given = TransactionInput(
        description=description,
        date=date,
        entries=entries,
        reference=reference,
        currency=currency,
        payment_method=payment_method,
        external_id=external_id,
        metadata=metadata,
        kind=kind,
    )
    return decisions.create(_draft(given), post=post)


@strawberry.type
class ErrorNode:
    """Why one item of a bulk call was refused."""

    code: str
    reason: str
    message: str
    suggestion: str | None
    field: str | None
    details: Json


@strawberry.type
class TransactionResult:
    """What became of one item of a bulk call: a transaction, or an error."""

    index: int
    transaction: TransactionNode | None
    error: ErrorNode | None


@strawberry.type
class TransactionResults:
    """What became of a bulk call; `results` in the order of its items."""

    created: int
    failed: int
    results: list[TransactionResult]


async def _written_results(reading: Reading, written: Written) -> TransactionResults:
    keys = [item["id"] for item in written.outcome if "id" in item]
    nodes = await _written_by_id(reading, written, keys)
    results = [
        TransactionResult(
            index=index,
            transaction=nodes.get(item.get("id", "")),
            error=_error_node(item["error"]) if "error" in item else None,
        )
        for index, item in enumerate(written.outcome)
    ]
    return TransactionResults(created=len(keys), failed=len(results) - len(keys), results=results)


def _error_node(plain_error: dict[str, Any]) -> ErrorNode:
    error = LedgerError.from_plain(plain_error)
    return ErrorNode(
        code=error.code.value,
        reason=error.reason.slug,
        message=error.message,
        suggestion=error.suggestion,
        field=error.field,
        details=Json(error.details),
    )


@mutation(TransactionResults, credits=2, result=_written_results)
def create_transactions(
    transactions: list[TransactionInput], post: bool = False, continue_on_error: bool = False
) -> Command:
    """Enter up to 1,000 transactions in one commit: all or none, or with `continueOnError` each
    for itself. Priced per item.
    """
    drafts = [_draft(given) for given in transactions]
    return decisions.create_many(drafts, post=post, continue_on_error=continue_on_error)


@mutation(TransactionNode, result=_written)
def update_transaction(
    id: strawberry.ID,
    description: str | None = UNSET,
    date: datetime | None = UNSET,
    entries: list[LedgerEntryInput] | None = UNSET,
    reference: str | None = UNSET,
    currency: str | None = UNSET,
    payment_method: str | None = UNSET,
    external_id: str | None = UNSET,
    metadata: Json | None = UNSET,
    version: int | None = None,
) -> Command:
    """Change a PENDING or FAILED transaction. What is absent stays; null clears; entries are
    replaced as a whole. A FAILED one is PENDING again.
    """
    given = {
        "description": description,
        "date": date.date() if isinstance(date, datetime) else date,
        "entries": _entries(entries) if isinstance(entries, list) else entries,
        "reference": reference,
        "currency": currency,
        "payment_method": payment_method,
        "external_id": external_id,
        "metadata": metadata,
    }
    clears = ("reference", "currency", "payment_method", "external_id", "metadata")
    changed = only_given(given, nullable=clears)
    return decisions.update(ids.normalise("txn_", id), changed, version=version)


@mutation(bool, result=_flag)
def delete_transaction(id: strawberry.ID, version: int | None = None) -> Command:
    """Delete a transaction that was never posted."""
    return decisions.delete(ids.normalise("txn_", id), version=version)


@mutation(TransactionNode, result=_written)
def post_transaction(id: strawberry.ID, version: int | None = None) -> Command:
    """Post a PENDING or FAILED transaction: it then counts in balances and never changes. What
    the books refuse is recorded on it as FAILED.
    """
    return decisions.post(ids.normalise("txn_", id), version=version)


@mutation(TransactionNode, credits=2, result=_written)
def reverse_transaction(
    id: strawberry.ID, reason: str | None = None, reversal_date: datetime | None = None
) -> Command:
    """Offset a POSTED transaction by a second one, which is returned. Its date is the one
    given, else the later of today and the original's.
    """
    on: Date | None = None if reversal_date is None else reversal_date.date()
    return decisions.reverse(ids.normalise("txn_", id), on=on, reason=reason)
