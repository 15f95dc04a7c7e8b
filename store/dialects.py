"""What the two engines say differently: column types, and conditions.

PostgreSQL has types for dates, instants and truth; SQLite keeps them as text and integers that
sort alike.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    DateTime,
    Dialect,
    Integer,
    Text,
    bindparam,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

T = TypeVar("T")

Count = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit integer: amounts in minor units, sequence numbers, versions."""

Word = Text(collation="C").with_variant(Text(), "sqlite")
"""Text that both engines compare and sort by code point."""


class _OfTwo(TypeDecorator[T]):
    """A type that PostgreSQL has, and SQLite keeps as `kept`: `written` and `read` by functions."""

    kept: type[TypeEngine[Any]] = Text
    own: TypeEngine[Any]
    written: Callable[[Any], Any]
    read: Callable[[Any], Any]

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The column type of the engine."""
        return dialect.type_descriptor(self.kept() if dialect.name == "sqlite" else self.own)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """What makes a value what the engine takes; None where it is that."""
        return _unless_none(self.written) if dialect.name == "sqlite" else None

    def result_processor(self, dialect: Dialect, _kind: object) -> Callable[[Any], Any] | None:
        """What makes a value what Python has; None where it is that."""
        return _unless_none(self.read) if dialect.name == "sqlite" else None


def _unless_none(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else make(value)


class Flag(_OfTwo[bool]):
    """True or false; an integer on SQLite, whose STRICT tables know no booleans."""

    impl = Boolean
    cache_ok = True
    kept, own = Integer, Boolean()
    written = staticmethod(int)
    read = staticmethod(bool)


class Day(_OfTwo[date]):
    """A calendar date; ISO text on SQLite, which sorts the same."""

    impl = Date
    cache_ok = True
    own = Date()
    written = staticmethod(date.isoformat)
    read = staticmethod(date.fromisoformat)


class Instant(_OfTwo[datetime]):
    """A moment in UTC to the microsecond; on SQLite ISO text of constant width, which sorts."""

    impl = DateTime
    cache_ok = True
    own = DateTime(timezone=True)
    read = staticmethod(datetime.fromisoformat)

    @staticmethod
    def written(value: datetime) -> str:
        """The text of an instant."""
        return _text_of(value)


@lru_cache(maxsize=256)
def _text_of(value: datetime) -> str:
    # A commit has few of them, and writes them many times.
    return value.astimezone(UTC).isoformat(timespec="microseconds")


_BETWEEN = "\x1f"
"""What stands between texts: no text that is stored has it in it, `ledger.texts` refuses it."""


class _Words(TypeDecorator[Sequence[str]]):
    """A list of texts as one parameter, so that a statement's text does not grow with it.

    SQLite takes it as JSON. To PostgreSQL it is one text too: each element of an array costs its
    driver as much as all of a short text.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        words = list(value or ())
        return json.dumps(words) if dialect.name == "sqlite" else _joined(words)


def _joined(words: Sequence[str]) -> str:
    """Words with what stands between; one that has it in it is like nothing that is stored."""
    text = _BETWEEN.join(words)
    if words and text.count(_BETWEEN) != len(words) - 1:
        return _joined([word for word in words if _BETWEEN not in word])
    # Of nothing no word is made, and of what stands between nothing twice, two that are alike.
    return text if text or not words else _BETWEEN


class _Condition(FunctionElement[bool]):
    """A condition that stands as it is written; compared with 1, SQLite would use no index."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> _Condition:
        del against
        return self


class _Among(_Condition):
    inherit_cache = True
    name = "among"


@compiles(_Among, "sqlite")
def _among_sqlite(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, words = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({words})))"  # noqa: S608 (compiled names)


@compiles(_Among, "postgresql")
def _among_postgresql(element: _Among, compiler: SQLCompiler, **kw: Any) -> str:
    column, words = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"({column} = ANY (string_to_array({words}, E'\\x1f')))"


def among(column: ColumnElement[Any], values: Sequence[str] | str) -> ColumnElement[bool]:
    """Whether a text column holds one of `values`; one statement text for any number of them.

    In place of the values a statement that is made once has the name of its parameter.
    """
    if isinstance(values, str):
        return _Among(column, bindparam(values, type_=_Words()))
    return _Among(column, bindparam(None, list(values), type_=_Words(), unique=True))


class _Holds(_Condition):
    inherit_cache = True
    name = "holds"


@compiles(_Holds, "sqlite")
def _holds_sqlite(element: _Holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, part = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(instr({column}, {part}) > 0)"


@compiles(_Holds, "postgresql")
def _holds_postgresql(element: _Holds, compiler: SQLCompiler, **kw: Any) -> str:
    column, part = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(strpos({column}, {part}) > 0)"


def holds(column: ColumnElement[Any], part: str) -> ColumnElement[bool]:
    """Whether a text column has `part` somewhere in it, exactly."""
    return _Holds(column, bindparam(None, part, type_=Text(), unique=True))


def is_sqlite(connection: Connection) -> bool:
    """Whether the connection is to SQLite."""
    return connection.dialect.name == "sqlite"
