"""Arguments: from what the executor coerced to what our functions take, by a plan made once.

The framework works out names and types anew for every value of every request. Here each
field's arguments are compiled to a function of the coerced values: names become Python's, input
objects become their classes, everything else stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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


def converter(field: StrawberryField) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """The function that makes a field's keyword arguments of its coerced values."""
    plan = {
        _NAMES.from_argument(argument): (argument.python_name, _of_type(argument.type))
        for argument in field.arguments
    }
    return lambda values: _converted(plan, values)


def _converted(
    plan: Mapping[str, tuple[str, Convert | None]], values: Mapping[str, Any]
) -> dict[str, Any]:
    given = {}
    for name, value in values.items():
        python_name, convert = plan[name]
        given[python_name] = value if convert is None or value is None else convert(value)
    return given


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
    plan: dict[str, tuple[str, Convert | None]] = {}

    def convert(value: Mapping[str, Any]) -> Any:
        if not plan:
            fields = origin.__strawberry_definition__.fields
            plan.update(
                {_NAMES.get_graphql_name(f): (f.python_name, _of_type(f.type)) for f in fields}
            )
        return origin(**_converted(plan, value))

    _INPUTS[origin] = convert
    return convert
