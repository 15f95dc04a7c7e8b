"""Opening the demo: the company with its books, made once, in one database transaction.

Whoever stops the process half-way finds no half a company. The books go through the same
decisions and the same writes as those of any caller; only the door is another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from entrypoints.demo import NAME, company
from ledger.accounts import AccountType, EntryType, Subtype
from ledger.events import Origin
from ledger.keys import Key, Scope, fingerprint, preview
from ledger.organizations import Organization
from ledger.templates import Template
from ledger.transactions import Draft, DraftEntry, TransactionKind
from resolvers import accounts, transactions
from resolvers import organizations as founding
from resolvers.batches import Batch, Structures
from resolvers.books import Call, Command, Written
from resolvers.minting import Mint, new_key
from store import accounts as stored_accounts
from store import events, keys, organizations

ORIGIN = Origin("demo", None, "demo", "cli")
LATER_KEYS = timedelta(days=30)
"""How long the keys last that a later start gives out."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Opened:
    """The demo company's keys, seen this once; `is_new` when its books were made just now."""

    live_key: str
    test_key: str
    is_new: bool


def open_demo(connection: Connection, now: datetime, mint: Mint) -> Opened:
    """Make the demo company if it is not there, and give keys to it and to its sandbox.

    The sandbox has the chart and no books. Keys are stored as hashes only, so a company that
    is there gets a new pair, which lasts `LATER_KEYS`: the earlier ones go on working.
    """
    there = _existing(connection)
    if there is None:
        return _new(connection, now, mint)
    live, test = new_key(live=True), new_key(live=False)
    pair = ((there.id, live), (there.twin_id or "", test))
    keys.insert_all(connection, [_later_key(owner, key, now, mint) for owner, key in pair])
    return Opened(live, test, is_new=False)


def _existing(connection: Connection) -> Organization | None:
    """The company that an earlier start has made: by its name, and by who made it."""
    for fact in organizations.every(connection):
        if fact.is_live and fact.name == NAME:
            first = next(events.chain(connection, fact.id, page=1))
            if first.actor == ORIGIN.actor:
                return fact
    return None


def _later_key(organization_id: str, key: str, now: datetime, mint: Mint) -> Key:
    return Key(
        organization_id=organization_id,
        id=mint("key_"),
        name="Demo",
        scope=Scope.ADMIN,
        hash=fingerprint(key),
        preview=preview(key),
        expires_at=now + LATER_KEYS,
        revoked_at=None,
        created_at=now,
    )


def _new(connection: Connection, now: datetime, mint: Mint) -> Opened:
    told = company(now.date())
    founded = founding.found(
        connection,
        name=NAME,
        currency=told["base_currency"],
        template=Template.STANDARD,
        origin=ORIGIN,
        now=now,
        mint=mint,
    )
    desk = _Desk(connection, founded.organization_id, now, mint)
    desk.open_accounts(told["accounts"])
    desk.keep_books(told["transactions"])
    return Opened(founded.live_key, founded.test_key, is_new=True)


@dataclass(slots=True)
class _Desk:
    """Where the books of one organization are written, in a transaction that is under way."""

    connection: Connection
    organization_id: str
    now: datetime
    mint: Callable[[str], str]

    def open_accounts(self, rows: Sequence[Json]) -> None:
        """Open the accounts that the standard chart lacks."""
        known = self._ids_by_code()
        missing = [_account(row) for row in rows if row["code"] not in known]
        self._do("create_accounts", accounts.create_many(missing))

    def keep_books(self, rows: Sequence[Json]) -> None:
        """Enter transactions by date, each reversal on its own day; the last stay pending."""
        ids = self._ids_by_code()
        posted = [row for row in rows if row.get("post", True)]
        entered = 0
        for mistake in (row for row in posted if row.get("reverse")):
            until = sum(row["date"] <= mistake["reversal_date"] for row in posted)
            made = self._enter(posted[entered:until], ids)
            self._reverse(mistake, made[posted.index(mistake) - entered])
            entered = until
        self._enter(posted[entered:], ids)
        self._enter(rows[len(posted) :], ids, post=False)

    def _enter(self, rows: Sequence[Json], ids: dict[str, str], *, post: bool = True) -> list[str]:
        drafts = [_draft(row, ids) for row in rows]
        many = transactions.create_many(drafts, post=post, continue_on_error=False)
        written = self._do("create_transactions", many)
        return [made["id"] for made in written.outcome]

    def _reverse(self, mistake: Json, transaction_id: str) -> None:
        on = date.fromisoformat(mistake["reversal_date"])
        reason = mistake["reversal_reason"]
        self._do("reverse_transaction", transactions.reverse(transaction_id, on=on, reason=reason))

    def _do(self, operation: str, command: Command) -> Written:
        call = Call(self.organization_id, operation, ORIGIN)
        batch = Batch([(call, command)], Structures(), self.now, self.mint)
        (outcome,) = batch.run(self.connection)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    def _ids_by_code(self) -> dict[str, str]:
        found = stored_accounts.charts(self.connection, [self.organization_id])
        return {account.code: account.id for account in found[self.organization_id]}


def _account(row: Json) -> accounts.NewAccount:
    return accounts.NewAccount(
        code=row["code"],
        name=row["name"],
        type=AccountType(row["type"]),
        subtype=Subtype(row["subtype"]),
        currency=row["currency"],
        parent_code=row.get("parent_code"),
        description=row.get("description"),
    )


def _draft(row: Json, ids: dict[str, str]) -> Draft:
    return Draft(
        description=row["description"],
        date=date.fromisoformat(row["date"]),
        entries=[_entry(entry, ids) for entry in row["entries"]],
        reference=row["reference"],
        payment_method=row.get("payment_method"),
        metadata=row.get("metadata"),
        kind=TransactionKind(row.get("kind", "standard")),
    )


def _entry(entry: Json, ids: dict[str, str]) -> DraftEntry:
    return DraftEntry(
        account_id=ids[entry["account_code"]],
        entry_type=EntryType(entry["entry_type"]),
        amount=entry["amount"],
        currency=entry["currency"],
        exchange_rate=entry.get("exchange_rate"),
        description=entry.get("description"),
    )
