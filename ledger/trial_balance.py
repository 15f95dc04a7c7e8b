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
    """The balances of all accounts at the end of a day, in order of code."""

    as_of: date
    lines: tuple[TrialBalanceLine, ...]
    total_debits: int
    total_credits: int
    totals: TypeTotals
    previous: TrialBalance | None = None

    @property
    def is_balanced(self) -> bool:
        """Whether both sides are equal, as they are unless something was lost."""
        return self.total_debits == self.total_credits


def trial_balance(
    accounts: Sequence[Account],
    through: Totals,
    as_of: date,
    previous: TrialBalance | None = None,
) -> TrialBalance:
    """The trial balance of a chart, from the totals of all days through `as_of`.

    `previous` is the one to compare with, by rule that of `reports.year_earlier(as_of)`.
    """
    before = {} if previous is None else {i.account_id: i.net_balance for i in previous.lines}
    signs = {account_type: account_type.natural(1) for account_type in AccountType}
    lines = []
    by_type = dict.fromkeys(AccountType, 0)
    for account in sorted(accounts, key=attrgetter("code")):
        net = through.get(account.id, NOTHING).net
        natural = signs[account.type] * net
        by_type[account.type] += natural
        lines.append(
            TrialBalanceLine(
                account.id,
                account.code,
                account.name,
                account.type,
                max(net, 0),
                max(-net, 0),
                natural,
                None if previous is None else before.get(account.id, 0),
            )
        )
    return TrialBalance(
        as_of,
        tuple(lines),
        sum(line.debit_balance for line in lines),
        sum(line.credit_balance for line in lines),
        TypeTotals(*by_type.values()),
        previous,
    )
