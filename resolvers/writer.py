"""The writer: gathers the commands that wait, and commits them together.

While a commit is under way, commands queue; when it ends, all that wait form the next batch.
Nobody waits on a timer, and a lone command goes at once. A batch is read, each command decides,
refused ones are taken out, the rest is written. If a statement fails, the commands run one
by one, so that each fails for itself. Deadlocks and serialization failures are tried again.
When the database is busy, those of one organization are told so together, after one wait.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ledger.credits import UNMETERED, Billing
from ledger.errors import LedgerError, Reason
from resolvers.batches import Batch, Outcome, Structures
from resolvers.books import Call, Command, Written
from store.changes import StaleBooksError
from store.engines import Database, UnknownOutcomeError
from store.troubles import Trouble, trouble

_ATTEMPTS = 8
_DUPLICATE_WAIT = 5.0


@dataclass(slots=True, eq=False)
class Item:
    """A command on its way to a commit."""

    call: Call
    command: Command
    done: asyncio.Future[Written]


class Writer:
    """Commits commands, many at a time; one for each database in a process.

    `billing` says what they are charged.
    """

    def __init__(
        self,
        database: Database,
        mint: Callable[[str], str],
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        most: int = 64,
        billing: Billing = UNMETERED,
    ) -> None:
        self.billing = billing
        self._database = database
        self._mint = mint
        self._clock = clock
        self._most = most
        self._lanes = 1 if database.is_sqlite else 2
        self._under_way: list[int] = []
        self._waiting: deque[Item] = deque()
        self._in_flight: dict[tuple[str, str], asyncio.Future[Written]] = {}
        self._structures = Structures()
        self._tasks: set[asyncio.Task[None]] = set()

    async def submit(self, call: Call, command: Command) -> Written:
        """Run a command; returns when it is committed, raises its refusal."""
        done: asyncio.Future[Written] = asyncio.get_running_loop().create_future()
        if call.idempotency_key is not None and not call.dry_run:
            await self._first_of(call, call.idempotency_key, done)
        self._waiting.append(Item(call, command, done))
        self._start()
        if call.idempotency_key is None:
            return await done
        # Who waits for the same key must not be told that it is free when a caller goes away.
        return await asyncio.shield(done)

    async def close(self) -> None:
        """Wait for what is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _first_of(self, call: Call, key: str, done: asyncio.Future[Written]) -> None:
        """Wait while another request with the same key is under way; then be the one that is."""
        place = (call.organization_id, key)
        deadline = asyncio.get_running_loop().time() + _DUPLICATE_WAIT
        while (other := self._in_flight.get(place)) is not None:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                raise _still_in_flight(key)
            await asyncio.wait([other], timeout=left)
        self._in_flight[place] = done
        done.add_done_callback(lambda _: self._in_flight.pop(place, None))

    def _start(self) -> None:
        while self._waiting and self._has_lane():
            items = self._next_batch()
            self._under_way.append(len(items))
            task = asyncio.create_task(self._run(items))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _has_lane(self) -> bool:
        """Whether a commit may begin: the first at once, a second when as many wait for it."""
        under_way = self._under_way
        return len(under_way) < self._lanes and len(self._waiting) >= sum(under_way)

    def _next_batch(self) -> list[Item]:
        """As many waiting commands as may share a commit; structural ones go by themselves."""
        first = self._waiting.popleft()
        batch = [first]
        while (
            self._waiting
            and len(batch) < self._most
            and self._waiting[0].command.structural is first.command.structural
        ):
            batch.append(self._waiting.popleft())
        return batch

    async def _run(self, items: list[Item]) -> None:
        try:
            await self._commit(items)
        finally:
            self._under_way.remove(len(items))
            for item in items:
                if not item.done.done():
                    item.done.cancel()
            self._start()

    async def _commit(self, items: Sequence[Item]) -> None:
        """Commit a batch and tell each command what came of it; one by one if need be."""
        calls = [(item.call, item.command) for item in items]
        again = [Trouble.CONSTRAINT, *[Trouble.RETRY] * _ATTEMPTS]
        for attempt in range(_ATTEMPTS):
            batch = Batch(calls, self._structures, self._clock(), self._mint, self.billing)
            try:
                outcomes = await self._database.write(batch.run)
            except StaleBooksError as stale:
                self._structures.forget(stale.organization_ids)
                if attempt:
                    await _pause(attempt)
                continue
            except UnknownOutcomeError:
                # Not tried again: what has no idempotency key might be done twice.
                for item in items:
                    _tell(item, _unknown())
                return
            except Exception as error:  # noqa: BLE001 (each command answers for itself)
                if (kind := trouble(error)) not in again:
                    await self._apart(items, error)
                    return
                again.remove(kind)
                self._structures.forget({call.organization_id for call, _ in calls})
                await _pause(attempt)
                continue
            self._remember(batch)
            for item, outcome in zip(items, outcomes, strict=True):
                _tell(item, outcome)
            return
        await self._apart(items, _busy())

    def _remember(self, batch: Batch) -> None:
        """Keep what the batch has read, unless it has changed it."""
        if any(command.structural for _, command in batch.calls):
            self._structures.forget(batch.read_structures)
        else:
            self._structures.keep(batch.read_structures)

    async def _apart(self, items: Sequence[Item], error: Exception) -> None:
        """Commit the parts of a failed batch for themselves; what is one part has failed."""
        self._structures.forget({item.call.organization_id for item in items})
        is_busy = trouble(error) is Trouble.BUSY
        parts: dict[object, list[Item]] = {}
        for item in items:
            parts.setdefault(item.call.organization_id if is_busy else item, []).append(item)
        if len(parts) > 1:
            for part in parts.values():
                await self._commit(part)
            return
        for item in items:
            _tell(item, _refusal(error))


async def _pause(attempt: int) -> None:
    """Wait a moment, longer each time, so that those who are in each other's way come apart."""
    await asyncio.sleep(random.uniform(0, 0.01) * 2**attempt)  # noqa: S311 (no secret)


def _tell(item: Item, outcome: Outcome) -> None:
    if item.done.done():
        return
    if isinstance(outcome, Written):
        item.done.set_result(outcome)
    else:
        item.done.set_exception(outcome)


def _refusal(error: Exception) -> Exception:
    """What a caller is told of an error that the ledger did not raise."""
    kind = trouble(error)
    if kind in {Trouble.BUSY, Trouble.RETRY}:
        return _busy()
    if kind is Trouble.OVERFLOW:
        return LedgerError(
            Reason.BALANCE_OVERFLOW,
            "The balance of an account would exceed what can be kept exactly.",
            "Close the books into another account, or check the amounts.",
        )
    return error


def _busy() -> LedgerError:
    return LedgerError(
        Reason.BUSY,
        "The database cannot take the write now; nothing was changed.",
        "Try again in a moment, with the same idempotency key.",
    )


def _unknown() -> LedgerError:
    return LedgerError(
        Reason.BUSY,
        "The connection to the database was lost: whether the change was made is not known.",
        "Try again with the same idempotency key; without one, look first whether it is there.",
    )


def _still_in_flight(key: str) -> LedgerError:
    return LedgerError(
        Reason.IDEMPOTENCY_IN_FLIGHT,
        f"A request with the idempotency key {key!r} is still under way.",
        "Try again with the same key to get its answer.",
        {"idempotency_key": key},
        "idempotencyKey",
    )
