"""A service of five fields behind the real view and the real edge, and a real socket for it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager

import httpx2
import uvicorn
from graphql import (
    GraphQLError,
    OperationType,
    build_schema,
    get_operation_ast,
    parse,
    validate,
)
from graphql import execute as run
from starlette.routing import Route, Router

from entrypoints.connections import ConnectionLimits, EdgeConfig
from entrypoints.edge import Edge
from ledger.errors import LedgerError, Reason
from schema.view import Answer, View, only_by_post

KEY = "cl_live_tiny"
SCHEMA = build_schema("""
    type Query { hello(name: String = "world"): String! boom: String refused: String notes: [String] }
    type Mutation { note(text: String!): [String] }
""")


class TinyService:
    """The executor, and what it was asked: `seen` has the options of every execution."""

    def __init__(self) -> None:
        self.seen = []
        self.notes = []
        self.authenticated = []

    async def authenticate(self, header, request_id):
        self.authenticated.append((header, request_id))
        if header != f"Bearer {KEY}":
            cause = "The API key is missing or unknown."
            raise LedgerError(Reason.UNAUTHENTICATED, cause, "Send Authorization: Bearer <key>.")
        return self

    async def execute(self, asker, request, options):
        self.seen.append((request, options))
        options.state["organization_id"] = "org_1"
        if request.query == "crash":
            raise ZeroDivisionError("secret of the house")
        if request.query == "stray":
            raise asyncio.CancelledError
        if request.query == "limited":
            raise LedgerError(Reason.RATE_LIMITED, "Too many requests.", "Wait.")
        try:
            document = parse(request.query)
        except GraphQLError as error:
            return Answer({"errors": [error.formatted]}, executed=False)
        invalid = validate(SCHEMA, document)
        if invalid:
            return Answer({"errors": [each.formatted for each in invalid]}, executed=False)
        operation = get_operation_ast(document, request.operation_name)
        if options.only_queries and operation.operation is OperationType.MUTATION:
            raise only_by_post()
        return await self.answer(document, request)

    async def answer(self, document, request):
        found = run(
            SCHEMA, document, self, None, request.variables, operation_name=request.operation_name
        )
        result = await found if asyncio.iscoroutine(found) else found
        executed = result.data is not None or all(each.path for each in result.errors)
        body = result.formatted
        if not executed:
            body = {"errors": body["errors"]}
        return Answer(body, executed, {"X-Tiny": "yes"})

    def hello(self, info, name):
        return f"Hello {name}"

    async def note(self, info, text):
        await asyncio.sleep(0.01 / (len(self.notes) + 1))
        self.notes.append(text)
        return list(self.notes)

    def app(self, **limits):
        view = View(self.authenticate, self.execute, **limits)
        return Edge(Router([Route("/graphql", view)]))


def client(app, **headers):
    """A client of an application in process; the key is sent unless told otherwise."""
    sent = {"Authorization": f"Bearer {KEY}", **headers}
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(transport=transport, base_url="http://tiny", headers=sent)


@asynccontextmanager
async def serving(app, limits=None):
    """The port of a real server with the application, in this event loop."""
    config = EdgeConfig(app, limits or ConnectionLimits(), port=0, lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve())
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task
