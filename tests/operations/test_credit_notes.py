"""Credit notes: free or against a document, set against others, paid back, cancelled."""

from __future__ import annotations

from documenting import credited, customer, do, figures, issued, line, look, received, refuse
from living import Step, begun, require_ties

FREE = (
    Step(
        "2026-02-01",
        "100 and tax are credited for nothing in particular",
        "createCreditNote",
        {
            "contactId": "$customer",
            "creditNoteDate": "2026-02-01",
            "items": [line("100.00", taxRateId="$tax")],
            "issue": True,
        },
        """
        2026-02-01 Credit note CN-0001
            Dr 4000  100.00
            Dr 2200    8.25
            Cr 1100         108.25
        """,
        "ISSUED 108.25 0.00 0.00",
        keeps="credit",
    ),
    Step(
        "2026-02-02",
        "an invoice follows",
        "createInvoice",
        {
            "contactId": "$customer",
            "invoiceDate": "2026-02-02",
            "items": [line("30.00")],
            "send": True,
        },
        """
        2026-02-02 Invoice INV-0001
            Dr 1100   30.00
            Cr 4000          30.00
        """,
        "ISSUED 108.25 0.00 0.00",
        keeps="invoice",
    ),
    Step(
        "2026-02-03",
        "which the credit settles",
        "applyCredit",
        {"creditId": "$credit", "documentId": "$invoice"},
        shows="PARTIAL 78.25 30.00 0.00",
        keeps="application",
    ),
    Step(
        "2026-02-04",
        "a part of the rest is paid back",
        "refundCredit",
        {"creditId": "$credit", "amount": "70.00", "paymentDate": "2026-02-04"},
        """
        2026-02-04 Refund of a payment from customer
            Dr 1100   70.00
            Cr 1010          70.00
        """,
        "PARTIAL 8.25 100.00 0.00",
        keeps="refund",
    ),
    Step(
        "2026-02-05",
        "no more than the rest is paid back",
        "refundCredit",
        {"creditId": "$credit", "amount": "8.26", "paymentDate": "2026-02-05"},
        shows="PARTIAL 8.25 100.00 0.00",
        refused="overpayment",
    ),
    Step(
        "2026-02-06",
        "the rest is",
        "refundCredit",
        {"creditId": "$credit", "amount": "8.25", "paymentDate": "2026-02-06"},
        """
        2026-02-06 Refund of a payment from customer
            Dr 1100    8.25
            Cr 1010           8.25
        """,
        "APPLIED 0.00 108.25 0.00",
        keeps="rest",
    ),
    Step(
        "2026-02-07",
        "it is not cancelled while it is applied",
        "cancelCreditNote",
        {"id": "$credit"},
        shows="APPLIED 0.00 108.25 0.00",
        refused="applied",
    ),
    Step(
        "2026-02-08",
        "a refund never arrived",
        "voidPayment",
        {"id": "$refund", "voidedOn": "2026-02-08"},
        """
        2026-02-08 Reversal of: Refund of a payment from customer
            Cr 1100          70.00
            Dr 1010   70.00
        """,
        "PARTIAL 70.00 38.25 0.00",
    ),
    Step(
        "2026-02-09",
        "the invoice is open again",
        "unapplyCredit",
        {"id": "$application", "date": "2026-02-09"},
        shows="PARTIAL 100.00 8.25 0.00",
    ),
    Step(
        "2026-02-10",
        "nor did the other refund",
        "voidPayment",
        {"id": "$rest", "voidedOn": "2026-02-10"},
        """
        2026-02-10 Reversal of: Refund of a payment from customer
            Cr 1100           8.25
            Dr 1010    8.25
        """,
        "ISSUED 108.25 0.00 0.00",
    ),
    Step(
        "2026-02-11",
        "cancelled",
        "cancelCreditNote",
        {"id": "$credit", "reason": "Sent to the wrong customer"},
        """
        2026-02-11 Reversal of: Credit note CN-0001
            Cr 4000         100.00
            Cr 2200           8.25
            Dr 1100  108.25
        """,
        "CANCELLED 0.00 0.00 0.00",
    ),
)


async def test_a_free_credit_note_is_applied_refunded_and_cancelled(house, monkeypatch):
    life = await begun(house, monkeypatch)
    await life.live(FREE, of="credit")


