"""What a root field's selection loads, planned once; a request adds the arguments it decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphql import FieldNode, FragmentDefinitionNode, GraphQLField, GraphQLSchema
from graphql.execution.values import VariableValues

from schema.compiled.arguments import Arguments
from schema.loading import BatchedField, Planner, Step, Steps


class PlannedSteps:
    """The steps below one root field, by the type of its nodes."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: dict[str, FragmentDefinitionNode],
        choice: VariableValues,
        nodes: Sequence[FieldNode],
    ) -> None:
        self._planner = _OncePlanner(schema, fragments, choice)
        self._selections = [node.selection_set for node in nodes if node.selection_set]
        self._planned: dict[str, tuple[list[Step], bool]] = {}

    def __call__(self, variables: VariableValues) -> Steps:
        """The steps for a request with these variables."""

        def steps(name: str) -> list[Step]:
            if name not in self._planned:
                planned = self._planner.below(name, self._selections)
                self._planned[name] = planned, all(map(_is_fixed, planned))
            planned, is_fixed = self._planned[name]
            return planned if is_fixed else [_bound(step, variables) for step in planned]

        return steps


class _Open:
    """Arguments that a request decides."""

    def __init__(self, field: BatchedField, arguments: Arguments) -> None:
        self._field = field
        self._arguments = arguments

    def __call__(self, variables: VariableValues) -> dict[str, Any]:
        return self._field.converted(self._arguments(variables))


class _OncePlanner(Planner):
    """Leaves open what it cannot know yet."""

    def given(self, definition: GraphQLField, field: BatchedField, node: FieldNode) -> Any:
        """The arguments of a batched field, or what makes them for each request."""
        arguments = Arguments(definition, node)
        if arguments.fixed is not None:
            return field.converted(arguments.fixed)
        return _Open(field, arguments)


def _is_fixed(step: Step) -> bool:
    return not isinstance(step.arguments, _Open) and all(map(_is_fixed, step.steps))


def _bound(step: Step, variables: VariableValues) -> Step:
    # In the order in which graphql-core's way finds the arguments, and so the first wrong one.
    steps = [_bound(below, variables) for below in step.steps]
    given = step.arguments
    if isinstance(given, _Open):
        given = given(variables)
    return Step(step.place, step.attribute, step.load, given, steps, step.of)
