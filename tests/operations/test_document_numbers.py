"""Numbers: ours without gaps in a series of each kind, those of vendors unique for each."""

from __future__ import annotations

import pytest
from documenting import credited, customer, do, issued, line, look, received, refuse
from entering import unhealthy

SET = """
mutation Set($prefix: String, $byYear: Boolean, $digits: Int) {
  updateDocumentSettings(
    invoicePrefix: $prefix, numbersByYear: $byYear, numberDigits: $digits
  ) { id }
}"""


@pytest.fixture
async def ann(books):
    """A contact who is customer and vendor."""
    return await customer(books, contactTypes=["CUSTOMER", "VENDOR"])


async def numbers(books, keys):
    return [(await look(books, key, "{ invoiceNumber }"))["invoiceNumber"] for key in keys]


async def test_a_number_is_given_on_sending_and_kept_for_ever(house, books, ann):
    given = {"contactId": ann, "invoiceDate": "2026-01-10", "items": [line("1.00")]}
    drafts = [await do(books, "createInvoice", **given) for _ in range(3)]
    provisional = [each["invoiceNumber"] for each in drafts]
    assert provisional == [f"DRAFT-{each['id'][-8:]}" for each in drafts]
    await do(books, "deleteInvoice", id=drafts[0]["id"])
    sent = [await do(books, "sendInvoice", id=each["id"], deliver=False) for each in drafts[:0:-1]]
    assert [each["invoiceNumber"] for each in sent] == ["INV-0001", "INV-0002"]
    await do(books, "cancelInvoice", id=sent[0]["id"])
    later = await issued(books, ann)
    assert await numbers(books, [sent[0]["id"], later]) == ["INV-0001", "INV-0003"]
    assert await unhealthy(books) == []


async def test_invoices_and_credit_notes_are_numbered_apart(books, ann):
    for place in range(1, 4):
        invoice, credit = await issued(books, ann), await credited(books, ann)
        assert await numbers(books, [invoice]) == [f"INV-000{place}"]
        found = await look(books, credit, "{ creditNoteNumber }")
        assert found == {"creditNoteNumber": f"CN-000{place}"}
    # What vendors send has their numbers, or a provisional one.
    bill = await received(books, ann)
    assert await look(books, bill, "{ billNumber }") == {"billNumber": f"NO-NUMBER-{bill[-8:]}"}
    assert await unhealthy(books) == []


async def test_two_organizations_have_series_of_their_own(house, books, ann):
    other = await house.organization()
    theirs = await issued(other, await customer(other))
    assert await numbers(books, [await issued(books, ann)]) == ["INV-0001"]
    assert await numbers(other, [theirs]) == ["INV-0001"]


async def test_each_year_begins_anew_if_the_organization_says_so(books, ann):
    await books.ask(SET, byYear=True, digits=3)
    keys = [
        await issued(books, ann, invoiceDate=day)
        for day in ("2025-12-30", "2026-01-02", "2025-12-31", "2026-01-03")
    ]
    assert await numbers(books, keys) == [
        "INV-2025-001",
        "INV-2026-001",
        "INV-2025-002",
        "INV-2026-002",
    ]
    assert await unhealthy(books) == []


async def test_the_series_goes_on_under_another_prefix(books, ann):
    keys = [await issued(books, ann)]
    for prefix in ("R/", ""):
        await books.ask(SET, prefix=prefix)
        keys.append(await issued(books, ann))
    assert await numbers(books, keys) == ["INV-0001", "R/0002", "0003"]
    assert await unhealthy(books) == []


async def test_a_number_that_a_former_system_has_given_out_is_left_out(house, books, ann):
    """However many follow on each other: they were of no series of ours when they came."""
    await books.ask(SET, prefix="X-")
    for number in (1, *range(3, 70)):
        await do(
            books,
            "createOpeningInvoice",
            contactId=ann,
            invoiceNumber=f"INV-{number:04}",
            invoiceDate="2025-12-01",
            amount="1.00",
        )
    await books.ask(SET, prefix="INV-")
    keys = [await issued(books, ann) for _ in range(3)]
    assert await numbers(books, keys) == ["INV-0002", "INV-0070", "INV-0071"]
    assert await unhealthy(books) == []


async def test_a_refused_or_tried_sending_takes_no_number(house, books, ann):
    closed = 'mutation { updateOrganization(booksClosedThrough: "2025-12-31") { id } }'
    await books.ask(closed)
    given = {"contactId": ann, "items": [line("1.00")], "send": True}
    late = {**given, "invoiceDate": "2025-12-31"}
    refusal = await refuse(house, books, "createInvoice", **late)
    assert (refusal.reason, refusal.field) == ("period_locked", "invoiceDate")
    tried = await do(books, "createInvoice", **given, invoiceDate="2026-01-10", dryRun=True)
    assert (tried["invoiceNumber"], tried["status"] != "DRAFT") == ("INV-0001", True)
    assert await numbers(books, [await issued(books, ann)]) == ["INV-0001"]


async def test_a_vendor_gives_each_number_once(house, books, ann):
    ben = await customer(books, name="Ben", contactType="VENDOR")
    first = await received(books, ann, billNumber="\u00c4-1")
    await received(books, ben, billNumber="\u00c4-1")
    given = {"contactId": ann, "billDate": "2026-01-10", "items": [line("1.00")]}
    for spelled in ("\u00c4-1", "A\u0308-1"):
        refusal = await refuse(house, books, "createBill", **given, billNumber=spelled)
        assert (refusal.reason, refusal.field) == ("duplicate", "billNumber")
        assert refusal.details["existing_id"] == first
    draft = await do(books, "createBill", **given, billNumber="2")
    refusal = await refuse(house, books, "updateBill", id=draft["id"], billNumber="A\u0308-1")
    assert (refusal.reason, refusal.field) == ("duplicate", "billNumber")
    # One that is taken back by the vendor, and cancelled here, may come again.
    await do(books, "cancelBill", id=first)
    changed = await do(books, "updateBill", id=draft["id"], billNumber="A\u0308-1")
    assert changed["billNumber"] == "\u00c4-1"
    cleared = await do(books, "updateBill", id=draft["id"], billNumber=None)
    assert cleared["billNumber"].startswith("DRAFT-")
    refusal = await refuse(house, books, "createBill", **given, billNumber="")
    assert (refusal.reason, refusal.field) == ("invalid_text", "billNumber")
