"""Rate limits: the same through every door, told on every answer, never more than allowed."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from house import Client, running

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


async def test_requests_by_http_over_two_servers_are_counted_together(databases):
    url = await databases.new("postgresql")
    async with running(url, rate_live=40) as one, running(url, rate_live=40) as other:
        books = await one.organization()
        doors = [Client(each.http, books.key, books.organization_id) for each in (one, other)]
        # Not where a minute ends: the next one would let more through, as it should.
        await asyncio.sleep(max(0, 5 - (60 - datetime.now(UTC).second)))
        answers = await asyncio.gather(*(asked(doors[n % 2]) for n in range(60)))
        assert Counter(a.status_code for a in answers) == {200: 40, 429: 20}
