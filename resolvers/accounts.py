"""Accounts: opened, changed, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ledger.accounts import Account, AccountType, Subtype
from ledger.chart import change_account, close_account, open_account
from ledger.errors import LedgerError, Reason
from ledger.events import Change
from resolvers.books import Books, Command, Decision
from resolvers.transactions import require_version
from resolvers.wants import wants

MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What a caller says of an account to open; a parent by its id, or by its code."""

    code: str
    name: str
    type: AccountType
    subtype: Subtype | None = None
    currency: str | None = None
    parent_id: str | None = None
    parent_code: str | None = None
    description: str | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] | None = None


def create(new: NewAccount) -> Command:
    """Open an account."""

    def decide(books: Books) -> Decision:
        change = _opened(books, new)
        return Decision((change,), change.fact.id)

    return Command(decide, structural=True)


def create_many(new: Sequence[NewAccount]) -> Command:
    """Open up to 1,000 accounts, all or none; a parent may come earlier in the same call."""
    if not 1 <= len(new) <= MOST_AT_ONCE:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS,
            f"From 1 to {MOST_AT_ONCE} accounts can be created at once, not {len(new)}.",
            "Send them in several calls.",
            {"items": len(new), "limit": MOST_AT_ONCE},
            "accounts",
        )

    def decide(books: Books) -> Decision:
        chart = books.chart
        changes = []
        for index, account in enumerate(new):
            try:
                change = _opened(books, account)
            except LedgerError as error:
                books.chart = chart
                raise error.inside(f"accounts[{index}]") from None
            books.apply([change])
            changes.append(change)
        books.chart = chart
        made = [change.fact.id for change in changes]
        return Decision(tuple(changes), made, items=len(made))

    return Command(decide, structural=True)


def update(account_id: str, given: Mapping[str, Any], *, version: int | None) -> Command:
    """Change an account; `given` are its fields that change."""

    def decide(books: Books) -> Decision:
        before = books.chart.find(account_id, "id", in_path=True)
        require_version(before.version, version)
        after = replace(before, **given, updated_at=books.now, version=before.version + 1)
        history = account_id in books.with_postings
        after = change_account(books.chart, before, after, has_history=history)
        return Decision((Change("updated", before, after),), after.id)

    return Command(decide, histories=(account_id,), structural=True)


def delete(account_id: str, *, version: int | None) -> Command:
    """Delete an account that nothing names, neither an entry nor anything else."""

    def decide(books: Books) -> Decision:
        before = books.chart.find(account_id, "id", in_path=True)
        require_version(before.version, version)
        used = {*books.found.used, books.organization.documents.payment_account_id}
        close_account(
            books.chart,
            before,
            has_entries=account_id in books.with_entries,
            is_used=account_id in used,
        )
        return Decision((Change("deleted", before, None),), outcome=True)

    asked = wants(used=[account_id])
    return Command(decide, histories=(account_id,), wants=asked, structural=True)


def _opened(books: Books, new: NewAccount) -> Change:
    parent_id = new.parent_id
    if parent_id is None and new.parent_code is not None:
        parent_id = _parent_by_code(books, new.parent_code)
    account = Account(
        organization_id=books.organization.id,
        id=books.mint("act_"),
        code=new.code,
        name=new.name,
        type=new.type,
        currency=new.currency or books.organization.base_currency,
        created_at=books.now,
        updated_at=books.now,
        subtype=new.subtype,
        parent_id=parent_id,
        description=new.description,
        external_id=new.external_id,
        metadata=new.metadata or {},
    )
    return Change("created", None, open_account(books.chart, account))


def _parent_by_code(books: Books, code: str) -> str:
    parent = books.chart.by_code.get(code)
    if parent is None:
        raise LedgerError(
            Reason.UNKNOWN_REFERENCE,
            f"There is no account with the code {code[:40]!r} to be the parent.",
            "Create the parent first, or earlier in the same call.",
            {"parent_code": code[:40]},
            "parentCode",
        )
    return parent.id
