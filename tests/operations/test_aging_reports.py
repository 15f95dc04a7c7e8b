"""Aging: what is open of the sub-ledgers as of any day, by age, and that it is the books."""

from __future__ import annotations

import pytest
from asking import Case, all_refused, refusal_of, statements
from sqlalchemy import text
from trading import CONTROL, Trade, Word, aged, require_tied

INSTALMENTS = [
    {"percent": "30", "days": 30},
    {"percent": "50", "days": 60},
    {"percent": "20", "days": 90},
]
ITEMS = """
query Items($asOf: Date) {
  receivable: accountsReceivableAging(asOf: $asOf) { ...Items }
  payable: accountsPayableAging(asOf: $asOf) { ...Items }
}
fragment Items on AgingReport {
  contacts {
    contact { name amountReceivable { amount } }
    items {
      kind number amount
      document {
        __typename total contact { name } payments { amount }
        ... on InvoiceNode { status }
        ... on BillNode { billNumber }
      }
    }
  }
}"""


@pytest.fixture
def trade(books):
    """The dealings of an organization with the standard chart in USD."""
    return Trade(books)


def row(report):
    """The figures of a report's only contact, in one line."""
    (contact,) = report["contacts"]
    assert report["totals"] == {name: contact[name] for name in ("buckets", "credits", "total")}
    return " ".join([*contact["buckets"], contact["credits"]])


async def test_instalments_age_each_by_its_own_date(books, trade):
    jane = await trade.contact()
    invoice = await trade.invoice(jane, "2026-01-01", "100.00", paymentTerms=INSTALMENTS)
    await trade.pay(invoice, "2026-01-10", "40.00")
    found = await books.ask(
        "query I($id: ID!) { invoice(id: $id) { instalments { date amount amountDue } } }",
        id=invoice,
    )
    assert [list(due.values()) for due in found["invoice"]["instalments"]] == [
        ["2026-01-31T00:00:00Z", "30.00", "0.00"],
        ["2026-03-02T00:00:00Z", "50.00", "40.00"],
        ["2026-04-01T00:00:00Z", "20.00", "20.00"],
    ]
    table = {
        "2026-01-01": ("100.00 0.00 0.00 0.00 0.00 0.00", "2026-01-31"),
        "2026-01-09": ("100.00 0.00 0.00 0.00 0.00 0.00", "2026-01-31"),
        "2026-01-10": ("60.00 0.00 0.00 0.00 0.00 0.00", "2026-03-02"),
        "2026-03-02": ("60.00 0.00 0.00 0.00 0.00 0.00", "2026-03-02"),
        "2026-03-03": ("20.00 40.00 0.00 0.00 0.00 0.00", "2026-03-02"),
        "2026-04-01": ("20.00 40.00 0.00 0.00 0.00 0.00", "2026-03-02"),
        "2026-04-02": ("0.00 20.00 40.00 0.00 0.00 0.00", "2026-03-02"),
        "2026-05-02": ("0.00 0.00 20.00 40.00 0.00 0.00", "2026-03-02"),
        "2026-05-31": ("0.00 0.00 20.00 40.00 0.00 0.00", "2026-03-02"),
        "2026-06-01": ("0.00 0.00 0.00 20.00 40.00 0.00", "2026-03-02"),
        "2026-07-02": ("0.00 0.00 0.00 0.00 60.00 0.00", "2026-03-02"),
    }
    for day, (figures, next_due) in table.items():
        report = (await aged(books, day))["receivable"]
        (item,) = report["contacts"][0]["items"]
        assert row(report) == figures, day
        assert item["nextDue"] == f"{next_due}T00:00:00Z", day
        assert (item["kind"], item["itemId"], item["number"]) == ("INVOICE", invoice, "INV-0001")
    assert [list(bucket.values()) for bucket in report["buckets"]] == [
        ["Current", None, None],
        ["1-30 days", 1, 30],
        ["31-60 days", 31, 60],
        ["61-90 days", 61, 90],
        ["Over 90 days", 91, None],
    ]
    assert (report["side"], report["by"], report["asOfDate"]) == (
        *("RECEIVABLE", "DUE_DATE", "2026-07-02T00:00:00Z"),
    )
    before = (await aged(books, "2025-12-31"))["receivable"]
    assert (before["contacts"], before["total"], before["isTied"]) == ([], "0.00", True)
    await require_tied(books, table, {})


async def test_what_is_open_ages_by_its_document_date_and_in_own_buckets(books, trade):
    jane = await trade.contact()
    await trade.invoice(jane, "2026-01-01", "100.00", paymentTerms=INSTALMENTS)
    table = {
        "2026-01-01": "100.00 0.00 0.00 0.00",
        "2026-01-02": "0.00 100.00 0.00 0.00",
        "2026-01-08": "0.00 100.00 0.00 0.00",
        "2026-01-09": "0.00 0.00 100.00 0.00",
        "2026-01-10": "0.00 0.00 0.00 100.00",
    }
    for day, figures in table.items():
        found = await aged(books, day, by="DOCUMENT_DATE", buckets=[7, 8])
        assert row(found["receivable"]) == f"{figures} 0.00", day
    assert [b["label"] for b in found["receivable"]["buckets"]] == [
        *("Current", "1-7 days", "8 days", "Over 8 days"),
    ]
    assert found["receivable"]["by"] == "DOCUMENT_DATE"


async def test_a_foreign_invoice_is_open_in_its_own_currency_and_in_base(house):
    books = await house.organization(currency="INR")
    trade = Trade(books)
    jane = await trade.contact(currency="USD")
    invoice = await trade.invoice(jane, "2026-01-05", "100.00", currency="USD", exchangeRate="80")
    days = ("2026-01-04", "2026-01-05", "2026-02-09", "2026-02-10", "2026-03-01")
    await require_tied(books, days, {})
    await trade.pay(invoice, "2026-02-10", "25.00", exchangeRate="85")
    await require_tied(books, days, {})
    before, after = ((await aged(books, day))["receivable"] for day in ("2026-02-09", "2026-02-10"))
    for report, amount, base_amount in ((await before, "100.00", "8000.00"), (
        await after, "75.00", "6000.00"
    )):
        (item,) = report["contacts"][0]["items"]
        assert item["currency"] == {"code": "USD"}
        assert (item["amount"], item["baseAmount"]) == (amount, base_amount)
        assert report["total"] == base_amount
    await trade.pay(invoice, "2026-02-20", "75.00", exchangeRate="85")
    await require_tied(books, days, {})
    found = await aged(books, "2026-03-01")
    assert (found["receivable"]["contacts"], found["receivable"]["total"]) == ([], "0.00")
    nets = {a["accountCode"]: a["netBalance"] for a in found["trialBalance"]["accounts"]}
    assert {code: net for code, net in nets.items() if net != "0.00"} == {
        "1010": "8500.00",
        "4000": "8000.00",
        "4900": "500.00",
    }
