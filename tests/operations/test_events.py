"""The history of the books: one event for each change, chained, and what tampering shows."""

from __future__ import annotations

from datetime import datetime

from entering import (
    BULK,
    CLOSE,
    CREATE,
    DELETE,
    POST,
    REVERSE,
    SET_STATUS,
    UPDATE,
    events,
    item,
    pair,
    sale,
    unhealthy,
)

from ledger.events import FIRST_HASH, Event
from store import events as stored

MUTATIONS = {
    "open": 'mutation { createAccount(code: "9000", name: "A", accountType: ASSET) { id } }',
    "rename": 'mutation R($id: ID!) { updateAccount(id: $id, name: "B") { id } }',
    "drop": "mutation D($id: ID!) { deleteAccount(id: $id) }",
    "many": """mutation { createAccounts(accounts: [
        {code: "9001", name: "A", accountType: ASSET},
        {code: "9002", name: "B", accountType: ASSET}
      ]) { id } }""",
}


async def new_events(books, house, known):
    return (await events(books, house))[known:]


def told(event):
    """What an event says besides its seal: type, entity, status before and after."""
    sides = [event[side] and event[side].get("status") for side in ("before", "after")]
    return (event["type"], event["entity_id"], *sides)


async def test_every_mutation_writes_exactly_its_events(house, books):
    known = len(await events(books, house))
    expected = []
    opened = (await books.ask(MUTATIONS["open"]))["createAccount"]["id"]
    expected += [("account.created", opened, None, "active")]
    await books.ask(MUTATIONS["rename"], id=opened)
    expected += [("account.updated", opened, "active", "active")]
    await books.ask(MUTATIONS["drop"], id=opened)
    expected += [("account.deleted", opened, "active", None)]
    many = (await books.ask(MUTATIONS["many"]))["createAccounts"]
    expected += [("account.created", each["id"], None, "active") for each in many]
    chart = await books.accounts()
    entries = pair(chart["1000"], chart["4000"])
    first = (await sale(books))["id"]
    expected += [("transaction.created", first, None, "pending")]
    await books.ask(UPDATE, id=first, description="Other")
    expected += [("transaction.updated", first, "pending", "pending")]
    await books.ask(SET_STATUS, id=chart["4000"], status="INACTIVE")
    expected += [("account.updated", chart["4000"], "active", "inactive")]
    await books.refusal(POST, id=first)
    expected += [("transaction.failed", first, "pending", "failed")]
    await books.ask(SET_STATUS, id=chart["4000"], status="ACTIVE")
    expected += [("account.updated", chart["4000"], "inactive", "active")]
    await books.ask(POST, id=first)
    expected += [("transaction.posted", first, "failed", "posted")]
    reversal = (await books.ask(REVERSE, id=first))["reverseTransaction"]["id"]
    expected += [
        ("transaction.posted", reversal, None, "posted"),
        ("transaction.reversed", first, "posted", "reversed"),
    ]
    results = (await books.ask(BULK, transactions=[item(entries)] * 2))["createTransactions"]
    for result in results["results"]:
        expected += [("transaction.posted", result["transaction"]["id"], None, "posted")]
    spare = (await sale(books))["id"]
    await books.ask(DELETE, id=spare)
    expected += [("transaction.created", spare, None, "pending")]
    expected += [("transaction.deleted", spare, "pending", None)]
    await books.ask(CLOSE, through="2025-12-31")
    expected += [("organization.updated", books.organization_id, None, None)]
    assert [told(event) for event in await new_events(books, house, known)] == expected
    assert await unhealthy(books) == []


async def test_an_event_says_who_asked_how_and_what_became_of_it(house, books):
    known = len(await events(books, house))
    chart = await books.accounts()
    entries = pair(chart["1000"], chart["4000"])
    await books.post(CREATE, {"entries": entries}, **{"X-Request-Id": "my-request.1"})
    (event,) = await new_events(books, house, known)
    key = (await books.ask("{ apiKeys { id } }"))["apiKeys"][0]["id"]
    assert (event["actor"], event["key_id"]) == (f"key:{key}", key)
    assert (event["request_id"], event["protocol"]) == ("my-request.1", "graphql")
    assert (event["entity_type"], event["before"]) == ("transaction", None)
    after = event["after"]
    assert (after["amount"], after["date"], after["status"]) == (10000, "2026-01-05", "pending")
    assert [(e["entry_type"], e["amount"]) for e in after["entries"]] == [
        ("debit", 10000),
        ("credit", 10000),
    ]
    assert isinstance(event["created_at"], datetime)


async def test_a_posting_event_has_the_journal_number_and_an_update_both_sides(house, books):
    pending = await sale(books)
    await books.ask(UPDATE, id=pending["id"], description="Other", reference="R")
    await books.ask(POST, id=pending["id"])
    created, updated, posted = (await events(books, house))[-3:]
    assert created["after"] == updated["before"]
    assert updated["after"] == posted["before"]
    changed = {k for k, v in updated["after"].items() if updated["before"].get(k) != v}
    assert changed == {"description", "reference", "updated_at", "version"}
    assert posted["after"]["journal_number"] == 1


async def test_events_are_numbered_without_gaps_and_chained_from_the_first(house, books):
    for _ in range(3):
        await sale(books, post=True)

    def chain(connection):
        return list(stored.chain(connection, books.organization_id))

    found: list[Event] = await house.database.read(chain)
    assert [event.sequence for event in found] == list(range(1, len(found) + 1))
    assert found[0].previous_hash == FIRST_HASH
    assert [e.previous_hash for e in found[1:]] == [e.hash for e in found[:-1]]
    assert all(event.sealed() == event.hash for event in found)
    assert len({event.id for event in found}) == len(found)
