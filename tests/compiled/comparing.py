"""Two executions of one document, compared: data, errors, and what they did besides.

graphql-core decides. Data must be the same to the order of keys and the type of each value,
always. The order of errors must be the same too as long as nothing is awaited. Where something
is, graphql-core itself tells errors in the order in which they come to pass, and leaves out some
of those under a null that propagated, for it cancels what nobody wants any more; by how many
turns of the loop each took (a test shows it). Then errors count as equal if

- those whose place is still in the data are the same, in any order, and in the same order where
  `groups` says that it is certain,
- every null that propagated has a cause in both, and
- no cause is told that graphql-core would not find, if it went on instead of propagating.

Each resolver must have run as often, except where something that was awaited failed.
"""

from __future__ import annotations

import inspect
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from types import CoroutineType
from typing import Any

from graphql import DocumentNode, ExecutionResult, GraphQLError, GraphQLSchema, execute
from graphql.execution import Executor

Place = tuple[str | int, ...]
Answered = ExecutionResult | Awaitable[ExecutionResult]


@dataclass(frozen=True, slots=True)
class Told:
    """An error as a caller gets it, and of what it was made."""

    message: str
    path: Place | None
    locations: tuple[tuple[int, int], ...]
    extensions: str
    origins: tuple[str, ...]


@dataclass(slots=True)
class Outcome:
    """What an execution came to; `effects` in their order, `calls` of resolvers in any."""

    data: Any
    errors: list[Told]
    effects: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    is_concurrent: bool = False
    raised: str | None = None


def told(error: GraphQLError) -> Told:
    """An error, to be compared."""
    origins = []
    origin: BaseException | None = error
    while isinstance(origin, GraphQLError):
        origin = origin.original_error
        origins.append(f"{type(origin).__module__}.{type(origin).__name__}")
    return Told(
        error.message,
        None if error.path is None else tuple(error.path),
        tuple((at.line, at.column) for at in error.locations or ()),
        repr(error.extensions),
        tuple(origins),
    )


def is_coroutine(value: Any) -> bool:
    """Whether a value is awaited, as the service's executor has it."""
    return type(value) is CoroutineType


async def settled(answered: Callable[[], Answered]) -> Outcome:
    """What an execution comes to, whether it is awaited or not."""
    try:
        result = answered()
        if inspect.isawaitable(result):
            result = await result
    except Exception as problem:  # noqa: BLE001  to be compared like any other outcome
        return Outcome(None, [], raised=f"{type(problem).__name__}: {problem}")
    return summed(result)


def summed(result: ExecutionResult) -> Outcome:
    """A result, to be compared."""
    return Outcome(result.data, [told(error) for error in result.errors or ()])


def interpreted(
    schema: GraphQLSchema,
    document: DocumentNode,
    name: str | None,
    context: Any,
    variables: dict[str, Any],
    root: Any = None,
    **more: Any,
) -> Any:
    """graphql-core's answer."""
    return execute(
        schema,
        document,
        root,
        context,
        variables,
        name,
        is_awaitable=is_coroutine,  # type: ignore[arg-type]
        **more,
    )


class Unpropagated(Executor):
    """graphql-core without propagation: it goes on, and finds every error that there is."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self.error_propagation = False


Census = Callable[[], Awaitable[Outcome]]
Group = Callable[[Told], Any]


def root_of(error: Told) -> Any:
    """The root field of an error: what is below one of ours was loaded, and fails in order."""
    return error.path[0] if error.path else None


def _one_group(_error: Told) -> None:
    """Any order will do."""


async def difference(
    expected: Outcome, got: Outcome, census: Census, groups: Group | None = None
) -> str | None:
    """What is different, in words; None if nothing is.

    Errors of which `groups` says the same, unless that is None, come in the same order always.
    """
    if expected.raised != got.raised:
        return f"raised {got.raised} and not {expected.raised}"
    for unlike in _unlike(expected.data, got.data, "data"):
        return unlike
    if expected.effects != got.effects:
        return f"effects {got.effects} and not {expected.effects}"
    if not expected.is_concurrent:
        return _exactly(expected, got)
    return await _concurrently(expected, got, census, groups or _one_group)


def _exactly(expected: Outcome, got: Outcome) -> str | None:
    for at, (ours, theirs) in enumerate(zip(got.errors, expected.errors, strict=False)):
        if ours != theirs:
            return f"error {at} is {ours} and not {theirs}"
    if len(got.errors) != len(expected.errors):
        return f"errors are {got.errors} and not {expected.errors}"
    if got.calls != expected.calls:
        return f"calls: more {got.calls - expected.calls}, less {expected.calls - got.calls}"
    return None


async def _concurrently(
    expected: Outcome, got: Outcome, census: Census, groups: Group
) -> str | None:
    theirs, ours = _by_place(expected), _by_place(got)
    seen = [error for error in expected.errors if _null_above(expected.data, error) is None]
    found = [error for error in got.errors if _null_above(got.data, error) is None]
    if Counter(seen) != Counter(found):
        return f"errors are {got.errors} and not {expected.errors}"
    for group in {groups(error) for error in seen} - {None}:
        first = [error for error in seen if groups(error) == group]
        if first != [error for error in found if groups(error) == group]:
            return f"errors are in the order {found} and not {seen}"
    if theirs.keys() != ours.keys():
        return f"nulls with a cause at {set(ours)} and not {set(theirs)}"
    hidden = {error for errors in ours.values() for error in errors}
    if hidden - {error for errors in theirs.values() for error in errors}:
        every = await census()
        if invented := hidden - set(every.errors):
            return f"errors that there are not: {invented}"
    if not expected.errors and got.calls != expected.calls:
        return f"calls: more {got.calls - expected.calls}, less {expected.calls - got.calls}"
    return None


def _by_place(outcome: Outcome) -> dict[Place, list[Told]]:
    """The errors under a null that propagated, by its place."""
    found: dict[Place, list[Told]] = {}
    for error in outcome.errors:
        above = _null_above(outcome.data, error)
        if above is not None:
            found.setdefault(above, []).append(error)
    return found


def _null_above(data: Any, error: Told) -> Place | None:
    """The place of the null under which an error's own place would be, if there is one."""
    path = error.path or ()
    for depth, step in enumerate(path):
        if data is None:
            return path[:depth]
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None  # a path that a resolver made up
    return None


def _unlike(expected: Any, got: Any, at: str) -> Iterator[str]:
    """Where data is not the same: values, their types, the order of keys."""
    if type(expected) is not type(got):
        yield f"{at} is {got!r} and not {expected!r}"
    elif isinstance(expected, dict):
        if list(expected) != list(got):
            yield f"{at} has the keys {list(got)} and not {list(expected)}"
        for key in expected.keys() & got.keys():
            yield from _unlike(expected[key], got[key], f"{at}.{key}")
    elif isinstance(expected, list):
        if len(expected) != len(got):
            yield f"{at} has {len(got)} items and not {len(expected)}"
        for place, pair in enumerate(zip(expected, got, strict=False)):
            yield from _unlike(*pair, f"{at}.{place}")
    elif expected != got:
        yield f"{at} is {got!r} and not {expected!r}"
