"""One idempotency key has one effect and one answer."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from entering import (
    BULK,
    CREATE,
    DELETE,
    POST,
    READ,
    REVERSE,
    SET_STATUS,
    contents,
    item,
    pair,
    sale,
    unhealthy,
)
from house import Client, running
from sqlalchemy import text

from ledger.errors import Reason

CREATE_ACCOUNT = (
    "mutation A($code: String!, $key: String) "
    '{ createAccount(code: $code, name: "N", accountType: ASSET, idempotencyKey: $key) { id } }'
)
COUNT = "{ transactionsConnection { totalCount } }"


@pytest.fixture
async def chart(books: Client) -> dict[str, str]:
    """The ids of the standard chart's accounts by code."""
    return await books.accounts()


@pytest.fixture
def given(chart):
    """A posted sale under a key."""
    entries = pair(chart["1000"], chart["4000"])
    return {"entries": entries, "post": True, "idempotencyKey": "k-1"}


def at(house, moment):
    house.app.house.writer._clock = lambda: moment


def is_replay(response):
    flagged = response.json().get("extensions", {}).get("idempotentReplay", False)
    assert (response.headers.get("Idempotent-Replay") == "true") is flagged
    return flagged


async def number_of_transactions(books):
    return (await books.ask(COUNT))["transactionsConnection"]["totalCount"]


async def test_the_same_request_again_is_answered_from_the_first(house, books, given):
    first = await books.post(CREATE, given)
    assert not is_replay(first)
    before = await contents(house)
    for _ in range(2):
        again = await books.post(CREATE, given)
        assert is_replay(again)
        assert again.json()["data"] == first.json()["data"]
    assert await contents(house) == before


async def test_a_replay_answers_with_its_own_selection(books, given):
    made = (await books.ask(CREATE, **given))["createTransaction"]
    other = (
        CREATE[: CREATE.rindex(") {")]
        + ") { id entries { account { code balance { formatted } } } } }"
    )
    replayed = (await books.ask(other, **given))["createTransaction"]
    assert replayed["id"] == made["id"]
    assert replayed["entries"][0]["account"] == {
        "code": "1000",
        "balance": {"formatted": "$100.00"},
    }


async def test_a_header_is_as_good_as_the_argument(books, given):
    key = given.pop("idempotencyKey")
    first = await books.post(CREATE, given, **{"Idempotency-Key": key})
    again = await books.post(CREATE, given, **{"Idempotency-Key": key})
    argument = await books.post(CREATE, {**given, "idempotencyKey": key})
    assert [is_replay(r) for r in (first, again, argument)] == [False, True, True]
    assert first.json()["data"] == again.json()["data"] == argument.json()["data"]


async def test_a_header_cannot_name_one_of_two_mutations(house, books, given):
    before = await contents(house)
    document = "mutation { a: deleteTransaction(id: 1) b: deleteTransaction(id: 2) }"
    response = await books.post(document, **{"Idempotency-Key": "k"})
    assert response.json()["errors"][0]["extensions"]["reason"] == "invalid_request"
    assert await contents(house) == before


async def test_the_same_request_is_known_in_another_spelling(books, given):
    made = (await books.ask(CREATE, **given))["createTransaction"]
    first, second = given["entries"]
    spelled = {
        "idempotencyKey": "k-1",
        "post": True,
        "kind": "STANDARD",
        "description": "Sale",
        "externalId": None,
        "date": "2026-01-05T00:00:00Z",
        "entries": [dict(reversed(first.items())), {**second, "description": None}],
    }
    again = await books.post(CREATE, spelled)
    assert again.json()["data"]["createTransaction"] == made
    whole = {**given, "idempotencyKey": "k-2", "entries": pair(*accounts_of(given), 100)}
    number = await books.post(CREATE, whole)
    literal = CREATE.replace("$entries: [LedgerEntryInput!]!,", "").replace(
        "entries: $entries", "entries: " + literal_of(whole["entries"])
    )
    del whole["entries"]
    assert is_replay(await books.post(literal, whole))
    assert not is_replay(number)


def accounts_of(given):
    return [entry["accountId"] for entry in given["entries"]]


