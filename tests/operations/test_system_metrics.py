"""The metrics of an organization: its own requests, each by what it asked and how it ended."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from asking import key_of
from house import Client, running

from ledger.keys import Scope
from store import figures
from store.figures import MINUTE

METRICS = """
query Metrics($period: String, $of: ID) {
  systemMetrics(period: $period, organizationId: $of) {
    period periodStartsAt periodEndsAt requests errors errorRate
    latency { mean p50 p95 p99 }
    codes { code requests }
    operations {
      operation type requests errors errorRate latency { mean p50 p95 p99 }
    }
    queues { name waiting processing completedPerHour failedPerHour errorRate }
  }
}"""
CREATE = """
mutation Create($code: String!) {
  createAccount(code: $code, name: "Till", accountType: ASSET) { id }
}"""


async def metrics(client, house, **given):
    await house.app.house.figures.flush()
    return (await client.ask(METRICS, **given))["systemMetrics"]


def by_operation(found):
    return {
        (each["operation"], each["type"]): (each["requests"], each["errors"])
        for each in found["operations"]
    }


async def test_requests_are_counted_by_what_they_ask_and_how_they_end(house, books):
    await books.ask("{ accounts { id } }")
    await books.ask("query Mine { a: accounts { id } b: accounts { code } }")
    await books.ask(
        "{ ...Both } fragment Both on Query { ...Both2 ...Both2 }"
        " fragment Both2 on Query { accounts { id } ... { organization { id } } }"
    )
    await books.ask(CREATE, code="9100")
    assert (await books.refusal(CREATE, code="9100")).code == "CONFLICT"
    assert (await books.refusal("{ nothing }")).code == "VALIDATION_ERROR"
    assert (await books.refusal("{")).code == "VALIDATION_ERROR"
    assert (await books.refusal('{ account(id: "act_1") { id } }')).code == "NOT_FOUND"
    found = await metrics(books, house)
    assert by_operation(found) == {
        ("accounts", "query"): (2, 0),
        ("several", "query"): (1, 0),
        ("createAccount", "mutation"): (2, 1),
        ("unread", "unknown"): (2, 2),
        ("account", "query"): (1, 1),
    }
    assert [each["requests"] for each in found["operations"]] == [2, 2, 2, 1, 1]
    assert found["codes"] == [
        {"code": "CONFLICT", "requests": 1},
        {"code": "NOT_FOUND", "requests": 1},
        {"code": "OK", "requests": 4},
        {"code": "VALIDATION_ERROR", "requests": 2},
    ]
    assert (found["requests"], found["errors"], found["errorRate"]) == (8, 4, "0.5000")
    again = by_operation(await metrics(books, house))
    assert again["systemMetrics", "query"] == (1, 0)


async def test_each_member_of_a_batch_counts_as_what_it_is(house, books):
    batch = [
        {"query": "{ accounts { id } }"},
        {"query": "{ nothing }"},
        {"query": "{ items { id } }"},
    ]
    headers = {"Authorization": f"Bearer {books.key}"}
    await books.http.post("/graphql", json=batch, headers=headers)
    assert by_operation(await metrics(books, house)) == {
        ("accounts", "query"): (1, 0),
        ("items", "query"): (1, 0),
        ("unread", "unknown"): (1, 1),
    }


async def test_how_long_they_took_is_told_in_milliseconds(house, books):
    count = house.app.house.figures.count
    for _ in range(99):
        count(books.organization_id, "accounts", "query", "OK", 0.0015)
    count(books.organization_id, "postTransaction", "mutation", "OK", 3.0)
    found = await metrics(books, house)
    assert found["latency"] == {
        "mean": "31.485",
        "p50": "1.505",
        "p95": "1.959",
        "p99": "2.000",
    }
    slow = next(each for each in found["operations"] if each["type"] == "mutation")
    assert slow["latency"]["mean"] == "3000.000"
    assert (found["errors"], found["errorRate"]) == (0, "0.0000")


async def test_what_was_asked_before_the_period_is_left_out(house, books):
    def put(connection, minute, number):
        cell = (books.organization_id, minute, "accounts", "query", "OK", 3)
        figures.add(connection, {cell: (number, number * 1_500)}, {})

    empty = await metrics(books, house, period="1h")
    now = int(datetime.fromisoformat(empty["periodEndsAt"]).timestamp()) // 60
    for ago, number in ((5, 1), (20, 10), (3 * 60, 100), (30 * 60, 1_000), (8 * 24 * 60, 10_000)):
        await house.database.write(put, now - ago, number)
    asked = {
        period: (await metrics(books, house, period=period))["operations"]
        for period in ("10m", "1h", "24h", "7d", "30d", None)
    }
    found = {
        period: sum(each["requests"] for each in operations if each["operation"] == "accounts")
        for period, operations in asked.items()
    }
    assert found == {"10m": 1, "1h": 11, "24h": 111, "7d": 1_111, "30d": 11_111, None: 111}


async def test_a_period_begins_with_a_whole_minute_and_a_long_one_with_a_whole_hour(house, books):
    for period, span in (("15m", timedelta(minutes=15)), ("30d", timedelta(days=30))):
        found = await metrics(books, house, period=period)
        begin, end = (
            datetime.fromisoformat(found[name]) for name in ("periodStartsAt", "periodEndsAt")
        )
        step = timedelta(minutes=1) if period == "15m" else timedelta(hours=1)
        assert span <= end - begin < span + step
        assert begin.second == 0
        assert period == "15m" or begin.minute == 0
        assert found["period"] == period


@pytest.mark.parametrize(
    "period", ["", "24", "h", "0h", "31d", "721h", "1w", "-1h", "1.5h", "\uff11h", "9" * 99 + "m"]
)
async def test_a_period_that_is_none_is_refused(books, period):
    refusal = await books.refusal(METRICS, period=period)
    assert (refusal.code, refusal.reason) == ("VALIDATION_ERROR", "invalid_value")
    assert refusal.field == "period"
    assert "15m, 1h, 24h, 7d, 30d" in refusal.suggestion


async def test_no_figure_of_another_organization_is_ever_shown(house, books):
    other = await house.organization()
    for _ in range(3):
        await other.ask("{ items { id } }")
    found = await metrics(books, house, of=books.organization_id)
    assert (found["requests"], found["operations"], found["codes"]) == (0, [], [])
    assert found["latency"] == dict.fromkeys(("mean", "p50", "p95", "p99"), "0.000")
    refusal = await books.refusal(METRICS, of=other.organization_id)
    never = await books.refusal(METRICS, of="org_0000000000000000zzzz")
    assert refusal.code == never.code == "NOT_FOUND"
    assert refusal.field == never.field == "organizationId"
    assert (await metrics(other, house))["requests"] == 3


async def test_a_key_that_may_read_sees_them(house, books):
    reader = await key_of(books, house, Scope.READ)
    assert (await metrics(reader, house))["period"] == "24h"


async def test_queues_are_told_as_queues_tells_them(house, books):
    found = await metrics(books, house)
    alone = await books.ask(
        "{ queues { name waiting processing completedPerHour failedPerHour errorRate } }"
    )
    assert found["queues"] == alone["queues"]
    assert {each["errorRate"] for each in found["queues"]} == {"0.0000"}


async def test_too_many_requests_are_counted_as_refused(engine, databases):
    async with running(await databases.new(engine), rate_live=2) as house:
        books = await house.organization()
        await asyncio.gather(*(books.post("{ accounts { id } }") for _ in range(5)))
        await house.app.house.figures.flush()
        ask = (figures.of_organization, books.organization_id, MINUTE, 0)
        found = [
            (f.operation, f.code)
            for f in await house.database.read(*ask)
            for _ in range(f.requests)
        ]
        assert sorted(found) == [
            ("accounts", "OK"),
            ("accounts", "OK"),
            *[("unread", "RATE_LIMIT_EXCEEDED")] * 3,
        ]


async def test_what_nobody_foresaw_is_counted_as_an_error_of_ours(house, books, monkeypatch):
    async def broken(*_, **__):
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setattr(house.app.house.executor, "_executor", broken)
    assert (await books.post("{ accounts { id } }")).status_code == 500
    monkeypatch.undo()
    found = await metrics(books, house)
    assert found["codes"] == [{"code": "INTERNAL_ERROR", "requests": 1}]


async def test_servers_that_share_a_database_tell_the_same(databases):
    url = await databases.new("postgresql")
    async with running(url) as one, running(url) as other:
        books = await one.organization()
        doors = [Client(each.http, books.key, books.organization_id) for each in (one, other)]
        await asyncio.gather(*(doors[n % 2].ask("{ accounts { id } }") for n in range(30)))
        for house in (one, other):
            await house.app.house.figures.flush()
        found = [(await door.ask(METRICS))["systemMetrics"] for door in doors]
        assert [each["requests"] for each in found] == [30, 30]
        assert found[0]["latency"] == found[1]["latency"]
