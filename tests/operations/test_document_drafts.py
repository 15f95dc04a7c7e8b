"""Drafts: what they take from where, what they come to, how they change and go."""

from __future__ import annotations

import pytest
from documenting import customer, do, line, look, received, refuse
from entering import contents

DAY = {"invoiceDate": "2026-01-10"}


@pytest.fixture
async def ann(books):
    """A customer."""
    return await customer(books)


@pytest.fixture
async def chart(books):
    """The ids of the standard chart's accounts by code."""
    return await books.accounts()


async def taxed(books, **given):
    """The id of a new tax rate of 8.25 %."""
    usual = {"name": "Tax", "taxType": "SALES_TAX", "rate": "8.25"}
    return (await do(books, "createTaxRate", **{**usual, **given}))["id"]


async def drawn(books, contact, *lines, **given):
    return await do(
        books, "createInvoice", **{"contactId": contact, "items": list(lines), **DAY, **given}
    )


def sums(found):
    """Subtotal, discount, tax and total."""
    return " ".join(found[name] for name in ("subtotal", "discount", "taxAmount", "total"))


async def test_three_lines_of_33_33_with_8_25_percent(books, ann):
    tax = await taxed(books)
    lines = [line("33.33", taxRateId=tax) for _ in range(3)]
    for given, expected in (
        ({}, "99.99 0.00 8.25 108.24"),
        ({"isTaxInclusive": True}, "92.37 0.00 7.62 99.99"),
        ({"discountPercent": "10"}, "89.99 10.00 7.43 97.42"),
        ({"discountAmount": "9.99"}, "90.00 9.99 7.44 97.44"),
        ({"isTaxInclusive": True, "discountPercent": "10"}, "83.12 10.00 6.87 89.99"),
    ):
        found = await drawn(books, ann, *lines, **given)
        assert sums(found) == expected, given
        (whole,) = found["taxes"]
        assert whole["amount"] == found["taxAmount"]
        nets = [int(each["netAmount"].replace(".", "")) for each in found["items"]]
        assert sum(nets) == int(found["subtotal"].replace(".", ""))


async def test_tax_is_rounded_on_each_line_or_on_the_whole(books, ann):
    tax = await taxed(books, rate="5")
    lines = [line("0.30", taxRateId=tax) for _ in range(4)]
    assert sums(await drawn(books, ann, *lines)) == "1.20 0.00 0.08 1.28"
    await books.ask("mutation { updateDocumentSettings(taxRounding: DOCUMENT) { id } }")
    assert sums(await drawn(books, ann, *lines)) == "1.20 0.00 0.06 1.26"


async def test_what_lines_come_to(books, ann):
    for items, expected in (
        ([line("0.125", "3")], "0.38"),
        ([line("2.345678", "0.333333")], "0.78"),
        ([line("10.00", "3", discountPercent="33.3333")], "20.00"),
        ([line("10.00", "3", discountAmount="0.01")], "29.99"),
        ([line("100.00"), line("-20.00")], "80.00"),
    ):
        found = await drawn(books, ann, *items)
        assert sums(found) == f"{expected} 0.00 0.00 {expected}", items


async def test_a_line_takes_from_its_item_then_the_contact_then_the_organization(books, chart):
    tax, other = await taxed(books), await taxed(books, name="Other", rate="5")
    category = (
        await books.ask('mutation { createCategory(name: "C", categoryType: INCOME) { id } }')
    )["createCategory"]["id"]
    given = {"price": "12.50", "unit": "h", "description": "An hour", "taxRateId": other}
    item = await do(
        books,
        "createItem",
        name="Hour",
        itemType="SERVICE",
        defaultRevenueAccountId=chart["4100"],
        categoryId=category,
        **given,
    )
    contact = await customer(
        books,
        defaultTaxRateId=tax,
        defaultRevenueAccountId=chart["4800"],
        paymentTerms=[{"percent": "100", "days": 14}],
        currency="EUR",
    )
    found = await drawn(
        books,
        contact,
        {"quantity": "2", "itemId": item["id"]},
        line("5.00"),
        line("5.00", taxRateId="", accountId=chart["4000"]),
        currency="USD",
    )
    rows = [
        [each[name] for name in ("description", "unit", "unitPrice", "accountId", "taxRateId")]
        for each in found["items"]
    ]
    assert rows == [
        ["An hour", "h", "12.50", chart["4100"], other],
        ["Work", None, "5.00", chart["4800"], tax],
        ["Work", None, "5.00", chart["4000"], None],
    ]
    assert [each["categoryId"] for each in found["items"]] == [category, None, None]
    assert found["dueDate"] == "2026-01-24T00:00:00Z"
    assert (await drawn(books, contact, line("1.00")))["currency"] == {"code": "EUR"}
    bare = await drawn(books, await customer(books), line("5.00"))
    assert (bare["items"][0]["accountId"], bare["dueDate"]) == (
        chart["4000"],
        "2026-02-09T00:00:00Z",
    )


