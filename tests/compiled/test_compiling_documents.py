"""What is compiled and what is not, and how often graphql-core still has to look."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from graphql import (
    GraphQLField,
    GraphQLString,
    build_schema,
    execute_sync,
    parse,
)

from schema import core
from schema.compiled import compile_operation
from schema.compiled.source import Source

SDL = """
type Query {
  name: String  must: String!  cell: Cell  cells: [Cell!]  any: Any
  given(of: [Int!], at: Int): String
}
type Cell { id: ID!  text: String!  deep: Cell  told(x: Int): Int }
type Other { other: Int }
union Any = Cell | Other
type Subscription { name: String }
"""

DASHBOARD = Path(__file__).parents[2] / "bench" / "dashboard.graphql"


@pytest.fixture
def schema():
    return build_schema(SDL)


def compiled(schema, text, name=None):
    return compile_operation(schema, parse(text), name)


def odd(operation):
    """How often graphql-core had to look at values, by the keys of their fields."""
    return sum((program.odd for program in operation.programs.values()), Counter())


@pytest.mark.parametrize(
    "text",
    [
        "{ __schema { types { name } } }",
        '{ name __type(name: "Cell") { name } }',
        "subscription { name }",
        "{ name @later }",
        "query @experimental_disableErrorPropagation { name }",
        "query A { name } query B { name }",
        "fragment F on Cell { id }",
    ],
)
def test_graphql_core_keeps_what_cannot_be_compiled(schema, text):
    assert compiled(schema, text) is None


def test_one_of_several_operations_is_compiled_by_its_name(schema):
    text = "query A { name } query B { must }"
    assert compiled(schema, text, "C") is None
    operation = compiled(schema, text, "B")
    assert operation(None, {}, {"must": "x"}).data == {"must": "x"}


def test_fragments_that_grow_without_end_are_not_written_out(schema):
    levels = 14
    fragments = [
        f"fragment F{n} on Cell {{ a: deep {{ ...F{n + 1} }} b: deep {{ ...F{n + 1} }} }}"
        for n in range(levels)
    ]
    last = f"fragment F{levels} on Cell {{ id }}"
    assert compiled(schema, "{ cell { ...F0 } }" + "".join(fragments) + last) is None


def test_a_document_that_nests_too_deeply_for_python_is_not_compiled(schema):
    levels = 70
    assert compiled(schema, "{ cell {" + "deep {" * levels + "id" + "}" * levels + "} }") is None


def test_no_text_of_a_caller_becomes_source(schema, monkeypatch):
    written, add = [], Source.add

    def noted(self, lines):
        written.extend(lines)
        add(self, lines)

    monkeypatch.setattr(Source, "add", noted)
    text = '{ import: cell { exec: id told(x: 667788) } given(of: [998877], at: 1) # "); evil\n }'
    assert compiled(schema, text) is not None
    source = "\n".join(written)
    assert "'exec': v" in source
    for other in ("667788", "998877", "evil", "import"):
        assert other not in source


def test_the_straight_way_never_asks_graphql_core(schema):
    operation = compiled(schema, "{ name cells { id text deep { id } told } __typename }")
    cell = {"id": "1", "text": "a", "deep": None, "told": 3}
    root = {"name": None, "cells": [cell, cell | {"deep": {"id": 2}}]}
    answer = operation(None, {}, root)
    assert answer.errors is None
    assert answer.data == {
        "name": None,
        "cells": [
            {"id": "1", "text": "a", "deep": None, "told": 3},
            {"id": "1", "text": "a", "deep": {"id": "2"}, "told": 3},
        ],
        "__typename": "Query",
    }
    assert odd(operation) == {}


def test_only_the_field_in_trouble_is_looked_at_again(schema):
    operation = compiled(schema, "{ cell { text } cells { id } }")
    answer = operation(None, {}, {"cell": {"text": None}, "cells": [{"id": "1"}]})
    assert answer.data == {"cell": None, "cells": [{"id": "1"}]}
    [error] = answer.errors
    assert error.message == "Cannot return null for non-nullable field Cell.text."
    assert error.path == ["cell", "text"]
    assert odd(operation) == {"cell": 1}


def test_a_resolver_is_asked_once_though_its_value_is_looked_at_twice(schema):
    asked = []

    def told(source, info, x=0):
        asked.append((source["id"], x, info.path.as_list()))
        if source["id"] == "2":
            raise ValueError("No.")
        return source["told"]

    schema.type_map["Cell"].fields["told"].resolve = told
    operation = compiled(schema, "{ cells { told(x: 5) text } }")
    good, bad = {"id": "1", "told": 7, "text": "a"}, {"id": "2", "text": "b"}
    answer = operation(None, {}, {"cells": [good, bad, good]})
    assert [(each["told"], each["text"]) for each in answer.data["cells"]] == [
        (7, "a"),
        (None, "b"),
        (7, "a"),
    ]
    assert [(error.message, error.path) for error in answer.errors] == [
        ("No.", ["cells", 1, "told"])
    ]
    assert asked == [(key, 5, ["cells", n, "told"]) for n, key in enumerate("121")]
    assert odd(operation) == {"cells": 1}


def test_a_choice_of_directives_is_a_program_of_its_own(schema):
    names = "abcd"
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: name @include(if: ${name})" for name in names)
    operation = compiled(schema, f"query ({declared}) {{ {fields} }}")
    for number in range(2**4):
        chosen = {name: bool(number >> at & 1) for at, name in enumerate(names)}
        answer = operation(None, chosen, {"name": "x"})
        assert answer.data == {name: "x" for name in names if chosen[name]}
    assert len(operation.programs) == 8, "the others were executed by graphql-core"


def test_a_list_in_a_document_is_new_for_every_request(schema):
    taken = []
    schema.query_type.fields["given"].resolve = lambda _root, _info, of: taken.append(of) or "x"
    operation = compiled(schema, "{ given(of: [1, 2]) }")
    operation(None, {}, None)
    taken[0].append(3)
    operation(None, {}, None)
    assert taken == [[1, 2, 3], [1, 2]]


def test_wrong_variables_are_refused_in_the_words_of_graphql_core(schema):
    text = "query ($at: Int!) { given(at: $at) }"
    operation = compiled(schema, text)
    for wrong in ({}, {"at": "1"}, {"at": None}, {"at": 2**40}):
        expected = execute_sync(schema, parse(text), variable_values=wrong)
        answer = operation(None, wrong, None)
        assert answer.data is None
        assert [str(error) for error in answer.errors] == [str(error) for error in expected.errors]
    assert operation(None, {"at": 1.0}, {"given": "x"}).data == {"given": "x"}


async def test_a_resolver_that_promises_to_wait_is_waited_for(schema):
    async def slow():
        return "b"

    schema.query_type.fields["given"] = GraphQLField(GraphQLString, resolve=lambda *_: slow())
    answer = await compiled(schema, "{ name given }")(None, {}, {"name": "a"})
    assert answer.data == {"name": "a", "given": "b"}


def test_the_dashboard_is_compiled_whole():
    operation = compiled(core, DASHBOARD.read_text(encoding="utf-8"))
    assert operation is not None
    [program] = operation.programs.values()
    assert len(program.entries) == 1
    assert len(program.roots) == 1
