"""Open items and the applications between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import Connection, or_, select

from ledger.open_items import Application, OpenItem, Side
from store.dialects import among, is_sqlite
from store.document_tables import application, open_item
from store.nouns import Noun

ITEMS = Noun(OpenItem, open_item)
APPLICATIONS = Noun(Application, application)
MOVING = (
    "open_amount",
    "open_base",
    "paid",
    "credited",
    "next_due",
    "ended_on",
    "touched_on",
    "freed_on",
)
"""The columns of an open item that change; all others are frozen."""
_ENDING = ("ended_on", "ending_transaction_id")


def hold(connection: Connection, organization_id: str, ids: Collection[str]) -> None:
    """Keep open items from everybody else until commit."""
    if ids and not is_sqlite(connection):
        columns = open_item.c
        statement = (
            select(columns.id)
            .where(columns.organization_id == organization_id, among(columns.id, sorted(ids)))
            .order_by(columns.id)
            .with_for_update()
        )
        connection.execute(statement).all()


def move_all(connection: Connection, facts: Iterable[OpenItem]) -> None:
    """Put down what is left of open items."""
    ITEMS.update_rows(connection, [ITEMS.row(fact) for fact in facts], MOVING)


def end_all(connection: Connection, facts: Iterable[Application]) -> None:
    """Put down which applications were taken back."""
    APPLICATIONS.update_rows(connection, [APPLICATIONS.row(fact) for fact in facts], _ENDING)


def applications_of(
    connection: Connection, organization_id: str, ids: Collection[str]
) -> dict[str, Application]:
    """All applications from or to some open items, by id."""
    columns = application.c
    of_organization = select(application).where(columns.organization_id == organization_id)
    wanted = sorted(ids)
    found: dict[str, Application] = {}
    for column in (columns.from_id, columns.to_id):
        rows = connection.execute(of_organization.where(among(column, wanted)))
        found |= {row.id: APPLICATIONS.fact(row) for row in rows}
    return dict(sorted(found.items()))


def standing_on(
    connection: Connection,
    organization_id: str,
    side: Side,
    day: date,
    contact_ids: Collection[str] | None = None,
) -> list[OpenItem]:
    """The items of one side of which something may have been open at the end of a day.

    Those that are open now, and those that something happened to after that day.
    """
    columns = open_item.c
    moved_since = or_(columns.open_amount != 0, columns.touched_on > day)
    statement = select(open_item).where(
        columns.organization_id == organization_id,
        columns.side == side.value,
        columns.date <= day,
        moved_since,
    )
    if contact_ids is not None:
        statement = statement.where(among(columns.contact_id, sorted(contact_ids)))
    rows = connection.execute(statement.order_by(columns.date, columns.id))
    return [ITEMS.fact(row) for row in rows]


def of_contacts(
    connection: Connection, organization_id: str, contact_ids: Collection[str]
) -> list[OpenItem]:
    """All open items of some contacts, settled ones too, by date."""
    columns = open_item.c
    statement = (
        select(open_item)
        .where(
            columns.organization_id == organization_id,
            among(columns.contact_id, sorted(contact_ids)),
        )
        .order_by(columns.date, columns.id)
    )
    return [ITEMS.fact(row) for row in connection.execute(statement).all()]
