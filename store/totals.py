"""What accounts add up to: balances, daily and monthly totals, kept as entries post.

Rows are summed per key in memory before they are written, and written in the order of their
keys. A figure as of any date is the months before it and the days of its month: what it
costs depends on accounts and days, never on entries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    CompoundSelect,
    Connection,
    Select,
    Table,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.sql.elements import ColumnElement

from ledger.accounts import EntryType
from ledger.balances import CurrencyTotal, Total
from ledger.transactions import Transaction
from store.dialects import Day, among
from store.document_tables import category_total
from store.rows import Put, Way, names_of, put_together
from store.tables import balance, daily_total, monthly_total, organization_version

_ONE_DAY = timedelta(days=1)
_FIGURES = ("debit", "credit", "base_debit", "base_credit")


def add(connection: Connection, posted: Iterable[Transaction]) -> None:
    """Count newly posted transactions in balances, days and months, and in their categories."""
    balances: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    days: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    months: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    categories: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0])
    for fact in posted:
        organization_id, day, closing = fact.organization_id, fact.date, fact.closing
        month = day.replace(day=1)
        for line in fact.entries:
            place = 0 if line.entry_type is EntryType.DEBIT else 1
            account_id, currency = line.account_id, line.currency
            for figures in (
                balances[organization_id, account_id, currency, closing],
                days[organization_id, day, account_id, currency, closing],
                months[organization_id, account_id, month, currency, closing],
            ):
                figures[place] += line.amount
                figures[place + 2] += line.base_amount
        if fact.category_id is not None or any(line.category_id for line in fact.entries):
            _categorise(categories, fact)
    put_together(
        connection,
        Put(balance, _rows(balance, balances), Way.ADD),
        Put(daily_total, _rows(daily_total, days), Way.ADD),
        Put(monthly_total, _rows(monthly_total, months), Way.ADD),
        Put(category_total, _rows(category_total, categories, _FIGURES[2:]), Way.ADD),
    )


def _categorise(summed: dict[tuple[Any, ...], list[int]], fact: Transaction) -> None:
    """Count the entries that have a category, their own or the transaction's."""
    for line in fact.entries:
        category_id = line.category_id or fact.category_id
        if category_id is None or fact.closing:
            continue
        figures = summed[fact.organization_id, fact.date, category_id, line.account_id]
        figures[0 if line.entry_type is EntryType.DEBIT else 1] += line.base_amount


def _rows(
    table: Table, summed: dict[tuple[Any, ...], list[int]], figures: Sequence[str] = _FIGURES
) -> list[dict[str, Any]]:
    names = [*names_of(table.primary_key.columns), *figures]
    return [
        dict(zip(names, (*key, *counted), strict=True)) for key, counted in sorted(summed.items())
    ]


def now(
    connection: Connection, organization_id: str, account_ids: Collection[str] | None = None
) -> dict[str, Total]:
    """Totals of everything posted, whatever its date, by account."""
    return _totals(connection, [(balance, None, None)], organization_id, account_ids)


def seen_now(
    connection: Connection, organization_id: str, account_ids: Collection[str]
) -> tuple[dict[str, Total], int | None]:
    """Totals of everything posted to some accounts, and the structure number of that moment.

    Both come by one statement, so they belong together in no transaction too. The number is None
    where nothing was ever posted.
    """
    found: dict[str, Total] = {}
    structure: int | None = None
    given = {"of": organization_id, "ids": sorted(account_ids)}
    for account_id, closing, debit, credit, number in connection.execute(_seen(), given).all():
        _add(found, account_id, closing, debit, credit)
        structure = number
    return found, structure


class Present:
    """Totals of everything posted, whatever its date, and of what is dated after today.

    One statement reads both for all accounts, once in a snapshot, for whoever needs them first.
    """

    def __init__(self, organization_id: str, today: date) -> None:
        self.today = today
        self._organization_id = organization_id
        self._found: tuple[dict[str, Total], dict[str, Total]] | None = None

    @property
    def is_known(self) -> bool:
        """Whether they were read."""
        return self._found is not None

    def now(self, connection: Connection) -> dict[str, Total]:
        """Totals of everything posted, by account."""
        return self._read(connection)[0]

    def ahead(self, connection: Connection) -> dict[str, Total]:
        """Totals of what was posted on dates after today, by account: usually nothing."""
        return self._read(connection)[1]

    def _read(self, connection: Connection) -> tuple[dict[str, Total], dict[str, Total]]:
        if self._found is None:
            given = {"of": self._organization_id, "first": self.today + _ONE_DAY}
            now: dict[str, Total] = {}
            ahead: dict[str, Total] = {}
            rows = connection.execute(_present(), given).all()
            for account_id, closing, debit, credit, is_ahead in rows:
                _add(ahead if is_ahead else now, account_id, closing, debit, credit)
            self._found = now, ahead
        return self._found


def between(
    connection: Connection,
    organization_id: str,
    since: date | None,
    through: date,
    account_ids: Collection[str] | None = None,
) -> dict[str, Total]:
    """Totals of what was posted on dates from `since` (or ever) to `through`, by account."""
    return _totals(connection, _spans(since, through), organization_id, account_ids)