def literal_of(entries):
    text = json.dumps(entries)
    for name in ("accountId", "entryType", "amount"):
        text = text.replace(f'"{name}"', name)
    return text.replace('"DEBIT"', "DEBIT").replace('"CREDIT"', "CREDIT")


async def test_another_request_under_the_same_key_is_refused(house, books, chart, given):
    await books.ask(CREATE, **given)
    before = await contents(house)
    others = [
        (CREATE, {**given, "description": "Other"}),
        (CREATE, {**given, "entries": pair(chart["1000"], chart["4000"], "100.01")}),
        (CREATE, {**given, "post": False}),
        (BULK, {"transactions": [item(given["entries"])], "idempotencyKey": "k-1"}),
        (CREATE_ACCOUNT, {"code": "9999", "key": "k-1"}),
    ]
    for document, variables in others:
        refusal = await books.refusal(document, **variables)
        assert (refusal.code, refusal.reason) == ("CONFLICT", "idempotency_mismatch")
        assert refusal.field == "idempotencyKey"
        assert refusal.details == {"idempotency_key": "k-1", "operation": "create_transaction"}
    assert Reason.IDEMPOTENCY_MISMATCH.status == 422
    assert await contents(house) == before


async def test_every_organization_has_its_own_keys(house, books, given):
    other = await house.organization()
    first = await books.ask(CREATE, **given)
    second = await sale(other, idempotencyKey="k-1")
    assert first["createTransaction"]["id"] != second["id"]


async def test_a_key_counts_for_a_day(house, books, given):
    now = datetime.now(UTC)
    at(house, now)
    first = await books.post(CREATE, given)
    at(house, now + timedelta(hours=24, microseconds=-1))
    assert is_replay(await books.post(CREATE, given))
    at(house, now + timedelta(hours=24))
    later = await books.post(CREATE, given)
    assert not is_replay(later)
    ids = {r.json()["data"]["createTransaction"]["id"] for r in (first, later)}
    assert len(ids) == 2
    assert is_replay(await books.post(CREATE, given))
    assert await number_of_transactions(books) == 2


async def test_refusals_are_not_remembered(books, chart, given):
    await books.ask(SET_STATUS, id=chart["4000"], status="INACTIVE")
    assert (await books.refusal(CREATE, **given)).reason == "account_inactive"
    pending = await sale(books, entries=pair(chart["1000"], chart["4100"]))
    await books.ask(SET_STATUS, id=chart["4100"], status="INACTIVE")
    retried = {"id": pending["id"], "idempotencyKey": "k-2"}
    assert (await books.refusal(POST, **retried)).reason == "account_inactive"
    for code in ("4000", "4100"):
        await books.ask(SET_STATUS, id=chart[code], status="ACTIVE")
    assert not is_replay(await books.post(CREATE, given))
    assert not is_replay(await books.post(POST, retried))
    assert is_replay(await books.post(POST, retried))


async def test_a_dry_run_leaves_no_key_and_replays_one_that_is_there(house, books, given):
    before = await contents(house)
    await books.ask(CREATE, **given, dryRun=True)
    assert await contents(house) == before
    made = (await books.ask(CREATE, **given))["createTransaction"]
    tried = await books.post(CREATE, {**given, "dryRun": True})
    assert is_replay(tried)
    assert tried.json()["data"]["createTransaction"] == made


async def test_every_kind_of_mutation_is_replayed(house, books, chart, given):
    made = (await books.ask(CREATE, **given))["createTransaction"]
    pending = await sale(books)
    asked = [
        (REVERSE, {"id": made["id"], "idempotencyKey": "k-2"}),
        (DELETE, {"id": pending["id"], "idempotencyKey": "k-3"}),
        (CREATE_ACCOUNT, {"code": "9999", "key": "k-4"}),
        (
            BULK,
            {
                "transactions": [item(given["entries"]), item(given["entries"][:1])],
                "continueOnError": True,
                "idempotencyKey": "k-5",
            },
        ),
    ]
    for document, variables in asked:
        first = await books.post(document, variables)
        before = await contents(house)
        again = await books.post(document, variables)
        assert "errors" not in first.json(), first.text
        assert (is_replay(first), is_replay(again)) == (False, True)
        assert first.json()["data"] == again.json()["data"]
        assert await contents(house) == before


