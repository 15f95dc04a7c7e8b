"""Arguments: of a field where it stands, made of its literals and of the request's variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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
    ValueNode,
    VariableNode,
    Visitor,
    is_required_argument,
    visit,
)
from graphql.execution.values import VariableValues, get_argument_values
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_literal

from schema.compiled.oddities import OddError

_Value = Callable[[VariableValues], Any]
_NO_VARIABLES = VariableValues({}, {})
_UNCHANGING = (str, int, float, bool, Enum, date, type(None))


class Arguments:
    """The arguments of a field at its place; `fixed` where no request changes them."""

    def __init__(self, field: GraphQLField, node: FieldNode) -> None:
        self._field = field
        self._node = node
        nodes = {argument.name.value: argument for argument in node.arguments or ()}
        values = {
            argument.out_name or name: _value(argument, nodes.get(name))
            for name, argument in field.args.items()
        }
        self._open = [(name, v) for name, v in values.items() if not isinstance(v, _Fixed)]
        # Those that are open hold their places: arguments come in the order of the schema.
        self._given = {
            name: value.value if isinstance(value, _Fixed) else None
            for name, value in values.items()
            if not (isinstance(value, _Fixed) and value.value is Undefined)
        }
        self.fixed: dict[str, Any] | None = None if self._open else self._given

    def __call__(self, variables: VariableValues) -> dict[str, Any]:
        """The coerced values; the error of graphql-core when one of them is not right."""
        found = self._given.copy()
        try:
            for name, make in self._open:
                value = make(variables)
                if value is Undefined:
                    del found[name]
                else:
                    found[name] = value
        except OddError:
            return get_argument_values(self._field, self._node, variables)
        return found


@dataclass(frozen=True, slots=True)
class _Fixed:
    """A value that nobody can change, made once; `Undefined` for none."""

    value: Any

    def __call__(self, _variables: VariableValues) -> Any:
        return self.value


def _value(argument: GraphQLArgument, node: ArgumentNode | None) -> _Value:
    """What makes the value of one argument: `Undefined` when it is absent."""
    if node is None:
        return _absent(argument)
    if isinstance(node.value, VariableNode):
        return _variable(argument, node.value.name.value)
    value = coerce_input_literal(node.value, argument.type, _NO_VARIABLES)
    if isinstance(value, _UNCHANGING):
        return _Fixed(value)
    is_whole = not _has_variables(node.value) and _is_plain(value)
    return _copies(value) if is_whole else _literal(argument, node)


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
        found = variables.coerced.get(name, Undefined)
        if found is Undefined:
            return absent(variables)
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


def _copies(value: Any) -> _Value:
    """The same for a list or an object without variables, which is coerced but once."""
    return lambda _: _copy(value)


def _copy(value: Any) -> Any:
    if type(value) is dict:
        return {name: _copy(member) for name, member in value.items()}
    return [_copy(item) for item in value] if type(value) is list else value


def _is_plain(value: Any) -> bool:
    """Whether nothing is in a value but lists, objects, and what nobody can change."""
    if type(value) is dict:
        return all(map(_is_plain, value.values()))
    if type(value) is list:
        return all(map(_is_plain, value))
    return isinstance(value, _UNCHANGING)


def _has_variables(node: ValueNode) -> bool:
    found = _Variables()
    visit(node, found)
    return found.are_there


class _Variables(Visitor):
    """Looks for variables in a value."""

    def __init__(self) -> None:
        super().__init__()
        self.are_there = False

    def enter_variable(self, *_: Any) -> None:
        """Note that there is one."""
        self.are_there = True
