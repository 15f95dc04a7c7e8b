"""What a schema of hard cases answers with: by lots, the same for the same seed and place.

A value depends on the seed and on where it belongs alone, never on when it is asked for, so that
two executions of a document get the same values in whatever order they ask.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from compiled.hard_types import COLORS, Mood
from graphql import (
    GraphQLError,
    GraphQLSchema,
    Undefined,
    is_abstract_type,
    is_enum_type,
    is_list_type,
    is_non_null_type,
    is_object_type,
)

from ledger.errors import LedgerError, Reason

NULLS = 0.06
"""How many of the values that may be null are."""

GOOD: Mapping[str, tuple[Any, ...]] = {
    "Int": (0, 1, -5, 42, 2_147_483_647, 3.0, "12", True),
    "Float": (0.5, 1, -2.25, 1e300, "2.5", False),
    "String": ("", "plain", 'quo"te\n', "ünïcödé ☃", 7, 2.5, True),
    "Boolean": (True, False, 0, 1),
    "ID": ("a1", 17, "0"),
    "Fussy": (0, 1, 2, 5, 8),
    "Shout": ("hey", "you"),
    "Blob": ({"b": 1, "a": [None, 2]}, [1, "two"], "three", 4, False),
    "Hollow": ("anything",),
    "Color": tuple(COLORS.values()),
    "Mood": tuple(Mood),
}
WRONG: Mapping[str, tuple[Any, ...]] = {
    "Int": (2**31, -(2**40), "text", 1.5, math.inf, math.nan, [], {"a": 1}, ""),
    "Float": (math.inf, math.nan, "text", [], ""),
    "String": ([], {"a": 1}, ["x"]),
    "Boolean": ("yes", [], math.nan),
    "ID": (1.5, [], {}),
    "Fussy": (3, 4, "undefined", "text"),
    "Color": ("RED", 9, [], None),
    "Mood": ("CALM", "calm", 3),
}
"""Values that cannot be written as what they should be."""

GHOSTS: tuple[Any, ...] = (None, "Ghost", "Cell", "Named", "Color", 7, "raise")
"""What a thing may say its type to be, when it is none."""


class BrokenError(Exception):
    """What nobody foresaw."""


class Source:
    """A node whose fields are attributes, found when they are asked for."""

    def __init__(self, world: World, kind: str, key: str, claims: Any = None) -> None:
        self.world = world
        self.kind = kind
        self.key = key
        self.claims = kind if claims is None else claims
        self.__typename = kind if kind in {"Jar", "Cell"} else None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self.world.attribute(self.kind, self.key, name)

    def __repr__(self) -> str:
        return f"<{self.kind} {self.key}>"


class Facts(Mapping[str, Any]):
    """A node that is a mapping."""

    def __init__(self, world: World, kind: str, key: str) -> None:
        self.world = world
        self.kind = self.claims = kind
        self.key = key

    def __getitem__(self, name: str) -> Any:
        if name == "__typename":
            return None if self.kind == "Person" else self.kind
        try:
            return self.world.attribute(self.kind, self.key, name)
        except AttributeError:
            raise KeyError(name) from None

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __repr__(self) -> str:
        return f"<facts of {self.kind} {self.key}>"


@dataclass
class World:
    """The context of one execution: its lots, and what it has done to them.

    `mischief` is the share of values that are not what they should be. `pace` says how much longer
    some of what is awaited takes than other, which no answer depends on. `log` has the effects of
    mutations in their order, `calls` how often each resolver ran, `waited` how many were awaited.
    """

    schema: GraphQLSchema
    seed: int
    mischief: float = 0.05
    pace: int = 1
    log: list[str] = field(default_factory=list)
    calls: Counter[str] = field(default_factory=Counter)
    waited: int = 0

    def root(self) -> Source | None:
        """The root value: mostly a node, sometimes none."""
        return None if self.lot("root value") < 0.1 else Source(self, "Query", "root")

    def lot(self, key: str) -> float:
        """A number from 0 to 1 for a place."""
        return crc32(f"{self.seed}/{key}".encode()) / 2**32

    def pick(self, key: str, choices: Any) -> Any:
        """One of several for a place."""
        return choices[int(self.lot(f"pick {key}") * len(choices))]

    async def wait(self, key: str) -> None:
        """Take a while, longer for some places than for others."""
        self.waited += 1
        turns = int(self.lot(f"ticks {key}") * 4)
        for _ in range(turns * self.pace if self.pace > 0 else (3 - turns) * -self.pace):
            await asyncio.sleep(0)

    def attribute(self, kind: str, key: str, name: str) -> Any:
        """What a node has by the name of a field."""
        fields = self.schema.type_map[kind].fields  # type: ignore[attr-defined]
        if name not in fields or name == "missing":
            raise AttributeError(name)
        place = f"{key}.{name}"
        if fields[name].args:
            return self._method(place, fields[name].type)
        return self.worth(fields[name].type, place)

    def _method(self, place: str, kind: Any) -> Callable[..., Any]:
        def method(info: Any, **given: Any) -> Any:
            self.calls[place] += 1
            if given.get("word") or given.get("prefix"):
                return [f"{given}", info.field_name] if is_list_type(kind) else f"{given}"
            return self.worth(kind, f"{place}{given}")

        return method

    def worth(self, kind: Any, place: str) -> Any:
        """A value of a type for a place; it may raise, or be wrong."""
        if self.lot(f"mischief {place}") < self.mischief:
            return self._mischief(kind, place)
        if is_non_null_type(kind):
            return self._worth(kind.of_type, place)
        return None if self.lot(f"null {place}") < NULLS else self._worth(kind, place)

    def _worth(self, kind: Any, place: str) -> Any:
        if is_list_type(kind):
            most = 3 if place.count(".") < 3 else 2 if place.count(".") < 5 else 1
            size = int(self.lot(f"size {place}") * (most + 1))
            items = [self._item(kind.of_type, f"{place}.{at}") for at in range(size)]
            return self._listed(place, items)
        if is_abstract_type(kind):
            possible = self.schema.get_possible_types(kind)
            return self._node(self.pick(place, possible).name, place)
        if is_object_type(kind):
            return self._node(kind.name, place)
        return self.pick(place, GOOD[kind.name])

    def _node(self, kind: str, place: str) -> Source | Facts:
        return (Facts if kind in {"Person", "Stone"} else Source)(self, kind, place)

    def _item(self, kind: Any, place: str) -> Any:
        try:
            return self.worth(kind, place)
        except Exception as problem:  # noqa: BLE001  an item that is a problem is an exception
            return problem

    def _listed(self, place: str, items: list[Any]) -> Any:
        """The items as a list, most times, or as another thing that has items."""
        lot = self.lot(f"listed {place}")
        if lot < 0.75:
            return items
        others: tuple[Callable[[], Any], ...] = (
            lambda: tuple(items),
            lambda: (item for item in items),
            lambda: dict(enumerate(items)).values(),
            lambda: iter(items),
        )
        return self.pick(f"listed {place}", others)()

    def _mischief(self, kind: Any, place: str) -> Any:
        named = kind
        while hasattr(named, "of_type"):
            named = named.of_type
        wrong = [
            lambda: self._raise(place),
            lambda: self._raise(place),
            lambda: BrokenError(f"{place} is broken"),
            lambda: None,
            lambda: None,
            lambda: self._wrong(kind, named, place),
            lambda: self._wrong(kind, named, place),
            lambda: Undefined,
        ]
        return self.pick(f"mischief {place}", wrong)()

    def _raise(self, place: str) -> Any:
        raise self.pick(
            f"raise {place}",
            (
                LedgerError(Reason.NOT_FOUND, f"{place} is not there.", "Look.", {"at": place}),
                LedgerError(Reason.INVALID_VALUE, f"{place} is odd.", field="odd"),
                BrokenError(f"{place} broke"),
                KeyError(place),
                GraphQLError(f"{place} said so.", extensions={"place": place, "code": 3}),
                GraphQLError(f"{place} has a path.", path=["else", 1]),
                ZeroDivisionError(),
            ),
        )

    def _wrong(self, kind: Any, named: Any, place: str) -> Any:
        """A value that is none of the type: of a list no list, of a node one of another type."""
        inner = kind.of_type if is_non_null_type(kind) else kind
        if is_list_type(inner):
            others = (5, "text", {"a": 1}, b"bytes", self._breaking(inner.of_type, place), object)
            return self.pick(f"wrong {place}", others)
        if is_object_type(named):
            return Source(self, "Box" if named.name == "Cell" else "Cell", place)
        if is_abstract_type(named):
            return Source(self, "Box", place, self.pick(f"ghost {place}", GHOSTS))
        if is_enum_type(named) or named.name in WRONG:
            return self.pick(f"wrong {place}", WRONG[named.name])
        return None

    def _breaking(self, kind: Any, place: str) -> Iterator[Any]:
        """Items that end in a failure."""
        yield self._item(kind, f"{place}.0")
        raise BrokenError(f"{place} ended too early")
