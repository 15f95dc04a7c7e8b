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
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson

from ledger import keys, texts
from ledger.errors import LedgerError, Reason
from ledger.events import Origin
from ledger.keys import Scope
from store.engines import Database
from store.keys import Found, by_hash
from store.troubles import Trouble, trouble

IDEMPOTENCY_KEY_LENGTH = 200
_MOST_KNOWN = 10_000
"""Keys of which what was found is kept; those that nobody has are never kept."""

_TURNS = 3
"""Of the event loop between two looks: who was answered and asks again at once can come along."""

_Waiting = tuple[str, "asyncio.Future[Found | None]"]


class Caller(NamedTuple):
    """Who asks: the key, its organization, and by which door and request they came.

    `seen` and `structure` are the numbers of the organization's version row and `balance` its
    credits, all as they were after the request had come; None for who did not come by the gate.
    One is made for every request; a named tuple takes a sixth of the time of a frozen dataclass.
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
    structure: int | None = None
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

    Where operations are charged it looks at credits too, which some answers depend on. What was
    found is taken again for as long as nothing was committed since, where that can be known.
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
        self._known: dict[str, tuple[Found, int | None]] = {}
        self._waiting: list[_Waiting] = []
        self._looking: asyncio.Task[None] | None = None

    async def authenticate(
        self, authorization: str | None, request_id: str, protocol: str
    ) -> Caller:
        """The caller behind an Authorization header, or `unauthenticated`."""
        scheme, _, key = (authorization or "").partition(" ")
        key = key.strip()
        if scheme.lower() != "bearer" or not key:
            raise _unauthenticated("No API key was sent.")
        found = await self._found(key)
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
            found.structure,
            found.balance,
        )

    async def _found(self, key: str) -> Found | None:
        """What is kept of a key: as it was last found, if nothing can have changed it since."""
        fingerprint = keys.fingerprint(key)
        known = self._known.get(fingerprint)
        if known is None:
            if not keys.is_well_formed(key):
                raise _unauthenticated("This is not an API key of ours, or it has a typing error.")
        elif known[1] is not None and known[1] == self._database.generation:
            return known[0]
        return await self._look_up(fingerprint)

    async def _look_up(self, fingerprint: str) -> Found | None:
        """Ask together with all who come before the next look at the database starts."""
        answer: asyncio.Future[Found | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((fingerprint, answer))
        if self._looking is None:
            self._looking = asyncio.create_task(self._look())
        return await answer

    async def _look(self) -> None:
        """Answer those who wait, as many as there are at a time, until nobody does."""
        try:
            while self._waiting:
                waiting, self._waiting = self._waiting, []
                await self._answer(waiting)
                for _ in range(_TURNS):
                    await asyncio.sleep(0)
        finally:
            self._looking = None

    async def _answer(self, waiting: list[_Waiting]) -> None:
        try:
            found = await self._ask({fingerprint for fingerprint, _ in waiting})
            for fingerprint, answer in waiting:
                if not answer.done():  # else whoever asked has left
                    answer.set_result(found.get(fingerprint))
        except Exception as error:  # noqa: BLE001  each who waits is told
            for _, answer in waiting:
                if not answer.done():
                    answer.set_exception(error)
        finally:
            for _, answer in waiting:
                answer.cancel()  # nobody waits for ever, even if the look itself was cancelled

    async def _ask(self, fingerprints: set[str]) -> dict[str, Found]:
        generation = self._database.generation
        try:
            found = await self._database.peek(by_hash, fingerprints, with_credits=self._is_metered)
        except Exception as error:
            if trouble(error) in {Trouble.BUSY, Trouble.RETRY}:
                cause, cure = "The database cannot be reached now.", "Try again in a moment."
                raise LedgerError(Reason.BUSY, cause, cure) from error
            raise
        if len(self._known) + len(found) > _MOST_KNOWN:
            self._known.clear()
        self._known.update((each, (fact, generation)) for each, fact in found.items())
        return found


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
