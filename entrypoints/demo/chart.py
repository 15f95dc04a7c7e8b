"""The demo company's accounts, most of them those of the standard chart under the same codes."""

from __future__ import annotations

from typing import Any

_KINDS = {"1": "asset", "2": "liability", "3": "equity", "4": "revenue"}

_ROWS = (
    ("1000", "Cash", "cash", None),
    ("1010", "Bank account", "bank", None),
    ("1020", "Savings account", "bank", None),
    ("1100", "Accounts receivable", "receivable", None),
    ("1200", "Inventory", "inventory", None),
    ("1210", "Green and roasted coffee", "inventory", "1200"),
    ("1220", "Packaging", "inventory", "1200"),
    ("1230", "Machines for sale", "inventory", "1200"),
    ("1300", "Prepaid expenses", "prepayment", None),
    ("1500", "Equipment", "fixed_asset", None),
    ("1510", "Roasting equipment", "fixed_asset", "1500"),
    ("1520", "Café equipment", "fixed_asset", "1500"),
    ("1530", "Leasehold improvements", "fixed_asset", "1500"),
    ("1540", "Delivery van", "fixed_asset", "1500"),
    ("1590", "Accumulated depreciation", "accumulated_depreciation", None),
    ("1800", "Security deposits", "other_asset", None),
    ("2000", "Accounts payable", "payable", None),
    ("2100", "Credit card", "credit_card", None),
    ("2200", "Sales tax payable", "tax", None),
    ("2300", "Payroll liabilities", "payroll", None),
    ("2310", "Federal payroll taxes", "payroll", "2300"),
    ("2320", "State income tax withheld", "payroll", "2300"),
    ("2330", "Unemployment taxes", "payroll", "2300"),
    ("2400", "Accrued liabilities", "accrued_liability", None),
    ("2410", "Milk delivered, not billed", "accrued_liability", "2400"),
    ("2420", "Pastry delivered, not billed", "accrued_liability", "2400"),
    ("2700", "Loans payable", "long_term_liability", None),
    ("3000", "Owner's capital", "capital", None),
    ("3050", "Owner's drawings", "drawings", None),
    ("3100", "Retained earnings", "retained_earnings", None),
    ("3900", "Opening balances", "opening_balances", None),
    ("4000", "Sales", "sales", None),
    ("4010", "Café counter", "sales", "4000"),
    ("4020", "Beans by the bag", "sales", "4000"),
    ("4030", "Wholesale coffee", "sales", "4000"),
    ("4040", "Brewer leases", "sales", "4000"),
    ("4050", "Machines sold", "sales", "4000"),
    ("4100", "Services", "sales", None),
    ("4110", "Machine service", "sales", "4100"),
    ("4120", "Brewing courses", "sales", "4100"),
    ("4200", "Sales discounts", "sales", None),
    ("4800", "Other income", "other_income", None),
    ("4900", "Exchange gains", "other_income", None),
    ("5000", "Cost of goods sold", "cost_of_sales", None),
    ("5010", "Coffee", "cost_of_sales", "5000"),
    ("5020", "Milk and pastry", "cost_of_sales", "5000"),
    ("5030", "Packaging used", "cost_of_sales", "5000"),
    ("5040", "Machines sold, at cost", "cost_of_sales", "5000"),
    ("5090", "Stock losses", "cost_of_sales", "5000"),
    ("5100", "Office supplies", "operating_expense", None),
    ("5200", "Rent", "operating_expense", None),
    ("5300", "Utilities", "operating_expense", None),
    ("5400", "Wages and salaries", "operating_expense", None),
    ("5410", "Wages, roastery", "operating_expense", "5400"),
    ("5420", "Wages, café", "operating_expense", "5400"),
    ("5450", "Employer's payroll taxes", "operating_expense", "5400"),
    ("5500", "Advertising", "operating_expense", None),
    ("5550", "Software and telephone", "operating_expense", None),
    ("5600", "Professional fees", "operating_expense", None),
    ("5700", "Travel", "operating_expense", None),
    ("5750", "Van and delivery", "operating_expense", None),
    ("5800", "Insurance", "operating_expense", None),
    ("5900", "Bank fees", "operating_expense", None),
    ("5910", "Card processing fees", "operating_expense", "5900"),
    ("6000", "Depreciation", "depreciation", None),
    ("6100", "Repairs and maintenance", "operating_expense", None),
    ("6200", "Licences and permits", "operating_expense", None),
    ("6300", "Bad debts", "operating_expense", None),
    ("7000", "Interest expense", "interest", None),
    ("7800", "Exchange losses", "other_expense", None),
)

_DESCRIPTIONS = {
    "1590": "Straight line, booked at the end of every month.",
    "2200": "On what is drunk at the counter, let and repaired, and use tax; beans are free.",
    "2700": "Prairie State Bank: 84 equal instalments at 7.2 % a year.",
    "5010": "At standard cost when sold; the monthly count books the difference to 5090.",
}


def accounts() -> list[dict[str, Any]]:
    """The chart in the neutral form of a ledger, parents before their sub-accounts."""
    return [_account(*row) for row in _ROWS]


def _account(code: str, name: str, subtype: str, parent: str | None) -> dict[str, Any]:
    account = {
        "code": code,
        "name": name,
        "type": _KINDS.get(code[0], "expense"),
        "currency": "USD",
        "subtype": subtype,
    }
    if parent is not None:
        account["parent_code"] = parent
    if code in _DESCRIPTIONS:
        account["description"] = _DESCRIPTIONS[code]
    return account
