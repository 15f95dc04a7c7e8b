"""Arguments: of a field where it stands, made of its literals and of the request's variables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLNonNull,
    Undefined,
    VariableNode,
    is_required_argument,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

from schema.compiled.oddities import OddError

Given = Callable[[VariableValues], dict[str, Any]]
_Value = Callable[[VariableValues], Any]
_NO_VARIABLES = VariableValues({}, {})
_UNCHANGING = (str, int, float, bool, Enum, date, type(None))


class Arguments:
    """The arguments of a field at its place; `fixed` where no request changes them."""

    def __init__(self, field: GraphQLField, node: FieldNode) -> None:
        self._field = field
        self._node = node
        self.fixed: dict[str, Any] | None = None
        nodes = {argument.name.value: argument for argument in node.arguments or ()}
        self._values = [
            (argument.out_name or name, _value(argument, nodes.get(name)))
            for name, argument in field.args.items()
        ]
        if all(isinstance(value, _Fixed) for _, value in self._values):
            self.fixed = self(_NO_VARIABLES)

    def __call__(self, variables: VariableValues) -> dict[str, Any]:
        """The coerced values; the error of graphql-core when one of them is not right."""
        found = {}
        try:
            for name, make in self._values:
                value = make(variables)
                if value is not Undefined:
                    found[name] = value
        except OddError:
            return get_argument_values(self._field, self._node, variables)
        return found


class _Fixed:
    """A value that nobody can change, made once."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __call__(self, _variables: VariableValues) -> Any:
        return self._value


def _value(argument: GraphQLArgument, node: ArgumentNode | None) -> _Value:
    """What makes the value of one argument: `Undefined` when it is absent."""
    if node is None:
        return _absent(argument)
    if isinstance(node.value, VariableNode):
        return _variable(argument, node.value.name.value)
    value = coerce_input_literal(node.value, argument.type, _NO_VARIABLES)
    return _Fixed(value) if isinstance(value, _UNCHANGING) else _literal(argument, node)


def _absent(argument: GraphQLArgument) -> _Value:
    """The default, which graphql-core makes once too."""
    if is_required_argument(argument):
        return _odd
    try:
        value = coerce_default_value(argument)
    except TypeError:
        return _odd
    if value is Undefined or isinstance(value, _UNCHANGING):
        return _Fixed(value)
    return lambda _: value


def _odd(_variables: VariableValues) -> Any:
    raise OddError


def _variable(argument: GraphQLArgument, name: str) -> _Value:
    absent = _absent(argument)
    is_required = isinstance(argument.type, GraphQLNonNull)

    def value(variables: VariableValues) -> Any:
        if name not in variables.coerced:
            return absent(variables)
        found = variables.coerced[name]
        if found is None and is_required:
            raise OddError
        return found

    return value


def _literal(argument: GraphQLArgument, node: ArgumentNode) -> _Value:
    """A list or an object, new for each request: its receiver may do with it what it likes."""

    def value(variables: VariableValues) -> Any:
        found = coerce_input_literal(node.value, argument.type, variables)
        if found is Undefined:
            raise OddError
        return found

    return value
