"""Moments: what a query reads in no snapshot is what it would read in one."""

from __future__ import annotations

import pytest
from asking import statements
from crediting import metered
from entering import sale
from house import running

from ledger.keys import Scope
from resolvers.gate import Caller
from resolvers.moment import Restless
from resolvers.standing import Standings
from schema.context import Reading
from store import accounts, organizations, totals
from store.engines import Look

SHOWN = "{ accounts { code name balance { amount } } }"
CHART = "{ accounts { code name } }"
WITH_MORE = """
query ($more: Boolean!) {
  accounts {
    code name balance { amount } transactions @include(if: $more) { description }
  }
}"""
RENAME = 'mutation { updateAccount(id: "%(1000)s", name: "Till") { id } }'


@pytest.fixture
async def house(engine, databases):
    async with running(await databases.new(engine), cache=0) as house:
        yield house


@pytest.fixture
async def books(house):
    return await house.organization()


async def _asked(house, books, document, **given):
    """The answer, and what was executed for it beside the look at the key."""
    with statements(house) as seen:
        found = await books.ask(document, **given)
    return found, [each for each in seen if "api_key" not in each]


def _meanwhile(monkeypatch, work, act, *, before=False):
    """Let something happen once, right before or after a piece of work of a query."""
    run_sync = Look.run_sync

    async def running_sync(self, asked, *args, **kwargs):
        if asked is not work:
            return await run_sync(self, asked, *args, **kwargs)
        monkeypatch.setattr(Look, "run_sync", run_sync)
        if before:
            await act()
        found = await run_sync(self, asked, *args, **kwargs)
        if not before:
            await act()
        return found

    monkeypatch.setattr(Look, "run_sync", running_sync)


async def _known(books, document, **given):
    """Post a sale, and ask a document until all that stands is known."""
    await sale(books, post=True)
    for _ in range(3):
        await books.ask(document, **given)


def _selling(books):
    async def sell():
        await sale(books, post=True)

    return sell


async def test_balances_of_accounts_are_one_statement(house, books):
    await sale(books, post=True)
    first = await books.ask(SHOWN)
    again = await books.ask(SHOWN)
    brief, seen = await _asked(house, books, SHOWN)
    assert first == again == brief
    assert len(seen) == 1
    await sale(books, post=True)
    later, seen = await _asked(house, books, SHOWN)
    assert len(seen) == 1
    assert {"200.00"} <= {each["balance"]["amount"] for each in later["accounts"]}


async def test_what_stands_needs_no_statement_at_all(house, books):
    ids = await books.accounts()
    for _ in range(2):
        await books.ask(CHART)
    assert (await _asked(house, books, CHART))[1] == []
    await books.ask(RENAME % ids)
    renamed, _ = await _asked(house, books, CHART)
    assert "Till" in {each["name"] for each in renamed["accounts"]}
    assert await _asked(house, books, CHART) == (renamed, [])


async def test_where_nothing_was_posted_balances_are_zero(house, books):
    answers = [await books.ask(SHOWN) for _ in range(4)]
    assert answers == answers[:1] * 4
    assert {each["balance"]["amount"] for each in answers[0]["accounts"]} == {"0.00"}


async def test_a_chart_that_changes_after_the_look_at_the_key_is_shown_as_it_is_then(
    house, books, monkeypatch
):
    ids = await books.accounts()
    await _known(books, SHOWN)

    async def act():
        await books.ask(RENAME % ids)
        await sale(books, post=True)

    _meanwhile(monkeypatch, totals.seen_now, act, before=True)
    found = await books.ask(SHOWN)
    till = next(each for each in found["accounts"] if each["code"] == "1000")
    assert till == {"code": "1000", "name": "Till", "balance": {"amount": "200.00"}}


@pytest.mark.parametrize("is_expected", [False, True])
async def test_what_is_written_while_a_query_reads_is_shown_wholly(
    house, books, monkeypatch, is_expected
):
    await _known(books, WITH_MORE, more=is_expected)
    _meanwhile(monkeypatch, totals.seen_now, _selling(books))
    for _ in range(2):
        found = await books.ask(WITH_MORE, more=True)
        seen = [
            (each["balance"]["amount"], len(each["transactions"]))
            for each in found["accounts"]
            if each["code"] in {"1000", "4000"}
        ]
        assert seen == [("200.00", 2)] * 2


async def test_several_statements_are_proved_by_one_at_their_end(house, books):
    await _known(books, WITH_MORE, more=True)
    _, seen = await _asked(house, books, WITH_MORE, more=True)
    assert "FROM balance" in seen[0]
    assert [place for place, each in enumerate(seen) if _is_look(each)] == [len(seen) - 1]


