"""Whole ledgers with published results, from drafts to reports, against every expected figure.

A ledger in the neutral JSON form has accounts, transactions with base amounts, and what they
must come to by date and by period. One stands beside this file; larger ones of real accounting
programs are read from where they are shared, on a machine that has them.
"""

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from books import NOW, USD_BOOKS, account, chart_of

from ledger.accounts import AccountType, EntryType
from ledger.balance_sheet import balance_sheet
from ledger.balances import fold, fold_currencies
from ledger.chart import Chart, open_account
from ledger.currencies import CURRENCIES
from ledger.drafting import draw_up
from ledger.income_statement import income_statement
from ledger.money import amount_text
from ledger.organizations import Organization
from ledger.posting import post
from ledger.templates import Template
from ledger.transactions import Draft, DraftEntry, Transaction
from ledger.trial_balance import trial_balance

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "cases" / "ledgers"
CASES = [HERE / "little_ledger.json"] + [
    path
    for path in sorted(SHARED.glob("*.json"))
    if not path.name.startswith("large_")  # those have their transactions elsewhere
]
OPENING = "IB"
"""The reference of opening balances in Swedish ledgers; no movement of their month."""

each_case = pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)


@dataclass(frozen=True)
class Case:
    given: dict
    organization: Organization
    chart: Chart
    transactions: list[Transaction]

    def text(self, minor):
        return amount_text(minor, CURRENCIES[self.organization.base_currency])

    def texts(self, debit_positive):
        return {self.chart.by_id[key].code: self.text(n) for key, n in debit_positive.items()}

    @property
    def dates(self):
        return self.given["expected"]["as_of"].items()

    def trial_balance(self, day):
        accounts = list(self.chart.by_id.values())
        return trial_balance(accounts, fold(self.transactions, through=day), day)

    def balance_sheet(self, day):
        since = self.organization.fiscal_year_begin(day)
        through = fold(self.transactions, through=day)
        this_year = fold(self.transactions, since=since, through=day)
        return balance_sheet(list(self.chart.by_id.values()), through, this_year, day)

    def income_statement(self, begin, end):
        totals = fold(self.transactions, since=begin, through=end)
        return income_statement(list(self.chart.by_id.values()), totals, begin, end)


@cache
def case(path):
    """A ledger with its accounts opened beside the system accounts, and all of it posted."""
    given = json.loads(path.read_text(encoding="utf-8"))
    base = given["base_currency"]
    organization = replace(USD_BOOKS, base_currency=base)
    chart = chart_of(Template.NONE, base)
    for row in given["accounts"]:
        new = account(
            row["code"], AccountType(row["type"]), name=row["name"], currency=row["currency"]
        )
        chart = chart.having([open_account(chart, new)])
    transactions = [
        post(organization, chart, draw_up(organization, chart, draft(row), f"txn_{n}", NOW), NOW)
        for n, row in enumerate(given["transactions"])
    ]
    return Case(given, organization, chart, transactions)


def draft(row):
    entries = [
        DraftEntry(
            f"act_{entry['account_code']}",
            EntryType(entry["entry_type"]),
            entry["amount"],
            entry["currency"],
            base_amount=entry["base_amount"],
        )
        for entry in row["entries"]
    ]
    day, reference = date.fromisoformat(row["date"]), row.get("reference")
    return Draft(row["description"], day, entries, reference=reference)


@each_case
def test_every_balance_is_the_expected_one(path):
    ledger = case(path)
    for day, expected in ledger.dates:
        totals = fold(ledger.transactions, through=date.fromisoformat(day))
        balances = {account_id: total.net for account_id, total in totals.items()}
        assert ledger.texts(balances) == expected["balances"]


@each_case
def test_the_trial_balance_is_the_expected_one(path):
    ledger = case(path)
    for day, expected in ledger.dates:
        report = ledger.trial_balance(date.fromisoformat(day))
        assert report.is_balanced
        assert {
            "total_debits": ledger.text(report.total_debits),
            "total_credits": ledger.text(report.total_credits),
        } == expected["trial_balance"]
        totals = report.totals
        assert {
            "asset": ledger.text(totals.assets),
            "liability": ledger.text(totals.liabilities),
            "equity": ledger.text(totals.equity),
            "revenue": ledger.text(totals.revenue),
            "expense": ledger.text(totals.expenses),
        } == expected["by_type"]
        assert ledger.text(totals.revenue - totals.expenses) == expected["net_income_to_date"]


@each_case
def test_the_balance_sheet_is_the_expected_one(path):
    ledger = case(path)
    for day, expected in ledger.dates:
        report = ledger.balance_sheet(date.fromisoformat(day))
        assert report.is_balanced
        assert {
            "total_assets": ledger.text(report.total_assets),
            "total_liabilities": ledger.text(report.total_liabilities),
            "total_equity_including_net_income": ledger.text(report.total_equity),
        } == expected["balance_sheet"]
        assert (
            ledger.text(sum(line.amount for line in report.equity[-2:]))
            == (expected["net_income_to_date"])
        )
        lines = report.assets + report.liabilities + report.equity[:-2]
        assert {line.account_code for line in lines} == {
            code
            for code in expected["balances"]
            if not ledger.chart.by_code[code].type.is_temporary
        }


@each_case
def test_the_income_statement_of_each_period_is_the_expected_one(path):
    ledger = case(path)
    for days, expected in ledger.given["expected"]["periods"].items():
        report = ledger.income_statement(*map(date.fromisoformat, days.split("..")))
        movements = [(line.account_id, -line.amount) for line in report.revenue]
        movements += [(line.account_id, line.amount) for line in report.expenses]
        assert {
            "total_revenue": ledger.text(report.total_revenue),
            "total_expenses": ledger.text(report.total_expenses),
            "net_income": ledger.text(report.net_income),
            "movements": ledger.texts(dict(movements)),
        } == expected


@each_case
def test_every_balance_in_a_foreign_currency_is_the_expected_one(path):
    ledger = case(path)
    for code, dates in ledger.given.get("expected_foreign_balances", {}).items():
        for day, expected in dates.items():
            amount, currency = expected.split()
            totals = fold_currencies(ledger.transactions, through=date.fromisoformat(day))
            net = totals[f"act_{code}", currency].net
            assert Decimal(amount_text(net, CURRENCIES[currency])) == Decimal(amount)


@each_case
def test_the_movements_of_each_month_are_those_that_the_source_itself_states(path):
    ledger = case(path)
    for month, expected in ledger.given.get("source_monthly_movements_PSALDO", {}).items():
        prefix = f"{month[:4]}-{month[4:]}"
        posted = [
            each
            for each in ledger.transactions
            if str(each.date).startswith(prefix) and each.reference != OPENING
        ]
        moved = {key: total.net for key, total in fold(posted).items()}
        assert {code: ledger.texts(moved)[code] for code in expected} == expected
