"""`GET /metrics`: the figures of all processes for Prometheus, in its text format.

It is for those who run the service, and no operation of the API: it knows no organizations, has no
place below `/v1`, and takes no API key. Without a token of its own it answers only on the machine
itself, and nothing that a proxy has passed on.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address
from itertools import accumulate, groupby
from typing import Protocol

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from entrypoints.files import coded
from ledger.errors import LedgerError, Reason
from resolvers.figures import Figures
from resolvers.latencies import BOUNDS
from store import figures, jobs
from store.engines import Database
from store.figures import Figure
from store.jobs import QueueDepth

_PASSED_ON = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_LABELS = ("operation", "type", "code")
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS = 1_000_000
_LIMITS = [*(f"{bound / _MICROSECONDS:g}" for bound in BOUNDS), "+Inf"]


class Rooms(Protocol):
    """The parts of the house that this door leads to."""

    database: Database
    figures: Figures


class MetricsDoor:
    """The door of Prometheus; `token` is what it must show, if there is one."""

    def __init__(self, rooms: Callable[[], Rooms], token: str | None) -> None:
        self._rooms = rooms
        self._token = token

    def route(self) -> Route:
        """Its address."""
        return Route("/metrics", coded(self._show))

    async def _show(self, request: Request) -> Response:
        if self._token is not None:
            _require_token(request, self._token)
        elif not _is_beside(request):
            raise LedgerError(
                Reason.FORBIDDEN,
                "These figures are for the machine that the service runs on.",
                "Ask from there, or set CRANE_METRICS_TOKEN and send it as a bearer token.",
            )
        rooms = self._rooms()
        await rooms.figures.flush()
        requests = await rooms.database.read(figures.totals)
        queues = await rooms.database.read(jobs.depths, datetime.now(UTC), _EVER)
        shown = generate_latest(_Found([*_of_requests(requests), *_of_queues(queues)]))
        return Response(shown, headers={"content-type": CONTENT_TYPE_LATEST})


def _require_token(request: Request, token: str) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    # The header was read as Latin-1, whatever it is: so these are its bytes again.
    pair = (given.strip().encode("latin-1"), token.encode())
    if scheme.lower() != "bearer" or not hmac.compare_digest(*map(_digest, pair)):
        raise LedgerError(
            Reason.UNAUTHENTICATED,
            "The token of the metrics was not sent, or is another one.",
            "Send the header Authorization: Bearer with the value of CRANE_METRICS_TOKEN.",
        )


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()


def _is_beside(request: Request) -> bool:
    """Whether the client is on this machine, and asks for itself."""
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (inner or address).is_loopback


class _Found(Collector):
    """What was found, as the library wants to collect it."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        """All of it."""
        return self._metrics


def _of_requests(found: Sequence[Figure]) -> Iterator[Metric]:
    """Requests by operation, type and code, and how long they took."""
    counter = CounterMetricFamily("crane_requests", "Requests that were run.", labels=_LABELS)
    text = "How long requests took, in seconds."
    histogram = HistogramMetricFamily("crane_request_duration_seconds", text, labels=_LABELS)
    for labels, group in groupby(found, key=lambda each: (each.operation, each.kind, each.code)):
        counts = [0] * len(_LIMITS)
        took = 0
        for each in group:
            counts[each.bucket] += each.requests
            took += each.microseconds
        buckets = list(zip(_LIMITS, accumulate(counts), strict=True))
        counter.add_metric(labels, buckets[-1][1])
        histogram.add_metric(labels, buckets, took / _MICROSECONDS)
    yield counter
    yield histogram


def _of_queues(found: Sequence[QueueDepth]) -> Iterator[Metric]:
    """Queues: what waits and runs in them, and what they have ever done."""
    waiting = GaugeMetricFamily("crane_jobs_waiting", "Jobs that wait.", labels=["queue"])
    running = GaugeMetricFamily("crane_jobs_processing", "Jobs under way.", labels=["queue"])
    labels = ["queue", "state"]
    finished = CounterMetricFamily("crane_jobs_finished", "Jobs that ended.", labels=labels)
    text = "How long jobs took, in seconds."
    took = SummaryMetricFamily("crane_job_duration_seconds", text, labels=["queue"])
    for each in found:
        name = each.queue.value
        waiting.add_metric([name], each.waiting)
        running.add_metric([name], each.running)
        finished.add_metric([name, "completed"], each.finished - each.failed)
        finished.add_metric([name, "failed"], each.failed)
        took.add_metric([name], each.finished, each.milliseconds / 1_000)
    yield from (waiting, running, finished, took)
