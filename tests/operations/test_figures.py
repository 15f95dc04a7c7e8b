"""Figures: every request is counted once, whoever counted it, and percentiles are what they say."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter

import pytest
from entering import contents

from resolvers.figures import KEPT_HOURS, KEPT_MINUTES, Figures
from resolvers.latencies import BOUNDS, Latency, bucket_of, latency
from store import figures
from store.engines import UnknownOutcomeError
from store.figures import HOUR, MINUTE, Figure

NOON = 1_767_614_400 // 60
"""A minute: noon of 5 January 2026."""


class Clock:
    def __init__(self):
        self.minute = NOON

    def __call__(self):
        return self.minute * 60 + 30.5


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def counting(house, clock):
    return Figures(house.database, clock=clock)


async def counted(house, organization_id="org_1", span=MINUTE, since=0):
    ask = (organization_id, span, since)
    return await house.database.read(figures.of_organization, *ask)


async def in_all(house):
    return await house.database.read(figures.totals)


# Latencies


def test_a_bucket_ends_with_its_bound():
    assert [bucket_of(took) for took in (0, 500, 501, 1_000, 1_001)] == [0, 0, 1, 1, 2]
    assert [bucket_of(bound) for bound in BOUNDS] == list(range(14))
    assert bucket_of(10_000_001) == 14
    assert list(BOUNDS) == sorted(BOUNDS)


@pytest.mark.parametrize(
    ("buckets", "found"),
    [
        ([], Latency(0, 0, 0, 0)),
        # A hundred between one and two milliseconds, spread evenly.
        ([(2, 100, 150_000)], Latency(1_500, 1_500, 1_950, 1_990)),
        # Half of them up to 0.5 ms, half between 5 and 10.
        ([(0, 50, 12_500), (4, 50, 375_000)], Latency(3_875, 500, 9_500, 9_900)),
        # The slow one of two hundred is seen by nobody but the mean.
        ([(1, 199, 149_250), (13, 1, 7_500_000)], Latency(38_246, 751, 977, 997)),
        # In parts, in whatever order.
        ([(2, 60, 90_000), (2, 40, 60_000)], Latency(1_500, 1_500, 1_950, 1_990)),
        # What takes longer than all bounds is known to take as long as the last.
        ([(14, 3, 90_000_000)], Latency(30_000_000, 10_000_000, 10_000_000, 10_000_000)),
        ([(0, 1, 100)], Latency(100, 250, 475, 495)),
    ],
)
def test_percentiles_are_found_within_their_buckets(buckets, found):
    assert latency(buckets) == found


def test_a_percentile_is_in_the_bucket_of_the_true_one():
    draw = random.Random(5)  # noqa: S311 (a sample, not a secret)
    for _ in range(200):
        took = sorted(int(draw.lognormvariate(8, 2)) for _ in range(draw.randint(1, 400)))
        found = latency((bucket_of(each), 1, each) for each in took)
        assert found.mean == sum(took) // len(took)
        for percent, shown in ((50, found.p50), (95, found.p95), (99, found.p99)):
            true = bucket_of(took[-(-percent * len(took) // 100) - 1])
            low, high = (0, *BOUNDS)[true], (*BOUNDS, BOUNDS[-1])[true]
            assert low <= shown <= high, (percent, shown, took)


# Counting


async def test_what_is_counted_is_put_down_by_minute_by_hour_and_in_all(house, counting, clock):
    counting.count("org_1", "accounts", "query", "OK", 0.0015)
    counting.count("org_1", "accounts", "query", "OK", 0.0019)
    counting.count("org_2", "accounts", "query", "OK", 0.0019)
    clock.minute += 1
    counting.count("org_1", "accounts", "query", "OK", 0.0012)
    counting.count("org_1", "createAccount", "mutation", "CONFLICT", 0.02)
    await counting.flush()
    reads = Figure("accounts", "query", "OK", 2, 3, 4_600)
    writes = Figure("createAccount", "mutation", "CONFLICT", 5, 1, 20_000)
    assert await counted(house) == [reads, writes]
    assert await counted(house, span=HOUR) == [reads, writes]
    assert await counted(house, since=NOON + 1) == [
        Figure("accounts", "query", "OK", 2, 1, 1_200),
        writes,
    ]
    assert await counted(house, span=HOUR, since=NOON + 60) == []
    assert await in_all(house) == [Figure("accounts", "query", "OK", 2, 4, 6_500), writes]


async def test_nothing_is_written_when_nothing_was_counted(house, counting):
    before = await contents(house)
    await counting.flush()
    assert await contents(house) == before


async def test_all_who_count_add_to_the_same_figures_at_the_same_time(house, clock):
    pair = [Figures(house.database, clock=clock) for _ in range(2)]
    for number in range(600):
        name, who = f"operation{number % 40}", f"org_{number % 3}"
        pair[number % 2].count(who, name, "query", "OK", 0.001)
        if number % 100 == 99:
            await asyncio.gather(*(each.flush() for each in pair))
    assert sum(each.requests for each in await in_all(house)) == 600
    for span in (MINUTE, HOUR):
        of = [await counted(house, f"org_{n}", span) for n in range(3)]
        assert [sum(each.requests for each in found) for found in of] == [200, 200, 200]
    assert {each.microseconds // each.requests for each in await in_all(house)} == {1_000}


async def test_what_cannot_be_put_down_is_kept_for_the_next_time(
    house, counting, monkeypatch, caplog
):
    write = house.database.write

    async def broken(*_, **__):
        counting.count("org_1", "accounts", "query", "OK", 0.001)  # one that comes meanwhile
        raise OSError("the disk is full")

    counting.count("org_1", "accounts", "query", "OK", 0.001)
    monkeypatch.setattr(house.database, "write", broken)
    with caplog.at_level(logging.WARNING):
        await counting.flush()
        await counting.flush()
    assert Counter(record.levelname for record in caplog.records)["WARNING"] == 2
    assert await in_all(house) == []
    monkeypatch.setattr(house.database, "write", write)
    await counting.flush()
    assert await in_all(house) == [Figure("accounts", "query", "OK", 1, 3, 3_000)]
    assert await counted(house) == await in_all(house)


async def test_many_are_put_down_in_parts_and_those_after_a_failure_are_kept(
    house, counting, monkeypatch, caplog
):
    write = house.database.write
    written = []

    async def breaking(work, cells, totals):
        if len(written) == 1:
            raise OSError("the disk is full")
        written.append(len(cells))
        await write(work, cells, totals)

    for number in range(2_500):
        counting.count(f"org_{number}", "accounts", "query", "OK", 0.001)
    monkeypatch.setattr(house.database, "write", breaking)
    await counting.flush()
    assert written == [1_000]
    assert [each.requests for each in await in_all(house)] == [1_000]
    monkeypatch.setattr(house.database, "write", write)
    await counting.flush()
    assert [each.requests for each in await in_all(house)] == [2_500]
    assert len(await counted(house, "org_2499", HOUR)) == 1


async def test_what_may_have_been_put_down_is_not_counted_twice(
    house, counting, monkeypatch, caplog
):
    write = house.database.write

    async def unsure(*given):
        await write(*given)
        raise UnknownOutcomeError

    counting.count("org_1", "accounts", "query", "OK", 0.001)
    monkeypatch.setattr(house.database, "write", unsure)
    await counting.flush()
    monkeypatch.setattr(house.database, "write", write)
    await counting.flush()
    assert await in_all(house) == [Figure("accounts", "query", "OK", 1, 1, 1_000)]
    assert "not known" in caplog.text


async def test_memory_is_bounded_and_the_totals_stay_right(house, clock, monkeypatch, caplog):
    counting = Figures(house.database, clock=clock, most=10)
    write = house.database.write

    async def broken(*_, **__):
        raise OSError("there is no network")

    monkeypatch.setattr(house.database, "write", broken)
    for number in range(1_000):
        counting.count(f"org_{number}", "accounts", "query", "OK", 0.001)
        if number % 100 == 50:
            await counting.flush()
    assert (len(counting._cells), len(counting._totals)) == (10, 1)
    monkeypatch.setattr(house.database, "write", write)
    await counting.flush()
    assert await in_all(house) == [Figure("accounts", "query", "OK", 1, 1_000, 1_000_000)]
    assert (len(counting._cells), len(counting._totals)) == (0, 0)


async def test_they_are_put_down_by_and_by_at_once_when_many_and_at_the_end(house, clock):
    counting = Figures(house.database, 0.01, clock=clock, most=10)
    counting.start()
    counting.count("org_1", "accounts", "query", "OK", 0.001)
    async with asyncio.timeout(5):
        while not await in_all(house):
            await asyncio.sleep(0.01)
    await counting.close()
    slow = Figures(house.database, 3_600, clock=clock, most=10)
    slow.start()
    for number in range(5):
        slow.count(f"org_{number}", "items", "query", "OK", 0.001)
    async with asyncio.timeout(5):
        while len(await in_all(house)) < 2:
            await asyncio.sleep(0.01)
    slow.count("org_1", "items", "query", "OK", 0.001)
    await slow.close()
    assert [each.requests for each in await in_all(house)] == [1, 6]


async def test_what_is_old_is_dropped_hours_later_than_minutes(house, clock):
    books = [await house.organization() for _ in range(2)]
    counting = Figures(house.database, 0.01, clock=clock)
    for client in books:
        counting.count(client.organization_id, "accounts", "query", "OK", 0.001)
    await counting.flush()

    async def left(minute):
        await counting.prune(minute)
        return [
            len(await counted(house, client.organization_id, span))
            for client in books
            for span in (MINUTE, HOUR)
        ]

    assert await left(NOON + KEPT_MINUTES) == [1, 1, 1, 1]
    assert await left(NOON + KEPT_MINUTES + 1) == [0, 1, 0, 1]
    assert await left(NOON + KEPT_HOURS) == [0, 1, 0, 1]
    clock.minute += KEPT_HOURS + HOUR
    counting.start()  # which looks for what is old by itself
    async with asyncio.timeout(5):
        while await counted(house, books[0].organization_id, HOUR):
            await asyncio.sleep(0.01)
    await counting.close()
    assert [each.requests for each in await in_all(house)] == [2]


async def test_old_figures_that_cannot_be_dropped_disturb_nobody(house, clock, monkeypatch, caplog):
    async def broken(_minute):
        raise OSError("there is no network")

    counting = Figures(house.database, 0.01, clock=clock)
    monkeypatch.setattr(counting, "prune", broken)
    counting.start()
    counting.count("org_1", "accounts", "query", "OK", 0.001)
    async with asyncio.timeout(5):
        while not await in_all(house):
            await asyncio.sleep(0.01)
    await counting.close()
    assert caplog.text.count("could not be dropped") == 1
