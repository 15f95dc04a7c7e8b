"""How the databases look things up: by the whole of a key, never through all of a tenant."""

from __future__ import annotations

import pytest
from sqlalchemy import text

LOOKUPS = {
    "an external id": (
        (
            'SELECT id FROM "transaction" WHERE organization_id = :a '
            "AND external_id IN (SELECT value FROM json_each(:b))"
        ),
        "transaction_organization_id_external_id_key",
        "organization_id=? AND external_id=?",
    ),
    "a transaction": (
        (
            'SELECT date FROM "transaction" WHERE organization_id = :a '
            "AND id IN (SELECT value FROM json_each(:b))"
        ),
        "PRIMARY KEY",
        "organization_id=? AND id=?",
    ),
    "the entries of a transaction": (
        "SELECT amount FROM entry WHERE organization_id = :a AND transaction_id = :b",
        "PRIMARY KEY",
        "organization_id=? AND transaction_id=?",
    ),
    "the entries of an account": (
        (
            "SELECT amount FROM entry WHERE organization_id = :a AND account_id = :b "
            "ORDER BY date, transaction_id, position LIMIT 10"
        ),
        "entry_organization_id_account_id_date_transaction_id_position_index",
        "organization_id=? AND account_id=?",
    ),
    "the days after one": (
        "SELECT debit FROM daily_total WHERE organization_id = :a AND date > :b",
        "PRIMARY KEY",
        "organization_id=? AND date>?",
    ),
}


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("looked_up", LOOKUPS)
async def test_sqlite_finds_by_the_whole_key(house, looked_up):
    statement, index, by = LOOKUPS[looked_up]

    def plan(connection):
        explained = text(f"EXPLAIN QUERY PLAN {statement}")
        rows = connection.execute(explained, {"a": "org_1", "b": '["x"]'}).all()
        return " | ".join(row[3] for row in rows)

    found = await house.database.read(plan)
    assert f"{index} ({by})" in found
    assert "TEMP B-TREE" not in found
