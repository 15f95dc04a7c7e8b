"""The general ledger of an account: entries in order, with the balance after each, by pages."""

from __future__ import annotations

import random
from itertools import accumulate

import pytest
from asking import Case, all_refused, enter

LEDGER = """
query Ledger(
  $code: String! = "1000", $from: Date, $to: Date, $first: Int, $after: String, $last: Int,
  $before: String
) {
  accounts(where: {code: {eq: $code}}, limit: 1) {
    entriesConnection(
      from: $from, to: $to, first: $first, after: $after, last: $last, before: $before
    ) {
      edges {
        cursor date runningBalance { amount }
        node { id amount baseAmount entryType transaction { description } account { code } }
      }
      nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      openingBalance { amount formatted } closingBalance { amount currency { code } } totalCount
    }
  }
}"""
JOURNAL = """
2026-02-01: B
    debit  1000 50.00
    credit 4000 50.00
2026-01-15: A, both ways
    debit  1000 100.00
    debit  1010 10.00
    credit 1000 30.00
    credit 4000 80.00
2026-02-01: C
    debit  5200 20.00
    credit 1000 20.00
2026-03-31: D, abroad
    debit  1000 100.00 EUR @ 1.10
    credit 4000 100.00 EUR @ 1.10
2027-01-01: E, ahead
    debit  1000 5.00
    credit 4000 5.00
"""
PENDING = "2026-02-01: Never\n    debit 1000 999.00\n    credit 4000 999.00\n"


async def ledger(client, **given):
    """A page of an account's ledger, checked to add up: a dictionary of what it shows."""
    (account,) = (await client.ask(LEDGER, **given))["accounts"]
    found = account["entriesConnection"]
    edges = found["edges"]
    assert [edge["node"]["id"] for edge in edges] == [node["id"] for node in found["nodes"]]
    info = found["pageInfo"]
    assert info["startCursor"] == (edges[0]["cursor"] if edges else None)
    assert info["endCursor"] == (edges[-1]["cursor"] if edges else None)
    balances = [found["openingBalance"]["amount"]]
    balances += [edge["runningBalance"]["amount"] for edge in edges]
    assert found["closingBalance"] == {"amount": balances[-1], "currency": {"code": "USD"}}
    return {
        "names": "".join(edge["node"]["transaction"]["description"][0] for edge in edges),
        "balances": balances,
        "ends": (info["hasPreviousPage"], info["hasNextPage"]),
        "cursors": [edge["cursor"] for edge in edges],
        "total": found["totalCount"],
        "edges": edges,
    }


@pytest.fixture
async def company(books):
    await enter(books, JOURNAL)
    await enter(books, PENDING, post=False)
    return books


async def test_entries_stand_by_date_each_with_the_balance_after_it(company):
    whole = await ledger(company)
    assert whole["names"] == "AABCDE"
    assert whole["balances"] == ["0.00", "100.00", "70.00", "120.00", "100.00", "210.00", "215.00"]
    assert (whole["ends"], whole["total"]) == ((False, False), 6)
    assert [edge["date"] for edge in whole["edges"]][1:3] == [
        "2026-01-15T00:00:00Z",
        "2026-02-01T00:00:00Z",
    ]
    assert [edge["node"]["amount"] for edge in whole["edges"]] == [
        "100.00",
        "30.00",
        "50.00",
        "20.00",
        "100.00",
        "5.00",
    ]
    assert whole["edges"][4]["node"]["baseAmount"] == "110.00"
    assert {edge["node"]["account"]["code"] for edge in whole["edges"]} == {"1000"}
    # Sales are positive on the credit side, which is theirs.
    sales = await ledger(company, code="4000")
    assert sales["balances"] == ["0.00", "80.00", "130.00", "240.00", "245.00"]
    idle = await ledger(company, code="8000")
    assert (idle["balances"], idle["ends"], idle["total"]) == (["0.00"], (False, False), 0)


async def test_a_period_begins_with_what_was_there_before(company):
    table = [
        # arguments, entries, opening and closing balance, how many there are in all
        ({"from": "2026-02-01"}, "BCDE", "70.00", "215.00", 4),
        ({"to": "2026-02-01"}, "AABC", "0.00", "100.00", 4),
        ({"from": "2026-01-16", "to": "2026-03-30"}, "BC", "70.00", "100.00", 2),
        ({"from": "2026-02-02", "to": "2026-03-30"}, "", "100.00", "100.00", 0),
        ({"from": "2026-03-31", "to": "2026-03-31"}, "D", "100.00", "210.00", 1),
        ({"from": "2028-01-01"}, "", "215.00", "215.00", 0),
        ({"to": "2025-12-31"}, "", "0.00", "0.00", 0),
        ({"from": "1900-01-01", "to": "2200-12-31"}, "AABCDE", "0.00", "215.00", 6),
        ({"from": "2026-02-01", "first": 1}, "B", "70.00", "120.00", 4),
        ({"from": "2026-02-01", "last": 1}, "E", "210.00", "215.00", 4),
        ({"to": "2026-03-31", "last": 2}, "CD", "120.00", "210.00", 5),
        ({"first": 0}, "", "0.00", "0.00", 6),
        ({"last": 0}, "", "215.00", "215.00", 6),
        ({"from": "2026-02-01", "first": 0}, "", "70.00", "70.00", 4),
        ({"to": "2026-03-31", "last": 0}, "", "210.00", "210.00", 5),
    ]
    for given, names, opening, closing, total in table:
        found = await ledger(company, **given)
        assert (found["names"], found["total"]) == (names, total), given
        assert (found["balances"][0], found["balances"][-1]) == (opening, closing), given


