"""Settings and charts that stand: kept between requests, and never older than the books."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from asking import statements
from entering import sale
from house import Client, running
from sqlalchemy import select

from ledger.accounts import Account
from ledger.keys import Scope
from resolvers.gate import Caller
from resolvers.standing import Standings
from schema.context import Reading
from store import accounts, organizations
from store.pages import Order, Page, Span
from store.tables import account, organization, organization_version

ROOT = Path(__file__).parents[2]
SHOWN = """
{
  organization {
    name timeZone taxNumber version documentSettings { footer }
    trialBalance { accounts { accountCode accountName accountType } }
  }
  accounts { id code name status description version parent { code name } }
  transactions { entries { account { id code name } } }
}"""
CHANGES = (
    'mutation { createAccount(code: "1099", name: "New", accountType: ASSET) { id } }',
    'mutation { createAccounts(accounts: [{code: "1098", name: "B", accountType: ASSET}]) { id } }',
    'mutation { updateAccount(id: "%(1000)s", name: "Till") { id } }',
    'mutation { updateAccount(id: "%(4000)s", status: INACTIVE) { id } }',
    'mutation { updateAccount(id: "%(4000)s", status: ACTIVE) { id } }',
    'mutation { updateAccount(id: "%(1010)s", parentAccountId: "%(1000)s") { id } }',
    'mutation { updateAccount(id: "%(1010)s", metadata: {a: 1}) { id } }',
    'mutation { updateAccount(id: "%(1010)s", externalId: "x") { id } }',
    'mutation { deleteAccount(id: "%(1010)s") }',
    'mutation { updateOrganization(name: "Other") { id } }',
    'mutation { updateOrganization(timeZone: "Asia/Tokyo", taxNumber: "7") { id } }',
    'mutation { updateOrganization(booksClosedThrough: "2020-12-31") { id } }',
    'mutation { updateDocumentSettings(footer: "Thanks") { id } }',
)


def _rows(connection, of):
    """All that facts of an organization's settings and chart are made of, and its structure."""
    number = connection.scalar(
        select(organization_version.c.structure).where(organization_version.c.organization_id == of)
    )
    chart = select(account).where(account.c.organization_id == of).order_by(account.c.id)
    settings = select(organization).where(organization.c.id == of)
    return number, str([connection.execute(each).all() for each in (chart, settings)])


async def test_each_change_of_settings_or_chart_moves_the_structure(house, books):
    ids = await books.accounts()
    before, rows = await house.database.read(_rows, books.organization_id)
    for document in CHANGES:
        await books.ask(document % ids)
        after, changed = await house.database.read(_rows, books.organization_id)
        assert changed != rows, document
        assert after == before + 1, document
        before, rows = after, changed
    await sale(books, post=True)
    assert await house.database.read(_rows, books.organization_id) == (before, rows)


def test_nothing_else_writes_settings_or_charts():
    tables = r"(insert_rows|add_rows|update|delete)\((connection, )?(account|organization)[,)]"
    functions = r"\b(accounts|organizations)\.(insert_all|update_all|delete_all)\("
    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for package in ("entrypoints", "resolvers", "schema", "store")
        for path in (ROOT / package).rglob("*.py")
        for match in re.finditer(f"{tables}|{functions}", path.read_text())
        if "migrations" not in path.parts
    }
    assert found == {
        "store/accounts.py: insert_rows(connection, account,",
        "store/accounts.py: update(account)",
        "store/accounts.py: delete(account)",
        "store/organizations.py: insert_rows(connection, organization,",
        "store/organizations.py: update(organization)",
        # Each of these counts up the structure in the same commit: `changes._ahead` does.
        "store/changes.py: accounts.insert_all(",
        "store/changes.py: accounts.update_all(",
        "store/changes.py: accounts.delete_all(",
        "store/changes.py: organizations.update_all(",
        "resolvers/organizations.py: accounts.insert_all(",
        "resolvers/organizations.py: organizations.insert_all(",
    }


