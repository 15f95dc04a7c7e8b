"""Posting: one transaction a request, and a hundred, beside what the database alone can do."""

from __future__ import annotations

from bench.books import Books, bulk_requests, prepare, single_requests
from bench.limits import BareSqlite, Pgbench
from bench.load import Load, run
from bench.places import Places
from bench.results import Results
from bench.serving import serving

CLIENTS = (1, 16, 64)
_BULK, _BULK_CLIENTS = 100, 8
_ORGANIZATIONS = 8
_APART = "single, 64 clients, 8 organizations rps"
_WARM, _WITHIN_A_YEAR = 2_000, 300


def measure(engine: str, places: Places, results: Results, rounds: int, seconds: float) -> None:
    """Post over HTTP and by the limits in turn."""
    books = prepare(places.new(engine))
    limits = _limits(engine, places)
    singles, bulks = single_requests(books), bulk_requests(books, _BULK)
    apart = _apart(books)
    with serving(books.url) as server:
        results.add(engine, "memory at start MB", server.resident_mb())
        for _ in range(rounds):
            for clients in CLIENTS:
                spent = server.cpu_seconds()
                seen = run(Load(server.port, singles, clients, seconds))
                spent = server.cpu_seconds() - spent
                name = f"single, {clients} clients server CPU us"
                results.add(engine, name, spent / seen.asked * 1_000_000)
                results.add(engine, f"single, {clients} clients rps", seen.rps)
                results.add(engine, f"single, {clients} clients median ms", seen.median_ms)
                results.add(engine, f"single, {clients} clients p99 ms", seen.p99_ms)
            seen = run(Load(server.port, apart, CLIENTS[-1], seconds))
            results.add(engine, _APART, seen.rps)
            for name, limit in limits.items():
                results.add(engine, name, limit.tps(seconds))
            spent = server.cpu_seconds()
            seen = run(Load(server.port, bulks, _BULK_CLIENTS, seconds))
            spent = server.cpu_seconds() - spent
            name = "bulk of 100 server CPU us each"
            results.add(engine, name, spent / seen.asked / _BULK * 1_000_000)
            results.add(engine, "bulk of 100 tps", seen.rps * _BULK)
        results.add(engine, "memory after posting MB", server.resident_mb())
    _hold(engine, results)


def _apart(books: Books) -> list[bytes]:
    """Single posts to eight organizations of the same database in turn, as pgbench has them."""
    several = [books, *(prepare(books.url) for _ in range(_ORGANIZATIONS - 1))]
    each = [single_requests(one, 250) for one in several]
    return [request for requests in zip(*each, strict=True) for request in requests]


def _limits(engine: str, places: Places) -> dict[str, BareSqlite | Pgbench]:
    """The limits of an engine by their names, each on a database of its own."""
    if engine == "sqlite":
        return {"bare loop tps": BareSqlite(prepare(places.new(engine)))}
    limits: dict[str, BareSqlite | Pgbench] = {}
    for name, apart in (("pgbench tps", True), ("pgbench, one organization tps", False)):
        books = prepare(places.new(engine), _WARM, _WITHIN_A_YEAR)
        limits[name] = Pgbench(books, places.folder, apart=apart)
        places.settle(books.url)
    return limits


def _hold(engine: str, results: Results) -> None:
    single, bulk = "single, 64 clients rps", "bulk of 100 tps"
    if engine == "sqlite":
        results.ratio(engine, single, "bare loop tps", (">=", 0.12))
        results.ratio(engine, bulk, "bare loop tps")
        return
    results.ratio(engine, bulk, "pgbench tps", (">=", 1.0))
    results.ratio(engine, single, "pgbench, one organization tps", (">=", 0.5))
    results.ratio(engine, _APART, "pgbench tps", (">=", 0.5))
