"""The two engines, and every difference between them in opening and using a database.

SQLite serves one process: a single writer connection that alone checkpoints, in WAL mode with
`synchronous=FULL`, because less loses acknowledged commits with the power. A lock file beside
the database keeps a second server out. PostgreSQL serves any number of processes.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine

from ledger.errors import LedgerError, Reason
from store.lanes import Lanes, PostgresLane, SqliteLane, Taken, UnknownOutcomeError, here

__all__ = ["Database", "DatabaseHeldError", "UnknownOutcomeError", "open_database"]

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseHeldError(Exception):
    """The SQLite file is in use by another process."""


def normalised_url(url: str) -> str:
    """A database address with the driver that we use, whichever way it was written."""
    for short, full in (
        ("postgres://", "postgresql+asyncpg://"),
        ("postgresql://", "postgresql+asyncpg://"),
        ("sqlite://", "sqlite+aiosqlite://"),
    ):
        if url.startswith(short):
            return full + url[len(short) :]
    return url


_LOOKS = {4, 16, 64, 256, 1024}


def _learn(connection: Connection) -> None:
    """Let PostgreSQL count tables that it believes to be small.

    It plans each check of a foreign key once, and while a table is empty any index seems as
    good as the key. Its own count comes a minute later: by then a load has filled the table.
    """
    young = connection.exec_driver_sql(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples < 10000 "
        "AND relnamespace = current_schema()::regnamespace"
    )
    for name in young.scalars().all():
        connection.exec_driver_sql(f'ANALYZE "{name}"')


class Look:
    """A connection in no transaction."""

    def __init__(self, lanes: Lanes, taken: Taken) -> None:
        self._lanes = lanes
        self._taken = taken
        self._lane = taken[0]

    async def run_sync(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` finds."""
        found: T = await self._lane.run(work, (args, kwargs))
        return found

    async def close(self) -> None:
        """Give the connection back."""
        await self._lanes.give(self._taken)


