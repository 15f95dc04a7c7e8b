"""Accounts."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, select, update
from sqlalchemy.exc import DBAPIError

from ledger.accounts import Account, AccountStatus, AccountType, Role, Subtype
from store.dialects import among, is_sqlite
from store.document_tables import contact, document_line, item, payment, tax_rate
from store.filters import Field, condition
from store.nouns import referred
from store.pages import OF, Asked, Order, Page, Span, cut
from store.rows import insert_rows
from store.tables import account, entry
from store.troubles import Trouble, trouble

_KEY = {"organization_id", "id"}
_REFERENCES = (
    contact.c.revenue_account_id,
    contact.c.expense_account_id,
    item.c.revenue_account_id,
    item.c.expense_account_id,
    tax_rate.c.account_id,
    document_line.c.account_id,
    payment.c.account_id,
)


_CHARTS = (
    select(account)
    .where(among(account.c.organization_id, "ids"))
    .order_by(account.c.organization_id, account.c.code)
)
_EXISTING = select(account).where(
    account.c.organization_id == bindparam("of"), among(account.c.id, "ids")
)


def charts(connection: Connection, organization_ids: Collection[str]) -> dict[str, list[Account]]:
    """Every account of some organizations, by organization, in the order of their codes."""
    found: dict[str, list[Account]] = {key: [] for key in organization_ids}
    for row in connection.execute(_CHARTS, {"ids": sorted(organization_ids)}).all():
        found[row.organization_id].append(fact(row))
    return found


def existing(
    connection: Connection, organization_id: str, ids: Collection[str]
) -> dict[str, Account]:
    """The accounts of an organization that have these ids."""
    rows = connection.execute(_EXISTING, {"of": organization_id, "ids": sorted(ids)}).all()
    return {row.id: fact(row) for row in rows}


FIELDS: dict[str, Field] = {
    "id": account.c.id,
    "code": account.c.code,
    "name": account.c.name,
    "description": account.c.description,
    "account_type": account.c.type,
    "subtype": account.c.subtype,
    "status": account.c.status,
    "currency": account.c.currency,
    "parent_account_id": account.c.parent_id,
    "is_system": account.c.role.is_not(None),
    "external_id": account.c.external_id,
    "created_at": account.c.created_at,
    "updated_at": account.c.updated_at,
}
ORDERS = {
    "code": account.c.code,
    "name": account.c.name,
    "created_at": account.c.created_at,
    "updated_at": account.c.updated_at,
}


def listed(
    connection: Connection,
    organization_id: str,
    where: Mapping[str, Any] | None,
    order: Order,
    span: Span,
) -> Page[Account]:
    """A page of an organization's accounts."""
    statement = _ASKED.page(where, order, span)
    return cut(_facts(connection, organization_id, statement), span)


def counted(connection: Connection, organization_id: str, where: Mapping[str, Any] | None) -> int:
    """How many accounts a filter lets through."""
    return _ASKED.count(connection, organization_id, where)


def children(
    connection: Connection, organization_id: str, parents: Collection[str]
) -> dict[str, list[Account]]:
    """The accounts directly below some others, by parent, in the order of their codes."""
    statement = (
        select(account)
        .where(
            account.c.organization_id == organization_id,
            among(account.c.parent_id, sorted(parents)),
        )
        .order_by(account.c.code)
    )
    found: dict[str, list[Account]] = {parent: [] for parent in parents}
    for row in connection.execute(statement).all():
        found[row.parent_id].append(fact(row))
    return found


def _matching(where: Mapping[str, Any] | None) -> Select[Any]:
    return select(account).where(account.c.organization_id == OF, condition(FIELDS, where))


_ASKED = Asked(_matching, ORDERS, account.c.id)


def _facts(connection: Connection, organization_id: str, statement: Select[Any]) -> list[Account]:
    rows = connection.execute(statement, {"of": organization_id}).all()
    return [fact(row) for row in rows]


