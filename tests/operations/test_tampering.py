"""Whoever changes the books behind the service's back is found out, and it is said where."""

from __future__ import annotations

import pytest
from entering import REVERSE, checks, pair, sale, unhealthy
from sqlalchemy import text

from resolvers import health
from store.dialects import is_sqlite

KEPT = {"balances", "daily totals", "monthly totals"}
TAMPERINGS = {
    "one letter of a description": (
        """UPDATE "transaction" SET description = 'Salf' WHERE id = :posted""",
        {"posted transactions"},
    ),
    "one digit of an amount": (
        "UPDATE entry SET amount = amount + 1 WHERE transaction_id = :posted AND position = 0",
        {*KEPT, "posted transactions"},
    ),
    "one digit of a base amount": (
        """
        UPDATE entry SET base_amount = base_amount + 1
        WHERE transaction_id = :posted AND position = 0
        """,
        {*KEPT, "zero sum", "balanced transactions", "posted transactions"},
    ),
    "an amount on both sides, and all that is kept of it": (
        """
        UPDATE entry SET amount = 20000, base_amount = 20000 WHERE transaction_id = :posted;
        UPDATE "transaction" SET amount = 20000, base_amount = 20000 WHERE id = :posted;
        UPDATE balance SET debit = 2 * debit, credit = 2 * credit,
        base_debit = 2 * base_debit, base_credit = 2 * base_credit
        WHERE account_id IN (SELECT account_id FROM entry WHERE transaction_id = :posted);
        UPDATE daily_total SET debit = 2 * debit, credit = 2 * credit,
        base_debit = 2 * base_debit, base_credit = 2 * base_credit
        WHERE account_id IN (SELECT account_id FROM entry WHERE transaction_id = :posted);
        UPDATE monthly_total SET debit = 2 * debit, credit = 2 * credit,
        base_debit = 2 * base_debit, base_credit = 2 * base_credit
        WHERE account_id IN (SELECT account_id FROM entry WHERE transaction_id = :posted)
        """,
        {"posted transactions"},
    ),
    "the account of an entry": (
        """
        UPDATE entry SET account_id = :other
        WHERE transaction_id = :posted AND position = 0
        """,
        {*KEPT, "posted transactions"},
    ),
    "the date of an entry": (
        "UPDATE entry SET date = '2026-01-06' WHERE transaction_id = :posted AND position = 0",
        {"entry dates"},
    ),
    "a third entry": (
        """
        INSERT INTO entry SELECT organization_id, transaction_id, 2, account_id, date, entry_type,
        amount, currency, base_amount, exchange_rate, description, reference, posted
        FROM entry WHERE transaction_id = :posted AND position = 0
        """,
        {*KEPT, "zero sum", "balanced transactions", "posted transactions"},
    ),
    "a posted transaction that nobody posted": (
        """
        INSERT INTO "transaction" (organization_id, id, date, description, currency, amount,
        base_amount, status, kind, closing, metadata, fiscal_year, journal_number, version,
        created_at, updated_at)
        SELECT organization_id, 'txn_forged', date, description, currency, amount, base_amount,
        status, kind, closing, metadata, 2020, 1, version, created_at, updated_at
        FROM "transaction" WHERE id = :posted;
        INSERT INTO entry SELECT organization_id, 'txn_forged', position, account_id, date,
        entry_type, amount, currency, base_amount, exchange_rate, description, reference, posted
        FROM entry WHERE transaction_id = :posted;
        UPDATE balance SET debit = 2 * debit, credit = 2 * credit,
        base_debit = 2 * base_debit, base_credit = 2 * base_credit
        WHERE account_id IN (SELECT account_id FROM entry WHERE transaction_id = :posted);
        UPDATE daily_total SET debit = 2 * debit, credit = 2 * credit,
        base_debit = 2 * base_debit, base_credit = 2 * base_credit
        WHERE account_id IN (SELECT account_id FROM entry WHERE transaction_id = :posted);
        UPDATE monthly_total SET debit = 2 * debit, credit = 2 * credit,
        base_debit = 2 * base_debit, base_credit = 2 * base_credit
        WHERE account_id IN (SELECT account_id FROM entry WHERE transaction_id = :posted);
        INSERT INTO journal_counter SELECT organization_id, 2020, 1
        FROM "transaction" WHERE id = :posted
        """,
        {"posted transactions"},
    ),
    "a posted transaction that is gone": (
        """
        DELETE FROM entry WHERE transaction_id = :posted;
        DELETE FROM "transaction" WHERE id = :posted
        """,
        {*KEPT, "journal numbers", "posted transactions"},
    ),
    "a journal number": (
        """UPDATE "transaction" SET journal_number = 9 WHERE id = :posted""",
        {"journal numbers", "posted transactions"},
    ),
    "a balance": ("UPDATE balance SET debit = debit + 1 WHERE account_id = :cash", {"balances"}),
    "a daily total": (
        "UPDATE daily_total SET credit = credit + 1 WHERE account_id = :cash",
        {"daily totals"},
    ),
    "a monthly total": (
        "DELETE FROM monthly_total WHERE account_id = :cash",
        {"monthly totals"},
    ),
    "a counter": ("UPDATE journal_counter SET last_number = 9", {"journal numbers"}),
    "a reversal": ("DELETE FROM reversal", {"posted transactions"}),
    "the reason of a reversal": (
        "UPDATE reversal SET reason = 'Right'",
        {"posted transactions"},
    ),
    "one letter in an event": (
        "UPDATE event SET after = replace(after, 'Sale', 'Salf') WHERE entity_id = :posted",
        {"event chain", "posted transactions"},
    ),
    "who is said to have done it": (
        "UPDATE event SET actor = 'nobody' WHERE entity_id = :posted",
        {"event chain"},
    ),
    "an event that is gone": ("DELETE FROM event WHERE entity_id = :pending", {"event chain"}),
    "the last event": (
        """
        DELETE FROM event WHERE sequence = (
        SELECT max(sequence) FROM event AS e WHERE e.organization_id = event.organization_id)
        """,
        {"event chain"},
    ),
    "a grant of credits that is gone": (
        """
        INSERT INTO credit_account SELECT organization_id, 5, 5
        FROM "transaction" WHERE id = :posted
        """,
        {"credits"},
    ),
    "a use of credits that nobody paid for": (
        """
        INSERT INTO credit_usage SELECT organization_id, date, 'createTransaction', 'key', 1, 2
        FROM "transaction" WHERE id = :posted
        """,
        {"credits"},
    ),
    "where history is said to stand": (
        "UPDATE organization_version SET version = version + 1",
        {"event chain"},
    ),
}


