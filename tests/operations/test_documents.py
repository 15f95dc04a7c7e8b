"""The documents that the playground offers: each runs as it stands, on real books."""

from __future__ import annotations

import json
import re
from pathlib import Path

from filling import filled
from graphql import parse, validate

import schema

HERE = Path(schema.__file__).parent
FOLDER = HERE / "documents"
NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))
SCRIPT = (HERE / "playground.js").read_text(encoding="utf-8")
LOOKUP = re.search(r"const BOOKS = `(.*?)`;", SCRIPT, re.DOTALL)[1]
"""The question by which the playground finds what to put into an example."""


async def marks(client):
    """What the playground puts in the place of each `{{MARK}}`, found as it finds it."""
    found = (await client.ask(LOOKUP))["organization"]
    ids = {}
    for account in found.pop("accounts"):
        ids.setdefault(account["accountType"], account["id"])
    return {"TODAY": "2026-01-08"} | ids | {mark: ids_of(some) for mark, some in found.items()}


def ids_of(found):
    return found[0]["id"] if found else ""


def variables_of(name):
    given = FOLDER / f"{name}.variables.json"
    return given.read_text(encoding="utf-8") if given.exists() else "{}"


async def test_a_document_runs_as_it_stands(house, books):
    await filled(house, books)
    for name in NAMES:
        document = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
        assert validate(schema.core, parse(document)) == []
        text = variables_of(name)
        for mark, value in (await marks(books)).items():
            text = text.replace("{{" + mark + "}}", value)
        answer = await books.ask(document, **json.loads(text))
        assert all(value is not None for value in answer.values()), name


async def test_what_an_example_names_is_looked_up_in_the_books(house, books):
    made, found = await filled(house, books), await marks(books)
    assert (found["ASSET"], found["REVENUE"]) == (made["account"], made["revenue_account"])
    assert (found["CUSTOMER"], found["VENDOR"]) == (made["customer"], made["vendor"])
    assert (found["INVOICE"], found["DRAFT"]) == (made["invoice"], made["draft_invoice"])
    none = await marks(await house.organization())
    assert [none[mark] for mark in ("CUSTOMER", "VENDOR", "INVOICE", "DRAFT")] == [""] * 4
    named = {mark for name in NAMES for mark in re.findall(r"{{(\w+)}}", variables_of(name))}
    assert named <= found.keys()


def test_every_set_of_variables_has_its_document():
    given = {path.name.removesuffix(".variables.json") for path in FOLDER.glob("*.json")}
    assert given <= set(NAMES)
    assert {"organization_overview", "create_transaction", "general_ledger"} <= set(NAMES)
    assert {"create_invoice", "send_invoice", "record_invoice_payment"} <= set(NAMES)
