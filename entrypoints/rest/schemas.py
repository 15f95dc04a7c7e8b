"""JSON Schemas of what REST takes and answers, made of the documents and the schema's types.

A fragment is a schema of its own, by its name: what `Invoice` selects is what an invoice is. So
are input objects and enums. What is only there when it is expanded is not required.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    SelectionSetNode,
)

from entrypoints.rest.documents import Slot, slots_of
from entrypoints.rest.names import also_called, snake
from entrypoints.rest.rendering import (
    GLOBAL,
    below,
    is_business_date,
    is_flat_currency,
    noun,
    selected,
)
from schema import core

Schema = dict[str, Any]

SCALARS: Mapping[str, Schema] = {
    "ID": {"type": "string"},
    "String": {"type": "string"},
    "Int": {"type": "integer"},
    "Boolean": {"type": "boolean"},
    "Date": {"type": "string", "format": "date"},
    "DateTime": {"type": "string", "format": "date-time"},
    "Json": {},
}
ANSWERED: Mapping[str, Schema] = {"Decimal": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}}
TAKEN: Mapping[str, Schema] = {
    "Decimal": {
        "type": ["string", "number"],
        "description": "An exact decimal number; best sent as a string.",
    },
    "DateTime": {
        "type": "string",
        "description": "A date such as 2026-01-15, or a time by RFC 3339.",
    },
    "Int": {"type": "integer", "minimum": -(2**31), "maximum": 2**31 - 1},
    "Json": {"type": "object"},
}


class Schemas:
    """Makes schemas, and keeps those that have a name in `components`."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}

    # What is answered

    def answered(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        kind: Any,
        nodes: Sequence[FieldNode],
    ) -> Schema:
        """The schema of a field's value."""
        if isinstance(kind, GraphQLNonNull):
            return self._answered(fragments, kind.of_type, nodes)
        return nullable(self._answered(fragments, kind, nodes))

    def _answered(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        kind: Any,
        nodes: Sequence[FieldNode],
    ) -> Schema:
        if isinstance(kind, GraphQLList):
            return {"type": "array", "items": self.answered(fragments, kind.of_type, nodes)}
        if isinstance(kind, GraphQLEnumType):
            return self._enum(kind)
        if isinstance(kind, GraphQLObjectType):
            return self._object(fragments, kind, below(nodes))
        if is_business_date(kind, nodes[0].name.value):
            return dict(SCALARS["Date"])
        return dict(ANSWERED.get(kind.name) or SCALARS[kind.name])

    def _object(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        kind: GraphQLObjectType,
        sets: Sequence[SelectionSetNode],
    ) -> Schema:
        """An object: each fragment by its name, and what is selected besides."""
        chosen = [each for selection_set in sets for each in selection_set.selections]
        parts = [
            self._fragment(fragments, each.name.value)
            for each in chosen
            if isinstance(each, FragmentSpreadNode)
        ]
        fields = [each for each in chosen if isinstance(each, FieldNode)]
        if fields:
            parts.append(self._fields(fragments, kind, fields))
        return parts[0] if len(parts) == 1 else {"allOf": parts}

    def _fragment(self, fragments: Mapping[str, FragmentDefinitionNode], name: str) -> Schema:
        if name not in self.components:
            fragment = fragments[name]
            kind = core.type_map[fragment.type_condition.name.value]
            assert isinstance(kind, GraphQLObjectType)  # noqa: S101 (documents are validated)
            self.components[name] = {}
            made = self._object(fragments, kind, [fragment.selection_set])
            self.components[name] = {"description": kind.description, **made}
        return _ref(name)

    def _fields(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        kind: GraphQLObjectType,
        fields: Sequence[FieldNode],
    ) -> Schema:
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for node in fields:
            made = self._field(fragments, kind, node)
            properties |= made
            required += [] if node.directives else list(made)
        return {"type": "object", "properties": properties, "required": required}

    def _field(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        kind: GraphQLObjectType,
        node: FieldNode,
    ) -> dict[str, Schema]:
        """The properties that one selected field becomes."""
        if node.name.value == "__typename":
            named: dict[str, Schema] = {"object": {"const": noun(kind)}}
            own = {} if kind.name in GLOBAL else {"organization_id": {"type": "string"}}
            return named | own
        name = snake((node.alias or node.name).value)
        field = kind.fields[node.name.value]
        inner = selected(fragments, below([node]))
        if is_flat_currency(field.type, inner):
            spelled = {"code": name, "id": f"{name}_id"}
            text: Schema = {"type": "string"}
            made = text if isinstance(field.type, GraphQLNonNull) else nullable(text)
            return {spelled[each]: dict(made) for each in inner}
        schema = self.answered(fragments, field.type, [node])
        told = {"description": field.description} if field.description else {}
        gone = {"deprecated": True} if field.deprecation_reason else {}
        return {name: {**schema, **told, **gone}}

    # What is taken

    def taken(self, kind: Any) -> Schema:
        """The schema of a value that is given."""
        if isinstance(kind, GraphQLNonNull):
            return self._taken(kind.of_type)
        return nullable(self._taken(kind))

    def _taken(self, kind: Any) -> Schema:
        if isinstance(kind, GraphQLList):
            return {"type": "array", "items": self.taken(kind.of_type)}
        if isinstance(kind, GraphQLEnumType):
            return self._enum(kind)
        if isinstance(kind, GraphQLInputObjectType):
            if kind.name not in self.components:
                self.components[kind.name] = {}
                made = self.object_of(slots_of(kind))
                self.components[kind.name] = {"description": kind.description, **made}
            return _ref(kind.name)
        return dict(TAKEN.get(kind.name) or SCALARS[kind.name])

    def object_of(self, slots: Mapping[str, Slot]) -> Schema:
        """An object with a property for each slot, and for each of its synonyms."""
        properties: dict[str, Schema] = {}
        required: list[str] = []
        rules: list[Schema] = []
        for name, slot in slots.items():
            told = {"description": slot.description} if slot.description else {}
            preset = {} if slot.default is None else {"default": _default(slot)}
            properties[name] = {**self.taken(slot.type), **told, **preset}
            names = [name, *also_called(name, slots)]
            for other in names[1:]:
                text = f"Another name of `{name}`."
                properties[other] = {**self.taken(slot.type), "description": text}
            if len(names) > 1 and slot.is_required:
                rules.append({"oneOf": [{"required": [each]} for each in names]})
            elif len(names) > 1:
                rules += [{"not": {"required": list(two)}} for two in combinations(names, 2)]
            elif slot.is_required:
                required.append(name)
        made: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        made |= {"required": required} if required else {}
        return made | ({"allOf": rules} if rules else {})

    def _enum(self, kind: GraphQLEnumType) -> Schema:
        self.components[kind.name] = {
            "type": "string",
            "enum": [name.lower() for name in kind.values],
            "description": kind.description,
        }
        return _ref(kind.name)


def nullable(schema: Schema) -> Schema:
    """The same, or null."""
    kinds = schema.get("type")
    if kinds is None:
        return {"anyOf": [schema, {"type": "null"}]} if schema else {}
    return {**schema, "type": [*(kinds if isinstance(kinds, list) else [kinds]), "null"]}


def _default(slot: Slot) -> Any:
    return slot.default.lower() if isinstance(slot.default, str) else slot.default


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}
