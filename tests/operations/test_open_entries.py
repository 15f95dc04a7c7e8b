"""Direct entries on the control accounts: with a contact they are open items, as documents are."""

from __future__ import annotations

import pytest
from documenting import customer, do, figures, issued, look, paid, received, refuse
from entering import pair
from living import require_ties

POST = "mutation Post($id: ID!) { postTransaction(id: $id) { id entries { id } } }"
OPENED = """
query Opened($id: ID!) {
  contact(id: $id) { amountReceivable { amount } amountPayable { amount } }
}"""


@pytest.fixture
async def chart(books):
    """The ids of the standard chart's accounts by code."""
    return await books.accounts()


@pytest.fixture
async def ann(books):
    """A contact who is customer and vendor."""
    return await customer(books, contactTypes=["CUSTOMER", "VENDOR"])


async def entered(books, entries, contact=None, **given):
    """A posted transaction, with the ids of its entries."""
    return await do(
        books,
        "createTransaction",
        description="Direct",
        entries=entries,
        **{"date": "2026-01-05", "post": True, "contactId": contact, **given},
    )


async def owed(books, contact):
    """What a contact owes us, and what we owe it."""
    found = (await books.ask(OPENED, id=contact))["contact"]
    return found["amountReceivable"]["amount"], found["amountPayable"]["amount"]


async def test_an_entry_with_a_contact_is_paid_as_an_invoice_is(house, books, chart, ann):
    made = await entered(books, pair(chart["1100"], chart["4000"]), ann)
    owing = made["entries"][0]["id"]
    payment = await do(
        books,
        "createPayment",
        contactId=ann,
        direction="RECEIVED",
        amount="70.00",
        paymentDate="2026-01-20",
        applications=[{"documentId": owing}],
    )
    assert (payment["amountLeft"], await owed(books, ann)) == ("0.00", ("30.00", "0.00"))
    await require_ties(house, books)
    refusal = await refuse(house, books, "reverseTransaction", id=made["id"])
    assert (refusal.reason, refusal.field) == ("applied", "id")
    assert refusal.details["applied"] == "70.00"
    await do(books, "voidPayment", id=payment["id"], voidedOn="2026-02-01")
    await do(books, "reverseTransaction", id=made["id"], reversalDate="2026-02-01")
    assert await owed(books, ann) == ("0.00", "0.00")
    given = {"creditId": payment["id"], "documentId": owing}
    refusal = await refuse(house, books, "applyCredit", **given)
    assert (refusal.reason, refusal.field) == ("wrong_status", "creditId")
    await require_ties(house, books)


async def test_an_entry_is_no_open_item_before_it_is_posted(house, books, chart, ann):
    pending = await entered(books, pair(chart["1100"], chart["4000"]), ann, post=False)
    key = pending["entries"][0]["id"]
    invoice = await issued(books, ann)
    payment = await paid(books, invoice, "150.00", allowOverpayment=True)
    given = {"creditId": payment["id"], "documentId": key}
    refusal = await refuse(house, books, "applyCredit", **given)
    assert (refusal.reason, refusal.field) == ("unknown_reference", "documentId")
    await books.ask(POST, id=pending["id"])
    applied = await do(books, "applyCredit", **given)
    assert (applied["toId"], applied["amount"]) == (key, "50.00")
    # The documentation's own prefix of entries is as good.
    assert await owed(books, ann) == ("50.00", "0.00")
    other = {"creditId": payment["id"], "documentId": f"LED_{key[4:]}"}
    assert (await refuse(house, books, "applyCredit", **other)).reason == "overpayment"
    await require_ties(house, books)


async def test_without_a_contact_it_is_nobodys_and_with_none_of_both_accounts_nothing(
    house, books, chart, ann
):
    made = await entered(books, pair(chart["1100"], chart["4000"], "10.00"))
    plain = await entered(books, pair(chart["1000"], chart["4000"], "10.00"), ann)
    payment = await paid(books, await issued(books, ann), "150.00", allowOverpayment=True)
    for key in (made["entries"][0]["id"], plain["entries"][0]["id"]):
        given = {"creditId": payment["id"], "documentId": key}
        assert (await refuse(house, books, "applyCredit", **given)).reason == "unknown_reference"
    assert await owed(books, ann) == ("-50.00", "0.00")
    await require_ties(house, books)


