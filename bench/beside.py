"""The dashboard of a company, twenty accounts, and nothing at all, beside who else answers those.

On PostgreSQL that is PostGraphile on the same database. Ours is asked twice: with its cache of
answers off, so that every answer is found in one snapshot, and as it is started otherwise. Ping
is the least that can be asked by an API key: `{ __typename }`, the gate included.
"""

from __future__ import annotations

import json
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import postgraphile
from bench.books import Books, prepare
from bench.checking import check
from bench.load import Load, graphql_request, http_request, run
from bench.places import Places
from bench.reading import CLIENTS, dashboard_document
from bench.results import Results
from bench.serving import STOCK, Server, serving

_UNCACHED, _CACHED = "dashboard, uncached", "dashboard, cached"
_TWENTY, _TWENTY_CACHED = "20 accounts, uncached", "20 accounts, cached"
_PING, _PING_UNCACHED = "ping", "ping, uncached"
_STOCK, _EDGE = "empty route of stock Starlette", "empty route behind our edge"
_FIELD = "empty field behind our view"
_THEIRS, _THEIR_TWENTY = "PostGraphile, dashboard", "PostGraphile, 20 accounts"
_BOUNDS = (
    (_UNCACHED, _THEIRS, 1.0),
    (_CACHED, _THEIRS, 5.0),
    (_TWENTY, _THEIR_TWENTY, 1.3),
    (_TWENTY_CACHED, _THEIR_TWENTY, None),
    (_PING, _STOCK, 0.7),
    (_PING, _EDGE, None),
    (_PING_UNCACHED, _STOCK, None),
    (_FIELD, _STOCK, None),
)


def measure(engine: str, places: Places, results: Results, rounds: int, seconds: float) -> None:
    """Ask all of them in turn, at 16 connections."""
    with ExitStack() as servers:
        asked = _asked(engine, places, results, servers)
        for _ in range(rounds):
            for name, (server, request) in asked.items():
                spent = server.cpu_seconds()
                seen = run(Load(server.port, [request], CLIENTS, seconds))
                spent = server.cpu_seconds() - spent
                results.add(engine, f"{name} rps", seen.rps)
                results.add(engine, f"{name} median ms", seen.median_ms)
                results.add(engine, f"{name} server CPU us", spent / seen.asked * 1_000_000)
        for name in (_UNCACHED, _CACHED):
            server, _ = asked[name]
            results.add(engine, f"memory after {name} MB", server.resident_mb())
    for over, under, bound in _BOUNDS:
        if under in asked:
            held = None if bound is None else (">=", bound)
            results.ratio(engine, f"{over} rps", f"{under} rps", held)


def _asked(
    engine: str, places: Places, results: Results, servers: ExitStack
) -> dict[str, tuple[Server, bytes]]:
    """What is asked of which server, by name; the books are checked when all have ended."""
    books = prepare(places.new(engine), 2_000)
    places.settle(books.url)
    servers.callback(check, engine, "dashboard", books.url, results)
    # SQLite serves one process: there the second server has books of its own.
    other = books if engine == "postgresql" else prepare(places.new(engine), 2_000)
    uncached = servers.enter_context(serving(books.url, CRANE_CACHE="0"))
    cached = servers.enter_context(serving(other.url))
    edge = servers.enter_context(serving(None))
    empty = http_request("/empty", b"", method="GET")
    dashboard, twenty = dashboard_document(), _document("twenty")
    asked = {
        _UNCACHED: (uncached, graphql_request(dashboard, {}, books.key)),
        _CACHED: (cached, graphql_request(dashboard, {}, other.key)),
        _TWENTY: (uncached, graphql_request(twenty, {}, books.key)),
        _TWENTY_CACHED: (cached, graphql_request(twenty, {}, other.key)),
        _PING: (cached, graphql_request("{ __typename }", {}, other.key)),
        _PING_UNCACHED: (uncached, graphql_request("{ __typename }", {}, books.key)),
        _FIELD: (edge, graphql_request("{ ping }", {}, "none")),
        _EDGE: (edge, empty),
        _STOCK: (servers.enter_context(serving(STOCK)), empty),
    }
    if engine == "postgresql" and postgraphile.is_possible():
        theirs = servers.enter_context(postgraphile.serving(books))
        require_same(uncached, theirs, books)
        own = {"id": books.organization_id}
        for name, told in ((_THEIRS, "dashboard"), (_THEIR_TWENTY, "twenty")):
            request = graphql_request(postgraphile.document(told), own, "none")
            asked[name] = (theirs, request)
    elif engine == "postgresql":
        results.notes.append(postgraphile.MISSING)
    return asked


def _document(name: str) -> str:
    return Path(__file__).with_name(f"{name}.graphql").read_text(encoding="utf-8")


def require_same(ours: Server, theirs: Server, books: Books) -> None:
    """Raise `RuntimeError` unless both answer with the same figures."""
    own = {"id": books.organization_id}
    one = _answer(ours, dashboard_document(), {}, books.key)["organization"]
    other = _answer(theirs, postgraphile.document("dashboard"), own)
    found = _answer(ours, _document("twenty"), {}, books.key)["accounts"]
    listed = _answer(theirs, postgraphile.document("twenty"), own)["allAccountsList"]
    totals = other["benchTrialBalance"]
    accounts = other["organizationByRowId"]["accountsByOrganizationIdList"]
    pairs = {
        "accounts": (_ids(one["accounts"], "id"), _ids(accounts, "rowId")),
        "transactions": (
            _ids(one["recentTransactions"], "id"),
            _ids(other["allTransactionsList"], "rowId"),
        ),
        "trial balance": (
            [_cents(one["trialBalance"][side]) for side in ("totalDebits", "totalCredits")],
            [int(totals[side]) for side in ("totalDebits", "totalCredits")],
        ),
        "balances": (
            [abs(_cents(each["balance"]["amount"])) for each in found],
            [abs(_net(each["balancesByOrganizationIdAndAccountIdList"])) for each in listed],
        ),
    }
    for name, (mine, yours) in pairs.items():
        if mine != yours:
            raise RuntimeError(f"{name}: ours {mine}, PostGraphile's {yours}")


def _ids(listed: list[dict[str, Any]], name: str) -> list[str]:
    return [each[name] for each in listed]


def _net(balances: list[dict[str, str]]) -> int:
    return sum(int(each["baseDebit"]) - int(each["baseCredit"]) for each in balances)


def _cents(amount: str) -> int:
    return int(amount.replace(".", ""))


def _answer(server: Server, query: str, variables: Any, key: str | None = None) -> dict[str, Any]:
    """The data of one answer."""
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    body = json.dumps({"query": query, "variables": variables}).encode()
    address = f"http://127.0.0.1:{server.port}/graphql"
    asked = urllib.request.Request(address, body, headers)
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310 (this machine)
        told = json.loads(answer.read())
    if "errors" in told:
        raise RuntimeError(str(told["errors"]))
    data: dict[str, Any] = told["data"]
    return data
