"""The two engines, and every difference between them.

SQLite serves one process: a single writer connection that alone checkpoints, in WAL mode with
`synchronous=FULL`, because less loses acknowledged commits with the power. A lock file beside
the database keeps a second server out. PostgreSQL serves any number of processes.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import IO, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import (
    Connection,
    event,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ledger.errors import LedgerError, Reason

P = ParamSpec("P")
T = TypeVar("T")


class DatabaseHeldError(Exception):
    """The SQLite file is in use by another process."""


class UnknownOutcomeError(Exception):
    """The connection broke while committing: whether anything was written is not known."""


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
    connection.commit()


class Database:
    """A pool of readers and a way to write; each use is one transaction."""

    def __init__(self, reader: AsyncEngine, writer: AsyncEngine, lock: IO[str] | None) -> None:
        self.reader = reader
        self.writer = writer
        self._lock = lock
        self._writes = 0
        alone = {"isolation_level": "AUTOCOMMIT"}
        self._peeker = reader if self.is_sqlite else writer.execution_options(**alone)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded engine."""
        return self.writer.dialect.name == "sqlite"

    @property
    def generation(self) -> int | None:
        """A number that moves with every commit, before it is told; None where others commit too.

        What was read after a number was seen is still so as long as that number is.
        """
        return self._writes if self._lock is not None else None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection on one unchanging snapshot, in which nothing can be written."""
        async with self.reader.connect() as connection:
            yield connection

    async def read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` finds in one snapshot."""
        async with self.reader.connect() as connection:
            return await connection.run_sync(work, *args, **kwargs)

    async def peek(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` finds by a single statement, which needs no snapshot to be whole."""
        async with self._peeker.connect() as connection:
            return await connection.run_sync(work, *args, **kwargs)

    async def write(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `work` gives, its writes committed together; or none of them when it raises.

        But for `UnknownOutcomeError`: then all of them may be there.
        """
        async with self.writer.connect() as connection:
            result = await connection.run_sync(work, *args, **kwargs)
            try:
                await connection.commit()
            except (DBAPIError, OSError) as error:
                if self.is_sqlite:
                    raise
                raise UnknownOutcomeError from error
            self._writes += 1
            if self._writes in _LOOKS and not self.is_sqlite:
                # What was asked for is committed; whether this succeeds changes nothing of it.
                with suppress(DBAPIError):
                    await connection.run_sync(_learn)
            return result

    async def close(self) -> None:
        """Let go of all connections, and of the file."""
        await self.reader.dispose()
        if self.writer is not self.reader:
            await self.writer.dispose()
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


def _open_postgresql(url: str, pool: int) -> Database:
    engine = create_async_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=10,
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
    )
    snapshots = engine.execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    return Database(snapshots, engine, None)


def _open_sqlite(url: str, pool: int, *, read_only: bool) -> Database:
    path = make_url(url).database
    if not path or path == ":memory:":
        raise LedgerError(
            Reason.INVALID_VALUE,
            "SQLite in memory keeps nothing and cannot be read while it is written.",
            "Name a file: sqlite+aiosqlite:///crane.db",
        )
    lock = None if read_only else _hold(Path(path))
    arguments: dict[str, Any] = {"timeout": 5, "cached_statements": 512}
    reader = create_async_engine(
        url, pool_size=pool, max_overflow=0, pool_timeout=10, connect_args=arguments
    )
    _prepare(reader, "BEGIN", "PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0")
    if read_only:
        return Database(reader, reader, None)
    writer = create_async_engine(
        url, pool_size=1, max_overflow=0, pool_timeout=30, connect_args=arguments
    )
    _prepare(
        writer,
        "BEGIN IMMEDIATE",
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        "PRAGMA wal_autocheckpoint=2000",
        "PRAGMA journal_size_limit=67108864",
        "PRAGMA cache_size=-65536",
    )
    return Database(reader, writer, lock)


def _prepare(engine: AsyncEngine, begin: str, *pragmas: str) -> None:
    """Take transactions out of the driver's hands, which begins them too late."""

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)


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
