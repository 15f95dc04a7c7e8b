"""Variables: checked and coerced by a plan made once.

The plan knows what nearly all requests send (`coercing`). Whatever else comes is odd, and then
graphql-core coerces all of them again: either it is right after all, or the error is its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
)
from graphql.execution.get_variable_signature import get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource
from graphql.utilities.coerce_input_value import coerce_default_value

from schema.compiled.coercing import Coerce, coercer
from schema.compiled.oddities import OddError, UncompilableError

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
    coerce = coercer(signature.type)
    return signature.name, signature, VariableValueSource(signature), coerce, default
