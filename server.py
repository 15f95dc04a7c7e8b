"""The composition root: settings become a database, a writer, a schema, routes.

`python server.py` is the command line `crane`; `application` is what an ASGI server runs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from entrypoints.billing import billing_of, payments_of
from entrypoints.checkout import CheckoutDoors
from entrypoints.counting import CountingExecutor
from entrypoints.documents_page import DocumentDoors
from entrypoints.edge import Edge
from entrypoints.exports import ExportDoors
from entrypoints.files import FileDoors
from entrypoints.metrics import MetricsDoor
from entrypoints.refusals import no_route
from entrypoints.rest import rest_paths
from entrypoints.rest.documents import text_of
from entrypoints.rest.routes import VERSION
from entrypoints.worker import Worker
from resolvers.attachments import Attachments
from resolvers.figures import Figures
from resolvers.gate import Caller, Gate
from resolvers.links import Links
from resolvers.mail import checked_address, mailer_of
from resolvers.minting import Mint
from resolvers.outside import Outside
from resolvers.rates import Rates
from resolvers.secrets import link_secret
from resolvers.writer import Writer
from schema import core, playground
from schema.answers import Answers
from schema.execution import Executor
from schema.limits import Limits
from schema.requests import GraphQLRequest
from schema.view import Answer, ExecuteOptions, View
from settings import Settings
from store import jobs, migrations
from store.engines import Database, open_database
from store.files import files_of


class House:
    """Everything that one process runs on, opened and closed together.

    `executor` counts what it runs by the organization's minute, `worked`, for jobs, does not.
    """

    outside: Outside
    attachments: Attachments
    worked: Executor
    executor: CountingExecutor

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        billing = billing_of(settings)
        self.database: Database = open_database(settings.database_url, pool=settings.pool)
        self.gate = Gate(self.database, is_metered=billing.is_metered)
        self.writer = Writer(self.database, Mint(), most=settings.batch, billing=billing)
        self.figures = Figures(self.database, settings.metrics_seconds)
        self._worker: Worker | None = None

    async def open(self) -> None:
        """Bring the tables up to date, and begin: what is made of a secret needs them."""
        await self.database.write(migrations.upgrade)
        settings = self._settings
        secret = await link_secret(self.database, _shown(settings.link_secret))
        self.outside = Outside(
            files=files_of(settings.files),
            mailer=mailer_of(settings.mailer.get_secret_value()),
            mail_from=checked_address(settings.mail_from, "CRANE_MAIL_FROM"),
            links=Links(secret, settings.reached_at),
            link_days=settings.link_days,
            gateway=payments_of(settings),
        )
        self.attachments = Attachments(self.database, self.writer, self.outside.files)
        limits = limits_of(settings)
        self.worked = Executor(
            core,
            self.database,
            self.writer,
            limits,
            self.outside,
            compiles=settings.compiled,
            answers=Answers(settings.cache) if settings.cache else None,
        )
        live, test = settings.rate_live, settings.rate_test
        self.rest_is_direct = settings.rest_direct
        self._worker = await self._worker_of(settings)
        rates = Rates(self.database, live=live, test=test)
        self.executor = CountingExecutor(self.worked, rates, self.figures)
        self.figures.start()

    async def _worker_of(self, settings: Settings) -> Worker | None:
        """The worker of this process, which begins at once."""
        if self.database.is_sqlite:
            # It serves one process: who has claimed anything is dead.
            await self.database.write(jobs.release)
        if settings.jobs == 0:
            return None
        lease = timedelta(seconds=settings.job_lease)
        worker = Worker(
            self.database, self.writer, self.worked, text_of, most=settings.jobs, lease=lease
        )
        self._working = asyncio.create_task(worker.run())
        return worker

    def wake(self) -> None:
        """Let the worker look for jobs."""
        if self._worker is not None:
            self._worker.wake()

    async def close(self) -> None:
        """Finish what is under way, then let go of the database."""
        if self._worker is not None:
            self._worker.stop()
            await self._working
        await self.writer.close()
        await self.figures.close()
        await self.database.close()


def _shown(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


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
        self._rest = rest_paths(lambda: self.house, settings.limit_body)
        routes = [
            Route("/graphql", self._view),
            Route(f"/v{VERSION}/graphql", self._view),
            *playground.routes(),
            *FileDoors(lambda: self.house, settings.limit_upload).routes(),
            *DocumentDoors(lambda: self.house).routes(),
            *ExportDoors(lambda: self.house).routes(),
            *CheckoutDoors(lambda: self.house).routes(),
            MetricsDoor(lambda: self.house, _shown(settings.metrics_token)).route(),
            self._rest,
        ]
        self._others = Starlette(
            routes=routes,
            lifespan=self._lifespan,
            exception_handlers={
                HTTPException: no_route,
                ClientDisconnect: _no_answer,
                Exception: no_route,
            },
        )
        self._app = Edge(self._route, settings.timeout_body, requires_https=settings.require_https)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        await self._app(scope, receive, send)

    def _route(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        # Almost all requests are for GraphQL or REST, and the layers between answer none of them.
        door: ASGIApp | None = None
        if scope["type"] == "http":
            door = self._view if scope["path"] == "/graphql" else self._rest.find(scope)
        return (door or self._others)(scope, receive, send)

    def _graphql(self) -> View[Caller]:
        def authenticate(authorization: str | None, request_id: str) -> Awaitable[Caller]:
            return self.house.gate.authenticate(authorization, request_id, "graphql")

        def run(
            caller: Caller, asked: GraphQLRequest, options: ExecuteOptions
        ) -> Awaitable[Answer]:
            return self.house.executor(caller, asked, options)

        settings = self._settings
        return View(
            authenticate, run, most_batched=settings.limit_batch, most_bytes=settings.limit_body
        )

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        self.house = House(self._settings)
        try:
            await self.house.open()
            yield
        finally:
            await self.house.close()


async def _no_answer(_request: Request, _problem: Exception) -> Any:
    """To a client that has left."""


def application(settings: Settings | None = None) -> Application:
    """The application by its settings, or by those of the environment."""
    return Application(settings or Settings())


if __name__ == "__main__":
    from entrypoints.cli import main

    main()
