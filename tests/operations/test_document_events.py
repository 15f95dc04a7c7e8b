"""What the history says of documents and payments: which events, in which order, and of what."""

from __future__ import annotations

from documenting import credited, customer, do, issued, line, look, paid, received
from entering import events, pair, unhealthy


class History:
    """The types of the events that came since the last look, each with its noun."""

    def __init__(self, house, books):
        self._house, self._books, self._known = house, books, 0

    async def events(self):
        found = (await events(self._books, self._house))[self._known :]
        self._known += len(found)
        return found

    async def news(self):
        return [each["type"] for each in await self.events()]


async def test_each_step_of_an_invoice_writes_its_events_in_their_order(house, books):
    contact = await customer(books)
    history = History(house, books)
    await history.news()
    given = {"contactId": contact, "invoiceDate": "2026-01-10", "items": [line("100.00")]}
    made = (await do(books, "createInvoice", **given))["id"]
    assert await history.news() == ["invoice.created"]
    await do(books, "updateInvoice", id=made, notes="Thanks")
    assert await history.news() == ["invoice.updated"]
    await do(books, "sendInvoice", id=made, deliver=False)
    assert await history.news() == ["transaction.posted", "invoice.sent"]
    first = await paid(books, made, "40.00")
    received_ = ["transaction.posted", "payment.created", "payment.applied"]
    assert await history.news() == [
        *received_,
        "invoice.partially_paid",
        "application.created",
    ]
    await credited(books, contact, "10.00", documentId=made)
    assert await history.news() == [
        "credit_note.created",
        "transaction.posted",
        "credit_note.issued",
        "credit_note.applied",
        "invoice.credited",
        "application.created",
    ]
    second = await paid(books, made, "50.00")
    assert await history.news() == [*received_, "invoice.paid", "application.created"]
    await do(books, "voidPayment", id=second["id"], voidedOn="2026-02-01")
    taken_back = ["payment.unapplied", "invoice.unapplied", "application.ended"]
    assert await history.news() == [
        *taken_back,
        "payment.voided",
        "transaction.posted",
        "transaction.reversed",
    ]
    (applied,) = (await look(books, first["id"], "{ applications { id } }"))["applications"]
    await do(books, "unapplyCredit", id=applied["id"], date="2026-02-01")
    assert await history.news() == taken_back
    found = await look(books, made, "{ history { event actor at requestId } }")
    assert [each["event"].partition(".")[2] for each in found["history"]] == [
        "created",
        "updated",
        "sent",
        "partially_paid",
        "credited",
        "paid",
        "unapplied",
        "unapplied",
    ]
    assert all(each["actor"].startswith("key:") for each in found["history"])
    assert await unhealthy(books) == []


async def test_other_documents_have_events_of_their_own_names(house, books):
    contact = await customer(books, contactTypes=["CUSTOMER", "VENDOR"])
    history = History(house, books)
    await history.news()
    bill = await received(books, contact)
    assert await history.news() == ["bill.created", "transaction.posted", "bill.received"]
    await do(books, "cancelBill", id=bill, cancelledOn="2026-02-01")
    undone = ["transaction.posted", "transaction.reversed"]
    assert await history.news() == ["bill.cancelled", *undone]
    credit = await credited(books, contact, side="PAYABLE")
    assert await history.news() == [
        "vendor_credit.created",
        "transaction.posted",
        "vendor_credit.issued",
    ]
    await do(books, "cancelCreditNote", id=credit, cancelledOn="2026-02-01")
    assert await history.news() == ["vendor_credit.cancelled", *undone]
    draft = await do(
        books, "createBill", contactId=contact, billDate="2026-01-10", items=[line("1.00")]
    )
    await do(books, "deleteBill", id=draft["id"])
    assert await history.news() == ["bill.created", "bill.deleted"]
    opening = {"contactId": contact, "invoiceNumber": "O", "amount": "5.00"}
    await do(books, "createOpeningInvoice", **opening, invoiceDate="2025-12-01")
    assert await history.news() == ["invoice.created", "transaction.posted", "invoice.sent"]
    chart = await books.accounts()
    entry = await do(
        books,
        "createTransaction",
        description="Direct",
        date="2026-01-05",
        entries=pair(chart["1100"], chart["4000"]),
        contactId=contact,
        post=True,
    )
    assert await history.news() == ["transaction.posted", "open_item.opened"]
    await do(books, "reverseTransaction", id=entry["id"])
    assert await history.news() == [*undone, "open_item.ended"]


async def test_a_gain_stands_among_the_events_of_the_payment(house):
    books = await house.organization("INR")
    invoice = await issued(books, await customer(books), currency="USD", exchangeRate="80")
    history = History(house, books)
    await history.news()
    payment = await paid(books, invoice, exchangeRate="85")
    assert await history.news() == [
        "transaction.posted",
        "payment.created",
        "transaction.posted",
        "payment.applied",
        "invoice.paid",
        "application.created",
    ]
    await do(books, "voidPayment", id=payment["id"])
    assert await history.news() == [
        "transaction.posted",
        "transaction.reversed",
        "payment.unapplied",
        "invoice.unapplied",
        "application.ended",
        "payment.voided",
        "transaction.posted",
        "transaction.reversed",
    ]
    assert await unhealthy(books) == []


async def test_an_event_has_both_sides_of_what_it_tells_and_who_asked(house, books):
    contact = await customer(books)
    history = History(house, books)
    await history.events()
    invoice = await issued(books, contact)
    created, posted, sent = await history.events()
    assert (created["before"], created["after"]["phase"]) == (None, "draft")
    assert created["after"] == sent["before"]
    assert (sent["entity_type"], sent["entity_id"]) == ("invoice", invoice)
    assert (sent["after"]["phase"], sent["after"]["number"]) == ("issued", "INV-0001")
    assert sent["after"]["transaction_id"] == posted["entity_id"]
    assert len({each["request_id"] for each in (created, posted, sent)}) == 1
    # The copy that is frozen on the document is told too; the contact's own event hides it.
    assert sent["after"]["copies"]["contact"]["name"] == "Ann"
    await paid(books, invoice, "30.00")
    events_ = {each["type"]: each for each in await history.events()}
    partial = events_["invoice.partially_paid"]
    opened = [partial[side]["item"]["open_amount"] for side in ("before", "after")]
    assert opened == [10_000, 7_000]
    assert events_["application.created"]["after"]["amount"] == 3_000
