"""Executors that are wrong in one way each: what the comparison must find."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from compiled.comparing import Answered, Unpropagated, interpreted
from compiled.hard_world import World
from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    Visitor,
    located_error,
    visit,
)
from graphql.execution import Executor
from graphql.language import REMOVE

Change = Callable[[ExecutionResult], ExecutionResult]
Prepared = Callable[..., Answered]
Mutant = Callable[[GraphQLSchema, DocumentNode, str | None], Prepared]


def faithful(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Prepared:
    """No mutant: graphql-core itself."""
    return _by(schema, document, name)


def _by(schema: GraphQLSchema, document: DocumentNode, name: str | None, **more: Any) -> Prepared:
    def ask(context: Any, variables: dict[str, Any], root: Any = None) -> Answered:
        answered: Answered = interpreted(schema, document, name, context, variables, root, **more)
        return answered

    return ask


def _changing(change: Change) -> Mutant:
    def prepare(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Prepared:
        ask = _by(schema, document, name)

        async def changed(*given: Any) -> ExecutionResult:
            result = ask(*given)
            return change(await result if inspect.isawaitable(result) else result)

        return changed

    return prepare


def _with(other: type[Executor]) -> Mutant:
    def prepare(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Prepared:
        return _by(schema, document, name, executor_class=other)

    return prepare


def _data(change: Callable[[Any], Any]) -> Change:
    def changed(result: ExecutionResult) -> ExecutionResult:
        return ExecutionResult(_deep(result.data, change), result.errors)

    return changed


def _deep(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        value = {key: _deep(each, change) for key, each in value.items()}
    elif isinstance(value, list):
        value = [_deep(each, change) for each in value]
    return change(value)


def _errors(change: Callable[[list[GraphQLError]], list[GraphQLError]]) -> Change:
    def changed(result: ExecutionResult) -> ExecutionResult:
        return ExecutionResult(result.data, change(list(result.errors or [])) or None)

    return changed


def _remade(**other: Any) -> Change:
    """Errors of which something is another."""

    def remake(error: GraphQLError) -> GraphQLError:
        facts = {
            "message": error.message,
            "nodes": error.nodes,
            "path": error.path,
            "original_error": error.original_error,
            "extensions": error.extensions,
        }
        return GraphQLError(**facts | {name: make(error) for name, make in other.items()})

    return _errors(lambda errors: [remake(error) for error in errors])


class _WithoutDirectives(Visitor):
    def enter_directive(self, *_: Any) -> Any:
        return REMOVE


class _Inverted(Visitor):
    def enter_directive(self, node: DirectiveNode, *_: Any) -> Any:
        other = {"skip": "include", "include": "skip"}.get(node.name.value)
        if other is None:
            return None
        name = node.name.__class__(value=other, loc=node.name.loc)
        return node.__class__(name=name, arguments=node.arguments, loc=node.loc)


class _WithoutAliases(Visitor):
    def enter_field(self, node: FieldNode, *_: Any) -> Any:
        if node.alias is None:
            return None
        facts = {key: getattr(node, key) for key in node.keys if key != "alias"}
        return node.__class__(**facts, alias=None)


def _visiting(visitor: type[Visitor]) -> Mutant:
    def prepare(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Prepared:
        return _by(schema, visit(document, visitor()), name)

    return prepare


class _AllAtOnce(Executor):
    def execute_operation(self, serially: bool | None = None) -> Any:
        return super().execute_operation(serially=False)


class _FirstFieldOnly(Executor):
    def collect_subfields(self, return_type: Any, field_details_list: Any) -> Any:
        return super().collect_subfields(return_type, field_details_list[:1])


class _OnlyNullable(Executor):
    def complete_value(self, return_type: Any, *rest: Any) -> Any:
        kind = getattr(return_type, "of_type", return_type)
        return super().complete_value(
            kind if str(return_type).endswith("!") else return_type, *rest
        )


class _LocatedOnce(Executor):
    def handle_field_error(self, raw: Any, kind: Any, details: Any, path: Any) -> None:
        super().handle_field_error(
            located_error(raw, [details[0].node], path.as_list()), kind, details, path
        )


def twice(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Prepared:
    """Executes everything twice, and tells of the second time."""
    ask = _by(schema, document, name)

    async def again(context: World, variables: dict[str, Any], root: Any = None) -> Any:
        first = ask(context, variables, root)
        if inspect.isawaitable(first):
            await first
        second = ask(context, variables, root)
        return await second if inspect.isawaitable(second) else second

    return again


def forgetful(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Prepared:
    """Does not see the variables."""
    ask = _by(schema, document, name)
    return lambda context, _variables, root=None: ask(context, {}, root)


def nulling(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Prepared:
    """Takes a variable that was not sent for one that is null."""
    ask = _by(schema, document, name)
    names = {
        variable.variable.name.value: None
        for definition in document.definitions
        for variable in getattr(definition, "variable_definitions", None) or ()
    }
    return lambda context, variables, root=None: ask(context, names | variables, root)


def remembering(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Prepared:
    """Keeps the variables that it was first asked with."""
    ask = _by(schema, document, name)
    first: list[dict[str, Any]] = []

    def asked(context: Any, variables: dict[str, Any], root: Any = None) -> Answered:
        first.append(variables)
        return ask(context, first[0], root)

    return asked


def rootless(schema: GraphQLSchema, document: DocumentNode, name: str | None) -> Prepared:
    """Does not see the root value."""
    ask = _by(schema, document, name)
    return lambda context, variables, _root=None: ask(context, variables, None)


def _reversed(value: Any) -> Any:
    return dict(reversed(value.items())) if isinstance(value, dict) else value


def _spelled(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _floated(value: Any) -> Any:
    return float(value) if type(value) is int else value


def _no_nulls(value: Any) -> Any:
    return [each for each in value if each is not None] if isinstance(value, list) else value


def _no_duplicates(errors: list[GraphQLError]) -> list[GraphQLError]:
    return list({error.message: error for error in errors}.values())


MUTANTS: dict[str, Mutant] = {
    "the keys of objects in the reverse order": _changing(_data(_reversed)),
    "integers as text": _changing(_data(_spelled)),
    "integers as floats": _changing(_data(_floated)),
    "lists without their nulls": _changing(_data(_no_nulls)),
    "the last error lost": _changing(_errors(lambda errors: errors[:-1])),
    "the first error twice": _changing(_errors(lambda errors: errors[:1] + errors)),
    "the errors in the reverse order": _changing(_errors(lambda errors: errors[::-1])),
    "errors told by message, once each": _changing(_errors(_no_duplicates)),
    "paths without their last step": _changing(
        _remade(path=lambda error: error.path and error.path[:-1])
    ),
    "paths with indexes as text": _changing(
        _remade(path=lambda error: error.path and [str(step) for step in error.path])
    ),
    "no locations": _changing(_remade(nodes=lambda _: None)),
    "only the first of merged fields located": _with(_LocatedOnce),
    "no extensions": _changing(_remade(extensions=lambda _: {})),
    "no original errors": _changing(_remade(original_error=lambda _: None)),
    "nulls that stay where they are": _with(Unpropagated),
    "nulls where none may be": _with(_OnlyNullable),
    "only the first of merged fields heeded": _with(_FirstFieldOnly),
    "mutations at once": _with(_AllAtOnce),
    "everything done twice": twice,
    "the variables unseen": forgetful,
    "variables that were not sent as null": nulling,
    "the variables of another request": remembering,
    "the root value unseen": rootless,
    "directives unheeded": _visiting(_WithoutDirectives),
    "directives inverted": _visiting(_Inverted),
    "aliases unheeded": _visiting(_WithoutAliases),
}
"""Ways of being wrong, by what they get wrong."""
