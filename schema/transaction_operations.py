"""What can be done to transactions: entered, changed, posted, reversed, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date as Date
from datetime import datetime
from typing import Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.errors import LedgerError, Reason
from ledger.transactions import Draft, DraftEntry, Transaction
from resolvers import transactions as decisions
from resolvers.books import Command, Written
from schema.attachments import deleted_with_files
from schema.context import Reading
from schema.enums import EntryType, TransactionKind, TransactionType
from schema.error_nodes import ErrorNode, error_node
from schema.loading import batched
from schema.nodes import Loaded, normal
from schema.operation import mutation, only_given
from schema.scalars import DecimalText, Json
from schema.transactions import TransactionNode, transaction_node
from store import transactions


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
    contact_id: strawberry.ID | None = None
    category_id: strawberry.ID | None = None
    type: TransactionType | None = None


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
        contact_id=normal("con_", given.contact_id),
        category_id=normal("cat_", given.category_id),
        type=given.type,
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
    found = await _written_by_id(reading, written, [written.outcome])
    if written.outcome not in found:
        raise _gone(written.outcome)
    return found[written.outcome]


def _gone(transaction_id: str) -> LedgerError:
    return LedgerError(
        Reason.NOT_FOUND,
        f"Transaction {transaction_id}, which this request once wrote, was deleted since.",
        "Use a new idempotency key to enter another.",
        {"transaction_id": transaction_id},
        "idempotencyKey",
    )


async def _written_by_id(
    reading: Reading, written: Written, keys: Sequence[str]
) -> dict[str, TransactionNode]:
    facts = {k: fact for k, fact in written.facts.items() if isinstance(fact, Transaction)}
    if missing := [key for key in keys if key not in facts]:
        facts |= await reading.read(transactions.existing, reading.organization_id, missing)
    organization = await reading.organization()
    return {key: transaction_node(facts[key], organization) for key in keys if key in facts}


@mutation(TransactionNode, credits=2, also={"post": "postTransaction"}, result=_written)
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
    contact_id: strawberry.ID | None = None,
    category_id: strawberry.ID | None = None,
    type: TransactionType | None = None,
    post: bool = False,
) -> Command:
    """Enter a transaction: debits equal credits. It is PENDING unless `post` is true. With a
    contact its entries on accounts receivable and payable are open items, as documents are.
    Its `type` is the caller's own label; a reversal has none.
    """
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
        contact_id=contact_id,
        category_id=category_id,
        type=type,
    )
    return decisions.create(_draft(given), post=post)


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
    written: strawberry.Private[Written]
    loaded: Loaded = field(default_factory=dict)

    @batched(list[TransactionResult])
    async def results(
        nodes: Sequence[TransactionResults], reading: Reading
    ) -> list[list[TransactionResult]]:
        """What became of each item."""
        return [await _results(reading, node.written) for node in nodes]


async def _results(reading: Reading, written: Written) -> list[TransactionResult]:
    keys = [item["id"] for item in written.outcome if "id" in item]
    nodes = await _written_by_id(reading, written, keys)
    return [
        TransactionResult(
            index=index,
            transaction=nodes.get(item.get("id", "")),
            error=_error_of(item, nodes),
        )
        for index, item in enumerate(written.outcome)
    ]


def _error_of(item: dict[str, Any], nodes: Mapping[str, TransactionNode]) -> ErrorNode | None:
    if "error" in item:
        return error_node(item["error"])
    return None if item["id"] in nodes else error_node(_gone(item["id"]).plain())


async def _written_results(_reading: Reading, written: Written) -> TransactionResults:
    created = sum("id" in item for item in written.outcome)
    failed = len(written.outcome) - created
    return TransactionResults(created=created, failed=failed, written=written)


@mutation(TransactionResults, credits=2, also={"post": "postTransaction"}, result=_written_results)
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
    contact_id: strawberry.ID | None = UNSET,
    category_id: strawberry.ID | None = UNSET,
    type: TransactionType | None = UNSET,
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
        "contact_id": normal("con_", contact_id),
        "category_id": normal("cat_", category_id),
        "type": type,
    }
    clears = given.keys() - {"description", "date", "entries"}
    changed = only_given(given, nullable=clears)
    return decisions.update(ids.normalise("txn_", id), changed, version=version)


@mutation(bool, result=deleted_with_files)
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
