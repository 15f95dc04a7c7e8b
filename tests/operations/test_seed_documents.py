"""Every published operation on contacts, invoices and bills, executed."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from published import DASHBOARD
from published_documents import (
    BILL,
    BILLS,
    CONTACT,
    CONTACTS,
    CREATE_BILL,
    CREATE_CONTACT,
    CREATE_INVOICE,
    CREATE_SHORT_CONTACT,
    DELETE_CONTACT,
    INVOICE,
    INVOICES,
    PAY_BILL,
    PAY_INVOICE,
    UPDATE_CONTACT,
)

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z")
SEND = "mutation Send($id: ID!) { sendInvoice(id: $id, deliver: false) { invoiceNumber status } }"
RECEIVE = "mutation Receive($id: ID!) { receiveBill(id: $id) { status } }"
DOLLAR = {"code": "USD", "symbol": "$"}


@pytest.fixture
async def days(books):
    """Today and the day thirty days on, as business dates are shown."""
    shown = (await books.ask("{ trialBalance { asOfDate } }"))["trialBalance"]["asOfDate"]
    today = date.fromisoformat(shown[:10])
    return shown, f"{today + timedelta(days=30)}T00:00:00Z"


async def made(client, name, contact_type):
    given = {"name": name, "type": contact_type, "email": "books@example.com"}
    return (await client.ask(CREATE_CONTACT, **given))["createContact"]


@pytest.fixture
async def invoice(books, days):
    """An invoice as the published document draws it up, with the contact that it is for."""
    customer, (today, due) = await made(books, "Blue Ltd", "CUSTOMER"), days
    lines = [
        {"description": "Printing", "quantity": 2.0, "unitPrice": 50.00},
        {"description": "Delivery", "quantity": "1", "unitPrice": "9.99"},
    ]
    given = {"contactId": customer["id"], "invoiceDate": today, "dueDate": due, "items": lines}
    drawn = (await books.ask(CREATE_INVOICE, **given))["createInvoice"]
    return {"customer": customer["id"], **drawn}


@pytest.fixture
async def bill(books, days):
    """A bill as the published document enters it, with the contact that it is from."""
    vendor, (today, due) = await made(books, "Paper Mill", "VENDOR"), days
    lines = [{"description": "Paper", "quantity": 2.0, "unitPrice": 50.00}]
    given = {"contactId": vendor["id"], "billDate": today, "dueDate": due, "items": lines}
    entered = (await books.ask(CREATE_BILL, **given))["createBill"]
    return {"vendor": vendor["id"], **entered}


async def test_contacts_are_written_and_deleted_as_published(books):
    contact = await made(books, "Blue Ltd", "CUSTOMER")
    assert contact["id"].startswith("con_")
    assert INSTANT.fullmatch(contact["createdAt"])
    assert contact == {
        "id": contact["id"],
        "name": "Blue Ltd",
        "contactType": "CUSTOMER",
        "email": "books@example.com",
        "phone": "+1-555-0199",
        "createdAt": contact["createdAt"],
    }
    short = (await books.ask(CREATE_SHORT_CONTACT, name="Ann", type="EMPLOYEE"))["createContact"]
    assert (short["contactType"], short["email"]) == ("EMPLOYEE", None)
    # A variable that is not sent leaves what is there.
    changed = (await books.ask(UPDATE_CONTACT, id=contact["id"], email="ap@example.com"))[
        "updateContact"
    ]
    assert changed["updatedAt"] > contact["createdAt"]
    assert {key: changed[key] for key in ("id", "name", "email", "phone")} == {
        "id": contact["id"],
        "name": "Blue Ltd",
        "email": "ap@example.com",
        "phone": "+1-555-0199",
    }
    listed = (await books.ask(CONTACTS))["organization"]["contacts"]
    assert [(each["name"], each["taxId"]) for each in listed] == [
        ("Ann", None),
        ("Blue Ltd", "987654321"),
    ]
    assert listed[1] == {
        **contact,
        "email": "ap@example.com",
        "taxId": "987654321",
    }
    assert await books.ask(DELETE_CONTACT, id=short["id"]) == {"deleteContact": True}
    assert len((await books.ask(CONTACTS))["organization"]["contacts"]) == 1


async def test_an_invoice_is_drawn_up_paid_and_shown_as_published(books, days, invoice):
    today, due = days
    lines = [
        {"description": "Printing", "quantity": "2", "unitPrice": "50.00", "lineTotal": "100.00"},
        {"description": "Delivery", "quantity": "1", "unitPrice": "9.99", "lineTotal": "9.99"},
    ]
    customer = invoice.pop("customer")
    assert invoice["id"].startswith("inv_")
    provisional = f"DRAFT-{invoice['id'][-8:]}"
    assert invoice == {
        "id": invoice["id"],
        "invoiceNumber": provisional,
        "contactId": customer,
        "invoiceDate": today,
        "dueDate": due,
        "status": "DRAFT",
        "subtotal": "109.99",
        "taxAmount": "0.00",
        "total": "109.99",
        "items": lines,
    }
    sent = (await books.ask(SEND, id=invoice["id"]))["sendInvoice"]
    assert sent == {"invoiceNumber": "INV-0001", "status": "SENT"}
    payment = {"amount": "60.00", "paymentDate": today, "paymentMethod": "bank_transfer"}
    paid = await books.ask(PAY_INVOICE, invoiceId=invoice["id"], **payment)
    paid = paid["recordInvoicePayment"]
    assert paid.pop("id").startswith("pay_")
    assert paid == payment
    shown = (await books.ask(INVOICE, id=invoice["id"]))["invoice"]
    assert "/pdf/" in shown.pop("pdfUrl")
    assert shown == {
        "id": invoice["id"],
        "invoiceNumber": "INV-0001",
        "status": "PARTIAL",
        "total": "109.99",
        "currency": {"code": "USD"},
        "contactId": customer,
        "invoiceDate": today,
        "dueDate": due,
        "items": lines,
        "payments": [payment],
    }
    rest = {"amount": 49.99, "paymentDate": today, "paymentMethod": "cash"}
    await books.ask(PAY_INVOICE, invoiceId=invoice["id"], **rest)
    (listed,) = (await books.ask(INVOICES))["organization"]["invoices"]
    assert INSTANT.fullmatch(listed.pop("createdAt"))
    assert listed == {
        "id": invoice["id"],
        "invoiceNumber": "INV-0001",
        "contactId": customer,
        "invoiceDate": today,
        "dueDate": due,
        "status": "PAID",
        "subtotal": "109.99",
        "taxAmount": "0.00",
        "total": "109.99",
        "currency": DOLLAR,
    }


async def test_a_bill_is_entered_paid_and_shown_as_published(books, days, bill):
    today, due = days
    lines = [{"description": "Paper", "quantity": "2", "unitPrice": "50.00", "lineTotal": "100.00"}]
    vendor = bill.pop("vendor")
    # The vendor's number, which these operations do not take, is not known.
    number = f"NO-NUMBER-{bill['id'][-8:]}"
    assert bill == {
        "id": bill["id"],
        "billNumber": f"DRAFT-{bill['id'][-8:]}",
        "contactId": vendor,
        "billDate": today,
        "dueDate": due,
        "status": "DRAFT",
        "subtotal": "100.00",
        "taxAmount": "0.00",
        "total": "100.00",
        "items": lines,
    }
    assert await books.ask(RECEIVE, id=bill["id"]) == {"receiveBill": {"status": "RECEIVED"}}
    payment = {"amount": "100.00", "paymentDate": today, "paymentMethod": "check"}
    paid = (await books.ask(PAY_BILL, billId=bill["id"], **payment))["recordBillPayment"]
    assert paid == {"id": paid["id"], **payment}
    shown = (await books.ask(BILL, id=bill["id"]))["bill"]
    pdf = shown.pop("pdfUrl")
    assert shown == {
        "id": bill["id"],
        "billNumber": number,
        "status": "PAID",
        "total": "100.00",
        "currency": {"code": "USD"},
        "contactId": vendor,
        "billDate": today,
        "dueDate": due,
        "items": lines,
        "payments": [payment],
    }
    assert "/pdf/" in pdf
    (listed,) = (await books.ask(BILLS))["organization"]["bills"]
    assert INSTANT.fullmatch(listed.pop("createdAt"))
    assert listed == {
        "id": bill["id"],
        "billNumber": number,
        "contactId": vendor,
        "billDate": today,
        "dueDate": due,
        "status": "PAID",
        "subtotal": "100.00",
        "taxAmount": "0.00",
        "total": "100.00",
        "currency": DOLLAR,
    }


async def test_a_contact_is_shown_with_what_it_is_owed_and_owes_as_published(books, invoice):
    customer, key = invoice["customer"], invoice["id"]
    await books.ask(SEND, id=key)
    found = (await books.ask(CONTACT, id=customer))["contact"]
    (posted,) = found.pop("transactions")
    assert posted.pop("id").startswith("txn_")
    assert posted == {"description": "Invoice INV-0001", "amount": "109.99"}
    assert found == {
        "id": customer,
        "name": "Blue Ltd",
        "contactType": "CUSTOMER",
        "email": "books@example.com",
        "phone": "+1-555-0199",
        "invoices": [{"id": key, "invoiceNumber": "INV-0001", "total": "109.99", "status": "SENT"}],
        "bills": [],
    }
    refusal = await books.refusal(DELETE_CONTACT, id=customer)
    assert (refusal.code, refusal.reason) == ("CONFLICT", "in_use")


async def test_the_dashboard_shows_what_is_outstanding_as_published(books, days, invoice, bill):
    _, due = days
    drafts = (await books.ask(DASHBOARD))["organization"]
    assert (drafts["invoices"], drafts["bills"]) == ([], [])
    await books.ask(SEND, id=invoice["id"])
    await books.ask(RECEIVE, id=bill["id"])
    found = (await books.ask(DASHBOARD))["organization"]
    assert found["invoices"] == [
        {"id": invoice["id"], "invoiceNumber": "INV-0001", "total": "109.99", "dueDate": due}
    ]
    number = f"NO-NUMBER-{bill['id'][-8:]}"
    assert found["bills"] == [
        {"id": bill["id"], "billNumber": number, "total": "100.00", "dueDate": due}
    ]
    assert found["trialBalance"] == {"totalDebits": "209.99", "totalCredits": "209.99"}
    balances = {each["code"]: each["balance"]["formatted"] for each in found["accounts"]}
    assert (balances["1100"], balances["2000"]) == ("$109.99", "$100.00")
    assert [each["description"] for each in found["recentTransactions"]] == [
        "Bill",
        "Invoice INV-0001",
    ]
