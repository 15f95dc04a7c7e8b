"""An execution of which all is well: root fields that are operations are run, and answered.

No executor of graphql-core is made for it. What an operation has come to that is odd, as it has
failed or its value is not what its type says, is given to one, which says what becomes of it; the
operations beside it go on, and are not asked again. What goes wrong before any has begun is given
to it whole.
"""

from __future__ import annotations

from collections.abc import Awaitable, Coroutine
from typing import Any

from graphql import ExecutionResult, GraphQLError
from graphql.execution.values import VariableValues
from graphql.pyutils import gather_with_cancel

from schema.compiled.running import Program, Root, Running


class Run:
    """One execution of a program whose root fields all are operations, or names of types."""

    __slots__ = ("_context", "_core", "_program", "_root_value", "_variables")

    def __init__(
        self, program: Program, variables: VariableValues, context_value: Any, root_value: Any
    ) -> None:
        self._program = program
        self._variables = variables
        self._context = context_value
        self._root_value = root_value
        self._core: Running | None = None

    def __call__(self) -> ExecutionResult | Awaitable[ExecutionResult]:
        """The result, or what gives it: mutations one after another, all else side by side."""
        program = self._program
        if program.is_serial:
            return self._serially()
        begun: list[Coroutine[Any, Any, Any]] = []
        try:
            for root in program.roots.values():
                begun.append(root.begun(self._context, self._variables))  # noqa: PERF401  they are closed if one fails
        except Exception:  # noqa: BLE001  graphql-core finds it again, and says what it is
            for each in begun:
                each.close()
            return self._running().run()
        return self._together(begun) if begun else ExecutionResult(program.names.copy())

    async def _serially(self) -> ExecutionResult:
        data = self._program.names.copy()
        try:
            for root in self._program.roots.values():
                data[root.selected.key] = await self._value(root)
        except GraphQLError as error:
            return self._running().nothing(error)
        return self._result(data)

    async def _together(self, begun: list[Coroutine[Any, Any, Any]]) -> ExecutionResult:
        data = self._program.names.copy()
        roots = self._program.roots.values()
        values = [self._value(root, each) for root, each in zip(roots, begun, strict=True)]
        try:
            found = await gather_with_cancel(*values) if len(values) > 1 else [await values[0]]
        except GraphQLError as error:
            return self._running().nothing(error)
        for root, value in zip(roots, found, strict=True):
            data[root.selected.key] = value
        return self._result(data)

    async def _value(self, root: Root, begun: Awaitable[Any] | None = None) -> Any:
        """What the answer holds for what an operation comes to, which begins now or has begun."""
        try:
            found = await (begun or root.begun(self._context, self._variables))
        except Exception as error:  # noqa: BLE001  graphql-core says what becomes of it
            return await self._running().settled(root, error)
        if root.complete is not None:
            try:
                return root.complete(None, found, None, None)
            except Exception:  # noqa: BLE001, S110  graphql-core finds it again, and says what it is
                pass
        return await self._running().settled(root, found)

    def _result(self, data: dict[str, Any]) -> ExecutionResult:
        return ExecutionResult(data) if self._core is None else self._core.result(data)

    def _running(self) -> Running:
        """The executor that looks at what is odd, one for all of it."""
        if self._core is None:
            self._core = Running(self._program, self._variables, self._context, self._root_value)
        return self._core
