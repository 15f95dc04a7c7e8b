"""The life of an invoice in a foreign currency: what was gained and lost by its exchange rates.

The books are in INR; figures of the invoice are in USD. See `test_invoice_life`.
"""

from __future__ import annotations

from documenting import line
from living import Step, begun

FOREIGN_CURRENCY = (
    Step(
        "2026-01-10",
        "an invoice of 100 USD at 80, to customers of an organization in INR",
        "createInvoice",
        {
            "contactId": "$customer",
            "invoiceDate": "2026-01-10",
            "dueDate": "2026-01-31",
            "currency": "USD",
            "exchangeRate": "80",
            "items": [line("100.00")],
            "send": True,
        },
        """
        2026-01-10 Invoice INV-0001
            Dr 1100  8000.00           (100.00 USD)
            Cr 4000           8000.00  (100.00 USD)
        """,
        "SENT 100.00 0.00 0.00",
        keeps="invoice",
    ),
    Step(
        "2026-01-20",
        "a part is paid, at 85: what was 3,200 has become 3,400",
        "recordInvoicePayment",
        {
            "invoiceId": "$invoice",
            "amount": "40.00",
            "paymentDate": "2026-01-20",
            "exchangeRate": "85",
        },
        """
        2026-01-20 Payment from customer
            Dr 1010  3400.00
            Cr 1100           3400.00  (40.00 USD)
        2026-01-20 Realized exchange gain
            Dr 1100   200.00
            Cr 4900            200.00
        """,
        "PARTIAL 60.00 40.00 0.00",
        keeps="first",
    ),
    Step(
        "2026-01-25",
        "10 USD are credited, at 79: less than the 800 at which they stand",
        "createCreditNote",
        {
            "contactId": "$customer",
            "creditNoteDate": "2026-01-25",
            "documentId": "$invoice",
            "exchangeRate": "79",
            "items": [line("10.00")],
            "issue": True,
        },
        """
        2026-01-25 Credit note CN-0001
            Dr 4000   790.00           (10.00 USD)
            Cr 1100            790.00  (10.00 USD)
        2026-01-25 Realized exchange loss
            Dr 7800    10.00
            Cr 1100             10.00
        """,
        "PARTIAL 50.00 40.00 10.00",
        keeps="credit",
    ),
    Step(
        "2026-02-03",
        "20 USD come at 78 too much, with 50 for the invoice",
        "recordInvoicePayment",
        {
            "invoiceId": "$invoice",
            "amount": "70.00",
            "paymentDate": "2026-02-02",
            "exchangeRate": "78",
            "allowOverpayment": True,
        },
        """
        2026-02-02 Payment from customer
            Dr 1010  5460.00
            Cr 1100           5460.00  (70.00 USD)
        2026-02-02 Realized exchange loss
            Dr 7800   100.00
            Cr 1100            100.00
        """,
        "PAID 0.00 90.00 10.00",
        keeps="second",
    ),
    Step(
        "2026-02-04",
        "the first payment is taken off it: the gain was none",
        "unapplyCredit",
        {"id": "$first.1"},
        """
        2026-02-04 Reversal of: Realized exchange gain
            Cr 1100            200.00
            Dr 4900   200.00
        """,
        "OVERDUE 40.00 50.00 10.00",
    ),
    Step(
        "2026-02-05",
        "what was too much is set against the invoice: 20 USD that stand at 1,600 for 1,560",
        "applyCredit",
        {"creditId": "$second", "documentId": "$invoice", "date": "2026-02-05"},
        """
        2026-02-05 Realized exchange loss
            Dr 7800    40.00
            Cr 1100             40.00
        """,
        "OVERDUE 20.00 70.00 10.00",
    ),
    Step(
        "2026-02-06",
        "that payment is void: so are its two losses",
        "voidPayment",
        {"id": "$second"},
        """
        2026-02-06 Reversal of: Realized exchange loss
            Cr 7800            100.00
            Dr 1100   100.00
        2026-02-06 Reversal of: Realized exchange loss
            Cr 7800             40.00
            Dr 1100    40.00
        2026-02-06 Reversal of: Payment from customer
            Cr 1010           5460.00
            Dr 1100  5460.00           (70.00 USD)
        """,
        "OVERDUE 90.00 0.00 10.00",
    ),
    Step(
        "2026-02-07",
        "the first payment is set against it again",
        "applyCredit",
        {"creditId": "$first", "documentId": "$invoice", "date": "2026-02-07"},
        """
        2026-02-07 Realized exchange gain
            Dr 1100   200.00
            Cr 4900            200.00
        """,
        "OVERDUE 50.00 40.00 10.00",
    ),
    Step(
        "2026-02-08",
        "the rest is paid at the invoice's own rate, into an account",
        "recordInvoicePayment",
        {
            "invoiceId": "$invoice",
            "amount": "49.00",
            "paymentDate": "2026-02-08",
            "exchangeRate": "80",
            "accountId": "$1020",
            "deductions": [{"accountId": "$5900", "amount": "1.00"}],
        },
        """
        2026-02-08 Payment from customer
            Dr 1020  3920.00
            Dr 5900    80.00           (1.00 USD)
            Cr 1100           4000.00  (50.00 USD)
        """,
        "PAID 0.00 90.00 10.00",
    ),
)


async def test_an_invoice_in_foreign_currency_lives_from_sent_to_paid(house, monkeypatch):
    life = await begun(house, monkeypatch, "INR")
    await life.live(FOREIGN_CURRENCY, of="invoice")
