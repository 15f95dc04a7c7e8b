"""Lanes: connections that do one piece of work at a time, whole.

A piece of work is a function of the store (docs/decisions/0001). On PostgreSQL it runs in a
greenlet, and the event loop goes on while the database answers; on SQLite it runs in the thread
of its connection, which is reached in one step and left in one, whatever the work does there.
"""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Protocol

import aiosqlite
import asyncpg
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only, greenlet_spawn

from store.sessions import Rows, Session

Work = Callable[..., Any]
Arguments = tuple[tuple[Any, ...], dict[str, Any]]
FAILURES = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)
"""What asyncpg raises: the database refused, or cannot be reached."""


class UnknownOutcomeError(Exception):
    """The connection broke while committing: whether anything was written is not known."""


class Lane(Protocol):
    """A connection, which begins and ends transactions as it is told."""

    @property
    def is_open(self) -> bool:
        """Whether it can be used, and no transaction was left on it."""

    async def run(self, work: Work, given: Arguments) -> Any:
        """What `work` gives in the transaction that there is, or in none."""

    async def begin(self, text: str, work: Work, given: Arguments) -> Any:
        """Begin a transaction, and give what `work` gives in it."""

    async def write(self, text: str, work: Work, given: Arguments) -> Any:
        """What `work` gives in a transaction of its own, committed; undone when it raises."""

    async def undo(self) -> None:
        """End the transaction without effect."""

    async def close(self) -> None:
        """Let go of the connection."""


_SOON = 0.05
"""For how many seconds one of few lanes is waited for before there are more."""


Taken = tuple[Lane, bool]
"""A lane, and whether it is one of few."""


class Lanes:
    """Up to `most` lanes, made when they are needed, each taken by one at a time.

    Who has waited `patience` seconds for one gets a `TimeoutError`. Where `few` are said to do as
    much as many, who comes then waits a moment for one of those to be free.
    """

    def __init__(
        self,
        make: Callable[[], Awaitable[Lane]],
        most: int,
        patience: float,
        few: int | None = None,
    ) -> None:
        self._make = make
        self._patience = patience
        self._room = asyncio.Semaphore(most)
        self._few = asyncio.Semaphore(most if few is None else few)
        self._idle: list[Lane] = []
        self.in_use = 0

    async def take(self, *, at_once: bool = False) -> Taken:
        """A lane to use alone, which must be given back.

        `at_once` is for what is short, or waited for by many: it needs none of the few.
        """
        is_one_of_few = not at_once and await _entered(self._few, _SOON)
        try:
            lane = await self._opened()
        except BaseException:
            if is_one_of_few:
                self._few.release()
            raise
        self.in_use += 1
        return lane, is_one_of_few

    async def give(self, taken: Taken) -> None:
        """Let the next one have a lane, unless something was left on it."""
        lane, is_one_of_few = taken
        try:
            if lane.is_open:
                self._idle.append(lane)
            else:
                await lane.close()
        finally:
            self.in_use -= 1
            self._room.release()
            if is_one_of_few:
                self._few.release()

    async def close(self) -> None:
        """Close the lanes that nobody uses."""
        while self._idle:
            await self._idle.pop().close()

    async def _opened(self) -> Lane:
        if not await _entered(self._room, self._patience):
            raise TimeoutError
        try:
            while self._idle:
                lane = self._idle.pop()
                if lane.is_open:
                    return lane
                await lane.close()
            return await self._make()
        except BaseException:
            self._room.release()
            raise


async def _entered(room: asyncio.Semaphore, patience: float) -> bool:
    """Whether there was room within so many seconds; then it is taken."""
    if not room.locked():
        return await room.acquire()
    with suppress(TimeoutError):
        async with asyncio.timeout(patience):
            return await room.acquire()
    return False


class PostgresLane:
    """A lane on a connection of asyncpg's."""

    def __init__(self, session: Session, driver: asyncpg.Connection[Any]) -> None:
        self._session = session
        self._driver = driver

    @classmethod
    async def opened(cls, engine: Engine) -> PostgresLane:
        """A new one. The engine must leave transactions alone."""
        session: Session = await greenlet_spawn(_on_postgres, engine)
        return cls(session, _driver_of(session))

    @property
    def is_open(self) -> bool:
        """Whether the connection stands, and no transaction was left on it."""
        return not (self._driver.is_closed() or self._driver.is_in_transaction())

    async def run(self, work: Work, given: Arguments) -> Any:
        """What `work` gives in the transaction that there is, or in none."""
        return await greenlet_spawn(work, self._session, *given[0], **given[1])

    async def begin(self, text: str, work: Work, given: Arguments) -> Any:
        """Begin a transaction, and give what `work` gives in it."""
        await self._driver.execute(text)
        return await greenlet_spawn(work, self._session, *given[0], **given[1])

    async def write(self, text: str, work: Work, given: Arguments) -> Any:
        """What `work` gives in a transaction of its own, committed; undone when it raises."""
        try:
            result = await self.begin(text, work, given)
        except BaseException:
            await self.undo()
            raise
        try:
            await self._driver.execute("COMMIT")
        except FAILURES as error:
            raise UnknownOutcomeError from error
        return result

    async def undo(self) -> None:
        """End the transaction without effect."""
        if self._driver.is_closed():
            return
        try:
            await self._driver.execute("ROLLBACK")
        except FAILURES:
            self._driver.terminate()

    async def close(self) -> None:
        """Let go of the connection, whatever state it is in."""
        if not self.is_open:
            await greenlet_spawn(self._session.invalidate)
        await greenlet_spawn(self._session.close)


