"""The life of a bill, step by step, with the entries of each: a table to be checked by eye.

What is shown of the bill is its status, and what of it is due, paid and credited. As of the end
of every day, accounts receivable (1100) and payable (2000) come to what is open.
"""

from __future__ import annotations

from documenting import line
from living import Step, begun

OWN_CURRENCY = (
    Step(
        "2026-03-02",
        "a bill for supplies and a journey is entered, with the tax that we get back",
        "createBill",
        {
            "contactId": "$vendor",
            "billDate": "2026-03-01",
            "billNumber": "V-77",
            "dueDate": "2026-03-31",
            "items": [line("200.00", taxRateId="$tax"), line("50.00", accountId="$5700")],
        },
        keeps="bill",
        shows="DRAFT 266.50 0.00 0.00",
    ),
    Step(
        "2026-03-02",
        "received",
        "receiveBill",
        {"id": "$bill"},
        """
        2026-03-01 Bill V-77
            Dr 5100  200.00
            Dr 5700   50.00
            Dr 2200   16.50
            Cr 2000         266.50
        """,
        "RECEIVED 266.50 0.00 0.00",
    ),
    Step(
        "2026-03-10",
        "a part is paid, 2 % of it by a discount",
        "recordBillPayment",
        {
            "billId": "$bill",
            "amount": "98.00",
            "paymentDate": "2026-03-10",
            "deductions": [{"accountId": "$4800", "amount": "2.00"}],
        },
        """
        2026-03-10 Payment to vendor
            Dr 2000  100.00
            Cr 1010          98.00
            Cr 4800           2.00
        """,
        "PARTIAL 166.50 100.00 0.00",
        keeps="first",
    ),
    Step(
        "2026-03-12",
        "the vendor credits supplies that came broken, against the bill",
        "createCreditNote",
        {
            "contactId": "$vendor",
            "side": "PAYABLE",
            "creditNoteDate": "2026-03-11",
            "creditNoteNumber": "VC-9",
            "documentId": "$bill",
            "items": [line("40.00", taxRateId="$tax")],
        },
        keeps="credit",
        shows="PARTIAL 166.50 100.00 0.00",
    ),
    Step(
        "2026-03-12",
        "which is issued",
        "issueCreditNote",
        {"id": "$credit"},
        """
        2026-03-11 Vendor credit VC-9
            Dr 2000   43.30
            Cr 5100          40.00
            Cr 2200           3.30
        """,
        "PARTIAL 123.20 100.00 43.30",
        keeps="credit",
    ),
    Step("2026-04-01", "the rest is not paid in time", shows="OVERDUE 123.20 100.00 43.30"),
    Step(
        "2026-04-02",
        "more than is due",
        "recordBillPayment",
        {"billId": "$bill", "amount": "123.21", "paymentDate": "2026-04-02"},
        shows="OVERDUE 123.20 100.00 43.30",
        refused="overpayment",
    ),
    Step(
        "2026-04-02",
        "too much is paid, and kept as our credit",
        "recordBillPayment",
        {
            "billId": "$bill",
            "amount": "150.00",
            "paymentDate": "2026-04-02",
            "allowOverpayment": True,
        },
        """
        2026-04-02 Payment to vendor
            Dr 2000  150.00
            Cr 1010         150.00
        """,
        "PAID 0.00 223.20 43.30",
        keeps="second",
    ),
    Step(
        "2026-04-05",
        "the vendor pays that back",
        "refundCredit",
        {"creditId": "$second", "amount": "26.80", "paymentDate": "2026-04-05"},
        """
        2026-04-05 Refund of a payment to vendor
            Dr 1010   26.80
            Cr 2000          26.80
        """,
        "PAID 0.00 223.20 43.30",
        keeps="refund",
    ),
    Step(
        "2026-04-06",
        "the refund was a mistake of the bank's",
        "voidPayment",
        {"id": "$refund", "voidedOn": "2026-04-06"},
        """
        2026-04-06 Reversal of: Refund of a payment to vendor
            Cr 1010          26.80
            Dr 2000   26.80
        """,
        "PAID 0.00 223.20 43.30",
    ),
    Step(
        "2026-04-07",
        "so was the payment",
        "voidPayment",
        {"id": "$second", "voidedOn": "2026-04-07"},
        """
        2026-04-07 Reversal of: Payment to vendor
            Cr 2000         150.00
            Dr 1010  150.00
        """,
        "OVERDUE 123.20 100.00 43.30",
    ),
    Step(
        "2026-04-08",
        "and the other one",
        "voidPayment",
        {"id": "$first", "voidedOn": "2026-04-08"},
        """
        2026-04-08 Reversal of: Payment to vendor
            Cr 2000         100.00
            Dr 1010   98.00
            Dr 4800    2.00
        """,
        "OVERDUE 223.20 0.00 43.30",
    ),
    Step(
        "2026-04-09",
        "it is not cancelled while anything is credited",
        "cancelBill",
        {"id": "$bill"},
        shows="OVERDUE 223.20 0.00 43.30",
        refused="applied",
    ),
    Step(
        "2026-04-09",
        "the credit is taken off it",
        "unapplyCredit",
        {"id": "$credit.1"},
        shows="OVERDUE 266.50 0.00 0.00",
    ),
    Step(
        "2026-04-10",
        "the credit note is cancelled",
        "cancelCreditNote",
        {"id": "$credit", "cancelledOn": "2026-04-10"},
        """
        2026-04-10 Reversal of: Vendor credit VC-9
            Cr 2000          43.30
            Dr 5100   40.00
            Dr 2200    3.30
        """,
        "OVERDUE 266.50 0.00 0.00",
    ),
    Step(
        "2026-04-11",
        "and the bill",
        "cancelBill",
        {"id": "$bill", "reason": "Never ordered"},
        """
        2026-04-11 Reversal of: Bill V-77
            Cr 5100         200.00
            Cr 5700          50.00
            Cr 2200          16.50
            Dr 2000  266.50
        """,
        "CANCELLED 0.00 0.00 0.00",
    ),
)
FOREIGN_CURRENCY = (
    Step(
        "2026-03-01",
        "a bill of 1,000 JPY at 0.00625 USD",
        "createBill",
        {
            "contactId": "$vendor",
            "billDate": "2026-03-01",
            "currency": "JPY",
            "exchangeRate": "0.00625",
            "items": [line("1000")],
            "receive": True,
        },
        """
        2026-03-01 Bill
            Dr 5100  6.25         (1000 JPY)
            Cr 2000        6.25   (1000 JPY)
        """,
        "RECEIVED 1000 0 0",
        keeps="bill",
    ),
    Step(
        "2026-03-10",
        "a third is paid at 0.0066: 2.20 for what stands at 2.08",
        "recordBillPayment",
        {
            "billId": "$bill",
            "amount": "333",
            "paymentDate": "2026-03-10",
            "exchangeRate": "0.0066",
        },
        """
        2026-03-10 Payment to vendor
            Dr 2000  2.20         (333 JPY)
            Cr 1010        2.20
        2026-03-10 Realized exchange loss
            Dr 7800  0.12
            Cr 2000        0.12
        """,
        "PARTIAL 667 333 0",
    ),
    Step(
        "2026-03-11",
        "another third at 0.006: 2.00 for 2.08",
        "recordBillPayment",
        {
            "billId": "$bill",
            "amount": "333",
            "paymentDate": "2026-03-11",
            "exchangeRate": "0.006",
        },
        """
        2026-03-11 Payment to vendor
            Dr 2000  2.00         (333 JPY)
            Cr 1010        2.00
        2026-03-11 Realized exchange gain
            Dr 2000  0.08
            Cr 4900        0.08
        """,
        "PARTIAL 334 666 0",
    ),
    Step(
        "2026-03-12",
        "the last third takes what is left of the 6.25",
        "recordBillPayment",
        {
            "billId": "$bill",
            "amount": "334",
            "paymentDate": "2026-03-12",
            "exchangeRate": "0.00625",
        },
        """
        2026-03-12 Payment to vendor
            Dr 2000  2.09         (334 JPY)
            Cr 1010        2.09
        """,
        "PAID 0 1000 0",
    ),
)


async def test_a_bill_lives_from_draft_to_cancelled(house, monkeypatch):
    life = await begun(house, monkeypatch)
    await life.live(OWN_CURRENCY, of="bill")


async def test_a_bill_in_foreign_currency_lives_from_received_to_paid(house, monkeypatch):
    life = await begun(house, monkeypatch)
    await life.live(FOREIGN_CURRENCY, of="bill")
