"""Answers that are kept: of a query document, for as long as nothing can have changed it.

The version row of an organization moves with every commit that changes what it can read. Its
number is read together with the API key of each request, after the request has come, and before
any data: so an answer that was found under a number is right for every request that sees the
same one, whoever has written what meanwhile, and in whichever process.

What does not move the version row has no part in it. Fields that are declared `live` keep their
documents out; the payer's credits are a part of the key where they are selected; and an answer
that depends on today is kept until the organization's midnight, any other for an hour, since
reports say when they were made. Refusals and answers with errors are not kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    visit,
)

from resolvers.gate import Caller
from schema.view import Answer

LONGEST = timedelta(hours=1)
_OVERHEAD = 1_000
"""About what an entry takes in memory beside its texts, in bytes."""

Key = tuple[object, ...]
Find = Callable[[], Awaitable[tuple[Answer, datetime | None]]]
"""Makes an answer, and says when it ends to be right though nothing was written."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer, the number that it was found under, and when it ends."""

    number: int
    until: datetime
    body: bytes
    headers: Mapping[str, str]
    size: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """Whether the answers of a document may be kept, and whether credits are among them."""

    is_allowed: bool
    has_credits: bool


NEVER = Keeping(is_allowed=False, has_credits=False)


def keeping(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode | None
) -> Keeping:
    """What a valid document selects that moves without the version row."""
    if operation is None or operation.operation.value != "query":
        return NEVER
    seen = _Selected(schema)
    visit(document, TypeInfoVisitor(seen.types, seen))
    return Keeping(is_allowed=not seen.live, has_credits=seen.credits)


class _Selected(Visitor):
    """Looks for fields that are declared to be live, or to show credits."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.types = TypeInfo(schema)
        self.live = False
        self.credits = False
        self._live_types = live_types(schema)

    def enter_field(self, _node: FieldNode, *_: Any) -> None:
        """Note what a field depends on."""
        parent, field = self.types.get_parent_type(), self.types.get_field_def()
        self.live |= is_live(field) or (parent is not None and parent.name in self._live_types)
        self.credits |= _has(field, "credits_shown")


def live_types(schema: GraphQLSchema) -> frozenset[str]:
    """The names of types that live operations give: what leads there otherwise is live too."""
    found = set()
    for field in schema.query_type.fields.values() if schema.query_type else ():
        named = get_named_type(field.type)
        if is_live(field) and isinstance(named, GraphQLObjectType):
            found.add(named.name)
    return frozenset(found)


def is_live(field: GraphQLField | None) -> bool:
    """Whether a field is declared to change without the version row."""
    return _has(field, "live")


def _has(field: GraphQLField | None, mark: str) -> bool:
    declared = None if field is None else field.extensions.get("strawberry-definition")
    return bool(getattr(declared, mark, False))


class Answers:
    """Keeps answers of up to `most_bytes` together, those longest not asked for out first."""

    def __init__(
        self, most_bytes: int, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._most_bytes = most_bytes
        self._clock = clock
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._bytes = 0
        self._under_way: dict[tuple[Key, int], asyncio.Task[Answer]] = {}

    async def answer(self, key: Key, number: int, find: Find) -> tuple[Answer, str]:
        """The answer to a question asked under a version number, and how it was come by.

        It was kept (`hit`), found (`miss`), or found for an equal question (`shared`): under one
        number these are answered by one execution, but for refusals, which name their request.
        """
        kept = self._kept.get(key)
        if kept is not None and kept.number == number and self._clock() < kept.until:
            self._kept.move_to_end(key)
            return Answer(encoded=kept.body, headers=kept.headers), "hit"
        place = (key, number)
        task = self._under_way.get(place)
        if task is None:
            task = asyncio.create_task(self._found(key, number, find))
            self._under_way[place] = task
            task.add_done_callback(lambda _: self._under_way.pop(place, None))
            return await asyncio.shield(task), "miss"
        answer = await asyncio.shield(task)
        if answer.has_errors:
            return (await find())[0], "miss"
        return answer, "shared"

    async def _found(self, key: Key, number: int, find: Find) -> Answer:
        answer, ends = await find()
        if not answer.has_errors:
            longest = self._clock() + LONGEST
            self._keep(key, number, longest if ends is None else min(ends, longest), answer)
        return answer

    def _keep(self, key: Key, number: int, until: datetime, answer: Answer) -> None:
        before = self._kept.get(key)
        if before is not None and before.number > number:
            return
        body = answer.json()
        size = len(body) + _OVERHEAD + sum(len(p) for p in key if isinstance(p, str | bytes))
        if size > self._most_bytes // 8:
            return
        if before is not None:
            self._bytes -= before.size
        self._kept[key] = _Kept(number, until, body, answer.headers, size)
        self._kept.move_to_end(key)
        self._bytes += size
        while self._bytes > self._most_bytes:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.size


def key_of(
    caller: Caller,
    balance: int | None,
    text: str,
    operation_name: str | None,
    variables: Mapping[str, Any] | None,
) -> Key | None:
    """What an answer depends on beside the books; None for what cannot be told exactly."""
    given = b""
    if variables:
        try:
            given = orjson.dumps(variables, default=_exactly, option=orjson.OPT_SORT_KEYS)
        except TypeError:  # an integer of more than 64 bits
            return None
    return (caller.organization_id, caller.scope, balance, text, operation_name or "", given)


def _exactly(value: object) -> Any:
    """A number that JSON has no type for, so that it is like no text."""
    return {"\x00": [type(value).__name__, str(value)]}
