"""Latencies: how long requests took, kept as how many took about as long.

A bucket holds what took as long as its bound or less, and longer than the bound before; the last
holds what took longer than all bounds. Within a bucket requests are taken to be spread evenly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

BOUNDS = (
    *(500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000),
    *(1_000_000, 2_000_000, 5_000_000, 10_000_000),
)
"""The bounds of the buckets in microseconds: from half a millisecond to ten seconds."""


@dataclass(frozen=True, slots=True)
class Latency:
    """How long requests took, in microseconds: on average, and of so many in a hundred at most."""

    mean: int
    p50: int
    p95: int
    p99: int


def bucket_of(microseconds: int) -> int:
    """The bucket of a request that took so long."""
    return bisect_left(BOUNDS, microseconds)


def latency(buckets: Iterable[tuple[int, int, int]]) -> Latency:
    """The latency of requests by their buckets, each with its requests and microseconds.

    Without a request all is 0; what took longer than all bounds counts as the last of them.
    """
    counts = [0] * (len(BOUNDS) + 1)
    took = 0
    for bucket, requests, microseconds in buckets:
        counts[bucket] += requests
        took += microseconds
    requests = sum(counts)
    if not requests:
        return Latency(0, 0, 0, 0)
    return Latency(took // requests, *(_percentile(counts, part) for part in (50, 95, 99)))


def _percentile(counts: list[int], percent: int) -> int:
    """What so many in a hundred took at most, in whole microseconds."""
    wanted = percent * sum(counts)  # in hundredths of a request
    before = lower = 0
    for upper, count in zip(BOUNDS, counts, strict=False):
        if count and wanted <= (before + count) * 100:
            return lower + (upper - lower) * (wanted - before * 100) // (count * 100)
        before += count
        lower = upper
    return lower
