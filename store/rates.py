"""Rates: what the processes together have taken of a minute's requests."""

from __future__ import annotations

from sqlalchemy import Connection, and_, delete, select, update
from sqlalchemy.dialects import postgresql

from store.job_tables import rate_window


def take(connection: Connection, organization_id: str, window: int, share: int, limit: int) -> int:
    """Take a `share`-th of what is left of a minute's requests, one at least; 0 if none is left.

    The less is left the less is taken at once, so that no process keeps what others lack.
    For PostgreSQL alone: the one process of SQLite counts for itself.
    """
    columns = rate_window.c
    own = and_(columns.organization_id == organization_id, columns.window == window)
    first = postgresql.insert(rate_window).values(
        organization_id=organization_id, window=window, taken=0
    )
    made = connection.execute(first.on_conflict_do_nothing())
    taken = connection.scalar(select(columns.taken).where(own).with_for_update()) or 0
    left = max(0, limit - taken)
    granted = min(left, max(1, left // share))
    if granted:
        connection.execute(update(rate_window).where(own).values(taken=taken + granted))
    if made.rowcount:
        older = and_(columns.organization_id == organization_id, columns.window < window)
        connection.execute(delete(rate_window).where(older))
    return granted
