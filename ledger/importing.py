"""Importing: what a file of another system tells of transactions, before the books have seen it.

A file is read whole, and all that is wrong with it is told at once, by its lines. What a source
calls a transaction (its number) becomes the end of an external id, so that a file that is
imported twice is refused, and not entered twice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from ledger import texts
from ledger.accounts import AccountType, EntryType, Subtype
from ledger.errors import LedgerError, Reason
from ledger.transactions import Draft, DraftEntry, TransactionKind, TransactionType

MOST_TRANSACTIONS = 1_000
"""How many transactions an import has at most."""

MOST_ENTRIES = 10_000
"""How many lines they have in all: reading a file must not keep others waiting."""

MOST_TOLD = 1_000
"""How many bad lines are told of; after so many a file is not read on."""

Figure = str | int | Decimal
_ENTRY = re.compile(r"\.entries\[(\d+)\]")


class ImportSource(StrEnum):
    """Where a file comes from, which decides how it is read."""

    LEDGER = "ledger"
    CSV = "csv"
    QUICKBOOKS = "quickbooks"


class DateOrder(StrEnum):
    """How a file writes dates with slashes: 1/31/2026 or 31/1/2026. 2026-01-31 is always read."""

    MDY = "mdy"
    DMY = "dmy"


@dataclass(frozen=True, slots=True)
class ToldEntry:
    """One entry as a file tells it, at a line; its account is as the file calls it."""

    line: int
    account: str
    entry_type: EntryType
    amount: Figure
    currency: str | None = None
    exchange_rate: Figure | None = None
    base_amount: Figure | None = None
    description: str | None = None
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """One transaction as a file tells it; `number` is what its source knows it by."""

    line: int
    number: str
    date: date
    description: str
    entries: Sequence[ToldEntry]
    reference: str | None = None
    payment_method: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    kind: TransactionKind = TransactionKind.STANDARD
    type: TransactionType | None = None

    def line_of(self, error: LedgerError) -> int:
        """The line that a refusal is about: that of its entry, else of the transaction."""
        found = _ENTRY.search(error.field or "")
        return self.line if found is None else self.entries[int(found[1])].line


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """What a file calls an account by its name, and the code of the account that it is here.

    One that is not there is opened if it has a type. `place` is where this was said.
    """

    place: str
    name: str
    code: str
    type: AccountType | None = None
    subtype: Subtype | None = None
    currency: str | None = None
    parent_code: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Journal:
    """A file as it was read. `ignored` lines moved nothing: totals, and figures of zero."""

    source: ImportSource
    transactions: Sequence[Told]
    accounts: Sequence[ToldAccount] = ()
    base_currency: str | None = None
    ignored: int = 0

    def account_names(self) -> dict[str, int]:
        """What the file calls accounts, each with the first line that does."""
        found: dict[str, int] = {}
        for told in self.transactions:
            for entry in told.entries:
                found.setdefault(entry.account, entry.line)
        return found

    def external_id(self, name: str | None, told: Told) -> str:
        """The external id of a transaction: `quickbooks:17`, or with another `name` before it."""
        return f"{name or self.source.value}:{told.number}"

    def drafts(self, account_ids: Mapping[str, str], name: str | None) -> list[Draft]:
        """The transactions as they are entered, by the ids of what the file calls accounts."""
        return [self._draft(told, account_ids, name) for told in self.transactions]

    def _draft(self, told: Told, account_ids: Mapping[str, str], name: str | None) -> Draft:
        return Draft(
            description=told.description,
            date=told.date,
            entries=[_draft_entry(entry, account_ids[entry.account]) for entry in told.entries],
            reference=told.reference,
            payment_method=told.payment_method,
            external_id=self.external_id(name, told),
            metadata=told.metadata,
            kind=told.kind,
            type=told.type,
        )


def _draft_entry(told: ToldEntry, account_id: str) -> DraftEntry:
    return DraftEntry(
        account_id=account_id,
        entry_type=told.entry_type,
        amount=told.amount,
        currency=told.currency,
        exchange_rate=told.exchange_rate,
        base_amount=told.base_amount,
        description=told.description,
        reference=told.reference,
    )


@dataclass(slots=True)
class Faults:
    """The bad lines of a file, gathered, so that all are told at once."""

    found: list[tuple[int, LedgerError]] = field(default_factory=list)

    def note(self, line: int, error: LedgerError) -> None:
        """Note what is wrong with a line; so many faults as are told are all that is looked for."""
        self.found.append((line, error))
        if len(self.found) == MOST_TOLD:
            self.require_none()

    def require_none(self) -> None:
        """Raise what is wrong, if anything is: its own reason if all lines have the same."""
        if not self.found:
            return
        self.found.sort(key=lambda each: each[0])
        line, first = self.found[0]
        reasons = {error.reason for _, error in self.found}
        message = f"Line {line}: {first.message}"
        if len(self.found) > 1:
            more = " or more" if len(self.found) == MOST_TOLD else ""
            count = f"{len(self.found):,}{more} lines of the file cannot be imported."
            message = f"{count} The first, line {line}: {first.message}"
        raise LedgerError(
            reasons.pop() if len(reasons) == 1 else Reason.INVALID_VALUE,
            message,
            first.suggestion,
            {
                "faults": len(self.found),
                "lines": [_plain(*each) for each in self.found],
            },
            "data",
        )


def _plain(line: int, error: LedgerError) -> dict[str, Any]:
    told = {"line": line, "reason": error.reason.slug, "message": error.message}
    return told | ({"details": error.details} if error.details else {})


def wrong(cause: str, cure: str, reason: Reason = Reason.INVALID_VALUE) -> LedgerError:
    """A refusal of what a file says."""
    return LedgerError(reason, cause, cure, {}, "data")


def checked_name(name: str | None) -> str | None:
    """What begins the external ids in the place of the source, as it can be stored."""
    return None if name is None else texts.clean(name, "name", texts.NAME_LENGTH // 2)


def require_fitting(transactions: Sequence[Told]) -> None:
    """Raise unless there is something to import, and not more than one import takes."""
    if 1 <= len(transactions) <= MOST_TRANSACTIONS:
        require_lines(sum(len(told.entries) for told in transactions))
        return
    raise LedgerError(
        Reason.TOO_MANY_ITEMS if transactions else Reason.INVALID_VALUE,
        f"From 1 to {MOST_TRANSACTIONS:,} transactions can be imported at once; the file has "
        f"{len(transactions):,}.",
        "Divide the file between two transactions." if transactions else "Send the whole file.",
        {"items": len(transactions), "limit": MOST_TRANSACTIONS},
        "data",
    )


def require_lines(count: int) -> None:
    """Raise when a file has more lines than are read."""
    if count <= MOST_ENTRIES:
        return
    raise LedgerError(
        Reason.TOO_MANY_ITEMS,
        f"At most {MOST_ENTRIES:,} lines can be imported at once.",
        "Divide the file between two transactions.",
        {"limit": MOST_ENTRIES},
        "data",
    )
