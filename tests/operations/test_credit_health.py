"""What payers have left is what they got, without what they used: `ledgerHealth` recounts it."""

from __future__ import annotations

import pytest
from crediting import grant, left, metered
from entering import BULK, checks, item, pair, sale, unhealthy
from sqlalchemy import text


@pytest.fixture
async def house(engine, databases):
    async with metered(await databases.new(engine)) as started:
        yield started


async def test_nobody_has_figures_who_has_no_credits(books):
    assert (await checks(books))["credits"]["examined"] == 0
    assert await unhealthy(books) == []


async def test_what_was_granted_and_used_adds_up_to_what_is_left(house, books):
    await grant(house, books, 10)
    await grant(house, books, 20)
    accounts = await books.accounts()
    given = [item(pair(accounts["1000"], accounts["4000"])) for _ in range(3)]
    await books.ask(BULK, transactions=given, post=False)
    await sale(books)
    assert await left(books) == 30 - 8
    assert (await checks(books))["credits"] == {
        "name": "credits",
        "holds": True,
        "examined": 1,
        "violations": 0,
        "examples": [],
    }
    await sale(books, amount="1.00")
    await books.ask(BULK, transactions=given * 3, post=False)
    assert await unhealthy(books) == []


@pytest.mark.parametrize(
    ("change", "kept", "recounted"),
    [
        ("UPDATE credit_account SET balance = balance + 1", (5, 4), (5, 3)),
        ("UPDATE credit_account SET granted = granted + 1", (6, 3), (5, 3)),
        ("UPDATE credit_usage SET credits = credits - 1", (5, 3), (5, 4)),
        ("DELETE FROM credit_usage", (5, 3), (5, 5)),
    ],
)
async def test_a_credit_too_many_is_found_and_named(house, books, change, kept, recounted):
    await grant(house, books, 5)
    await sale(books)
    assert await unhealthy(books) == []
    await house.database.write(lambda connection: connection.execute(text(change)))
    assert await unhealthy(books) == ["credits"]
    told = f"{books.organization_id}: kept {kept}, recomputed {recounted}"
    assert (await checks(books))["credits"]["examples"] == [told]
