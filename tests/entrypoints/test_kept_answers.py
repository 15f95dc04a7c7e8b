"""Kept answers of two server processes that write and read at full speed: never one too old."""

from __future__ import annotations

import asyncio
import itertools

import httpx2
import pytest
from commands import founded
from entering import pair
from served import served

POST = """mutation P($entries: [LedgerEntryInput!]!) {
  createTransaction(description: "Sale", date: "2026-01-05", entries: $entries, post: true) { id }
}"""
TOTAL = "{ trialBalance { totalDebits } accounts { id code balance { amount } } }"
SECONDS = 2.0
WRITERS, READERS = 4, 6


class Party:
    """Who asks two servers in turn, and knows what was told and what may have been done."""

    def __init__(self, clients, entries):
        self.clients = itertools.cycle(clients)
        self.entries = entries
        self.told = self.begun = 0
        self.statuses = []

    async def write(self, until):
        while asyncio.get_running_loop().time() < until:
            self.begun += 1
            await asked(next(self.clients), POST, entries=self.entries)
            self.told += 1

    async def read(self, until):
        while asyncio.get_running_loop().time() < until:
            at_least = self.told
            body = await asked(next(self.clients), TOTAL)
            total = int(body["data"]["trialBalance"]["totalDebits"].removesuffix(".00"))
            assert at_least <= total <= self.begun
            self.statuses.append(body["extensions"]["cache"]["status"])


async def asked(client, query, **variables):
    request = {"query": query, "variables": variables, "extensions": {"cache": True}}
    body = (await client.post("/graphql", json=request)).json()
    assert "errors" not in body, body
    return body


@pytest.fixture
async def url(databases):
    return await databases.new("postgresql")


def test_no_answer_is_older_than_a_write_that_was_told_before_it_was_asked_for(url):
    key = founded(url)["live_key"]
    # Nobody reads what the servers log: it must not fill the pipe.
    unlimited = {"CRANE_RATE_LIVE": "0", "CRANE_LOG_LEVEL": "error"}
    with (
        served(url, **unlimited) as here,
        served(url, **unlimited) as there,
        served(url, CRANE_CACHE="0", **unlimited) as plain,
    ):
        party, last = asyncio.run(raced([here.url, there.url, plain.url], key))
    assert party.told == party.begun > 10
    assert {"miss"} < set(party.statuses)
    assert all(each["data"] == last[0]["data"] for each in last)
    statuses = [each["extensions"]["cache"]["status"] for each in last]
    assert statuses[3:] == ["hit", "hit", "off"]


async def raced(urls, key):
    options = {"headers": {"Authorization": f"Bearer {key}"}, "timeout": 30}
    clients = [httpx2.AsyncClient(base_url=each, **options) for each in urls]
    found = await asked(clients[0], TOTAL)
    chart = {each["code"]: each["id"] for each in found["data"]["accounts"]}
    party = Party(clients[:2], pair(chart["1010"], chart["4000"], "1.00"))
    until = asyncio.get_running_loop().time() + SECONDS
    work = [party.write(until) for _ in range(WRITERS)]
    await asyncio.gather(*work, *(party.read(until) for _ in range(READERS)))
    last = [await asked(client, TOTAL) for client in (*clients, *clients)]
    for client in clients:
        await client.aclose()
    return party, last
