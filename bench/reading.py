"""Reading: the document of the dashboard, and the trial balance of ever more entries."""

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

from bench.books import PAST, Books, prepare
from bench.checking import check
from bench.filling import filled
from bench.load import Load, graphql_request, run
from bench.places import Places
from bench.results import Results
from bench.serving import serving
from schema import core

CLIENTS = 16
MILLION = 1_000_000
SIZES = (10_000, 100_000, MILLION)
LARGE = (*SIZES, 10 * MILLION)
MOST_POSTED = 100_000
LARGEST_CHECKED = MILLION
UNCACHED = {"CRANE_CACHE": "0"}
"""A kept answer would cost the same however large the books are."""

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


def trial_balance(
    engine: str,
    places: Places,
    results: Results,
    rounds: int,
    seconds: float,
    sizes: tuple[int, ...],
) -> None:
    """The trial balance now and as of a past date, one request after another, by entries.

    Books up to `MOST_POSTED` entries are posted, larger ones filled. All but the largest of
    those are checked: what it would show of ten millions it shows of one.
    """
    with ExitStack() as open_servers:
        asked: list[tuple[str, Load]] = []
        servers = {}
        for entries in sizes:
            books = _books_of(engine, places, results, entries)
            if entries <= LARGEST_CHECKED:
                part = f"reports of {entries:,} entries"
                open_servers.callback(check, engine, part, books.url, results)
            servers[entries] = server = open_servers.enter_context(serving(books.url, **UNCACHED))
            for when, request in report_requests(books).items():
                asked.append((report(when, entries), Load(server.port, [request], 1, seconds)))
        for _ in range(rounds):
            for name, load in asked:
                results.add(engine, name, run(load).median_ms)
        for entries, server in servers.items():
            name = f"memory after reports of {entries:,} entries MB"
            results.add(engine, name, server.resident_mb())
    _hold(engine, results, sizes)


def _books_of(engine: str, places: Places, results: Results, entries: int) -> Books:
    """Books of so many entries, with how long they took and what they take of the disk."""
    began = time.perf_counter()
    make = prepare if entries <= MOST_POSTED else filled
    books = make(places.new(engine), entries // 2)
    places.settle(books.url)
    how = "posting" if entries <= MOST_POSTED else "filling in"
    results.add(engine, f"{how} {entries:,} entries s", time.perf_counter() - began)
    results.add(engine, f"disk of {entries:,} entries MB", places.megabytes(books.url))
    return books


def report_requests(books: Books) -> dict[str, bytes]:
    """The trial balance now, and of the past date."""
    return {
        when: graphql_request(_TRIAL_BALANCE, {"asOf": day}, books.key)
        for when, day in (("now", None), ("past", PAST.isoformat()))
    }


def _hold(engine: str, results: Results, sizes: tuple[int, ...]) -> None:
    first, last = sizes[0], sizes[-1]
    bound = ("<=", 1.5) if last >= MILLION else None
    results.ratio(engine, report("now", last), report("now", first), bound)
    if last > MILLION:
        results.ratio(engine, report("past", last), report("past", MILLION), ("<=", 2.0))
    for entries in sizes:
        results.ratio(engine, report("past", entries), report("now", entries))


def report(when: str, entries: int) -> str:
    """The name of the figure of a trial balance, in milliseconds."""
    return f"trial balance {when}, {entries:,} entries ms"
