"""The named documents that REST runs, read once: what each takes, and what it asks for.

A file of `schema/documents/rest` holds the operations of a noun and the fragments by which it is
shown; any document may use the fragments of any file. A variable is what a caller may give, by
its name in snake case; a filter is one that stands in a `where`. The last root field of a
document is the answer, and what stands before it is only asked to be there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLNonNull,
    GraphQLObjectType,
    Node,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    ValueNode,
    VariableNode,
    Visitor,
    is_input_type,
    is_required_input_field,
    parse,
    print_ast,
    type_from_ast,
    value_from_ast_untyped,
    visit,
)

import schema
from entrypoints.rest.names import snake

FOLDER = Path(schema.__file__).parent / "documents" / "rest"


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for a value: its name in the schema, its type, whether it must be filled.

    `default` is what stands there when it is not, as JSON would write it.
    """

    name: str
    type: GraphQLInputType
    is_required: bool
    description: str | None = None
    default: Any = None


@dataclass(frozen=True, slots=True)
class Document:
    """A named operation with the fragments that it needs, as `text`.

    `slots` are its variables by their names in REST; `arguments` says for the place of an argument
    (`where.status.in`) which of them stands there.
    """

    name: str
    text: str
    is_query: bool
    slots: Mapping[str, Slot]
    arguments: Mapping[str, str]
    root: FieldNode
    parent: GraphQLObjectType
    fragments: Mapping[str, FragmentDefinitionNode]


@cache
def documents(folder: Path = FOLDER) -> Mapping[str, Document]:
    """All documents of a folder by their names."""
    operations: list[OperationDefinitionNode] = []
    fragments: dict[str, FragmentDefinitionNode] = {}
    for path in sorted(folder.glob("*.graphql")):
        for definition in parse(path.read_text(encoding="utf-8")).definitions:
            if isinstance(definition, FragmentDefinitionNode):
                fragments[definition.name.value] = definition
            elif isinstance(definition, OperationDefinitionNode):
                operations.append(definition)
    return {document.name: document for document in (_read(o, fragments) for o in operations)}


def text_of(name: str) -> str:
    """The text of a document by its name, as a job runs it."""
    return documents()[name].text


def slots_of(kind: GraphQLInputObjectType) -> Mapping[str, Slot]:
    """The fields of an input object by their names in REST."""
    return {
        snake(name): Slot(name, field.type, is_required_input_field(field), field.description)
        for name, field in kind.fields.items()
    }


def _read(
    operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]
) -> Document:
    name = operation.name.value if operation.name else ""
    used = {each: fragments[each] for each in dict.fromkeys(_spread(operation, fragments))}
    roots = [each for each in operation.selection_set.selections if isinstance(each, FieldNode)]
    parent = schema.core.get_root_type(operation.operation)
    if not name or not roots or parent is None:
        raise ValueError(f"A document of REST has a name and root fields: {name}")
    return Document(
        name=name,
        text=print_ast(DocumentNode(definitions=(operation, *used.values()))),
        is_query=operation.operation is OperationType.QUERY,
        slots=_slots(operation, parent, roots),
        arguments={path: snake(variable) for root in roots for path, variable in _places_of(root)},
        root=roots[-1],
        parent=parent,
        fragments=used,
    )


def _spread(node: Node, fragments: Mapping[str, FragmentDefinitionNode]) -> Iterator[str]:
    """The names of the fragments that a node needs, in their order."""
    found: list[str] = []

    class Finder(Visitor):
        def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: object) -> None:
            found.append(spread.name.value)

    visit(node, Finder())
    for name in found:
        yield name
        yield from _spread(fragments[name], fragments)


def _slots(
    operation: OperationDefinitionNode, parent: GraphQLObjectType, roots: list[FieldNode]
) -> Mapping[str, Slot]:
    texts = {
        argument.value.name.value: parent.fields[root.name.value].args[argument.name.value]
        for root in roots
        for argument in root.arguments or ()
        if isinstance(argument.value, VariableNode)
    }
    found = {}
    for variable in operation.variable_definitions or ():
        name = variable.variable.name.value
        kind = type_from_ast(schema.core, variable.type)
        if not is_input_type(kind):
            raise ValueError(f"The variable ${name} has a type that does not exist.")
        preset = variable.default_value
        needed = isinstance(kind, GraphQLNonNull) and preset is None
        text = texts[name].description if name in texts else None
        default = None if preset is None else value_from_ast_untyped(preset)
        found[snake(name)] = Slot(name, kind, needed, text, default)
    return found


def _places_of(root: FieldNode) -> Iterator[tuple[str, str]]:
    for argument in root.arguments or ():
        yield from _places(argument.name.value, argument.value)


def _places(path: str, value: ValueNode) -> Iterator[tuple[str, str]]:
    """The places of variables in an argument: their paths and their names."""
    if isinstance(value, VariableNode):
        yield path, value.name.value
    elif isinstance(value, ObjectValueNode):
        for field in value.fields or ():
            yield from _places(f"{path}.{field.name.value}", field.value)
