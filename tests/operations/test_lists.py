"""Plain lists: how they are filtered, ordered and limited, and when they warn."""

from __future__ import annotations

import pytest
from asking import Case, all_refused, enter

from ledger.templates import Template

ACCOUNTS = """
query Of($where: AccountWhere, $order: AccountOrder, $limit: Int, $offset: Int! = 0) {
  accounts(where: $where, orderBy: $order, limit: $limit, offset: $offset) { code }
  organization {
    accounts(where: $where, orderBy: $order, limit: $limit, offset: $offset) { code }
  }
}"""
TRANSACTIONS = """
query Of($where: TransactionWhere, $order: TransactionOrder, $limit: Int, $offset: Int! = 0) {
  transactions(where: $where, orderBy: $order, limit: $limit, offset: $offset) { description }
  organization {
    transactions(where: $where, orderBy: $order, limit: $limit, offset: $offset) { description }
  }
}"""
OPEN = """
mutation Open($accounts: [AccountInput!]!) { createAccounts(accounts: $accounts) { id code } }
"""
NEVER = "act_0000000000000000zzzz"


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


async def names(client, **given):
    found = await client.ask(TRANSACTIONS, **given)
    assert found["transactions"] == found["organization"]["transactions"]
    return " ".join(each["description"] for each in found["transactions"])


