"""Connections: pages forward and backward by cursor, and cursors that are not of the list."""

from __future__ import annotations

import pytest
from asking import Case, all_refused, enter

from ledger.templates import Template

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
WITHIN = ACCOUNTS.replace("{\n  accountsConnection", "{ organization {\n  accountsConnection") + "}"
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


@pytest.fixture
async def bare(house):
    """An organization of nine accounts."""
    return await house.organization(template=Template.NONE)


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


async def walked(client, size, document, **given):
    """All items page by page forward, and all of them page by page backward."""
    forward, after = [], None
    while True:
        items, (_, more), cursors, _ = await page(
            client, document, first=size, after=after, **given
        )
        forward += items
        if not more:
            break
        after = cursors[-1]
    backward, before = [], None
    while True:
        items, (more, _), cursors, _ = await page(
            client, document, last=size, before=before, **given
        )
        backward = items + backward
        if not more:
            return forward, backward
        before = cursors[0]


CODES = [
    "EXCHANGE-GAIN",
    "EXCHANGE-LOSS",
    "OPENING-BALANCES",
    "PAYABLE",
    "RECEIVABLE",
    "RETAINED-EARNINGS",
    "ROUNDING",
    "SUSPENSE",
    "TAX",
]


async def test_a_page_knows_its_place_in_the_list(bare):
    items, ends, every, total = await page(bare)
    assert (items, ends, total) == (CODES, (False, False), 9)
    cases = [
        # arguments, the items, whether there is more before and after
        ({"first": 2}, CODES[:2], (False, True)),
        ({"first": 9}, CODES, (False, False)),
        ({"first": 1_000}, CODES, (False, False)),
        ({"first": 0}, [], (False, True)),
        ({"first": 2, "after": every[1]}, CODES[2:4], (True, True)),
        ({"first": 7, "after": every[1]}, CODES[2:], (True, False)),
        ({"after": every[8]}, [], (True, False)),
        ({"last": 2}, CODES[-2:], (True, False)),
        ({"last": 9}, CODES, (False, False)),
        ({"last": 0}, [], (True, False)),
        ({"last": 2, "before": every[7]}, CODES[5:7], (True, True)),
        ({"last": 7, "before": every[7]}, CODES[:7], (False, True)),
        ({"before": every[0]}, [], (False, False)),
        ({"after": every[1], "before": every[4]}, CODES[2:4], (True, False)),
        ({"first": 1, "after": every[1], "before": every[4]}, CODES[2:3], (True, True)),
        ({"last": 1, "after": every[1], "before": every[4]}, CODES[3:4], (True, True)),
        ({"after": every[4], "before": every[1]}, [], (True, False)),
    ]
    for given, expected, ends in cases:
        assert (await page(bare, **given))[:2] == (expected, ends), given
        assert (await page(bare, WITHIN, **given))[0] == expected
    down = {"direction": "DESC"}
    items, _, cursors, _ = await page(bare, order=down, first=3)
    assert items == CODES[:-4:-1]
    assert (await page(bare, order=down, last=2, before=cursors[2]))[0] == CODES[:-3:-1]


async def test_every_order_is_walked_both_ways_without_a_gap_or_a_repeat(books):
    await enter(books, JOURNAL)
    plain = await books.ask("{ accounts { code name createdAt updatedAt id } }")
    for field, attribute in {
        "CODE": "code",
        "NAME": "name",
        "CREATED_AT": "createdAt",
        "UPDATED_AT": "updatedAt",
    }.items():
        for direction in ("ASC", "DESC"):
            expected = sorted(
                plain["accounts"],
                key=lambda each: (each[attribute], each["id"]),
                reverse=direction == "DESC",
            )
            codes = [each["code"] for each in expected]
            order = {"field": field, "direction": direction}
            assert await walked(books, 17, ACCOUNTS, order=order) == (codes, codes), order
    orders = {
        ("DATE", "DESC"): "DEBAC",
        ("DATE", "ASC"): "CABED",
        ("CREATED_AT", "DESC"): "EDCBA",
        ("CREATED_AT", "ASC"): "ABCDE",
        ("UPDATED_AT", "DESC"): "EDCBA",
    }
    for (field, direction), expected in orders.items():
        order = {"field": field, "direction": direction}
        forward, backward = await walked(books, 2, TRANSACTIONS, order=order)
        assert "".join(forward) == "".join(backward) == expected, order


async def test_a_page_begins_after_its_row_whatever_happens_to_the_list(bare):
    _, _, cursors, _ = await page(bare, first=2)
    opening = """
    mutation Open($code: String!) {
      createAccount(code: $code, name: $code, accountType: ASSET) { id }
    }"""
    for code in ("A", "SYS-EXCHANGE-GAIN-2", "SYS-F", "Z"):
        await bare.ask(opening, code=code)
    items, _, _, total = await page(bare, first=2, after=cursors[-1])
    assert (items, total) == (["F", "OPENING-BALANCES"], 13)
    # Nor does it need its row any more.
    items, _, cursors, _ = await page(bare, first=3)
    assert items == ["A", "EXCHANGE-GAIN", "EXCHANGE-GAIN-2"]
    gone = (await bare.accounts())["SYS-EXCHANGE-GAIN-2"]
    await bare.ask("mutation Gone($id: ID!) { deleteAccount(id: $id) }", id=gone)
    assert (await page(bare, first=1, after=cursors[2]))[0] == ["EXCHANGE-LOSS"]


async def test_a_filter_belongs_to_the_cursor_and_counts_alone(bare):
    where = {"code": {"contains": "ing"}}
    items, ends, cursors, total = await page(bare, where=where, first=1)
    assert (items, ends, total) == (["OPENING-BALANCES"], (False, True), 3)
    items, ends, *_ = await page(bare, where=where, first=5, after=cursors[0])
    assert (items, ends) == (["RETAINED-EARNINGS", "ROUNDING"], (True, False))


async def test_how_much_is_asked_for_has_limits(house, books):
    def case(reason, field, **given):
        return Case(ACCOUNTS, reason, field, given)

    await all_refused(
        house,
        books,
        [
            case("invalid_value", "last", first=1, last=1),
            case("invalid_value", "last", first=0, last=0),
            case("invalid_value", "first", first=-1),
            case("invalid_value", "first", first=1_001),
            case("invalid_value", "last", last=-1),
            case("invalid_value", "last", last=1_001),
            case("invalid_request", None, first="1"),
            case("invalid_request", None, first=1.5),
            case("invalid_request", None, first=10**400),
            case("invalid_request", None, after=5),
            case("invalid_request", None, after=["x"]),
        ],
    )
