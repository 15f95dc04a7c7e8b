"""API keys: how one looks, what it may do, and what of it is stored.

`cl_live_` or `cl_test_`, thirty characters of base 62, and a checksum of six, so that a typing
error is known for one without asking the database. Only the SHA-256 of a key is ever kept.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from ledger import texts
from ledger.errors import LedgerError, Reason
from ledger.ids import base62

SECRET_LIMIT = 62**30
_SHAPE = re.compile(r"(cl_(?:live|test)_[0-9A-Za-z]{30})([0-9A-Za-z]{6})", re.ASCII)


class Scope(StrEnum):
    """What a key may do; each includes the ones before it."""

    READ = "read"
    WRITE = "write"
    ADMIN = "admin"

    def allows(self, needed: Scope) -> bool:
        """Whether a key of this scope may do what `needed` asks for."""
        return self is needed or _RANKS[self] >= _RANKS[needed]


_RANKS = {scope: rank for rank, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of an API key; never the key itself."""

    organization_id: str
    id: str
    name: str
    scope: Scope
    hash: str
    preview: str
    expires_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime

    def holds_at(self, moment: datetime) -> bool:
        """Whether the key is neither revoked nor expired at `moment`."""
        if self.revoked_at is not None and self.revoked_at <= moment:
            return False
        return self.expires_at is None or moment < self.expires_at


def issue(key: Key, *, maker_scope: Scope, maker_expires_at: datetime | None) -> Key:
    """A new key as it is kept; it can do no more, and no longer, than the key that makes it."""
    key = replace(key, name=texts.clean(key.name, "name", texts.NAME_LENGTH))
    if not maker_scope.allows(key.scope):
        raise LedgerError(
            Reason.FORBIDDEN,
            f"A key of scope {maker_scope.value} cannot make one of scope {key.scope.value}.",
            f"Ask for the scope {maker_scope.value} or less.",
            {"scope": maker_scope.value, "asked": key.scope.value},
            "scope",
        )
    return _limited(key, maker_expires_at, key.created_at)


def change(key: Key, moment: datetime, *, changer_expires_at: datetime | None) -> Key:
    """A key with another name or expiry, of which the latter is no later than the changer's own."""
    key = replace(key, name=texts.clean(key.name, "name", texts.NAME_LENGTH))
    return _limited(key, changer_expires_at, moment)


def _limited(key: Key, latest: datetime | None, since: datetime) -> Key:
    """The key with an expiry that lies ahead, and by the latest when that of its maker does."""
    if latest is not None and (key.expires_at or latest) > latest:
        raise LedgerError(
            Reason.FORBIDDEN,
            "A key cannot outlive the key that makes it.",
            f"Let it expire by {latest:%Y-%m-%dT%H:%M:%SZ}.",
            {"expires_at": latest.isoformat()},
            "expiresAt",
        )
    if key.expires_at is None:
        return replace(key, expires_at=latest)
    if key.expires_at <= since:
        raise LedgerError(
            Reason.INVALID_DATE,
            "The key would have expired before it was made.",
            "Give a later expiresAt, or none.",
            field="expiresAt",
        )
    return key


def revoke(key: Key, moment: datetime) -> Key:
    """The key as it is when it opens nothing any more; once revoked it stays so."""
    return key if key.revoked_at is not None else replace(key, revoked_at=moment)


def seal(*, live: bool, secret: int) -> str:
    """The key for a random number below `SECRET_LIMIT`."""
    body = f"cl_{'live' if live else 'test'}_{base62(secret, 30)}"
    return body + _checksum(body)


def is_well_formed(key: str) -> bool:
    """Whether `key` has the shape of a key and its checksum is right."""
    found = _SHAPE.fullmatch(key)
    return found is not None and _checksum(found[1]) == found[2]


def fingerprint(key: str) -> str:
    """The SHA-256 under which a key is stored and found, in hexadecimal."""
    return hashlib.sha256(key.encode()).hexdigest()


def preview(key: str) -> str:
    """What may be shown of a key: enough to recognise it, too little to use it."""
    return f"{key[:12]}…{key[-4:]}"


def _checksum(body: str) -> str:
    return base62(zlib.crc32(body.encode()), 6)
