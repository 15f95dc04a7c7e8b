"""A service of three fields behind the real view and the real edge, and a real socket for it."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager

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
JSON_HEADERS = {"Content-Type": "application/json"}
SCHEMA = build_schema("""
    type Query { hello(name: String = "world"): String! boom: String! }
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

    def boom(self, info):
        raise LedgerError(Reason.FORBIDDEN, "Not with this key.")

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


def only_error(response):
    """The one error that an answer consists of; it has the answer's number."""
    body = response.json()
    assert set(body) == {"errors"}
    (error,) = body["errors"]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    return error


async def post(http, body, **headers):
    """The answer to a body that is sent as it is."""
    return await http.post("/graphql", content=body, headers={**JSON_HEADERS, **headers})


@contextmanager
def serving(app, limits=None, lifespan="off"):
    """The port of a real server with the application, on its own event loop in a thread."""
    config = EdgeConfig(app, limits or ConnectionLimits(), port=0, lifespan=lifespan)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join()
