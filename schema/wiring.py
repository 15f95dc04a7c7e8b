"""Wiring: the resolvers that run, in place of the longer ones that the framework makes.

Strawberry describes the schema; what a field does when it is asked is ours. A root field runs
its operation, a batched field hands out what was loaded, any other reads an attribute.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema
from strawberry.types.field import StrawberryField

from ledger.errors import LedgerError
from schema.arguments import converter
from schema.loading import BatchedField, place_of
from schema.operation import OperationField

Resolve = Callable[..., Any]


def wire(core: GraphQLSchema) -> None:
    """Give every field of the schema its resolver."""
    for named in core.type_map.values():
        if isinstance(named, GraphQLObjectType) and not named.name.startswith("__"):
            for field in named.fields.values():
                field.resolve = _resolver(field)


def _resolver(field: GraphQLField) -> Resolve | None:
    declared = field.extensions.get("strawberry-definition")
    if isinstance(declared, OperationField):
        return _operation(declared)
    if isinstance(declared, BatchedField):
        return _loaded
    if isinstance(declared, StrawberryField) and declared.is_basic_field:
        return _attribute(declared.python_name)
    return field.resolve


def _operation(declared: OperationField) -> Resolve:
    run, convert = declared.run, converter(declared)

    def resolve(_root: object, info: GraphQLResolveInfo[Any], **values: Any) -> Any:
        return run(info, values, **convert(values))

    return resolve


def _loaded(node: Any, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
    value = node.loaded[place_of(info.field_nodes)]
    if isinstance(value, LedgerError):
        raise value
    return value


def _attribute(name: str) -> Resolve:
    def resolve(node: Any, _info: object) -> Any:
        return getattr(node, name)

    return resolve
