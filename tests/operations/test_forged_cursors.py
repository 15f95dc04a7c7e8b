"""Cursors that are not of the list: of another one, altered, or written by hand."""

from __future__ import annotations

import base64
import json

from asking import Case, all_refused, enter

from schema.connections import Listing

ACCOUNTS = """
query Page(
  $where: AccountWhere, $order: AccountOrder, $first: Int, $after: String, $last: Int,
  $before: String
) {
  accountsConnection(
    where: $where, orderBy: $order, first: $first, after: $after, last: $last, before: $before
  ) {
    edges { cursor node { code } } nodes { code }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
  }
}"""
TRANSACTIONS = """
query Page($order: TransactionOrder, $first: Int, $after: String, $last: Int, $before: String) {
  transactionsConnection(
    orderBy: $order, first: $first, after: $after, last: $last, before: $before
  ) {
    edges { cursor node { code: description } } nodes { code: description }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount
  }
}"""
ENTRIES = """
query Page($code: String!, $from: Date, $after: String) {
  accounts(where: {code: {eq: $code}}) {
    entriesConnection(from: $from, first: 1, after: $after) { pageInfo { endCursor } }
  }
}"""
JOURNAL = """
2026-01-05: A
    debit  1000 1.00
    credit 4000 1.00
2026-01-05: B
    debit  1000 1.00
    credit 4000 1.00
2026-01-04: C
    debit  1000 1.00
    credit 4000 1.00
2026-01-06: D
    debit  1000 1.00
    credit 4000 1.00
2026-01-05: E
    debit  1000 1.00
    credit 4000 1.00
"""


async def page(client, document=ACCOUNTS, **given):
    """A page, checked to be one: its items, whether there is more at either end, its cursors."""
    (found,) = (await client.ask(document, **given)).values()
    found = found.get("accountsConnection", found)
    info = found["pageInfo"]
    cursors = [edge["cursor"] for edge in found["edges"]]
    assert [edge["node"] for edge in found["edges"]] == found["nodes"]
    assert len(set(cursors)) == len(cursors)
    assert info["startCursor"] == (cursors[0] if cursors else None)
    assert info["endCursor"] == (cursors[-1] if cursors else None)
    items = [node["code"].removeprefix("SYS-") for node in found["nodes"]]
    return items, (info["hasPreviousPage"], info["hasNextPage"]), cursors, found["totalCount"]


def forged(listing, *keys):
    """A cursor of one who has read our source."""
    return Listing.cursor(listing, *keys)


def altered(cursor, place, value):
    """A cursor with one of its parts changed."""
    parts = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    parts[place] = value
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def encoded(data):
    return base64.urlsafe_b64encode(data).decode()


async def test_a_cursor_that_is_not_of_the_list_is_refused_and_never_harms(house, books):
    other = await house.organization()
    await enter(books, JOURNAL)
    _, _, (own, *_), _ = await page(books, first=1)
    _, _, (foreign, *_), _ = await page(other, first=1)
    _, _, (transaction, *_), _ = await page(books, TRANSACTIONS, first=1)
    _, _, (by_name, *_), _ = await page(books, order={"field": "NAME"}, first=1)
    ledger = await books.ask(ENTRIES, code="1000")
    entry = ledger["accounts"][0]["entriesConnection"]["pageInfo"]["endCursor"]
    wrong = [
        "",
        "x",
        "é",
        "\0",
        "\u2028",
        "a" * 200_000,
        "AAAA",
        own[:-4],
        own + "AAAA",
        own[::-1],
        own.swapcase(),
        foreign,
        transaction,
        by_name,
        entry,
        *(altered(own, 0, value) for value in ("", None, 5, "0" * 16, [])),
        *(altered(own, 1, value) for value in ("2000", "", "\0", "\ud800", None, 5, {}, "x" * 300)),
        *(altered(own, 2, value) for value in ("act_zzz", "\0", None, 5, [[]])),
        *(encoded(data) for data in (b"[]", b"{}", b"5", b"null", b'"x"', b"[1,2,3]", b"\xff\xfe")),
        encoded(b"[" * 5_000),
        encoded(b'["' + b"9" * 5_000 + b'"]'),
        encoded(b"[" + b"9" * 5_000 + b"]"),
    ]
    for field in ("after", "before"):
        size = {"first": 1} if field == "after" else {"last": 1}
        cases = [
            Case(ACCOUNTS, "invalid_cursor", field, {**size, field: cursor}) for cursor in wrong
        ]
        cases += [
            Case(ACCOUNTS, "invalid_cursor", field, {field: own, "where": {"code": {"gt": "1"}}}),
            Case(ACCOUNTS, "invalid_cursor", field, {field: own, "order": {"direction": "DESC"}}),
            Case(TRANSACTIONS, "invalid_cursor", field, {field: own}),
            Case(TRANSACTIONS, "invalid_cursor", field, {field: entry}),
        ]
        await all_refused(house, books, cases)
    refusal = await books.refusal(ACCOUNTS, after=foreign)
    assert refusal.message == (
        "The cursor given as after was changed, or belongs to a list with another filter or order."
    )


async def test_a_cursor_with_a_right_seal_holds_only_what_a_row_could_have(house, books):
    await enter(books, JOURNAL)
    listing = Listing(books.organization_id, "accounts", [None, "created_at", False])
    order = {"field": "CREATED_AT"}
    _, _, (own, *_), _ = await page(books, order=order, first=1)
    assert forged(listing, *json.loads(base64.urlsafe_b64decode(own + "=="))[1:]) == own
    then = "2026-01-05T00:00:00+00:00"
    cases = [
        Case(ACCOUNTS, "invalid_cursor", "after", {"order": order, "after": forged(listing, *keys)})
        for keys in (
            ("2026-01-05T00:00:00", "act_1"),
            ("0001-01-01T00:00:00+14:00", "act_1"),
            ("9999-12-31T23:59:59-14:00", "act_1"),
            ("now", "act_1"),
            (None, "act_1"),
            (then, "\0"),
            (then, "\ud800"),
            (then, 5),
            (then, None),
            (then,),
            (then, "act_1", "act_1"),
        )
    ]
    account = (await books.accounts())["1000"]
    entries = Listing(books.organization_id, "entries", [account, "None", "None"])
    cases += [
        Case(ENTRIES, "invalid_cursor", "after", {"code": "1000", "after": forged(entries, *keys)})
        for keys in (
            ("0001-01-01", "txn_1", 0),
            ("9999-12-31", "txn_1", 0),
            ("2026-02-30", "txn_1", 0),
            ("2026-01-05", "txn_1\0", 0),
            ("2026-01-05", "txn_1", -1),
            ("2026-01-05", "txn_1", 2**63),
            ("2026-01-05", "txn_1", 0.5),
            ("2026-01-05", "txn_1", "0"),
            (5, "txn_1", 0),
        )
    ]
    await all_refused(house, books, cases)
