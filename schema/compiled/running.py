"""One execution of a compiled operation by graphql-core's own executor.

It runs what `roots` does not: root fields that are no operations, and whatever is odd. Root fields
side by side or one after another, nulls and errors where they belong, whatever must be awaited
below are its own. But an operation is started without it, and a value of which the compiled code
can make an answer is never looked at by it. It looks at a value only when that code has found
something odd, and then from its beginning, since until then nothing was changed: attributes were
read, which may be read twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
)
from graphql.execution.collect_fields import FieldDetailsList, FragmentDetails, GroupedFieldSet
from graphql.execution.executor import (
    Executor,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution.values import VariableValues
from graphql.pyutils import Path

from schema.compiled.arguments import Arguments
from schema.compiled.oddities import is_coroutine
from schema.compiled.selection import Selected, Subfields
from schema.compiled.source import Complete
from schema.compiled.steps import PlannedSteps
from schema.compiled.straight import Again, info_of
from schema.operation import OperationField


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """Where compiled code begins: a field whose value it completes."""

    kind: GraphQLOutputType
    complete: Complete


@dataclass(frozen=True, slots=True, eq=False)
class Root:
    """A root field that is an operation of ours.

    `complete` makes what the answer holds of its value, where nothing below is told its path.
    """

    selected: Selected
    declared: OperationField
    arguments: Arguments
    steps: PlannedSteps
    complete: Complete | None

    def begun(self, context_value: Any, variables: VariableValues) -> Coroutine[Any, Any, Any]:
        """The operation, about to run; an error when an argument is wrong."""
        raw = self.arguments(variables)
        given = self.declared.converted(raw)
        return self.declared.run(context_value, self.steps(variables), raw, **given)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A compiled operation for one choice of its directives' variables.

    Fields are found by the identity of their details. `odd` counts the values that graphql-core
    had to look at, by the keys of their fields. One that `is_straight` has no root fields but
    `roots`, in their order, and `names` of its type; those are what the answer begins with, and
    hold the places of the others.
    """

    schema: GraphQLSchema
    operation: OperationDefinitionNode
    definitions: dict[str, FragmentDefinitionNode]
    fragments: dict[str, FragmentDetails]
    root_type: GraphQLObjectType
    grouped: GroupedFieldSet
    subfields: Subfields
    entries: dict[int, Entry]
    roots: dict[int, Root]
    names: dict[str, Any]
    is_straight: bool
    is_serial: bool
    odd: Counter[str | int] = field(default_factory=Counter)


class Running(Executor[Any]):
    """An execution of a program."""

    def __init__(
        self, program: Program, variables: VariableValues, context_value: Any, root_value: Any
    ) -> None:
        super().__init__(
            program.schema,
            program.definitions,
            program.fragments,
            root_value,
            context_value,
            program.operation,
            variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=is_coroutine,
        )
        self._program = program
        self._relevant_sub_fields = program.subfields
        self.answers: list[Any] = []

    def run(self) -> ExecutionResult | Awaitable[ExecutionResult]:
        """The result, or what gives it."""
        program = self._program
        try:
            data = self.execute_root_grouped_field_set(
                program.root_type, self.root_value, program.grouped, program.is_serial, None
            )
        except GraphQLError as error:
            return self.nothing(error)
        return self._awaited(data) if is_coroutine(data) else self.result(data)

    async def settled(self, root: Root, found: Any) -> Any:
        """What the answer holds for what an operation has come to: a value, or its failure."""
        selected = root.selected
        path = Path(None, selected.key, selected.parent.name)
        info = info_of(self, selected, path)
        return await self.complete_awaitable_value(
            selected.field.type, selected.details, info, path, _given(found), None
        )

    async def _awaited(self, data: Awaitable[dict[str, Any]]) -> ExecutionResult:
        try:
            return self.result(await data)
        except GraphQLError as error:
            return self.nothing(error)

    def nothing(self, error: GraphQLError) -> ExecutionResult:
        """The result when an error came up to the root."""
        self.collected_errors.add(error, None)
        return self.result(None)

    def result(self, data: Any) -> ExecutionResult:
        """The result that has this data, and all errors."""
        return ExecutionResult(data, self.collected_errors.errors or None)

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: Any,
    ) -> Any:
        """A field's value as the answer holds it; an operation is started at once."""
        root = self._program.roots.get(id(field_details_list))
        if root is None:
            return super().execute_field(
                parent_type, source, field_details_list, path, position_context
            )
        kind = root.selected.field.type
        info = info_of(self, root.selected, path)
        try:
            found = root.begun(self.context_value, self.variable_values)
        except Exception as error:  # noqa: BLE001  graphql-core says what becomes of it
            self.handle_field_error(error, kind, field_details_list, path)
            return None
        return self.complete_awaitable_value(
            kind, field_details_list, info, path, found, position_context
        )

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """What the answer holds for a value: of a compiled field by its code, if that can."""
        entry = self._program.entries.get(id(field_details_list))
        if entry is None or entry.kind is not return_type:
            return super().complete_value(
                return_type, field_details_list, info, path, result, position_context
            )
        self.answers = []
        try:
            return entry.complete(self, result, path, info)
        except Exception:  # noqa: BLE001  graphql-core finds it again, and says what it is
            self._program.odd[path.key] += 1
        self.middleware_manager = Again(self.answers) if self.answers else None  # type: ignore[assignment]  # all that is asked of it is a resolver
        try:
            return super().complete_value(
                return_type, field_details_list, info, path, result, position_context
            )
        finally:
            self.middleware_manager = None


async def _given(found: Any) -> Any:
    if isinstance(found, Exception):
        raise found
    return found
