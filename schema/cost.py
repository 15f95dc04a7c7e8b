"""What a document asks for, measured in one pass before anything runs.

The pass visits every field of the text once, however often fragments spread one another:
a fragment is measured by itself, and each spread adds its figures. That keeps the pass
linear where expansion is exponential, and lets no fragment hide what it multiplies.

The cost of a field is the number of objects it may answer with: itself and what is selected
in it, times its page if it is a list or a connection. Scalars cost nothing. Pages may
depend on variables, so the pass leaves those products as a short list of steps, each
referring only to earlier ones; everything else is a number by then. What the pass does not
know (fields, types and fragments that do not exist, cycles) counts as empty, since
validation refuses it: the two may run in either order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    get_operation_ast,
    is_composite_type,
)

from schema.limits import Limits, too_complex
from schema.pages import CEILING, ONE, Page, is_introspection, literal_count, page_of


@dataclass(frozen=True, slots=True)
class Step:
    """A product that waits for variables: a page of objects, and of earlier steps' values."""

    page: Page
    objects: int
    inner: tuple[int, ...]


_FIXED = ("depth", "aliases", "introspection_depth", "introspection_cost")


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one operation of a document: kept beside it, checked on every request.

    `cost` is what is certain, `steps` and `outer` what variables add to it. The `excess` is the
    first limit that is exceeded whatever the variables are: its name, what was found, and itself.
    """

    limits: Limits
    depth: int
    aliases: int
    introspection_depth: int
    introspection_cost: int
    cost: int
    steps: tuple[Step, ...]
    outer: tuple[int, ...]
    excess: tuple[str, int, int] | None = field(init=False)

    def __post_init__(self) -> None:
        """Find the excess once, for it is asked for on every request."""
        figures = [(name, getattr(self, name), getattr(self.limits, name)) for name in _FIXED]
        excess = next((each for each in figures if each[1] > each[2]), None)
        object.__setattr__(self, "excess", excess)

    def cost_with(self, variables: Mapping[str, Any]) -> int:
        """The number of objects that the operation may answer with, up to a billion."""
        if not self.steps:
            return min(self.cost, CEILING)
        values: list[int] = []
        for step in self.steps:
            objects = step.objects + sum(values[index] for index in step.inner)
            values.append(min(step.page.size(variables) * objects, CEILING))
        return min(self.cost + sum(values[index] for index in self.outer), CEILING)

    def check(self, variables: Mapping[str, Any]) -> None:
        """Refuse the operation, with these variables, if it exceeds one of its limits."""
        if self.excess is not None:
            raise too_complex(*self.excess)
        cost = self.cost_with(variables)
        if cost > self.limits.cost:
            raise too_complex("cost", cost, self.limits.cost)


def measure(
    schema: GraphQLSchema, document: DocumentNode, operation_name: str | None, limits: Limits
) -> Measured:
    """Measure the operation that a request would run; one that cannot be told has no figures."""
    reader = _Reader(schema, document, limits)
    operation = get_operation_ast(document, operation_name)
    tally = _Tally() if operation is None else reader.read(operation)
    return Measured(
        limits=limits,
        depth=tally.depth,
        aliases=tally.aliases,
        introspection_depth=tally.introspection_depth,
        introspection_cost=tally.introspection_cost,
        cost=tally.cost,
        steps=tuple(reader.steps),
        outer=tuple(tally.steps),
    )


@dataclass(slots=True)
class _Tally:
    """What has been counted in one selection set; `steps` are indexes of the reader's."""

    depth: int = 0
    aliases: int = 0
    cost: int = 0
    steps: list[int] = field(default_factory=list)
    introspection_depth: int = 0
    introspection_cost: int = 0

    def absorb(self, other: _Tally) -> None:
        self.depth = max(self.depth, other.depth)
        self.aliases = min(self.aliases + other.aliases, CEILING)
        self.cost = min(self.cost + other.cost, CEILING)
        self.steps.extend(other.steps)
        self.introspection_depth = max(self.introspection_depth, other.introspection_depth)
        self.introspection_cost = min(self.introspection_cost + other.introspection_cost, CEILING)


@dataclass(frozen=True, slots=True)
class _Level:
    """A selection set that is being read: the rest of it, and where its figures go."""

    rest: Iterator[SelectionNode]
    parent: GraphQLCompositeType
    tally: _Tally
    outer: _Tally
    close: Callable[[_Tally], _Tally]


