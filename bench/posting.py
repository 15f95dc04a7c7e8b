"""Posting: one transaction a request, and a hundred, beside what the database alone can do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bench.books import Books, bulk_requests, prepare, rest_requests, single_requests
from bench.checking import check
from bench.limits import BareSqlite, Pgbench
from bench.load import Load, run
from bench.places import Places
from bench.results import Results
from bench.serving import Server, serving

CLIENTS = (1, 16, 64)
_BULK, _BULK_CLIENTS = 100, 8
_ORGANIZATIONS = 8
_PGBENCH, _PGBENCH_TOGETHER = "pgbench tps", "pgbench, one organization tps"
_BARE = "bare loop tps"
_BULK_TPS = "bulk of 100 tps"
_WARM, _WITHIN_A_YEAR = 2_000, 300


def measure(engine: str, places: Places, results: Results, rounds: int, seconds: float) -> None:
    """Post over HTTP and by the limits in turn."""
    books = prepare(places.new(engine))
    limits = _limits(engine, places)
    several = [books, *(prepare(books.url) for _ in range(_ORGANIZATIONS - 1))]
    loads = _loads(several)
    bulks = bulk_requests(books, _BULK)
    with serving(books.url) as server:
        results.add(engine, "memory at start MB", server.resident_mb())
        for _ in range(rounds):
            for name, (requests, clients) in loads.items():
                _ask(engine, results, server, name, requests, clients, seconds)
            for name, limit in limits.items():
                results.add(engine, name, limit.tps(seconds))
            spent = server.cpu_seconds()
            seen = run(Load(server.port, bulks, _BULK_CLIENTS, seconds))
            spent = server.cpu_seconds() - spent
            name = "bulk of 100 server CPU us each"
            results.add(engine, name, spent / seen.asked / _BULK * 1_000_000)
            results.add(engine, _BULK_TPS, seen.rps * _BULK)
        results.add(engine, "memory after posting MB", server.resident_mb())
    check(engine, "posting", books.url, results)
    _hold(engine, results)


def _ask(
    engine: str,
    results: Results,
    server: Server,
    name: str,
    requests: list[bytes],
    clients: int,
    seconds: float,
) -> None:
    spent = server.cpu_seconds()
    seen = run(Load(server.port, requests, clients, seconds))
    spent = server.cpu_seconds() - spent
    results.add(engine, f"{name} server CPU us", spent / seen.asked * 1_000_000)
    results.add(engine, f"{name} rps", seen.rps)
    results.add(engine, f"{name} median ms", seen.median_ms)
    results.add(engine, f"{name} p99 ms", seen.p99_ms)


def _loads(several: list[Books]) -> dict[str, tuple[list[bytes], int]]:
    """What is posted by how many connections, by name: to one organization, and to eight."""
    rest = partial(rest_requests, prefer="wait=9")
    together = single_requests(several[0])
    loads = {_single(clients): (together, clients) for clients in CLIENTS}
    for clients in CLIENTS[1:]:
        loads[_single(clients, apart=True)] = (_apart(several, single_requests), clients)
    loads[_rest()] = (rest_requests(several[0], "wait=9"), CLIENTS[-1])
    loads[_rest(apart=True)] = (_apart(several, rest), CLIENTS[-1])
    return loads


def _single(clients: int, *, apart: bool = False) -> str:
    return f"single, {clients} clients{_of(apart)}"


def _rest(*, apart: bool = False) -> str:
    return f"REST with Prefer: wait, {CLIENTS[-1]} clients{_of(apart)}"


def _of(apart: bool) -> str:
    return f", {_ORGANIZATIONS} organizations" if apart else ""


def _apart(several: list[Books], requests: Callable[..., list[bytes]]) -> list[bytes]:
    """Posts to eight organizations of the same database in turn, as pgbench has them."""
    each = [requests(one, count=250) for one in several]
    return [request for turn in zip(*each, strict=True) for request in turn]


def _limits(engine: str, places: Places) -> dict[str, BareSqlite | Pgbench]:
    """The limits of an engine by their names, each on a database of its own."""
    if engine == "sqlite":
        return {_BARE: BareSqlite(prepare(places.new(engine)))}
    limits: dict[str, BareSqlite | Pgbench] = {}
    for name, apart in ((_PGBENCH, True), (_PGBENCH_TOGETHER, False)):
        books = prepare(places.new(engine), _WARM, _WITHIN_A_YEAR)
        limits[name] = Pgbench(books, places.folder, apart=apart)
        places.settle(books.url)
    return limits


def _hold(engine: str, results: Results) -> None:
    """The ratios; each load is held against the limit that posts to as many organizations."""
    most, fewer = CLIENTS[-1], CLIENTS[-2]
    if engine == "sqlite":
        results.ratio(engine, f"{_single(most)} rps", _BARE, (">=", 0.3))
        results.ratio(engine, f"{_single(most, apart=True)} rps", _BARE)
        results.ratio(engine, _BULK_TPS, _BARE)
    else:
        for apart, limit in ((False, _PGBENCH_TOGETHER), (True, _PGBENCH)):
            results.ratio(engine, f"{_single(most, apart=apart)} rps", limit, (">=", 1.2))
            results.ratio(engine, f"{_single(fewer, apart=apart)} rps", limit, (">=", 0.8))
            results.ratio(engine, f"{_rest(apart=apart)} rps", limit, (">=", 1.0))
            results.ratio(engine, _BULK_TPS, limit, (">=", 2.5))
    for apart in (False, True):
        name = _single(most, apart=apart)
        results.ratio(engine, f"{name} p99 ms", f"{name} median ms", ("<=", 3.0))
