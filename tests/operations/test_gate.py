"""The gate: whose key, which books, what it may do, and until when."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from entering import contents, pair, sale
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    Undefined,
)
from graphql.type import get_nullable_type
from house import Client

from ledger.errors import LedgerError
from ledger.keys import Key, Scope, fingerprint, preview, seal
from resolvers.gate import Gate
from resolvers.minting import new_key
from schema import core
from schema.operation import OPERATIONS
from store import keys

ME = "{ organization { id isLive } }"
LIST = "{ transactions { id } }"
CREATE_KEY = """
mutation Make($scope: OperationScope!, $expiresAt: DateTime) {
  createApiKey(name: "K", scope: $scope, expiresAt: $expiresAt)
  { secret key { id scope expiresAt } }
}"""
ROTATE = "mutation R($id: ID!) { rotateApiKey(id: $id) { secret key { id expiresAt } } }"


async def ask(house, authorization):
    headers = {} if authorization is None else {"Authorization": authorization}
    return await house.http.post("/graphql", json={"query": ME}, headers=headers)


async def with_key(house, books, **given):
    """A client with a key that was put down behind the API's back."""
    secret = new_key(live=True)
    now = datetime.now(UTC)
    key = Key(
        organization_id=books.organization_id,
        id=f"key_{fingerprint(secret)[:20]}",
        name="K",
        scope=Scope.ADMIN,
        hash=fingerprint(secret),
        preview=preview(secret),
        expires_at=None,
        revoked_at=None,
        created_at=now,
    )
    await house.database.write(keys.insert_all, [replace(key, **given)])
    return Client(house.http, secret, books.organization_id)


def value(kind):
    """Some literal of an input type, right in its form alone."""
    kind = get_nullable_type(kind)
    if isinstance(kind, GraphQLList):
        return f"[{value(kind.of_type)}]"
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if isinstance(kind, GraphQLInputObjectType):
        return "{" + _given(kind.fields) + "}"
    return {"DateTime": '"2026-01-05"', "Decimal": '"1"'}.get(kind.name, '"x"')


def _given(arguments):
    required = {name: each for name, each in arguments.items() if is_required(each)}
    return ", ".join(f"{name}: {value(each.type)}" for name, each in required.items())


def is_required(argument):
    return isinstance(argument.type, GraphQLNonNull) and argument.default_value is Undefined


def documents():
    """One document for each operation: its name, the scope that it needs, and its text."""
    for name, operation in OPERATIONS.items():
        root = core.mutation_type if operation.kind == "mutation" else core.query_type
        field = root.fields[name]
        given = _given(field.args)
        selected = "" if "Boolean" in str(field.type) else " { __typename }"
        call = f"{name}({given})" if given else name
        yield name, operation.scope, f"{operation.kind} {{ {call}{selected} }}"


# Who asks


async def test_without_a_key_of_ours_nothing_is_told_of_the_schema(house, books):
    unknown = new_key(live=True)
    mistyped = books.key[:-1] + ("0" if books.key[-1] != "0" else "1")
    for authorization in (
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic " + books.key,
        books.key,
        "Bearer cl_live_short",
        "Bearer cl_live_" + "é" * 36,
        f"Bearer {mistyped}",
        f"Bearer {unknown}",
        f"Bearer {seal(live=True, secret=1)}",
        f"Bearer {fingerprint(books.key)}",
    ):
        headers = {} if authorization is None else {"Authorization": authorization.encode()}
        response = await house.http.post(
            "/graphql", json={"query": "{ transactionz }"}, headers=headers
        )
        (error,) = response.json()["errors"]
        assert (response.status_code, error["extensions"]["code"]) == (401, "UNAUTHENTICATED")
        assert error["extensions"]["reason"] == "unauthenticated"
        assert "transaction" not in response.text
        assert response.headers["www-authenticate"] == "Bearer"


