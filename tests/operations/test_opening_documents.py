"""Open documents of a former system: their own numbers and dates, against opening balances."""

from __future__ import annotations

import pytest
from documenting import customer, do, figures, issued, line, look, paid, refuse
from living import Clock, Journal, lines_of, require_ties

PROFIT = """{
  incomeStatement(from: "2025-01-01", to: "2026-12-31") { netIncome totalRevenue totalExpenses }
}"""
NOTHING = {"netIncome": "0.00", "totalRevenue": "0.00", "totalExpenses": "0.00"}
INVOICE = {"invoiceNumber": "OLD-17", "invoiceDate": "2025-11-10", "amount": "250.00"}
BILL = {"billNumber": "V-3", "billDate": "2025-12-01", "amount": "80.00"}


@pytest.fixture
async def ann(books):
    """A contact who is customer and vendor."""
    return await customer(books, contactTypes=["CUSTOMER", "VENDOR"])


async def test_open_documents_of_a_former_system_are_taken_over(house, books, ann, monkeypatch):
    Clock(house, monkeypatch).set("2026-01-05")
    journal = Journal(books)
    opened = {"contactId": ann, "openingDate": "2026-01-01"}
    invoice = await do(books, "createOpeningInvoice", **opened, **INVOICE, dueDate="2025-12-10")
    bill = await do(books, "createOpeningBill", **opened, **BILL)
    assert await journal.news() == lines_of("""
        2026-01-01 Invoice OLD-17
            Dr 1100  250.00
            Cr 3900         250.00
        2026-01-01 Bill V-3
            Dr 3900   80.00
            Cr 2000          80.00
    """)
    assert (invoice["invoiceNumber"], invoice["status"], invoice["isOpening"]) == (
        "OLD-17",
        "OVERDUE",
        True,
    )
    days = ("invoiceDate", "postedOn", "dueDate")
    assert [invoice[day][:10] for day in days] == ["2025-11-10", "2026-01-01", "2025-12-10"]
    assert (bill["billNumber"], bill["status"]) == ("V-3", "OVERDUE")
    assert bill["dueDate"] == "2025-12-31T00:00:00Z"
    assert (await books.ask(PROFIT))["incomeStatement"] == NOTHING
    await paid(books, invoice["id"], "250.00")
    await paid(books, bill["id"], "50.00")
    assert await figures(books, invoice["id"]) == "PAID 0.00 250.00 0.00"
    assert (await figures(books, bill["id"])).split()[1:] == ["30.00", "50.00", "0.00"]
    assert (await books.ask(PROFIT))["incomeStatement"] == NOTHING
    await require_ties(house, books)
    found = await books.ask(
        "query K($id: ID!) { transaction(id: $id) { kind } }", id=bill["transactionId"]
    )
    assert found["transaction"]["kind"] == "OPENING"


async def test_an_opening_invoice_is_cancelled_against_opening_balances(house, books, ann):
    invoice = await do(books, "createOpeningInvoice", contactId=ann, **INVOICE)
    journal = Journal(books)
    await journal.news()
    await do(books, "cancelInvoice", id=invoice["id"], cancelledOn="2026-02-01")
    assert await journal.news() == lines_of("""
        2026-02-01 Reversal of: Invoice OLD-17
            Cr 1100         250.00
            Dr 3900  250.00
    """)
    await require_ties(house, books)


async def test_a_foreign_one_is_paid_with_a_gain(house, ann):
    books = await house.organization("INR")
    contact = await customer(books)
    given = INVOICE | {"currency": "USD", "exchangeRate": "80", "contactId": contact}
    invoice = await do(books, "createOpeningInvoice", **given)
    journal = Journal(books)
    await journal.news()
    await paid(books, invoice["id"], "250.00", exchangeRate="82")
    assert await journal.news() == lines_of("""
        2026-01-20 Payment from customer
            Dr 1010  20500.00
            Cr 1100            20500.00  (250.00 USD)
        2026-01-20 Realized exchange gain
            Dr 1100    500.00
            Cr 4900              500.00
    """)
    await require_ties(house, books)


