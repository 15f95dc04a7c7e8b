"""What a document selects, however it is written: each place is answered for itself."""

from __future__ import annotations

from asking import enter, refused
from entering import contents

SALE = "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n"


async def test_directives_and_fragments_decide_what_is_loaded(books):
    await enter(books, SALE)
    document = """
    query Q($yes: Boolean! = true, $no: Boolean! = false) {
      accounts(limit: 1) {
        balance @include(if: $yes) { amount }
        skipped: balance @skip(if: $yes) { amount }
        left: balance @include(if: $no) { amount }
        both: balance @skip(if: $no) @include(if: $yes) { formatted }
        ...Never @include(if: $no)
        ...Never @skip(if: $yes)
        ...Late @skip(if: $yes)
        ...Late
        ... @skip(if: $yes) { parent { code } }
        ... on Node { id }
        ... on AccountNode { children { code } ...Late }
      }
    }
    fragment Never on AccountNode { transactions { id } }
    fragment Late on AccountNode { balance { formatted } children { name } }
    """
    found = (await books.ask(document))["accounts"]
    cash = (await books.accounts())["1000"]
    assert found == [
        {
            "balance": {"amount": "1.00", "formatted": "$1.00"},
            "both": {"formatted": "$1.00"},
            "children": [],
            "id": cash,
        }
    ]
    (turned,) = (await books.ask(document, yes=False, no=True))["accounts"]
    assert turned.keys() == {
        *("skipped", "left", "transactions", "balance", "children", "parent", "id")
    }
    assert turned["left"] == {"amount": "1.00"}


async def test_fragments_on_many_kinds_of_node_are_loaded_for_each_kind(books):
    (sale,) = await enter(books, SALE)
    cash = (await books.accounts())["1000"]
    document = """
    query Q($ids: [ID!]!) {
      nodes(ids: $ids) {
        id
        ... on Node { __typename }
        ... on AccountNode { ...Whole children { code } }
        ... on TransactionNode { ...Whole entries { account { balance { amount } } } }
        ... on OrganizationNode { accounts(limit: 1) { balance { amount } } }
      }
    }
    fragment Whole on Node {
      id ... on AccountNode { balance { amount } } ... on TransactionNode { reversedBy { id } }
    }"""
    found = (await books.ask(document, ids=[cash, sale, books.organization_id, cash]))["nodes"]
    account = {
        "id": cash,
        "__typename": "AccountNode",
        "balance": {"amount": "1.00"},
        "children": [],
    }
    assert found == [
        account,
        {
            "id": sale,
            "__typename": "TransactionNode",
            "reversedBy": None,
            "entries": [{"account": {"balance": {"amount": "1.00"}}}] * 2,
        },
        {
            "id": books.organization_id,
            "__typename": "OrganizationNode",
            "accounts": [{"balance": {"amount": "1.00"}}],
        },
        account,
    ]


async def test_one_node_in_two_places_answers_each_for_itself(books):
    await enter(books, SALE)
    found = await books.ask("""
    {
      accountsConnection(first: 1) {
        nodes { ...Then children { code } }
        edges { node { balance { amount } children { balance { amount } } } }
        again: nodes { ...Then }
      }
      transactions { a: entries { account { balance { amount } } } b: entries { account { code } } }
    }
    fragment Then on AccountNode { balance(asOf: "2025-12-31") { amount } }
    """)
    page = found["accountsConnection"]
    assert page["nodes"] == [{"balance": {"amount": "0.00"}, "children": []}]
    assert page["edges"] == [{"node": {"balance": {"amount": "1.00"}, "children": []}}]
    assert page["again"] == [{"balance": {"amount": "0.00"}}]
    assert found["transactions"] == [
        {
            "a": [{"account": {"balance": {"amount": "1.00"}}}] * 2,
            "b": [{"account": {"code": "1000"}}, {"account": {"code": "4000"}}],
        }
    ]


async def test_what_a_dry_run_would_make_can_be_selected_like_any_other(house, books):
    (sale,) = await enter(books, SALE)
    ids = await books.accounts()
    before = await contents(house)
    document = """
    mutation Try($debit: ID!, $credit: ID!, $sale: ID!) {
      createTransaction(
        description: "Tried", date: "2026-01-06", post: true, dryRun: true,
        entries: [
          {accountId: $debit, entryType: DEBIT, amount: 5},
          {accountId: $credit, entryType: CREDIT, amount: 5}
        ]
      ) { entries { account { code } transaction { description status reversedBy { id } } } }
      reverseTransaction(id: $sale, dryRun: true) {
        kind reversalOf { id status } entries { transaction { kind } }
      }
    }"""
    found = await books.ask(document, debit=ids["1000"], credit=ids["4000"], sale=sale)
    tried = {"description": "Tried", "status": "POSTED", "reversedBy": None}
    assert found["createTransaction"]["entries"] == [
        {"account": {"code": code}, "transaction": tried} for code in ("1000", "4000")
    ]
    assert found["reverseTransaction"] == {
        "kind": "REVERSAL",
        "reversalOf": {"id": sale, "status": "REVERSED"},
        "entries": [{"transaction": {"kind": "REVERSAL"}}] * 2,
    }
    assert await contents(house) == before


async def test_a_refusal_below_a_node_stays_in_its_place(house, books):
    document = """
    {
      wrong: organization { name trialBalance(asOf: "1800-01-01") { isBalanced } }
      right: organization { name trialBalance { isBalanced } }
    }"""
    body = (await books.post(document)).json()
    assert body["data"] == {
        "wrong": None,
        "right": {"name": "Acme", "trialBalance": {"isBalanced": True}},
    }
    (error,) = body["errors"]
    assert error["path"] == ["wrong", "trialBalance"]
    assert error["extensions"]["reason"] == "invalid_date"
    # Of forty accounts that have the same to say, one says it.
    everywhere = '{ accounts { balance(asOf: "1800-01-01") { amount } } }'
    body = (await books.post(everywhere)).json()
    assert body["data"] is None
    (error,) = body["errors"]
    assert error["path"] == ["accounts", 0, "balance"]
    refusal = await refused(house, books, everywhere)
    assert (refusal.reason, refusal.field) == ("invalid_date", "asOf")
