"""Balances: what entries add up to, as a pure fold over transactions.

POSTED and REVERSED transactions count, pending and failed ones do not. The turnovers of CLOSING
transactions (and of their reversals) are kept apart, so that an income statement can leave them
out without looking at a transaction again. What a store maintains while entries post must
equal this fold at any moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ledger.accounts import EntryType
from ledger.facts import quick
from ledger.transactions import Transaction


@quick
@dataclass(frozen=True, slots=True)
class Total:
    """The turnovers of one account in minor units of the base currency.

    `debit` and `credit` are those of all but CLOSING transactions, which have their own two.
    """

    debit: int = 0
    credit: int = 0
    closing_debit: int = 0
    closing_credit: int = 0

    @property
    def net(self) -> int:
        """The balance, debit-positive, CLOSING transactions included."""
        return self.debit - self.credit + self.closing_debit - self.closing_credit

    @property
    def net_open(self) -> int:
        """The balance, debit-positive, as it would be if nothing were closed."""
        return self.debit - self.credit

    @property
    def is_moved(self) -> bool:
        """Whether anything was posted to the account, CLOSING transactions included."""
        return bool(self.debit or self.credit or self.closing_debit or self.closing_credit)

    @property
    def is_moved_open(self) -> bool:
        """Whether anything but CLOSING transactions was posted to the account."""
        return bool(self.debit or self.credit)

    def __add__(self, other: Total) -> Total:
        return Total(
            self.debit + other.debit,
            self.credit + other.credit,
            self.closing_debit + other.closing_debit,
            self.closing_credit + other.closing_credit,
        )

    def __sub__(self, other: Total) -> Total:
        return Total(
            self.debit - other.debit,
            self.credit - other.credit,
            self.closing_debit - other.closing_debit,
            self.closing_credit - other.closing_credit,
        )


Totals = Mapping[str, Total]
"""Turnovers by account id; an account that is not in it has none."""

NOTHING = Total()


@dataclass(frozen=True, slots=True)
class CurrencyTotal:
    """The turnovers of one account in one currency, CLOSING ones included.

    `debit` and `credit` are in minor units of that currency, the others of the base currency.
    """

    debit: int = 0
    credit: int = 0
    base_debit: int = 0
    base_credit: int = 0

    @property
    def net(self) -> int:
        """The balance in the currency, debit-positive."""
        return self.debit - self.credit

    @property
    def base_net(self) -> int:
        """The balance in the base currency, debit-positive."""
        return self.base_debit - self.base_credit

    def __add__(self, other: CurrencyTotal) -> CurrencyTotal:
        return CurrencyTotal(
            self.debit + other.debit,
            self.credit + other.credit,
            self.base_debit + other.base_debit,
            self.base_credit + other.base_credit,
        )


def fold(
    transactions: Iterable[Transaction], *, since: date | None = None, through: date | None = None
) -> dict[str, Total]:
    """The turnovers of each account by posted transactions of these days, both included."""
    sums: dict[str, list[int]] = {}
    for transaction in _counted(transactions, since, through):
        debit_place = 2 if transaction.closing else 0
        for entry in transaction.entries:
            place = debit_place + (entry.entry_type is EntryType.CREDIT)
            sums.setdefault(entry.account_id, [0, 0, 0, 0])[place] += entry.base_amount
    return {account_id: Total(*figures) for account_id, figures in sums.items()}


def fold_currencies(
    transactions: Iterable[Transaction], *, since: date | None = None, through: date | None = None
) -> dict[tuple[str, str], CurrencyTotal]:
    """The same by account id and currency of the entries, with the amounts in that currency."""
    sums: dict[tuple[str, str], list[int]] = {}
    for transaction in _counted(transactions, since, through):
        for entry in transaction.entries:
            place = int(entry.entry_type is EntryType.CREDIT)
            figures = sums.setdefault((entry.account_id, entry.currency), [0, 0, 0, 0])
            figures[place] += entry.amount
            figures[place + 2] += entry.base_amount
    return {key: CurrencyTotal(*figures) for key, figures in sums.items()}


def _counted(
    transactions: Iterable[Transaction], since: date | None, through: date | None
) -> Iterator[Transaction]:
    for transaction in transactions:
        too_early = since is not None and transaction.date < since
        too_late = through is not None and transaction.date > through
        if transaction.is_posted and not too_early and not too_late:
            yield transaction
