"""Facts as JSON and back: what a fact holds beside its columns.

A value is read back by the type that its fact declares: decimals and dates were written as text,
tuples as lists, facts as objects.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

Read = Callable[[Any], Any]


def to_text(value: Any) -> str:
    """A value as JSON text."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return {
        field.name: getattr(value, field.name)
        for field in fields(value)
        if getattr(value, field.name) is not None
    }


@cache
def reader(kind: Any) -> Read:
    """What makes a value of a declared type of what JSON gave."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        (inner,) = (part for part in parts if part is not type(None))
        read = reader(inner)
        return lambda value: None if value is None else read(value)
    if origin is tuple:
        read = reader(parts[0])
        return lambda value: tuple(read(each) for each in value)
    if is_dataclass(kind):
        return _fact_reader(kind)
    if kind is Decimal or (isinstance(kind, type) and issubclass(kind, Enum)):
        return kind
    if kind in {date, datetime}:
        from_text: Read = kind.fromisoformat
        return from_text
    if kind in {str, int, bool} or (origin is not None and issubclass(origin, Mapping)):
        return lambda value: value
    raise TypeError(kind)


def _fact_reader(kind: Any) -> Read:
    readers = {name: reader(hint) for name, hint in get_type_hints(kind).items()}

    def read(value: Any) -> Any:
        return kind(**{name: readers[name](part) for name, part in value.items()})

    return read
