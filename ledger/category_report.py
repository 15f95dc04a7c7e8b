"""The category report: what each category earned and cost in a period, beside all that none has.

It divides the revenue and the expenses of an income statement, so the two always agree: what
the categories come to and what is uncategorized are its totals. A category may have both, for a
refund from a supplier is revenue of what is otherwise spent on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ledger.accounts import Account, AccountType
from ledger.categories import Category, CategoryType
from ledger.income_statement import IncomeStatement

_ORDER = list(CategoryType)


@dataclass(frozen=True, slots=True)
class Result:
    """Revenue and expenses in minor units of the base currency, each positive as it grows."""

    revenue: int = 0
    expenses: int = 0

    def __add__(self, other: Result) -> Result:
        return Result(self.revenue + other.revenue, self.expenses + other.expenses)

    def __sub__(self, other: Result) -> Result:
        return Result(self.revenue - other.revenue, self.expenses - other.expenses)


NOTHING = Result()


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """A category with its own figures, and with those of all categories below it.

    `level` is 1 at the top of the tree.
    """

    category: Category
    level: int
    own: Result
    with_children: Result


@dataclass(frozen=True, slots=True)
class CategoryReport:
    """Every category, parents before children; the rest; and the income statement's totals."""

    lines: tuple[CategoryLine, ...]
    uncategorized: Result
    total: Result


def category_report(
    tree: Mapping[str, Category],
    accounts: Iterable[Account],
    turnovers: Mapping[tuple[str, str], tuple[int, int]],
    statement: IncomeStatement,
) -> CategoryReport:
    """The report of the income statement's period.

    `tree` has all categories by id. `turnovers` are the debits and credits of that period in
    minor units of the base currency, CLOSING ones left out, by category and account.
    """
    own = _by_category(accounts, turnovers)
    ordered = list(_ordered(tree))
    whole = defaultdict(Result, own)
    for category, _ in reversed(ordered):
        if category.parent_id is not None:
            whole[category.parent_id] += whole[category.id]
    total = Result(statement.total_revenue, statement.total_expenses)
    lines = tuple(
        CategoryLine(category, level, own.get(category.id, NOTHING), whole[category.id])
        for category, level in ordered
    )
    return CategoryReport(lines, total - sum(own.values(), NOTHING), total)


def _by_category(
    accounts: Iterable[Account], turnovers: Mapping[tuple[str, str], tuple[int, int]]
) -> dict[str, Result]:
    """What the revenue and expense accounts of each category come to."""
    types = {account.id: account.type for account in accounts}
    found: dict[str, Result] = defaultdict(Result)
    for (category_id, account_id), (debit, credit) in turnovers.items():
        if types[account_id] is AccountType.REVENUE:
            found[category_id] += Result(revenue=credit - debit)
        elif types[account_id] is AccountType.EXPENSE:
            found[category_id] += Result(expenses=debit - credit)
    return found


def _ordered(tree: Mapping[str, Category]) -> Iterator[tuple[Category, int]]:
    """Categories with their levels: each before those below it, by type and name beside others."""
    below: dict[str | None, list[Category]] = defaultdict(list)
    for category in sorted(tree.values(), key=_place, reverse=True):
        below[category.parent_id].append(category)
    waiting = [(category, 1) for category in below[None]]
    while waiting:
        category, level = waiting.pop()
        yield category, level
        waiting += [(child, level + 1) for child in below[category.id]]


def _place(category: Category) -> tuple[int, str, str]:
    return _ORDER.index(category.type), category.name, category.id
