"""What cannot be done to documents and payments: why, by which argument, and nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from asking import Case, all_refused
from documenting import credited, customer, do, document_of, issued, line, look, paid, received
from entering import CLOSE, SET_STATUS, pair
from living import filled

NEVER = {
    "never con": "con_0000000000000000zzzz",
    "never act": "act_0000000000000000zzzz",
    "never itm": "itm_0000000000000000zzzz",
    "never tax": "tax_0000000000000000zzzz",
    "never cat": "cat_0000000000000000zzzz",
    "never inv": "inv_0000000000000000zzzz",
    "never bil": "bil_0000000000000000zzzz",
    "never crn": "crn_0000000000000000zzzz",
    "never pay": "pay_0000000000000000zzzz",
    "never app": "app_0000000000000000zzzz",
}
INVOICE = {"contactId": "$ann", "invoiceDate": "2026-01-10", "items": [line("10.00")]}
BILL = {"contactId": "$ann", "billDate": "2026-01-10", "items": [line("10.00")]}
CREDIT = {"contactId": "$ann", "creditNoteDate": "2026-01-10", "items": [line("10.00")]}
PAYMENT = {
    "contactId": "$ann",
    "direction": "RECEIVED",
    "amount": "10.00",
    "paymentDate": "2026-01-20",
}
PAY = {"invoiceId": "$sent", "amount": "10.00", "paymentDate": "2026-01-20"}
PAY_BILL = {"billId": "$received", "amount": "10.00", "paymentDate": "2026-01-20"}

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
    ("applyCredit", {"creditId": "$draft credit", "documentId": "$sent"}, "wrong_status", "creditId"),
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
    ("cancelBill", {"id": "$received", "cancelledOn": "2199-01-01"}, None, None),
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
