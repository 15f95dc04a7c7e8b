"""Values of input types at random: good ones, wrong ones, and how a document writes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    Undefined,
    coerce_input_value,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
    is_required_input_field,
)

from ledger.errors import LedgerError

Pool = tuple[Sequence[Any], Sequence[Any]]
"""Good values, and wrong ones, of a scalar, as JSON has them."""

BUILT_IN: Mapping[str, Pool] = {
    "Int": ((0, 1, -3, 2_147_483_647, 12), (2**31, "1", 1.5, True, [])),
    "Float": ((0, 1.5, -2, 3e10), ("1.5", False, {})),
    "String": (
        ("", "text", 'a "quoted"\nline', "ünïcödé", "\u2028 $var {"),
        (1, True, ["text"], {"a": 1}),
    ),
    "Boolean": ((True, False), (0, "true", [])),
    "ID": (("a1", "", 7, "tra_1"), (1.5, True, {})),
}


@dataclass(frozen=True, slots=True)
class Hints:
    """What a schema needs to be asked with: values by scalar, by argument, by field and argument.

    The arguments named in `always` get that value, always, as a literal; those in `never` are left
    out. `nulls` is the share of nulls among values that may be null.
    """

    scalars: Mapping[str, Pool] = field(default_factory=dict)
    arguments: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    fields: Mapping[str, Mapping[str, Sequence[Any]]] = field(default_factory=dict)
    always: Mapping[str, Any] = field(default_factory=dict)
    never: frozenset[str] = frozenset()
    nulls: float = 0.1

    def pool(self, scalar: str) -> Pool:
        """The values of a scalar."""
        return self.scalars.get(scalar) or BUILT_IN[scalar]

    def for_argument(self, asked: str, name: str, kind: Any) -> Sequence[Any] | None:
        """Good values of an argument of a field, when its type alone does not tell."""
        found = self.fields.get(asked, {}).get(name) or self.arguments.get(name) or ()
        return [value for value in found if _fits(value, kind)] or None


@dataclass(frozen=True, slots=True)
class Variable:
    """A place in a value where a variable stands."""

    name: str


@dataclass(slots=True)
class Declared:
    """A variable as operations declare it; `text` is its type, `default` a literal or nothing."""

    name: str
    kind: Any
    default: str | None
    choices: Sequence[Any] | None

    @property
    def text(self) -> str:
        """The declaration."""
        return f"${self.name}: {self.kind}" + ("" if self.default is None else f" = {self.default}")


class Values:
    """Draws values by type."""

    def __init__(self, draw: Random, hints: Hints) -> None:
        self.draw = draw
        self.hints = hints

    def good(self, kind: Any, choices: Sequence[Any] | None = None, depth: int = 0) -> Any:
        """A value of a type; of `choices` if there are any."""
        if is_non_null_type(kind):
            return self._good(kind.of_type, choices, depth)
        is_null = self.draw.random() < self.hints.nulls
        return None if is_null else self._good(kind, choices, depth)

    def _good(self, kind: Any, choices: Sequence[Any] | None, depth: int) -> Any:
        if choices:
            return self.draw.choice(choices)
        if is_list_type(kind):
            if self.draw.random() < 0.15 and depth < 1:
                return self._good(_inner(kind.of_type), None, depth + 1)  # one stands for a list
            return [
                self.good(kind.of_type, None, depth + 1) for _ in range(self.draw.randint(0, 2))
            ]
        if is_input_object_type(kind):
            return self._object(kind, depth)
        if is_enum_type(kind):
            return self.draw.choice(list(kind.values))
        return self.draw.choice(self.hints.pool(kind.name)[0])

    def _object(self, kind: Any, depth: int) -> dict[str, Any]:
        fields = kind.fields
        if kind.is_one_of:
            name = self.draw.choice(list(fields))
            return {name: self._good(fields[name].type, None, depth + 1)}
        found = {}
        for name, each in fields.items():
            if is_required_input_field(each) or (depth < 2 and self.draw.random() < 0.4):
                choices = self.hints.for_argument(kind.name, name, each.type)
                found[name] = self.good(each.type, choices, depth + 1)
        if self.draw.random() < 0.3:
            return dict(reversed(found.items()))
        return found

    def wrong(self, kind: Any) -> Any:
        """A value that is not of the type, or one with something in it that is not."""
        if is_non_null_type(kind):
            return None if self.draw.random() < 0.3 else self.wrong(kind.of_type)
        if is_list_type(kind):
            return [self.good(kind.of_type, None, 1), self.wrong(kind.of_type)]
        if is_input_object_type(kind):
            made = self._object(kind, 1)
            name = self.draw.choice([*kind.fields, "unknownMember"])
            known = kind.fields.get(name)
            return {**made, name: self.wrong(known.type) if known and len(made) < 9 else 1}
        if is_enum_type(kind):
            return self.draw.choice(["NOBODY", 1, "", ["RED"], {}])
        wrong = self.hints.pool(kind.name)[1]
        return self.draw.choice(wrong) if wrong else self.draw.choice(BUILT_IN["ID"][1])


def _fits(value: Any, kind: Any) -> bool:
    try:
        return coerce_input_value(value, kind) is not Undefined
    except LedgerError:
        return False


def _inner(kind: Any) -> Any:
    return kind.of_type if is_non_null_type(kind) else kind


def literal(kind: Any, value: Any) -> str:
    """A value as a document writes it, variables in it included."""
    kind = _inner(kind)
    if isinstance(value, Variable):
        return f"${value.name}"
    if is_list_type(kind) and isinstance(value, list):
        return f"[{', '.join(literal(kind.of_type, each) for each in value)}]"
    if is_list_type(kind):
        return literal(kind.of_type, value)
    if is_input_object_type(kind) and value is not None:
        members = (f"{name}: {literal(kind.fields[name].type, v)}" for name, v in value.items())
        return f"{{{', '.join(members)}}}"
    return str(value) if is_enum_type(kind) and value is not None else _plain(value)


def _plain(value: Any) -> str:
    """A value of a scalar, whatever the scalar takes."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_plain(v)}' for name, v in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_plain, value))}]"
    return json.dumps(value)
