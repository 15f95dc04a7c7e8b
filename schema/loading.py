"""Loading by level: what a document selects below a node is fetched for all nodes at once.

A field marked `batched` is a function of many nodes. Before a root field returns, the
selection below it is walked once, and each batched field in it runs once for all the nodes of
its level, whatever their number: so the number of statements depends on the document alone.
The fields themselves then only hand out what was loaded.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import strawberry
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLIncludeDirective,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
)
from graphql.execution import get_argument_values, get_directive_values
from graphql.execution.values import VariableValues
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from ledger.errors import LedgerError
from schema.arguments import converter
from schema.context import Reading

Load = Callable[..., Awaitable[Sequence[Any]]]
Place = frozenset[int]


class BatchedField(StrawberryField):
    """A field whose values were loaded, for all nodes of its level, before it is asked.

    `live` and `credits_shown` are as on operations.
    """

    load: Load
    live: bool = False
    credits_shown: bool = False

    @cached_property
    def converted(self) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """Makes keyword arguments of coerced values."""
        return converter(self)


def batched(
    graphql_type: Any, *, live: bool = False, credits_shown: bool = False, **options: Any
) -> Callable[[Load], Any]:
    """Declare a field by a function of `(nodes, reading, arguments ...)`, a value for each node."""

    def declare(load: Load) -> Any:
        signature = inspect.signature(load)
        arguments = list(signature.parameters.values())[2:]

        def values(**_: Any) -> None:
            raise AssertionError(load.__name__)  # pragma: no cover

        values.__name__ = load.__name__
        values.__module__ = load.__module__
        values.__doc__ = load.__doc__
        values.__signature__ = signature.replace(  # type: ignore[attr-defined]
            parameters=[p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in arguments]
        )
        declared = BatchedField(
            python_name=None,
            graphql_name=options.pop("name", None),
            type_annotation=strawberry.annotation.StrawberryAnnotation(graphql_type),
            description=inspect.cleandoc(load.__doc__ or ""),
            **options,
        )
        declared.load = load
        declared.live, declared.credits_shown = live, credits_shown
        return declared(StrawberryResolver(values))

    return declare


@dataclass(slots=True)
class Step:
    """A field of the selection that loads, or leads to ones that do.

    Where nodes may be of several types, a step is for those of the type `of` alone.
    """

    place: Place
    attribute: str
    load: Load | None
    arguments: Any
    steps: list[Step]
    of: str | None = None


Steps = Callable[[str], Sequence[Step]]
"""Gives the steps below the nodes of a root field, by the name of their type."""


def place_of(nodes: Iterable[FieldNode]) -> Place:
    """Where in a document a field stands: its response key alone does not tell.

    One node may be handed out in several places, such as `nodes` and `edges { node }`, and each
    may select the same field with other arguments, or other fields below it.
    """
    return frozenset(map(id, nodes))


async def load(steps: Steps, result: Any, reading: Reading) -> None:
    """Load everything that is selected below `result`: a node, a list of them, or None."""
    nodes = _nodes([result])
    kinds: list[Any] = list(dict.fromkeys(map(type, nodes)))
    for kind in kinds:
        below = steps(_name_of(kind))
        if below:
            of_kind = nodes if len(kinds) == 1 else [n for n in nodes if type(n) is kind]
            await _run(below, of_kind, reading)


@cache
def _name_of(kind: Any) -> str:
    definition = getattr(kind, "__strawberry_definition__", None)
    return "" if definition is None else str(definition.name)


def _type_name(node: Any) -> str:
    kind: Any = type(node)
    return _name_of(kind)


async def _run(steps: Sequence[Step], found: Sequence[Any], reading: Reading) -> None:
    is_single = len(set(map(id, found))) == len(found)
    every = found if is_single else list({id(node): node for node in found}.values())
    for step in steps:
        nodes = [n for n in every if _type_name(n) == step.of] if step.of else every
        if not nodes:
            continue
        values: Sequence[Any]
        if step.load is None:
            values = [getattr(node, step.attribute) for node in nodes]
        else:
            try:
                values = await step.load(nodes, reading, **step.arguments)
            except LedgerError as refusal:
                values = [refusal] * len(nodes)
            for node, value in zip(nodes, values, strict=True):
                node.loaded[step.place] = value
        if step.steps and (below := _nodes(values)):
            await _run(step.steps, below, reading)


def _nodes(values: Sequence[Any]) -> list[Any]:
    """The nodes among some values, and in the lists among them."""
    if all(map(_name_of, set(map(type, values)))):
        return list(values)
    found = []
    for value in values:
        if isinstance(value, (list, tuple)):
            found += _nodes(value)
        elif value is not None and not isinstance(value, LedgerError):
            found.append(value)
    return found


def steps_of(info: GraphQLResolveInfo[Any]) -> Steps:
    """The steps below a field that graphql-core executes, found as they are asked for."""
    selections = [node.selection_set for node in info.field_nodes if node.selection_set]
    planner = Planner(info.schema, info.fragments, info.variable_values)
    return lambda name: planner.below(name, selections)


class Planner:
    """Finds what a selection has to load."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
    ) -> None:
        self._schema = schema
        self._variables = variables
        self._fragments = fragments

    def below(self, name: str, selections: Sequence[SelectionSetNode]) -> list[Step]:
        """The steps below a node of the type of a name, if that is the name of one."""
        parent = self._schema.type_map.get(name)
        if not selections or not isinstance(parent, GraphQLObjectType):
            return []
        return self._plan(parent, selections)

    def given(self, definition: GraphQLField, field: BatchedField, node: FieldNode) -> Any:
        """The arguments of a batched field where it stands."""
        return field.converted(get_argument_values(definition, node, self._variables))

    def _plan(
        self, parent: GraphQLObjectType, selections: Iterable[SelectionSetNode]
    ) -> list[Step]:
        """The steps below a node of type `parent`, those that load nothing left out."""
        steps = []
        for nodes in self._fields(parent, selections).values():
            definition = parent.fields.get(nodes[0].name.value)
            if definition is not None and (step := self._step(definition, nodes)):
                steps.append(step)
        return steps

    def _step(self, definition: GraphQLField, nodes: list[FieldNode]) -> Step | None:
        named = get_named_type(definition.type)
        inner = [node.selection_set for node in nodes if node.selection_set]
        below = self._below(named, inner)
        field = definition.extensions.get("strawberry-definition")
        if isinstance(field, BatchedField):
            given = self.given(definition, field, nodes[0])
            return Step(place_of(nodes), "", field.load, given, below)
        if below and isinstance(field, StrawberryField):
            return Step(place_of(nodes), field.python_name, None, {}, below)
        return None

    def _below(self, named: GraphQLNamedType, inner: list[SelectionSetNode]) -> list[Step]:
        """The steps below a field: of an interface those of each type that has it."""
        if isinstance(named, GraphQLObjectType):
            return self._plan(named, inner)
        types = self._schema.get_possible_types(named) if is_abstract_type(named) else ()
        return [replace(step, of=each.name) for each in types for step in self._plan(each, inner)]

    def _fields(
        self, parent: GraphQLObjectType, selections: Iterable[SelectionSetNode]
    ) -> dict[str, list[FieldNode]]:
        """The selected fields by response key, fragments spread and directives heeded."""
        found: dict[str, list[FieldNode]] = {}
        waiting = list(selections)
        seen: set[str] = set()
        while waiting:
            for node in waiting.pop(0).selections:
                if not self._included(node):
                    continue
                if isinstance(node, FieldNode):
                    key = (node.alias or node.name).value
                    found.setdefault(key, []).append(node)
                elif isinstance(node, InlineFragmentNode):
                    if self._fits(parent, node.type_condition):
                        waiting.append(node.selection_set)
                elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                    seen.add(node.name.value)
                    fragment = self._fragments[node.name.value]
                    if self._fits(parent, fragment.type_condition):
                        waiting.append(fragment.selection_set)
        return found

    def _fits(self, parent: GraphQLObjectType, condition: Any) -> bool:
        if condition is None or condition.name.value == parent.name:
            return True
        return condition.name.value in {interface.name for interface in parent.interfaces}

    def _included(self, node: Any) -> bool:
        if not node.directives:
            return True
        skip = get_directive_values(GraphQLSkipDirective, node, self._variables)
        include = get_directive_values(GraphQLIncludeDirective, node, self._variables)
        return not (skip and skip["if"]) and not (include and not include["if"])
