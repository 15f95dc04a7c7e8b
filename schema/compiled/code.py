"""Python that is written: functions, line by line, and what their names are bound to.

Nothing that a caller wrote is put into it but response keys, each as `repr` of a name of GraphQL;
all else are numbered names, bound to their values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from schema.compiled.oddities import OddError, UncompilableError

_DEEPEST = 60
"""Blocks within each other; Python takes a hundred."""


class Code:
    """The functions of one piece of code; `names` are bound before any other."""

    def __init__(self, **names: Any) -> None:
        self._names: dict[str, Any] = {"OddError": OddError, **names}
        self._functions: list[str] = []
        self._count = 0

    def compiled(self) -> dict[str, Callable[..., Any]]:
        """The functions by their names."""
        source = "\n\n".join(self._functions)
        exec(compile(source, "<compiled document>", "exec"), self._names)  # noqa: S102  our own
        return self._names

    def add(self, lines: list[str]) -> None:
        """Add a function."""
        self._functions.append("\n".join(lines))

    def bound(self, value: Any) -> str:
        """A name that is bound to a value."""
        name = self.named("c")
        self._names[name] = value
        return name

    def variable(self) -> str:
        """A name that nothing else has."""
        return self.named("v")

    def named(self, letter: str) -> str:
        """A name that nothing else has, and that begins with a letter."""
        self._count += 1
        return f"{letter}{self._count}"


class Function:
    """One function as it is written; `head` is its first line."""

    def __init__(self, code: Code, head: str) -> None:
        self._code = code
        self._lines = [head]
        self._depth = 1

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is written meanwhile stands below a line."""
        self.write(head)
        self._depth += 1
        if self._depth > _DEEPEST:
            raise UncompilableError
        yield
        self._depth -= 1

    def write(self, *lines: str) -> None:
        """Add lines where the function stands."""
        indent = "    " * self._depth
        self._lines += [indent + line for line in lines]

    def end(self, line: str) -> None:
        """Add the last line, and the function to the code."""
        self.write(line)
        self._code.add(self._lines)
