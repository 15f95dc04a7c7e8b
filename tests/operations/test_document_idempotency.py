"""Each mutation of documents and payments: tried without a trace, and done once under its key."""

from __future__ import annotations

import pytest
from documenting import customer, do, document_of, line
from entering import contents, without
from house import running
from living import filled
from refusing import BILL, CREDIT, INVOICE, PAY, PAY_BILL, PAYMENT, full_desk

from schema.operation import OPERATIONS

OPENING = {"contactId": "$ann", "amount": "12.00"}
CASES = {
    "createInvoice": INVOICE | {"send": True, "metadata": {"a": 1}},
    "updateInvoice": {"id": "$draft", "notes": "Thanks", "items": [line("7.00")]},
    "sendInvoice": {"id": "$draft", "deliver": False},
    "deleteInvoice": {"id": "$euro draft"},
    "recordInvoicePayment": PAY,
    "cancelInvoice": {"id": "$paid later", "reason": "Wrong", "cancelledOn": "2026-02-01"},
    "createOpeningInvoice": OPENING | {"invoiceNumber": "O-1", "invoiceDate": "2025-12-01"},
    "createBill": BILL | {"receive": True, "billNumber": "8"},
    "updateBill": {"id": "$draft bill", "billNumber": "9"},
    "receiveBill": {"id": "$draft bill"},
    "recordBillPayment": PAY_BILL,
    "cancelBill": {"id": "$draft bill", "cancelledOn": "2026-02-01"},
    "deleteBill": {"id": "$spare bill"},
    "createOpeningBill": OPENING | {"billNumber": "O-1", "billDate": "2025-12-01"},
    "createCreditNote": CREDIT | {"issue": True, "documentId": "$sent"},
    "updateCreditNote": {"id": "$draft credit", "items": [line("3.00")]},
    "issueCreditNote": {"id": "$draft credit"},
    "cancelCreditNote": {"id": "$draft credit", "cancelledOn": "2026-02-01"},
    "deleteCreditNote": {"id": "$spare credit"},
    "createPayment": PAYMENT | {"applications": [{"documentId": "$sent", "amount": "5.00"}]},
    "applyCredit": {"creditId": "$credit", "documentId": "$sent", "amount": "4.00"},
    "refundCredit": {"creditId": "$credit", "amount": "2.00", "paymentDate": "2026-01-20"},
    "unapplyCredit": {"id": "$in force", "date": "2026-02-01"},
    "voidPayment": {"id": "$payment", "reason": "Bounced", "voidedOn": "2026-02-01"},
}
"""They are done in this order, each after the ones before it."""

ELSEWHERE = {"deliverInvoice"}
"""Mutations of documents that are mails, and tried where mails are."""

NEW = ("id", "transactionId", "toId", "fromId", "createdAt", "updatedAt", "issuedAt")
"""What a dry run cannot foretell, in what is made anew."""


@pytest.fixture
async def desk(books):
    """The ids of things in every state, with some to spare."""
    ids = await full_desk(books)
    for name, kind, given in (
        ("paid later", "createInvoice", INVOICE | {"send": True}),
        ("spare bill", "createBill", BILL),
        ("spare credit", "createCreditNote", CREDIT),
    ):
        ids[name] = (await do(books, kind, **filled(given, ids)))["id"]
    return ids


def test_every_mutation_of_documents_and_payments_is_tried_here():
    nouns = ("Invoice", "Bill", "CreditNote", "Payment", "Credit")
    found = {
        name
        for name, each in OPERATIONS.items()
        if each.kind == "mutation" and name.endswith(nouns)
    }
    assert found == CASES.keys() | ELSEWHERE


async def test_what_is_tried_answers_like_what_is_done_and_what_is_done_is_done_once(
    house, books, desk
):
    before = await contents(house)
    for name, case in CASES.items():
        given = filled(case, desk)
        foretold = await do(books, name, **given, dryRun=True)
        tried = await do(books, name, **given, dryRun=True, idempotencyKey=name)
        assert await contents(house) == before, name
        keyed = {**given, "idempotencyKey": name}
        first = await books.post(document_of(name, keyed), keyed)
        after = await contents(house)
        assert after != before, name
        again = await books.post(document_of(name, keyed), keyed)
        assert await contents(house) == after, name
        assert again.json()["data"] == first.json()["data"], name
        assert again.json()["extensions"]["idempotentReplay"] is True
        before, done = after, first.json()["data"][name]
        assert without(foretold, *NEW) == without(tried, *NEW) == without(done, *NEW), name


async def test_a_key_is_for_one_request(books, desk):
    given = filled(PAY, desk) | {"idempotencyKey": "k"}
    await do(books, "recordInvoicePayment", **given)
    other = given | {"amount": "11.00"}
    refusal = await books.refusal(document_of("recordInvoicePayment", other), **other)
    assert refusal.reason == "idempotency_mismatch"
    of_bill = filled(PAY_BILL, desk) | {"idempotencyKey": "k"}
    refusal = await books.refusal(document_of("recordBillPayment", of_bill), **of_bill)
    assert refusal.reason == "idempotency_mismatch"


async def test_a_refusal_is_not_remembered(books, desk):
    given = filled(PAY, desk) | {"amount": "200.00", "idempotencyKey": "k"}
    refusal = await books.refusal(document_of("recordInvoicePayment", given), **given)
    assert refusal.reason == "overpayment"
    await do(books, "createCreditNote", **filled(CREDIT, desk), issue=True)
    paid = await do(books, "recordInvoicePayment", **given | {"amount": "100.00"})
    assert paid["amountLeft"] == "0.00"


async def test_a_sending_that_is_tried_or_repeated_mails_nothing_more(databases, engine, tmp_path):
    mails = tmp_path / "mails"

    def posted():
        return len(list(mails.glob("**/*.eml")))

    async with running(await databases.new(engine), mailer=str(mails)) as house:
        books = await house.organization()
        contact = await customer(books, email="ann@example.com")
        draft = await do(books, "createInvoice", **filled(INVOICE, {"ann": contact}))
        tried = await do(books, "sendInvoice", id=draft["id"], dryRun=True)
        assert (tried["status"] != "DRAFT", tried["deliveredAt"], posted()) == (True, None, 0)
        given = {"id": draft["id"], "idempotencyKey": "k"}
        sent = [await do(books, "sendInvoice", **given) for _ in range(2)]
        assert sent[0]["deliveredAt"] == sent[1]["deliveredAt"] is not None
        assert posted() == 1
        given = {"id": draft["id"]}
        await do(books, "deliverInvoice", **given, dryRun=True)
        assert posted() == 1
        for _ in range(2):
            await do(books, "deliverInvoice", **given, idempotencyKey="again")
        assert posted() == 2
