"""A schema made of hard cases: what its fields do when they are asked.

Some resolve at once, some are awaited, some are attributes of nodes or entries of mappings; any
of them may fail, by lots (see `hard_world`). Mutations tell a log what they do, and when. Where
it is `operated`, all root fields are operations, as those of our own schema are: they do the same.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from compiled.hard_types import BASES, WRAPPINGS, field_name, types
from compiled.hard_world import BrokenError, Facts, Source, World
from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_object_type

from schema.wiring import Operated

Resolve = Callable[..., Any]

ATTRIBUTES = {"thing", "fussy"}
SLOW = {"slow0", "slow1", "slowPerson", "slowOwner"}
AT_ONCE = {"cell0", "cell1", "persons", "founds", "named", "things", "luck", "lucks", "luckN"}


def place(source: Any, info: Any) -> str:
    """Where a field stands among all values."""
    return f"{getattr(source, 'key', 'root')}.{info.field_name}"


def at_once(source: Any, info: Any, **_: Any) -> Any:
    """Resolve by a plain function."""
    world: World = info.context
    world.calls[place(source, info)] += 1
    return world.worth(info.return_type, place(source, info))


async def awaited(source: Any, info: Any, **_: Any) -> Any:
    """Resolve by a coroutine function."""
    world: World = info.context
    where = place(source, info)
    world.calls[where] += 1
    await world.wait(where)
    return world.worth(info.return_type, where)


def late(source: Any, info: Any, **_: Any) -> Any:
    """Resolve to a list, of which some items are still awaited."""
    world: World = info.context
    world.waited += 1
    where = place(source, info)

    async def item(at: int) -> Any:
        await world.wait(f"{where}.{at}")
        return world.worth(info.return_type.of_type, f"{where}.{at}")

    return [item(at) if world.lot(f"{where}.{at}") < 0.7 else None for at in range(3)]


def odd(source: Any, info: Any, **_: Any) -> Any:
    """Resolve to a list with an exception and a null in it, among good items."""
    world: World = info.context
    items = [1, "2", None, BrokenError("an item"), "x", 6]
    return items[: 1 + int(world.lot(place(source, info)) * len(items))]


def boom(source: Any, info: Any, **_: Any) -> Any:
    """Fail, most times."""
    world: World = info.context
    if world.lot(f"boom {place(source, info)}") < 0.2:
        return "no boom"
    raise BrokenError(f"boom at {place(source, info)}")


async def slow_boom(source: Any, info: Any, **_: Any) -> Any:
    """Fail, most times, after a while."""
    await info.context.wait(place(source, info))
    return boom(source, info)


def about(_source: Any, info: Any, **_: Any) -> str:
    """Tell all that a resolver is told."""
    return repr(
        (
            info.field_name,
            [(node.loc.start, node.loc.end) for node in info.field_nodes],
            str(info.return_type),
            info.parent_type.name,
            info.path.as_list(),
            [info.path.typename, info.path.prev and info.path.prev.typename],
            info.schema.query_type.name,
            sorted(info.fragments),
            info.root_value,
            info.operation.loc.start,
            info.variable_values.coerced,
        )
    )


def where(_source: Any, info: Any, **_: Any) -> Any:
    """Tell the path."""
    return [info.path.typename, *info.path.as_list()]


def echo(_source: Any, _info: Any, **given: Any) -> str:
    """Tell the arguments, with their types and in their order."""
    return repr(given)


def _name_of(value: Any, _info: Any, _kind: Any) -> Any:
    claims = value.claims
    if claims == "raise":
        raise BrokenError(f"{value} is of no type")
    return claims


def _is(kind: str) -> Resolve:
    def is_type_of(value: Any, _info: Any) -> bool:
        return isinstance(value, Source | Facts) and value.kind == kind

    return is_type_of


# Mutations


def write(_source: Any, info: Any, word: str, **_: Any) -> Any:
    """Put a word into the log."""
    world: World = info.context
    world.log.append(f"{info.field_name} {word}")
    return world.worth(info.return_type, f"written.{word}.{len(world.log)}")


async def slow_write(_source: Any, info: Any, word: str, **given: Any) -> Any:
    """Put a word into the log, and after a while that it is there."""
    world: World = info.context
    world.log.append(f"begin {info.field_name} {word} {given}")
    await world.wait(f"{word}.{len(world.log)}")
    world.log.append(f"end {info.field_name} {word}")
    return world.worth(info.return_type, f"written.{word}.{len(world.log)}")


def words(_source: Any, info: Any) -> list[str]:
    """Tell what the log says by now."""
    return list(info.context.log)


async def slow_words(_source: Any, info: Any) -> list[str]:
    """Tell what the log says after a while."""
    await info.context.wait("words")
    return list(info.context.log)


def fail(_source: Any, info: Any, word: str = "") -> Any:
    """Fail, or not, and say so in the log."""
    world: World = info.context
    world.log.append(f"{info.field_name} {word}")
    if world.lot(f"{info.field_name} {len(world.log)}") < 0.5:
        raise BrokenError(f"failed at {len(world.log)}")
    return len(world.log)


async def slow_fail(_source: Any, info: Any) -> Any:
    """Fail, or not, after a while."""
    info.context.log.append("begin slowFail")
    await info.context.wait(f"fail {len(info.context.log)}")
    return fail(_source, info)


SPECIAL: dict[str, Resolve] = {
    "about": about,
    "place": where,
    "late": late,
    "lateCells": late,
    "odd": odd,
    "oddN": odd,
    "boom": boom,
    "boomN": boom,
    "slowBoom": slow_boom,
    "slowBoomN": slow_boom,
    "echo": echo,
    "need": echo,
    "hollow": at_once,
    **dict.fromkeys(SLOW, awaited),
    **dict.fromkeys(AT_ONCE, at_once),
    **{
        field_name(base, wrapping): awaited if base.startswith("slow") else at_once
        for base in BASES
        for wrapping in WRAPPINGS
        if base not in ATTRIBUTES
    },
}
MUTATIONS: dict[str, Resolve] = {
    "write": write,
    "writeN": write,
    "slowWrite": slow_write,
    "slowWriteN": slow_write,
    "words": words,
    "slowWords": slow_words,
    "lucky": at_once,
    "fail": fail,
    "slowFail": slow_fail,
    "failN": fail,
}


@dataclass(frozen=True, slots=True)
class Operation:
    """What is declared of a root field that does as operations what a resolver of it does."""

    resolve: Resolve
    field_name: str
    return_type: Any

    @dataclass(frozen=True, slots=True)
    class Asked:
        """What a resolver that is run as an operation is told."""

        context: World
        field_name: str
        return_type: Any

    def converted(self, raw: Any) -> dict[str, Any]:
        """The arguments by name."""
        return dict(raw)

    async def run(self, world: World, _steps: Any, _raw: Any, /, **given: Any) -> Any:
        """Resolve, and wait for what is still at work."""
        asked = self.Asked(world, self.field_name, self.return_type)
        value = self.resolve(None, asked, **given)
        return await value if inspect.iscoroutine(value) else value


def hard_schema(*, operated: bool = False) -> GraphQLSchema:
    """The schema; each execution of it needs a `World` of its own as its context."""
    schema = types()
    for named in schema.type_map.values():
        if is_object_type(named) and not named.name.startswith("__"):
            _resolve(named, MUTATIONS if named.name == "Mutation" else SPECIAL)
    of: dict[str, Any] = schema.type_map
    if operated:
        _operate(of["Query"])
        _operate(of["Mutation"])
    of["Thing"].resolve_type = of["Luck"].resolve_type = _name_of
    for name in ("Box", "Person", "Stone"):
        of[name].is_type_of = _is(name)
    return schema


def _resolve(kind: GraphQLObjectType, special: dict[str, Resolve]) -> None:
    for name, field in kind.fields.items():
        field.resolve = special.get(name)
        if kind.name == "Person" and get_named_type(field.type).name == "Luck":
            field.resolve = None  # an entry of a mapping, like the others of a person


TOLD = {"about", "place"}
"""Resolvers that tell what only a resolver is told."""


def _operate(root: GraphQLObjectType) -> None:
    for name, field in root.fields.items():
        resolve = at_once if name in TOLD else field.resolve or at_once
        field.resolve = Operated(Operation(resolve, name, field.type))  # type: ignore[arg-type]  # it is asked for no more
