"""Sales by customer: what was invoiced and credited, and that it is the revenue."""

from __future__ import annotations

import pytest
from trading import Trade, Word

SALES = """
query Sales($from: Date, $to: Date) {
  salesByCustomer(from: $from, to: $to) {
    periodStart periodEnd currency { code }
    customers { contactId contact { name } invoiceCount invoiced credited total }
    totals { invoiceCount invoiced credited total }
  }
  incomeStatement(from: $from, to: $to) { totalRevenue }
}"""


@pytest.fixture
def trade(books):
    """The dealings of an organization with the standard chart in USD."""
    return Trade(books)


async def sold(books, begin, end):
    """The rows and totals of a period as `count invoiced credited total`; they are the revenue."""
    found = await books.ask(SALES, **{"from": begin, "to": end})
    report = found["salesByCustomer"]
    assert report["totals"]["total"] == found["incomeStatement"]["totalRevenue"]

    def line(figures):
        names = ("invoiceCount", "invoiced", "credited", "total")
        return " ".join(str(figures[name]) for name in names)

    rows = {row["contact"]["name"]: line(row) for row in report["customers"]}
    return rows, line(report["totals"])


async def test_sales_are_the_revenue_of_every_period(books, trade):
    jane, john = await trade.contact(), await trade.contact("John")
    vat = await trade.tax_rate("VAT", rate="20")
    await trade.invoice(jane, "2026-01-10", {"unitPrice": "100.00", "taxRateId": vat})
    late = await trade.invoice(john, "2026-01-31", "50.00")
    await trade.invoice(john, "2026-02-01", "120.00", isTaxInclusive=True)
    gross = {"unitPrice": "120.00", "taxRateId": vat}
    await trade.invoice(jane, "2026-02-10", gross, isTaxInclusive=True, discountPercent="10")
    await trade.credit(jane, "2026-02-20", {"unitPrice": "10.00", "taxRateId": vat})
    await trade.cancel(late, "2026-02-28")
    # None of these is a sale: a draft, one of a former system, what we buy, what we are paid.
    await trade.invoice(jane, "2026-01-11", "1.00", send=False)
    await trade.opening(jane, "2026-01-12", "55.00")
    await trade.bill(await trade.contact("Acme", "VENDOR"), "2026-01-13", "70.00")
    await trade.payment(jane, "2026-01-14", "5.00")
    january = (
        {"Jane": "1 100.00 0.00 100.00", "John": "1 50.00 0.00 50.00"},
        "2 150.00 0.00 150.00",
    )
    february = (
        {"Jane": "1 90.00 -10.00 80.00", "John": "0 70.00 0.00 70.00"},
        "1 160.00 -10.00 150.00",
    )
    year = (
        {"Jane": "2 190.00 -10.00 180.00", "John": "1 120.00 0.00 120.00"},
        "3 310.00 -10.00 300.00",
    )
    assert await sold(books, "2026-01-01", "2026-01-31") == january
    assert await sold(books, "2026-02-01", "2026-02-28") == february
    assert await sold(books, "2026-01-01", "2026-12-31") == year
    assert await sold(books, "2026-02-28", "2026-02-28") == (
        {"John": "-1 -50.00 0.00 -50.00"},
        "-1 -50.00 0.00 -50.00",
    )
    assert await sold(books, "2025-01-01", "2025-12-31") == ({}, "0 0.00 0.00 0.00")


async def test_foreign_sales_count_as_they_were_posted_in_base(house):
    books = await house.organization(currency="INR")
    trade = Trade(books)
    jane = await trade.contact()
    vat = await trade.tax_rate("VAT", rate="8.25")
    lines = [{"unitPrice": "33.33", "taxRateId": vat}] * 3
    for day, rate in (("2026-01-10", "80.1237"), ("2026-01-11", "81.3333")):
        await trade.invoice(jane, day, *lines, currency="USD", exchangeRate=rate)
    await trade.credit(jane, "2026-01-12", lines[0], currency="USD", exchangeRate="0.0123")
    rows, totals = await sold(books, "2026-01-01", "2026-12-31")
    assert rows == {"Jane": totals}
    assert totals == "2 16144.09 -0.41 16143.68"


async def test_the_period_is_by_default_the_fiscal_year_to_date(books):
    report = (await books.ask(SALES, to="2026-03-05"))["salesByCustomer"]
    assert (report["periodStart"], report["periodEnd"]) == (
        *("2026-01-01T00:00:00Z", "2026-03-05T00:00:00Z"),
    )
    assert report["currency"] == {"code": "USD"}
    refusal = await books.refusal(SALES, **{"from": "2026-02-01", "to": "2026-01-01"})
    assert (refusal.reason, refusal.field) == ("invalid_date", "from")


async def test_sales_to_one_side_are_no_sales_of_the_other(books, trade):
    both = await trade.contact("Both", contactTypes=[Word("CUSTOMER"), Word("VENDOR")])
    await trade.credit(both, "2026-01-10", "30.00", side=Word("PAYABLE"))
    assert await sold(books, "2026-01-01", "2026-12-31") == ({}, "0 0.00 0.00 0.00")
