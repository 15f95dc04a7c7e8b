"""The type that a caller gives a transaction: kept, shown, filtered by, frozen, never made up."""

from __future__ import annotations

import pytest
from documenting import customer, issued, paid
from entering import BULK, DELETE, POST, REVERSE, contents, events, item, pair, unhealthy

from store import transactions

ARGUMENTS = """
  $type: TransactionType, $entries: [LedgerEntryInput!]!, $post: Boolean! = false,
  $key: String, $dry: Boolean! = false
"""
CREATE = f"""mutation Create({ARGUMENTS}) {{
  createTransaction(
    description: "Sale", date: "2026-01-05", entries: $entries, type: $type, post: $post,
    idempotencyKey: $key, dryRun: $dry
  ) {{ id type version status }}
}}"""
UPDATE = """mutation Update($id: ID!, $type: TransactionType, $description: String) {
  updateTransaction(id: $id, type: $type, description: $description) { id type version }
}"""
READ = "query Read($id: ID!) { transaction(id: $id) { type } }"
LISTED = """query Listed($where: TransactionWhere) {
  transactions(where: $where) { type }
  transactionsConnection(where: $where) { totalCount }
}"""


@pytest.fixture
async def entries(books):
    chart = await books.accounts()
    return pair(chart["1000"], chart["4000"])


async def made(books, entries, **given):
    return (await books.ask(CREATE, entries=entries, **given))["createTransaction"]


async def type_of(books, key):
    return (await books.ask(READ, id=key))["transaction"]["type"]


@pytest.mark.parametrize("type_", ["INCOME", "EXPENSE", "TRANSFER", None])
async def test_a_type_is_kept_as_it_was_given(house, books, entries, type_):
    for post in (False, True):
        found = await made(books, entries, type=type_, post=post)
        assert (found["type"], await type_of(books, found["id"])) == (type_, type_)
        ask = (transactions.existing, books.organization_id, [found["id"]])
        kept = await house.database.read(*ask)
        assert kept[found["id"]].type == (None if type_ is None else type_.lower())
    assert await unhealthy(books) == []


async def test_a_type_of_what_is_pending_is_changed_and_cleared_and_its_history_told(
    house, books, entries
):
    pending = await made(books, entries, type="INCOME")
    changes = [
        ({"type": "TRANSFER"}, "TRANSFER"),
        ({"description": "New"}, "TRANSFER"),
        ({"type": None}, None),
        ({"type": "EXPENSE"}, "EXPENSE"),
    ]
    for version, (given, expected) in enumerate(changes, 2):
        changed = (await books.ask(UPDATE, id=pending["id"], **given))["updateTransaction"]
        assert (changed["type"], changed["version"]) == (expected, version)
    assert (await books.ask(POST, id=pending["id"]))["postTransaction"]["status"] == "POSTED"
    assert await type_of(books, pending["id"]) == "EXPENSE"
    told = [row for row in await events(books, house) if row["entity_id"] == pending["id"]]
    sides = [[(row[side] or {}).get("type") for side in ("before", "after")] for row in told]
    assert sides == [
        *([None, "income"], ["income", "transfer"], ["transfer", "transfer"]),
        *(["transfer", None], [None, "expense"], ["expense", "expense"]),
    ]
    assert await unhealthy(books) == []


async def test_the_type_of_what_is_posted_never_changes(house, books, entries):
    posted = await made(books, entries, type="INCOME", post=True)
    before = await contents(house)
    refusal = await books.refusal(UPDATE, id=posted["id"], type="EXPENSE")
    assert (refusal.code, refusal.reason) == ("CONFLICT", "wrong_status")
    assert (await books.refusal(DELETE, id=posted["id"])).reason == "wrong_status"
    assert await contents(house) == before


async def test_a_reversal_has_no_type_and_its_original_keeps_its_own(books, entries):
    posted = await made(books, entries, type="INCOME", post=True)
    reversal = (await books.ask(REVERSE, id=posted["id"]))["reverseTransaction"]["id"]
    assert (await type_of(books, reversal), await type_of(books, posted["id"])) == (None, "INCOME")
    assert await unhealthy(books) == []


async def test_each_of_many_has_the_type_that_it_was_given(books, entries):
    given = [item(entries, type="INCOME"), item(entries), item(entries, type="TRANSFER")]
    results = (await books.ask(BULK, transactions=given))["createTransactions"]["results"]
    found = [await type_of(books, each["transaction"]["id"]) for each in results]
    assert found == ["INCOME", None, "TRANSFER"]


async def test_transactions_are_found_by_their_type(books, entries):
    for type_ in ("INCOME", "INCOME", "EXPENSE", None):
        await made(books, entries, type=type_)
    table = [
        ({"eq": "INCOME"}, ["INCOME", "INCOME"]),
        ({"eq": "TRANSFER"}, []),
        ({"ne": "INCOME"}, [None, "EXPENSE"]),
        ({"in": ["EXPENSE", "INCOME"]}, ["EXPENSE", "INCOME", "INCOME"]),
        ({"notIn": ["EXPENSE", "INCOME"]}, [None]),
        ({"isNull": True}, [None]),
        ({"isNull": False}, ["EXPENSE", "INCOME", "INCOME"]),
    ]
    for how, expected in table:
        found = await books.ask(LISTED, where={"type": how})
        assert [each["type"] for each in found["transactions"]] == expected, how
        assert found["transactionsConnection"]["totalCount"] == len(expected)
    found = await books.ask(LISTED, where={"not": {"type": {"eq": "INCOME"}}})
    assert [each["type"] for each in found["transactions"]] == [None, "EXPENSE"]


async def test_a_dry_run_shows_the_type_and_keeps_nothing(house, books, entries):
    before = await contents(house)
    assert (await made(books, entries, type="EXPENSE", dry=True))["type"] == "EXPENSE"
    assert await contents(house) == before


async def test_another_type_is_another_request_under_the_same_key(house, books, entries):
    first = await made(books, entries, type="INCOME", key="k")
    assert await made(books, entries, type="INCOME", key="k") == first
    before = await contents(house)
    for other in ("EXPENSE", None):
        refusal = await books.refusal(CREATE, entries=entries, type=other, key="k")
        assert refusal.reason == "idempotency_mismatch"
    assert await contents(house) == before


async def test_no_other_word_is_a_type(house, books, entries):
    before = await contents(house)
    for other in ("income", "SALE", ""):
        refusal = await books.refusal(CREATE, entries=entries, type=other)
        assert refusal.code == "VALIDATION_ERROR"
    assert await contents(house) == before


async def test_what_the_service_posts_itself_has_no_type(books):
    invoice = await issued(books, await customer(books))
    payment = await paid(books, invoice)
    found = await books.ask("{ transactions { type sourceId } }")
    assert found["transactions"] == [
        {"type": None, "sourceId": payment["id"]},
        {"type": None, "sourceId": invoice},
    ]
