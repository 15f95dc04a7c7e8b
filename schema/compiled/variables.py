"""Variables: checked and coerced by a plan made once.

The plan knows what nearly all requests send. Whatever else comes is odd, and then graphql-core
coerces all of them again: either it is right after all, or the error is graphql-core's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLID,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    GraphQLString,
    OperationDefinitionNode,
    Undefined,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, input_is_nested_too_deeply
from graphql.type.scalars import GRAPHQL_MAX_INT, GRAPHQL_MIN_INT
from graphql.utilities.coerce_input_value import coerce_default_value, coerce_input_value

from schema.compiled.oddities import OddError, UncompilableError

Coerce = Callable[[Any], Any]
Rule = tuple[str, Any, VariableValueSource, Coerce, Any]


class Variables:
    """The variables of one operation."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode) -> None:
        self._rules = [_rule(schema, node) for node in operation.variable_definitions or ()]

    def __call__(self, given: Mapping[str, Any]) -> VariableValues:
        """The variables as graphql-core would coerce them; an exception when it must."""
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for name, signature, absent, coerce, default in self._rules:
            value = given.get(name, Undefined)
            if value is not Undefined:
                sources[name] = VariableValueSource(signature, value)
                coerced[name] = coerce(value)
                continue
            sources[name] = absent
            if default is not Undefined:
                coerced[name] = default
            elif isinstance(signature.type, GraphQLNonNull):
                raise OddError
        return VariableValues(sources, coerced)


def _rule(schema: GraphQLSchema, node: Any) -> Rule:
    signature = get_variable_signature(schema, node)
    if isinstance(signature, GraphQLError):
        raise UncompilableError
    try:
        default = coerce_default_value(signature)
    except Exception as error:
        raise UncompilableError from error
    kind = signature.type
    coerce = _careful(kind) if _is_endless(kind) else _coercer(kind)
    return signature.name, signature, VariableValueSource(signature), coerce, default


def _coercer(kind: GraphQLInputType) -> Coerce:
    """The function that coerces values of a type."""
    if isinstance(kind, GraphQLNonNull):
        return _required(_nullable(kind.of_type))
    return _optional(_nullable(kind))


def _nullable(kind: Any) -> Coerce:
    if isinstance(kind, GraphQLList):
        return _list(_coercer(kind.of_type))
    if isinstance(kind, GraphQLInputObjectType):
        return _whole(kind) if kind.is_one_of else _object(kind)
    return _EXACT.get(kind.coerce_input_value) or _leaf(kind)


def _required(coerce: Coerce) -> Coerce:
    def required(value: Any) -> Any:
        if value is None:
            raise OddError
        return coerce(value)

    return required


def _optional(coerce: Coerce) -> Coerce:
    return lambda value: None if value is None else coerce(value)


def _list(coerce: Coerce) -> Coerce:
    def items(value: Any) -> Any:
        if type(value) is not list:
            raise OddError
        return [coerce(item) for item in value]

    return items


def _string(value: Any) -> Any:
    if type(value) is str:
        return value
    raise OddError


def _int(value: Any) -> Any:
    if type(value) is int and GRAPHQL_MIN_INT <= value <= GRAPHQL_MAX_INT:
        return value
    raise OddError


_EXACT: dict[Any, Coerce] = {
    GraphQLString.coerce_input_value: _string,
    GraphQLID.coerce_input_value: _string,
    GraphQLInt.coerce_input_value: _int,
}


def _leaf(kind: Any) -> Coerce:
    def leaf(value: Any) -> Any:
        coerced = kind.coerce_input_value(value)
        if coerced is Undefined:
            raise OddError
        return coerced

    return leaf


def _object(kind: GraphQLInputObjectType) -> Coerce:
    names = kind.fields.keys()
    rules = [
        (name, field.out_name or name, _coercer(field.type), _default(field))
        for name, field in kind.fields.items()
    ]
    made = kind.out_type

    def members(value: Any) -> Any:
        if type(value) is not dict or not value.keys() <= names:
            raise OddError
        found = {}
        for name, out_name, coerce, default in rules:
            if name in value:
                found[out_name] = coerce(value[name])
            elif default is OddError:
                raise OddError
            elif default is not Undefined:
                found[out_name] = default
        return made(found)

    return members


def _default(field: GraphQLInputField) -> Any:
    """A field's value where it is not given: `Undefined` for none, `OddError` if it must be."""
    try:
        default = coerce_default_value(field)
    except Exception as error:
        raise UncompilableError from error
    is_required = default is Undefined and isinstance(field.type, GraphQLNonNull)
    return OddError if is_required else default


def _whole(kind: GraphQLInputType) -> Coerce:
    def whole(value: Any) -> Any:
        coerced = coerce_input_value(value, kind)
        if coerced is Undefined:
            raise OddError
        return coerced

    return whole


def _careful(kind: GraphQLInputType) -> Coerce:
    coerce = _whole(kind)

    def shallow(value: Any) -> Any:
        if input_is_nested_too_deeply(value, kind):
            raise OddError
        return coerce(value)

    return shallow


def _is_endless(kind: Any, around: tuple[Any, ...] = ()) -> bool:
    """Whether values of a type may be nested to any depth: some type in it holds itself."""
    while isinstance(kind, GraphQLNonNull | GraphQLList):
        kind = kind.of_type
    if not isinstance(kind, GraphQLInputObjectType):
        return False
    return kind in around or any(
        _is_endless(field.type, (*around, kind)) for field in kind.fields.values()
    )
