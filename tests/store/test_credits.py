"""What the database itself refuses of credits, and how accounts are charged."""

from __future__ import annotations

from datetime import date

import pytest
from crediting import grant, metered
from entering import contents
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from store import credits
from store.credits import DailyUse, Dues, Use

DAY = date(2026, 1, 5)
ORDER = "mutation { purchaseCredits(creditAmount: 100) { checkoutUrl } }"


@pytest.fixture
async def house(engine, databases):
    async with metered(await databases.new(engine)) as started:
        yield started


@pytest.fixture
async def rich(house, books):
    """An organization with ten credits and an order for a hundred more."""
    await grant(house, books, 10, reference="r")
    await books.ask(ORDER)
    return books


async def refused(house, statement, word):
    before = await contents(house)
    with pytest.raises(DBAPIError) as caught:
        await house.database.write(lambda connection: connection.execute(text(statement)))
    assert word in str(caught.value.orig), statement
    assert await contents(house) == before


def _again(key, number, reference):
    """The grants that there are once more, but for these."""
    columns = f"organization_id, '{key}', {number}, source, created_at, package, price_cents"
    return f"INSERT INTO credit_grant SELECT {columns}, currency, {reference} FROM credit_grant"  # noqa: S608


async def test_what_was_granted_or_ordered_is_neither_changed_nor_deleted(house, rich):
    for statement in (
        "UPDATE credit_grant SET credits = 1000",
        "UPDATE credit_grant SET reference = NULL",
        "DELETE FROM credit_grant",
    ):
        await refused(house, statement, "credit_grant is frozen")
    for statement in (
        "UPDATE checkout SET credits = 1000",
        "UPDATE checkout SET price_cents = 1",
        "UPDATE checkout SET success_url = 'https://example.com'",
        "UPDATE checkout SET expires_at = created_at",
        "DELETE FROM checkout",
    ):
        await refused(house, statement, "checkout is frozen")


async def test_no_account_is_ever_below_zero_and_no_grant_of_nothing(house, rich):
    check = "CHECK" if house.is_sqlite else "check constraint"
    for statement in (
        "UPDATE credit_account SET balance = balance - 11",
        "UPDATE credit_account SET granted = -1",
        _again("crg_0", 0, "NULL"),
        "UPDATE checkout SET status = 'paid'",
    ):
        await refused(house, statement, check)


async def test_a_reference_grants_once_and_an_account_belongs_to_an_organization(house, rich):
    twice = _again("crg_0", 5, "reference")
    await refused(house, twice, "UNIQUE" if house.is_sqlite else "unique constraint")
    foreign = "FOREIGN KEY" if house.is_sqlite else "foreign key"
    for statement in (
        "INSERT INTO credit_account VALUES ('org_nobody', 0, 0)",
        "INSERT INTO credit_usage VALUES ('org_nobody', '2026-01-05', 'a', 'key_1', 1, 1)",
        "DELETE FROM credit_account",
    ):
        await refused(house, statement, foreign)


def use(client, credits, count=1, operation="createContact"):
    return Use(client.organization_id, DAY, operation, "key_1", count, credits)


async def test_a_charge_is_taken_and_counted_and_one_that_is_too_much_is_not(house, rich):
    own = rich.organization_id

    async def charge(cost, *uses):
        return await house.database.write(credits.charge, Dues({own: cost}, uses))

    assert await charge(7, use(rich, 4), use(rich, 3, operation="createAccount"))
    assert await charge(2, use(rich, 2))
    kept = await house.database.read(credits.daily_use, own, DAY, DAY)
    assert kept == [DailyUse(DAY, "createAccount", 1, 3), DailyUse(DAY, "createContact", 2, 6)]
    # What was paid is given back by a charge below zero.
    assert await charge(-2, use(rich, -2, -1))
    account = (await house.database.read(credits.accounts, [own]))[own]
    assert (account.balance, account.granted) == (3, 10)
    before = await contents(house)
    assert not await charge(4, use(rich, 4))
    assert await contents(house) == before


async def test_who_never_got_any_has_an_empty_account(house, books):
    own = books.organization_id
    for lock in (False, True):
        found = await house.database.write(credits.accounts, [own, "org_nobody"], lock=lock)
        assert {key: account.balance for key, account in found.items()} == {own: 0, "org_nobody": 0}
