"""API keys, found by the hash of the key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Integer, Row, bindparam, literal, select, update

from ledger.keys import Key, Scope
from store.credit_tables import credit_account
from store.dialects import among
from store.rows import insert_rows
from store.tables import api_key, organization, organization_version

_CHANGING = ("name", "expires_at", "revoked_at")
_OWN = api_key.c.organization_id
_BY_HASH = (
    select(
        api_key,
        organization.c.twin_id,
        organization.c.is_live,
        organization_version.c.version.label("number"),
        organization_version.c.structure,
    )
    .join(organization, organization.c.id == _OWN)
    .join(organization_version, organization_version.c.organization_id == _OWN)
    .where(among(api_key.c.hash, "hashes"))
)
_WITHOUT_CREDITS = _BY_HASH.add_columns(literal(None, Integer).label("balance"))
_WITH_CREDITS = _BY_HASH.outerjoin(
    credit_account, credit_account.c.organization_id == _OWN
).add_columns(credit_account.c.balance)


@dataclass(frozen=True, slots=True)
class Found:
    """A key, and how its organization stood when the key was looked for.

    `number` and `structure` are those of the version row, `balance` the credits that the
    organization has; None where they were not asked for.
    """

    key: Key
    twin_id: str | None
    is_live: bool
    number: int
    structure: int
    balance: int | None


def by_hash(
    connection: Connection, hashes: Collection[str], *, with_credits: bool = False
) -> dict[str, Found]:
    """Keys by their hash, in one look at the database with what answers depend on."""
    statement = _WITH_CREDITS if with_credits else _WITHOUT_CREDITS
    rows = connection.execute(statement, {"hashes": sorted(hashes)})
    return {
        row.hash: Found(
            _fact(row), row.twin_id, row.is_live, row.number, row.structure, row.balance
        )
        for row in rows
    }


def existing(connection: Connection, organization_id: str, ids: Collection[str]) -> dict[str, Key]:
    """The keys of an organization that have these ids."""
    statement = select(api_key).where(
        api_key.c.organization_id == organization_id, among(api_key.c.id, sorted(ids))
    )
    return {row.id: _fact(row) for row in connection.execute(statement).all()}


def listed(connection: Connection, organization_id: str) -> list[Key]:
    """All keys of an organization, the newest first."""
    statement = (
        select(api_key)
        .where(api_key.c.organization_id == organization_id)
        .order_by(api_key.c.id.desc())
    )
    return [_fact(row) for row in connection.execute(statement).all()]


def update_all(connection: Connection, facts: Sequence[Key]) -> None:
    """Put down keys as they are now; what one is and what it may do never changes."""
    statement = (
        update(api_key)
        .where(api_key.c.organization_id == bindparam("of"), api_key.c.hash == bindparam("known"))
        .values({name: bindparam(f"new_{name}") for name in _CHANGING})
    )
    rows = [
        {"of": fact.organization_id, "known": fact.hash}
        | {f"new_{name}": getattr(fact, name) for name in _CHANGING}
        for fact in facts
    ]
    connection.execute(statement, rows)


def insert_all(connection: Connection, facts: Sequence[Key]) -> None:
    """Put down new keys."""
    insert_rows(
        connection,
        api_key,
        [
            {
                "hash": fact.hash,
                "id": fact.id,
                "organization_id": fact.organization_id,
                "name": fact.name,
                "scope": fact.scope.value,
                "preview": fact.preview,
                "expires_at": fact.expires_at,
                "revoked_at": fact.revoked_at,
                "created_at": fact.created_at,
            }
            for fact in facts
        ],
    )


def _fact(row: Row[Any]) -> Key:
    return Key(
        organization_id=row.organization_id,
        id=row.id,
        name=row.name,
        scope=Scope(row.scope),
        hash=row.hash,
        preview=row.preview,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        created_at=row.created_at,
    )
