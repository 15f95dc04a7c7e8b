"""Documents of our own schema, executed on filled books by graphql-core and compiled, compared."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from compiled.comparing import (
    Answered,
    Outcome,
    Told,
    Unpropagated,
    difference,
    interpreted,
    root_of,
    settled,
)
from compiled.differing import COLLECTED, Other, Tally, count, is_compiled, is_straight
from compiled.documents import Asked, Shape, written
from compiled.values import Hints
from graphql import DocumentNode, parse, validate
from house import Client, House
from walking import ELSE, ID_OF, IDS, VALUES, Good

from resolvers.gate import Caller
from schema import core
from schema.context import Context

SHAPES = (
    Shape(depth=4, fields=20, breadth=3, mutations=0.2, wrong=0.01, several=0.08, arguments=0.2),
    Shape(depth=6, fields=40, breadth=5, mutations=0.0, wrong=0.01, several=0.08, arguments=0.1),
)
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
"""The moment at which everything is read."""

SCALARS = {
    "Decimal": (("1.00", "12.5", 5), ("x", True)),
    "DateTime": (("2026-01-05", "2026-01-31T10:00:00Z", "2025-12-01"), ("yesterday", 5)),
    "Date": (("2026-01-05", "2026-12-31"), ("2026-02-30",)),
    "Json": (({"a": 1},), ()),
}
PAGES = {
    "limit": (1, 2, 5, 50),
    "first": (1, 2, 10),
    "last": (1, 3),
    "offset": (0, 1),
    "at": ("2026-01-31",),
    "language": ("en", "de"),
    "currency": ("USD", "EUR"),
    "expectedVersion": (1,),
}
UNASKED = frozenset({"after", "before", "idempotencyKey"})
"""Arguments for which there is no good value before something was answered."""

_MINTED = re.compile(r"\b[a-z]{2,5}_[0-9A-HJKMNP-TV-Z]{26}\b")
_SECRET = re.compile(r"\bcl_(live|test)_\w+(…\w+)?")
_INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$")


def hints(made: Mapping[str, str]) -> Hints:
    """What our fields are asked with, in an organization that is `filled`."""
    arguments = {name: (value,) for name, value in Good(made)._values.items()}
    arguments |= {name: (made[word],) for name, word in _each(IDS).items()} | PAGES
    arguments["ids"] = ([made["entry"]], [made["invoice"], made["account"]], [])
    fields: dict[str, dict[str, Any]] = {}
    for name, word in _each(ID_OF).items():
        for kind in ("Query", "Mutation"):
            fields[f"{kind}.{name}"] = {"id": (made[word],)}
    everything = [made[word] for word in sorted(made)]
    fields["Query.node"] = {"id": everything}
    for name, given in ELSE.items():
        for kind in ("Query", "Mutation"):
            more = {key: (value,) for key, value in given.items()}
            fields[f"{kind}.{name}"] = fields.get(f"{kind}.{name}", {}) | more
    names = {name for name in VALUES if name in {"code", "name"}}
    arguments |= {name: (VALUES[name], "1000", "Nobody") for name in names}
    return Hints(SCALARS, arguments, fields, {"dryRun": True}, UNASKED, nulls=0.02)


def _each(table: Mapping[str, str]) -> dict[str, str]:
    return {name: word for names, word in table.items() for name in names.split()}


class Books:
    """Filled books, asked documents one after the other; nothing is ever stored in them."""

    def __init__(self, house: House, caller: Caller, made: Mapping[str, str]) -> None:
        self._house = house
        self._caller = caller
        self._known = set(made.values())
        self._hints = hints(made)

    @classmethod
    async def of(cls, house: House, client: Client, made: Mapping[str, str]) -> Books:
        """The books of an organization that is `filled`, as its own key sees them."""
        gate = house.app.house.gate
        caller = await gate.authenticate(f"Bearer {client.key}", "req_test", "graphql")
        return cls(house, caller, made)

    async def run(self, seeds: range, other: Other, most: int = 5) -> Tally:
        """Compare the documents of some seeds, up to so many differences."""
        tally = Tally()
        for seed in seeds:
            asked = written(core, seed, self._hints, SHAPES[seed % len(SHAPES)])
            await self.compare(seed, asked, other, tally)
            if len(tally.differences) >= most:
                break
            if tally.seen % COLLECTED == 0:
                gc.collect()
        return tally

    async def compare(self, seed: int, asked: Asked, other: Other, tally: Tally) -> None:
        """Compare one document, and count it: with all its variables, one after another."""
        document = parse(asked.text)
        prepared = other(core, document, asked.operation_name)
        tally.seen += 1
        for at, given in enumerate(asked.sent):
            ask = partial(_reference, document, asked.operation_name, given)
            expected = await self._outcome(ask)
            if at == 0:
                count(tally, expected)
            if prepared is None:
                return
            got = await self._outcome(partial(_call, prepared, given))
            census = partial(self._outcome, partial(ask, executor_class=Unpropagated))
            found = await difference(expected, got, census, root_of)
            if found is not None and await self._is_steady(ask, expected):
                if not validate(core, document):
                    tally.differences.append(f"seed {seed}, variables {at}: {found}\n{asked}")
                    return
                tally.invalid += 1
        tally.compiled += is_compiled(prepared)
        tally.straight += is_straight(prepared)

    async def _is_steady(self, ask: Callable[..., Answered], before: Outcome) -> bool:
        """Whether graphql-core would say the same again: some figures move by themselves."""
        again = await self._outcome(ask)
        return (again.data, again.errors) == (before.data, before.errors)

    async def _outcome(self, ask: Callable[[Context], Answered]) -> Outcome:
        inside = self._house.app.house
        context = Context(self._caller, inside.database, inside.writer, inside.outside)
        context.reading.now = NOW
        try:
            outcome = await settled(partial(ask, context))
        finally:
            await context.finish()
        outcome.is_concurrent = True
        outcome.effects = [repr(warning) for warning in context.warnings]
        return _Steady(self._known).outcome(outcome)


def _reference(
    document: DocumentNode, name: str | None, given: dict[str, Any], context: Context, **more: Any
) -> Answered:
    answered: Answered = interpreted(core, document, name, context, given, **more)
    return answered


def _call(prepared: Callable[..., Answered], given: dict[str, Any], context: Context) -> Answered:
    return prepared(context, given)


class _Steady:
    """Puts in the place of what is made anew each time what is the same each time."""

    def __init__(self, known: set[str]) -> None:
        self._names: dict[str, str] = {each: each for each in known}

    def outcome(self, outcome: Outcome) -> Outcome:
        """The same outcome, but for new ids, new keys and the time of day."""
        errors = [
            Told(
                self._text(each.message),
                each.path,
                each.locations,
                self._text(each.extensions),
                each.origins,
            )
            for each in outcome.errors
        ]
        return Outcome(
            self._value(outcome.data),
            errors,
            [self._text(each) for each in outcome.effects],
            outcome.calls,
            outcome.is_concurrent,
            outcome.raised and self._text(outcome.raised),
        )

    def _value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._value(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._value(each) for each in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        if _INSTANT.match(text):
            return "an instant"
        return _SECRET.sub("a key", _MINTED.sub(self._name, text))

    def _name(self, found: re.Match[str]) -> str:
        return self._names.setdefault(found[0], f"new {len(self._names)}")
