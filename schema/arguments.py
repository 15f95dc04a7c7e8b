"""Arguments: from what the executor coerced to what our functions take, by a plan made once.

The framework works out names and types anew for every value of every request. Here each
field's arguments are compiled to a function of the coerced values: names become Python's, input
objects become their classes, everything else stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from strawberry.schema.name_converter import NameConverter
from strawberry.types.base import (
    StrawberryContainer,
    StrawberryList,
    StrawberryObjectDefinition,
)
from strawberry.types.field import StrawberryField

Convert = Callable[[Any], Any]
_NAMES = NameConverter()


class _Plan:
    """The names of Python for those of the schema, and how values are converted that must be."""

    def __init__(self, known: Iterable[tuple[str, str, Any]]) -> None:
        self._names: dict[str, str] = {}
        self._converts: list[tuple[str, Convert]] = []
        for name, python_name, kind in known:
            self._names[name] = python_name
            convert = _of_type(kind)
            if convert is not None:
                self._converts.append((python_name, convert))

    def __call__(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What our functions take for values that were coerced."""
        names = self._names
        given = {names[name]: value for name, value in values.items()}
        for name, convert in self._converts:
            value = given.get(name)
            if value is not None:
                given[name] = convert(value)
        return given


def converter(field: StrawberryField) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The function that makes a field's keyword arguments of its coerced values."""
    return _Plan(
        (_NAMES.from_argument(argument), argument.python_name, argument.type)
        for argument in field.arguments
    )


def _of_type(kind: Any) -> Convert | None:
    """How values of a type are converted, or None when they stay as they are."""
    if isinstance(kind, StrawberryList):
        return _of_items(_of_type(kind.of_type))
    if isinstance(kind, StrawberryContainer):
        return _of_type(kind.of_type)
    definition = getattr(kind, "__strawberry_definition__", None)
    if isinstance(definition, StrawberryObjectDefinition):
        return _of_input(definition.origin)
    return None


def _of_items(convert: Convert | None) -> Convert | None:
    if convert is None:
        return None
    return lambda values: [None if value is None else convert(value) for value in values]


_INPUTS: dict[Any, Convert] = {}


def _of_input(origin: Any) -> Convert:
    if origin in _INPUTS:
        return _INPUTS[origin]
    # An input type may hold itself, so its plan is only made when the first value comes.
    plan: _Plan | None = None

    def convert(value: Mapping[str, Any]) -> Any:
        nonlocal plan
        if plan is None:
            fields = origin.__strawberry_definition__.fields
            plan = _Plan((_NAMES.get_graphql_name(f), f.python_name, f.type) for f in fields)
        return origin(**plan(value))

    _INPUTS[origin] = convert
    return convert
