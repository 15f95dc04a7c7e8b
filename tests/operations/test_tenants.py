"""One organization's key and another's books: a foreign id is as good as none at all."""

from __future__ import annotations

import json

from entering import contents
from filling import filled
from walking import AROUND, ID_OF, IDS, Good, fields_asked, name_at, word_of

NEVER = "0000000000000000zzzz"
SUBJECTS = "transaction invoice bill credit_note customer item payment organization"
NODES = f"{SUBJECTS} account entry category tax_rate application attachment job"
SEVERAL = {
    "createCreditNote.documentId": "invoice bill",
    "createPayment.documentId": "invoice bill credit_note payment entry",
    "applyCredit.documentId": "invoice bill credit_note payment entry",
    "applyCredit.creditId": "credit_note payment entry",
    "refundCredit.creditId": "credit_note payment entry",
    "attachments.subjectId": SUBJECTS,
    "eventsConnection.entityId": NODES,
    "node.id": NODES,
    "nodes.ids": NODES,
}
"""What an id may be of, where it may be of several nouns."""

LISTED = {
    "accounts": "account",
    "transactions": "transaction",
    "contacts": "customer",
    "invoices": "invoice",
    "bills": "bill",
    "creditNotes": "credit_note",
    "payments": "payment",
    "items": "item",
    "categories": "category",
    "taxRates": "tax_rate",
    "jobs": "job",
}
"""What the ids of each list are of."""

NOTHING = {
    "nodes": {"nodes": [None]},
    "attachments": {"attachments": []},
    "eventsConnection": {"eventsConnection": {"nodes": []}},
}
"""What is answered, other than by a refusal, to an id of nothing."""


def places(name):
    """Every argument of the schema that takes an id, or a filter by one: where in which field."""
    found = [(asked, path, kind) for asked in fields_asked() for path, kind in asked.places()]
    return [(asked, path) for asked, path, kind in found if getattr(kind, "name", None) == name]


def ids_asked():
    """The places of ids themselves, but for those in a filter."""
    return [(asked, path) for asked, path in places("ID") if path[0] != "where"]


def words(asked, path):
    """What the id at a place may be of."""
    several = SEVERAL.get(f"{asked.name}.{name_at(path)}")
    return several.split() if several else [word_of(asked, path)]


def test_every_place_that_takes_an_id_is_on_a_table_and_no_table_has_another():
    named = {name for names in IDS for name in names.split()}
    operations = {name for names in ID_OF for name in names.split()}
    filters = places("IDFilter")
    found = {(asked.name, name_at(path)) for asked, path in ids_asked()}
    assert {name for name, step in found if step == "id"} == operations
    assert {step for _, step in found} | {name_at(path) for _, path in filters} == {"id", *named}
    assert {asked.name.removesuffix("Connection") for asked, _ in filters} == LISTED.keys()
    assert len(found) > 100


async def answer(client, document, given, key):
    """What a document is answered, but for the id that was given in it."""
    response = await client.post(document, given)
    assert response.status_code < 500
    body = response.json()
    for error in body.get("errors", ()):
        assert error["extensions"].pop("requestId")
        assert error["extensions"]["code"] != "INTERNAL_ERROR"
    return json.loads(json.dumps(body).replace(key, "IT"))


async def test_a_foreign_id_and_one_never_issued_get_the_same_answer(house, books):
    mine, theirs = await filled(house, books), await filled(house, await house.organization())
    good = Good(mine)
    before = await contents(house)
    for asked, path in ids_asked():
        own = mine[word_of(asked, path)]
        assert await books.ask(asked.document, **good.placed(asked, path, own)), (asked, path)
        for word in words(asked, path):
            foreign, where = theirs[word], (asked.name, path, word)
            given = good.placed(asked, path, foreign, dry=False)
            found = await answer(books, asked.document, given, foreign)
            never = foreign[:4] + NEVER
            given = good.placed(asked, path, never, dry=False)
            assert found == await answer(books, asked.document, given, never), where
            if asked.name in NOTHING:
                assert found == {"data": NOTHING[asked.name]}, where
                continue
            (error,) = found["errors"]
            assert error["extensions"]["code"] == "NOT_FOUND", where
            assert error["extensions"]["reason"] in {"not_found", "unknown_reference"}, where
            assert "IT" in error["message"], where
            field = error["extensions"]["field"].rpartition(".")[2]
            assert name_at(path).lower().endswith(field.lower()), where
    assert await contents(house) == before


async def counted(client, asked, field, key):
    """How many rows a list has in all, and how many by each way to filter it by an id."""
    name, (operation, around, _) = asked.name, AROUND[asked.parent]
    rows = "{ rows: nodes { id } }" if name.endswith("Connection") else "{ id }"
    ways = {"eq": "$x", "in": "[$x]", "ne": "$x", "notIn": "[$x]"}
    listed = [f"all: {name} {rows}"] + [
        f"{way}: {name}(where: {{{field}: {{{way}: {value}}}}}) {rows}"
        for way, value in ways.items()
    ]
    document = f"{operation} Ask($x: ID!) {around % ' '.join(listed)}"
    found = await client.ask(document, x=key)
    lists = found.get("organization", found)
    return {
        way: len(each if isinstance(each, list) else each["rows"]) for way, each in lists.items()
    }


async def test_a_filter_by_a_foreign_id_finds_nothing_of_anyone(house, books):
    await filled(house, books)
    theirs = await filled(house, await house.organization())
    for asked, path in places("IDFilter"):
        noun, field = asked.name.removesuffix("Connection"), path[-1]
        foreign = theirs[LISTED[noun] if field == "id" else word_of(asked, path)]
        for key in (foreign, foreign[:4] + NEVER):
            found = await counted(books, asked, field, key)
            everything = found["all"]
            assert everything > 0
            expected = {"eq": 0, "in": 0, "ne": everything, "notIn": everything}
            assert found == {"all": everything, **expected}, (asked.parent, asked.name, field)
