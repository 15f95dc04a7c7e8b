"""Charts of accounts to begin with: a small usable one, and one of system accounts alone.

Both have an account for every role. Codes of the standard chart tell the type by their first
digit: 1 assets, 2 liabilities, 3 equity, 4 revenue, and from 5 on expenses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from ledger.accounts import Account, Role, Subtype


class Template(StrEnum):
    """The charts that a new organization can begin with."""

    STANDARD = "standard"
    NONE = "none"


_SYSTEM = {
    Role.RECEIVABLE: ("1100", "Accounts receivable", Subtype.RECEIVABLE),
    Role.PAYABLE: ("2000", "Accounts payable", Subtype.PAYABLE),
    Role.TAX: ("2200", "Sales tax payable", Subtype.TAX),
    # Money of unknown origin is owed until it is explained: as a liability it never makes
    # the books look richer than they are.
    Role.SUSPENSE: ("2900", "Suspense", Subtype.CURRENT_LIABILITY),
    Role.RETAINED_EARNINGS: ("3100", "Retained earnings", Subtype.RETAINED_EARNINGS),
    Role.OPENING_BALANCES: ("3900", "Opening balances", Subtype.OPENING_BALANCES),
    Role.EXCHANGE_GAIN: ("4900", "Exchange gains", Subtype.OTHER_INCOME),
    Role.EXCHANGE_LOSS: ("7800", "Exchange losses", Subtype.OTHER_EXPENSE),
    Role.ROUNDING: ("7900", "Rounding", Subtype.OTHER_EXPENSE),
}

_ORDINARY = (
    ("1000", "Cash", Subtype.CASH),
    ("1010", "Bank account", Subtype.BANK),
    ("1020", "Savings account", Subtype.BANK),
    ("1200", "Inventory", Subtype.INVENTORY),
    ("1300", "Prepaid expenses", Subtype.PREPAYMENT),
    ("1500", "Equipment", Subtype.FIXED_ASSET),
    ("1590", "Accumulated depreciation", Subtype.ACCUMULATED_DEPRECIATION),
    ("2100", "Credit card", Subtype.CREDIT_CARD),
    ("2300", "Payroll liabilities", Subtype.PAYROLL),
    ("2400", "Accrued liabilities", Subtype.ACCRUED_LIABILITY),
    ("2500", "Deferred revenue", Subtype.DEFERRED_REVENUE),
    ("2700", "Loans payable", Subtype.LONG_TERM_LIABILITY),
    ("3000", "Owner's capital", Subtype.CAPITAL),
    ("3050", "Owner's drawings", Subtype.DRAWINGS),
    ("4000", "Sales", Subtype.SALES),
    ("4100", "Services", Subtype.SALES),
    ("4200", "Sales discounts", Subtype.SALES),
    ("4800", "Other income", Subtype.OTHER_INCOME),
    ("5000", "Cost of goods sold", Subtype.COST_OF_SALES),
    ("5100", "Office supplies", Subtype.OPERATING_EXPENSE),
    ("5200", "Rent", Subtype.OPERATING_EXPENSE),
    ("5300", "Utilities", Subtype.OPERATING_EXPENSE),
    ("5400", "Wages and salaries", Subtype.OPERATING_EXPENSE),
    ("5500", "Advertising", Subtype.OPERATING_EXPENSE),
    ("5600", "Professional fees", Subtype.OPERATING_EXPENSE),
    ("5700", "Travel", Subtype.OPERATING_EXPENSE),
    ("5800", "Insurance", Subtype.OPERATING_EXPENSE),
    ("5900", "Bank fees", Subtype.OPERATING_EXPENSE),
    ("6000", "Depreciation", Subtype.DEPRECIATION),
    ("7000", "Interest expense", Subtype.INTEREST),
    ("8000", "Income tax", Subtype.TAX_EXPENSE),
)

_Row = tuple[str, str, Subtype, Role | None]


def accounts_for(
    template: Template,
    organization_id: str,
    base_currency: str,
    now: datetime,
    new_id: Callable[[], str],
) -> list[Account]:
    """The accounts of a new organization, in order of code; `new_id` is called once for each."""
    return [
        Account(
            organization_id=organization_id,
            id=new_id(),
            code=code,
            name=name,
            type=subtype.type,
            currency=base_currency,
            created_at=now,
            updated_at=now,
            subtype=subtype,
            role=role,
        )
        for code, name, subtype, role in sorted(_rows(template))
    ]


def _rows(template: Template) -> list[_Row]:
    system: list[_Row] = [(*row, role) for role, row in _SYSTEM.items()]
    if template is Template.STANDARD:
        return system + [(*row, None) for row in _ORDINARY]
    return [
        (f"SYS-{role.value.upper().replace('_', '-')}", name, subtype, role)
        for role, (_, name, subtype) in _SYSTEM.items()
    ]
