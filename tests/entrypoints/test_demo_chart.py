"""The demo company's chart beside the standard one, and its story as the ledger takes it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from demo_story import balances, made
from house import Client, running

from entrypoints.demo.opening import open_demo
from entrypoints.demo.steps import Entered
from ledger.templates import Template, accounts_for
from resolvers.minting import Mint


def test_accounts_with_a_standard_code_are_those_of_the_standard_chart():
    accounts = made(date(2026, 11, 14)).accounts
    now = datetime(2024, 1, 1, tzinfo=UTC)
    standard = accounts_for(Template.STANDARD, "org_1", "USD", now, lambda: "act_1")
    known = {a.code: (a.name, a.type, a.subtype, a.currency) for a in standard}
    ours = {a["code"]: (a["name"], a["type"], a["subtype"], a["currency"]) for a in accounts}
    shared = set(known) & set(ours)
    assert {code: ours[code] for code in shared} == {code: known[code] for code in shared}
    assert len(shared) == 36
    assert len(ours) == len(accounts)


@pytest.mark.parametrize("today", [date(2025, 1, 1), date(2028, 2, 29), date(2029, 7, 5)], ids=str)
async def test_the_ledger_takes_every_step_and_finds_nothing_to_round(databases, today):
    async with running(await databases.new("sqlite")) as house:
        now = datetime.combine(today, time(20), UTC)
        opened = await house.database.write(open_demo, now, Mint())
        demo = Client(house.http, opened.live_key, "")
        found = await demo.ask(
            """query Books($day: Date) {
              ledgerHealth { isHealthy }
              trialBalance(asOf: $day) { accounts { accountCode debitBalance creditBalance } }
            }""",
            day=str(today),
        )
    assert found["ledgerHealth"] == {"isHealthy": True}
    posted = {
        row["accountCode"]: int(
            100 * (Decimal(row["debitBalance"]) - Decimal(row["creditBalance"]))
        )
        for row in found["trialBalance"]["accounts"]
    }
    steps = [s for s in made(today).steps if not isinstance(s, Entered) or s.is_posted]
    expected = balances(steps)
    assert {code: posted.get(code, 0) for code in posted.keys() | expected.keys()} == {
        code: expected[code] for code in posted.keys() | expected.keys()
    }
    assert posted["7900"] == 0
