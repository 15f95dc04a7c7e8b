"""A connection whose driver itself runs what is asked again and again.

What SQLAlchemy does around an execution costs three times what the driver does. So a SELECT that
was executed before, the very same object, is not executed by SQLAlchemy any more: its text, the
order of its parameters and the names and types of its columns were put down, and the driver runs
it. What is asked for the first time and what is no SELECT go the usual way; so does everything
while somebody listens to the statements of the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Dialect, Engine, IteratorResult, Numeric
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.types import TypeEngine

Rows = tuple[Sequence[str], Sequence[Sequence[Any]]]
"""The names of the columns, as far as there are rows, and the rows."""


class Driver(Protocol):
    """A connection of a driver. What it raises is SQLAlchemy's `DBAPIError`."""

    def rows(self, text: str, given: Sequence[Any]) -> Rows:
        """What a statement gives."""

    def many(self, text: str, given: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each of many parameters."""


Argument = tuple[str | None, Any]
"""The name that an argument is given by and what makes it what the driver takes, or itself."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a driver runs a statement that takes so `many` values, and what its rows are."""

    text: str
    many: int
    order: tuple[Argument, ...]
    columns: SimpleResultMetaData

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """The arguments in the order of the text."""
        return [
            of if name is None else given[name] if of is None else of(given[name])
            for name, of in self.order
        ]


_PLANS: WeakKeyDictionary[Any, dict[str, Plan | None]] = WeakKeyDictionary()
"""Plans by statement and engine: none yet for what was executed once, None for what has none."""

_NOTHING: Mapping[str, Any] = {}


class Session(Connection):
    """A connection of SQLAlchemy's, on that of a driver."""

    def __init__(self, engine: Engine, driver: Driver) -> None:
        super().__init__(engine)
        self._driver = driver

    @property
    def _is_watched(self) -> bool:
        return bool(self.dispatch.before_cursor_execute)

    def commit(self) -> None:
        """Not here: a lane ends what it has begun. Raises `RuntimeError`."""
        raise RuntimeError("Return, and the lane commits.")

    def rollback(self) -> None:
        """Not here either. Raises `RuntimeError`."""
        raise RuntimeError("Raise, and the lane undoes.")

    def execute(self, statement: Any, parameters: Any = None, **options: Any) -> Any:
        """What a statement gives."""
        given = _NOTHING if parameters is None else parameters
        if not options and isinstance(given, Mapping):
            plan = _plan_of(statement, self.dialect)
            if plan is not None and plan.many == len(given) and not self._is_watched:
                _, rows = self._driver.rows(plan.text, plan.arguments(given))
                return IteratorResult(plan.columns, iter(rows))
        return super().execute(statement, parameters, **options)

    def scalar(self, statement: Any, parameters: Any = None, **options: Any) -> Any:
        """The first column of the first row, or None."""
        return self.execute(statement, parameters, **options).scalar()

    def scalars(self, statement: Any, parameters: Any = None, **options: Any) -> Any:
        """The first column of every row."""
        return self.execute(statement, parameters, **options).scalars()

    def exec_driver_sql(
        self, statement: str, parameters: Any = None, execution_options: Any = None
    ) -> Any:
        """What a text in the words of the driver gives; nothing when it is run many times."""
        if parameters is None or execution_options or self._is_watched:
            return super().exec_driver_sql(statement, parameters, execution_options)
        if isinstance(parameters, list):
            return self._driver.many(statement, parameters)
        names, rows = self._driver.rows(statement, parameters)
        return IteratorResult(SimpleResultMetaData(names), iter(rows))


def _plan_of(statement: Any, dialect: Dialect) -> Plan | None:
    """The plan of a SELECT, made when it is asked for the second time."""
    kept = _PLANS.get(statement)
    if kept is None:
        if getattr(statement, "is_select", False):
            _PLANS[statement] = {}
        return None
    if dialect.name not in kept:
        kept[dialect.name] = _planned(statement, dialect)
    return kept[dialect.name]


def _planned(statement: Any, dialect: Dialect) -> Plan | None:
    """The plan of a SELECT; None where its text depends on what is given."""
    compiled = statement.compile(dialect=dialect)
    binds: Mapping[str, Any] = compiled.binds
    named = {bind.key for bind in binds.values() if bind.required}
    columns = compiled._result_columns  # noqa: SLF001 (nothing else names them as a result does)
    depends = any((each.required and each.expanding) or each.callable for each in binds.values())
    if depends or any(isinstance(each.type, Numeric) for each in columns):
        return None
    state = compiled.construct_expanded_state(dict.fromkeys(named))
    order: list[Argument] = []
    for name in state.positiontup or ():
        is_whole = name in binds  # others are parts of a list
        make = _writer(binds[name].type, dialect) if is_whole else state.processors.get(name)
        value = state.parameters[name]
        if name in named:
            order.append((name, make))
        else:
            order.append((None, value if make is None else make(value)))
    read: list[Any] = [_reader(each.type, dialect) for each in columns]
    told = SimpleResultMetaData(
        [each.keyname for each in columns], [each.objects for each in columns], _processors=read
    )
    return Plan(state.statement, len(named), tuple(order), told)


def _writer(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value what the driver takes; None where it is that."""
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of the driver's what Python has; None where it is that."""
    return kind.dialect_impl(dialect).result_processor(dialect, None)
