"""What cannot be done to documents: why, by which argument, and that nothing is written."""

from __future__ import annotations

from documenting import line
from refusing import BILL, CREDIT, INVOICE, PAY, PAY_BILL, PAYMENT, all_refused_by

WRONG_STATUS = [
    ("updateInvoice", {"id": "$sent", "notes": "Late"}, "wrong_status", "id"),
    ("deleteInvoice", {"id": "$sent"}, "wrong_status", "id"),
    ("sendInvoice", {"id": "$sent", "deliver": False}, "wrong_status", "id"),
    ("sendInvoice", {"id": "$cancelled", "deliver": False}, "wrong_status", "id"),
    ("cancelInvoice", {"id": "$draft"}, "wrong_status", "id"),
    ("cancelInvoice", {"id": "$cancelled"}, "wrong_status", "id"),
    ("updateBill", {"id": "$received", "notes": "Late"}, "wrong_status", "id"),
    ("deleteBill", {"id": "$received"}, "wrong_status", "id"),
    ("receiveBill", {"id": "$received"}, "wrong_status", "id"),
    ("cancelBill", {"id": "$draft bill"}, "wrong_status", "id"),
    ("updateCreditNote", {"id": "$credit", "notes": "Late"}, "wrong_status", "id"),
    ("deleteCreditNote", {"id": "$credit"}, "wrong_status", "id"),
    ("issueCreditNote", {"id": "$credit"}, "wrong_status", "id"),
    ("cancelCreditNote", {"id": "$draft credit"}, "wrong_status", "id"),
    ("recordInvoicePayment", PAY | {"invoiceId": "$draft"}, "wrong_status", "invoiceId"),
    ("recordInvoicePayment", PAY | {"invoiceId": "$cancelled"}, "wrong_status", "invoiceId"),
    ("recordBillPayment", PAY_BILL | {"billId": "$draft bill"}, "wrong_status", "billId"),
    (
        "applyCredit",
        {"creditId": "$draft credit", "documentId": "$sent"},
        "wrong_status",
        "creditId",
    ),
    ("applyCredit", {"creditId": "$credit", "documentId": "$draft"}, "wrong_status", "documentId"),
    ("applyCredit", {"creditId": "$void", "documentId": "$sent"}, "wrong_status", "creditId"),
    ("voidPayment", {"id": "$void"}, "wrong_status", "id"),
    ("unapplyCredit", {"id": "$ended"}, "wrong_status", "id"),
    (
        "createPayment",
        PAYMENT | {"applications": [{"documentId": "$draft"}]},
        "wrong_status",
        "applications[0].documentId",
    ),
    (
        "refundCredit",
        {"creditId": "$draft credit", "amount": "1", "paymentDate": "2026-01-20"},
        "wrong_status",
        "creditId",
    ),
    ("cancelInvoice", {"id": "$part paid"}, "applied", "id"),
    ("updateInvoice", {"id": "$draft", "version": 9}, "version_conflict", "version"),
    ("deleteBill", {"id": "$draft bill", "version": 9}, "version_conflict", "version"),
    ("updateInvoice", {"id": "$draft", "externalId": "other"}, "frozen", "externalId"),
    ("createInvoice", INVOICE | {"externalId": "own"}, "duplicate", "externalId"),
    ("createBill", BILL | {"externalId": "own"}, "duplicate", "externalId"),
    ("createCreditNote", CREDIT | {"externalId": "own"}, "duplicate", "externalId"),
    ("createPayment", PAYMENT | {"externalId": "own"}, "duplicate", "externalId"),
    ("createBill", BILL | {"billNumber": "7"}, "duplicate", "billNumber"),
]
UNKNOWN = [
    ("sendInvoice", {"id": "$never inv"}, "not_found", "id"),
    ("updateInvoice", {"id": "$received", "notes": "x"}, "not_found", "id"),
    ("receiveBill", {"id": "$sent"}, "not_found", "id"),
    ("issueCreditNote", {"id": "$never crn"}, "not_found", "id"),
    ("voidPayment", {"id": "$never pay"}, "not_found", "id"),
    ("unapplyCredit", {"id": "$never app"}, "not_found", "id"),
    ("recordInvoicePayment", PAY | {"invoiceId": "$never inv"}, "not_found", "invoiceId"),
    ("recordBillPayment", PAY_BILL | {"billId": "$never bil"}, "not_found", "billId"),
    ("createInvoice", INVOICE | {"contactId": "$never con"}, "unknown_reference", "contactId"),
    ("createInvoice", INVOICE | {"categoryId": "$never cat"}, "unknown_reference", "categoryId"),
    ("updateBill", {"id": "$draft bill", "contactId": "nobody"}, "unknown_reference", "contactId"),
    ("createPayment", PAYMENT | {"contactId": "$never con"}, "unknown_reference", "contactId"),
    ("createPayment", PAYMENT | {"accountId": "$never act"}, "unknown_reference", "accountId"),
    ("createPayment", PAYMENT | {"categoryId": "$never cat"}, "unknown_reference", "categoryId"),
    (
        "createPayment",
        PAYMENT | {"applications": [{"documentId": "$never inv"}]},
        "unknown_reference",
        "applications[0].documentId",
    ),
    (
        "recordInvoicePayment",
        PAY | {"deductions": [{"accountId": "$never act", "amount": "1.00"}]},
        "unknown_reference",
        "deductions[0].accountId",
    ),
    (
        "applyCredit",
        {"creditId": "$never crn", "documentId": "$sent"},
        "unknown_reference",
        "creditId",
    ),
    (
        "applyCredit",
        {"creditId": "$credit", "documentId": "$never inv"},
        "unknown_reference",
        "documentId",
    ),
    *(
        (
            "createInvoice",
            INVOICE | {"items": [line("1.00"), line("1.00", **{name: f"$never {prefix}"})]},
            "unknown_reference",
            f"items[1].{name}",
        )
        for name, prefix in (
            ("itemId", "itm"),
            ("taxRateId", "tax"),
            ("accountId", "act"),
            ("categoryId", "cat"),
        )
    ),
]
INACTIVE = [
    ("createInvoice", INVOICE | {"contactId": "$idle"}, "inactive", "contactId"),
    ("createBill", BILL | {"contactId": "$idle"}, "inactive", "contactId"),
    ("createCreditNote", CREDIT | {"contactId": "$idle"}, "inactive", "contactId"),
    ("sendInvoice", {"id": "$idle's draft", "deliver": False}, "inactive", "contactId"),
    ("sendInvoice", {"id": "$idle account's draft", "deliver": False}, "account_inactive", None),
    ("createPayment", PAYMENT | {"accountId": "$6000"}, "account_inactive", "accountId"),
    (
        "recordInvoicePayment",
        PAY | {"deductions": [{"accountId": "$6000", "amount": "1.00"}]},
        "account_inactive",
        "deductions[0].accountId",
    ),
    *(
        (
            "createInvoice",
            INVOICE | {"items": [line("1.00", **{name: key})]},
            "account_inactive" if name == "accountId" else "inactive",
            f"items[0].{name}",
        )
        for name, key in (
            ("itemId", "$idle item"),
            ("taxRateId", "$idle tax"),
            ("accountId", "$6000"),
        )
    ),
]


async def test_what_is_in_no_state_for_it_or_not_there_or_not_in_use_is_refused(house, books):
    await all_refused_by(house, books, WRONG_STATUS + UNKNOWN + INACTIVE)