class _Reader:
    """One pass over one operation. Its stack is a list, so that no document exhausts it."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> None:
        self.schema = schema
        self.limits = limits
        self.steps: list[Step] = []
        self._levels: list[_Level] = []
        self._known: dict[str, _Tally] = {}
        self._defaults: dict[str, int | None] = {}
        self._fragments = {
            definition.name.value: definition
            for definition in document.definitions
            if isinstance(definition, FragmentDefinitionNode)
        }

    def read(self, operation: OperationDefinitionNode) -> _Tally:
        total = _Tally()
        for variable in operation.variable_definitions or ():
            if variable.default_value is not None:
                name = variable.variable.name.value
                self._defaults[name] = literal_count(variable.default_value)
        root = self.schema.get_root_type(operation.operation)
        self._enter(operation.selection_set, root, total, _unchanged)
        while self._levels:
            level = self._levels[-1]
            selection = next(level.rest, None)
            if selection is None:
                self._levels.pop()
                level.outer.absorb(level.close(level.tally))
            elif isinstance(selection, FieldNode):
                self._field(selection, level)
            elif isinstance(selection, InlineFragmentNode):
                self._inline_fragment(selection, level)
            elif isinstance(selection, FragmentSpreadNode):
                self._spread(selection.name.value, level)
        return total

    def _enter(
        self,
        selections: SelectionSetNode,
        parent: GraphQLNamedType | None,
        outer: _Tally,
        close: Callable[[_Tally], _Tally],
    ) -> None:
        if not is_composite_type(parent):
            return
        self._levels.append(_Level(iter(selections.selections), parent, _Tally(), outer, close))

    def _field(self, node: FieldNode, level: _Level) -> None:
        level.tally.depth = max(level.tally.depth, 1)
        level.tally.aliases += node.alias is not None
        definition = self.schema.get_field(level.parent, node.name.value)
        if definition is None or node.selection_set is None:
            return
        close: Callable[[_Tally], _Tally] = _set_apart
        if node.name.value not in {"__schema", "__type"}:
            page = page_of(node, definition, level.parent, self._defaults, self.limits)
            # `ofType` unwraps the type around it: it answers with nothing of its own.
            own = 0 if node.name.value == "ofType" and is_introspection(level.parent) else 1
            close = partial(self._multiplied, page, own)
        self._enter(node.selection_set, get_named_type(definition.type), level.tally, close)

    def _inline_fragment(self, node: InlineFragmentNode, level: _Level) -> None:
        condition = node.type_condition
        parent = level.parent if condition is None else self.schema.get_type(condition.name.value)
        self._enter(node.selection_set, parent, level.tally, _unchanged)

    def _spread(self, name: str, level: _Level) -> None:
        if name in self._known:
            level.tally.absorb(self._known[name])
            return
        # Until it is measured a fragment counts as empty, which is what ends a cycle.
        self._known[name] = _Tally()
        fragment = self._fragments.get(name)
        if fragment is not None:
            parent = self.schema.get_type(fragment.type_condition.name.value)
            self._enter(fragment.selection_set, parent, level.tally, partial(self._sealed, name))

    def _sealed(self, name: str, tally: _Tally) -> _Tally:
        if tally.steps:
            self._wait(ONE, tally.cost, tally)
        self._known[name] = tally
        return tally

    def _multiplied(self, page: Page, own: int, tally: _Tally) -> _Tally:
        tally.depth += 1
        if page.variables or tally.steps:
            self._wait(page, own + tally.cost, tally)
        else:
            tally.cost = min(page.size({}) * (own + tally.cost), CEILING)
        return tally

    def _wait(self, page: Page, objects: int, tally: _Tally) -> None:
        """Put a product off until the variables are known."""
        self.steps.append(Step(page, objects, tuple(tally.steps)))
        tally.cost = 0
        tally.steps = [len(self.steps) - 1]


def _unchanged(tally: _Tally) -> _Tally:
    return tally


def _set_apart(tally: _Tally) -> _Tally:
    return _Tally(
        aliases=tally.aliases,
        introspection_depth=tally.depth + 1,
        introspection_cost=tally.cost + 1,
    )
