"""The arguments of a field: what no request changes is made once, the rest in its place."""

from __future__ import annotations

from compiled.hard_types import types
from graphql import Undefined, parse
from graphql.execution.values import VariableValues, get_argument_values

import schema.compiled.arguments
from schema.compiled.arguments import Arguments

SCHEMA = types()
ECHO = SCHEMA.query_type.fields["echo"]


def arguments(text):
    """The arguments of the first field of a document, and its node."""
    node = parse(text).definitions[0].selection_set.selections[0]
    return Arguments(ECHO, node), node


def sent(**coerced):
    return VariableValues({}, coerced)


def test_arguments_that_no_request_changes_are_fixed():
    field = SCHEMA.type_map["Thing"].fields["tags"]
    node = parse("{ tags(most: 3) }").definitions[0].selection_set.selections[0]
    made = Arguments(field, node)
    assert repr(made.fixed) == repr(get_argument_values(field, node, sent()))
    assert made(sent()) is not made.fixed


def test_what_a_request_decides_stands_where_the_schema_has_it():
    made, node = arguments("query ($i: Int, $b: Boolean) { echo(b: $b, i: $i, f: 1.5) }")
    assert made.fixed is None
    for variables in (sent(i=1, b=True), sent(i=None), sent(b=False), sent()):
        expected = get_argument_values(ECHO, node, variables)
        assert repr(made(variables)) == repr(expected)


def test_what_one_request_was_given_is_not_seen_by_another():
    made, _ = arguments("query ($i: Int) { echo(i: $i, point: {x: 1, next: {y: 2}}) }")
    first = made(sent(i=1))
    first["point"]["next"]["y"] = 7
    first["else"] = 3
    second = made(sent())
    assert "i" not in second
    assert "else" not in second
    assert second["point"]["next"]["y"] == 2


def test_a_literal_without_variables_is_coerced_but_once(monkeypatch):
    made, node = arguments("{ echo(point: {x: 1, next: {x: 2}}, list: [1, 2]) }")
    expected = get_argument_values(ECHO, node, sent())
    monkeypatch.setattr(schema.compiled.arguments, "coerce_input_literal", refuse)
    assert repr(made(sent())) == repr(expected)


def test_a_literal_with_a_variable_anywhere_in_it_is_coerced_for_each_request():
    made, node = arguments("query ($x: Int) { echo(point: {x: 1, next: {y: $x}}, blob: [$x]) }")
    for variables in (sent(x=1), sent(x=2)):
        assert repr(made(variables)) == repr(get_argument_values(ECHO, node, variables))


def refuse(*_given):
    """Is not to be asked."""
    return Undefined