class SqliteLane:
    """A lane on a connection of aiosqlite's, in its thread, which takes one work after another."""

    def __init__(self, driver: aiosqlite.Connection, session: Session) -> None:
        self._driver = driver
        self._session = session
        self._raw = driver._conn  # noqa: SLF001 (as above)
        self.is_open = True

    @classmethod
    async def opened(
        cls, engine: Engine, path: str, options: dict[str, Any], pragmas: Sequence[str]
    ) -> SqliteLane:
        """A new one. The engine must be of `here`."""
        driver = await aiosqlite.connect(path, isolation_level=None, **options)
        try:
            session = await _in_thread_of(driver, _on_sqlite, engine, driver._conn, pragmas)  # noqa: SLF001 (what runs in its thread may use it)
        except BaseException:
            await driver.close()
            raise
        return cls(driver, session)

    async def run(self, work: Work, given: Arguments) -> Any:
        """What `work` gives in the transaction that there is, or in none."""
        return await self._there(work, self._session, *given[0], **given[1])

    async def begin(self, text: str, work: Work, given: Arguments) -> Any:
        """Begin a transaction, and give what `work` gives in it."""
        return await self._there(self._begun, text, work, given)

    async def write(self, text: str, work: Work, given: Arguments) -> Any:
        """What `work` gives in a transaction of its own, committed; undone when it raises."""
        return await self._there(self._written, text, work, given)

    async def undo(self) -> None:
        """End the transaction without effect; what is at work there comes to its end before."""
        await self._there(self._undone)

    async def close(self) -> None:
        """Let go of the connection and its thread."""
        await self._there(self._session.close)
        await self._driver.close()

    async def _there(self, work: Work, *args: Any, **kwargs: Any) -> Any:
        return await _in_thread_of(self._driver, work, *args, **kwargs)

    def _begun(self, text: str, work: Work, given: Arguments) -> Any:
        self.is_open = False
        self._raw.execute(text)
        return work(self._session, *given[0], **given[1])

    def _written(self, text: str, work: Work, given: Arguments) -> Any:
        try:
            result = self._begun(text, work, given)
            self._raw.execute("COMMIT")
        except BaseException:
            self._undone()
            raise
        self.is_open = True
        return result

    def _undone(self) -> None:
        if self._raw.in_transaction:
            self._raw.execute("ROLLBACK")
        self.is_open = True


class _Asyncpg:
    """What a session asks of asyncpg, from within a greenlet."""

    def __init__(self) -> None:
        self.connection: asyncpg.Connection[Any]

    def rows(self, text: str, given: Sequence[Any]) -> Rows:
        """What a statement gives."""
        try:
            found = await_only(self.connection.fetch(text, *given))
        except FAILURES as error:
            raise self._refusal(text, given, error) from error
        return (found[0].keys() if found else ()), found

    def many(self, text: str, given: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each of many parameters."""
        try:
            await_only(self.connection.executemany(text, given))
        except FAILURES as error:
            raise self._refusal(text, given, error) from error

    def _refusal(self, text: str, given: Any, error: Exception) -> DBAPIError:
        is_lost = self.connection.is_closed()
        return DBAPIError(text, given, error, connection_invalidated=is_lost)


class _Sqlite:
    """What a session asks of sqlite3, in the thread of the connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, text: str, given: Sequence[Any]) -> Rows:
        """What a statement gives."""
        try:
            cursor = self._connection.execute(text, given)
            return [each[0] for each in cursor.description or ()], cursor.fetchall()
        except sqlite3.Error as error:
            raise DBAPIError(text, given, error) from error

    def many(self, text: str, given: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each of many parameters."""
        try:
            self._connection.executemany(text, given)
        except sqlite3.Error as error:
            raise DBAPIError(text, given, error) from error


def _on_postgres(engine: Engine) -> Session:
    driver = _Asyncpg()
    session = Session(engine, driver)
    driver.connection = _driver_of(session)
    return session


async def _in_thread_of(driver: aiosqlite.Connection, work: Work, *args: Any, **kw: Any) -> Any:
    """What a function gives that runs where all calls of a connection run, one after another."""
    return await driver._execute(work, *args, **kw)  # type: ignore[no-untyped-call]  # noqa: SLF001 (SQLAlchemy reaches the thread no other way)


def _driver_of(session: Session) -> asyncpg.Connection[Any]:
    found: Any = session.connection.driver_connection
    driver: asyncpg.Connection[Any] = found
    return driver


_HERE = threading.local()


def here() -> sqlite3.Connection:
    """The connection of the thread that asks, for an engine that makes sessions on it."""
    found: sqlite3.Connection = _HERE.connection
    return found


def _on_sqlite(engine: Engine, raw: sqlite3.Connection, pragmas: Sequence[str]) -> Session:
    for pragma in pragmas:
        raw.execute(pragma)
    _HERE.connection = raw
    return Session(engine, _Sqlite(raw))
