"""The documents that the playground offers: each runs as it stands, on real books."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from graphql import parse, validate

import schema
from ledger.templates import Template

FOLDER = Path(schema.__file__).parent / "documents"
NAMES = sorted(path.stem for path in FOLDER.glob("*.graphql"))


@pytest.mark.parametrize("name", NAMES)
async def test_a_document_runs_as_it_stands(house, name):
    document = (FOLDER / f"{name}.graphql").read_text(encoding="utf-8")
    assert validate(schema.core, parse(document)) == []
    books = await house.organization(template=Template.STANDARD)
    accounts = await books.accounts()
    given = FOLDER / f"{name}.variables.json"
    text = given.read_text(encoding="utf-8") if given.exists() else "{}"
    filled = {"{{TODAY}}": "2026-01-05", "{{ASSET}}": "1000", "{{REVENUE}}": "4000"}
    for mark, value in filled.items():
        text = text.replace(mark, accounts.get(value, value))
    answer = await books.ask(document, **json.loads(text))
    assert all(value is not None for value in answer.values())


def test_every_set_of_variables_has_its_document():
    given = {path.name.removesuffix(".variables.json") for path in FOLDER.glob("*.json")}
    assert given <= set(NAMES)
    assert {"organization_overview", "create_transaction", "general_ledger"} <= set(NAMES)
