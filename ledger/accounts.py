"""Accounts: what one is, and on which side it grows.

The type of an account decides the sign of every figure about it. System accounts are the
ones that the service itself posts to; each has a role by which it is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any

from ledger.errors import LedgerError, Reason


class EntryType(StrEnum):
    """The two sides of an account."""

    DEBIT = "debit"
    CREDIT = "credit"

    @property
    def opposite(self) -> EntryType:
        """The other side."""
        return EntryType.CREDIT if self is EntryType.DEBIT else EntryType.DEBIT


class AccountType(StrEnum):
    """The five types of account."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    REVENUE = "revenue"
    EXPENSE = "expense"

    @property
    def normal_side(self) -> EntryType:
        """The side on which an account of this type grows, and is shown as positive."""
        grows_by_debit = self is AccountType.ASSET or self is AccountType.EXPENSE
        return EntryType.DEBIT if grows_by_debit else EntryType.CREDIT

    @cached_property
    def sign(self) -> int:
        """1 where debits are positive on the type's normal side, else -1."""
        return 1 if self.normal_side is EntryType.DEBIT else -1

    @property
    def is_temporary(self) -> bool:
        """Whether its balance belongs to a period (income statement) and not to a date."""
        return self in {AccountType.REVENUE, AccountType.EXPENSE}

    def natural(self, debit_positive: int) -> int:
        """A debit-positive figure as shown: positive on the type's normal side."""
        return self.sign * debit_positive


class AccountStatus(StrEnum):
    """Only an active account takes entries."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    SUSPENDED = "suspended"


_A, _L, _E, _R, _X = AccountType


class Subtype(StrEnum):
    """What kind of asset, liability ... an account is; each belongs to one type."""

    BANK = "bank"
    CASH = "cash"
    RECEIVABLE = "receivable"
    INVENTORY = "inventory"
    PREPAYMENT = "prepayment"
    CURRENT_ASSET = "current_asset"
    FIXED_ASSET = "fixed_asset"
    ACCUMULATED_DEPRECIATION = "accumulated_depreciation"
    OTHER_ASSET = "other_asset"
    PAYABLE = "payable"
    CREDIT_CARD = "credit_card"
    TAX = "tax"
    PAYROLL = "payroll"
    ACCRUED_LIABILITY = "accrued_liability"
    DEFERRED_REVENUE = "deferred_revenue"
    CURRENT_LIABILITY = "current_liability"
    LONG_TERM_LIABILITY = "long_term_liability"
    CAPITAL = "capital"
    DRAWINGS = "drawings"
    RETAINED_EARNINGS = "retained_earnings"
    OPENING_BALANCES = "opening_balances"
    OTHER_EQUITY = "other_equity"
    SALES = "sales"
    OTHER_INCOME = "other_income"
    COST_OF_SALES = "cost_of_sales"
    OPERATING_EXPENSE = "operating_expense"
    DEPRECIATION = "depreciation"
    INTEREST = "interest"
    TAX_EXPENSE = "tax_expense"
    OTHER_EXPENSE = "other_expense"

    @property
    def type(self) -> AccountType:
        """The type of account that may have this subtype."""
        for last, account_type in _LAST_OF_TYPE:
            if _SUBTYPES.index(self) <= last:
                return account_type
        raise AssertionError(self)  # pragma: no cover


_SUBTYPES = list(Subtype)
_LAST_OF_TYPE = (
    (_SUBTYPES.index(Subtype.OTHER_ASSET), _A),
    (_SUBTYPES.index(Subtype.LONG_TERM_LIABILITY), _L),
    (_SUBTYPES.index(Subtype.OTHER_EQUITY), _E),
    (_SUBTYPES.index(Subtype.OTHER_INCOME), _R),
    (_SUBTYPES.index(Subtype.OTHER_EXPENSE), _X),
)


class Role(StrEnum):
    """What the service itself uses a system account for."""

    RECEIVABLE = "receivable"
    PAYABLE = "payable"
    TAX = "tax"
    RETAINED_EARNINGS = "retained_earnings"
    OPENING_BALANCES = "opening_balances"
    ROUNDING = "rounding"
    EXCHANGE_GAIN = "exchange_gain"
    EXCHANGE_LOSS = "exchange_loss"
    SUSPENSE = "suspense"


@dataclass(frozen=True, slots=True)
class Account:
    """A line of the chart of accounts. `currency` is the default of its entries."""

    organization_id: str
    id: str
    code: str
    name: str
    type: AccountType
    currency: str
    created_at: datetime
    updated_at: datetime
    subtype: Subtype | None = None
    parent_id: str | None = None
    description: str | None = None
    status: AccountStatus = AccountStatus.ACTIVE
    role: Role | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1

    @property
    def is_system(self) -> bool:
        """Whether the service itself posts to the account."""
        return self.role is not None

    def require_active(self, field_name: str | None = None) -> None:
        """Raise `account_inactive` unless the account takes entries."""
        if self.status is AccountStatus.ACTIVE:
            return
        raise LedgerError(
            Reason.ACCOUNT_INACTIVE,
            f"Account {self.code} {self.name} is {self.status.value} and takes no entries.",
            "Use another account, or set this one's status to ACTIVE first.",
            {"account_id": self.id, "code": self.code, "status": self.status.value},
            field_name,
        )
