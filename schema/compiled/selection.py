"""What a document selects, worked out before anything runs: a tree of fields at their places.

graphql-core's own functions collect the fields, so their order and what is merged are its own.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLAbstractType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
    is_object_type,
)
from graphql.execution.collect_fields import (
    CollectedFields,
    FieldDetailsList,
    FragmentDetails,
    GroupedFieldSet,
    collect_fields,
    collect_subfields,
)
from graphql.execution.executor import default_field_resolver
from graphql.execution.values import VariableValues
from graphql.type import SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef

from schema.compiled.oddities import UncompilableError
from schema.wiring import Attribute, Loaded, Operated

Subfields = dict[tuple[GraphQLObjectType, int], tuple[FieldDetailsList, CollectedFields]]
"""What is selected below fields, as graphql-core remembers it while it executes."""


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """A field at its place; `below` are the fields of each type that its value may have.

    One that `is_called` has a resolver of its own, one that `is_awaited` an asynchronous one; one
    that `is_ready` has none such below it, so its value can be completed without waiting. One that
    `has_checks` is asked for the type of its value. Where a value `is_tracked`, and where its items
    are, it is known at which path they stand, because something at or below them must be told.
    """

    key: str
    details: FieldDetailsList
    field: GraphQLField
    parent: GraphQLObjectType
    below: dict[GraphQLObjectType, list[Selected]]
    is_called: bool
    is_awaited: bool
    is_ready: bool
    has_checks: bool
    is_tracked: bool
    has_tracked_items: bool

    @property
    def nodes(self) -> list[FieldNode]:
        """The field's nodes in the document."""
        return [details.node for details in self.details]


class Selection:
    """All that one operation selects, for one choice of its directives' variables.

    `left` is how many fields more could be written out, fragments wherever they are spread.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        variables: VariableValues,
        left: int,
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._variables = variables
        self.left = left
        self.fragments = {name: FragmentDetails(node) for name, node in fragments.items()}
        self.subfields: Subfields = {}
        root = schema.get_root_type(operation.operation)
        if root is None:
            raise UncompilableError
        self.root_type = root
        self.grouped: GroupedFieldSet = collect_fields(
            schema, self.fragments, variables, root, operation
        ).grouped_field_set
        self.roots = self._fields(root, self.grouped)

    def _fields(self, parent: GraphQLObjectType, grouped: GroupedFieldSet) -> list[Selected]:
        return [self._field(parent, key, details) for key, details in grouped.items()]

    def _field(self, parent: GraphQLObjectType, key: str, details: FieldDetailsList) -> Selected:
        self.left -= 1
        field = self._schema.get_field(parent, details[0].node.name.value)
        is_meta = field is SchemaMetaFieldDef or field is TypeMetaFieldDef
        if self.left < 0 or field is None or is_meta:
            raise UncompilableError
        named = get_named_type(field.type)
        below = {each: self._below(each, details) for each in self._types(named)}
        children = [child for children in below.values() for child in children]
        is_called = has_own(field.resolve)
        has_checks = _has_checks(named, below)
        has_tracked_items = any(child.is_tracked for child in children)
        return Selected(
            key,
            details,
            field,
            parent,
            below,
            is_called,
            _is_awaited(field),
            all(child.is_ready and not child.is_awaited for child in children),
            has_checks,
            is_called or has_checks or has_tracked_items,
            has_tracked_items,
        )

    def _types(self, named: Any) -> Iterator[GraphQLObjectType]:
        if is_object_type(named):
            yield named
        elif is_abstract_type(named):
            yield from self._schema.get_possible_types(named)

    def _below(self, kind: GraphQLObjectType, details: FieldDetailsList) -> list[Selected]:
        collected = collect_subfields(
            self._schema, self.fragments, self._variables, self._operation, kind, details
        )
        self.subfields[kind, id(details)] = (details, collected)
        return self._fields(kind, collected.grouped_field_set)


def has_own(resolve: Any) -> bool:
    """Whether a resolver is one that somebody wrote for its field alone."""
    if resolve is default_field_resolver or resolve is TypeNameMetaFieldDef.resolve:
        return False
    return resolve is not None and not isinstance(resolve, Attribute | Loaded)


def _is_awaited(field: GraphQLField) -> bool:
    return isinstance(field.resolve, Operated) or inspect.iscoroutinefunction(field.resolve)


def class_of(kind: GraphQLObjectType) -> type | None:
    """The class whose own instances are surely of an object type, if there is one."""
    declared = kind.extensions.get("strawberry-definition")
    if declared is None or declared.is_type_of is not None or declared.concrete_of is not None:
        return None
    found: type = declared.origin
    return found if declared.name == kind.name else None


def is_told_by_class(kind: GraphQLAbstractType, types: Iterable[GraphQLObjectType]) -> bool:
    """Whether the class of a value tells which type of an interface it has."""
    declared = kind.extensions.get("strawberry-definition")
    if declared is None or not getattr(declared, "is_interface", False):
        return False
    return declared.resolve_type is None and all(map(class_of, types))


def _has_checks(named: Any, types: Collection[GraphQLObjectType]) -> bool:
    """Whether the type of a value is only known by asking the schema's own functions."""
    if is_abstract_type(named):
        return not is_told_by_class(named, types)
    return any(class_of(kind) is None and kind.is_type_of is not None for kind in types)
