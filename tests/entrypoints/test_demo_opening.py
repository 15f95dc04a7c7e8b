"""Opening the demo: made once and whole, on each engine, and found again by a later start."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from demo_story import made
from house import Client

from entrypoints.demo import NAME, opening
from entrypoints.demo.opening import open_demo
from entrypoints.demo.steps import Entered
from ledger.errors import LedgerError
from ledger.events import Origin
from ledger.keys import fingerprint
from ledger.templates import Template
from resolvers import health, organizations
from resolvers.minting import Mint
from store import keys
from store import organizations as stored

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
STORY = made(NOW.date()).steps


async def opened(house, now=NOW):
    return await house.database.write(open_demo, now, Mint())


async def named(house):
    return [fact for fact in await house.database.read(stored.every) if fact.name == NAME]


async def test_its_books_are_sound_and_numbered_by_date(house):
    demo = Client(house.http, (await opened(house)).live_key, "")
    for fact in await house.database.read(stored.every):
        findings = await house.database.read(health.examine, fact.id)
        assert [finding.check for finding in findings if not finding.holds] == []
    ask = """query Page($year: Int!) {
      transactions(where: {fiscalYear: {eq: $year}, status: {ne: PENDING}}) { date journalNumber }
    }"""
    for year in (2025, 2026):
        rows = (await demo.ask(ask, year=year))["transactions"]
        numbered = [(row["date"], row["journalNumber"]) for row in rows]
        by_number = sorted(numbered, key=lambda row: row[1])
        assert [number for _, number in by_number] == list(range(1, len(rows) + 1))
        assert by_number == sorted(numbered)


async def test_a_later_start_leaves_the_books_and_gives_keys_for_thirty_days(house):
    first = await opened(house)
    later = NOW + timedelta(days=40)
    second = await opened(house, later)
    assert (first.is_new, second.is_new) == (True, False)
    assert len(await named(house)) == 1
    every = (first.live_key, first.test_key, second.live_key, second.test_key)
    found = await house.database.read(keys.by_hash, [fingerprint(key) for key in every])
    by_key = [found[fingerprint(key)] for key in every]
    assert [each.is_live for each in by_key] == [True, False, True, False]
    of = [each.key.organization_id for each in by_key]
    assert of[:2] == of[2:]
    lasts = later + opening.LATER_KEYS
    assert [each.key.expires_at for each in by_key] == [None, None, lasts, lasts]


async def test_its_today_is_that_of_nebraska(house, monkeypatch):
    told = []
    monkeypatch.setattr(opening, "company", lambda day: told.append(day) or made(day))
    await opened(house, datetime(2026, 11, 15, 5, 59, tzinfo=UTC))
    assert told == [datetime(2026, 11, 14, tzinfo=UTC).date()]


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
    place = next(i for i, s in enumerate(STORY) if i > 300 and isinstance(s, Entered))
    first, *others = STORY[place].lines
    broken = replace(STORY[place], lines=(replace(first, amount=1), *others))
    steps = [*STORY[:place], broken, *STORY[place + 1 :]]
    monkeypatch.setattr(opening, "company", lambda day: replace(made(day), steps=steps))
    with pytest.raises(LedgerError, match="differ by"):
        await opened(house)
    assert await house.database.read(stored.every) == []