class Snapshot(Look):
    """A connection on one unchanging state of the database, taken when it is first read."""

    def __init__(self, lanes: Lanes, taken: Taken, begin: str) -> None:
        super().__init__(lanes, taken)
        self._begin = begin
        self._is_begun = False

    async def run_sync(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` finds."""
        if self._is_begun:
            return await super().run_sync(work, *args, **kwargs)
        self._is_begun = True
        first: T = await self._lane.begin(self._begin, work, (args, kwargs))
        return first

    async def close(self) -> None:
        """End it, and give the connection back."""
        try:
            await self._lane.undo()
        finally:
            await super().close()


class Database:
    """A pool of readers and a way to write; each use is one transaction.

    `reader` and `writer` are the engines of SQLAlchemy's, whose events tell of statements.
    """

    def __init__(
        self,
        reader: Engine,
        writer: Engine,
        readers: Lanes,
        writers: Lanes,
        lock: IO[str] | None = None,
    ) -> None:
        self.reader = reader
        self.writer = writer
        self._readers = readers
        self._writers = writers
        self._lock = lock
        self._writes = 0
        self.is_sqlite = writer.dialect.name == "sqlite"
        self._begin_snapshot = "BEGIN" if self.is_sqlite else _SNAPSHOT
        self._begin = "BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN"

    @property
    def generation(self) -> int | None:
        """A number that moves with every commit, before it is told; None where others commit too.

        What was read after a number was seen is still so as long as that number is.
        """
        return self._writes if self._lock is not None else None

    @property
    def in_use(self) -> int:
        """How many connections are at work."""
        return sum(lanes.in_use for lanes in {self._readers, self._writers})

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Snapshot]:
        """A connection on one unchanging snapshot, in which nothing can be written."""
        snapshot = await self.snapshot()
        try:
            yield snapshot
        finally:
            await snapshot.close()

    async def snapshot(self) -> Snapshot:
        """The same for whoever closes it."""
        return Snapshot(self._readers, await self._readers.take(), self._begin_snapshot)

    async def look(self, *, at_once: bool) -> Look:
        """A connection to read by, on which each statement sees a moment of its own."""
        taken = await self._readers.take(at_once=at_once and not self.is_sqlite)
        return Look(self._readers, taken)

    async def read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` finds in one snapshot."""
        async with self.reading() as snapshot:
            return await snapshot.run_sync(work, *args, **kwargs)

    async def peek(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` finds by a single statement, which needs no snapshot to be whole."""
        look = await self.look(at_once=True)
        try:
            return await look.run_sync(work, *args, **kwargs)
        finally:
            await look.close()

    async def write(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` gives, its writes committed together; or none of them when it raises.

        But for `UnknownOutcomeError`: then all of them may be there.
        """
        lane, _ = taken = await self._writers.take(at_once=True)
        try:
            result: T = await lane.write(self._begin, work, (args, kwargs))
            self._writes += 1
            if self._writes in _LOOKS and not self.is_sqlite:
                # What was asked for is committed; whether this succeeds changes nothing of it.
                with suppress(DBAPIError):
                    await lane.run(_learn, ((), {}))
            return result
        finally:
            await self._writers.give(taken)

    async def forget(self) -> None:
        """Close the connections that nobody uses; new ones are opened when they are needed."""
        await self._readers.close()
        await self._writers.close()

    async def close(self) -> None:
        """Let go of all connections, and of the file."""
        await self.forget()
        if self._lock is not None:
            self._lock.close()


def open_database(url: str, *, pool: int = 8, read_only: bool = False) -> Database:
    """The database at an address. Raises `DatabaseHeldError` when another process has the file.

    `read_only` may look at a SQLite file while a server holds it.
    """
    url = normalised_url(url)
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url, pool, read_only=read_only)
    return _open_postgresql(url, pool)


_FEW_SNAPSHOTS = 4
"""Queries that read side by side on PostgreSQL as fast as more, which take memory in turns."""

_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def _open_postgresql(url: str, pool: int) -> Database:
    engine = create_async_engine(
        url,
        poolclass=NullPool,
        isolation_level="AUTOCOMMIT",
        connect_args={
            "prepared_statement_cache_size": 1000,
            "statement_cache_size": 1000,
            "server_settings": {
                "application_name": "crane",
                "timezone": "UTC",
                "jit": "off",
                "lock_timeout": "5s",
                "statement_timeout": "60s",
                "idle_in_transaction_session_timeout": "60s",
            },
        },
    ).sync_engine
    lanes = Lanes(partial(PostgresLane.opened, engine), pool, 10, min(pool, _FEW_SNAPSHOTS))
    return Database(engine, engine, lanes, lanes)


def _open_sqlite(url: str, pool: int, *, read_only: bool) -> Database:
    path = make_url(url).database
    if not path or path == ":memory:":
        raise LedgerError(
            Reason.INVALID_VALUE,
            "SQLite in memory keeps nothing and cannot be read while it is written.",
            "Name a file: sqlite+aiosqlite:///crane.db",
        )
    lock = None if read_only else _hold(Path(path))
    reader, readers = _sqlite_lanes(
        path, pool, 10, "PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0"
    )
    if read_only:
        return Database(reader, reader, readers, readers)
    writer, writers = _sqlite_lanes(
        path,
        1,
        30,
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        "PRAGMA wal_autocheckpoint=2000",
        "PRAGMA journal_size_limit=67108864",
        "PRAGMA cache_size=-65536",
    )
    return Database(reader, writer, readers, writers, lock)


_FEW_THREADS = 2
"""Threads in which SQLite reads as much as in many, which take the interpreter from each other."""


def _sqlite_lanes(path: str, most: int, patience: float, *pragmas: str) -> tuple[Engine, Lanes]:
    """An engine of its own for connections that are told the same, and its lanes."""
    engine = create_engine("sqlite://", creator=here, poolclass=NullPool)
    options = {"timeout": 5, "cached_statements": 512}
    opened = partial(SqliteLane.opened, engine, path, options, pragmas)
    return engine, Lanes(opened, most, patience, min(most, _FEW_THREADS))


def _hold(path: Path) -> IO[str]:
    """Lock the file's companion for as long as this process has the database open."""
    lock = Path(f"{path}.lock").open("a+", encoding="utf-8")  # noqa: SIM115 (held until close)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        holder = lock.read().strip() or "another process"
        lock.close()
        raise DatabaseHeldError(
            f"{path} is in use by process {holder}: SQLite serves one process at a time. "
            "Stop that one first, or use PostgreSQL (CRANE_DATABASE_URL=postgresql://...)."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock
