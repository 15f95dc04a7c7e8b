"""What no list answers, and what a list says when it is cut off."""

from __future__ import annotations

import pytest
from asking import Case, all_refused

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


def accounts(reason, field, **given):
    return Case(ACCOUNTS, reason, field, given)


def where(reason, field, **where):
    return Case(ACCOUNTS, reason, field, {"where": where})


def posted(reason, field, **where):
    return Case(TRANSACTIONS, reason, field, {"where": where})


DEEP = {"not": {"not": {"not": {"not": {"not": {"code": {"eq": "1"}}}}}}}
WINDOWS = [
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
]
FILTERS = [
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
    where("document_too_complex", "where", **DEEP),
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
]


@pytest.mark.parametrize("cases", [WINDOWS, FILTERS], ids=["windows", "filters"])
async def test_what_cannot_be_asked_of_a_list_is_refused(house, books, cases):
    await all_refused(house, books, cases)


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