def with_entries(
    connection: Connection, organization_id: str, ids: Collection[str], *, posted: bool
) -> set[str]:
    """Which of these accounts have an entry, or a posted one."""
    has_entry = select(1).where(
        entry.c.organization_id == account.c.organization_id, entry.c.account_id == account.c.id
    )
    if posted:
        has_entry = has_entry.where(entry.c.posted)
    statement = select(account.c.id).where(
        account.c.organization_id == organization_id,
        among(account.c.id, sorted(ids)),
        has_entry.exists(),
    )
    return set(connection.scalars(statement))


def used(connection: Connection, organization_id: str, ids: Collection[str]) -> set[str]:
    """Which of these something names that is no entry."""
    return referred(connection, organization_id, ids, _REFERENCES)


def hold(connection: Connection, organization_id: str, ids: Collection[str]) -> bool:
    """Keep accounts from a first posting until commit; False when one of them is under way."""
    if is_sqlite(connection):
        return True
    statement = (
        select(account.c.id)
        .where(account.c.organization_id == organization_id, among(account.c.id, sorted(ids)))
        .order_by(account.c.id)
        .with_for_update(nowait=True)
    )
    try:
        connection.execute(statement)
    except DBAPIError as error:
        if trouble(error) is Trouble.BUSY:
            return False
        raise
    return True


def insert_all(connection: Connection, facts: Sequence[Account]) -> None:
    """Put down new accounts; parents come before their children."""
    insert_rows(connection, account, [_row(fact) for fact in facts])


def update_all(connection: Connection, facts: Sequence[Account]) -> None:
    """Put down accounts as they are now."""
    columns = [column.name for column in account.c if column.name not in _KEY]
    statement = (
        update(account)
        .where(
            account.c.organization_id == bindparam("to_organization_id"),
            account.c.id == bindparam("to_id"),
        )
        .values({name: bindparam(f"to_{name}") for name in columns})
    )
    rows = [{f"to_{name}": value for name, value in _row(fact).items()} for fact in facts]
    connection.execute(statement, rows)


def delete_all(connection: Connection, facts: Sequence[Account]) -> None:
    """Take accounts out of the chart."""
    statement = delete(account).where(
        account.c.organization_id == bindparam("of"), account.c.id == bindparam("gone")
    )
    connection.execute(statement, [{"of": f.organization_id, "gone": f.id} for f in facts])


def _row(fact: Account) -> dict[str, Any]:
    return {
        "organization_id": fact.organization_id,
        "id": fact.id,
        "code": fact.code,
        "name": fact.name,
        "type": fact.type.value,
        "subtype": fact.subtype and fact.subtype.value,
        "currency": fact.currency,
        "parent_id": fact.parent_id,
        "description": fact.description,
        "status": fact.status.value,
        "role": fact.role and fact.role.value,
        "external_id": fact.external_id,
        "metadata": json.dumps(fact.metadata, ensure_ascii=False),
        "version": fact.version,
        "created_at": fact.created_at,
        "updated_at": fact.updated_at,
    }


_TYPES = {kind.value: kind for kind in AccountType}
_SUBTYPES: dict[str | None, Subtype | None] = {None: None, **{s.value: s for s in Subtype}}
_STATUSES = {kind.value: kind for kind in AccountStatus}
_ROLES: dict[str | None, Role | None] = {None: None, **{role.value: role for role in Role}}


def fact(row: Row[Any]) -> Account:
    """The account that a row of the table, its columns in their order, tells of."""
    values: Any = row
    of, id_, code, name, kind, subtype, currency, parent_id, description, *rest = values
    status, role, external_id, metadata, version, created_at, updated_at = rest
    return Account(
        of,
        id_,
        code,
        name,
        _TYPES[kind],
        currency,
        created_at,
        updated_at,
        _SUBTYPES[subtype],
        parent_id,
        description,
        _STATUSES[status],
        _ROLES[role],
        external_id,
        {} if metadata == "{}" else json.loads(metadata),
        version,
    )
