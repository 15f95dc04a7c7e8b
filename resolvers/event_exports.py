"""Exports of events: recorded, charged for, and then read a page at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import Connection

from ledger.event_exports import Asked, EventExport, draw_up, restored
from ledger.event_files import head, line
from ledger.events import Change
from resolvers.books import Books, Command, Decision
from store import event_lists, events
from store.engines import Database
from store.event_lists import Sought

PAGE = 200
"""How many events are read at a time: what an export takes of memory depends on this alone."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """An export that was taken, and the sequence of the event that says so: its last one."""

    export: EventExport
    through: int


def record(asked: Asked) -> Command:
    """Put down that events are exported."""

    def decide(books: Books) -> Decision:
        export = draw_up(books.organization, asked, books.mint("exp_"), books.now)
        return Decision((Change("exported", None, export),), export.id)

    return Command(decide)


def recorded(connection: Connection, organization_id: str, export_id: str) -> Recorded | None:
    """An export of an organization by its id, if there is one."""
    found = events.of_entities(connection, organization_id, [export_id])[export_id]
    if not found or found[0].after is None or not export_id.startswith("exp_"):
        return None
    return Recorded(restored(found[0].after), found[0].sequence)


async def content(database: Database, found: Recorded) -> AsyncIterator[bytes]:
    """The file, in parts. Events never change, so no snapshot must be held while it is sent."""
    export, last = found.export, 0
    sought = Sought(entity_type=export.entity_type, begin=export.begin, end=export.end)
    yield head(export.format).encode()
    while True:
        of = export.organization_id
        page = await database.read(
            event_lists.following, of, sought, after=last, through=found.through, limit=PAGE
        )
        yield "".join(line(export.format, event) for event in page).encode()
        if len(page) < PAGE:
            return
        last = page[-1].sequence
