"""API keys: made, rotated, revoked. What a key is, is seen once, by who made it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ledger.errors import LedgerError, Reason
from ledger.events import Change
from ledger.keys import Key, Scope, change, fingerprint, issue, preview, revoke
from resolvers.books import Books, Command, Decision
from resolvers.gate import Caller
from resolvers.minting import new_key

_NEVER = datetime.max.replace(tzinfo=UTC)


def create(caller: Caller, *, name: str, scope: Scope, expires_at: datetime | None) -> Command:
    """Make a key that can do no more, and no longer, than the caller's own."""

    def decide(books: Books) -> Decision:
        secret = new_key(live=books.organization.is_live)
        key = issue(
            _sealed(books, secret, name, scope, expires_at),
            maker_scope=caller.scope,
            maker_expires_at=caller.expires_at,
        )
        return Decision((Change("created", None, key),), key.id, secret=secret)

    return Command(decide, structural=True)


def rotate(caller: Caller, key_id: str) -> Command:
    """Put a new key in the place of another, which stops at once.

    The caller learns the new key, so it can outlive the caller's own as little as one made.
    """

    def decide(books: Books) -> Decision:
        before = _holding(books, key_id, "rotated")
        secret = new_key(live=books.organization.is_live)
        key = issue(
            _sealed(books, secret, before.name, before.scope, before.expires_at or _NEVER),
            maker_scope=caller.scope,
            maker_expires_at=caller.expires_at,
        )
        key = replace(key, expires_at=before.expires_at)
        gone = revoke(before, books.now)
        changes = (Change("created", None, key), Change("revoked", before, gone))
        return Decision(changes, key.id, secret=secret)

    return Command(decide, keys=(key_id,), structural=True)


def update(caller: Caller, key_id: str, changed: Mapping[str, Any]) -> Command:
    """Give a key another name or expiry; what it may do stays as it was made."""

    def decide(books: Books) -> Decision:
        before = _holding(books, key_id, "changed")
        after = change(replace(before, **changed), books.now, changer_expires_at=caller.expires_at)
        return Decision((Change("updated", before, after),), key_id)

    return Command(decide, keys=(key_id,), structural=True)


def revoke_key(key_id: str) -> Command:
    """Stop a key at once; one that is revoked already stays so."""

    def decide(books: Books) -> Decision:
        before = _found(books, key_id)
        after = revoke(before, books.now)
        changed = () if after == before else (Change("revoked", before, after),)
        return Decision(changed, before.id)

    return Command(decide, keys=(key_id,), structural=True)


def _sealed(books: Books, secret: str, name: str, scope: Scope, expires_at: datetime | None) -> Key:
    return Key(
        organization_id=books.organization.id,
        id=books.mint("key_"),
        name=name,
        scope=scope,
        hash=fingerprint(secret),
        preview=preview(secret),
        expires_at=expires_at,
        revoked_at=None,
        created_at=books.now,
    )


def _holding(books: Books, key_id: str, done: str) -> Key:
    """A key that opens something, since nothing else can be done with one that does not."""
    key = _found(books, key_id)
    if key.holds_at(books.now):
        return key
    raise LedgerError(
        Reason.WRONG_STATUS,
        f"The API key {key_id} is revoked or expired and cannot be {done}.",
        "Make a new key.",
        {"key_id": key_id},
        "id",
    )


def _found(books: Books, key_id: str) -> Key:
    key = books.keys.get(key_id)
    if key is None:
        raise LedgerError(
            Reason.NOT_FOUND,
            f"There is no API key {key_id} in this organization.",
            "List `apiKeys` for the ids that exist.",
            {"key_id": key_id},
            "id",
        )
    return key
