"""Recomputing what payers have left from what they got and used. Reads everything; for checks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Connection, Table, cast, func, select

from store.credit_tables import credit_account, credit_grant, credit_usage

Figures = dict[tuple[Any, ...], tuple[int, ...]]


def kept(connection: Connection, organization_id: str) -> Figures:
    """What the account of a payer says: granted in all, and left."""
    columns = credit_account.c
    statement = select(columns.granted, columns.balance).where(
        columns.organization_id == organization_id
    )
    found = connection.execute(statement).one_or_none()
    return {} if found is None or not any(found) else {(organization_id,): tuple(found)}


def recounted(connection: Connection, organization_id: str) -> Figures:
    """What the grants add up to, and what is left of it by the counts of usage.

    What was returned is counted there with a minus. Who neither got nor used any has no figures.
    """
    granted = _sum(connection, credit_grant, organization_id)
    used = _sum(connection, credit_usage, organization_id)
    return {(organization_id,): (granted, granted - used)} if granted or used else {}


def _sum(connection: Connection, table: Table, organization_id: str) -> int:
    total = cast(func.coalesce(func.sum(table.c.credits), 0), BigInteger)
    statement = select(total).where(table.c.organization_id == organization_id)
    return int(connection.scalar(statement) or 0)