async def test_a_draft_changes_in_what_is_given_and_keeps_the_rest(books, ann):
    terms = [{"percent": "30", "days": 30}, {"percent": "70", "days": 60}]
    made = await drawn(
        books,
        ann,
        line("100.00"),
        paymentTerms=terms,
        notes="Thanks",
        orderNumber="PO-1",
        metadata={"a": 1},
        discountPercent="5",
    )
    changed = await do(books, "updateInvoice", id=made["id"], notes="Thank you", version=1)
    same = made.keys() - {"notes", "version", "updatedAt"}
    assert {name: changed[name] for name in same} == {name: made[name] for name in same}
    assert (changed["notes"], changed["version"]) == ("Thank you", 2)
    items = await do(books, "updateInvoice", id=made["id"], items=[line("200.00")])
    assert sums(items) == "190.00 10.00 0.00 190.00"
    assert [each["amount"] for each in items["instalments"]] == ["57.00", "133.00"]
    cleared = await do(
        books, "updateInvoice", id=made["id"], notes=None, discountPercent=None, metadata=None
    )
    assert (cleared["notes"], cleared["discount"], cleared["metadata"]) == (None, "0.00", {})
    moved = await do(books, "updateInvoice", id=made["id"], dueDate="2026-05-01")
    assert [list(each.values())[:2] for each in moved["instalments"]] == [
        ["2026-05-01T00:00:00Z", "200.00"]
    ]
    assert await look(books, made["id"]) == moved


async def test_a_draft_is_deleted_with_its_lines_and_nothing_else_is(house, books, ann):
    before = await contents(house)
    made = await drawn(books, ann, line("1.00"), line("2.00"))
    assert await do(books, "deleteInvoice", id=made["id"], version=1) is True
    after = await contents(house)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"event", "organization_version"}
    refusal = await refuse(house, books, "deleteInvoice", id=made["id"])
    assert (refusal.reason, refusal.field) == ("not_found", "id")


async def test_a_bill_and_a_credit_note_are_drawn_up_and_changed_alike(books, chart):
    vendor = await customer(books, contactType="VENDOR", defaultExpenseAccountId=chart["5200"])
    bill = await do(
        books,
        "createBill",
        contactId=vendor,
        billDate="2026-01-10",
        billNumber="7",
        dueDate="2026-01-31",
        items=[line("10.00")],
    )
    assert (bill["billNumber"], bill["items"][0]["accountId"]) == ("7", chart["5200"])
    bill = await do(books, "updateBill", id=bill["id"], billNumber="8", billDate="2026-01-12")
    assert (bill["billNumber"], bill["dueDate"]) == ("8", "2026-01-31T00:00:00Z")
    against = await received(books, vendor)
    credit = await do(
        books,
        "createCreditNote",
        contactId=vendor,
        creditNoteDate="2026-01-15",
        side="PAYABLE",
        documentId=against,
        items=[line("10.00")],
    )
    changed = await do(
        books, "updateCreditNote", id=credit["id"], creditNoteNumber="9", items=[line("4.00")]
    )
    assert changed["creditNoteNumber"] == "9"
    assert (changed["side"], changed["total"]) == ("PAYABLE", "4.00")
    assert (changed["correctsId"], changed["dueDate"]) == (against, None)
    for name, made in (("deleteBill", bill), ("deleteCreditNote", credit)):
        assert await do(books, name, id=made["id"]) is True