async def test_where_somebody_writes_all_the_time_a_snapshot_is_taken(house, books, monkeypatch):
    await _known(books, WITH_MORE, more=True)
    _meanwhile(monkeypatch, totals.seen_now, _selling(books))
    await _asked(house, books, WITH_MORE, more=True)
    _, seen = await _asked(house, books, WITH_MORE, more=True)
    assert [place for place, each in enumerate(seen) if _is_look(each)] == [0]
    monkeypatch.setattr(Restless, "__contains__", lambda *_: False)
    _, seen = await _asked(house, books, WITH_MORE, more=True)
    assert _is_look(seen[-1])


async def test_with_credits_which_move_by_themselves_a_snapshot_is_taken(engine, databases):
    document = "{ organization { creditsRemaining } accounts { code balance { amount } } }"
    async with metered(await databases.new(engine), cache=0) as house:
        books = await house.organization()
        for _ in range(3):
            await books.ask(document)
        _, seen = await _asked(house, books, document)
        assert _is_look(seen[0])


async def test_what_stands_is_void_when_the_snapshot_for_the_rest_fails(house, books, monkeypatch):
    found = await house.database.read(organizations.versions, [books.organization_id])
    reading = _reading(house, books, Standings(), found[books.organization_id].structure)

    def failing(*_):
        raise OSError("The connection broke.")

    monkeypatch.setattr("store.organizations.versions", failing)
    with pytest.raises(OSError, match="broke"):
        await reading.chart()
    await reading.close()
    assert reading.is_void


async def test_what_cannot_be_proved_is_read_again(house, books, monkeypatch):
    await sale(books, post=True)
    expected = await books.ask(WITH_MORE, more=True)

    async def act():
        raise OSError("The connection broke.")

    _meanwhile(monkeypatch, organizations.versions, act)
    assert await books.ask(WITH_MORE, more=True) == expected
    assert Look.run_sync.__name__ == "run_sync"


def test_an_organization_is_restless_for_a_while():
    now = [0.0]
    restless = Restless(1.0, lambda: now[0], most=2)
    restless.note("org_1")
    restless.note("org_2")
    restless.note("org_3")
    assert [each in restless for each in ("org_1", "org_2", "org_3")] == [True, True, False]
    now[0] = 1.5
    restless.note("org_3")
    assert [each in restless for each in ("org_1", "org_2", "org_3")] == [False, False, True]


def _is_look(statement):
    return "FROM organization_version" in statement and "FROM balance" not in statement


def _reading(house, books, standings, structure):
    caller = Caller(books.organization_id, None, True, "key_1", Scope.READ, "req_1", "graphql")
    at = caller._replace(structure=structure, seen=0)
    return Reading(house.database, at, None, standings, presumed=True)


async def test_what_was_presumed_wrongly_is_not_kept(house, books):
    ids = await books.accounts()
    old = await house.database.read(organizations.versions, [books.organization_id])
    presumed = old[books.organization_id].structure
    await books.ask(RENAME % ids)
    asked = (accounts.charts, (books.organization_id,))
    standings = Standings()
    reading = _reading(house, books, standings, presumed)
    assert "Till" in {each.name for each in await reading.chart()}
    await reading.close()
    assert (reading.is_void, reading.has_moved) == (True, True)
    assert asked in standings.at(books.organization_id, presumed + 1).found
    assert standings.at(books.organization_id, presumed).found == {}


async def test_what_stands_is_not_kept_from_between_other_reads(house, books):
    found = await house.database.read(organizations.versions, [books.organization_id])
    standings = Standings()
    reading = _reading(house, books, standings, found[books.organization_id].structure)
    await reading.read(organizations.versions, [books.organization_id])
    assert len(await reading.chart()) > 10
    await reading.prove()
    await reading.close()
    assert (reading.is_void, reading.has_moved) == (True, False)
    assert standings.at(books.organization_id, found[books.organization_id].structure).found == {}


async def test_a_mutation_shows_what_it_has_done_however_often_it_is_asked(books):
    ids = await books.accounts()
    change = """mutation ($id: ID!, $name: String!) {
      updateAccount(id: $id, name: $name) { name balance { amount } }
    }"""
    for name in ("One", "Two", "Three", "Four"):
        found = await books.ask(change, id=ids["1000"], name=name)
        assert found["updateAccount"] == {"name": name, "balance": {"amount": "0.00"}}
