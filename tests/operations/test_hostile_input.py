"""Anything at all in every argument of the schema: a coded answer, and nothing is written."""

from __future__ import annotations

import copy
import json
import random
from itertools import pairwise

import pytest
from asking import enter, refusal_of
from entering import contents
from graphql import (
    GraphQLInputObjectType,
    get_named_type,
    is_leaf_type,
    is_list_type,
    is_required_argument,
)
from graphql import get_nullable_type as nullable

from ledger.errors import Reason
from schema import core

SALE = "2026-01-05: Sale\n    debit 1000 1.00\n    credit 4000 1.00\n"
HOSTILE = [
    *(None, True, -1, 0, 1.5, 2**31, 2**63, 10**400, 1e300, float("nan")),
    *("", " ", "\0", "\ud800", "\x1b[2J", "\u202e", "e\u0301" * 40, "9" * 400, "x" * 20_000),
    *("1e5", "NaN", "-1", "0x10", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59-23:59"),
    *("'; DROP TABLE account; --", "act_", "txn_0000000000000000zzzz", "CUR_USD", "ASSET"),
    *([], {}, [[]], [None], ["x"] * 30, {"a": {}}, [{}], {"eq": {"eq": 1}}),
]
HOW_MANY = 600


def leaves(kind, path, above=()):
    """Every place of a value in an argument, itself included: a path of names and of zeros."""
    yield path
    kind = nullable(kind)
    if is_list_type(kind):
        yield from leaves(kind.of_type, (*path, 0), above)
    elif isinstance(kind, GraphQLInputObjectType) and kind not in above:
        for name, field in kind.fields.items():
            yield from leaves(field.type, (*path, name), (*above, kind))


def selection(kind):
    return "" if is_leaf_type(get_named_type(kind)) else " { __typename }"


def asked(name, field):
    """A field with each of its arguments as a variable of the same name."""
    given = ", ".join(f"{each}: ${each}" for each in field.args)
    return f"{name}({given}){selection(field.type)}"


def variable(name, argument):
    """The variable for an argument; it may be left out where the argument may."""
    kind = argument.type if is_required_argument(argument) else nullable(argument.type)
    return f"${name}: {kind}"


def documents():
    """A document for each field of the schema that takes arguments, with those arguments."""
    below = {
        "Query": ("query", "{ %s }", ()),
        "Mutation": ("mutation", "{ %s }", ()),
        "OrganizationNode": ("query", "{ organization { %s } }", ()),
        "AccountNode": ("query", "{ account(id: $account) { %s } }", ("$account: ID!",)),
    }
    takes = {
        kind.name
        for kind in core.type_map.values()
        if not kind.name.startswith("__")
        and any(getattr(field, "args", None) for field in getattr(kind, "fields", {}).values())
    }
    assert takes == set(below)
    for parent, (operation, around, more) in below.items():
        for name, field in core.type_map[parent].fields.items():
            if field.args:
                variables = [*more, *(variable(key, arg) for key, arg in field.args.items())]
                text = around % asked(name, field)
                yield f"{operation} Ask({', '.join(variables)}) {text}", name, field.args


def placed(given, path, value):
    """What is given, with one value in it replaced, and what leads there made where it is not."""
    given = copy.deepcopy(given)
    at = given
    for step, following in pairwise(path):
        empty = [None] if following == 0 else {}
        if isinstance(at, list):
            at[0] = at[0] or empty
        elif not at.get(step):
            at[step] = empty
        at = at[step]
    at[path[-1]] = value
    return given


def usual(needed):
    """Each document with its arguments, and values for them that are as they should be."""
    for document, name, arguments in documents():
        given = {key: needed[name, key] for key in arguments if (name, key) in needed}
        given |= {"dryRun": True} if "dryRun" in arguments else {}
        given |= {"account": needed["account", "id"]} if "$account" in document else {}
        yield document, arguments, given


def cases(needed):
    """Every hostile value in every place, the other arguments being as they should be."""
    for document, arguments, given in usual(needed):
        for key, argument in arguments.items():
            if key == "dryRun":
                continue
            for path in leaves(argument.type, (key,)):
                for value in HOSTILE:
                    yield document, placed(given, path, value)


async def needs(client):
    """Good values for the arguments that are required."""
    (sale,), (plan,) = await enter(client, SALE), await enter(client, SALE, post=False)
    ids = await client.accounts()
    keys = (await client.ask("{ apiKeys { id } }"))["apiKeys"]
    entries = [
        {"accountId": ids["1000"], "entryType": "DEBIT", "amount": "1.00"},
        {"accountId": ids["4000"], "entryType": "CREDIT", "amount": "1.00"},
    ]
    account = {"code": "1-1", "name": "New", "accountType": "ASSET"}
    transaction = {"description": "New", "date": "2026-01-05", "entries": entries}
    needed = {
        ("account", "id"): ids["1000"],
        ("transaction", "id"): sale,
        ("organizationById", "id"): client.organization_id,
        ("node", "id"): sale,
        ("nodes", "ids"): [sale],
        ("updateAccount", "id"): ids["1000"],
        ("deleteAccount", "id"): ids["8000"],
        ("createAccounts", "accounts"): [account],
        ("createTransactions", "transactions"): [transaction],
        ("updateTransaction", "id"): plan,
        ("deleteTransaction", "id"): plan,
        ("postTransaction", "id"): plan,
        ("reverseTransaction", "id"): sale,
        ("createApiKey", "name"): "New",
        ("createApiKey", "scope"): "READ",
        ("rotateApiKey", "id"): keys[0]["id"],
        ("revokeApiKey", "id"): keys[0]["id"],
    }
    needed |= {("createAccount", key): value for key, value in account.items()}
    needed |= {("createTransaction", key): value for key, value in transaction.items()}
    return needed


async def test_a_hostile_value_anywhere_gets_a_coded_answer_and_writes_nothing(house, books):
    needed = await needs(books)
    every = list(cases(needed))
    assert len(every) > 10_000
    draw = random.Random(house.is_sqlite)  # noqa: S311 (each engine has a sample of its own)
    before = await contents(house)
    for document, _, variables in usual(needed):
        assert await books.ask(document, **variables)
    headers = {"Authorization": f"Bearer {books.key}", "Content-Type": "application/json"}
    for document, variables in draw.sample(every, HOW_MANY):
        # Python's own writer escapes halves of characters, and writes NaN, which is no JSON.
        body = json.dumps({"query": document, "variables": variables}).encode()
        response = await books.http.post("/graphql", content=body, headers=headers)
        assert response.status_code in {200, 400}, (document, variables)
        for error in response.json().get("errors", ()):
            more = error["extensions"]
            assert more["code"] != "INTERNAL_ERROR", (document, variables)
            assert more["code"] == Reason[more["reason"].upper()].code.value
            assert error["message"]
            assert more["suggestion"], (document, variables)
    assert await contents(house) == before


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\udc00\ud800"])
async def test_half_a_character_is_refused_wherever_it_stands(books, text):
    document = "query Q($w: AccountWhere) { accounts(where: $w) { id } }"
    bodies = [
        {"query": document, "variables": {"w": {"code": {"eq": text}}}},
        {"query": document, "variables": {text: 1}},
        {"query": f'{{ account(id: "{text}") {{ id }} }}'},
        {"query": "{ organization { id } }", "operationName": text},
        [{"query": "{ organization { id } }", "extensions": {"a": [text]}}],
    ]
    headers = {"Authorization": f"Bearer {books.key}", "Content-Type": "application/json"}
    for body in bodies:
        content = json.dumps(body).encode()
        response = await books.http.post("/graphql", content=content, headers=headers)
        assert response.status_code == 400
        (error,) = response.json()["errors"]
        assert error["extensions"]["reason"] == "invalid_request"
        assert "surrogate" in error["message"]
    escaped = await refusal_of(books, '{ account(id: "\\uD800") { id } }')
    assert escaped.reason == "invalid_request"


async def test_a_word_that_does_not_exist_is_refused_by_name(books):
    table = {
        "{ accounts { cod } }": "Cannot query field 'cod' on type 'AccountNode'.",
        "{ accounts(size: 1) { id } }": "Unknown argument 'size' on field 'Query.accounts'.",
        "{ account { id } }": "Argument 'Query.account(id:)' of type 'ID!' is required, "
        "but it was not provided.",
        "query Q($a: Nope) { account(id: $a) { id } }": "Unknown type 'Nope'.",
        "{ accounts @nope { id } }": "Unknown directive '@nope'.",
        "{ ...F }": "Unknown fragment 'F'.",
        "{ accounts }": "Field 'accounts' of type '[AccountNode!]!' must have a selection of "
        "subfields. Did you mean 'accounts { ... }'?",
        "subscription { accounts { id } }": "The subscription operation is not supported",
    }
    for document, message in table.items():
        refusal = await refusal_of(books, document)
        assert refusal.reason == "invalid_request", document
        assert refusal.message.startswith(message[:40]), refusal.message
