"""What compiled code calls: the rarer ways of reading a field and of finding a value's type.

Whatever is not straight is an `OddError`. What a resolver of its own has answered is put down
before, so that it is not asked again when graphql-core looks at the same value.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import GraphQLAbstractType, GraphQLObjectType, GraphQLResolveInfo
from graphql.pyutils import Path

from schema.compiled.arguments import Arguments
from schema.compiled.oddities import OddError, is_coroutine, require_value
from schema.compiled.selection import Selected, has_own

if TYPE_CHECKING:
    from schema.compiled.running import Running


@dataclass(frozen=True, slots=True)
class _Raised:
    """What a resolver answered with an exception."""

    error: Exception


class Again:
    """Gives the answers of resolvers that were asked before, one after another.

    Compiled code asks in the order of graphql-core, and stops at the first odd thing: so the
    answers that are there are those that graphql-core asks for first.
    """

    def __init__(self, answers: list[Any]) -> None:
        self._answers = deque(answers)

    def get_field_resolver(self, resolve: Any) -> Any:
        """The resolver, or what answers in its place; called by graphql-core for each field."""
        if not self._answers or not has_own(resolve):
            return resolve
        return self._answer

    def _answer(self, _source: Any, _info: Any, **_given: Any) -> Any:
        answer = self._answers.popleft()
        if isinstance(answer, _Raised):
            raise answer.error
        return answer


class Called:
    """A field that has a resolver of its own, at its place."""

    def __init__(self, selected: Selected) -> None:
        self._resolve: Any = selected.field.resolve
        self._arguments = Arguments(selected.field, selected.nodes[0])

    def __call__(self, running: Running, source: Any, info: GraphQLResolveInfo[Any]) -> Any:
        """What the resolver answers, unless that is odd."""
        given = self._arguments(running.variable_values)
        try:
            value = self._resolve(source, info, **given)
        except Exception as error:
            running.answers.append(_Raised(error))
            raise OddError from error
        running.answers.append(value)
        if is_coroutine(value):
            raise OddError
        return value


def default(source: Any, name: str) -> Any:
    """What graphql-core reads where no resolver is: an item, or an attribute."""
    value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
    if callable(value):
        raise OddError
    return value


def info_of(running: Running, selected: Selected, path: Path) -> GraphQLResolveInfo[Any]:
    """What graphql-core tells a resolver."""
    return running.build_resolve_info(selected.field, selected.nodes, selected.parent, path)


def checked(kind: GraphQLObjectType, value: Any, info: GraphQLResolveInfo[Any]) -> None:
    """Make sure that a value may be of a type."""
    require_value(value)
    if kind.is_type_of is None:
        return
    answer = kind.is_type_of(value, info)
    if is_coroutine(answer):
        answer.close()
        raise OddError
    if not answer:
        raise OddError


def name_of(
    running: Running, kind: GraphQLAbstractType, value: Any, info: GraphQLResolveInfo[Any]
) -> str:
    """The name of the object type of a value of an interface or a union."""
    require_value(value)
    answer = (kind.resolve_type or running.type_resolver)(value, info, kind)
    if is_coroutine(answer):
        answer.close()
        raise OddError
    found = running.ensure_valid_runtime_type(answer, kind, [], info, value)
    checked(found, value, info)
    return found.name
