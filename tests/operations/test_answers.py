"""Kept answers: given again while nothing moved, and never once anything has."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asking import key_of
from crediting import grant, metered
from entering import CREATE, pair, sale
from house import Client, running

from ledger.keys import Scope
from resolvers.gate import Caller
from schema import answers, core
from schema.answers import Answers, is_live
from schema.answers import key_of as question
from schema.view import Answer

BALANCES = "query B($limit: Int) { accounts(limit: $limit) { code balance { amount } } }"
DASHBOARD = "{ organization { id creditsRemaining trialBalance { totalDebits } } }"
LIVE = (
    "{ jobs { id } }",
    "{ jobsConnection { totalCount } }",
    "{ queues { name waiting } }",
    "{ ledgerHealth { isHealthy } }",
    "{ organization { ledgerHealth { isHealthy } } }",
    "{ creditUsage { totals { count } } }",
    '{ node(id: "job_00000000000000000001") { ... on JobNode { state } } }',
)


async def told(client: Client, query: str, **variables: Any) -> tuple[str, dict[str, Any]]:
    """How an answer was come by, and its data."""
    body = {"query": query, "variables": variables, "extensions": {"cache": True}}
    headers = {"Authorization": f"Bearer {client.key}"}
    answer = (await client.http.post("/graphql", json=body, headers=headers)).json()
    return answer["extensions"]["cache"]["status"], answer.get("data")


async def test_the_second_time_an_answer_is_given_again(books):
    await sale(books, post=True)
    first, second = await told(books, BALANCES), await told(books, BALANCES)
    assert (first[0], second[0]) == ("miss", "hit")
    assert first[1] == second[1]
    assert "cache" not in (await books.post(BALANCES)).json().get("extensions", {})


async def test_a_write_ends_it_and_the_next_answer_is_right(books):
    await told(books, BALANCES)
    chart = await books.accounts()
    await sale(books, post=True, entries=pair(chart["1010"], chart["4000"]))
    status, data = await told(books, BALANCES)
    assert status == "miss"
    balances = {each["code"]: each["balance"]["amount"] for each in data["accounts"]}
    assert balances["1010"] == balances["4000"] != "0.00"


async def test_other_variables_are_another_question_however_they_are_spelled(books):
    await told(books, BALANCES, limit=3)
    assert (await told(books, BALANCES, limit=4))[0] == "miss"
    assert (await told(books, BALANCES, limit=3))[0] == "hit"
    numbers = [b'{"limit":1.5}', b'{"limit":"1.5"}', b'{"limit":2e0}']
    headers = {"Authorization": f"Bearer {books.key}", "Content-Type": "application/json"}
    for text in numbers * 2:
        body = b'{"query":"%s","variables":%s}' % (BALANCES.encode(), text)
        answer = await books.http.post("/graphql", content=body, headers=headers)
        assert ("errors" in answer.json()) == (text != numbers[2])


async def test_other_organizations_and_other_scopes_have_answers_of_their_own(house, books):
    await told(books, "{ organization { id } }")
    other = await house.organization()
    status, data = await told(other, "{ organization { id } }")
    assert (status, data["organization"]["id"]) == ("miss", other.organization_id)
    reader = await key_of(books, house, Scope.READ)
    assert (await told(reader, "{ organization { id } }"))[0] == "miss"
    assert (await told(reader, "{ organization { id } }"))[0] == "hit"
    keys = "{ apiKeys { id } }"
    assert len((await told(books, keys))[1]["apiKeys"]) >= 2
    assert (await reader.refusal(keys)).reason == "forbidden"


@pytest.mark.parametrize("query", LIVE)
async def test_what_moves_without_the_books_is_never_kept(books, query):
    statuses = [(await told(books, query))[0] for _ in range(3)]
    assert statuses == ["off"] * 3


async def test_a_mutation_is_never_kept(books):
    chart = await books.accounts()
    ids = {
        (await told(books, CREATE, entries=pair(chart["1010"], chart["4000"])))[1][
            "createTransaction"
        ]["id"]
        for _ in range(2)
    }
    assert len(ids) == 2


async def test_a_refusal_is_not_kept_and_names_its_own_request(books):
    unknown = '{ account(id: "act_00000000000000000000") { id } }'
    answers = await asyncio.gather(*(books.post(unknown, {}) for _ in range(5)))
    numbers = {a.json()["errors"][0]["extensions"]["requestId"] for a in answers}
    assert len(numbers) == 5


async def test_where_credits_are_shown_their_balance_is_a_part_of_the_question(engine, databases):
    async with metered(await databases.new(engine)) as house:
        books = await house.organization()
        await grant(house, books, 10)
        for _ in range(2):
            status, data = await told(books, DASHBOARD)
        assert (status, data["organization"]["creditsRemaining"]) == ("hit", 10)
        await sale(books)
        status, data = await told(books, DASHBOARD)
        assert (status, data["organization"]["creditsRemaining"]) == ("miss", 8)


async def test_equal_questions_at_once_are_answered_by_one_execution(books):
    answers = await asyncio.gather(*(told(books, BALANCES) for _ in range(8)))
    statuses = sorted(status for status, _ in answers)
    assert statuses.count("miss") == 1
    assert len({str(data) for _, data in answers}) == 1


async def test_two_servers_never_give_an_answer_older_than_a_write_that_was_told(databases):
    url = await databases.new("postgresql")
    async with running(url) as house, running(url, cache=0) as other:
        here = await house.organization()
        there = Client(other.http, here.key, here.organization_id)
        chart = await here.accounts()
        entries = pair(chart["1010"], chart["4000"])
        for writer in (here, there) * 10:
            await sale(writer, post=True, entries=entries)
            kept, fresh = await told(here, BALANCES), await told(there, BALANCES)
            assert kept[1] == fresh[1]
            assert fresh[0] == "off"


async def test_without_room_nothing_is_kept(engine, databases):
    async with running(await databases.new(engine), cache=0) as house:
        books = await house.organization()
        assert [(await told(books, BALANCES))[0] for _ in range(2)] == ["off", "off"]


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 23, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def finding(body: dict[str, Any], ends: datetime | None = None) -> Any:
    async def find() -> tuple[Answer, datetime | None]:
        await asyncio.sleep(0)
        return Answer(body), ends

    return find


async def test_an_answer_about_today_ends_at_midnight_and_any_other_after_an_hour():
    clock = Clock()
    kept = Answers(1_000_000, clock)
    midnight = datetime(2026, 1, 6, tzinfo=UTC)
    for key, ends in ((("today",), midnight), (("ever",), None)):
        assert (await kept.answer(key, 1, finding({"data": 1}, ends)))[1] == "miss"
    clock.now = midnight - timedelta(seconds=1)
    assert [(await kept.answer((k,), 1, finding({})))[1] for k in ("today", "ever")] == [
        "hit",
        "hit",
    ]
    clock.now = midnight
    assert [(await kept.answer((k,), 1, finding({})))[1] for k in ("today", "ever")] == [
        "miss",
        "hit",
    ]
    clock.now += answers.LONGEST
    assert (await kept.answer(("ever",), 1, finding({})))[1] == "miss"


async def test_an_older_answer_does_not_take_the_place_of_a_newer_one():
    kept = Answers(1_000_000)
    await kept.answer(("q",), 2, finding({"data": "new"}))
    await kept.answer(("q",), 1, finding({"data": "old"}))
    answer, status = await kept.answer(("q",), 2, finding({"data": "none"}))
    assert (status, answer.body) == ("hit", {"data": "new"})


async def test_what_was_not_asked_for_longest_makes_room():
    kept = Answers(10_000)
    for number in range(12):
        await kept.answer((str(number),), 1, finding({"data": number}))
        await kept.answer(("0",), 1, finding({"data": 0}))
    found = [n for n in range(12) if (await kept.answer((str(n),), 1, finding({})))[1] == "hit"]
    assert 0 in found
    assert 1 not in found


async def test_what_would_fill_the_room_is_not_kept():
    kept = Answers(10_000)
    for _ in range(2):
        _, status = await kept.answer(("q",), 1, finding({"data": "x" * 5_000}))
    assert status == "miss"


async def test_an_asker_that_leaves_does_not_take_the_answer_from_the_others():
    kept = Answers(1_000_000)
    go = asyncio.Event()

    async def find() -> tuple[Answer, None]:
        await go.wait()
        return Answer({"data": 1}), None

    asked = [asyncio.create_task(kept.answer(("q",), 1, find)) for _ in range(3)]
    await asyncio.sleep(0)
    asked[0].cancel()
    go.set()
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert [answer.body for answer, _ in results[1:]] == [{"data": 1}, {"data": 1}]


def test_a_number_is_another_variable_than_its_text():
    caller = Caller("org_1", None, True, "key_1", Scope.READ, "req_1", "graphql")
    whole, text = ({"a": value} for value in (10**30, "x"))
    assert question(caller, None, "{ a }", None, whole) is None
    assert question(caller, None, "{ a }", None, text) is not None


def test_every_list_of_what_is_live_is_known():
    names = {name for name, field in core.query_type.fields.items() if is_live(field)}
    assert names >= {"job", "jobs", "jobsConnection", "queues", "creditUsage", "ledgerHealth"}
