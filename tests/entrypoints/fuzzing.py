"""What schemathesis is told of this service; `SCHEMATHESIS_HOOKS` names it to its command line.

Values that are drawn by chance are refused nearly always. So every other request that should be
good is given a body that is known to be, and ids that exist: `CRANE_FUZZ_KNOWN` tells them.

In GraphQL it takes every error at a field for a crash of the server, while that is how a request
is refused there. Two checks stand in for its own one: an error is one of the closed list of
reasons, and never `internal`; and what is answered is of the types of the schema.
"""

from __future__ import annotations

import json
import os
import zlib
from functools import cache
from pathlib import Path

import schemathesis
from graphql import build_schema, execute, parse, parse_value
from hypothesis import strategies as st
from schemathesis.graphql import nodes

from entrypoints.rest.examples import bodies, filled
from ledger.errors import Reason

KNOWN = json.loads(os.environ.get("CRANE_FUZZ_KNOWN", "{}"))
WORDS = {
    "accounts": "account",
    "transactions": "plan",
    "contacts": "customer",
    "invoices": "draft_invoice",
    "bills": "draft_bill",
    "credit-notes": "draft_credit_note",
    "payments": "payment",
    "items": "item",
    "taxes": "tax_rate",
    "categories": "category",
    "attachments": "attachment",
    "jobs": "job",
}
"""What an id in a path is of, by the step before it."""

SDL = Path(__file__).parents[2] / "schema" / "schema.graphql"
DAYS = st.dates().map(str) | st.sampled_from(
    ["2026-01-05", "2026-02-30", "", "2026-01-05T10:00:00Z"]
)
AMOUNTS = st.decimals(0, 10**6, places=2).map(str) | st.text(max_size=8)
CODES = {reason.slug: reason.code.value for reason in Reason}
SERVER_ERROR = 500


def _object(value):
    return parse_value("{" + " ".join(f"{key}: {each}" for key, each in value.items()) + "}")


for scalar, values in {
    "Date": DAYS.map(nodes.String),
    "DateTime": (DAYS | st.datetimes().map(lambda at: f"{at.isoformat()}Z")).map(nodes.String),
    "Decimal": AMOUNTS.map(nodes.String) | st.integers(-9, 10**16).map(nodes.Int),
    "Json": st.dictionaries(st.sampled_from("abc"), st.integers(), max_size=2).map(_object),
}.items():
    schemathesis.graphql.scalar(scalar, values)


@schemathesis.hook
def before_call(_context, case, **_more):
    """Give every other request that should be good what is known to be."""
    lot = zlib.crc32(repr((case.operation.label, case.body)).encode())
    if case.meta is None or case.meta.generation.mode.is_negative or lot % 2:
        return
    if not KNOWN or isinstance(case.body, str):  # a document of GraphQL
        return
    name = case.operation.definition.raw["operationId"]
    known = bodies().get(name[0].upper() + name[1:])
    if known is not None:
        case.body = filled(known, KNOWN)
        if "code" in known:
            case.body["code"] = f"F-{lot}"
    (case.headers or {}).pop("If-Match", None)
    word = WORDS.get(case.path.partition("/{id}")[0].rpartition("/")[2])
    if word is not None and "{id}" in case.path and case.meta.phase.name.value != "stateful":
        case.path_parameters["id"] = KNOWN[word]


@schemathesis.check
def graphql_refusals_are_coded(_context, response, _case):
    """Each error has a reason of the list, and its class; none is unforeseen."""
    assert response.status_code < SERVER_ERROR
    for error in response.json().get("errors", ()):
        assert error["message"]
        more = error["extensions"]
        assert CODES[more["reason"]] == more["code"]
        assert more["reason"] != "internal"


@schemathesis.check
def graphql_answers_are_of_the_schema(_context, response, case):
    """What is answered has every field that was asked for, of its type, and nothing else."""
    data = response.json().get("data")
    if data is None:
        return
    found = execute(
        _schema(),
        parse(case.body),
        data,
        field_resolver=lambda source, info, **_: source[info.path.key],
        type_resolver=_type_of,
    )
    assert found.errors is None
    assert found.data == data


@cache
def _schema():
    return build_schema(SDL.read_text(encoding="utf-8"))


def _type_of(value, info, abstract):
    """Of which type an answer is: the one that has just these fields asked for."""
    for kind in info.schema.get_possible_types(abstract):
        asked = {
            (field.alias or field.name).value
            for node in info.field_nodes
            for each in node.selection_set.selections
            for field in _fields(each, kind)
        }
        if asked == value.keys():
            return kind.name
    return None


def _fields(selection, kind):
    if selection.kind == "field":
        return [selection]
    on = selection.type_condition
    if on is not None and on.name.value not in {kind.name, *(i.name for i in kind.interfaces)}:
        return []
    return [field for each in selection.selection_set.selections for field in _fields(each, kind)]
