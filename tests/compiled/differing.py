"""Documents of a schema of hard cases, executed by graphql-core and by another, and compared."""

from __future__ import annotations

import asyncio
import gc
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from compiled.comparing import (
    Answered,
    Outcome,
    Unpropagated,
    difference,
    interpreted,
    settled,
)
from compiled.documents import Asked, Shape, written
from compiled.hard_schema import hard_schema
from compiled.hard_world import World
from compiled.values import Hints
from graphql import DocumentNode, GraphQLSchema, parse, validate

SEED = int(os.environ.get("CRANE_DIFFERENTIAL_SEED", "20261"))
"""The first seed of a run; each document has the next one."""

DOCUMENTS = int(os.environ.get("CRANE_DIFFERENTIAL_DOCUMENTS", "5000"))
"""How many documents a run has, on the hard schema and on ours."""

REAL = DOCUMENTS * 2 // 25
"""How many of them are of our schema, on each engine."""

UNAWAITED = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")
"""What graphql-core cancels before it begins is never awaited, which is its own affair."""

HINTS = Hints(
    scalars={
        "Fussy": ((1, 2), ("x",)),
        "Shout": (("hi", "you"), (1, "whisper", [])),
        "Blob": (({"a": [1, None, {"b": "c"}]}, "x", 3, [1, [2]]), ()),
    }
)
COLLECTED = 500
"""After how many documents the garbage is collected (see `conftest`)."""

SHAPES = (Shape(), Shape(depth=4, fields=14, breadth=3), Shape(depth=7, fields=30, breadth=2))
MISCHIEF = (0.0, 0.01, 0.04, 0.15)
"""The shares of values that are not as they should be, by seed."""

Ask = Callable[..., Answered]
Other = Callable[[GraphQLSchema, DocumentNode, str | None], Callable[..., Answered] | None]
"""Prepares a document and the name of its operation; None when it is not for it.

What it gives is called with a context, variables and a root value.
"""


@dataclass(slots=True)
class Tally:
    """What a run of documents came to; those that went `straight` had operations as root fields."""

    seen: int = 0
    compiled: int = 0
    straight: int = 0
    invalid: int = 0
    with_errors: int = 0
    propagated: int = 0
    concurrent: int = 0
    refused: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """How many of the documents were not left to graphql-core."""
        return self.compiled / max(self.seen, 1)


class Hard:
    """The schema of hard cases, asked documents one after the other.

    Two of five seeds have it `operated`: with root fields that are operations, as ours are.
    """

    def __init__(self) -> None:
        self.schema = hard_schema()
        self.operated = hard_schema(operated=True)

    def schema_of(self, seed: int) -> GraphQLSchema:
        """The schema by the same types that the document of a seed is executed on."""
        return self.operated if seed % 5 > 2 else self.schema

    def asked(self, seed: int) -> Asked:
        """The document of a seed."""
        return written(self.schema, seed, HINTS, SHAPES[seed % len(SHAPES)])

    async def run(self, seeds: Iterable[int], other: Other, most: int = 5) -> Tally:
        """Compare the documents of some seeds, up to so many differences."""
        tally = Tally()
        for seed in seeds:
            await self.compare(seed, self.asked(seed), other, tally)
            if len(tally.differences) >= most:
                break
            if tally.seen % COLLECTED == 0:
                gc.collect()
        return tally

    async def compare(self, seed: int, asked: Asked, other: Other, tally: Tally) -> None:
        """Compare one document, and count it: with all its variables, side by side."""
        document = parse(asked.text)
        schema = self.schema_of(seed)
        prepared = other(schema, document, asked.operation_name)
        tally.seen += 1
        sent = range(len(asked.sent))
        references = [self._reference(schema, document, asked, at) for at in sent]
        expected = [await self._outcome(seed + at, ask) for at, ask in enumerate(references)]
        count(tally, expected[0])
        if prepared is None:
            return
        got = await asyncio.gather(
            *(
                self._outcome(seed + at, partial(_call, prepared, given))
                for at, given in enumerate(asked.sent)
            )
        )
        tally.compiled += is_compiled(prepared)
        tally.straight += is_straight(prepared)
        for at, (theirs, ours) in enumerate(zip(expected, got, strict=True)):
            more = {"executor_class": Unpropagated}
            census = partial(self._outcome, seed + at, partial(references[at], **more))
            found = await difference(theirs, ours, census)
            if found is not None and not validate(self.schema, document):
                tally.differences.append(f"seed {seed}, variables {at}: {found}\n{asked}")
                return
            tally.invalid += found is not None

    async def outcome(self, seed: int, asked: Asked, pace: int = 1) -> Outcome:
        """What graphql-core makes of a document, when what is awaited takes its time so."""
        ask = self._reference(self.schema_of(seed), parse(asked.text), asked, 0)
        return await self._outcome(seed, ask, pace)

    async def _outcome(self, seed: int, ask: Ask, pace: int = 1) -> Outcome:
        world = World(self.schema, seed, MISCHIEF[seed % len(MISCHIEF)], pace)
        outcome = await settled(partial(ask, world))
        outcome.effects, outcome.calls = list(world.log), Counter(world.calls)
        outcome.is_concurrent = world.waited > 0
        return outcome

    def _reference(
        self, schema: GraphQLSchema, document: DocumentNode, asked: Asked, at: int
    ) -> Ask:
        def ask(world: World, **more: Any) -> Answered:
            name, given = asked.operation_name, asked.sent[at]
            answered: Answered = interpreted(
                schema, document, name, world, given, world.root(), **more
            )
            return answered

        return ask


def is_compiled(prepared: Any) -> bool:
    """Whether something that was prepared, and asked, has not left it all to graphql-core."""
    programs = getattr(prepared, "programs", {(): prepared})
    return any(program is not None for program in programs.values())


def is_straight(prepared: Any) -> bool:
    """Whether something that was prepared, and asked, has run its operations by itself."""
    programs = getattr(prepared, "programs", {}).values()
    return any(program is not None and program.is_straight for program in programs)


def _call(prepared: Callable[..., Answered], given: dict[str, Any], world: World) -> Answered:
    return prepared(world, given, world.root())


def count(tally: Tally, outcome: Outcome) -> None:
    """Count what is to be known of the documents: whether they are hard enough."""
    tally.with_errors += bool(outcome.errors)
    tally.refused += any(error.path is None for error in outcome.errors)
    tally.concurrent += outcome.is_concurrent
    tally.propagated += outcome.data is None and any(e.path for e in outcome.errors)


def shown(tally: Tally) -> str:
    """A tally for people, with the differences if there are any."""
    figures = {name: getattr(tally, name) for name in Tally.__slots__ if name != "differences"}
    return "\n\n".join([json.dumps(figures), *tally.differences])
