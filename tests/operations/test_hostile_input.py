"""Anything at all in every argument of the schema: a coded answer, and nothing is written."""

from __future__ import annotations

import json
import random

import pytest
from asking import refusal_of
from entering import contents
from filling import filled
from walking import AROUND, Good, fields_asked

from ledger.errors import Reason
from schema import core

HOSTILE = [
    *(None, True, -1, 0, 1.5, 2**31, 2**63, 10**400, 1e300, float("nan")),
    *("", " ", "\0", "\ud800", "\x1b[2J", "\u202e", "e\u0301" * 40, "9" * 400, "x" * 20_000),
    *("1e5", "NaN", "-1", "0x10", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59-23:59"),
    *("'; DROP TABLE account; --", "act_", "txn_0000000000000000zzzz", "CUR_USD", "ASSET"),
    *([], {}, [[]], [None], ["x"] * 30, {"a": {}}, [{}], {"eq": {"eq": 1}}),
]
HOW_MANY = 2_000
ASKED = list(fields_asked())


def hostile(draw):
    """A hostile value in some place of some argument of some field: each field as often."""
    asked = draw.choice(ASKED)
    places = [path for path, _ in asked.places() if path != ("dryRun",)]
    return asked, draw.choice(places), draw.choice(HOSTILE)


async def test_a_hostile_value_anywhere_gets_a_coded_answer_and_writes_nothing(house, books):
    good = Good(await filled(house, books))
    draw = random.Random(house.is_sqlite)  # noqa: S311 (each engine has a sample of its own)
    before = await contents(house)
    for asked in ASKED:
        assert await books.ask(asked.document, **good.variables(asked)), asked.name
    headers = {"Authorization": f"Bearer {books.key}", "Content-Type": "application/json"}
    for _ in range(HOW_MANY):
        asked, path, value = hostile(draw)
        variables = good.placed(asked, path, value)
        # Python's own writer escapes halves of characters, and writes NaN, which is no JSON.
        body = json.dumps({"query": asked.document, "variables": variables}).encode()
        response = await books.http.post("/graphql", content=body, headers=headers)
        where = (asked.name, path, str(value)[:40])
        assert response.status_code in {200, 400}, where
        for error in response.json().get("errors", ()):
            more = error["extensions"]
            assert more["code"] != "INTERNAL_ERROR", where
            assert more["code"] == Reason[more["reason"].upper()].code.value
            assert error["message"]
            assert more["suggestion"], where
    assert await contents(house) == before


def test_every_field_that_takes_arguments_is_asked():
    roots = [*core.query_type.fields.items(), *core.mutation_type.fields.items()]
    taking = {name for name, field in roots if field.args}
    assert taking == {asked.name for asked in ASKED if asked.parent in {"Query", "Mutation"}}
    assert {asked.parent for asked in ASKED} == AROUND.keys()
    assert sum(1 for asked in ASKED for _ in asked.places()) > 5_000


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


async def test_a_documents_number_in_another_form_of_unicode_is_the_same_number(house, books):
    made = await filled(house, books)
    document = """
    mutation Enter($contact: ID!, $number: String!) {
      createOpeningBill(
        contactId: $contact, billNumber: $number, billDate: "2025-12-01", amount: "1.00"
      ) { billNumber }
    }"""
    await books.ask(document, contact=made["vendor"], number="R-\u00e9")
    before = await contents(house)
    given = {"contact": made["vendor"], "number": "R-e\u0301"}
    assert (await refusal_of(books, document, **given)).reason == "duplicate"
    refusal = await refusal_of(books, document, **{**given, "number": "R-\0"})
    assert (refusal.reason, refusal.field) == ("invalid_text", "billNumber")
    assert await contents(house) == before
