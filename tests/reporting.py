"""How tests ask for reports, and what they compare of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from house import Client

TRIAL = """
query Trial($asOf: Date, $compare: Boolean! = false) {
  trialBalance(asOf: $asOf, comparePrevious: $compare) { ...Trial previous { ...Trial } }
  organization { trialBalance(asOf: $asOf, comparePrevious: $compare) { ...Trial } }
}
fragment Trial on TrialBalanceReport {
  asOfDate currency { code } totalDebits totalCredits isBalanced
  totals { assets liabilities equity revenue expenses }
  accounts {
    accountCode accountName accountType debitBalance creditBalance netBalance previousNetBalance
  }
}"""
SHEET = """
query Sheet($asOf: Date, $compare: Boolean! = false) {
  balanceSheet(asOf: $asOf, comparePrevious: $compare) { ...Sheet previous { ...Sheet } }
  organization { balanceSheet(asOf: $asOf, comparePrevious: $compare) { ...Sheet } }
}
fragment Sheet on BalanceSheetReport {
  asOfDate currency { code } totalAssets totalLiabilities totalEquity isBalanced
  assets { ...Line } liabilities { ...Line } equity { ...Line }
}
fragment Line on BalanceSheetLine {
  accountId accountCode accountName balance previousBalance
}"""
INCOME = """
query Income($from: Date, $to: Date, $compare: Boolean! = false) {
  incomeStatement(from: $from, to: $to, comparePrevious: $compare) {
    ...Income previous { ...Income }
  }
  organization { incomeStatement(from: $from, to: $to, comparePrevious: $compare) { ...Income } }
}
fragment Income on IncomeStatementReport {
  periodStart periodEnd currency { code } totalRevenue costOfSales grossProfit totalExpenses
  netIncome isBalanced
  revenue { ...Line } expenses { ...Line }
}
fragment Line on IncomeStatementLine { accountCode accountName amount previousAmount }
"""


async def report(client: Client, document: str, **given: Any) -> dict[str, Any]:
    """A report, the same from the root and from the organization, its figures as short texts."""
    found = await client.ask(document, **given)
    inner = found.pop("organization")
    whole: dict[str, Any]
    ((name, whole),) = found.items()
    assert inner[name] == {key: whole[key] for key in inner[name]}
    assert whole["isBalanced"] is True
    assert whole["currency"] == {"code": "USD"}
    return whole


def short(lines: Iterable[dict[str, Any]], amount: str, before: str | None = None) -> list[str]:
    """Lines as `code or name amount (amount before)`."""
    return [
        f"{line['accountCode'] or line['accountName']} {line[amount]}"
        + ("" if before is None else f" ({line[before]})")
        for line in lines
    ]
