"""Both ways of executing a document, side by side, in every test that asks the service.

The service compiles a document at its second use, and most tests use theirs once. So in tests it
compiles at the first use, on SQLite; on PostgreSQL it compiles nothing. And a query is executed
the other way too, before it is answered: its answers must be the same, or the test fails.
`CRANE_TEST_COMPILED=on` compiles everywhere, `off` nowhere, both without the other way.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from compiled.comparing import (
    Answered,
    Outcome,
    Unpropagated,
    difference,
    interpreted,
    root_of,
    settled,
    summed,
)
from graphql import DocumentNode, ExecutionResult

from schema import core
from schema.compiled import Compiled, compile_operation
from schema.context import Context
from schema.execution import Executor, Prepared

WAYS = os.environ.get("CRANE_TEST_COMPILED", "both")
"""Which way documents are executed: `on`, `off`, or `both`."""

_KNOWN: dict[tuple[str, str | None], Compiled | None] = {}
"""What was compiled in any test, by text and operation."""

Way = Callable[[Context], Answered]


def compiles(url: str) -> bool:
    """Whether a service on a database compiles what it executes."""
    return WAYS == "on" or (WAYS == "both" and url.startswith("sqlite"))


class Shadow:
    """Takes the place of an executor's own choice of the way, and looks at the other one too."""

    def __init__(self, executor: Executor) -> None:
        self.differences: list[str] = []
        self.compared = 0
        self._executor = executor
        executor._execute = self  # type: ignore[method-assign]

    def __call__(
        self, prepared: Prepared, context: Context, variables: dict[str, Any], name: str | None
    ) -> Answered:
        """The answer of the executor's own way."""
        document = prepared.document
        asked = partial(interpreted, self._executor._schema, document, name)
        plain: Way = lambda at, **more: asked(at, variables, **more)  # noqa: E731
        compiled = self._compiled(document, name)
        if compiled is None:
            return plain(context)
        fast: Way = lambda at: compiled(at, variables)  # noqa: E731
        own, other = (fast, plain) if self._executor._compiles else (plain, fast)
        if WAYS != "both" or not prepared.is_query or _is_watched(context):
            return own(context)
        return self._both(context, own, other, plain, f"{_text(document)}\n{name} {variables}")

    def _compiled(self, document: DocumentNode, name: str | None) -> Compiled | None:
        if self._executor._schema is not core or WAYS == "off":
            return None
        key = (_text(document), name)
        if key not in _KNOWN:
            _KNOWN[key] = compile_operation(core, document, name)
        return _KNOWN[key]

    async def _both(
        self, context: Context, own: Way, other: Way, plain: Way, text: str
    ) -> ExecutionResult:
        """The answer of one way, after that of the other: only one of them holds a connection."""
        outside = partial(self._outside, context)
        census = partial(outside, partial(plain, executor_class=Unpropagated))
        shadow = await outside(other)
        result = own(context)
        if not isinstance(result, ExecutionResult):
            result = await result
        self.compared += 1
        if await _different(summed(result), shadow, census) is None:
            return result
        # Somebody may have written meanwhile, and some figures move by themselves.
        await context.close()
        before, shadow, after = [await outside(way) for way in (own, other, own)]
        found = await _different(after, shadow, census)
        if found is not None and await _different(before, after, census) is None:
            self.differences.append(f"{found}\n{text}")
        return result

    async def _outside(self, context: Context, way: Way) -> Outcome:
        """What a way comes to in a snapshot of its own, at the same moment."""
        again = Context(context.caller, context.database, context.writer, context.outside)
        again.reading.now = context.reading.now
        try:
            return await settled(partial(way, again))
        finally:
            await again.finish()


async def _different(
    expected: Outcome, got: Outcome, census: Callable[[], Awaitable[Outcome]]
) -> str | None:
    expected.is_concurrent = True
    return await difference(expected, got, census, root_of)


def _text(document: DocumentNode) -> str:
    return document.loc.source.body if document.loc else ""


def _is_watched(context: Context) -> bool:
    """Whether somebody counts statements, which must then be those of one execution."""
    database = context.database
    engines = (database.writer, database.reader)
    return any(len(engine.dispatch.before_cursor_execute) for engine in engines)