async def test_a_customer_who_is_a_vendor_is_netted_by_an_entry(house, books, chart, ann):
    invoice, bill = await issued(books, ann), await received(books, ann, "40.00")
    made = await entered(books, pair(chart["2000"], chart["1100"], "40.00"), ann, date="2026-01-15")
    of_bill, of_invoice = (each["id"] for each in made["entries"])
    await do(books, "applyCredit", creditId=of_bill, documentId=bill)
    applied = await do(books, "applyCredit", creditId=of_invoice, documentId=invoice)
    assert applied["date"] == "2026-01-15T00:00:00Z"
    assert (await figures(books, bill)).startswith("PAID 0.00")
    assert (await figures(books, invoice)).split()[1:] == ["60.00", "40.00", "0.00"]
    assert await owed(books, ann) == ("60.00", "0.00")
    assert (await refuse(house, books, "cancelInvoice", id=invoice)).reason == "applied"
    await do(books, "unapplyCredit", id=applied["id"], date="2026-01-16")
    assert (await figures(books, invoice)).split()[1:] == ["100.00", "0.00", "0.00"]
    await require_ties(house, books)


async def test_an_entry_in_foreign_currency_has_its_own_rate(house, books, chart, ann):
    lines = pair(chart["1100"], chart["4000"], "100.00", currency="EUR", exchangeRate="1.10")
    made = await entered(books, lines, ann)
    payment = await do(
        books,
        "createPayment",
        contactId=ann,
        direction="RECEIVED",
        amount="100.00",
        paymentDate="2026-01-20",
        exchangeRate="1.05",
        applications=[{"documentId": made["entries"][0]["id"]}],
    )
    found = await look(
        books, payment["id"], "{ currency { code } applications { exchangeDifference } }"
    )
    assert found == {
        "currency": {"code": "EUR"},
        "applications": [{"exchangeDifference": "-5.00"}],
    }
    assert await owed(books, ann) == ("0.00", "0.00")
    await require_ties(house, books)


async def test_entries_of_many_transactions_in_one_call_are_open_items(house, books, chart, ann):
    entries = pair(chart["1100"], chart["4000"], "10.00")
    item = {"description": "Direct", "date": "2026-01-05", "entries": entries, "contactId": ann}
    document = """
    mutation Many($transactions: [TransactionInput!]!) {
      createTransactions(transactions: $transactions, post: true) {
        results { transaction { entries { id } } }
      }
    }"""
    found = await books.ask(document, transactions=[item] * 3)
    results = found["createTransactions"]["results"]
    keys = [each["transaction"]["entries"][0]["id"] for each in results]
    await do(
        books,
        "createPayment",
        contactId=ann,
        direction="RECEIVED",
        amount="30.00",
        paymentDate="2026-01-20",
        applications=[{"documentId": key} for key in keys],
    )
    assert await owed(books, ann) == ("0.00", "0.00")
    await require_ties(house, books)


async def test_what_was_posted_for_something_is_undone_through_that(house, books, ann):
    """Each refusal names the operation that undoes both, and nothing is written."""
    eur = {"currency": "EUR", "exchangeRate": "1.10"}
    invoice, bill = await issued(books, ann, **eur), await received(books, ann)
    credit = (
        await do(
            books,
            "createCreditNote",
            contactId=ann,
            creditNoteDate="2026-01-10",
            items=[{"description": "Back", "quantity": 1, "unitPrice": 1}],
            issue=True,
        )
    )["id"]
    payment = await paid(books, invoice, exchangeRate="1.20")
    (applied,) = (await look(books, payment["id"], "{ applications { transactionId } }"))[
        "applications"
    ]
    for key, cure in (
        ((await look(books, invoice))["transactionId"], "cancelInvoice"),
        ((await look(books, bill))["transactionId"], "cancelBill"),
        ((await look(books, credit))["transactionId"], "cancelCreditNote"),
        (payment["transactionId"], "voidPayment"),
        (applied["transactionId"], "unapplyCredit"),
    ):
        refusal = await refuse(house, books, "reverseTransaction", id=key)
        assert (refusal.reason, refusal.field) == ("belongs_to_document", "id")
        assert cure in refusal.suggestion
        for name in ("updateTransaction", "deleteTransaction"):
            assert (await refuse(house, books, name, id=key)).reason == "wrong_status"
