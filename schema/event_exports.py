"""Exports of events in the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import strawberry

from ledger.event_exports import Asked, DateRange, EventExport, ExportFormat
from ledger.keys import Scope
from resolvers import event_exports as decisions
from resolvers.books import Command, Written
from resolvers.outside import EXPORT
from schema.context import Reading
from schema.operation import mutation

From = Annotated[date | None, strawberry.argument(name="from")]
strawberry.enum(ExportFormat, description="How events are written: a table, or a JSON a line.")
strawberry.enum(
    DateRange,
    description="A period by its name; of calendar months, but for fiscal years.",
)


@strawberry.type
class EventExportNode:
    """A part of the history of the books, as one file. What is in it never changes."""

    id: strawberry.ID
    format: ExportFormat
    entity_type: str | None
    begins_at: datetime | None = strawberry.field(description="The first moment; null for ever.")
    ends_at: datetime | None = strawberry.field(
        description="The last moment; null for that of the export."
    )
    through: int | None = strawberry.field(
        description="The sequence of the event that records the export: nothing later is in it."
    )
    url: str | None = strawberry.field(
        description="A signed link to download it, which opens without a key until it expires."
    )
    created_at: datetime


async def _result(reading: Reading, written: Written) -> EventExportNode:
    found = await reading.read(decisions.recorded, reading.organization_id, written.outcome)
    if found is None:  # it was only tried
        return _node(written.facts[written.outcome], None, None)
    url = reading.outside.link(EXPORT, reading.organization_id, found.export.id, reading.now)
    return _node(found.export, found.through, url)


def _node(export: EventExport, through: int | None, url: str | None) -> EventExportNode:
    return EventExportNode(
        id=strawberry.ID(export.id),
        format=export.format,
        entity_type=export.entity_type,
        begins_at=export.begin,
        ends_at=export.end,
        through=through,
        url=url,
        created_at=export.created_at,
    )


@mutation(EventExportNode, credits=2, scope=Scope.ADMIN, result=_result)
def export_events(
    format: ExportFormat = ExportFormat.CSV,
    date_range: DateRange | None = None,
    from_: From = None,
    to: date | None = None,
    entity_type: str | None = None,
) -> Command:
    """Export the history of the books as a file, from which alone its chain of hashes can be
    proved: all of it, that of a period, or of the days from `from` to `to`, which both count in
    and are those of the organization's time zone. That it was exported is an event too.
    """
    return decisions.record(Asked(format, date_range, from_, to, entity_type))
