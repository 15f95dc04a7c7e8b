"""A running house for tests: the real application on a real database, asked by HTTP."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
from shadowing import Shadow, compiles

from ledger.events import Origin
from ledger.templates import Template
from resolvers import organizations
from resolvers.minting import Mint
from server import application
from settings import Settings
from store import migrations
from store.engines import Database, open_database


@dataclass
class Refusal:
    """An error as a client gets it."""

    message: str
    code: str
    reason: str
    field: str | None
    details: dict[str, Any]
    suggestion: str | None
    path: list[Any] | None


class Client:
    """Asks one organization's GraphQL API with one key."""

    def __init__(self, http: httpx2.AsyncClient, key: str, organization_id: str) -> None:
        self.http = http
        self.key = key
        self.organization_id = organization_id

    async def post(self, query: str, variables: Any = None, **headers: str) -> httpx2.Response:
        """The HTTP answer to a document."""
        return await self.http.post(
            "/graphql",
            json={"query": query, "variables": variables or {}},
            headers={"Authorization": f"Bearer {self.key}", **headers},
        )

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """The data that answers a document, which must have no errors."""
        body = (await self.post(query, variables)).json()
        assert "errors" not in body, body["errors"]
        data: dict[str, Any] = body["data"]
        return data

    async def refusal(self, query: str, **variables: Any) -> Refusal:
        """The first error that answers a document; never one of ours."""
        response = await self.post(query, variables)
        assert response.status_code < 500, response.text
        error = response.json()["errors"][0]
        more = error["extensions"]
        return Refusal(
            error["message"],
            more["code"],
            more["reason"],
            more.get("field"),
            more.get("details", {}),
            more.get("suggestion"),
            error.get("path"),
        )

    async def accounts(self) -> dict[str, str]:
        """The ids of all accounts by code."""
        found = await self.ask("{ accounts { id code } }")
        return {account["code"]: account["id"] for account in found["accounts"]}


class House:
    """The application under test, its database, and the organizations in it."""

    def __init__(self, url: str, http: httpx2.AsyncClient, app: Any) -> None:
        self.url = url
        self.http = http
        self.app = app
        self._mint = Mint()

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def database(self) -> Database:
        """The application's own database, to look behind the scenes."""
        database: Database = self.app.house.database
        return database

    async def organization(
        self, currency: str = "USD", template: Template = Template.STANDARD
    ) -> Client:
        """A new organization, asked with its live key of scope admin."""
        founded = await self.database.write(
            organizations.found,
            name="Acme",
            currency=currency,
            template=template,
            origin=Origin("test", None, "req_test", "cli"),
            now=datetime.now(UTC),
            mint=self._mint,
        )
        return Client(self.http, founded.live_key, founded.organization_id)


@asynccontextmanager
async def running(url: str, **settings: Any) -> AsyncIterator[House]:
    """The application, started on a database and stopped again."""
    with TemporaryDirectory(prefix="crane-test-") as folder:
        outside: dict[str, Any] = {"files": f"{folder}/files", "mailer": f"{folder}/mails"}
        # Neither limits nor jobs, unless a test is about them.
        outside |= {"rate_live": 0, "rate_test": 0, "jobs": 0, "rest_direct": True}
        outside |= {"metrics_seconds": 3_600}  # a test that is about figures puts them down itself
        outside |= {"compiled": compiles(url)}
        app = application(Settings(database_url=url, **(outside | settings)))
        async with _lifespan(app):
            shadow = Shadow(app.house.worked)
            transport = httpx2.ASGITransport(app=app)
            async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
                yield House(url, http, app)
            assert shadow.differences == [], "\n\n".join(shadow.differences)


@asynccontextmanager
async def _lifespan(app: Any) -> AsyncIterator[None]:
    inbox: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    outbox: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan", "state": {}}, inbox.get, outbox.put))
    await inbox.put({"type": "lifespan.startup"})
    started = await outbox.get()
    assert started["type"] == "lifespan.startup.complete", started
    try:
        yield
    finally:
        await inbox.put({"type": "lifespan.shutdown"})
        await outbox.get()
        await task


_MOST_LEFT = 60


class Databases:
    """Makes empty databases, by copying ones that were migrated once."""

    def __init__(self, folder: Path, postgres_url: str) -> None:
        self._folder = folder
        self._postgres_url = postgres_url
        self._templates: dict[str, str] = {}
        self._made: list[str] = []

    async def new(self, engine: str) -> str:
        """The address of a new database with all tables and nothing in them."""
        name = f"t{uuid4().hex}"
        if engine not in self._templates:
            self._templates[engine] = await self._template(engine)
        if engine == "sqlite":
            path = self._folder / f"{name}.db"
            shutil.copy(self._templates[engine], path)
            return f"sqlite+aiosqlite:///{path}"
        template = self._templates[engine]
        await self._create(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
        await self._tidy(name)
        return self._postgres(name)

    async def _tidy(self, made: str) -> None:
        """Drop what tests made long ago and have left: each database takes ten megabytes."""
        self._made.append(made)
        if len(self._made) < 2 * _MOST_LEFT:
            return
        old, self._made = self._made[:_MOST_LEFT], self._made[_MOST_LEFT:]
        for name in old:
            try:
                await self._create(f'DROP DATABASE "{name}"')
            except asyncpg.ObjectInUseError:
                self._made.append(name)

    async def empty(self, engine: str) -> str:
        """The address of a database without any table."""
        name = f"e{uuid4().hex}"
        if engine == "sqlite":
            return f"sqlite+aiosqlite:///{self._folder / name}.db"
        await self._create(f'CREATE DATABASE "{name}"')
        return self._postgres(name)

    async def _template(self, engine: str) -> str:
        url = await self.empty(engine)
        database = open_database(url)
        await database.write(migrations.upgrade)
        await database.close()
        place = url.partition("///")[2] if engine == "sqlite" else url
        return place if engine == "sqlite" else place.partition("?")[0].rpartition("/")[2]

    async def _create(self, statement: str) -> None:
        connection = await asyncpg.connect(self._postgres_url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _postgres(self, name: str) -> str:
        head, _, query = self._postgres_url.partition("?")
        return f"{head.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