def by_currency(
    connection: Connection, organization_id: str, account_ids: Collection[str]
) -> dict[str, dict[str, CurrencyTotal]]:
    """Totals of everything posted to some accounts, per account and currency."""
    columns = [_whole(func.sum(balance.c[name])).label(name) for name in _FIGURES]
    statement = (
        select(balance.c.account_id, balance.c.currency, *columns)
        .where(
            balance.c.organization_id == organization_id,
            among(balance.c.account_id, sorted(account_ids)),
        )
        .group_by(balance.c.account_id, balance.c.currency)
        .order_by(balance.c.account_id, balance.c.currency)
    )
    found: dict[str, dict[str, CurrencyTotal]] = defaultdict(dict)
    for account_id, currency, *figures in connection.execute(statement).all():
        found[account_id][currency] = CurrencyTotal(*figures)
    return found


def by_category(
    connection: Connection, organization_id: str, since: date, through: date
) -> dict[tuple[str, str], tuple[int, int]]:
    """Base turnovers (debit, credit) of a period by category and account."""
    columns = category_total.c
    statement = (
        select(
            columns.category_id,
            columns.account_id,
            _whole(func.sum(columns.base_debit)),
            _whole(func.sum(columns.base_credit)),
        )
        .where(
            columns.organization_id == organization_id,
            columns.date >= since,
            columns.date <= through,
        )
        .group_by(columns.category_id, columns.account_id)
    )
    rows = connection.execute(statement)
    return {(category, account): (debit, credit) for category, account, debit, credit in rows}


def after(connection: Connection, organization_id: str, day: date) -> dict[str, Total]:
    """Totals of what was posted on dates after `day`: usually nothing."""
    part = (daily_total, day + _ONE_DAY, None)
    return _totals(connection, [part], organization_id, None)


Part = tuple[Table, date | None, date | None]
"""A table of totals, and the first and the last day of it that count."""


def _spans(since: date | None, through: date) -> Sequence[Part]:
    """A range of days as whole months and the days left over at either end."""
    after_last = through + _ONE_DAY
    month_end = after_last.replace(day=1) - _ONE_DAY
    first_month = None if since is None else _month_begin(since)
    if first_month is not None and month_end < first_month:
        return [(daily_total, since, through)]
    spans: list[Part] = [(monthly_total, first_month, month_end.replace(day=1))]
    if month_end < through:
        spans.append((daily_total, month_end + _ONE_DAY, through))
    if since is not None and first_month is not None and since < first_month:
        spans.append((daily_total, since, first_month - _ONE_DAY))
    return spans


def _month_begin(day: date) -> date:
    """The first day of a month on or after `day`."""
    if day.day == 1:
        return day
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _whole(value: ColumnElement[Any]) -> ColumnElement[int]:
    # PostgreSQL's sum of integers is a decimal; it fits, for turnovers are checked to.
    return cast(value, BigInteger)


@cache
def _sums(table: Table, *, some: bool, since: bool, through: bool) -> Select[Any]:
    """The sums by account: of some accounts alone, or only of some days."""
    statement = (
        select(
            table.c.account_id,
            table.c.closing,
            _whole(func.sum(table.c.base_debit)),
            _whole(func.sum(table.c.base_credit)),
        )
        .where(table.c.organization_id == bindparam("of"))
        .group_by(table.c.account_id, table.c.closing)
    )
    day = table.c.month if table is monthly_total else table.c.get("date")
    if some:
        statement = statement.where(among(table.c.account_id, "ids"))
    if since:
        statement = statement.where(day >= bindparam("first", type_=Day()))
    if through:
        statement = statement.where(day <= bindparam("last", type_=Day()))
    return statement


@cache
def _present() -> CompoundSelect[Any]:
    """The sums of balances, and beside them those of the days after one."""
    now = _sums(balance, some=False, since=False, through=False)
    ahead = _sums(daily_total, some=False, since=True, through=False)
    parts = (now.add_columns(literal_column("0")), ahead.add_columns(literal_column("1")))
    return union_all(*parts)


@cache
def _seen() -> Select[Any]:
    """The sums of some accounts' balances, and in each row the structure number."""
    number = (
        select(organization_version.c.structure)
        .where(organization_version.c.organization_id == bindparam("of"))
        .scalar_subquery()
    )
    return _sums(balance, some=True, since=False, through=False).add_columns(number)


def _totals(
    connection: Connection,
    parts: Sequence[Part],
    organization_id: str,
    account_ids: Collection[str] | None,
) -> dict[str, Total]:
    found: dict[str, Total] = {}
    some = account_ids is not None
    for table, first, last in parts:
        statement = _sums(table, some=some, since=first is not None, through=last is not None)
        given: dict[str, Any] = {"of": organization_id, "first": first, "last": last}
        if account_ids is not None:
            given["ids"] = sorted(account_ids)
        given = {name: value for name, value in given.items() if value is not None}
        for account_id, closing, debit, credit in connection.execute(statement, given).all():
            _add(found, account_id, closing, debit, credit)
    return found


def _add(found: dict[str, Total], account_id: str, closing: bool, debit: int, credit: int) -> None:
    """Count in what an account has of one kind of transactions: CLOSING ones, or all others."""
    total = Total(0, 0, debit, credit) if closing else Total(debit, credit)
    before = found.get(account_id)
    found[account_id] = total if before is None else before + total
