"""Reversals: a posted transaction is offset once, by a second one, on a day that may be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from entering import CLOSE, REVERSE, SET_STATUS, contents, read, sale, unhealthy
from house import Client


@pytest.fixture
async def chart(books: Client) -> dict[str, str]:
    """The ids of the standard chart's accounts by code."""
    return await books.accounts()


async def refused(house, books, **variables):
    before = await contents(house)
    refusal = await books.refusal(REVERSE, **variables)
    assert await contents(house) == before
    return refusal


async def reverse(books, original, **given):
    return (await books.ask(REVERSE, id=original["id"], **given))["reverseTransaction"]


async def test_a_reversal_offsets_its_original_and_both_say_so(books, chart):
    original = await sale(books, reference="R-1", post=True)
    reversal = await reverse(books, original, reason="Entered twice", reversalDate="2026-02-01")
    assert (reversal["status"], reversal["kind"]) == ("POSTED", "REVERSAL")
    assert (reversal["journalNumber"], reversal["reference"]) == (2, "R-1")
    assert reversal["description"] == "Reversal of: Sale"
    assert reversal["date"] == "2026-02-01T00:00:00Z"
    assert reversal["reversalOfId"] == original["id"]
    assert [(e["accountId"], e["entryType"]) for e in reversal["entries"]] == [
        (chart["1000"], "CREDIT"),
        (chart["4000"], "DEBIT"),
    ]
    after = await read(books, original["id"])
    assert (after["status"], after["reversedById"]) == ("REVERSED", reversal["id"])
    assert after["reversalReason"] == reversal["reversalReason"] == "Entered twice"
    assert (after["journalNumber"], after["entries"]) == (1, original["entries"])
    balance = await books.ask(
        "query B($id: ID!) { account(id: $id) { balance { formatted } } }", id=chart["1000"]
    )
    assert balance["account"]["balance"]["formatted"] == "$0.00"
    assert await unhealthy(books) == []


async def test_a_reversal_is_dated_today_in_its_organization_or_later_with_its_original(
    house, books
):
    house.app.house.writer._clock = lambda: datetime(2026, 6, 14, 23, 30, tzinfo=UTC)
    dated = []
    for zone in ("UTC", "Europe/Berlin"):
        await books.ask(
            "mutation Z($zone: String!) { updateOrganization(timeZone: $zone) { id } }", zone=zone
        )
        for day in ("2026-01-05", "2026-06-15", "2026-07-01"):
            reversal = await reverse(books, await sale(books, date=day, post=True))
            dated += [reversal["date"][:10]]
    assert dated == [
        *("2026-06-14", "2026-06-15", "2026-07-01"),
        *("2026-06-15", "2026-06-15", "2026-07-01"),
    ]


async def test_nothing_is_reversed_before_it_happened(house, books):
    original = await sale(books, post=True)
    refusal = await refused(house, books, id=original["id"], reversalDate="2026-01-04")
    assert (refusal.reason, refusal.field) == ("reversal_before_original", "reversalDate")
    same_day = await reverse(books, original, reversalDate="2026-01-05")
    assert same_day["date"] == "2026-01-05T00:00:00Z"


async def test_nothing_is_reversed_into_a_closed_period(house, books):
    original = await sale(books, post=True)
    await books.ask(CLOSE, through="2026-01-31")
    refusal = await refused(house, books, id=original["id"], reversalDate="2026-01-31")
    assert (refusal.reason, refusal.field) == ("period_locked", "reversalDate")
    assert (await reverse(books, original, reversalDate="2026-02-01"))["status"] == "POSTED"


async def test_nothing_is_reversed_twice_and_no_reversal_is(house, books):
    original = await sale(books, post=True)
    reversal = await reverse(books, original)
    refusal = await refused(house, books, id=original["id"])
    assert (refusal.code, refusal.reason) == ("CONFLICT", "already_reversed")
    assert refusal.details["reversal_id"] == reversal["id"]
    refusal = await refused(house, books, id=reversal["id"])
    assert (refusal.code, refusal.reason) == ("CONFLICT", "wrong_status")
    assert refusal.details["reversal_of"] == original["id"]


async def test_only_what_is_posted_is_reversed_and_only_on_active_accounts(house, books, chart):
    pending = await sale(books)
    assert (await refused(house, books, id=pending["id"])).reason == "wrong_status"
    posted = await sale(books, post=True)
    await books.ask(SET_STATUS, id=chart["4000"], status="INACTIVE")
    assert (await refused(house, books, id=posted["id"])).reason == "account_inactive"


async def test_the_reversal_of_a_closing_transaction_stays_apart_with_it(books):
    closing = await sale(books, date="2026-01-05", kind="CLOSING", post=True)
    await reverse(books, closing, reversalDate="2026-01-06")
    revenue = '{ incomeStatement(from: "2026-01-01", to: "2026-01-31") { totalRevenue } }'
    assert (await books.ask(revenue))["incomeStatement"]["totalRevenue"] == "0.00"
    assert await unhealthy(books) == []