@pytest.fixture
async def facts(books):
    """Books with a pending, a posted and a reversed transaction; gives ids by name."""
    chart = await books.accounts()
    posted = await sale(books, post=True)
    original = await sale(books, entries=pair(chart["1010"], chart["4100"]), post=True)
    await books.ask(REVERSE, id=original["id"], reason="Wrong", reversalDate="2026-01-05")
    return {
        "posted": posted["id"],
        "pending": (await sale(books))["id"],
        "cash": chart["1000"],
        "other": chart["1020"],
    }


def tamper(connection, script, facts):
    """Run a script with the triggers out of the way."""
    if is_sqlite(connection):
        triggers = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        for name in connection.execute(text(triggers)).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
    else:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
    for part in script.split(";"):
        statement = text(part)
        named = {name: value for name, value in facts.items() if f":{name}" in part}
        connection.execute(statement, named)


class UndoneError(Exception):
    """Ends a transaction without effect."""


async def test_tampering_is_found_and_named(house, books, facts):
    assert await unhealthy(books) == []
    for what, (script, expected) in TAMPERINGS.items():
        found = []

        def look(connection, script=script, found=found):
            tamper(connection, script, facts)
            found += health.examine(connection, books.organization_id)
            raise UndoneError

        with pytest.raises(UndoneError):
            await house.database.write(look)
        assert {finding.check for finding in found if not finding.holds} == expected, what
    assert await unhealthy(books) == []


async def test_tampering_shows_in_the_api_with_examples(house, books, facts):
    script, _ = TAMPERINGS["one letter of a description"]
    await house.database.write(tamper, script, facts)
    assert await unhealthy(books) == ["posted transactions"]
    check = (await checks(books))["posted transactions"]
    assert (check["examined"], check["violations"]) == (3, 1)
    assert check["examples"] == [f"transaction {facts['posted']} is not what its event says"]
