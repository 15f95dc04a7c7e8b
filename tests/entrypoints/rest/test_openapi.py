"""OpenAPI and its page: valid, complete, its examples true, and no other host asked."""

from __future__ import annotations

import json
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from graphql import parse, validate
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from entrypoints.rest.docs_page import page
from entrypoints.rest.documents import documents
from entrypoints.rest.doors import all_doors, door, name_of
from entrypoints.rest.examples import bodies
from entrypoints.rest.openapi import openapi
from entrypoints.rest.own import OWN
from entrypoints.rest.routes import deprecation
from entrypoints.rest.table import TABLE, Row
from ledger.errors import Reason
from schema import core
from schema.cost import measure
from schema.limits import Limits, parse_document

SPEC = json.loads(json.dumps(openapi()))
OPERATIONS = [
    (path, method, operation)
    for path, item in SPEC["paths"].items()
    for method, operation in item.items()
]


def test_it_is_valid():
    assert list(OpenAPIV31SpecValidator(SPEC).iter_errors()) == []
    assert SPEC["openapi"] == "3.1.0"


def test_it_tells_of_every_row_and_of_every_operation_of_its_own():
    told = {(method.upper(), path) for path, method, _ in OPERATIONS}
    rows = {(row.method, row.whole_path) for row in TABLE}
    assert told == rows | {(own.method, own.path) for own in OWN}
    names = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    for path, method, operation in OPERATIONS:
        assert operation["summary"], (path, method)
        assert operation["tags"][0] in {tag["name"] for tag in SPEC["tags"]}
        assert {"400", "401", "404", "default"} <= operation["responses"].keys()


def test_what_it_says_of_an_operation_is_what_the_operation_says():
    found = SPEC["paths"]["/organizations/{organization_id}/transactions"]["post"]
    assert (found["x-scope"], found["x-credits"]) == ("write", 2)
    assert found["description"].startswith("Enter a transaction: debits equal credits.")
    names = {each["name"]: each["in"] for each in found["parameters"]}
    assert names["Idempotency-Key"] == "header"
    assert names["dry_run"] == "query"
    body = SPEC["components"]["schemas"]["CreateTransactionBody"]
    assert body["additionalProperties"] is False
    assert {"oneOf": [{"required": ["date"]}, {"required": ["transaction_date"]}]} in body["allOf"]
    assert {"not": {"required": ["reference", "reference_number"]}} in body["allOf"]
    changed = SPEC["paths"]["/organizations/{organization_id}/accounts/{id}"]["put"]
    assert "If-Match" in {each["name"] for each in changed["parameters"]}
    listed = SPEC["paths"]["/organizations/{organization_id}/accounts"]["get"]
    shown = {each["name"]: each["schema"] for each in listed["parameters"]}
    assert shown["limit"] == {"type": "integer", "minimum": 1, "maximum": 100, "default": 20}
    assert "-code" in shown["sort"]["enum"]
    codes = SPEC["components"]["schemas"]["Error"]["properties"]["error"]["properties"]["code"]
    assert codes["enum"] == [reason.slug for reason in Reason]


def test_every_body_has_an_example_and_every_example_is_of_its_schema():
    for path, method, operation in OPERATIONS:
        answers = [operation["responses"].get(status, {}) for status in ("200", "201")]
        contents = [
            each.get("content", {}) for each in (operation.get("requestBody", {}), *answers)
        ]
        for media in (each.get("application/json", {}) for each in contents):
            if "example" not in media:
                continue
            schema = {**media["schema"], "components": SPEC["components"]}
            problems = list(Draft202012Validator(schema).iter_errors(media["example"]))
            assert problems == [], (path, method, problems[0].message)
    written = {name_of(each) for each in all_doors() if each.row.method in {"POST", "PUT"}}
    assert bodies().keys() == written


@pytest.mark.parametrize("name", sorted(documents()))
def test_a_document_is_valid_and_within_all_limits_at_its_largest(name):
    document = parse_document(documents()[name].text, Limits())
    assert validate(core, document) == []
    measure(core, document, None, Limits()).check({"limit": 100})
    assert parse(documents()[name].text).definitions


class Links(HTMLParser):
    """What a page refers to, and which elements it has."""

    def __init__(self):
        super().__init__()
        self.tags, self.links, self.ids = set(), [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        given = dict(attrs)
        self.links += [given[name] for name in ("href", "src", "action") if name in given]
        self.ids.add(given.get("id"))


async def test_the_page_can_be_read_without_a_script_and_without_another_host(house):
    answer = await house.http.get("/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    read = Links()
    read.feed(answer.text)
    assert not read.tags & {"script", "link", "img", "iframe", "form"}
    assert not [link for link in read.links if re.match("(https?:)?//", link)]
    assert "style=" not in answer.text
    for _, _, operation in OPERATIONS:
        assert f"#{operation['operationId']}" in read.links
        assert operation["operationId"] in read.ids
    known = await house.http.get("/docs", headers={"If-None-Match": answer.headers["etag"]})
    assert known.status_code == 304
    spec = await house.http.get("/openapi.json")
    assert spec.json() == SPEC


def test_what_stands_in_the_page_is_text():
    spec = json.loads(json.dumps(SPEC))
    operation = spec["paths"]["/currencies"]["get"]
    operation["summary"] = operation["description"] = "<script>alert(1)</script>"
    operation["parameters"][0]["description"] = "`<b>` & co"
    shown = page(spec)
    assert "<script>" not in shown
    assert "<code>&lt;b&gt;</code> &amp; co" in shown


def test_a_row_that_is_going_away_says_so(monkeypatch):
    row = Row(
        "GET",
        "/currencies",
        "ListCurrencies",
        deprecated=date(2026, 1, 1),
        sunset=date(2027, 1, 1),
    )
    assert deprecation(row) == {
        "deprecation": "@1767225600",
        "sunset": "Fri, 01 Jan 2027 00:00:00 GMT",
    }
    assert deprecation(TABLE[0]) == {}
    old = door(row, documents()["ListCurrencies"])
    monkeypatch.setattr("entrypoints.rest.openapi.all_doors", lambda: [old])
    shown = openapi()["paths"]["/currencies"]["get"]
    assert shown["deprecated"] is True
    assert "<em>deprecated</em>" in page(openapi())
