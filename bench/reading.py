"""Reading: the dashboard of a company, and the trial balance of ever more entries."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from graphql import (
    REMOVE,
    FieldNode,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    parse,
    print_ast,
    visit,
)

from bench.books import PAST, prepare
from bench.load import Load, graphql_request, http_request, run
from bench.places import Places
from bench.results import Results
from bench.serving import serving
from schema import core

CLIENTS = 16
SIZES = (10_000, 100_000, 1_000_000)
LARGEST = SIZES[-1]
_TRIAL_BALANCE = """query Report($asOf: Date) { trialBalance(asOf: $asOf) {
  totalDebits totalCredits accounts { accountCode accountName debitBalance creditBalance } } }"""


class _Pruner(Visitor):
    """Leaves out fields that the schema does not have yet."""

    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self._types = types

    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        parent = self._types.get_parent_type()
        missing = isinstance(parent, GraphQLObjectType) and node.name.value not in parent.fields
        return REMOVE if missing else None


def dashboard_document() -> str:
    """The dashboard's document, as far as its fields exist."""
    text = Path(__file__).with_name("dashboard.graphql").read_text(encoding="utf-8")
    types = TypeInfo(core)
    return print_ast(visit(parse(text), TypeInfoVisitor(types, _Pruner(types))))


def dashboard(engine: str, places: Places, results: Results, rounds: int, seconds: float) -> None:
    """The dashboard at 16 clients, beside an empty route and an empty field of our view."""
    books = prepare(places.new(engine), 2_000)
    places.settle(books.url)
    request = graphql_request(dashboard_document(), {}, books.key)
    asked = {
        "empty Starlette route rps": [http_request("/empty", b"", method="GET")],
        "empty Strawberry field rps": [graphql_request("{ ping }", {}, "none")],
    }
    with serving(books.url) as server, serving(None) as nothing:
        for _ in range(rounds):
            spent = server.cpu_seconds()
            seen = run(Load(server.port, [request], CLIENTS, seconds))
            spent = server.cpu_seconds() - spent
            results.add(engine, "dashboard server CPU us", spent / seen.asked * 1_000_000)
            results.add(engine, "dashboard rps", seen.rps)
            results.add(engine, "dashboard median ms", seen.median_ms)
            for name, requests in asked.items():
                results.add(engine, name, run(Load(nothing.port, requests, CLIENTS, seconds)).rps)
        results.add(engine, "memory after dashboard MB", server.resident_mb())
    for name in asked:
        results.ratio(engine, "dashboard rps", name)


def trial_balance(
    engine: str,
    places: Places,
    results: Results,
    rounds: int,
    seconds: float,
    sizes: tuple[int, ...],
) -> None:
    """The trial balance now and as of a past date, one request after another, by entries."""
    with ExitStack() as open_servers:
        asked: list[tuple[str, Load]] = []
        servers = {}
        for entries in sizes:
            began = time.perf_counter()
            books = prepare(places.new(engine), entries // 2)
            results.add(engine, f"load of {entries:,} entries s", time.perf_counter() - began)
            places.settle(books.url)
            servers[entries] = server = open_servers.enter_context(serving(books.url))
            for when, day in (("now", None), ("past", PAST.isoformat())):
                request = graphql_request(_TRIAL_BALANCE, {"asOf": day}, books.key)
                asked.append((_report(when, entries), Load(server.port, [request], 1, seconds)))
        for _ in range(rounds):
            for name, load in asked:
                results.add(engine, name, run(load).median_ms)
        for entries, server in servers.items():
            name = f"memory after reports of {entries:,} entries MB"
            results.add(engine, name, server.resident_mb())
    bound = ("<=", 1.5) if sizes[-1] == LARGEST else None
    results.ratio(engine, _report("now", sizes[-1]), _report("now", sizes[0]), bound)
    for entries in sizes:
        results.ratio(engine, _report("past", entries), _report("now", entries), ("<=", 2.0))


def _report(when: str, entries: int) -> str:
    return f"trial balance {when}, {entries:,} entries ms"
