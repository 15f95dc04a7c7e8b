"""Lists of events, the newest first: each page by the sequence that orders the history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, select

from ledger.events import Event
from store.pages import Page, Span, count, page
from store.tables import event


@dataclass(frozen=True, slots=True)
class Sought:
    """Which events are wanted; what is None does not matter. `begin` counts in, `end` too.

    Those of an entity type in `hidden` are left out.
    """

    entity_type: str | None = None
    entity_id: str | None = None
    type: str | None = None
    key_id: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    hidden: tuple[str, ...] = ()


def listed(connection: Connection, organization_id: str, sought: Sought, span: Span) -> Page[Event]:
    """A page of an organization's events; a span's keys are sequence and id."""

    def gather(connection: Connection, statement: Select[tuple[Event]]) -> list[Event]:
        return [Event(**row._asdict()) for row in connection.execute(statement).all()]

    columns = (event.c.sequence, event.c.id)
    statement = _matching(organization_id, sought)
    return page(connection, statement, columns, span, gather, descending=True)


def following(
    connection: Connection,
    organization_id: str,
    sought: Sought,
    *,
    after: int,
    through: int,
    limit: int,
) -> list[Event]:
    """The next events after a sequence, the oldest first, and none beyond `through`."""
    sequence = event.c.sequence
    statement = (
        _matching(organization_id, sought)
        .where(sequence > after, sequence <= through)
        .order_by(sequence)
        .limit(limit)
    )
    return [Event(**row._asdict()) for row in connection.execute(statement).all()]


def counted(connection: Connection, organization_id: str, sought: Sought) -> int:
    """How many events are wanted."""
    return count(connection, _matching(organization_id, sought))


def _matching(organization_id: str, sought: Sought) -> Select[tuple[Event]]:
    statement = select(event).where(event.c.organization_id == organization_id)
    equal = {
        event.c.entity_type: sought.entity_type,
        event.c.entity_id: sought.entity_id,
        event.c.type: sought.type,
        event.c.key_id: sought.key_id,
    }
    for column, value in equal.items():
        if value is not None:
            statement = statement.where(column == value)
    if sought.begin is not None:
        statement = statement.where(event.c.created_at >= sought.begin)
    if sought.end is not None:
        statement = statement.where(event.c.created_at <= sought.end)
    if sought.hidden:
        statement = statement.where(event.c.entity_type.not_in(sought.hidden))
    return statement
