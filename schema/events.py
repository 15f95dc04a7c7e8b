"""Events in the API: the history of the books, as a chain that nobody can change unseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Annotated

import orjson
import strawberry

from ledger.errors import LedgerError, Reason, at
from ledger.events import Event
from ledger.keys import Scope
from ledger.texts import NAME_LENGTH, clean
from schema.connections import Listing, PageInfo, checked_offset, page_info, span_of
from schema.context import Reading
from schema.loading import batched
from schema.nodes import Loaded, id_or_none, stored_id
from schema.operation import query
from schema.scalars import Json
from store import event_lists
from store.event_lists import Sought

From = Annotated[datetime | None, strawberry.argument(name="from")]
_TOLD_TO_ADMINISTRATORS = ("api_key",)
_LONGEST_SEQUENCE = 18


@strawberry.type
class EventNode:
    """One change of one thing, written down when it was made.

    Each event holds the SHA-256 of the one before it together with its own content, so that
    whoever alters one byte of history breaks the chain from there on.
    """

    id: strawberry.ID
    sequence: int = strawberry.field(
        description="Its place in the organization's history, without gaps from 1."
    )
    event_type: str = strawberry.field(description="Such as transaction.posted.")
    entity_type: str = strawberry.field(description="The noun of what changed: transaction.")
    entity_id: strawberry.ID
    actor: str = strawberry.field(description="Who did it: key:key_... for an API key.")
    api_key_id: strawberry.ID | None
    request_id: str
    protocol: str = strawberry.field(description="By which door: graphql, rest, cli ...")
    before: Json | None = strawberry.field(
        description="It before the change, as the ledger keeps it: amounts in minor units."
    )
    after: Json | None = strawberry.field(description="It after the change, in the same way.")
    created_at: datetime
    previous_hash: str
    hash: str


@strawberry.type
class EventEdge:
    """One of a page of events."""

    node: EventNode
    cursor: str


@strawberry.type
class EventConnection:
    """A page of events."""

    edges: list[EventEdge]
    nodes: list[EventNode]
    page_info: PageInfo
    sought: strawberry.Private[Sought]
    loaded: Loaded = field(default_factory=dict)

    @batched(int)
    async def total_count(nodes: Sequence[EventConnection], reading: Reading) -> list[int]:
        """How many there are in all; counted only when asked for."""
        of = reading.organization_id
        return [await reading.read(event_lists.counted, of, each.sought) for each in nodes]


def event_node(fact: Event) -> EventNode:
    """An event as the API shows it."""
    return EventNode(
        id=strawberry.ID(fact.id),
        sequence=fact.sequence,
        event_type=fact.type,
        entity_type=fact.entity_type,
        entity_id=strawberry.ID(fact.entity_id),
        actor=fact.actor,
        api_key_id=id_or_none(fact.key_id),
        request_id=fact.request_id,
        protocol=fact.protocol,
        before=None if fact.before is None else Json(orjson.loads(fact.before)),
        after=None if fact.after is None else Json(orjson.loads(fact.after)),
        created_at=fact.created_at,
        previous_hash=fact.previous_hash,
        hash=fact.hash,
    )


@query(EventConnection)
async def events_connection(
    reading: Reading,
    entity_type: str | None = None,
    entity_id: strawberry.ID | None = None,
    event_type: str | None = None,
    api_key_id: strawberry.ID | None = None,
    from_: From = None,
    to: datetime | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    offset: int = 0,
) -> EventConnection:
    """The history of the books, the newest change first, by cursor. `from` and `to` are moments
    that count in. Events of API keys are told to keys of scope admin alone.
    """
    shown = reading.caller.scope.allows(Scope.ADMIN)
    sought = Sought(
        entity_type=_text(entity_type, "entityType"),
        entity_id=None if entity_id is None else stored_id(entity_id),
        type=_text(event_type, "eventType"),
        key_id=None if api_key_id is None else stored_id(api_key_id),
        begin=from_,
        end=to,
        hidden=() if shown else _TOLD_TO_ADMINISTRATORS,
    )
    listing = Listing(reading.organization_id, "events", [repr(sought)])
    span = replace(
        span_of(first, last),
        offset=checked_offset(offset),
        after=_key(listing, after, "after"),
        before=_key(listing, before, "before"),
    )
    found = await reading.read(event_lists.listed, reading.organization_id, sought, span)
    cursors = [listing.cursor(str(each.sequence), each.id) for each in found.items]
    nodes = [event_node(each) for each in found.items]
    return EventConnection(
        edges=[EventEdge(node=n, cursor=c) for n, c in zip(nodes, cursors, strict=True)],
        nodes=nodes,
        page_info=page_info(found, cursors),
        sought=sought,
    )


def _text(given: str | None, name: str) -> str | None:
    return None if given is None else clean(given, name, NAME_LENGTH, blank=True)


def _key(listing: Listing, cursor: str | None, name: str) -> tuple[int, str] | None:
    """The sequence and the id that a cursor holds; numbers stand in it as text."""
    keys = listing.keys(cursor, name, str, str)
    return None if keys is None else (at(name, _sequence, keys[0]), keys[1])


def _sequence(text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_SEQUENCE:
        return int(text)
    raise LedgerError(
        Reason.INVALID_CURSOR,
        "The cursor is not one that this service has given out.",
        "Take cursors from the same list, asked in the same way.",
    )
