"""Recomputing the sub-ledgers from what they are made of. Reads everything; for checks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Connection, and_, case, cast, func, or_, select

from ledger.document_settings import MOST_DIGITS
from ledger.documents import Phase
from ledger.open_items import Side
from store.document_tables import application, document, open_item, transaction_link
from store.tables import account, balance, entry

Figures = dict[tuple[Any, ...], tuple[int, ...]]


def _whole(value: Any) -> Any:
    return cast(func.coalesce(func.sum(value), 0), BigInteger)


def control_balances(connection: Connection, organization_id: str) -> Figures:
    """The balance of each control account, as it is kept, positive as the side grows."""
    found: Figures = {}
    for side in Side:
        sign = 1 if side is Side.RECEIVABLE else -1
        statement = (
            select(_whole(balance.c.base_debit - balance.c.base_credit))
            .select_from(balance.join(account, _of_account(balance)))
            .where(account.c.organization_id == organization_id, account.c.role == side.value)
        )
        found[(side.value,)] = (sign * int(connection.scalar(statement) or 0),)
    return found


def control_parts(connection: Connection, organization_id: str) -> Figures:
    """What the open items of each side come to, with the direct entries that name no contact."""
    found: Figures = {}
    for side in Side:
        grows = side.grows_by.value
        signed = case(
            (entry.c.entry_type == grows, entry.c.base_amount), else_=-entry.c.base_amount
        )
        linked = and_(
            transaction_link.c.organization_id == entry.c.organization_id,
            transaction_link.c.transaction_id == entry.c.transaction_id,
        )
        direct = (
            select(_whole(signed))
            .select_from(
                entry.join(account, _of_account(entry)).outerjoin(transaction_link, linked)
            )
            .where(
                account.c.organization_id == organization_id,
                account.c.role == side.value,
                entry.c.posted,
                transaction_link.c.contact_id.is_(None),
            )
        )
        items = select(_whole(open_item.c.open_base)).where(
            open_item.c.organization_id == organization_id, open_item.c.side == side.value
        )
        parts = (connection.scalar(statement) or 0 for statement in (direct, items))
        found[(side.value,)] = (sum(parts),)
    return found


def _of_account(table: Any) -> Any:
    return and_(
        account.c.organization_id == table.c.organization_id, account.c.id == table.c.account_id
    )


def open_amounts(connection: Connection, organization_id: str) -> Figures:
    """What is open of each item, in its currency and in base, as it is kept."""
    columns = open_item.c
    statement = select(columns.id, columns.open_amount, columns.open_base).where(
        columns.organization_id == organization_id
    )
    return {(key,): (amount, base) for key, amount, base in connection.execute(statement)}


def applied_amounts(connection: Connection, organization_id: str) -> Figures:
    """The same, recomputed from the items' amounts and the applications in force."""
    columns = open_item.c
    statement = select(
        columns.id, columns.amount, columns.base_amount, columns.ended_on.is_not(None)
    ).where(columns.organization_id == organization_id)
    found = {
        (key,): [0, 0] if ended else [amount, base]
        for key, amount, base, ended in connection.execute(statement)
    }
    of = application.c
    applied = select(of.from_id, of.to_id, of.amount, of.from_base, of.to_base).where(
        of.organization_id == organization_id, of.ended_on.is_(None)
    )
    for from_id, to_id, amount, from_base, to_base in connection.execute(applied):
        for key, by, base in ((from_id, amount, from_base), (to_id, -amount, -to_base)):
            found[(key,)][0] += by
            found[(key,)][1] += base
    return {key: tuple(figures) for key, figures in found.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a document in the series of its kind and year, and how its number is written."""

    kind: str
    year: int
    sequence: int
    is_opening: bool
    number: str

    def spellings(self, sequence: int) -> set[str]:
        """How another place of the series may be written, with as many digits or more."""
        found = set()
        for width in range(len(str(self.sequence)), MOST_DIGITS + 1):
            written = f"{self.sequence:0{width}}"
            if self.number.endswith(written):
                found.add(f"{self.number[: -len(written)]}{sequence:0{width}}")
        return found


def places(connection: Connection, organization_id: str) -> Sequence[Place]:
    """The place of every numbered document in its series, in their order."""
    of = document.c
    statement = (
        select(of.kind, of.series_year, of.sequence, of.is_opening, of.number)
        .where(of.organization_id == organization_id, of.sequence.is_not(None))
        .order_by(of.kind, of.series_year, of.sequence)
    )
    return [Place(*row) for row in connection.execute(statement)]


def former_numbers(connection: Connection, organization_id: str) -> set[tuple[str, str]]:
    """Kind and number of the documents of a former system that have no place in our series."""
    of = document.c
    statement = select(of.kind, of.number).where(
        of.organization_id == organization_id,
        of.is_opening,
        of.sequence.is_(None),
        of.number.is_not(None),
    )
    return {(row[0], row[1]) for row in connection.execute(statement)}


def unposted(connection: Connection, organization_id: str) -> Sequence[str]:
    """Issued documents that are not posted, or whose open item is not what they come to."""
    columns, of = document.c, open_item.c
    same = and_(of.organization_id == columns.organization_id, of.id == columns.id)
    statement = (
        select(columns.id)
        .select_from(document.outerjoin(open_item, same))
        .where(
            columns.organization_id == organization_id,
            columns.phase != Phase.DRAFT.value,
            or_(
                of.id.is_(None),
                func.abs(of.amount) != columns.total,
                func.abs(of.base_amount) != columns.base_total,
                and_(columns.total != 0, columns.transaction_id.is_(None)),
            ),
        )
    )
    return connection.scalars(statement).all()
