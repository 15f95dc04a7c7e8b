"""Transactions: a balanced set of entries with one date.

A draft is what a caller says; a transaction is what the books hold (see `drafting`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ledger.accounts import EntryType
from ledger.facts import quick


class TransactionStatus(StrEnum):
    """Where a transaction stands; POSTED and REVERSED ones count in balances."""

    PENDING = "pending"
    POSTED = "posted"
    FAILED = "failed"
    REVERSED = "reversed"


class TransactionKind(StrEnum):
    """What a transaction is for; totals keep CLOSING ones apart."""

    STANDARD = "standard"
    OPENING = "opening"
    CLOSING = "closing"
    REVERSAL = "reversal"
    REVALUATION = "revaluation"


class TransactionType(StrEnum):
    """What the caller calls a transaction; a label, on which nothing depends."""

    INCOME = "income"
    EXPENSE = "expense"
    TRANSFER = "transfer"


@quick
@dataclass(frozen=True, slots=True)
class DraftEntry:
    """What a caller says of one entry; amounts and rates as they came, unparsed."""

    account_id: str
    entry_type: EntryType
    amount: str | int | Decimal
    currency: str | None = None
    exchange_rate: str | int | Decimal | None = None
    base_amount: str | int | Decimal | None = None
    description: str | None = None
    reference: str | None = None
    category_id: str | None = None


@quick
@dataclass(frozen=True, slots=True)
class Draft:
    """What a caller says of a transaction."""

    description: str
    date: date
    entries: Sequence[DraftEntry]
    currency: str | None = None
    reference: str | None = None
    payment_method: str | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] | None = None
    kind: TransactionKind = TransactionKind.STANDARD
    contact_id: str | None = None
    category_id: str | None = None
    type: TransactionType | None = None


@quick
@dataclass(frozen=True, slots=True)
class Entry:
    """One debit or credit: `amount` in minor units of `currency`, `base_amount` in base's."""

    account_id: str
    entry_type: EntryType
    amount: int
    currency: str
    base_amount: int
    exchange_rate: Decimal | None = None
    description: str | None = None
    reference: str | None = None
    category_id: str | None = None

    @property
    def base_signed(self) -> int:
        """The base amount, debit-positive."""
        return self.base_amount if self.entry_type is EntryType.DEBIT else -self.base_amount


@quick
@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction in the books.

    `currency` is the one that all entries share, else the organization's; `amount` is the
    total of the debits in it, `base_amount` in the organization's. `closing` says whether
    totals keep it apart (a CLOSING transaction or the reversal of one). `source_id` names the
    document, payment or application that the service posted it for: it is undone through that.
    """

    organization_id: str
    id: str
    date: date
    description: str
    entries: tuple[Entry, ...]
    currency: str
    amount: int
    base_amount: int
    created_at: datetime
    updated_at: datetime
    status: TransactionStatus = TransactionStatus.PENDING
    kind: TransactionKind = TransactionKind.STANDARD
    closing: bool = False
    reference: str | None = None
    payment_method: str | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    created_by: str | None = None
    fiscal_year: int | None = None
    journal_number: int | None = None
    posted_at: datetime | None = None
    failure_reason: str | None = None
    failure_message: str | None = None
    reversal_of: str | None = None
    reversed_by: str | None = None
    reversal_reason: str | None = None
    version: int = 1
    contact_id: str | None = None
    category_id: str | None = None
    source_id: str | None = None
    type: TransactionType | None = None

    @property
    def is_posted(self) -> bool:
        """Whether it counts in balances."""
        status = self.status
        return status is TransactionStatus.POSTED or status is TransactionStatus.REVERSED