async def test_an_item_or_a_tax_of_the_contacts_own_does_not_change_what_is_open(books):
    tax = await do(books, "createTaxRate", name="VAT", taxType="VAT", rate="19")
    chart = await books.accounts()
    contact = await customer(
        books, defaultTaxRateId=tax["id"], defaultRevenueAccountId=chart["4100"]
    )
    invoice = await do(books, "createOpeningInvoice", contactId=contact, **INVOICE)
    assert (invoice["total"], invoice["taxAmount"]) == ("250.00", "0.00")
    assert [each["accountId"] for each in invoice["items"]] == [chart["3900"]]


async def test_our_series_goes_on_behind_a_former_number_of_its_form(house, books, ann):
    for number in ("INV-0041", "INV-0007", "INV-00050", "RE-99"):
        given = INVOICE | {"invoiceNumber": number}
        await do(books, "createOpeningInvoice", contactId=ann, **given)
    sent = [await look(books, await issued(books, ann), "{ invoiceNumber }") for _ in range(2)]
    assert [each["invoiceNumber"] for each in sent] == ["INV-0042", "INV-0043"]
    await require_ties(house, books)


async def test_what_cannot_be_taken_over_is_refused(house, books, ann):
    await do(books, "createOpeningInvoice", contactId=ann, **INVOICE)
    await do(books, "createOpeningBill", contactId=ann, **BILL)
    await issued(books, ann)
    for name, more, reason, field in (
        ("Invoice", {}, "duplicate", "invoiceNumber"),
        ("Invoice", {"invoiceNumber": "INV-0001"}, "duplicate", "invoiceNumber"),
        ("Invoice", {"invoiceNumber": " "}, "invalid_text", "invoiceNumber"),
        ("Invoice", {"invoiceNumber": "N", "amount": "0"}, "invalid_amount", "amount"),
        ("Invoice", {"invoiceNumber": "N", "amount": "-1.00"}, "invalid_amount", "amount"),
        ("Invoice", {"invoiceNumber": "N", "amount": "1.005"}, "invalid_amount", "amount"),
        ("Invoice", {"invoiceNumber": "N", "description": "\0"}, "invalid_text", "description"),
        ("Invoice", {"invoiceNumber": "N", "currency": "XXX"}, "invalid_value", "currency"),
        ("Invoice", {"invoiceNumber": "N", "currency": "EUR"}, "missing_rate", "exchangeRate"),
        (
            "Invoice",
            {"invoiceNumber": "N", "openingDate": "2025-11-09"},
            "invalid_date",
            "openingDate",
        ),
        ("Invoice", {"invoiceNumber": "N", "dueDate": "2025-11-09"}, "invalid_date", "dueDate"),
        ("Bill", {}, "duplicate", "billNumber"),
        ("Bill", {"billNumber": "N", "amount": "1e3"}, "invalid_amount", "amount"),
        ("Bill", {"billNumber": "N", "contactId": "con_x"}, "unknown_reference", "contactId"),
    ):
        given = {"contactId": ann, **(INVOICE if name == "Invoice" else BILL), **more}
        refusal = await refuse(house, books, f"createOpening{name}", **given)
        assert (refusal.reason, refusal.field) == (reason, field), (name, more, refusal)


async def test_another_vendor_may_have_given_the_same_number(house, books, ann):
    ben = await customer(books, name="Ben", contactType="VENDOR")
    for contact in (ann, ben):
        await do(books, "createOpeningBill", contactId=contact, **BILL)
    given = {"contactId": ben, "billDate": "2026-01-10", "items": [line("1.00")]}
    refusal = await refuse(house, books, "createBill", **given, billNumber="V-3")
    assert (refusal.reason, refusal.field) == ("duplicate", "billNumber")
    await do(books, "createBill", **given, billNumber="V-4")
