"""What the database itself refuses: changes to facts, and rows that could not be true."""

from __future__ import annotations

import pytest
from entering import CREATE, REVERSE, contents, pair, sale
from house import Client
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError


@pytest.fixture
async def facts(house, books):
    """A pending, a posted and a reversed transaction, and what another organization has."""
    posted = await sale(books, post=True)
    reversal = (await books.ask(REVERSE, id=posted["id"], reason="R"))["reverseTransaction"]["id"]
    other: Client = await house.organization()
    return {
        "ours": books.organization_id,
        "posted": posted["id"],
        "reversal": reversal,
        "pending": (await sale(books))["id"],
        "cash": (await books.accounts())["1000"],
        "theirs": other.organization_id,
        "their_cash": (await other.accounts())["1000"],
        "their_pending": (await sale(other))["id"],
    }


async def run(house, facts, statement):
    def work(connection):
        named = {name: value for name, value in facts.items() if f":{name}" in statement}
        return connection.execute(text(statement), named).rowcount

    return await house.database.write(work)


async def refused(house, facts, statement, word=""):
    before = await contents(house)
    with pytest.raises(DBAPIError) as caught:
        await run(house, facts, statement)
    assert word in str(caught.value.orig), statement
    assert await contents(house) == before


FROZEN = {
    "transaction": [
        """UPDATE "transaction" SET description = 'x' WHERE id = :posted""",
        """UPDATE "transaction" SET date = '2020-01-01' WHERE id = :posted""",
        """UPDATE "transaction" SET status = 'pending', journal_number = NULL WHERE id = :posted""",
        """UPDATE "transaction" SET external_id = 'x' WHERE id = :posted""",
        """UPDATE "transaction" SET type = 'income' WHERE id = :posted""",
        """UPDATE "transaction" SET description = description""",
        """DELETE FROM "transaction" WHERE id = :reversal""",
        """DELETE FROM "transaction" """,
    ],
    "entry": [
        "UPDATE entry SET amount = 1 WHERE transaction_id = :posted",
        "UPDATE entry SET posted = :no WHERE transaction_id = :posted",
        "UPDATE entry SET account_id = :cash WHERE transaction_id = :reversal",
        "DELETE FROM entry WHERE transaction_id = :posted AND position = 0",
        "DELETE FROM entry",
    ],
    "reversal": ["UPDATE reversal SET reason = 'x'", "DELETE FROM reversal"],
    "event": [
        "UPDATE event SET actor = 'x' WHERE sequence = 1",
        "UPDATE event SET hash = 'x'",
        "DELETE FROM event WHERE sequence = 1",
        "DELETE FROM event",
    ],
}


async def test_what_is_posted_or_told_is_neither_changed_nor_deleted(house, facts):
    no = "0" if house.is_sqlite else "FALSE"
    for table, statements in FROZEN.items():
        for statement in statements:
            await refused(house, facts, statement.replace(":no", no), f"{table} is frozen")


async def test_not_even_all_at_once(house, facts):
    if house.is_sqlite:  # which has no TRUNCATE, and fires the triggers of DELETE without WHERE
        return
    for table in FROZEN:
        await refused(house, facts, f'TRUNCATE "{table}" CASCADE', "is frozen")


async def test_what_is_pending_is_free(house, facts):
    assert await run(house, facts, "UPDATE entry SET amount = 7 WHERE transaction_id = :pending")
    for table, key in (("entry", "transaction_id"), ('"transaction"', "id")):
        assert await run(house, facts, f"DELETE FROM {table} WHERE {key} = :pending")  # noqa: S608


FOREIGN = [
    "UPDATE entry SET account_id = :their_cash WHERE transaction_id = :pending",
    "UPDATE entry SET organization_id = :theirs WHERE transaction_id = :pending",
    "UPDATE entry SET transaction_id = :their_pending WHERE transaction_id = :pending",
    "UPDATE account SET parent_id = :their_cash WHERE id = :cash",
    "UPDATE account SET organization_id = :theirs, code = '0' WHERE id = :cash",
    "UPDATE balance SET account_id = :their_cash WHERE account_id = :cash",
    "UPDATE daily_total SET account_id = :their_cash WHERE account_id = :cash",
    "UPDATE monthly_total SET organization_id = :theirs WHERE account_id = :cash",
    """
    INSERT INTO reversal SELECT organization_id, :pending, :their_pending, reason, created_at
    FROM reversal
    """,
    "DELETE FROM account WHERE id = :cash",
    "DELETE FROM organization WHERE id = :ours",
]
UNTRUE = [
    "UPDATE entry SET amount = 0 WHERE transaction_id = :pending",
    "UPDATE entry SET amount = -1 WHERE transaction_id = :pending",
    "UPDATE entry SET base_amount = -1 WHERE transaction_id = :pending",
    "UPDATE entry SET entry_type = 'both' WHERE transaction_id = :pending",
    """UPDATE "transaction" SET status = 'posted' WHERE id = :pending""",
    """UPDATE "transaction" SET status = 'done' WHERE id = :pending""",
    """UPDATE "transaction" SET type = 'sale' WHERE id = :pending""",
    """UPDATE "transaction" SET journal_number = 9 WHERE id = :pending""",
    "UPDATE balance SET debit = -1",
    "UPDATE daily_total SET base_credit = -1",
    "UPDATE monthly_total SET credit = -1",
]
TWICE = [
    """
    UPDATE "transaction" SET status = 'posted', fiscal_year = 2026, journal_number = 1
    WHERE id = :pending
    """,
    """
    INSERT INTO reversal SELECT organization_id, original_id, :pending, reason, created_at
    FROM reversal
    """,
    """
    INSERT INTO reversal SELECT organization_id, :pending, reversal_id, reason, created_at
    FROM reversal
    """,
    "INSERT INTO event SELECT * FROM event WHERE sequence = 1",
    "UPDATE account SET code = '1010' WHERE id = :cash",
]


async def test_no_row_belongs_to_another_organization_than_its_parent(house, facts):
    for statement in FOREIGN:
        await refused(house, facts, statement, "FOREIGN KEY" if house.is_sqlite else "foreign key")


async def test_figures_and_words_that_could_not_be_true_are_refused(house, facts):
    for statement in UNTRUE:
        await refused(house, facts, statement, "CHECK" if house.is_sqlite else "check constraint")


async def test_numbers_links_and_codes_are_there_once(house, facts):
    for statement in TWICE:
        await refused(house, facts, statement, "UNIQUE" if house.is_sqlite else "unique constraint")


async def test_after_all_that_the_books_go_on(house, books, facts):
    await refused(house, facts, FROZEN["event"][0], "frozen")
    chart = await books.accounts()
    made = await books.ask(CREATE, entries=pair(chart["1000"], chart["4000"]), post=True)
    assert made["createTransaction"]["journalNumber"] == 3