OWN = {"isSystem": {"eq": False}}


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
    ids = {a["code"]: a["id"] for a in (await few.ask("{ accounts { id code } }"))["accounts"]}
    till = ids["1"]
    table = [
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
        ({"id": {"eq": till}}, "1"),
        ({"id": {"eq": "ACT_" + till[4:]}}, "1"),
        ({"id": {"in": [till, "Act_" + ids["a"][4:], NEVER, ""]}}, "1 a"),
        ({"id": {"ne": till}, **OWN}, "1-a 10 2 a"),
        ({"id": {"eq": NEVER}}, ""),
        ({"id": {"eq": "no id"}}, ""),
        ({"parentAccountId": {"eq": till}}, "1-a"),
        ({"parentAccountId": {"isNull": True}, **OWN}, "1 10 2 a"),
        ({"parentAccountId": {"ne": till}, **OWN}, "1 10 2 a"),
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
    for where, expected in table:
        assert await codes(few, where=where) == expected, where


JOURNAL = """
2026-01-05: A
    debit  1000 100.00
    credit 4000 100.00
2026-01-06: B
    debit  1000 250.00
    credit 4100 250.00
2026-01-06 opening: C
    debit  1010 5000 JPY @ 0.0066
    credit 3000 5000 JPY @ 0.0066
2026-02-01: D
    debit  1010 1.500 KWD @ 3.25
    credit 4000 1.500 KWD @ 3.25
"""


@pytest.fixture
async def busy(house):
    """An organization with transactions of every status; A is reversed."""
    client = await house.organization()
    first, *_ = await enter(client, JOURNAL)
    (failing,) = await enter(
        client, "2026-01-04: F\n    debit 1020 1.00\n    credit 4000 1.00\n", post=False
    )
    tell = """
    mutation T($id: ID!) {
      updateTransaction(
        id: $id, reference: "INV-7", paymentMethod: "card", externalId: "x-7"
      ) { id }
    }"""
    await client.ask(tell, id=failing)
    await enter(client, "2026-03-01: P\n    debit 1000 0.01\n    credit 4000 0.01\n", post=False)
    ids = await client.accounts()
    status = (
        "mutation S($id: ID!, $to: AccountStatus!) { updateAccount(id: $id, status: $to) { id } }"
    )
    await client.ask(status, id=ids["1020"], to="INACTIVE")
    refusal = await client.refusal(
        "mutation P($id: ID!) { postTransaction(id: $id) { id } }", id=failing
    )
    assert refusal.reason == "account_inactive"
    reverse = (
        'mutation R($id: ID!) { reverseTransaction(id: $id, reversalDate: "2026-04-01") { id } }'
    )
    await client.ask(reverse, id=first)
    await client.refusal("mutation P($id: ID!) { postTransaction(id: $id) { id } }", id=failing)
    return client


async def test_transactions_come_newest_first_and_as_asked(busy):
    reversal = "Reversal of: A"
    assert await names(busy) == f"{reversal} P D C B A F"
    assert await names(busy, limit=2, offset=1) == "P D"
    assert await names(busy, order={"direction": "ASC"}, limit=3) == "F A B"
    assert await names(busy, order={"field": "CREATED_AT"}, limit=3) == f"{reversal} P F"
    assert await names(busy, order={"field": "CREATED_AT", "direction": "ASC"}, limit=3) == "A B C"
    assert await names(busy, order={"field": "UPDATED_AT"}, limit=2) == f"F {reversal}"
    recent = (
        "query R($n: Int! = 10) { organization { recentTransactions(limit: $n) { description } } }"
    )
    for asked, expected in (({}, 7), ({"n": 3}, 3), ({"n": 0}, 0), ({"n": 100}, 7)):
        found = (await busy.ask(recent, **asked))["organization"]["recentTransactions"]
        assert len(found) == expected
    assert found[0] == {"description": reversal}


async def test_transactions_are_filtered_by_every_field_and_operator(busy):
    ids = await busy.accounts()
    cash, bank = ids["1000"], ids["1010"]
    every = "Reversal of: A P D C B A F"
    found = await busy.ask("{ transactions { id description postedAt createdAt } }")
    by_name = {each["description"]: each for each in found["transactions"]}
    first = by_name["A"]
    table = [
        ({"status": {"eq": "PENDING"}}, "P"),
        ({"status": {"eq": "POSTED"}}, "Reversal of: A D C B"),
        ({"status": {"eq": "REVERSED"}}, "A"),
        ({"status": {"eq": "FAILED"}}, "F"),
        ({"status": {"in": ["POSTED", "REVERSED"]}}, "Reversal of: A D C B A"),
        ({"status": {"ne": "POSTED"}}, "P A F"),
        ({"status": {"notIn": ["PENDING", "FAILED", "POSTED"]}}, "A"),
        ({"status": {"isNull": True}}, ""),
        ({"kind": {"eq": "OPENING"}}, "C"),
        ({"kind": {"in": ["REVERSAL", "OPENING"]}}, "Reversal of: A C"),
        ({"kind": {"eq": "REVALUATION"}}, ""),
        ({"date": {"eq": "2026-01-06"}}, "C B"),
        ({"date": {"ne": "2026-01-06"}}, "Reversal of: A P D A F"),
        ({"date": {"in": ["2026-01-04", "2026-02-01"]}}, "D F"),
        ({"date": {"in": []}}, ""),
        ({"date": {"notIn": []}}, every),
        ({"date": {"gt": "2026-01-06", "lte": "2026-03-01"}}, "P D"),
        ({"date": {"gte": "2026-01-06", "lt": "2026-02-01"}}, "C B"),
        ({"date": {"gte": "0001-01-01", "lte": "9999-12-31"}}, every),
        ({"description": {"startsWith": "reversal"}}, "Reversal of: A"),
        ({"reference": {"eq": "INV-7"}}, "F"),
        ({"reference": {"isNull": True}}, every[:-2]),
        ({"paymentMethod": {"contains": "CAR"}}, "F"),
        ({"externalId": {"eq": "x-7"}}, "F"),
        ({"currency": {"eq": "JPY"}}, "C"),
        ({"currency": {"notIn": ["USD", "JPY"]}}, "D"),
        # Amounts are compared as decimals, each in its own currency.
        ({"amount": {"eq": "100"}}, "Reversal of: A A"),
        ({"amount": {"eq": "100.0000"}}, "Reversal of: A A"),
        ({"amount": {"eq": 250}}, "B"),
        ({"amount": {"eq": "1.5"}}, "D"),
        ({"amount": {"eq": "5000.00"}}, "C"),
        ({"amount": {"eq": "100.001"}}, ""),
        ({"amount": {"ne": "100.001"}}, every),
        ({"amount": {"ne": "100"}}, "P D C B F"),
        ({"amount": {"gt": "100"}}, "C B"),
        ({"amount": {"gt": "99.999"}}, "Reversal of: A C B A"),
        ({"amount": {"gte": "100.001"}}, "C B"),
        ({"amount": {"lt": "1.5"}}, "P F"),
        ({"amount": {"lt": "1.5001"}}, "P D F"),
        ({"amount": {"lte": 1.5}}, "P D F"),
        ({"amount": {"lte": "0.01"}}, "P"),
        ({"amount": {"lt": "-5"}}, ""),
        ({"amount": {"gt": "-5"}}, every),
        ({"amount": {"gt": "999999999999999999"}}, ""),
        ({"amount": {"lt": "999999999999999999"}}, every),
        ({"amount": {"eq": "-999999999999999999.9"}}, ""),
        ({"amount": {"in": ["100", "1.5", "0.001"]}}, "Reversal of: A D A"),
        ({"amount": {"notIn": ["100", "1.5", "0.001"]}}, "P C B F"),
        ({"amount": {"in": []}}, ""),
        ({"amount": {"notIn": []}}, every),
        ({"amount": {"in": [str(n) for n in range(1_000)]}}, "Reversal of: A B A F"),
        ({"amount": {"isNull": False}}, every),
        ({"amount": {"isNull": True}}, ""),
        # An account stands in a transaction through its entries.
        ({"accountId": {"eq": cash}}, "Reversal of: A P B A"),
        ({"accountId": {"eq": "ACT_" + cash[4:]}}, "Reversal of: A P B A"),
        ({"accountId": {"ne": cash}}, "D C F"),
        ({"accountId": {"in": [cash, bank]}}, "Reversal of: A P D C B A"),
        ({"accountId": {"notIn": [cash, bank]}}, "F"),
        ({"accountId": {"in": []}}, ""),
        ({"accountId": {"notIn": []}}, every),
        ({"accountId": {"isNull": True}}, ""),
        ({"accountId": {"isNull": False}}, every),
        ({"accountId": {"eq": NEVER}}, ""),
        ({"accountId": {"ne": NEVER}}, every),
        ({"not": {"accountId": {"eq": cash}}}, "D C F"),
        ({"journalNumber": {"eq": 2}}, "B"),
        ({"journalNumber": {"isNull": True}}, "P F"),
        ({"journalNumber": {"in": [1, 2, -5]}}, "B A"),
        ({"journalNumber": {"notIn": [1, 2]}}, "Reversal of: A P D C F"),
        ({"journalNumber": {"gte": 4}}, "Reversal of: A D"),
        ({"fiscalYear": {"eq": 2026}}, "Reversal of: A D C B A"),
        ({"fiscalYear": {"ne": 2026}}, "P F"),
        ({"id": {"in": [first["id"], by_name["D"]["id"]]}}, "D A"),
        ({"createdAt": {"eq": first["createdAt"]}}, "D C B A"),
        ({"createdAt": {"gt": first["createdAt"]}}, "Reversal of: A P F"),
        ({"or": [{"amount": {"eq": "250"}}, {"status": {"eq": "FAILED"}}]}, "B F"),
        ({"amount": {"gte": "1"}, "not": {"currency": {"eq": "USD"}}}, "D C"),
    ]
    for where, expected in table:
        assert await names(busy, where=where) == expected, where


async def test_what_cannot_be_asked_of_a_list_is_refused(house, books):
    def accounts(reason, field, **given):
        return Case(ACCOUNTS, reason, field, given)

    def where(reason, field, **where):
        return Case(ACCOUNTS, reason, field, {"where": where})

    def posted(reason, field, **where):
        return Case(TRANSACTIONS, reason, field, {"where": where})

    deep = {"code": {"eq": "1"}}
    for _ in range(5):
        deep = {"not": deep}
    await all_refused(
        house,
        books,
        [
            accounts("invalid_value", "limit", limit=-1),
            accounts("invalid_value", "limit", limit=1_001),
            accounts("invalid_value", "limit", limit=-(2**31)),
            accounts("invalid_value", "offset", offset=-1),
            accounts("invalid_request", None, limit=2**31),
            accounts("invalid_request", None, limit=10**400),
            accounts("invalid_request", None, limit="5"),
            accounts("invalid_request", None, limit=True),
            accounts("invalid_request", None, offset=None),
            accounts("invalid_request", None, order={"field": "BALANCE"}),
            accounts("invalid_request", None, order={"field": "code"}),
            accounts("invalid_request", None, order={"field": None}),
            accounts("invalid_request", None, order="CODE"),
            accounts("invalid_request", None, where=[]),
            accounts("invalid_request", None, where="code = 1"),
            where("invalid_request", None, nope=1),
            where("invalid_request", None, code="1"),
            where("invalid_request", None, code={"like": "1%"}),
            where("invalid_request", None, code={"in": [None]}),
            where("invalid_request", None, code={"eq": 1}),
            where("invalid_request", None, isSystem={"eq": "true"}),
            where("invalid_request", None, accountType={"eq": "asset"}),
            where("invalid_request", None, **{"and": [None]}),
            where("invalid_value", "where.code.eq", code={"eq": None}),
            where("invalid_value", "where.code.startsWith", code={"startsWith": None}),
            where("invalid_value", "where.code.isNull", code={"isNull": None}),
            where("invalid_value", "where.accountType.notIn", accountType={"notIn": None}),
            where("invalid_text", "where.code.eq", code={"eq": "\0"}),
            where("invalid_text", "where.name.contains", name={"contains": "\x1b"}),
            where("invalid_text", "where.name.in", name={"in": ["fine", "\x7f"]}),
            where("invalid_text", "where.id.eq", id={"eq": "\0"}),
            where("invalid_text", "where.description.eq", description={"eq": "x" * 1_001}),
            where("invalid_date", None, createdAt={"gt": "2026-02-30"}),
            where("invalid_date", None, createdAt={"gt": "2026-01-01T00:00:00"}),
            where("invalid_date", None, createdAt={"gt": "0001-01-01T00:00:00+14:00"}),
            where("invalid_date", None, createdAt={"gt": "9999-12-31T23:59:59-14:00"}),
            where("invalid_date", None, createdAt={"gt": 5}),
            where("document_too_complex", "where", **deep),
            where("document_too_complex", "where", **{"or": [{"code": {"eq": "1"}}] * 51}),
            where("document_too_complex", "where", **{"and": [{}] * 2_000}),
            where("too_many_items", "where", code={"in": ["1"] * 1_001}),
            where("too_many_items", "where", code={"in": ["1"] * 600}, name={"notIn": ["1"] * 600}),
            posted("too_many_items", "where", amount={"in": ["1"] * 1_001}),
            posted("invalid_request", None, journalNumber={"eq": 2**31}),
            posted("invalid_request", None, journalNumber={"eq": "2"}),
            posted("invalid_date", None, date={"eq": "2026-01-05T00:00:00Z"}),
            posted("invalid_date", None, date={"eq": "20260105"}),
            posted("invalid_amount", None, amount={"eq": True}),
            posted("invalid_amount", None, amount={"eq": 1e300}),
            posted("invalid_amount", "where.amount.eq", amount={"eq": ""}),
            posted("invalid_amount", "where.amount.eq", amount={"eq": "NaN"}),
            posted("invalid_amount", "where.amount.gt", amount={"gt": "Infinity"}),
            posted("invalid_amount", "where.amount.gt", amount={"gt": "1e5"}),
            posted("invalid_amount", "where.amount.gt", amount={"gt": "1_000"}),
            posted("invalid_amount", "where.amount.gt", amount={"gt": " 5 "}),
            posted("invalid_amount", "where.amount.gt", amount={"gt": "\uff11"}),
            posted("invalid_amount", "where.amount.lt", amount={"lt": "9" * 400}),
            posted("invalid_amount", "where.amount.lt", amount={"lt": 10**399}),
            posted("invalid_amount", "where.amount.in", amount={"in": ["1", "1/2"]}),
            Case(
                "{ organization { recentTransactions(limit: -1) { id } } }",
                "invalid_value",
                "limit",
            ),
            Case(
                "{ organization { recentTransactions(limit: 101) { id } } }",
                "invalid_value",
                "limit",
            ),
        ],
    )


async def test_a_list_that_is_cut_off_says_so_with_the_total(books):
    many = [{"code": f"9-{n:04}", "name": "Many", "accountType": "ASSET"} for n in range(1_000)]
    await books.ask(OPEN, accounts=many)
    total = 1_000 + 40
    body = (await books.post("{ accounts { code } organization { accounts { id } } }")).json()
    assert [len(body["data"]["accounts"]), len(body["data"]["organization"]["accounts"])] == [
        1_000
    ] * 2
    warning = {
        "field": "accounts",
        "message": f"1000 of {total} are shown. Ask for pages with `limit` and `offset`, "
        "or by `accountsConnection`.",
        "shown": 1_000,
        "total": total,
    }
    assert body["extensions"] == {"warnings": [warning, warning]}
    for document in (
        "{ accounts(limit: 1000) { code } }",
        '{ accounts(where: {code: {startsWith: "9-"}}) { code } }',
        f"{{ accounts(offset: {total - 1_000}) {{ code }} }}",
        "{ accountsConnection { totalCount } }",
    ):
        body = (await books.post(document)).json()
        assert "extensions" not in body, document
    assert body["data"]["accountsConnection"] == {"totalCount": total}
    narrowed = '{ accounts(where: {code: {gte: "5"}}) { code } }'
    (warned,) = (await books.post(narrowed)).json()["extensions"]["warnings"]
    assert (warned["shown"], warned["total"]) == (1_000, 1_015)
