"""The trial balance: every account of the chart with its balance on one of two sides.

Balances are cumulative: revenue and expenses count from the beginning of the books, less what
CLOSING transactions have moved to equity. Nothing is reset by a new fiscal year alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from ledger.accounts import Account, AccountType
from ledger.balances import NOTHING, Totals


@dataclass(frozen=True, slots=True)
class TrialBalanceLine:
    """One account: its balance on the debit or the credit side, the other side being zero.

    `net_balance` is the same balance, positive on the normal side of the account's type;
    `previous` is that of the earlier date, when two are compared.
    """

    account_id: str
    account_code: str
    account_name: str
    account_type: AccountType
    debit_balance: int
    credit_balance: int
    net_balance: int
    previous: int | None = None


@dataclass(frozen=True, slots=True)
class TypeTotals:
    """The balances of all accounts of each type; equity without computed earnings."""

    assets: int
    liabilities: int
    equity: int
    revenue: int
    expenses: int


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """The balances of all accounts at the end of a day.

    `accounts` are those of the chart in order of code, `through` their totals of all days until
    then. Lines are made where they are asked for: most ask what the sides add up to.
    """

    as_of: date
    accounts: tuple[Account, ...]
    through: Totals
    total_debits: int
    total_credits: int
    totals: TypeTotals
    previous: TrialBalance | None = None

    @property
    def is_balanced(self) -> bool:
        """Whether both sides are equal, as they are unless something was lost."""
        return self.total_debits == self.total_credits

    @property
    def lines(self) -> tuple[TrialBalanceLine, ...]:
        """A line for each account, in order of code; those without a balance too."""
        return tuple([self._line(account) for account in self.accounts])

    def _line(self, account: Account) -> TrialBalanceLine:
        net, sign = self.net(account), account.type.sign
        return TrialBalanceLine(
            account.id,
            account.code,
            account.name,
            account.type,
            max(net, 0),
            max(-net, 0),
            sign * net,
            None if self.previous is None else sign * self.previous.net(account),
        )

    def net(self, account: Account) -> int:
        """The balance of an account, debit-positive."""
        return self.through.get(account.id, NOTHING).net


def trial_balance(
    accounts: Sequence[Account],
    through: Totals,
    as_of: date,
    previous: TrialBalance | None = None,
) -> TrialBalance:
    """The trial balance of a chart, from the totals of all days through `as_of`.

    `previous` is the one to compare with, by rule that of `reports.year_earlier(as_of)`.
    """
    debits = credits = 0
    by_type = dict.fromkeys(AccountType, 0)
    for account in accounts:
        net = through.get(account.id, NOTHING).net
        by_type[account.type] += net
        if net > 0:
            debits += net
        else:
            credits -= net
    figures = [account_type.sign * net for account_type, net in by_type.items()]
    return TrialBalance(
        as_of,
        tuple(sorted(accounts, key=attrgetter("code"))),
        through,
        debits,
        credits,
        TypeTotals(*figures),
        previous,
    )
