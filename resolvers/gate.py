"""The gate: what every operation passes, in this order, whatever its protocol.

API key, organization, scope, rate limit, idempotency, credits, then the resolver. Key and
organization are found by `Gate.authenticate`; scope by `require_scope`; idempotency is kept by
the writer, in the same transaction as the work. The rate limit is counted by the doors, for
every request alike (`entrypoints.counting`); credits are charged in the writer's batch (`till`).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson

from ledger import keys, texts
from ledger.errors import LedgerError, Reason
from ledger.events import Origin
from ledger.keys import Scope
from store import keys as stored_keys
from store.engines import Database
from store.troubles import Trouble, trouble

IDEMPOTENCY_KEY_LENGTH = 200
_Found = dict[str, stored_keys.Found]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: the key, its organization, and by which door and request they came.

    `seen` is the number of the organization's version row and `balance` its credits, both as they
    were read after the request had come; None for who did not come by the gate.
    """

    organization_id: str
    twin_id: str | None
    is_live: bool
    key_id: str
    scope: Scope
    request_id: str
    protocol: str
    expires_at: datetime | None = None
    seen: int | None = None
    balance: int | None = None

    @property
    def origin(self) -> Origin:
        """What an event says of the caller."""
        return Origin(f"key:{self.key_id}", self.key_id, self.request_id, self.protocol)

    def is_own(self, organization_id: str) -> bool:
        """Whether an id names the caller's books; a test key may use the live id for its twin."""
        if organization_id == self.organization_id:
            return True
        return not self.is_live and organization_id == self.twin_id

    def require_scope(self, needed: Scope) -> None:
        """Raise `forbidden` unless the key may do what `needed` asks for."""
        if self.scope.allows(needed):
            return
        raise LedgerError(
            Reason.FORBIDDEN,
            f"This API key has the scope {self.scope.value}; the operation needs {needed.value}.",
            f"Use a key of scope {needed.value}.",
            {"scope": self.scope.value, "needed": needed.value},
        )


class Gate:
    """Finds callers; requests that arrive together share one look at the database.

    Where operations are charged it looks at credits too, which some answers depend on.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        is_metered: bool = False,
    ) -> None:
        self._database = database
        self._is_metered = is_metered
        self._clock = clock
        self._asked: set[str] = set()
        self._next: asyncio.Task[_Found] | None = None
        self._under_way: asyncio.Task[_Found] | None = None

    async def authenticate(
        self, authorization: str | None, request_id: str, protocol: str
    ) -> Caller:
        """The caller behind an Authorization header, or `unauthenticated`."""
        scheme, _, key = (authorization or "").partition(" ")
        key = key.strip()
        if scheme.lower() != "bearer" or not key:
            raise _unauthenticated("No API key was sent.")
        if not keys.is_well_formed(key):
            raise _unauthenticated("This is not an API key of ours, or it has a typing error.")
        fingerprint = keys.fingerprint(key)
        found = (await self._look_up(fingerprint)).get(fingerprint)
        if found is None or not found.key.holds_at(self._clock()):
            raise _unauthenticated("This API key is unknown, revoked or expired.")
        known = found.key
        return Caller(
            known.organization_id,
            found.twin_id,
            found.is_live,
            known.id,
            known.scope,
            request_id,
            protocol,
            known.expires_at,
            found.number,
            found.balance,
        )

    async def _look_up(self, fingerprint: str) -> _Found:
        """Ask together with all who come before the next look-up starts."""
        self._asked.add(fingerprint)
        if self._next is None:
            self._next = asyncio.create_task(self._ask(self._under_way))
        return await asyncio.shield(self._next)

    async def _ask(self, before: asyncio.Task[_Found] | None) -> _Found:
        if before is not None and not before.done():
            await asyncio.wait([before])
        self._under_way, self._next = self._next, None
        asked, self._asked = self._asked, set()
        try:
            ask = stored_keys.by_hash
            return await self._database.peek(ask, asked, with_credits=self._is_metered)
        except Exception as error:
            if trouble(error) in {Trouble.BUSY, Trouble.RETRY}:
                cause, cure = "The database cannot be reached now.", "Try again in a moment."
                raise LedgerError(Reason.BUSY, cause, cure) from error
            raise


def _unauthenticated(cause: str) -> LedgerError:
    return LedgerError(
        Reason.UNAUTHENTICATED,
        cause,
        "Send the header `Authorization: Bearer cl_live_...` (or cl_test_... for the sandbox).",
    )


def checked_idempotency_key(key: str | None) -> str | None:
    """An idempotency key as it may be stored, or None."""
    if key is None:
        return None
    return texts.clean(key, "idempotencyKey", IDEMPOTENCY_KEY_LENGTH)


_BESIDE = {"idempotencyKey", "dryRun"}


def digest(arguments: Mapping[str, Any]) -> str:
    """The SHA-256 of coerced arguments: equal for equal requests, however they were spelled."""
    counted = {name: value for name, value in arguments.items() if name not in _BESIDE}
    try:
        text = orjson.dumps(counted, default=str, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        # An integer of more than 64 bits, which some field takes and refuses later.
        text = json.dumps(counted, default=str, sort_keys=True).encode()
    return hashlib.sha256(text).hexdigest()
