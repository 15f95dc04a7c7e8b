"""The composition root: settings become a database, a writer, a schema, routes.

`python server.py` is the command line `crane`; `application` is what an ASGI server runs.
"""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from entrypoints.edge import Edge
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


def application(settings: Settings) -> ASGIApp:
    """The ASGI application; its lifespan opens the database, migrated, and closes it."""
    opened: list[House] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        house = House(settings)
        try:
            await house.database.write(migrations.upgrade)
            opened.append(house)
            gc.collect()
            gc.freeze()
            gc.set_threshold(50_000, 20, 20)
            yield
        finally:
            opened.clear()
            await house.close()

    async def authenticate(authorization: str | None, request_id: str) -> Caller:
        return await opened[0].gate.authenticate(authorization, request_id, "graphql")

    async def run(caller: Caller, asked: GraphQLRequest, options: ExecuteOptions) -> Answer:
        return await opened[0].executor(caller, asked, options)

    async def health(_request: Request) -> JSONResponse:
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> JSONResponse:
        try:
            current = await opened[0].database.read(migrations.is_current)
        except Exception:  # noqa: BLE001 (whatever it is, the answer is the same)
            current = False
        status = "ready" if current else "unavailable"
        return JSONResponse({"status": status}, status_code=200 if current else 503)

    view = View(
        authenticate,
        run,
        most_batched=settings.limit_batch,
        most_bytes=settings.limit_body,
    )
    routes = [
        Route("/graphql", view),
        *playground.routes(),
        Route("/health", health),
        Route("/health/ready", ready),
    ]
    return Edge(Starlette(routes=routes, lifespan=lifespan), settings.timeout_body)


if __name__ == "__main__":
    from entrypoints.cli import main

    main()
