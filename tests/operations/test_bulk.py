"""Many transactions in one call: all or none, or each for itself."""

from __future__ import annotations

import asyncio

import pytest
from entering import BULK, CREATE, contents, events, item, pair, sale, unhealthy
from house import Client
from sqlalchemy import event


@pytest.fixture
async def chart(books: Client) -> dict[str, str]:
    """The ids of the standard chart's accounts by code."""
    return await books.accounts()


def sales(chart, count, **more):
    return [
        item(pair(chart["1000"], chart["4000"], f"{n}.00"), **more) for n in range(1, count + 1)
    ]


def unbalanced(chart):
    entries = pair(chart["1000"], chart["4000"])
    entries[0]["amount"] = "100.01"
    return item(entries)


async def bulk(books, transactions, **more):
    return (await books.ask(BULK, transactions=transactions, **more))["createTransactions"]


async def refused(house, books, **variables):
    before = await contents(house)
    refusal = await books.refusal(BULK, **variables)
    assert await contents(house) == before
    return refusal


async def test_a_thousand_are_entered_in_order_in_one_commit(house, books, chart):
    statements = []
    engine = house.database.writer
    event.listen(engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    found = await bulk(books, sales(chart, 1000))
    # New tables are looked at once, which has nothing to do with what is entered.
    assert len([text for text in statements if not text.startswith("ANALYZE")]) < 20
    assert (found["created"], found["failed"]) == (1000, 0)
    assert [result["index"] for result in found["results"]] == list(range(1000))
    made = [result["transaction"] for result in found["results"]]
    assert [t["journalNumber"] for t in made] == list(range(1, 1001))
    assert [t["amount"] for t in made] == [f"{n}.00" for n in range(1, 1001)]
    assert [t["id"] for t in made] == sorted(t["id"] for t in made)
    balance = await books.ask(
        "query B($id: ID!) { account(id: $id) { balance { formatted } } }", id=chart["1000"]
    )
    assert balance["account"]["balance"]["formatted"] == "$500,500.00"
    posted = [e["entity_id"] for e in await events(books, house) if e["type"].endswith(".posted")]
    assert posted == [t["id"] for t in made]
    assert await unhealthy(books) == []


async def test_from_one_to_a_thousand_and_not_one_more(house, books, chart):
    for count in (0, 1001):
        transactions = sales(chart, 1) * count
        refusal = await refused(house, books, transactions=transactions)
        assert (refusal.reason, refusal.field) == ("too_many_items", "transactions")
        assert refusal.details == {"items": count, "limit": 1000}
    assert (await bulk(books, sales(chart, 1)))["created"] == 1


async def test_they_are_pending_unless_they_are_posted(books, chart):
    found = await bulk(books, sales(chart, 2), post=False)
    assert [r["transaction"]["status"] for r in found["results"]] == ["PENDING"] * 2


async def test_one_bad_item_refuses_all_and_is_named(house, books, chart):
    transactions = [*sales(chart, 3), unbalanced(chart), *sales(chart, 3)]
    for post in (True, False):
        refusal = await refused(house, books, transactions=transactions, post=post)
        assert refusal.reason == "unbalanced"
        assert refusal.field == "transactions[3].entries"
    bad = sales(chart, 2)
    bad[1]["entries"][1]["accountId"] = "act_00000000000000000000"
    refusal = await refused(house, books, transactions=bad)
    assert refusal.field == "transactions[1].entries[1].accountId"


async def test_with_continue_on_error_each_stands_for_itself(house, books, chart):
    transactions = [
        unbalanced(chart),
        *sales(chart, 1),
        item(pair(chart["1000"], "act_00000000000000000000")),
        item(pair(chart["1000"], chart["4000"], "0.001")),
        *sales(chart, 1),
    ]
    found = await bulk(books, transactions, continueOnError=True)
    assert (found["created"], found["failed"]) == (2, 3)
    errors = {r["index"]: r["error"] for r in found["results"] if r["error"]}
    assert {i: (e["code"], e["reason"], e["field"]) for i, e in errors.items()} == {
        0: ("VALIDATION_ERROR", "unbalanced", "transactions[0].entries"),
        2: ("NOT_FOUND", "unknown_reference", "transactions[2].entries[1].accountId"),
        3: ("VALIDATION_ERROR", "invalid_amount", "transactions[3].entries[0].amount"),
    }
    assert all(e["message"] and e["suggestion"] for e in errors.values())
    made = [r["transaction"] for r in found["results"] if r["transaction"]]
    assert [t["journalNumber"] for t in made] == [1, 2]
    assert await unhealthy(books) == []


async def test_when_every_item_is_bad_nothing_is_written(house, books, chart):
    before = await contents(house)
    found = await bulk(books, [unbalanced(chart)] * 3, continueOnError=True)
    assert (found["created"], found["failed"]) == (0, 3)
    assert await contents(house) == before


async def test_an_external_id_counts_once_within_a_call_and_between_calls(house, books, chart):
    first = await sale(books, externalId="a")
    twice = sales(chart, 2, externalId="b")
    refusal = await refused(house, books, transactions=twice)
    assert (refusal.reason, refusal.field) == ("duplicate", "transactions[1].externalId")
    known = [*sales(chart, 1, externalId="c"), *sales(chart, 1, externalId="a")]
    refusal = await refused(house, books, transactions=known)
    assert (refusal.reason, refusal.field) == ("duplicate", "transactions[1].externalId")
    assert refusal.details == {"external_id": "a", "existing_id": first["id"]}
    found = await bulk(books, [*twice, *known], continueOnError=True)
    assert [r["error"] and r["error"]["reason"] for r in found["results"]] == [
        None,
        "duplicate",
        None,
        "duplicate",
    ]
    second = found["results"][0]["transaction"]
    assert found["results"][1]["error"]["details"]["existing_id"] == second["id"]


async def test_of_many_calls_with_the_same_external_id_one_succeeds(books, chart):
    own = {"entries": pair(chart["1000"], chart["4000"]), "externalId": "x", "post": True}
    others = [books.post(BULK, {"transactions": sales(chart, 2)}) for _ in range(6)]
    answers = await asyncio.gather(*(books.post(CREATE, own) for _ in range(14)), *others)
    bodies = [answer.json() for answer in answers]
    reasons = [body["errors"][0]["extensions"]["reason"] for body in bodies if "errors" in body]
    assert reasons == ["duplicate"] * 13
    assert await unhealthy(books) == []
