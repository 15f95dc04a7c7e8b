"""Leaves: how values of scalars and enums are written into an answer.

Each leaf has a `test` that is true of values which are not written as they are, and `written`,
which writes any value by graphql-core's own rules, or finds it odd.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLLeafType,
    GraphQLString,
    Undefined,
)
from graphql.type.scalars import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT
from strawberry.types.scalar import identity

from schema.compiled.oddities import OddError, require_value

Write = Callable[[Any], Any]

_TESTS: dict[Any, str] = {
    GraphQLString.coerce_output_value: "type({0}) is not str",
    GraphQLID.coerce_output_value: "type({0}) is not str",
    GraphQLBoolean.coerce_output_value: "{0} is not True and {0} is not False",
    GraphQLInt.coerce_output_value: (
        f"type({{0}}) is not int or not {GRAPHQL_MIN_INT} <= {{0}} <= {GRAPHQL_MAX_INT}"
    ),
    identity: "type({0}) is not str and type({0}) is not dict",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """How a leaf is written. An enum has the `names` of its values, by the values' identity."""

    written: Write
    test: str | None = None
    names: dict[int, str] = field(default_factory=dict)


def leaf_of(kind: GraphQLLeafType) -> Leaf:
    """How values of a scalar or an enum are written."""
    written = _written(kind)
    if isinstance(kind, GraphQLEnumType):
        return Leaf(written, names=_names(kind, written))
    return Leaf(written, _TESTS.get(kind.coerce_output_value))


def _written(kind: GraphQLLeafType) -> Write:
    def written(value: Any) -> Any:
        require_value(value)
        coerced = kind.coerce_output_value(value)
        if coerced is None or coerced is Undefined:
            raise OddError
        return coerced

    return written


def _names(kind: GraphQLEnumType, written: Write) -> dict[int, str]:
    """The names by the identity of their values, which live as long as the enum does."""
    found: dict[int, str] = {}
    for each in kind.values.values():
        try:
            member = _member(kind, each.value)
            found |= {id(value): written(value) for value in (each.value, member)}
        except Exception:  # noqa: BLE001, S112  what cannot be written is odd when it comes
            continue
    return found


def _member(kind: GraphQLEnumType, value: Any) -> Any:
    """The Python enum's own member for a value, where there is one: our nodes hold members."""
    members = getattr(kind, "wrapped_cls", None)
    return value if members is None else members(value)
