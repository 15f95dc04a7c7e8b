"""Lists of accounts: how they are ordered, limited and filtered."""

from __future__ import annotations

import pytest
from charting import NEVER, with_ids

from ledger.templates import Template

ACCOUNTS = """
query Of($where: AccountWhere, $order: AccountOrder, $limit: Int, $offset: Int! = 0) {
  accounts(where: $where, orderBy: $order, limit: $limit, offset: $offset) { code }
  organization {
    accounts(where: $where, orderBy: $order, limit: $limit, offset: $offset) { code }
  }
}"""
OPEN = """
mutation Open($accounts: [AccountInput!]!) { createAccounts(accounts: $accounts) { id code } }
"""
OWN = {"isSystem": {"eq": False}}


FILTERS = [
    # Texts: exact and by code point, but for `contains` and `startsWith`.
    ({"code": {"eq": "1"}}, "1"),
    ({"code": {"ne": "1"}, **OWN}, "1-a 10 2 a"),
    ({"code": {"in": ["1", "a", "nope", "1"]}}, "1 a"),
    ({"code": {"in": "a"}}, "a"),
    ({"code": {"in": []}}, ""),
    ({"code": {"notIn": ["1", "a"]}, **OWN}, "1-a 10 2"),
    ({"code": {"notIn": []}, **OWN}, "1 1-a 10 2 a"),
    ({"code": {"lt": "10"}, **OWN}, "1 1-a"),
    ({"code": {"lte": "10"}, **OWN}, "1 1-a 10"),
    ({"code": {"gt": "10"}, **OWN}, "2 a"),
    ({"code": {"gte": "10", "lt": "a"}, **OWN}, "10 2"),
    ({"code": {"startsWith": "1"}}, "1 1-a 10"),
    ({"code": {"startsWith": "A"}}, "a"),
    ({"code": {"startsWith": ""}, **OWN}, "1 1-a 10 2 a"),
    ({"name": {"eq": "Till"}}, "1"),
    ({"name": {"contains": "TIL"}}, "1 1-a"),
    ({"name": {"contains": ""}, **OWN}, "1 1-a 10 2 a"),
    # Letter case is that of A to Z alone, and two spellings of a letter are one.
    ({"name": {"contains": "é"}}, "a"),
    ({"name": {"contains": "e\u0301CLAIR"}}, "a"),
    ({"name": {"eq": "Zu\u0308rich"}}, "10"),
    ({"name": {"startsWith": "z\u00fc"}}, "10"),
    # Nothing in a text is a wildcard.
    ({"description": {"contains": "%_S"}}, "2"),
    ({"description": {"contains": "sure\\"}}, "2"),
    ({"description": {"contains": "_%"}}, ""),
    ({"name": {"eq": "x' OR '1'='1"}}, ""),
    # What is null is different from everything, and compares with nothing.
    ({"description": {"isNull": True}, **OWN}, "1 1-a 10"),
    ({"description": {"isNull": False}}, "2 a"),
    ({"description": {"eq": ""}}, "a"),
    ({"description": {"ne": ""}, **OWN}, "1 1-a 10 2"),
    ({"description": {"notIn": [""]}, **OWN}, "1 1-a 10 2"),
    ({"description": {"gte": ""}}, "2 a"),
    ({"not": {"description": {"eq": ""}}, **OWN}, "1 1-a 10 2"),
    ({"not": {"description": {"gt": ""}}, **OWN}, "1 1-a 10 a"),
    ({"not": {"not": {"description": {"gt": ""}}}}, "2"),
    # Closed lists.
    ({"accountType": {"eq": "EXPENSE"}, **OWN}, "2 a"),
    (
        {"accountType": {"in": ["EXPENSE", "EQUITY"]}, "code": {"gte": "SYS-O"}},
        ("OPENING-BALANCES RETAINED-EARNINGS ROUNDING a"),
    ),
    ({"accountType": {"notIn": ["ASSET"]}, **OWN}, "2 a"),
    ({"subtype": {"eq": "CASH"}}, "1"),
    ({"subtype": {"ne": "CASH"}, **OWN}, "1-a 10 2 a"),
    ({"subtype": {"isNull": True}}, "1-a 10 2 a"),
    ({"status": {"eq": "ACTIVE"}, **OWN}, "1 1-a 10 2 a"),
    ({"status": {"in": ["INACTIVE", "SUSPENDED"]}}, ""),
    (
        {"isSystem": {"eq": True}, "code": {"lt": "SYS-F"}},
        "EXCHANGE-GAIN EXCHANGE-LOSS",
    ),
    ({"isSystem": {"ne": True}}, "1 1-a 10 2 a"),
    ({"currency": {"eq": "EUR"}}, "2"),
    ({"externalId": {"eq": "ext-10"}}, "10"),
    ({"externalId": {"isNull": False}}, "10"),
    # Identifiers, in any case of their prefix.
    ({"id": {"eq": "id:1"}}, "1"),
    ({"id": {"eq": "ID:1"}}, "1"),
    ({"id": {"in": ["id:1", "ID:a", NEVER, ""]}}, "1 a"),
    ({"id": {"ne": "id:1"}, **OWN}, "1-a 10 2 a"),
    ({"id": {"eq": NEVER}}, ""),
    ({"id": {"eq": "no id"}}, ""),
    ({"parentAccountId": {"eq": "id:1"}}, "1-a"),
    ({"parentAccountId": {"isNull": True}, **OWN}, "1 10 2 a"),
    ({"parentAccountId": {"ne": "id:1"}, **OWN}, "1 10 2 a"),
    # Instants.
    ({"createdAt": {"gt": "2020-01-01"}, **OWN}, "1 1-a 10 2 a"),
    ({"createdAt": {"lt": "2020-01-01T00:00:00+14:00"}}, ""),
    ({"updatedAt": {"gte": "0001-01-01", "lte": "9999-12-31"}, **OWN}, "1 1-a 10 2 a"),
    ({"updatedAt": {"in": ["2020-01-01", "2020-01-02"]}}, ""),
    ({"updatedAt": {"in": []}}, ""),
    # Together.
    ({"code": {"startsWith": "1", "ne": "10"}, "name": {"eq": "till"}}, "1-a"),
    ({"or": [{"code": {"eq": "1"}}, {"name": {"contains": "CLAIR"}}]}, "1 2 a"),
    ({"and": [{"code": {"gt": "1"}}, {"code": {"lt": "2"}}]}, "1-a 10"),
    ({"or": []}, ""),
    ({"and": [], **OWN}, "1 1-a 10 2 a"),
    ({"not": {}}, ""),
    ({"not": {"or": [OWN, {"code": {"contains": "E"}}]}}, "ROUNDING TAX"),
    ({"code": None, "or": None, "not": None, "and": None, **OWN}, "1 1-a 10 2 a"),
    ({"code": {}, **OWN}, "1 1-a 10 2 a"),
    ({"not": {"not": {"not": {"not": OWN}}}}, "1 1-a 10 2 a"),
]
"""A filter, `id:1` being the id of account 1 in it, and the codes of what it lets through."""


