"""What cannot be settled, dated, counted or posted: why, and that nothing is written."""

from __future__ import annotations

from documenting import line
from entering import CLOSE
from refusing import (
    BILL,
    INVOICE,
    PAY,
    PAY_BILL,
    PAYMENT,
    full_desk,
    refuse_rows,
)

TOO_MUCH = [
    ("recordInvoicePayment", PAY | {"amount": "100.01"}, "overpayment", "amount"),
    ("recordBillPayment", PAY_BILL | {"amount": "100.01"}, "overpayment", "amount"),
    ("recordInvoicePayment", PAY | {"invoiceId": "$paid"}, "overpayment", "amount"),
    (
        "recordInvoicePayment",
        PAY | {"invoiceId": "$paid", "allowOverpayment": True},
        "overpayment",
        "amount",
    ),
    (
        "recordInvoicePayment",
        PAY | {"amount": "99.00", "deductions": [{"accountId": "$5900", "amount": "1.01"}]},
        "overpayment",
        "amount",
    ),
    (
        "createPayment",
        PAYMENT | {"applications": [{"documentId": "$part paid", "amount": "60.01"}]},
        "overpayment",
        "applications[0].amount",
    ),
    (
        "createPayment",
        PAYMENT | {"applications": [{"documentId": "$sent"}, {"documentId": "$part paid"}]},
        "overpayment",
        "applications[1].amount",
    ),
    (
        "applyCredit",
        {"creditId": "$credit", "documentId": "$sent", "amount": "30.01"},
        "overpayment",
        "amount",
    ),
    ("applyCredit", {"creditId": "$credit", "documentId": "$paid"}, "overpayment", "amount"),
    (
        "refundCredit",
        {"creditId": "$credit", "amount": "30.01", "paymentDate": "2026-01-20"},
        "overpayment",
        "amount",
    ),
]
NOT_APPLICABLE = [
    ("applyCredit", {"creditId": "$credit", "documentId": document}, "not_applicable", None)
    for document in ("$ben's", "$received", "$euro", "$credit")
] + [
    ("applyCredit", {"creditId": "$part paid", "documentId": "$sent"}, "not_applicable", None),
    (
        "refundCredit",
        {"creditId": "$sent", "amount": "1.00", "paymentDate": "2026-01-20"},
        "not_applicable",
        None,
    ),
    (
        "createPayment",
        PAYMENT | {"applications": [{"documentId": "$ben's"}]},
        "not_applicable",
        "applications[0]",
    ),
    (
        "createPayment",
        PAYMENT | {"direction": "PAID", "applications": [{"documentId": "$sent"}]},
        "not_applicable",
        "applications[0]",
    ),
]
DATES = [
    (
        "applyCredit",
        {"creditId": "$credit", "documentId": "$sent", "date": "2026-01-09"},
        "invalid_date",
        "date",
    ),
    ("unapplyCredit", {"id": "$in force", "date": "2026-01-19"}, "invalid_date", "date"),
    ("voidPayment", {"id": "$payment", "voidedOn": "2026-01-19"}, "invalid_date", "voidedOn"),
    ("cancelInvoice", {"id": "$sent", "cancelledOn": "2026-01-09"}, "invalid_date", "cancelledOn"),
    ("createInvoice", INVOICE | {"dueDate": "2026-01-09"}, "invalid_date", "dueDate"),
    ("createInvoice", INVOICE | {"invoiceDate": "1899-12-31"}, "invalid_date", "invoiceDate"),
    ("createBill", BILL | {"billDate": "2201-01-01"}, "invalid_date", "billDate"),
    ("createPayment", PAYMENT | {"paymentDate": "2201-01-01"}, "invalid_date", "paymentDate"),
    ("updateInvoice", {"id": "$draft", "invoiceDate": None}, "invalid_value", "invoiceDate"),
    ("updateInvoice", {"id": "$draft", "items": None}, "invalid_value", "items"),
    ("updateBill", {"id": "$draft bill", "contactId": None}, "invalid_value", "contactId"),
]
AMOUNTS = [
    *(
        ("recordInvoicePayment", PAY | {"amount": amount}, "invalid_amount", "amount")
        for amount in ("0", "-1.00", "1.001", "1e2", "ten", "99999999999999")
    ),
    (
        "applyCredit",
        {"creditId": "$credit", "documentId": "$sent", "amount": "1.001"},
        "invalid_amount",
        "amount",
    ),
    ("createInvoice", INVOICE | {"items": []}, "invalid_value", "items"),
    ("createInvoice", INVOICE | {"items": [line("1")] * 501}, "too_many_items", "items"),
    ("createInvoice", INVOICE | {"items": [line("-1.00")]}, "invalid_amount", "items"),
    ("createInvoice", INVOICE | {"items": [line("1", "0")]}, "invalid_amount", "items[0].quantity"),
    ("createInvoice", INVOICE | {"currency": "XYZ"}, "invalid_value", "currency"),
    ("createInvoice", INVOICE | {"exchangeRate": "2"}, "invalid_value", "exchangeRate"),
    (
        "createInvoice",
        INVOICE | {"currency": "EUR", "send": True},
        "missing_rate",
        "exchangeRate",
    ),
    ("sendInvoice", {"id": "$euro draft", "deliver": False}, "missing_rate", "exchangeRate"),
    ("createPayment", PAYMENT | {"currency": "EUR"}, "missing_rate", "exchangeRate"),
    (
        "createPayment",
        PAYMENT | {"applications": [{"documentId": "$sent"}] * 201},
        "too_many_items",
        "applications",
    ),
    (
        "createPayment",
        PAYMENT | {"deductions": [{"accountId": "$5900", "amount": "1"}] * 21},
        "too_many_items",
        "deductions",
    ),
    ("createPayment", PAYMENT | {"accountId": "$1100"}, "invalid_value", "accountId"),
    (
        "createInvoice",
        INVOICE | {"items": [line("1.00", accountId="$1100")]},
        "invalid_value",
        "items[0].accountId",
    ),
]
LOCKED = [
    ("sendInvoice", {"id": "$draft", "deliver": False}, "invoiceDate"),
    ("createInvoice", INVOICE | {"send": True}, "invoiceDate"),
    ("receiveBill", {"id": "$draft bill"}, "billDate"),
    ("issueCreditNote", {"id": "$draft credit"}, "creditNoteDate"),
    ("recordInvoicePayment", PAY, "paymentDate"),
    ("recordBillPayment", PAY_BILL, "paymentDate"),
    ("createPayment", PAYMENT, "paymentDate"),
    (
        "refundCredit",
        {"creditId": "$credit", "amount": "1.00", "paymentDate": "2026-01-20"},
        "paymentDate",
    ),
    ("applyCredit", {"creditId": "$credit", "documentId": "$sent"}, "date"),
    ("unapplyCredit", {"id": "$in force", "date": "2026-01-20"}, "date"),
    ("voidPayment", {"id": "$payment", "voidedOn": "2026-01-31"}, "voidedOn"),
    ("cancelInvoice", {"id": "$sent", "cancelledOn": "2026-01-31"}, "cancelledOn"),
    ("cancelBill", {"id": "$received", "cancelledOn": "2026-01-31"}, "cancelledOn"),
    ("cancelCreditNote", {"id": "$credit", "cancelledOn": "2026-01-31"}, "cancelledOn"),
    (
        "createOpeningInvoice",
        {
            "contactId": "$ann",
            "invoiceNumber": "N",
            "invoiceDate": "2025-01-01",
            "amount": "1.00",
            "openingDate": "2026-01-31",
        },
        "openingDate",
    ),
]


async def test_what_is_too_much_or_does_not_fit_is_refused_and_all_in_a_closed_period(house, books):
    ids = await full_desk(books)
    await refuse_rows(house, books, ids, TOO_MUCH + NOT_APPLICABLE + DATES + AMOUNTS)
    await books.ask(CLOSE, through="2026-01-31")
    rows = [(name, given, "period_locked", field) for name, given, field in LOCKED]
    await refuse_rows(house, books, ids, rows)
