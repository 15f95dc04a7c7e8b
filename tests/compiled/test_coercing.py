"""What is written to coerce the values of a type does as graphql-core does, or finds them odd."""

from __future__ import annotations

import pytest
from compiled.hard_types import types
from graphql import parse_type, type_from_ast
from graphql.execution.values import MAX_NESTING_DEPTH
from graphql.utilities.coerce_input_value import coerce_input_value

from schema.compiled.coercing import coercer
from schema.compiled.oddities import OddError

SCHEMA = types()
POINT = {"x": 1, "y": None, "label": "a", "next": {"x": 2}}
BOX = {
    "at": {"x": 5},
    "color": "RED",
    "moods": ["WILD"],
    "sizes": [[1], None],
    "anything": {"a": 1},
}
STRAIGHT = {
    "Int": [1, -(2**31), None],
    "Int!": [0],
    "String!": ["", "text"],
    "ID": ["a1", None],
    "Boolean!": [True, False],
    "Float": [1.5, 2, None],
    "Color": ["RED", None],
    "Mood!": ["CALM"],
    "Shout!": ["hey"],
    "[Int!]": [[], [1, 2], None],
    "[[Int]!]!": [[[1, None], []]],
    "[Mood!]!": [["CALM", "WILD"]],
    "PointInput": [{}, POINT, None],
    "BoxInput!": [BOX, {"at": {}}],
    "[BoxInput]": [[BOX, None]],
    "ChoiceInput": [{"number": 1}, {"at": {"x": 1}}, None],
}
"""Values that need no second look, by the type that they are of."""

ODD = {
    "Int": [2**31, 1.0, "1", True],
    "Int!": [None],
    "String": [1, ["a"]],
    "ID!": [1, None],
    "Boolean": ["true", 0],
    "Color": ["PINK", 1, ["RED"]],
    "Mood!": [None, "calm"],
    "Shout": ["whisper", 5],
    "Shout!": [None],
    "[Int!]": [1, [None], "ab", {"a": 1}],
    "[[Int]!]!": [None, [None], [1]],
    "PointInput": [{"z": 1}, {"x": None}, [], {"next": {"next": {"y": "1"}}}],
    "BoxInput": [{}, {"at": None}, {"at": {}, "moods": ["CALM", None]}],
    "ChoiceInput!": [None],
    "[ChoiceInput!]": [[None]],
    "PointInput!": [None],
    "Boolean!": [None],
    "ChoiceInput": [{}, {"number": None}, {"number": 1, "text": "a"}],
}
"""Values that graphql-core refuses, or makes something else of."""


def kind_of(text):
    return type_from_ast(SCHEMA, parse_type(text))


def shown(value):
    """A value with the types in it, and the order of its members."""
    return repr(value)


@pytest.mark.parametrize("text", STRAIGHT)
def test_what_nearly_everybody_sends_is_coerced_as_graphql_core_does(text):
    kind = kind_of(text)
    for value in STRAIGHT[text]:
        assert shown(coercer(kind)(value)) == shown(coerce_input_value(value, kind))


@pytest.mark.parametrize("text", ODD)
def test_whatever_else_is_sent_is_odd(text):
    for value in ODD[text]:
        with pytest.raises(Exception):  # noqa: B017, PT011  any will do: graphql-core looks again
            coercer(kind_of(text))(value)


def test_whoever_gets_lists_and_objects_may_change_them():
    kind, sent = kind_of("[PointInput]"), [{"next": {"x": 1}}]
    first = coercer(kind)(sent)
    first[0]["next"]["x"] = 7
    first.append(None)
    assert sent == [{"next": {"x": 1}}]
    assert coercer(kind)(sent)[0]["next"]["x"] == 1


def test_a_type_has_its_code_written_once_whatever_the_document():
    assert coercer(kind_of("[BoxInput!]!")) is coercer(kind_of("[BoxInput!]!"))
    assert coercer(kind_of("[BoxInput!]!")) is not coercer(kind_of("[BoxInput!]"))


def test_another_schema_has_code_of_its_own_for_a_type_of_the_same_name():
    other = type_from_ast(types(), parse_type("BoxInput"))
    assert coercer(other) is not coercer(kind_of("BoxInput"))


def test_what_is_nested_more_deeply_than_graphql_core_takes_is_odd():
    kind, value = kind_of("PointInput"), {"x": 1}
    for _ in range(MAX_NESTING_DEPTH - 1):
        value = {"next": value}
    assert shown(coercer(kind)(value)) == shown(coerce_input_value(value, kind))
    with pytest.raises(OddError):
        coercer(kind)({"next": value})
