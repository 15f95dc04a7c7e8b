"""Idempotency records: what a key was first used for, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, select

from store.dialects import among
from store.rows import insert_rows
from store.tables import idempotency


@dataclass(frozen=True, slots=True)
class Record:
    """The first use of a key; `outcome` is what its operation gave, as JSON can hold it."""

    organization_id: str
    key: str
    operation: str
    digest: str
    outcome: Any
    created_at: datetime
    expires_at: datetime


def existing(
    connection: Connection, keys: Collection[tuple[str, str]], now: datetime
) -> dict[tuple[str, str], Record]:
    """The records of (organization, key) pairs that still count at `now`; others are cleared."""
    table = idempotency
    # Organizations and keys each by a list of their own, to have one statement for any number.
    named = and_(
        among(table.c.organization_id, sorted({organization for organization, _ in keys})),
        among(table.c.key, sorted({key for _, key in keys})),
    )
    connection.execute(delete(table).where(named, table.c.expires_at <= now))
    rows = connection.execute(select(table).where(named))
    return {
        (row.organization_id, row.key): Record(
            row.organization_id,
            row.key,
            row.operation,
            row.digest,
            json.loads(row.outcome),
            row.created_at,
            row.expires_at,
        )
        for row in rows
    }


def insert_all(connection: Connection, records: Sequence[Record]) -> None:
    """Put down first uses; a key already used makes the statement fail."""
    rows = [
        {
            "organization_id": record.organization_id,
            "key": record.key,
            "operation": record.operation,
            "digest": record.digest,
            "outcome": json.dumps(record.outcome, ensure_ascii=False),
            "created_at": record.created_at,
            "expires_at": record.expires_at,
        }
        for record in sorted(records, key=lambda record: (record.organization_id, record.key))
    ]
    insert_rows(connection, idempotency, rows)
