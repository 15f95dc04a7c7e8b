"""Recomputing from the entries what is maintained as they post. Reads everything; for checks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, Table, and_, case, cast, func, or_, select

from store.tables import (
    account,
    balance,
    daily_total,
    entry,
    journal_counter,
    monthly_total,
    reversal,
    transaction,
)

Figures = dict[tuple[Any, ...], tuple[int, ...]]
_FIGURES = ("debit", "credit", "base_debit", "base_credit")
_of_entry = and_(
    transaction.c.organization_id == entry.c.organization_id,
    transaction.c.id == entry.c.transaction_id,
)


def kept_balances(connection: Connection, organization_id: str) -> Figures:
    """The maintained balances by account, currency and closing."""
    return _kept(connection, balance, organization_id, ("account_id", "currency", "closing"))


def kept_days(connection: Connection, organization_id: str) -> Figures:
    """The maintained daily totals by account, currency, closing and date."""
    key = ("account_id", "currency", "closing", "date")
    return _kept(connection, daily_total, organization_id, key)


def kept_months(connection: Connection, organization_id: str) -> Figures:
    """The maintained monthly totals by account, currency, closing and first day of the month."""
    key = ("account_id", "currency", "closing", "month")
    return _kept(connection, monthly_total, organization_id, key)


def folded_days(connection: Connection, organization_id: str) -> Figures:
    """The posted entries summed by account, currency, closing and date."""
    key = (entry.c.account_id, entry.c.currency, transaction.c.closing, transaction.c.date)
    sums = [
        cast(func.sum(case((entry.c.entry_type == side, amount), else_=0)), BigInteger)
        for amount in (entry.c.amount, entry.c.base_amount)
        for side in ("debit", "credit")
    ]
    statement = (
        select(*key, *sums)
        .select_from(entry.join(transaction, _of_entry))
        .where(entry.c.organization_id == organization_id, transaction.c.status == "posted")
        .group_by(*key)
    )
    return {tuple(row[:4]): tuple(row[4:]) for row in connection.execute(statement)}


def unbalanced(connection: Connection, organization_id: str) -> Sequence[str]:
    """Transactions with fewer than two entries, unequal sides, or a total that is not theirs."""
    signed = case((entry.c.entry_type == "debit", entry.c.base_amount), else_=-entry.c.base_amount)
    debits = func.sum(case((entry.c.entry_type == "debit", entry.c.base_amount), else_=0))
    posted = transaction.c.status == "posted"
    statement = (
        select(transaction.c.id)
        .select_from(transaction.outerjoin(entry, _of_entry))
        .where(transaction.c.organization_id == organization_id)
        .group_by(
            transaction.c.organization_id,
            transaction.c.id,
            transaction.c.base_amount,
            transaction.c.status,
        )
        .having(
            or_(
                func.count(entry.c.position) < 2,  # noqa: PLR2004 (a debit and a credit)
                func.sum(signed) != 0,
                debits != transaction.c.base_amount,
                func.min(case((entry.c.posted == posted, 1), else_=0)) == 0,
            )
        )
    )
    return connection.scalars(statement).all()


def misdated(connection: Connection, organization_id: str) -> Sequence[str]:
    """Transactions that have an entry with another date than theirs."""
    statement = (
        select(transaction.c.id)
        .select_from(entry.join(transaction, _of_entry))
        .where(entry.c.organization_id == organization_id, entry.c.date != transaction.c.date)
        .distinct()
    )
    return connection.scalars(statement).all()


def broken_reversals(connection: Connection, organization_id: str) -> Sequence[str]:
    """Originals whose reversal does not offset them, entry by entry."""
    mirror = entry.alias("mirror")
    same = and_(
        mirror.c.organization_id == reversal.c.organization_id,
        mirror.c.transaction_id == reversal.c.reversal_id,
        mirror.c.position == entry.c.position,
        mirror.c.account_id == entry.c.account_id,
        mirror.c.amount == entry.c.amount,
        mirror.c.currency == entry.c.currency,
        mirror.c.base_amount == entry.c.base_amount,
        mirror.c.entry_type != entry.c.entry_type,
    )
    of_original = and_(
        entry.c.organization_id == reversal.c.organization_id,
        entry.c.transaction_id == reversal.c.original_id,
    )
    statement = (
        select(reversal.c.original_id)
        .select_from(reversal.join(entry, of_original).outerjoin(mirror, same))
        .where(reversal.c.organization_id == organization_id, mirror.c.position.is_(None))
        .distinct()
    )
    return connection.scalars(statement).all()


def journal_gaps(connection: Connection, organization_id: str) -> Figures:
    """How many numbers each fiscal year's journal has, the first and the last of them."""
    year, number = transaction.c.fiscal_year, transaction.c.journal_number
    statement = (
        select(year, func.count(), func.min(number), func.max(number))
        .where(transaction.c.organization_id == organization_id, number.is_not(None))
        .group_by(year)
    )
    return {(row[0],): tuple(row[1:]) for row in connection.execute(statement)}


def journal_counters(connection: Connection, organization_id: str) -> Figures:
    """What the counters say: as many numbers as the last one, from 1."""
    statement = select(journal_counter.c.fiscal_year, journal_counter.c.last_number).where(
        journal_counter.c.organization_id == organization_id
    )
    return {(year,): (last, 1, last) for year, last in connection.execute(statement)}


def counts(connection: Connection, organization_id: str) -> dict[str, int]:
    """How many rows of each kind the organization has."""
    tables = {"accounts": account, "transactions": transaction, "entries": entry}
    return {
        name: connection.scalar(
            select(func.count())
            .select_from(table)
            .where(table.c.organization_id == organization_id)
        )
        or 0
        for name, table in tables.items()
    }


def posted(connection: Connection, organization_id: str) -> int:
    """How many transactions count in balances."""
    statement = (
        select(func.count())
        .select_from(transaction)
        .where(transaction.c.organization_id == organization_id, transaction.c.status == "posted")
    )
    return connection.scalar(statement) or 0


def _kept(
    connection: Connection, table: Table, organization_id: str, key: tuple[str, ...]
) -> Figures:
    columns = [table.c[name] for name in (*key, *_FIGURES)]
    statement = select(*columns).where(table.c.organization_id == organization_id)
    cut = len(key)
    return {tuple(row[:cut]): tuple(row[cut:]) for row in connection.execute(statement)}