@pytest.fixture
async def few(house):
    """An organization with nine system accounts and five of its own."""
    client = await house.organization(template=Template.NONE)
    mine = [
        {"code": "1", "name": "Till", "accountType": "ASSET", "subtype": "CASH"},
        {"code": "1-a", "name": "till", "accountType": "ASSET", "parentCode": "1"},
        {
            "code": "2",
            "name": "Éclair",
            "accountType": "EXPENSE",
            "description": "100%_sure\\",
            "currency": "EUR",
        },
        {"code": "10", "name": "Zürich", "accountType": "ASSET", "externalId": "ext-10"},
        {"code": "a", "name": "éclair", "accountType": "EXPENSE", "description": ""},
    ]
    await client.ask(OPEN, accounts=mine)
    return client


async def codes(client, **given):
    found = await client.ask(ACCOUNTS, **given)
    assert found["accounts"] == found["organization"]["accounts"]
    return " ".join(account["code"].removeprefix("SYS-") for account in found["accounts"])


async def test_lists_have_an_order_of_code_points_and_begin_and_end_as_asked(few):
    every = await codes(few)
    assert every == (
        "1 1-a 10 2 EXCHANGE-GAIN EXCHANGE-LOSS OPENING-BALANCES PAYABLE RECEIVABLE "
        "RETAINED-EARNINGS ROUNDING SUSPENSE TAX a"
    )
    assert await codes(few, limit=3) == "1 1-a 10"
    assert await codes(few, limit=3, offset=12) == "TAX a"
    assert await codes(few, limit=0) == ""
    assert await codes(few, limit=1_000, offset=2**31 - 1) == ""
    assert await codes(few, offset=13) == "a"
    assert await codes(few, order={"direction": "DESC"}, limit=2) == "a TAX"
    assert await codes(few, order={}, limit=2) == "1 1-a"
    by_name = {"field": "NAME"}
    assert await codes(few, where=OWN, order=by_name) == "1 10 1-a 2 a"
    assert await codes(few, where=OWN, order={**by_name, "direction": "DESC"}) == "a 2 1-a 10 1"
    # Made in one call: equal times are told apart by id, which is in order of creation.
    for field in ("CREATED_AT", "UPDATED_AT"):
        assert await codes(few, where=OWN, order={"field": field}) == "1 1-a 2 10 a"
    ids = {a["code"]: a["id"] for a in (await few.ask("{ accounts { id code } }"))["accounts"]}
    await few.ask('mutation M($id: ID!) { updateAccount(id: $id, name: "X") { id } }', id=ids["1"])
    assert await codes(few, where=OWN, order={"field": "UPDATED_AT"}) == "1-a 2 10 a 1"
    newest = {"field": "UPDATED_AT", "direction": "DESC"}
    assert await codes(few, where=OWN, order=newest, limit=2) == "1 a"


async def test_accounts_are_filtered_by_every_field_and_operator(few):
    ids = await few.accounts()
    for where, expected in FILTERS:
        assert await codes(few, where=with_ids(where, ids)) == expected, where
