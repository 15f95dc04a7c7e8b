"""Figures: how many requests there were, how they ended, and how long they took."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, and_, bindparam, cast, delete, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from store.figure_tables import request_figure, request_total
from store.rows import Row, add_rows
from store.tables import organization

MINUTE, HOUR = 1, 60
"""The spans of time, in minutes."""

Cell = tuple[str, int, str, str, str, int]
"""What is counted together: organization, minute, operation, kind, code, bucket."""

Total = tuple[str, str, str, int]
"""The same of all organizations and times: operation, kind, code, bucket."""

Sums = Sequence[int]
"""How many requests, and their microseconds together."""

_CELL = ("organization_id", "span", "minute", "operation", "kind", "code", "bucket")
_TOTAL = ("operation", "kind", "code", "bucket")


@dataclass(frozen=True, slots=True)
class Figure:
    """Requests for one operation that ended alike and took about as long: in one bucket."""

    operation: str
    kind: str
    code: str
    bucket: int
    requests: int
    microseconds: int


def add(connection: Connection, cells: Mapping[Cell, Sums], totals: Mapping[Total, Sums]) -> None:
    """Add what was counted, to its minute and to its hour, and to the totals."""
    spans: dict[tuple[object, ...], list[int]] = {}
    for (organization_id, minute, *rest), sums in cells.items():
        spans[organization_id, MINUTE, minute, *rest] = [*sums]
        hour = spans.setdefault((organization_id, HOUR, minute // HOUR * HOUR, *rest), [0, 0])
        hour[0] += sums[0]
        hour[1] += sums[1]
    add_rows(connection, request_figure, _rows(_CELL, spans))
    add_rows(connection, request_total, _rows(_TOTAL, totals))


def _rows(names: Sequence[str], sums: Mapping[Any, Sums]) -> list[Row]:
    """Rows in the order of their keys, so that two processes never wait for each other."""
    return [
        {**dict(zip(names, key, strict=True)), "requests": count, "microseconds": took}
        for key, (count, took) in sorted(sums.items())
    ]


def of_organization(
    connection: Connection, organization_id: str, span: int, since: int
) -> list[Figure]:
    """What an organization has asked in the spans that began at a minute or later."""
    columns = request_figure.c
    own = (columns.operation, columns.kind, columns.code, columns.bucket)
    statement = (
        select(*own, _sum(columns.requests), _sum(columns.microseconds))
        .where(
            columns.organization_id == organization_id,
            columns.span == span,
            columns.minute >= since,
        )
        .group_by(*own)
        .order_by(*own)
    )
    return [Figure(*row) for row in connection.execute(statement).all()]


def totals(connection: Connection) -> list[Figure]:
    """All that was ever asked."""
    key = request_total.primary_key.columns
    return [Figure(*row) for row in connection.execute(select(request_total).order_by(*key)).all()]


def organizations(connection: Connection, after: str, most: int) -> list[str]:
    """The next organizations by their ids, that may have figures."""
    key = organization.c.id
    return list(connection.scalars(select(key).where(key > after).order_by(key).limit(most)))


def prune(
    connection: Connection, organization_ids: Collection[str], minutes: int, hours: int
) -> None:
    """Drop what organizations asked in minutes, and in hours, that began before some minute."""
    columns = request_figure.c
    old = or_(
        and_(columns.span == MINUTE, columns.minute < minutes),
        and_(columns.span == HOUR, columns.minute < hours),
    )
    statement = delete(request_figure).where(columns.organization_id == bindparam("of"), old)
    if organization_ids:
        connection.execute(statement, [{"of": each} for each in sorted(organization_ids)])


def _sum(column: ColumnElement[Any]) -> ColumnElement[int]:
    """A sum that is a whole number on both engines."""
    return cast(func.sum(column), BigInteger)
