"""Events and currencies, which GraphQL and REST show: the history of the books, and ISO 4217."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta

import pytest
from asking import enter, key_of, refusal_of
from entering import events as written

from ledger.currencies import CURRENCIES
from ledger.keys import Scope

SALE = "2026-01-05: Sale\n    debit 1000 100.00\n    credit 4000 100.00\n"
EVENTS = """
query Events(
  $type: String, $id: ID, $event: String, $key: ID, $from: DateTime, $to: DateTime, $first: Int,
  $after: String, $last: Int, $before: String, $offset: Int! = 0
) {
  eventsConnection(
    entityType: $type, entityId: $id, eventType: $event, apiKeyId: $key, from: $from, to: $to,
    first: $first, after: $after, last: $last, before: $before, offset: $offset
  ) {
    nodes { id sequence eventType entityType entityId actor apiKeyId protocol before after hash }
    edges { cursor node { sequence previousHash createdAt } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
  }
}"""


async def found(client, **given):
    return (await client.ask(EVENTS, **given))["eventsConnection"]


async def sequences(client, **given):
    return [node["sequence"] for node in (await found(client, **given))["nodes"]]


async def test_events_are_the_history_of_one_organization_the_newest_first(house, books):
    (sale,) = await enter(books, SALE)
    await house.organization()
    history = await written(books, house)
    count = len(history)
    shown = await found(books, first=1_000)
    assert [node["sequence"] for node in shown["nodes"]] == list(range(count, 0, -1))
    assert shown["totalCount"] == count
    newest, last = shown["nodes"][0], history[-1]
    assert newest == {
        "id": last["id"],
        "sequence": count,
        "eventType": last["type"],
        "entityType": "transaction",
        "entityId": sale,
        "actor": last["actor"],
        "apiKeyId": last["key_id"],
        "protocol": "graphql",
        "before": last["before"],
        "after": last["after"],
        "hash": last["hash"],
    }
    hashes = [node["hash"] for node in shown["nodes"]]
    chained = [edge["node"]["previousHash"] for edge in shown["edges"]]
    assert chained[:-1] == hashes[1:]


async def test_events_are_found_by_what_changed_how_by_whom_and_when(house, books):
    (sale,) = await enter(books, SALE)
    history = await written(books, house)
    key = history[-1]["key_id"]
    moment = history[-1]["created_at"]
    later = (moment + timedelta(seconds=1)).isoformat()

    def expected(holds):
        return [event["sequence"] for event in reversed(history) if holds(event)]

    table = [
        ({"type": "transaction"}, lambda e: e["entity_type"] == "transaction"),
        ({"id": sale}, lambda e: e["entity_id"] == sale),
        ({"id": sale.upper()[:4] + sale[4:]}, lambda e: e["entity_id"] == sale),
        ({"id": "txn_x"}, lambda _: False),
        ({"event": "account.created"}, lambda e: e["type"] == "account.created"),
        ({"key": key}, lambda e: e["key_id"] == key),
        ({"from": moment.isoformat()}, lambda e: e["created_at"] >= moment),
        ({"to": moment.isoformat()}, lambda e: e["created_at"] <= moment),
        ({"from": later}, lambda _: False),
        ({"type": "account", "event": "transaction.created"}, lambda _: False),
    ]
    for given, holds in table:
        shown = await found(books, first=1_000, **given)
        assert [node["sequence"] for node in shown["nodes"]] == expected(holds), given
        assert shown["totalCount"] == len(expected(holds))
    for given in ({"type": "\0"}, {"event": "x" * 300}):
        assert (await refusal_of(books, EVENTS, **given)).reason == "invalid_text"


async def test_pages_of_events_follow_on_each_other_in_both_directions(books):
    everything = await sequences(books, first=1_000)
    forward, after = [], None
    while True:
        page = await found(books, first=7, after=after)
        forward += [node["sequence"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert forward == everything
    backward, before = [], None
    while True:
        page = await found(books, last=7, before=before)
        backward = [node["sequence"] for node in page["nodes"]] + backward
        before = page["pageInfo"]["startCursor"]
        if not page["pageInfo"]["hasPreviousPage"]:
            break
    assert backward == everything
    assert await sequences(books, first=3, offset=4) == everything[4:7]


async def test_a_cursor_of_events_is_of_their_list_and_no_other(house, books):
    cursor = (await found(books, first=1))["pageInfo"]["endCursor"]
    theirs = (await found(await house.organization(), first=1))["pageInfo"]["endCursor"]
    seal, _, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    forged = [
        base64.urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")
        for keys in ([seal, "1", key], [seal, 1, key], [seal, "x", key], ["", "", ""], [])
    ]
    for odd in (theirs, "nonsense", "", *forged):
        refusal = await refusal_of(books, EVENTS, first=1, after=odd)
        assert (refusal.reason, refusal.field) == ("invalid_cursor", "after"), odd
    refusal = await refusal_of(books, EVENTS, first=1, after=cursor, type="account")
    assert refusal.reason == "invalid_cursor"
    for given, field in (({"first": 1_001}, "first"), ({"offset": -1}, "offset")):
        assert (await refusal_of(books, EVENTS, **given)).field == field


async def test_a_forged_cursor_with_the_right_seal_is_no_number_either(books, monkeypatch):
    for text in ("x", "-1", "9" * 19, "\u0661"):
        monkeypatch.setattr("schema.connections.Listing._seal", lambda *_: "s")
        keys = json.dumps(["s", text, "evt_1"]).encode()
        cursor = base64.urlsafe_b64encode(keys).decode().rstrip("=")
        refusal = await refusal_of(books, EVENTS, first=1, after=cursor)
        assert (refusal.reason, refusal.field) == ("invalid_cursor", "after")


async def test_events_of_keys_are_told_to_administrators_alone(house, books, rest, rest_of):
    await rest.post("~/api-keys", {"name": "Shop", "scope": "read"})
    reader = await key_of(books, house, Scope.READ)
    everything, told = await found(books, first=1_000), await found(reader, first=1_000)
    kinds = [node["entityType"] for node in everything["nodes"]]
    assert kinds.count("api_key") > 0
    assert told["totalCount"] == len(kinds) - kinds.count("api_key")
    assert await sequences(reader, type="api_key") == []
    (secret, *_) = everything["nodes"]
    shown = await rest.get(f"/events/api_key/{secret['entityId']}")
    assert [each["event_type"] for each in shown["data"]] == ["api_key.created"]
    hidden = await rest_of(reader).get(f"/events/api_key/{secret['entityId']}")
    assert (hidden["data"], hidden["total_count"]) == ([], 0)


async def test_rest_shows_the_same_events_by_page_and_by_entity(house, books, rest):
    (sale,) = await enter(books, SALE)
    pages, cursor = [], ""
    while cursor is not None:
        page = await rest.get(f"~/events?limit=20{cursor and f'&cursor={cursor}'}")
        pages += [event["sequence"] for event in page["data"]]
        cursor = page["next_cursor"]
    assert pages == await sequences(books, first=1_000)
    shown = await rest.get(f"/events/transaction/{sale}")
    assert {event["entity_id"] for event in shown["data"]} == {sale}
    assert shown["data"][0]["object"] == "event"
    assert await rest.get(f"~/events?entity_id={sale}&entity_type=transaction") == shown
    today = datetime.now().astimezone().date()
    assert (await rest.get(f"~/events?to_date={today - timedelta(2)}"))["data"] == []
    other = await house.organization()
    assert await sequences(other, id=sale) == []
    assert (await rest.get("/events/transaction/txn_x"))["data"] == []


# Currencies


async def test_every_currency_is_listed_and_found_by_its_code_or_its_id(books, rest):
    shown = (await books.ask("{ currencies { id code name symbol decimalPlaces } }"))["currencies"]
    assert [each["code"] for each in shown] == list(CURRENCIES)
    for given in ("USD", "usd", "CUR_USD", "cur_usd"):
        found = await books.ask("query C($c: String!) { currency(code: $c) { code } }", c=given)
        assert found == {"currency": {"code": "USD"}}
        assert (await rest.get(f"/currencies/{given}"))["id"] == "CUR_USD"
    assert (await rest.get("/currencies?limit=100"))["total_count"] == len(CURRENCIES)


@pytest.mark.parametrize("code", ["XAU", "", "US", "x" * 400, "\u0131nr"])
async def test_what_is_no_currency_is_not_found(books, code):
    refusal = await refusal_of(books, "query C($c: String!) { currency(code: $c) { id } }", c=code)
    assert (refusal.reason, refusal.field) == ("not_found", "code")