async def test_what_is_changed_at_one_server_is_seen_at_the_other_at_once(databases):
    url = await databases.new("postgresql")
    async with running(url, cache=0) as house, running(url, cache=0) as other:
        here = await house.organization()
        there = Client(other.http, here.key, here.organization_id)
        await sale(here, post=True)
        ids = await here.accounts()
        seen = [await there.ask(SHOWN)]
        for document in CHANGES:
            await here.ask(document % ids)
            found = await there.ask(SHOWN)
            assert found not in seen, document
            assert found == await here.ask(SHOWN)
            seen.append(found)


async def test_settings_and_chart_are_read_once_while_nothing_changes_them(house, books):
    ids = await books.accounts()
    await sale(books, post=True)
    await books.ask(SHOWN)
    with statements(house) as seen:
        await books.ask(SHOWN)
        await sale(books, post=True)
        await books.ask(SHOWN)
    assert not [each for each in seen if _reads_structure(each)], seen
    await books.ask(CHANGES[2] % ids)
    with statements(house) as seen:
        await books.ask(SHOWN)
    # The organization; the chart, its list, the parents in it, the accounts of entries.
    assert len([each for each in seen if _reads_structure(each)]) == 4, seen


def _reads_structure(statement):
    return re.search(r"FROM (account|organization) ", statement.replace("\n", " "))


def _caller(books):
    return Caller(books.organization_id, None, True, "key_1", Scope.READ, "req_1", "graphql")


async def test_a_snapshot_of_before_a_change_neither_takes_nor_leaves_what_came_after(house, books):
    ids = await books.accounts()
    standings = Standings()

    def reading():
        return Reading(house.database, _caller(books), None, standings)

    async def names(asked):
        chart = {each.id: each.name for each in await asked.chart()}
        one = (await asked.accounts([ids["1000"]]))[ids["1000"]].name
        page = await asked.standing(
            accounts.listed, books.organization_id, None, Order("code"), Span(1)
        )
        return chart[ids["1000"]], one, page.items[0].name

    old, older = reading(), reading()
    await old.organization()
    await older.organization()
    assert await names(older) == ("Cash",) * 3
    await books.ask(CHANGES[2] % ids)
    new = reading()
    assert await names(new) == ("Till",) * 3
    assert await names(old) == ("Cash",) * 3
    assert await names(older) == ("Cash",) * 3
    again = reading()
    with statements(house) as seen:
        assert await names(again) == ("Till",) * 3
    assert len(seen) == 1  # the version row
    for each in (old, older, new, again):
        await each.close()


def _page(*codes):
    facts = [Account("o", code, code, code, None, "USD", None, None) for code in codes]
    return {codes: Page(facts, has_next=False, has_previous=False)}


def test_what_stands_is_kept_by_its_number_and_as_far_as_there_is_room():
    standings = Standings(most=10)
    first = standings.at("org_1", 1)
    standings.put(first, _page("1", "2", "3"))
    assert standings.at("org_1", 1) is first
    second = standings.at("org_2", 1)
    standings.put(second, _page("4", "5", "6"))
    # The one used longest ago makes room for a third.
    assert standings.at("org_1", 1) is first
    standings.put(standings.at("org_3", 1), _page("7", "8"))
    assert standings.at("org_2", 1) is not second
    assert standings.at("org_1", 1).found == _page("1", "2", "3")
    # An older number has a place of its own, a newer one takes the place over.
    standings.put(standings.at("org_1", 0), _page(*"abcdefghijk"))
    assert standings.at("org_1", 1) is first
    newer = standings.at("org_1", 2)
    assert newer.found == {}
    assert standings.at("org_1", 2) is newer
    standings.put(first, _page(*"abcdefghijk"))
    assert standings.at("org_1", 2) is newer


@pytest.mark.parametrize("number", [1, 11])
def test_what_is_too_much_for_all_room_is_not_kept(number):
    standings = Standings(most=10)
    standing = standings.at("org_1", 1)
    standings.put(standing, _page(*map(str, range(number))))
    assert len(standing.found) == 1
    assert (standings.at("org_1", 1) is standing) is (number == 1)


async def test_the_organization_of_a_caller_is_the_one_that_stands(house, books):
    standings = Standings()
    for _ in range(2):
        reading = Reading(house.database, _caller(books), None, standings)
        found = await house.database.read(organizations.existing, [books.organization_id])
        assert await reading.organization() == found[books.organization_id]
        await reading.close()
