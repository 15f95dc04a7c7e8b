"""Cancelling documents: what is turned round, on which day, and what is refused."""

from dataclasses import replace
from datetime import date

import pytest
from books import LATER, USD_BOOKS, refusal
from desk import Desk
from documented import BILL, CREDIT_NOTE, INVOICE, VENDOR_CREDIT, P, R, day, opened, table
from tying import tie_out

from ledger.documents import Phase
from ledger.errors import Reason
from ledger.issuing import cancel

CLOSED = replace(USD_BOOKS, books_closed_through=date(2025, 2, 28))


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (INVOICE, "1100 | | 119.00\n5100 | 100.00 |\n2200 | 19.00 |"),
        (BILL, "5100 | | 100.00\n2200 | | 19.00\n2000 | 119.00 |"),
        (CREDIT_NOTE, "5100 | | 100.00\n2200 | | 19.00\n1100 | 119.00 |"),
        (VENDOR_CREDIT, "2000 | | 119.00\n5100 | 100.00 |\n2200 | 19.00 |"),
    ],
)
def test_cancelling_turns_the_document_round_and_keeps_its_number(kind, rows):
    desk = Desk()
    document = desk.issue(kind, "5100 100.00 vat")
    desk.moment = LATER
    cancelled = desk.cancel(document, "2025-03-05", "Never ordered")
    assert desk.undone(document) == table(rows)
    assert cancelled == replace(
        document,
        phase=Phase.CANCELLED,
        cancelled_on=day("2025-03-05"),
        cancelling_transaction_id=cancelled.cancelling_transaction_id,
        cancel_reason="Never ordered",
        item=cancelled.item,
        updated_at=LATER,
        version=document.version + 1,
    )
    reversal = desk.transactions[cancelled.cancelling_transaction_id]
    assert (reversal.date, reversal.reversal_reason) == (day("2025-03-05"), "Never ordered")
    assert (opened(cancelled.item), cancelled.item.ended_on) == ((0, 0), day("2025-03-05"))
    tie_out(desk)


def test_what_came_to_nothing_is_cancelled_with_its_reason_and_without_a_reversal():
    desk = Desk()
    cancelled = desk.cancel(desk.issue(INVOICE, "4000 0.00"), "2025-03-05", "Test")
    assert (cancelled.phase, cancelled.cancelled_on) == (Phase.CANCELLED, day("2025-03-05"))
    assert (cancelled.cancel_reason, cancelled.cancelling_transaction_id) == ("Test", None)
    assert not desk.transactions


@pytest.mark.parametrize(
    ("on", "cancelled_on"), [("2025-03-01", "2025-07-02"), ("2025-09-01", "2025-09-01")]
)
def test_without_a_day_it_is_cancelled_today_or_on_its_own_date_if_that_is_later(on, cancelled_on):
    desk = Desk(moment=LATER)
    assert desk.cancel(desk.issue(BILL, "5100 9.00", on=on)).cancelled_on == day(cancelled_on)


@pytest.mark.parametrize("side", [R, P])
def test_nothing_is_cancelled_of_which_anything_is_settled(side):
    desk = Desk()
    kind, credit = (INVOICE, CREDIT_NOTE) if side is R else (BILL, VENDOR_CREDIT)
    document, note = desk.issue(kind, "5100 100.00"), desk.issue(credit, "5100 40.00")
    application = desk.apply(note, document)
    for each in (document, note):
        refused = refusal(Reason.APPLIED, desk.cancel, each)
        assert (refused.field, refused.details["applied"]) == ("id", "40.00")
    desk.take_back(application, "2025-03-10")
    refused = refusal(Reason.INVALID_DATE, desk.cancel, document, "2025-03-09")
    assert refused.details["earliest"] == "2025-03-10"
    assert desk.cancel(document, "2025-03-10").phase is Phase.CANCELLED
    tie_out(desk)


def test_what_is_settled_is_said_before_that_the_period_is_closed():
    desk = Desk()
    invoice = desk.issue(INVOICE, "4000 10.00", on="2025-02-01")
    desk.apply(desk.pay("5.00", on="2025-02-01"), invoice)
    desk.organization = CLOSED
    assert refusal(Reason.APPLIED, desk.cancel, invoice, "2025-02-28")


def test_nothing_is_cancelled_in_a_closed_period_nor_before_it_was_posted():
    desk = Desk()
    invoice = desk.issue(INVOICE, "4000 10.00", on="2025-02-01")
    assert refusal(Reason.INVALID_DATE, desk.cancel, invoice, "2025-01-31").field == "date"
    assert refusal(Reason.INVALID_DATE, desk.cancel, invoice, "2201-01-01").field == "date"
    desk.organization = CLOSED
    assert refusal(Reason.PERIOD_LOCKED, desk.cancel, invoice, "2025-02-28").field == "date"
    assert refusal(Reason.INVALID_TEXT, desk.cancel, invoice, None, "x" * 1001).field == "reason"
    assert desk.documents[invoice.id].phase is Phase.ISSUED


def test_only_what_was_issued_is_cancelled_and_only_once():
    desk = Desk()
    draft = desk.draw(INVOICE, "4000 10.00")
    undone = {"day": None, "reason": None, "reversal_id": "txn_9"}
    refused = refusal(Reason.WRONG_STATUS, cancel, desk.occasion, draft, None, **undone)
    assert refused.details["status"] == "draft"
    invoice = desk.issue(INVOICE, "4000 10.00")
    desk.cancel(invoice)
    assert refusal(Reason.WRONG_STATUS, desk.cancel, invoice).details["status"] == "cancelled"


def test_a_document_is_cancelled_together_with_its_transaction():
    desk = Desk()
    invoice = desk.issue(INVOICE, "4000 10.00")
    undone = {"day": None, "reason": None, "reversal_id": "txn_9"}
    with pytest.raises(ValueError, match="together with its own transaction"):
        cancel(desk.occasion, invoice, None, **undone)
