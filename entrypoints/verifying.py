"""Holding the reports of an organization against the figures that a ledger expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from entrypoints.asking import Ask

AT_DATE = """query AtDate($day: Date!, $through: Date!) {
  trialBalance(asOf: $day) {
    totalDebits totalCredits
    totals { assets liabilities equity revenue expenses }
    accounts { accountCode debitBalance creditBalance }
  }
  balanceSheet(asOf: $day) { totalAssets totalLiabilities totalEquity }
  transactionsConnection(first: 1, where: {date: {lte: $through}}) { totalCount }
}"""
OF_PERIOD = """query OfPeriod($from: Date!, $to: Date!) {
  incomeStatement(from: $from, to: $to) {
    totalRevenue totalExpenses netIncome
    revenue { accountCode amount }
    expenses { accountCode amount }
  }
}"""

Figures = Mapping[str, Any]


@dataclass(slots=True)
class Verdict:
    """How many figures were compared, each difference in a sentence, and what no report has."""

    compared: int = 0
    differences: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)

    def compare(self, place: str, expected: Figures, found: Mapping[str, Decimal]) -> None:
        """Compare figures by name; one that only one side has counts as zero on the other."""
        for name in sorted(expected.keys() | found.keys()):
            self.compared += 1
            wanted, got = Decimal(expected.get(name, 0)), found.get(name, Decimal(0))
            if wanted != got:
                self.differences.append(f"{place}, {name}: expected {wanted}, found {got}")


async def verify(ask: Ask, expected: Figures) -> Verdict:
    """Compare every expected figure: at each date of `as_of`, and of each of the `periods`."""
    verdict = Verdict()
    for day, figures in expected.get("as_of", {}).items():
        found = dict(_at_date(await ask(AT_DATE, {"day": day, "through": day})))
        _compare_all(verdict, day, figures, found)
    for period, figures in expected.get("periods", {}).items():
        begin, _, end = period.partition("..")
        data = await ask(OF_PERIOD, {"from": begin, "to": end})
        _compare_all(verdict, period, figures, dict(_of_period(data["incomeStatement"])))
    return verdict


def _compare_all(verdict: Verdict, place: str, figures: Figures, found: Figures) -> None:
    """Compare what is expected of one date or period; the rest of the reports is not asked."""
    verdict.unknown |= figures.keys() - found.keys()
    known = {name: figures[name] for name in figures if name in found}
    for name, several in known.items():
        if isinstance(several, Mapping):
            verdict.compare(f"{place}, {name}", several, found[name])
        else:
            verdict.compare(place, {name: several}, {name: found[name]})


def _at_date(data: Figures) -> Iterator[tuple[str, Any]]:
    trial, sheet = data["trialBalance"], data["balanceSheet"]
    totals = _decimals(trial["totals"])
    nets = {
        line["accountCode"]: Decimal(line["debitBalance"]) - Decimal(line["creditBalance"])
        for line in trial["accounts"]
    }
    yield "balances", {code: net for code, net in nets.items() if net}
    yield (
        "trial_balance",
        _decimals({"total_debits": trial["totalDebits"], "total_credits": trial["totalCredits"]}),
    )
    plurals = ("assets", "liabilities", "equity", "revenue", "expenses")
    types = ("asset", "liability", "equity", "revenue", "expense")
    yield "by_type", {name: totals[many] for name, many in zip(types, plurals, strict=True)}
    yield "net_income_to_date", totals["revenue"] - totals["expenses"]
    yield (
        "balance_sheet",
        _decimals(
            {
                "total_assets": sheet["totalAssets"],
                "total_liabilities": sheet["totalLiabilities"],
                "total_equity_including_net_income": sheet["totalEquity"],
            }
        ),
    )
    yield "transactions", Decimal(data["transactionsConnection"]["totalCount"])


def _of_period(report: Figures) -> Iterator[tuple[str, Any]]:
    yield "total_revenue", Decimal(report["totalRevenue"])
    yield "total_expenses", Decimal(report["totalExpenses"])
    yield "net_income", Decimal(report["netIncome"])
    movements = {line["accountCode"]: -Decimal(line["amount"]) for line in report["revenue"]}
    movements |= {line["accountCode"]: Decimal(line["amount"]) for line in report["expenses"]}
    yield "movements", {code: amount for code, amount in movements.items() if amount}


def _decimals(texts: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(text) for name, text in texts.items()}
