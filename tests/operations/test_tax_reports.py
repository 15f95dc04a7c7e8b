"""The tax report: what was collected and paid, and that what is due is the tax account."""

from __future__ import annotations

import pytest
from trading import Trade, Word

TAX = """
query Tax($from: Date, $to: Date) {
  taxReport(from: $from, to: $to) {
    periodStart periodEnd currency { code } collected paid due nonRecoverable
    lines {
      taxRateId name percent isReverseCharge
      sales { base tax } selfCharged { base tax } purchases { base tax }
      nonRecoverable { base tax }
    }
  }
  trialBalance(asOf: $to) { accounts { accountCode netBalance } }
}"""
NOTHING = "0.00 0.00"


@pytest.fixture
async def trade(books):
    """The dealings of an organization with the standard chart in USD."""
    return Trade(books)


async def taxed(books, begin, end):
    """The lines of a period by name, those columns that are not zero, and its totals."""
    report = (await books.ask(TAX, **{"from": begin, "to": end}))["taxReport"]
    columns = ("sales", "selfCharged", "purchases", "nonRecoverable")
    lines = {
        f"{line['name']} {line['percent']}": {
            column: figures
            for column in columns
            if (figures := " ".join(line[column].values())) != NOTHING
        }
        for line in report["lines"]
    }
    names = ("collected", "paid", "due", "nonRecoverable")
    return lines, " ".join(report[name] for name in names)


async def require_due(books, days):
    """Assert that on each day all tax that was due so far is what stands on the tax account."""
    for day in days:
        found = await books.ask(TAX, **{"from": "2000-01-01", "to": day})
        nets = {a["accountCode"]: a["netBalance"] for a in found["trialBalance"]["accounts"]}
        assert found["taxReport"]["due"] == nets["2200"], day


async def test_tax_is_collected_and_paid_by_rate(books, trade):
    jane, acme = await trade.contact(), await trade.contact("Acme", "VENDOR")
    vat = await trade.tax_rate("VAT", rate="20")
    line = {"unitPrice": "100.00", "taxRateId": vat}
    await trade.invoice(jane, "2026-01-10", line, {"unitPrice": "7.00"})
    gone = await trade.invoice(jane, "2026-01-20", line)
    await trade.credit(jane, "2026-02-01", {"unitPrice": "10.00", "taxRateId": vat})
    await trade.bill(acme, "2026-02-02", {"unitPrice": "60.00", "taxRateId": vat})
    await trade.credit(
        acme, "2026-02-03", {"unitPrice": "5.00", "taxRateId": vat}, side=Word("PAYABLE")
    )
    await trade.cancel(gone, "2026-02-15")
    await trade.invoice(jane, "2026-02-16", line, send=False)
    assert await taxed(books, "2026-01-01", "2026-01-31") == (
        {"VAT 20": {"sales": "200.00 40.00"}},
        "40.00 0.00 40.00 0.00",
    )
    assert await taxed(books, "2026-02-01", "2026-02-28") == (
        {"VAT 20": {"sales": "-110.00 -22.00", "purchases": "55.00 11.00"}},
        "-22.00 11.00 -33.00 0.00",
    )
    assert await taxed(books, "2026-01-01", "2026-12-31") == (
        {"VAT 20": {"sales": "90.00 18.00", "purchases": "55.00 11.00"}},
        "18.00 11.00 7.00 0.00",
    )
    assert await taxed(books, "2025-01-01", "2025-12-31") == ({}, "0.00 0.00 0.00 0.00")
    await require_due(books, (f"2026-{d}" for d in ("01-09", "01-10", "01-31", "02-14", "02-15")))


async def test_components_and_reverse_charge_have_lines_of_their_own(books, trade):
    jane, acme = await trade.contact(), await trade.contact("Acme", "VENDOR")
    parts = [
        {"name": "GST", "percent": "5"},
        {"name": "QST", "percent": "9.975", "isCompound": True},
    ]
    quebec = await trade.tax_rate("Quebec", components=parts)
    half = [
        {"name": "Deducted", "percent": "2.5"},
        {"name": "Not", "percent": "7.5", "isRecoverable": False},
    ]
    mixed = await trade.tax_rate("Mixed", components=half)
    abroad = await trade.tax_rate("Abroad", rate="19", isReverseCharge=True)
    for rate in (quebec, mixed, abroad):
        await trade.bill(acme, "2026-01-10", {"unitPrice": "200.00", "taxRateId": rate})
    await trade.invoice(jane, "2026-01-11", {"unitPrice": "33.33", "taxRateId": quebec})
    await trade.invoice(jane, "2026-01-11", {"unitPrice": "50.00", "taxRateId": abroad})
    assert await taxed(books, "2026-01-01", "2026-01-31") == (
        {
            "Abroad 19": {
                "sales": "50.00 0.00",
                "selfCharged": "200.00 38.00",
                "purchases": "200.00 38.00",
            },
            "Deducted 2.5": {"purchases": "200.00 5.00"},
            "GST 5": {"sales": "33.33 1.67", "purchases": "200.00 10.00"},
            "Not 7.5": {"nonRecoverable": "200.00 15.00"},
            "QST 9.975": {"sales": "35.00 3.49", "purchases": "210.00 20.95"},
        },
        "43.16 73.95 -30.79 15.00",
    )
    await require_due(books, ["2026-01-10", "2026-01-11"])


async def test_foreign_tax_counts_in_base_currency(house):
    books = await house.organization(currency="INR")
    trade = Trade(books)
    vat = await trade.tax_rate("VAT", rate="8.25")
    lines = [{"unitPrice": "33.33", "taxRateId": vat}] * 3
    jane = await trade.contact()
    await trade.invoice(jane, "2026-01-10", *lines, currency="USD", exchangeRate="80")
    await trade.credit(jane, "2026-02-10", lines[0], currency="USD", exchangeRate="82")
    assert await taxed(books, "2026-01-01", "2026-12-31") == (
        {"VAT 8.25": {"sales": "5266.14 434.50"}},
        "434.50 0.00 434.50 0.00",
    )
    await require_due(books, ["2026-01-10", "2026-02-10"])


async def test_the_period_is_by_default_the_fiscal_year_to_date(books):
    report = (await books.ask(TAX, to="2026-03-05"))["taxReport"]
    assert (report["periodStart"], report["periodEnd"]) == (
        *("2026-01-01T00:00:00Z", "2026-03-05T00:00:00Z"),
    )
    assert report["currency"] == {"code": "USD"}
    refusal = await books.refusal(TAX, **{"from": "2026-02-01", "to": "2026-01-01"})
    assert (refusal.reason, refusal.field) == ("invalid_date", "from")


async def test_two_rates_on_one_account_in_a_foreign_currency_are_told_as_posted(house):
    books = await house.organization(currency="INR")
    trade = Trade(books)
    lines = [
        {"unitPrice": "10.00", "taxRateId": await trade.tax_rate(name, rate="11")} for name in "AB"
    ]
    contact = await trade.contact()
    await trade.invoice(contact, "2026-01-10", *lines, currency="USD", exchangeRate="80.1237")
    found = await books.ask(TAX, **{"from": "2026-01-01", "to": "2026-12-31"})
    nets = {a["accountCode"]: a["netBalance"] for a in found["trialBalance"]["accounts"]}
    assert (found["taxReport"]["due"], nets["2200"]) == ("176.27", "176.27")
