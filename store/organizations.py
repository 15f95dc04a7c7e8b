"""Organizations, their version rows, and the numbering of journals."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from ledger.document_settings import DocumentSettings
from ledger.events import FIRST_HASH
from ledger.organizations import Organization
from store.dialects import among, is_sqlite
from store.plain import reader, to_text
from store.rows import Put, Way, counted_on, insert_rows
from store.tables import journal_counter, organization, organization_version

_EXISTING = select(organization).where(among(organization.c.id, "ids"))
# These run in every commit, so they are made once.
_VERSIONS = (
    select(
        organization_version.c.organization_id,
        organization_version.c.version,
        organization_version.c.structure,
        organization_version.c.head_hash,
    )
    .where(among(organization_version.c.organization_id, "ids"))
    .order_by(organization_version.c.organization_id)
)
_VERSIONS_HELD = _VERSIONS.with_for_update()


@dataclass(frozen=True, slots=True)
class Version:
    """Where an organization's history stands.

    `number` is the sequence of its last event, `structure` how often its settings or its
    chart changed, `head_hash` the hash of its last event.
    """

    number: int
    structure: int
    head_hash: str


def existing(connection: Connection, ids: Collection[str]) -> dict[str, Organization]:
    """The organizations that have these ids."""
    rows = connection.execute(_EXISTING, {"ids": sorted(ids)}).all()
    return {row.id: _fact(row) for row in rows}


def every(connection: Connection) -> list[Organization]:
    """All organizations, oldest first."""
    rows = connection.execute(select(organization).order_by(organization.c.id))
    return [_fact(row) for row in rows]


def insert_all(connection: Connection, facts: Sequence[Organization]) -> None:
    """Put down new organizations, each with its version row."""
    insert_rows(connection, organization, [_row(fact) for fact in facts])
    insert_rows(
        connection,
        organization_version,
        [
            {"organization_id": f.id, "version": 0, "structure": 0, "head_hash": FIRST_HASH}
            for f in facts
        ],
    )


def update_all(connection: Connection, facts: Sequence[Organization]) -> None:
    """Put down the settings as they are now."""
    rows = [{f"to_{name}": value for name, value in _row(fact).items()} for fact in facts]
    statement = update(organization).where(organization.c.id == bindparam("to_id"))
    columns = (column.name for column in organization.c if column.name != "id")
    connection.execute(statement.values({n: bindparam(f"to_{n}") for n in columns}), rows)


def versions(
    connection: Connection, ids: Collection[str], *, lock: bool = False
) -> dict[str, Version]:
    """The version rows, read in the order of their ids and held until commit if `lock`."""
    statement = _VERSIONS_HELD if lock and not is_sqlite(connection) else _VERSIONS
    rows = connection.execute(statement, {"ids": sorted(ids)})
    return {key: Version(number, structure, head) for key, number, structure, head in rows}


def advanced(ahead: Mapping[str, Version]) -> Put:
    """The version rows, which the caller holds, where history now stands."""
    rows = [
        {
            "organization_id": key,
            "version": version.number,
            "structure": version.structure,
            "head_hash": version.head_hash,
        }
        for key, version in sorted(ahead.items())
    ]
    return Put(organization_version, rows, Way.SET)


def take_numbers(
    connection: Connection, wanted: Mapping[tuple[str, int], int]
) -> dict[tuple[str, int], int]:
    """Reserve journal numbers; gives the last number before each reserved run.

    `wanted` says how many per organization and fiscal year. The caller holds the version rows.
    """
    rows = [
        {"organization_id": organization_id, "fiscal_year": year, "last_number": count}
        for (organization_id, year), count in sorted(wanted.items())
    ]
    last = counted_on(connection, journal_counter, rows, "last_number")
    return {key: last[key] - count for key, count in wanted.items()}


def _row(fact: Organization) -> dict[str, Any]:
    month, day = fact.fiscal_year_start
    return {
        "id": fact.id,
        "name": fact.name,
        "base_currency": fact.base_currency,
        "is_live": fact.is_live,
        "twin_id": fact.twin_id,
        "parent_id": fact.parent_id,
        "fiscal_year_start_month": month,
        "fiscal_year_start_day": day,
        "time_zone": fact.time_zone,
        "books_closed_through": fact.books_closed_through,
        "domain": fact.domain,
        "tax_number": fact.tax_number,
        "external_id": fact.external_id,
        "metadata": json.dumps(fact.metadata, ensure_ascii=False),
        "version": fact.version,
        "created_at": fact.created_at,
        "updated_at": fact.updated_at,
        "documents": to_text(fact.documents),
    }


def _fact(row: Row[Any]) -> Organization:
    return Organization(
        id=row.id,
        name=row.name,
        base_currency=row.base_currency,
        is_live=row.is_live,
        created_at=row.created_at,
        updated_at=row.updated_at,
        twin_id=row.twin_id,
        parent_id=row.parent_id,
        fiscal_year_start=(row.fiscal_year_start_month, row.fiscal_year_start_day),
        time_zone=row.time_zone,
        books_closed_through=row.books_closed_through,
        domain=row.domain,
        tax_number=row.tax_number,
        external_id=row.external_id,
        metadata=json.loads(row.metadata),
        version=row.version,
        documents=_settings(json.loads(row.documents or "{}")),
    )


_settings = reader(DocumentSettings)
