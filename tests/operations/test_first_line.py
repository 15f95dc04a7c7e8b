"""One line through the whole house: open books, post, read."""

from __future__ import annotations

SALE = """
mutation Sale($debit: ID!, $credit: ID!) {
  createTransaction(
    description: "Cash sale", date: "2026-01-05", post: true,
    entries: [
      {accountId: $debit, entryType: DEBIT, amount: "100.00"},
      {accountId: $credit, entryType: CREDIT, amount: "100.00"}
    ]
  ) { id status journalNumber amount entries { amount account { code balance { formatted } } } }
}
"""


async def test_a_posted_sale_shows_in_balances_reports_and_health(books):
    accounts = await books.accounts()
    sale = await books.ask(SALE, debit=accounts["1000"], credit=accounts["4000"])
    found = sale["createTransaction"]
    assert (found["status"], found["journalNumber"], found["amount"]) == ("POSTED", 1, "100.00")
    assert [entry["account"]["balance"]["formatted"] for entry in found["entries"]] == [
        "$100.00",
        "$100.00",
    ]
    read = await books.ask(
        "{ trialBalance { totalDebits isBalanced } balanceSheet { totalAssets totalEquity } "
        "ledgerHealth { isHealthy } }"
    )
    assert read["trialBalance"] == {"totalDebits": "100.00", "isBalanced": True}
    assert read["balanceSheet"] == {"totalAssets": "100.00", "totalEquity": "100.00"}
    assert read["ledgerHealth"] == {"isHealthy": True}