async def test_a_key_is_taken_in_any_case_of_the_scheme(house, books):
    for scheme in ("Bearer", "bearer", "BEARER"):
        response = await ask(house, f"{scheme} {books.key}")
        assert response.json()["data"]["organization"]["id"] == books.organization_id


async def test_only_the_hash_of_a_key_is_kept(house, books):
    found = await contents(house)
    assert books.key not in str(found)
    assert fingerprint(books.key) in {row[0] for row in found["api_key"]}


# Whose books


async def test_the_sandbox_and_the_live_books_do_not_see_each_other(house, books):
    twins = {row[0]: row[4] for row in (await contents(house))["organization"]}
    twin = twins[books.organization_id]
    secret = new_key(live=False)
    found = await with_key(house, books, organization_id=twin, hash=fingerprint(secret))
    test = Client(house.http, secret, twin)
    live_one, test_one = await sale(books), await sale(test)
    assert (await books.ask(LIST))["transactions"] == [{"id": live_one["id"]}]
    assert (await test.ask(LIST))["transactions"] == [{"id": test_one["id"]}]
    assert (await test.ask(ME))["organization"] == {"id": twin, "isLive": False}
    by_id = "query O($id: ID!) { organization(id: $id) { id } }"
    for asked in (twin, books.organization_id):
        assert (await test.ask(by_id, id=asked))["organization"] == {"id": twin}
    assert (await books.refusal(by_id, id=twin)).reason == "not_found"
    assert (await found.refusal(ME)).reason == "unauthenticated"


async def test_many_that_ask_together_each_get_their_own_books(house):
    clients = [await house.organization() for _ in range(5)]
    asked = [client.ask(ME) for _ in range(6) for client in clients]
    answers = await asyncio.gather(*asked, ask(house, f"Bearer {new_key(live=True)}"))
    expected = [client.organization_id for _ in range(6) for client in clients]
    assert [answer["organization"]["id"] for answer in answers[:-1]] == expected
    assert answers[-1].status_code == 401


# What is known of a key


class Looks:
    """A gate on the database of a house, and the keys that it looked for, look by look."""

    def __init__(self, house):
        self.database = house.database
        self.generation = house.database.generation
        self.seen = []
        self.meanwhile = None
        self.gate = Gate(self)

    async def peek(self, work, hashes, **given):
        self.seen.append(set(hashes))
        found = await self.database.peek(work, hashes, **given)
        if self.meanwhile is not None:
            await self.meanwhile()
        return found

    async def ask(self, client):
        return await self.gate.authenticate(f"Bearer {client.key}", "req_1", "graphql")

    async def commit(self):
        await self.database.write(lambda connection: None)
        self.generation = self.database.generation


async def test_a_key_is_looked_for_again_once_something_was_committed(house, books):
    looks = Looks(house)
    first = await looks.ask(books)
    assert await looks.ask(books) == first
    assert len(looks.seen) == (1 if house.is_sqlite else 2)
    await sale(books)
    await looks.commit()
    later = await looks.ask(books)
    assert later == first._replace(seen=later.seen)
    assert later.seen > first.seen


async def test_what_was_read_while_something_was_committed_is_not_kept(house, books):
    looks = Looks(house)
    looks.meanwhile = looks.commit
    await looks.ask(books)
    looks.meanwhile = None
    await looks.ask(books)
    assert looks.seen == [{fingerprint(books.key)}] * 2


async def test_a_key_that_nobody_has_is_looked_for_each_time_and_not_remembered(house):
    looks = Looks(house)
    stranger = Client(house.http, new_key(live=True), "org_none")
    for _ in range(3):
        with pytest.raises(LedgerError, match="unknown, revoked or expired"):
            await looks.ask(stranger)
    assert len(looks.seen) == 3
    assert looks.gate._known == {}


