"""Facts that are made by the thousand: frozen, and made as fast as if they were not.

A frozen dataclass puts down each of its fields past its own refusal to be changed, which takes
several times as long as putting it down. So a fact is filled while it is open, as one of another
class with the same fields; then it becomes what it is, and nothing can be changed in it any more.
"""

from __future__ import annotations

from dataclasses import field, fields, make_dataclass
from operator import attrgetter
from typing import Any, TypeVar

T = TypeVar("T")


def quick(kind: type[T]) -> type[T]:
    """The same frozen dataclass, which has slots, made in less than half of the time."""
    opened = _opened(kind)

    def made(cls: type[T], *values: object, **named: object) -> T:
        fact: T = opened(*values, **named)
        fact.__class__ = cls
        return fact

    type.__setattr__(kind, "__new__", made)
    type.__delattr__(kind, "__init__")
    _KINDS[kind] = (opened, attrgetter(*(each.name for each in fields(opened))))
    return kind


def changed(fact: T, **changes: object) -> T:
    """What `dataclasses.replace` makes of a fact whose class is `quick`, in a fifth of the time."""
    kind = type(fact)
    opened, values = _KINDS[kind]
    copy: T = opened(*values(fact))
    for name, value in changes.items():
        setattr(copy, name, value)
    copy.__class__ = kind
    return copy


def _opened(kind: Any) -> Any:
    """The class with the same fields, of which they may be set."""
    same = [
        (each.name, each.type, field(default=each.default, default_factory=each.default_factory))
        for each in fields(kind)
    ]
    return make_dataclass(kind.__name__, same, slots=True)


_KINDS: dict[type, tuple[Any, attrgetter[Any]]] = {}