async def test_what_a_credit_note_is_too_much_for_its_invoice_stays_credit(house, books):
    contact = await customer(books)
    invoice = await issued(books, contact, "60.00")
    credit = await credited(books, contact, "100.00", documentId=invoice)
    assert (await figures(books, invoice)).startswith("PAID 0.00 0.00 60.00")
    found = await look(
        books, credit, "{ status amountLeft correctsId applications { toId amount date } }"
    )
    assert found == {
        "status": "PARTIAL",
        "amountLeft": "40.00",
        "correctsId": invoice,
        "applications": [{"toId": invoice, "amount": "60.00", "date": "2026-01-10T00:00:00Z"}],
    }
    # Against one that is settled it is a free credit.
    another = await credited(books, contact, "10.00", documentId=invoice)
    assert (await look(books, another, "{ status amountLeft }")) == {
        "status": "ISSUED",
        "amountLeft": "10.00",
    }
    owed = await books.ask(
        "query C($id: ID!) { contact(id: $id) { amountReceivable { amount } } }", id=contact
    )
    assert owed["contact"]["amountReceivable"]["amount"] == "-50.00"
    await require_ties(house, books)


async def test_a_vendor_has_numbers_of_its_own_for_credits(house, books):
    vendor = await customer(books, name="Vic", contactType="VENDOR")
    bill = await received(books, vendor, billNumber="7")
    theirs = {"side": "PAYABLE", "creditNoteNumber": "7", "documentId": bill}
    credit = await credited(books, vendor, "20.00", **theirs)
    assert await look(books, credit, "{ creditNoteNumber side }") == {
        "creditNoteNumber": "7",
        "side": "PAYABLE",
    }
    assert (await figures(books, bill)).split()[1:] == ["80.00", "0.00", "20.00"]
    given = {
        "contactId": vendor,
        "creditNoteDate": "2026-01-10",
        "items": [line("1.00")],
        "side": "PAYABLE",
        "creditNoteNumber": "7",
    }
    refusal = await refuse(house, books, "createCreditNote", **given)
    assert (refusal.reason, refusal.field) == ("duplicate", "creditNoteNumber")
    assert refusal.details == {"number": "7", "existing_id": credit}


async def test_a_credit_note_is_against_an_issued_document_of_its_own_side_and_contact(
    house, books
):
    ann, ben = await customer(books), await customer(books, name="Ben")
    invoice, other = await issued(books, ann), await issued(books, ben)
    draft = (
        await do(
            books,
            "createInvoice",
            contactId=ann,
            invoiceDate="2026-01-10",
            items=[line("1.00")],
        )
    )["id"]
    given = {"contactId": ann, "creditNoteDate": "2026-01-10", "items": [line("1.00")]}
    for more, reason, field in (
        ({"documentId": other}, "not_applicable", "documentId"),
        ({"documentId": draft}, "not_applicable", "documentId"),
        ({"documentId": await received(books, ann)}, "not_applicable", "documentId"),
        ({"documentId": invoice, "side": "PAYABLE"}, "not_applicable", "documentId"),
        ({"documentId": "inv_0000000000000000zzzz"}, "unknown_reference", "documentId"),
        ({"creditNoteNumber": "CN-1"}, "invalid_value", "creditNoteNumber"),
    ):
        refusal = await refuse(house, books, "createCreditNote", **given, **more)
        assert (refusal.reason, refusal.field) == (reason, field), more


async def test_a_credit_note_is_not_issued_against_what_was_cancelled_meanwhile(house, books):
    contact = await customer(books)
    invoice = await issued(books, contact)
    credit = (
        await do(
            books,
            "createCreditNote",
            contactId=contact,
            creditNoteDate="2026-01-10",
            items=[line("100.00")],
            documentId=invoice,
        )
    )["id"]
    await do(books, "cancelInvoice", id=invoice)
    refusal = await refuse(house, books, "issueCreditNote", id=credit)
    assert (refusal.reason, refusal.field) == ("not_applicable", "documentId")
    assert (await look(books, credit))["status"] == "DRAFT"


async def test_a_credit_note_takes_the_currency_of_what_it_is_against(house):
    books = await house.organization("INR")
    contact = await customer(books)
    invoice = await issued(books, contact, currency="USD", exchangeRate="80")
    credit = await credited(books, contact, "25.00", documentId=invoice, exchangeRate="84")
    assert (await look(books, credit, "{ baseTotal currency { code } }")) == {
        "baseTotal": "2100.00",
        "currency": {"code": "USD"},
    }
    assert (await figures(books, invoice)).split()[1:] == ["75.00", "0.00", "25.00"]
    await require_ties(house, books)
