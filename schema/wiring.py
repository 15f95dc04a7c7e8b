"""Wiring: the resolvers that run, in place of the longer ones that the framework makes.

Strawberry describes the schema; what a field does when it is asked is ours. A root field runs
its operation, a batched field hands out what was loaded, any other reads an attribute.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema
from strawberry.types.field import StrawberryField

from ledger.errors import LedgerError
from schema.loading import BatchedField, place_of, steps_of
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
        return Operated(declared)
    if isinstance(declared, BatchedField):
        return Loaded()
    if isinstance(declared, StrawberryField) and declared.is_basic_field:
        return Attribute(declared.python_name)
    return field.resolve


@dataclass(frozen=True, slots=True)
class Operated:
    """Resolves a root field: runs its operation."""

    declared: OperationField

    def __call__(self, _root: object, info: GraphQLResolveInfo[Any], **values: Any) -> Any:
        """The operation at work."""
        given = self.declared.converted(values)
        return self.declared.run(info.context, steps_of(info), values, **given)


@dataclass(frozen=True, slots=True)
class Loaded:
    """Resolves a batched field: hands out what was loaded."""

    def __call__(self, node: Any, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
        """The value at the field's place, or why there is none."""
        value = node.loaded[place_of(info.field_nodes)]
        if isinstance(value, LedgerError):
            raise value
        return value


@dataclass(frozen=True, slots=True)
class Attribute:
    """Resolves any other field: reads an attribute."""

    name: str

    def __call__(self, node: Any, _info: object) -> Any:
        """The attribute's value."""
        return getattr(node, self.name)
