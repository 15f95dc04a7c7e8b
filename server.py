"""The composition root: settings become a database, a writer, a schema, routes.

`python server.py` is the command line `crane`; `application` is what an ASGI server runs.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from entrypoints.edge import Edge
from entrypoints.refusals import no_route
from resolvers.gate import Caller, Gate
from resolvers.minting import Mint
from resolvers.writer import Writer
from schema import core, playground
from schema.execution import Executor
from schema.limits import Limits
from schema.requests import GraphQLRequest
from schema.view import Answer, ExecuteOptions, View
from settings import Settings
from store import migrations
from store.engines import Database, open_database


class House:
    """Everything that one process runs on, opened and closed together."""

    def __init__(self, settings: Settings) -> None:
        self.database: Database = open_database(settings.database_url, pool=settings.pool)
        self.gate = Gate(self.database)
        self.writer = Writer(self.database, Mint(), most=settings.batch)
        self.executor = Executor(core, self.database, self.writer, limits_of(settings))

    async def close(self) -> None:
        """Finish what is under way, then let go of the database."""
        await self.writer.close()
        await self.database.close()


def limits_of(settings: Settings) -> Limits:
    """The limits of a document."""
    return Limits(
        tokens=settings.limit_tokens,
        depth=settings.limit_depth,
        aliases=settings.limit_aliases,
        cost=settings.limit_cost,
        introspection_depth=settings.limit_introspection_depth,
        introspection_cost=settings.limit_introspection_cost,
        assumed_list=settings.limit_list,
        assumed_parts=settings.limit_parts,
    )


class Application:
    """The ASGI application; its lifespan opens the house, migrated, and closes it."""

    house: House

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._view = self._graphql()
        routes = [
            Route("/graphql", self._view),
            *playground.routes(),
            Route("/health", self._health),
            Route("/health/ready", self._ready),
        ]
        self._others = Starlette(
            routes=routes,
            lifespan=self._lifespan,
            exception_handlers={HTTPException: no_route, Exception: no_route},
        )
        self._app = Edge(self._route, settings.timeout_body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        await self._app(scope, receive, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        # Almost all requests are for GraphQL, and the layers between answer none of them.
        is_graphql = scope["type"] == "http" and scope["path"] == "/graphql"
        await (self._view if is_graphql else self._others)(scope, receive, send)

    def _graphql(self) -> View[Caller]:
        async def authenticate(authorization: str | None, request_id: str) -> Caller:
            return await self.house.gate.authenticate(authorization, request_id, "graphql")

        async def run(caller: Caller, asked: GraphQLRequest, options: ExecuteOptions) -> Answer:
            return await self.house.executor(caller, asked, options)

        settings = self._settings
        return View(
            authenticate, run, most_batched=settings.limit_batch, most_bytes=settings.limit_body
        )

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self.house = House(self._settings)
        try:
            await self.house.database.write(migrations.upgrade)
            yield
        finally:
            await self.house.close()

    async def _health(self, _request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def _ready(self, _request: Request) -> JSONResponse:
        try:
            current = await self.house.database.read(migrations.is_current)
        except Exception:  # noqa: BLE001 (whatever it is, the answer is the same)
            current = False
        status = "ready" if current else "unavailable"
        return JSONResponse({"status": status}, status_code=200 if current else 503)


def application(settings: Settings | None = None) -> Application:
    """The application by its settings, or by those of the environment."""
    return Application(settings or Settings())


if __name__ == "__main__":
    from entrypoints.cli import main

    main()
