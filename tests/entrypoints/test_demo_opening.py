"""The demo company as it stands in the books once `crane serve --demo` has made it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from house import Client

from entrypoints.demo import NAME, company, opening
from entrypoints.demo.opening import open_demo
from ledger.errors import LedgerError
from ledger.events import Origin
from ledger.keys import fingerprint
from ledger.templates import Template
from resolvers import health, organizations
from resolvers.minting import Mint
from store import keys
from store import organizations as stored

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STORY = company(NOW.date())


async def opened(house, now=NOW):
    return await house.database.write(open_demo, now, Mint())


async def named(house):
    return [fact for fact in await house.database.read(stored.every) if fact.name == NAME]


@pytest.fixture
async def demo(house):
    return Client(house.http, (await opened(house)).live_key, "")


async def test_its_books_are_those_of_the_story(demo):
    found = await demo.ask(
        """{
          transactionsConnection { totalCount }
          pending: transactions(where: {status: {eq: PENDING}}) { description }
          reversals: transactions(where: {kind: {eq: REVERSAL}}) {
            date reversalReason reversalOf { description status }
          }
          opening: transactions(where: {kind: {eq: OPENING}}) { date journalNumber }
          organization { name isLive baseCurrency { code } }
          accounts { code }
        }"""
    )
    told = STORY["transactions"]
    (mistake,) = [row for row in told if row.get("reverse")]
    assert found["transactionsConnection"] == {"totalCount": len(told) + 1}
    assert len(found["pending"]) == 4
    assert found["reversals"] == [
        {
            "date": f"{mistake['reversal_date']}T00:00:00Z",
            "reversalReason": mistake["reversal_reason"],
            "reversalOf": {"description": mistake["description"], "status": "REVERSED"},
        }
    ]
    assert found["opening"] == [{"date": "2025-11-01T00:00:00Z", "journalNumber": 1}]
    assert found["organization"] == {
        "name": NAME,
        "isLive": True,
        "baseCurrency": {"code": "USD"},
    }
    assert {row["code"] for row in STORY["accounts"]} <= {row["code"] for row in found["accounts"]}


async def test_journals_are_numbered_by_date_the_reversal_included(demo):
    ask = """query Page($year: Int!) {
      transactions(where: {fiscalYear: {eq: $year}, status: {ne: PENDING}}) { date journalNumber }
    }"""
    for year in (2025, 2026):
        rows = (await demo.ask(ask, year=year))["transactions"]
        numbered = [(row["date"], row["journalNumber"]) for row in rows]
        by_number = sorted(numbered, key=lambda row: row[1])
        assert [number for _, number in by_number] == list(range(1, len(rows) + 1))
        assert by_number == sorted(numbered)


async def test_it_earns_money_owes_some_and_balances(house, demo):
    found = await demo.ask(
        """{
          balanceSheet(asOf: "2026-11-20") { totalAssets totalLiabilities totalEquity }
          incomeStatement(from: "2025-12-01", to: "2026-11-20") { grossProfit netIncome }
        }"""
    )
    sheet = {name: Decimal(text) for name, text in found["balanceSheet"].items()}
    assert sheet["totalAssets"] == sheet["totalLiabilities"] + sheet["totalEquity"]
    assert sheet["totalAssets"] > 2 * sheet["totalLiabilities"] > 0
    result = {name: Decimal(text) for name, text in found["incomeStatement"].items()}
    assert result["grossProfit"] > result["netIncome"] > 0
    for fact in await house.database.read(stored.every):
        findings = await house.database.read(health.examine, fact.id)
        assert [finding.check for finding in findings if not finding.holds] == []


async def test_a_later_start_leaves_the_books_and_gives_keys_for_thirty_days(house):
    first = await opened(house)
    later = NOW + timedelta(days=40)
    second = await opened(house, later)
    assert (first.is_new, second.is_new) == (True, False)
    assert len(await named(house)) == 1
    every = (first.live_key, first.test_key, second.live_key, second.test_key)
    found = await house.database.read(keys.by_hash, [fingerprint(key) for key in every])
    by_key = [found[fingerprint(key)] for key in every]
    assert [is_live for _, _, is_live in by_key] == [True, False, True, False]
    assert by_key[0][0].organization_id == by_key[2][0].organization_id
    assert by_key[1][0].organization_id == by_key[3][0].organization_id
    lasts = later + opening.LATER_KEYS
    assert [key.expires_at for key, _, _ in by_key] == [None, None, lasts, lasts]


async def test_an_organization_of_the_same_name_is_not_taken_for_the_demo(house):
    await house.database.write(
        organizations.found,
        name=NAME,
        currency="USD",
        template=Template.STANDARD,
        origin=Origin("cli", None, "req_1", "cli"),
        now=NOW,
        mint=Mint(),
    )
    assert (await opened(house)).is_new
    assert len(await named(house)) == 2


async def test_a_demo_that_cannot_be_made_whole_is_not_made_at_all(house, monkeypatch):
    broken = company(date(2026, 11, 20))
    broken["transactions"][300]["entries"][0]["amount"] = "0.01"
    monkeypatch.setattr(opening, "company", lambda _: broken)
    with pytest.raises(LedgerError, match="differ by"):
        await opened(house)
    assert await house.database.read(stored.every) == []
