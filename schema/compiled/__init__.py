"""Compiled execution: a validated document becomes Python that does what graphql-core would do.

graphql-core walks the document anew for every value of every request. Here the walk is done once.

    selection   what the document selects, as a tree, collected by graphql-core's own functions
    source      Python that completes the value of one field of that tree, as one would write it
                by hand: attributes, loops, dictionaries; `leaves` and `straight` are what it calls
    variables   the request's variables, coerced by a plan, by what `coercing` writes for each type
    arguments   those of fields, made of variables and of literals
    steps       what `schema.loading` has to load, planned once
    roots       one execution of which all is well: operations are run, and their values completed
    running     one in which graphql-core's executor is told what it need not do

What makes this safe is that compiled code only knows the straight way. It answers when every
value is what its type says, and as soon as one is not, or anything at all is raised, the value of
the whole field is given to graphql-core, which completes it from its beginning: so there is one
place that knows what errors look like, where they stand and which parents they make null, and it
is not here. Reading again is safe because attributes, items and what was loaded can be read twice,
and because resolvers that somebody wrote are not asked again: their answers were put down. The
same holds of the request's variables, and of arguments.

`@skip` and `@include` are decided before compiling: a choice of their variables is a program of
its own. What cannot be compiled at all is executed by graphql-core, whole: introspection,
subscriptions, other directives, documents that are too large when their fragments are written out.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterator
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    execute,
    get_operation_ast,
    visit,
)
from graphql.execution.values import VariableValues
from graphql.type import TypeNameMetaFieldDef

from schema.compiled.arguments import Arguments
from schema.compiled.oddities import UncompilableError, is_coroutine
from schema.compiled.roots import Run
from schema.compiled.running import Entry, Program, Root, Running
from schema.compiled.selection import Selected, Selection
from schema.compiled.source import Complete, Source
from schema.compiled.steps import PlannedSteps
from schema.compiled.variables import Variables
from schema.wiring import Operated

_MOST_PROGRAMS = 8
"""Choices of the directives' variables that are compiled; any further one is graphql-core's."""

_MOST_FIELDS = 1_000
"""Fields of all programs of an operation, some 30 us and 1 kB each; fragments are written out."""

_DIRECTIVES = {"skip", "include"}


class Compiled:
    """An operation that was compiled, for any context and variables."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self._schema = schema
        self._document = document
        self._operation = operation
        self._name = operation.name.value if operation.name else None
        self._fragments = {
            node.name.value: node
            for node in document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._variables = Variables(schema, operation)
        self._switches = sorted(_switches(document, operation))
        self._left = _MOST_FIELDS
        self.programs: dict[tuple[bool, ...], Program | None] = {}
        if not self._switches and self._program((), VariableValues({}, {})) is None:
            raise UncompilableError

    def __call__(
        self, context_value: Any, variable_values: dict[str, Any], root_value: Any = None
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        """What `graphql.execute` gives."""
        try:
            variables = self._variables(variable_values)
            choice = tuple([variables.coerced[name] for name in self._switches])
        except Exception:  # noqa: BLE001  graphql-core finds it again, and says what it is
            return self._whole(context_value, variable_values, root_value)
        program = self._program(choice, variables)
        if program is None:
            return self._whole(context_value, variable_values, root_value)
        if program.is_straight:
            return Run(program, variables, context_value, root_value)()
        return Running(program, variables, context_value, root_value).run()

    def _program(self, choice: tuple[Any, ...], variables: VariableValues) -> Program | None:
        if choice in self.programs:
            return self.programs[choice]
        if len(self.programs) == _MOST_PROGRAMS or not all(type(each) is bool for each in choice):
            return None
        chosen = dict(zip(self._switches, choice, strict=True))
        sources = {name: variables.sources[name] for name in chosen}
        try:
            made = self._compile(VariableValues(sources, chosen))
        except (UncompilableError, RecursionError):
            made = None
        self.programs[choice] = made
        return made

    def _compile(self, choice: VariableValues) -> Program:
        selection = Selection(self._schema, self._operation, self._fragments, choice, self._left)
        self._left = selection.left
        source = Source()
        entered = [(each, source.field(each)) for each in _entries(selection.roots)]
        complete = source.compiled()
        whole = {id(each.details): complete[name] for each, name in entered}
        roots = {
            id(each.details): self._root(each, choice, whole.get(id(each.details)))
            for each in selection.roots
            if isinstance(each.field.resolve, Operated)
        }
        others = [each for each in selection.roots if id(each.details) not in roots]
        return Program(
            self._schema,
            self._operation,
            self._fragments,
            selection.fragments,
            selection.root_type,
            selection.grouped,
            selection.subfields,
            {id(each.details): Entry(each.field.type, complete[name]) for each, name in entered},
            roots,
            dict.fromkeys(selection.grouped)
            | {each.key: selection.root_type.name for each in others},
            all(each.field is TypeNameMetaFieldDef for each in others),
            self._operation.operation is OperationType.MUTATION,
        )

    def _root(self, selected: Selected, choice: VariableValues, complete: Complete | None) -> Root:
        resolve: Operated = selected.field.resolve  # type: ignore[assignment]  # it was asked
        arguments = Arguments(selected.field, selected.nodes[0])
        steps = PlannedSteps(self._schema, self._fragments, choice, selected.nodes)
        is_told = selected.has_tracked_items or selected.has_checks
        declared = resolve.declared
        return Root(selected, declared, arguments, steps, None if is_told else complete)

    def _whole(
        self, context_value: Any, variable_values: dict[str, Any], root_value: Any
    ) -> ExecutionResult | Awaitable[ExecutionResult]:
        return execute(
            self._schema,
            self._document,
            root_value,
            context_value,
            variable_values,
            self._name,
            is_awaitable=is_coroutine,
        )


def compile_operation(
    schema: GraphQLSchema, document: DocumentNode, operation_name: str | None = None
) -> Compiled | None:
    """The operation of a validated document as a function, or None if it cannot be compiled."""
    operation = get_operation_ast(document, operation_name)
    if operation is None or operation.operation is OperationType.SUBSCRIPTION:
        return None
    try:
        return Compiled(schema, document, operation)
    except (UncompilableError, RecursionError):
        return None


def _entries(selected: list[Selected]) -> Iterator[Selected]:
    """The uppermost fields whose values can be completed without waiting."""
    for each in selected:
        if each.is_ready:
            yield each
        else:
            for children in each.below.values():
                yield from _entries(children)


def _switches(document: DocumentNode, operation: OperationDefinitionNode) -> set[str]:
    """The variables that decide what is selected, of the operation and all fragments."""
    found = _Switches()
    for node in document.definitions:
        if node is operation or isinstance(node, FragmentDefinitionNode):
            visit(node, found)
    declared = {node.variable.name.value for node in operation.variable_definitions or ()}
    return found.names & declared


class _Switches(Visitor):
    """Looks for the directives of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
        """Note the variable of a directive that is known."""
        if node.name.value not in _DIRECTIVES:
            raise UncompilableError
        values = [argument.value for argument in node.arguments or ()]
        self.names.update(each.name.value for each in values if isinstance(each, VariableNode))
