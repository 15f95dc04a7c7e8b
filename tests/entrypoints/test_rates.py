"""Rate limits: the same through every door, told on every answer, never more than allowed."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from house import running
from served import served

from resolvers.rates import Rates

ME = "{ organization { id } }"


class Clock:
    def __init__(self):
        self.now = datetime(2026, 1, 5, 12, 0, 30, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
async def limited(engine, databases):
    async with running(await databases.new(engine), rate_live=5, rate_test=2) as started:
        yield started


async def asked(client, query=ME):
    return await client.post(query, {})


async def test_a_minute_has_so_many_requests_and_each_answer_says_how_it_stands(limited):
    books = await limited.organization()
    answers = [await asked(books) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert [int(a.headers["x-ratelimit-remaining"]) for a in answers] == [4, 3, 2, 1, 0, 0]
    last = answers[-1]
    error = last.json()["errors"][0]["extensions"]
    assert (error["code"], error["reason"]) == ("RATE_LIMIT_EXCEEDED", "rate_limited")
    assert error["details"]["limit"] == 5
    assert int(last.headers["retry-after"]) == error["details"]["retry_after"]
    assert 1 <= error["details"]["retry_after"] <= 60
    assert last.headers["ratelimit-policy"] == '"minute";q=5;w=60'
    assert last.headers["ratelimit"].startswith('"minute";r=0;t=')
    assert "retry-after" not in answers[0].headers
    other = await limited.organization()
    assert (await asked(other)).status_code == 200


async def test_each_member_of_a_batch_counts(limited):
    books = await limited.organization()
    headers = {"Authorization": f"Bearer {books.key}"}
    answer = await books.http.post("/graphql", json=[{"query": ME}] * 7, headers=headers)
    reasons = Counter(
        each.get("errors", [{"extensions": {"reason": "none"}}])[0]["extensions"]["reason"]
        for each in answer.json()
    )
    assert reasons == {"none": 5, "rate_limited": 2}


async def test_without_a_limit_nothing_is_counted_nor_told(house, books):
    answer = await asked(books)
    assert answer.status_code == 200
    assert "x-ratelimit-limit" not in answer.headers


async def test_the_next_minute_begins_anew(house):
    clock = Clock()
    rates = Rates(house.database, live=3, test=1, clock=clock)
    for _ in range(3):
        assert not (await rates.admit("org_1", is_live=True)).is_over
    over = await rates.admit("org_1", is_live=True)
    assert (over.is_over, over.retry_after) == (True, 30)
    clock.now += timedelta(seconds=30)
    fresh = await rates.admit("org_1", is_live=True)
    assert (fresh.is_over, fresh.remaining) == (False, 2)
    assert (await rates.admit("org_2", is_live=False)).limit == 1
    assert (await rates.admit("org_2", is_live=False)).is_over


async def test_processes_that_share_a_database_let_through_no_more_than_the_limit(databases):
    clock = Clock()
    url = await databases.new("postgresql")
    async with running(url) as one, running(url) as other:
        pair = [Rates(each.database, live=1_000, test=0, clock=clock) for each in (one, other)]

        async def ask(number):
            return (await pair[number % 2].admit("org_1", is_live=True)).is_over

        found = Counter(await asyncio.gather(*(ask(number) for number in range(1_500))))
        assert found == {False: 1_000, True: 500}
        clock.now += timedelta(minutes=1)
        assert not (await pair[0].admit("org_1", is_live=True)).is_over


async def test_of_1500_requests_to_two_servers_exactly_1000_pass_within_one_minute(databases):
    """Each answer names the minute that it was counted in, so that none need be waited for."""
    url = await databases.new("postgresql")
    async with running(url) as house:
        books = await house.organization()
    quiet = {"CRANE_JOBS": "0", "CRANE_LOG_LEVEL": "warning"}
    headers = {"Authorization": f"Bearer {books.key}"}
    seen: dict[int, Counter] = {}
    with served(url, **quiet) as one, served(url, **quiet) as other:
        async with httpx2.AsyncClient(headers=headers, timeout=30) as http:

            async def ask(numbers):
                for number in numbers:
                    door = (one, other)[number % 2]
                    answer = await http.post(f"{door.url}/graphql", json={"query": ME})
                    minute = int(answer.headers["x-ratelimit-reset"])
                    seen.setdefault(minute, Counter())[answer.status_code] += 1

            while (left := 1_500 - (seen[max(seen)].total() if seen else 0)) > 0:
                numbers = iter(range(left))
                await asyncio.gather(*(ask(numbers) for _ in range(16)))
    last = seen.pop(max(seen))
    assert last == {200: 1_000, 429: 500}
    assert all(earlier[200] <= 1_000 for earlier in seen.values())


async def test_what_one_process_leaves_is_not_lost_to_the_other(databases):
    """The less is left of a minute, the less is taken at once."""
    clock = Clock()
    url = await databases.new("postgresql")
    async with running(url) as one, running(url) as other:
        pair = [Rates(each.database, live=100, test=0, clock=clock) for each in (one, other)]
        passed = 0
        for number in range(150):
            lone = pair[0] if number < 7 else pair[1]
            passed += not (await lone.admit("org_1", is_live=True)).is_over
        # The first has taken 5 and 4 of the 100, and has used 7 of these 9.
        assert passed == 98
