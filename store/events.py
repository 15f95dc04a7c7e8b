"""Events: the chain of each organization's history."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from operator import attrgetter

from sqlalchemy import Connection, select

from ledger.events import Event
from store.dialects import among
from store.rows import Put, names_of, put_together
from store.tables import event

_COLUMNS = names_of(event.c)
_values = attrgetter(*_COLUMNS)


def insert_all(connection: Connection, facts: Sequence[Event], *also: Put) -> None:
    """Append events, whose sequences follow on the version rows that the caller holds."""
    rows = [dict(zip(_COLUMNS, _values(fact), strict=True)) for fact in facts]
    put_together(connection, Put(event, rows), *also)


def of_entities(
    connection: Connection, organization_id: str, entity_ids: Collection[str]
) -> dict[str, list[Event]]:
    """The events of some things, by their ids, in the order in which they happened."""
    statement = (
        select(event)
        .where(
            event.c.organization_id == organization_id,
            among(event.c.entity_id, sorted(entity_ids)),
        )
        .order_by(event.c.entity_id, event.c.sequence)
    )
    found: dict[str, list[Event]] = {key: [] for key in entity_ids}
    for row in connection.execute(statement).all():
        found[row.entity_id].append(Event(**row._asdict()))
    return found


def chain(connection: Connection, organization_id: str, page: int = 1_000) -> Iterator[Event]:
    """All events of an organization in their order, read a page at a time."""
    last = 0
    while True:
        statement = (
            select(event)
            .where(event.c.organization_id == organization_id, event.c.sequence > last)
            .order_by(event.c.sequence)
            .limit(page)
        )
        rows = connection.execute(statement).all()
        yield from (Event(**row._asdict()) for row in rows)
        if len(rows) < page:
            return
        last = rows[-1].sequence
