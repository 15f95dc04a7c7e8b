"""The two engines, and every difference between them.

SQLite serves one process: a single writer connection that alone checkpoints, in WAL mode with
`synchronous=FULL`, because less loses acknowledged commits with the power. A lock file beside
the database keeps a second server out. PostgreSQL serves any number of processes.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Dialect,
    Integer,
    Text,
    bindparam,
    event,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from ledger.errors import LedgerError, Reason

P = ParamSpec("P")
T = TypeVar("T")

Count = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit integer: amounts in minor units, sequence numbers, versions."""

Word = Text(collation="C").with_variant(Text(), "sqlite")
"""Text that both engines compare and sort by code point."""


class _OfTwo(TypeDecorator[T]):
    """A type that PostgreSQL has, and SQLite keeps as `kept`: `written` and `read` by functions."""

    kept: type[TypeEngine[Any]] = Text
    own: TypeEngine[Any]
    written: Callable[[Any], Any]
    read: Callable[[Any], Any]

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of the engine."""
        return dialect.type_descriptor(self.kept() if dialect.name == "sqlite" else self.own)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """What makes a value what the engine takes; None where it is that."""
        return _unless_none(self.written) if dialect.name == "sqlite" else None

    def result_processor(self, dialect: Dialect, _kind: object) -> Callable[[Any], Any] | None:
        """What makes a value what Python has; None where it is that."""
        return _unless_none(self.read) if dialect.name == "sqlite" else None


def _unless_none(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else make(value)


class Flag(_OfTwo[bool]):
    """True or false; an integer on SQLite, whose STRICT tables know no booleans."""

    impl = Boolean
    cache_ok = True
    kept, own = Integer, Boolean()
    written = staticmethod(int)
    read = staticmethod(bool)


class Day(_OfTwo[date]):
    """A calendar date; ISO text on SQLite, which sorts the same."""

    impl = Date
    cache_ok = True
    own = Date()
    written = staticmethod(date.isoformat)
    read = staticmethod(date.fromisoformat)


class Instant(_OfTwo[datetime]):
    """A moment in UTC to the microsecond; on SQLite ISO text of constant width, which sorts."""

    impl = DateTime
    cache_ok = True
    own = DateTime(timezone=True)
    read = staticmethod(datetime.fromisoformat)

    @staticmethod
    def written(value: datetime) -> str:
        """The text of an instant."""
        return value.astimezone(UTC).isoformat(timespec="microseconds")


class _Words(TypeDecorator[Sequence[str]]):
    """A list of texts as one parameter, so that a statement's text does not grow with it."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(postgresql.ARRAY(Text()))

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> Any:
        words = list(value or ())
        return json.dumps(words) if dialect.name == "sqlite" else words


class _Condition(FunctionElement[bool]):
    """A condition that stands as it is written; compared with 1, SQLite would use no index."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> _Condition:
        del against
        return self


class _Among(_Condition):
    inherit_cache = True
    name = "among"


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, words = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({words})))"  # noqa: S608 (compiled names)


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, words = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} = ANY ({words}))"


def among(column: ColumnElement[Any], values: Sequence[str] | str) -> ColumnElement[bool]:
    """Whether a text column holds one of `values`; one statement text for any number of them.

    In place of the values a statement that is made once has the name of its parameter.
    """
    if isinstance(values, str):
        return _Among(column, bindparam(values, type_=_Words()))
    return _Among(column, bindparam(None, list(values), type_=_Words(), unique=True))


class _Holds(_Condition):
    inherit_cache = True
    name = "holds"


@compiles(_Holds, "sqlite")
def _holds_sqlite(element: _Holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, part = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(instr({column}, {part}) > 0)"


@compiles(_Holds, "postgresql")
def _holds_postgresql(element: _Holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, part = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(strpos({column}, {part}) > 0)"


def holds(column: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    """Whether a text column has `part` somewhere in it, exactly."""
    return _Holds(column, bindparam(None, part, type_=Text(), unique=True))


def is_sqlite(connection: Connection) -> bool:
    """Whether the connection is to SQLite."""
    return connection.dialect.name == "sqlite"


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