async def test_no_more_keys_are_remembered_than_there_is_room_for(house, books, monkeypatch):
    monkeypatch.setattr("resolvers.gate._MOST_KNOWN", 2)
    looks = Looks(house)
    clients = [books, *[await house.organization() for _ in range(4)]]
    looks.generation = house.database.generation
    for client in (*clients, *clients):
        assert (await looks.ask(client)).organization_id == client.organization_id
        assert len(looks.gate._known) <= 2


async def test_who_leaves_takes_the_answer_from_nobody_and_a_look_that_is_ended_leaves_nobody(
    house, books
):
    looks = Looks(house)
    go = asyncio.Event()
    looks.meanwhile = go.wait
    asked = [asyncio.create_task(looks.ask(books)) for _ in range(3)]
    await asyncio.sleep(0)
    asked[0].cancel()
    go.set()
    gone, *found = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(gone, asyncio.CancelledError)
    assert [each.organization_id for each in found] == [books.organization_id] * 2
    go.clear()
    looks.generation = -1
    waiting = asyncio.create_task(looks.ask(books))
    await asyncio.sleep(0.01)
    looks.gate._looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    go.set()
    assert await looks.ask(books)


# What it may do


@pytest.mark.parametrize("scope", list(Scope))
async def test_a_key_does_what_its_scope_allows_and_nothing_else(house, books, scope):
    client = await with_key(house, books, scope=scope)
    for name, needed, document in documents():
        before = await contents(house)
        response = await client.post(document)
        errors = response.json().get("errors", [])
        forbidden = [e for e in errors if e["extensions"]["reason"] == "forbidden"]
        assert (len(forbidden) == 1) is not scope.allows(needed), (name, errors)
        if forbidden:
            assert forbidden[0]["extensions"]["code"] == "FORBIDDEN"
            assert forbidden[0]["extensions"]["details"] == {
                "scope": scope.value,
                "needed": needed.value,
            }
            assert await contents(house) == before


async def test_a_document_does_none_of_what_is_forbidden_in_it(house, books):
    reader = await with_key(house, books, scope=Scope.READ)
    chart = await reader.accounts()
    entries = pair(chart["1000"], chart["4000"])
    before = await contents(house)
    response = await reader.post(
        """mutation M($e: [LedgerEntryInput!]!) {
          a: createTransaction(description: "A", date: "2026-01-05", entries: $e) { id }
        }""",
        {"e": entries},
    )
    assert response.json()["data"] is None
    assert await contents(house) == before


# Until when


async def test_a_key_stops_at_the_moment_it_expires_or_is_revoked(house, books):
    moment = datetime.now(UTC) + timedelta(hours=1)
    gate = house.app.house.gate
    for given in ({"expires_at": moment}, {"revoked_at": moment}):
        client = await with_key(house, books, **given)
        gate._clock = lambda: moment - timedelta(microseconds=1)
        assert await client.ask(ME)
        gate._clock = lambda: moment
        assert (await client.refusal(ME)).reason == "unauthenticated"


async def test_no_key_gives_its_holder_one_that_lives_longer(house, books):
    soon = datetime.now(UTC) + timedelta(days=1)
    later = soon + timedelta(days=1)
    keyring = {}
    for name, expiry in (("never", None), ("later", later), ("sooner", soon - timedelta(hours=1))):
        given = {} if expiry is None else {"expiresAt": expiry.isoformat()}
        made = await books.ask(CREATE_KEY, scope="ADMIN", **given)
        keyring[name] = made["createApiKey"]["key"]["id"]
    admin = await with_key(house, books, expires_at=soon)
    before = await contents(house)
    for name in ("never", "later"):
        refusal = await admin.refusal(ROTATE, id=keyring[name])
        assert (refusal.code, refusal.reason) == ("FORBIDDEN", "forbidden")
    assert await contents(house) == before
    rotated = (await admin.ask(ROTATE, id=keyring["sooner"]))["rotateApiKey"]
    assert rotated["key"]["expiresAt"] < soon.isoformat()
    forever = (await books.ask(ROTATE, id=keyring["never"]))["rotateApiKey"]
    assert forever["key"]["expiresAt"] is None
