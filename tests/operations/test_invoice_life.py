"""The life of an invoice, step by step, with the entries of each: a table to be checked by eye.

What is shown of the invoice is its status, and what of it is due, paid and credited. As of the
end of every day, accounts receivable (1100) and payable (2000) come to what is open.
"""

from __future__ import annotations

from documenting import line
from living import Step, begun

OWN_CURRENCY = (
    Step(
        "2026-01-10",
        "an invoice of 100 and 8.25 % tax is drawn up, due in 30 days",
        "createInvoice",
        {
            "contactId": "$customer",
            "invoiceDate": "2026-01-10",
            "items": [line("50.00", "2", taxRateId="$tax")],
        },
        keeps="invoice",
        shows="DRAFT 108.25 0.00 0.00",
    ),
    Step(
        "2026-01-11",
        "sent",
        "sendInvoice",
        {"id": "$invoice", "deliver": False},
        """
        2026-01-10 Invoice INV-0001
            Dr 1100  108.25
            Cr 4000         100.00
            Cr 2200           8.25
        """,
        "SENT 108.25 0.00 0.00",
    ),
    Step(
        "2026-01-20",
        "a part is paid",
        "recordInvoicePayment",
        {"invoiceId": "$invoice", "amount": "40.00", "paymentDate": "2026-01-20"},
        """
        2026-01-20 Payment from customer
            Dr 1010   40.00
            Cr 1100          40.00
        """,
        "PARTIAL 68.25 40.00 0.00",
        keeps="first",
    ),
    Step("2026-02-10", "the rest is not paid in time", shows="OVERDUE 68.25 40.00 0.00"),
    Step(
        "2026-02-12",
        "more than is due",
        "recordInvoicePayment",
        {"invoiceId": "$invoice", "amount": "100.00", "paymentDate": "2026-02-11"},
        shows="OVERDUE 68.25 40.00 0.00",
        refused="overpayment",
    ),
    Step(
        "2026-02-12",
        "more than is due, the rest to be kept as credit",
        "recordInvoicePayment",
        {
            "invoiceId": "$invoice",
            "amount": "100.00",
            "paymentDate": "2026-02-11",
            "allowOverpayment": True,
        },
        """
        2026-02-11 Payment from customer
            Dr 1010  100.00
            Cr 1100         100.00
        """,
        "PAID 0.00 108.25 0.00",
        keeps="second",
    ),
    Step(
        "2026-02-13",
        "what is paid is not cancelled",
        "cancelInvoice",
        {"id": "$invoice"},
        shows="PAID 0.00 108.25 0.00",
        refused="applied",
    ),
    Step(
        "2026-02-20",
        "the second payment bounces",
        "voidPayment",
        {"id": "$second", "reason": "Bounced", "voidedOn": "2026-02-19"},
        """
        2026-02-19 Reversal of: Payment from customer
            Cr 1010         100.00
            Dr 1100  100.00
        """,
        "OVERDUE 68.25 40.00 0.00",
    ),
    Step(
        "2026-03-05",
        "half of the work is credited, which is set against the invoice at once",
        "createCreditNote",
        {
            "contactId": "$customer",
            "creditNoteDate": "2026-03-05",
            "documentId": "$invoice",
            "items": [line("50.00", taxRateId="$tax")],
            "issue": True,
        },
        """
        2026-03-05 Credit note CN-0001
            Dr 4000   50.00
            Dr 2200    4.13
            Cr 1100          54.13
        """,
        "OVERDUE 14.12 40.00 54.13",
        keeps="credit",
    ),
    Step(
        "2026-03-06",
        "it is taken back from the invoice",
        "unapplyCredit",
        {"id": "$credit.1", "date": "2026-03-06"},
        shows="OVERDUE 68.25 40.00 0.00",
    ),
    Step(
        "2026-03-07",
        "a part of it is set against the invoice",
        "applyCredit",
        {"creditId": "$credit", "documentId": "$invoice", "amount": "50.00", "date": "2026-03-07"},
        shows="OVERDUE 18.25 40.00 50.00",
        keeps="application",
    ),
    Step(
        "2026-03-08",
        "the rest is paid",
        "recordInvoicePayment",
        {"invoiceId": "$invoice", "amount": "18.25", "paymentDate": "2026-03-08"},
        """
        2026-03-08 Payment from customer
            Dr 1010   18.25
            Cr 1100          18.25
        """,
        "PAID 0.00 58.25 50.00",
        keeps="third",
    ),
    Step(
        "2026-03-09",
        "a payment is taken off it, and is the customer's credit",
        "unapplyCredit",
        {"id": "$third.1"},
        shows="OVERDUE 18.25 40.00 50.00",
    ),
    Step(
        "2026-03-10",
        "the other one is void",
        "voidPayment",
        {"id": "$first"},
        """
        2026-03-10 Reversal of: Payment from customer
            Cr 1010          40.00
            Dr 1100   40.00
        """,
        "OVERDUE 58.25 0.00 50.00",
    ),
    Step(
        "2026-03-10",
        "the credit note is taken off it too",
        "unapplyCredit",
        {"id": "$application"},
        shows="OVERDUE 108.25 0.00 0.00",
    ),
    Step(
        "2026-03-11",
        "it is not cancelled before the day on which that was",
        "cancelInvoice",
        {"id": "$invoice", "cancelledOn": "2026-03-09"},
        shows="OVERDUE 108.25 0.00 0.00",
        refused="invalid_date",
    ),
    Step(
        "2026-03-11",
        "cancelled",
        "cancelInvoice",
        {"id": "$invoice", "reason": "Not ordered"},
        """
        2026-03-11 Reversal of: Invoice INV-0001
            Cr 1100         108.25
            Dr 4000  100.00
            Dr 2200    8.25
        """,
        "CANCELLED 0.00 0.00 0.00",
    ),
)


async def test_an_invoice_lives_from_draft_to_cancelled(house, monkeypatch):
    life = await begun(house, monkeypatch)
    await life.live(OWN_CURRENCY, of="invoice")
