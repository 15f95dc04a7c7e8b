"""What status a document is shown with: the first that holds."""

from dataclasses import replace

import pytest
from books import NOW
from desk import Desk
from documented import BILL, CREDIT_NOTE, INVOICE, VENDOR_CREDIT, R, day

from ledger.contacts import Term
from ledger.lifecycle import DocumentStatus, status_of

S = DocumentStatus
BEFORE, ON, AFTER = "2025-03-30", "2025-03-31", "2025-04-01"
"""The day on which it is due, thirty days after the first of March, and those beside it."""


def shown(kind, on=BEFORE, settled=None, viewed=False):
    """The status on a day of a document of 100.00, of which so much is settled."""
    desk = Desk()
    document = desk.issue(kind, "4000 100.00")
    if settled is not None:
        payment = desk.pay(settled, side=kind.side, refund=kind.is_credit)
        desk.apply(*((document, payment) if kind.is_credit else (payment, document)))
    viewed_at = NOW if viewed else None
    return status_of(replace(document, item=desk.items[document.id], viewed_at=viewed_at), day(on))


@pytest.mark.parametrize(
    ("kind", "what", "status"),
    [
        (INVOICE, {}, S.SENT),
        (INVOICE, {"viewed": True}, S.VIEWED),
        (INVOICE, {"settled": "0.01"}, S.PARTIAL),
        (INVOICE, {"settled": "99.99", "viewed": True}, S.PARTIAL),
        (INVOICE, {"on": ON}, S.SENT),
        (INVOICE, {"on": AFTER}, S.OVERDUE),
        (INVOICE, {"on": AFTER, "settled": "99.99", "viewed": True}, S.OVERDUE),
        (INVOICE, {"on": AFTER, "settled": "100.00"}, S.PAID),
        (BILL, {}, S.RECEIVED),
        (BILL, {"settled": "50.00"}, S.PARTIAL),
        (BILL, {"on": AFTER}, S.OVERDUE),
        (BILL, {"settled": "100.00"}, S.PAID),
        (CREDIT_NOTE, {}, S.ISSUED),
        (CREDIT_NOTE, {"settled": "50.00"}, S.PARTIAL),
        (CREDIT_NOTE, {"on": AFTER}, S.ISSUED),
        (CREDIT_NOTE, {"settled": "100.00"}, S.APPLIED),
        (VENDOR_CREDIT, {}, S.ISSUED),
        (VENDOR_CREDIT, {"on": AFTER, "settled": "50.00"}, S.PARTIAL),
        (VENDOR_CREDIT, {"settled": "100.00"}, S.APPLIED),
    ],
)
def test_the_first_status_that_holds_is_shown(kind, what, status):
    assert shown(kind, **what) is status


@pytest.mark.parametrize("kind", [INVOICE, BILL, CREDIT_NOTE, VENDOR_CREDIT])
def test_a_draft_is_a_draft_and_what_was_cancelled_is_cancelled_whatever_the_day(kind):
    desk = Desk()
    assert status_of(desk.draw(kind, "4000 1.00"), day(AFTER)) is S.DRAFT
    assert status_of(desk.cancel(desk.issue(kind, "4000 1.00")), day(AFTER)) is S.CANCELLED


def test_what_comes_to_nothing_is_settled_at_once():
    desk = Desk()
    assert status_of(desk.issue(INVOICE, "4000 0.00"), day(AFTER)) is S.PAID
    assert status_of(desk.issue(CREDIT_NOTE, "4000 0.00"), day(AFTER)) is S.APPLIED


def test_an_instalment_that_is_paid_in_time_is_not_overdue():
    desk = Desk()
    terms = [Term(30, 30), Term(50, 60), Term(20, 90)]
    invoice = desk.issue(INVOICE, "4000 100.00", terms=terms)
    desk.apply(desk.pay("40.00", side=R), invoice)
    paid = replace(invoice, item=desk.items[invoice.id])
    assert status_of(paid, day("2025-04-30")) is S.PARTIAL
    assert status_of(paid, day("2025-05-01")) is S.OVERDUE
