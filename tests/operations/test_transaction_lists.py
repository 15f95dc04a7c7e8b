"""Lists of transactions: how they are ordered, limited and filtered."""

from __future__ import annotations

import pytest
from asking import enter
from charting import NEVER, with_ids

TRANSACTIONS = """
query Of($where: TransactionWhere, $order: TransactionOrder, $limit: Int, $offset: Int! = 0) {
  transactions(where: $where, orderBy: $order, limit: $limit, offset: $offset) { description }
  organization {
    transactions(where: $where, orderBy: $order, limit: $limit, offset: $offset) { description }
  }
}"""
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


EVERY = "Reversal of: A P D C B A F"
FILTERS = [
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
    ({"date": {"notIn": []}}, EVERY),
    ({"date": {"gt": "2026-01-06", "lte": "2026-03-01"}}, "P D"),
    ({"date": {"gte": "2026-01-06", "lt": "2026-02-01"}}, "C B"),
    ({"date": {"gte": "0001-01-01", "lte": "9999-12-31"}}, EVERY),
    ({"description": {"startsWith": "reversal"}}, "Reversal of: A"),
    ({"reference": {"eq": "INV-7"}}, "F"),
    ({"reference": {"isNull": True}}, EVERY[:-2]),
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
    ({"amount": {"ne": "100.001"}}, EVERY),
    ({"amount": {"ne": "100"}}, "P D C B F"),
    ({"amount": {"gt": "100"}}, "C B"),
    ({"amount": {"gt": "99.999"}}, "Reversal of: A C B A"),
    ({"amount": {"gte": "100.001"}}, "C B"),
    ({"amount": {"lt": "1.5"}}, "P F"),
    ({"amount": {"lt": "1.5001"}}, "P D F"),
    ({"amount": {"lte": 1.5}}, "P D F"),
    ({"amount": {"lte": "0.01"}}, "P"),
    ({"amount": {"lt": "-5"}}, ""),
    ({"amount": {"gt": "-5"}}, EVERY),
    ({"amount": {"gt": "999999999999999999"}}, ""),
    ({"amount": {"lt": "999999999999999999"}}, EVERY),
    ({"amount": {"eq": "-999999999999999999.9"}}, ""),
    ({"amount": {"in": ["100", "1.5", "0.001"]}}, "Reversal of: A D A"),
    ({"amount": {"notIn": ["100", "1.5", "0.001"]}}, "P C B F"),
    ({"amount": {"in": []}}, ""),
    ({"amount": {"notIn": []}}, EVERY),
    ({"amount": {"in": [str(n) for n in range(1_000)]}}, "Reversal of: A B A F"),
    ({"amount": {"isNull": False}}, EVERY),
    ({"amount": {"isNull": True}}, ""),
    # An account stands in a transaction through its entries.
    ({"accountId": {"eq": "id:1000"}}, "Reversal of: A P B A"),
    ({"accountId": {"eq": "ID:1000"}}, "Reversal of: A P B A"),
    ({"accountId": {"ne": "id:1000"}}, "D C F"),
    ({"accountId": {"in": ["id:1000", "id:1010"]}}, "Reversal of: A P D C B A"),
    ({"accountId": {"notIn": ["id:1000", "id:1010"]}}, "F"),
    ({"accountId": {"in": []}}, ""),
    ({"accountId": {"notIn": []}}, EVERY),
    ({"accountId": {"isNull": True}}, ""),
    ({"accountId": {"isNull": False}}, EVERY),
    ({"accountId": {"eq": NEVER}}, ""),
    ({"accountId": {"ne": NEVER}}, EVERY),
    ({"not": {"accountId": {"eq": "id:1000"}}}, "D C F"),
    ({"journalNumber": {"eq": 2}}, "B"),
    ({"journalNumber": {"isNull": True}}, "P F"),
    ({"journalNumber": {"in": [1, 2, -5]}}, "B A"),
    ({"journalNumber": {"notIn": [1, 2]}}, "Reversal of: A P D C F"),
    ({"journalNumber": {"gte": 4}}, "Reversal of: A D"),
    ({"fiscalYear": {"eq": 2026}}, "Reversal of: A D C B A"),
    ({"fiscalYear": {"ne": 2026}}, "P F"),
    ({"id": {"in": ["id:A", "id:D"]}}, "D A"),
    ({"createdAt": {"eq": "at:A"}}, "D C B A"),
    ({"createdAt": {"gt": "at:A"}}, "Reversal of: A P F"),
    ({"or": [{"amount": {"eq": "250"}}, {"status": {"eq": "FAILED"}}]}, "B F"),
    ({"amount": {"gte": "1"}, "not": {"currency": {"eq": "USD"}}}, "D C"),
]
"""A filter, with ids and times by code and name, and what it lets through."""


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


async def names(client, **given):
    found = await client.ask(TRANSACTIONS, **given)
    assert found["transactions"] == found["organization"]["transactions"]
    return " ".join(each["description"] for each in found["transactions"])


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
    found = await busy.ask("{ transactions { id description createdAt } }")
    by_name = {each["description"]: each for each in found["transactions"]}
    ids = await busy.accounts() | {name: each["id"] for name, each in by_name.items()}
    then = {"at:A": by_name["A"]["createdAt"]}
    for where, expected in FILTERS:
        assert await names(busy, where=with_ids(where, ids, then)) == expected, where
