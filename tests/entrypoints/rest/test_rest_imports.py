"""Imports by REST: accepted as a job, done once, paid for by the transaction."""

from __future__ import annotations

import pytest
from awaiting import ended, working
from crediting import grant, left, metered, require_books_of_credits_to_balance, used
from entering import contents

FILE = """\
number,date,description,account,debit,credit
1,2026-01-15,Cash sale,1000,100.00,
1,,,4000,,100.00
2,2026-01-16,A van,1630,95.50,
2,,,1000,,95.50
"""
BODY = {
    "source": "csv",
    "data": FILE,
    "accounts": [{"name": "Vans", "code": "1630", "account_type": "asset"}],
}
TRIAL = "~/reports/trial-balance"


@pytest.fixture
async def house(engine, databases):
    """A house that charges, and queues what REST writes; no worker."""
    async with metered(await databases.new(engine), rest_direct=False) as started:
        yield started


@pytest.fixture
async def rich(house, books):
    """A hundred credits."""
    await grant(house, books, 100)


async def test_an_import_is_queued_and_then_done_and_costs_what_its_transactions_cost(
    house, books, rest, rich
):
    answer = await rest.ask("POST", "~/imports", BODY)
    body = answer.json()
    assert (answer.status_code, body["credit_cost"]) == (202, 6)
    assert body["data"]["message"] == "Import queued"
    assert answer.headers["location"] == f"{rest.home}/jobs/{body['data']['job_id']}"
    waiting = await rest.get(f"~/jobs/{body['data']['job_id']}")
    assert (waiting["queue"], waiting["operation"]) == ("import", "importBooks")
    assert (await rest.get("~/transactions"))["total_count"] == 0
    assert await left(books) == 94
    async with working(house):
        job = await ended(rest, body["data"]["job_id"])
    assert job["status"] == "completed"
    made = job["result"]
    assert (made["accounts_created"], made["transactions_created"]) == (1, 2)
    shown = await rest.get("~/transactions?sort=date")
    assert [each["id"] for each in shown["data"]] == made["transaction_ids"]
    assert {each["status"] for each in shown["data"]} == {"posted"}
    trial = await rest.get(TRIAL)
    assert trial["is_balanced"]
    assert (trial["total_debits"], trial["total_credits"]) == ("100.00", "100.00")
    assert (await left(books), await used(books)) == (94, {"importBooks": (1, 6)})
    await require_books_of_credits_to_balance(house)


async def test_one_that_is_waited_for_is_done_at_once_and_its_key_means_one_effect(
    house, books, rest, rich
):
    given = {"Prefer": "wait=10", "Idempotency_Key": "once"}
    first = await rest.ask("POST", "~/imports", BODY, **given)
    assert first.status_code == 200
    shown = first.json()
    assert (shown["object"], shown["source"]) == ("import_result", "csv")
    assert (shown["accounts_created"], shown["transactions_created"]) == (1, 2)
    again = await rest.ask("POST", "~/imports", BODY, **given)
    assert (again.json(), again.headers["idempotent-replay"]) == (shown, "true")
    error = await rest.refused(409, "POST", "~/imports", BODY, Prefer="wait=10")
    assert error["code"] == "duplicate"
    assert [line["line"] for line in error["details"]["lines"]] == [2, 4]
    assert await left(books) == 94


async def test_a_queued_one_with_the_same_key_is_one_job(house, rest, rich):
    sent = [await rest.ask("POST", "~/imports", BODY, Idempotency_Key="once") for _ in range(2)]
    assert len({each.json()["data"]["job_id"] for each in sent}) == 1
    async with working(house):
        await ended(rest, sent[0].json()["data"]["job_id"])
    assert (await rest.get("~/transactions"))["total_count"] == 2


async def test_a_bad_file_is_refused_at_once_and_leaves_no_job(house, books, rest, rich):
    before = await contents(house)
    for change, status, code in (
        ({"data": FILE.replace("95.50\n", "95.49\n")}, 422, "unbalanced"),
        ({"data": FILE.replace("1630", "1640")}, 422, "unknown_reference"),
        ({"data": FILE.replace("2026-01-16", "16.1.2026")}, 400, "invalid_date"),
        ({"data": "\0"}, 400, "invalid_value"),
        ({"source": "paper"}, 400, "invalid_request"),
        ({"data": {"transactions": []}}, 400, "invalid_request"),
    ):
        error = await rest.refused(status, "POST", "~/imports", {**BODY, **change})
        assert error["code"] == code, error
    assert await contents(house) == before
    assert await left(books) == 100


async def test_what_a_job_was_charged_is_given_back_when_it_can_not_be_done_any_more(
    house, books, rest, rich
):
    job = (await rest.ask("POST", "~/imports", BODY)).json()["data"]["job_id"]
    await rest.put("~", {"books_closed_through": "2026-12-31"})
    assert await left(books) == 93
    async with working(house):
        done = await ended(rest, job)
    assert (done["status"], done["error"]["reason"]) == ("failed", "period_locked")
    assert await left(books) == 99
    assert [
        a["code"] for a in (await rest.get("~/accounts?limit=100"))["data"] if a["code"] == "1630"
    ] == []
    await require_books_of_credits_to_balance(house)


async def test_who_cannot_pay_for_all_of_it_imports_nothing(house, books, rest):
    await grant(house, books, 5)
    before = await contents(house)
    for prefer in ("wait=5", "respond-async"):
        error = await rest.refused(402, "POST", "~/imports", BODY, Prefer=prefer)
        assert error["details"]["cost"] == 6
    assert await contents(house) == before


async def test_another_organization_sees_nothing_of_it(house, rest, rest_of, rich):
    await rest.post("~/imports", BODY, Prefer="wait=5")
    other = await house.organization()
    await grant(house, other, 100)
    assert (await rest_of(other).get("~/transactions"))["total_count"] == 0
    theirs = await rest_of(other).post("~/imports", BODY, Prefer="wait=5")
    assert theirs["transactions_created"] == 2