async def test_a_replay_whose_result_is_gone_says_so(books, given):
    given["post"] = False
    made = (await books.ask(CREATE, **given))["createTransaction"]
    await books.ask(DELETE, id=made["id"])
    assert (await books.refusal(CREATE, **given)).reason == "not_found"
    bulk = {"transactions": [item(given["entries"])] * 2, "post": False, "idempotencyKey": "k-3"}
    results = (await books.ask(BULK, **bulk))["createTransactions"]["results"]
    await books.ask(DELETE, id=results[0]["transaction"]["id"])
    replayed = (await books.ask(BULK, **bulk))["createTransactions"]["results"]
    assert replayed[0]["error"]["reason"] == "not_found"
    assert replayed[1] == results[1]
    opened = (await books.ask(CREATE_ACCOUNT, code="9999", key="k-2"))["createAccount"]
    await books.ask("mutation D($id: ID!) { deleteAccount(id: $id) }", id=opened["id"])
    assert (await books.refusal(CREATE_ACCOUNT, code="9999", key="k-2")).reason == "not_found"


async def test_a_key_that_cannot_be_kept_is_refused(house, books, given):
    before = await contents(house)
    for key in ("a\u0000b", "x" * 201, " "):
        refusal = await books.refusal(CREATE, **{**given, "idempotencyKey": key})
        assert (refusal.reason, refusal.field) == ("invalid_text", "idempotencyKey")
    assert await contents(house) == before


async def test_of_twenty_at_once_one_has_an_effect_and_all_have_its_answer(books, given):
    answers = await asyncio.gather(*(books.post(CREATE, given) for _ in range(20)))
    bodies = [answer.json()["data"]["createTransaction"] for answer in answers]
    assert all(body == bodies[0] for body in bodies)
    assert sorted(map(is_replay, answers)) == [False] + [True] * 19
    assert await number_of_transactions(books) == 1
    assert await unhealthy(books) == []


async def test_a_duplicate_waits_for_the_first_and_is_told_when_that_takes_too_long(
    house, books, given, monkeypatch
):
    monkeypatch.setattr("resolvers.writer._DUPLICATE_WAIT", 0.05)

    def lock(connection):
        if not house.is_sqlite:
            connection.execute(text("SELECT 1 FROM organization_version FOR UPDATE"))

    other, _ = taken = await house.database._writers.take()
    await other.begin("BEGIN", lock, ((), {}))
    first = asyncio.create_task(books.post(CREATE, given))
    while not house.app.house.writer._in_flight:
        await asyncio.sleep(0.01)
    refusal = await books.refusal(CREATE, **given)
    await other.undo()
    await house.database._writers.give(taken)
    assert (refusal.code, refusal.reason) == ("CONFLICT", "idempotency_in_flight")
    assert Reason.IDEMPOTENCY_IN_FLIGHT.retry
    assert not is_replay(await first)
    assert is_replay(await books.post(CREATE, given))


async def test_of_twenty_at_once_at_two_servers_one_has_an_effect(databases):
    url = await databases.new("postgresql")
    async with running(url) as house, running(url) as other:
        books = await house.organization()
        clients = [books, Client(other.http, books.key, books.organization_id)]
        chart = await books.accounts()
        for attempt in range(5):
            key = f"k-{attempt}"
            given = {"entries": pair(chart["1000"], chart["4000"]), "idempotencyKey": key}
            asked = [clients[n % 2].post(CREATE, {**given, "post": True}) for n in range(20)]
            answers = await asyncio.gather(*asked)
            bodies = [answer.json()["data"]["createTransaction"] for answer in answers]
            assert all(body == bodies[0] for body in bodies)
            assert sorted(map(is_replay, answers)) == [False] + [True] * 19
            assert (await clients[1].ask(READ, id=bodies[0]["id"]))["transaction"] == bodies[0]
        assert await number_of_transactions(books) == 5
        assert await unhealthy(books) == []