async def test_pages_go_on_from_where_the_last_one_stopped(company):
    whole = await ledger(company)
    cursors, balances = whole["cursors"], whole["balances"]
    for place in range(6):
        on = await ledger(company, first=2, after=cursors[place])
        assert on["names"] == "AABCDE"[place + 1 : place + 3]
        assert on["balances"] == balances[place + 1 : place + 4]
        assert on["ends"] == (True, place < 3)
        back = await ledger(company, last=2, before=cursors[place])
        assert back["names"] == "AABCDE"[max(place - 2, 0) : place]
        assert back["balances"] == balances[max(place - 2, 0) : place + 1]
        assert back["ends"] == (place > 2, True)
    # Beyond the ends nothing is left but the balance there.
    end = await ledger(company, after=cursors[5])
    assert (end["names"], end["balances"]) == ("", ["215.00"])
    start = await ledger(company, last=5, before=cursors[0])
    assert (start["names"], start["balances"]) == ("", ["0.00"])
    between = await ledger(company, after=cursors[0], before=cursors[3])
    assert (between["names"], between["balances"]) == ("AB", ["100.00", "70.00", "120.00"])
    late = await ledger(company, after=cursors[1], before=cursors[5], last=1)
    assert (late["names"], late["balances"]) == ("D", ["100.00", "210.00"])


async def test_the_ledgers_of_many_accounts_are_those_of_each(company):
    document = """
    query All($first: Int, $last: Int, $from: Date, $to: Date) {
      accounts(where: {code: {in: ["1000", "1010", "4000", "5200", "8000"]}}, limit: 10) {
        code balance { amount }
        entriesConnection(first: $first, last: $last, from: $from, to: $to) {
          edges { cursor date runningBalance { amount } node { id } }
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          openingBalance { amount } closingBalance { amount } totalCount
        }
      }
    }"""
    for given in (
        {},
        {"first": 1},
        {"last": 2},
        {"first": 0},
        {"last": 0},
        {"from": "2026-02-01", "first": 2},
        {"from": "2026-01-20", "to": "2026-03-31", "last": 1},
    ):
        for account in (await company.ask(document, **given))["accounts"]:
            each = account["entriesConnection"]
            alone = await ledger(company, code=account["code"], **given)
            shown = [each["openingBalance"]["amount"]]
            shown += [edge["runningBalance"]["amount"] for edge in each["edges"]]
            assert shown == alone["balances"], (account["code"], given)
            assert each["closingBalance"]["amount"] == shown[-1]
            assert each["totalCount"] == alone["total"]
            assert [edge["cursor"] for edge in each["edges"]] == alone["cursors"]
            info = each["pageInfo"]
            assert (info["hasPreviousPage"], info["hasNextPage"]) == alone["ends"]
            if not given:
                assert account["balance"]["amount"] == shown[-1]


async def test_a_long_ledger_adds_up_on_every_page_in_both_directions(books):
    draw = random.Random(7)  # noqa: S311 (a journal that is the same each time)
    amounts = [draw.randint(1, 99_999) for _ in range(60)]
    days = [f"2026-{draw.randint(1, 3):02}-{draw.randint(1, 5):02}" for _ in amounts]
    sides = [draw.choice((("1000", "4000"), ("5200", "1000"))) for _ in amounts]
    journal = "".join(
        f"{day}: {number}\n    debit {debit} {dollars}\n    credit {credit} {dollars}\n"
        for number, (day, dollars, (debit, credit)) in enumerate(
            zip(days, amounts, sides, strict=True)
        )
    )
    await enter(books, journal)
    order = sorted(range(60), key=lambda number: days[number])  # same days in order of entry
    signed = [amounts[n] if sides[n][0] == "1000" else -amounts[n] for n in order]
    expected = [f"{dollars}.00" for dollars in accumulate(signed)]
    for size in (7, 50):
        found, after = [], None
        while after is not None or not found:
            page = await ledger(books, first=size, after=after)
            assert page["balances"][0] == (found[-1] if found else "0.00")
            found += page["balances"][1:]
            after = page["cursors"][-1] if page["ends"][1] else None
        assert found == expected
        found, before = [], None
        while before is not None or not found:
            page = await ledger(books, last=size, before=before)
            found = page["balances"][1:] + found
            before = page["cursors"][0] if page["ends"][0] else None
        assert page["balances"][0] == "0.00"
        assert found == expected


async def test_what_cannot_be_asked_of_a_ledger_is_refused(house, company):
    whole = await ledger(company)
    cursor = whole["cursors"][0]

    def case(reason, field, **given):
        return Case(LEDGER, reason, field, given)

    every = (
        "query All($after: String) { accounts { entriesConnection(after: $after) { totalCount } } }"
    )
    many = "{ accounts(limit: 1) { entriesConnection(last: 1001) { totalCount } } }"
    await all_refused(
        house,
        company,
        [
            *(
                case("invalid_date", side, **{side: day})
                for side in ("from", "to")
                for day in ("0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31")
            ),
            case("invalid_date", None, **{"from": "2026-02-30"}),
            case("invalid_date", None, to="2026-01-01T00:00:00Z"),
            case("invalid_value", "first", first=-1),
            Case(many, "invalid_value", "last"),
            case("invalid_value", "last", first=1, last=1),
            # A cursor belongs to its account and its period.
            case("invalid_cursor", "after", after=cursor, code="4000"),
            case("invalid_cursor", "after", after=cursor, to="2026-12-31"),
            case("invalid_cursor", "before", before=cursor, **{"from": "2026-01-01"}),
            Case(every, "invalid_cursor", "after", {"after": cursor}),
        ],
    )
