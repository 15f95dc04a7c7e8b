"""Setting credits against what is owed: on which days, against what, and how much."""

from dataclasses import replace
from datetime import date

import pytest
from books import USD_BOOKS, refusal
from desk import Desk
from documented import BILL, CREDIT_NOTE, CUSTOMER, INVOICE, day
from tying import tie_out

from ledger.errors import Reason
from ledger.settling import earliest_day, overpaid

# When


def test_an_application_is_dated_when_both_are_there_or_later():
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 9.00", on="2025-03-10"), desk.pay("9.00")
    items = desk.items[payment.id], desk.items[invoice.id]
    assert earliest_day(*items) == earliest_day(*items[::-1]) == day("2025-03-10")
    refused = refusal(Reason.INVALID_DATE, desk.apply, payment, invoice, on="2025-03-09")
    assert (refused.field, refused.details["earliest"]) == ("date", "2025-03-10")
    assert desk.apply(payment, invoice, on="2025-12-24").date == day("2025-12-24")


def test_an_application_may_be_dated_before_one_that_is_in_force():
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 9.00"), desk.pay("9.00")
    desk.apply(payment, invoice, "4.00", "2025-03-10")
    desk.apply(payment, invoice, "5.00", "2025-03-05")
    assert desk.items[invoice.id].touched_on == day("2025-03-10")
    tie_out(desk)


@pytest.mark.parametrize("again", ["payment", "invoice"])
def test_no_application_is_dated_before_an_earlier_one_of_either_item_ended(again):
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 9.00"), desk.pay("9.00")
    desk.take_back(desk.apply(payment, invoice, on="2025-03-05"), "2025-04-01")
    if again == "payment":
        invoice = desk.issue(INVOICE, "4000 9.00")
    else:
        payment = desk.pay("9.00")
    refused = refusal(Reason.INVALID_DATE, desk.apply, payment, invoice, on="2025-03-31")
    assert refused.details["earliest"] == "2025-04-01"
    assert desk.apply(payment, invoice).date == day("2025-04-01")
    tie_out(desk)


def test_nothing_is_applied_nor_taken_back_in_a_closed_period():
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 9.00"), desk.pay("9.00")
    desk.organization = replace(USD_BOOKS, books_closed_through=date(2025, 3, 31))
    assert refusal(Reason.PERIOD_LOCKED, desk.apply, payment, invoice).field == "date"
    application = desk.apply(payment, invoice, on="2025-04-01")
    desk.organization = replace(USD_BOOKS, books_closed_through=date(2025, 4, 30))
    refused = refusal(Reason.PERIOD_LOCKED, desk.take_back, application, "2025-04-30")
    assert refused.field == "date"
    assert desk.take_back(application, "2025-05-01").ended_on == day("2025-05-01")


def test_no_business_date_is_after_2200():
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 9.00"), desk.pay("9.00")
    refusal(Reason.INVALID_DATE, desk.apply, payment, invoice, on="2201-01-01")
    application = desk.apply(payment, invoice)
    refusal(Reason.INVALID_DATE, desk.take_back, application, "2201-01-01")


# What is refused


def test_only_a_credit_is_applied_and_only_to_what_is_owed():
    desk = Desk()
    invoice, other = (desk.issue(INVOICE, "4000 9.00") for _ in range(2))
    payment, refund = desk.pay("9.00"), desk.pay("9.00", refund=True)
    for source, target, cause in (
        (invoice, other, "it is no credit"),
        (refund, invoice, "it is no credit"),
        (payment, desk.pay("9.00"), "what it would be set against is a credit too"),
        (payment, desk.issue(CREDIT_NOTE, "4000 9.00"), "is a credit too"),
        (payment, desk.issue(BILL, "5100 9.00", contact=CUSTOMER), "it is receivable"),
        (
            payment,
            desk.issue(INVOICE, "4000 9.00", contact=replace(CUSTOMER, id="con_c")),
            "it belongs to another contact",
        ),
        (
            payment,
            desk.issue(INVOICE, "4000 9.00", currency="EUR", exchange_rate="1.1"),
            "it is in USD, not in EUR",
        ),
    ):
        refused = refusal(Reason.NOT_APPLICABLE, desk.apply, source, target, "1.00")
        assert cause in refused.message
        assert refused.details == {"from_id": source.id, "to_id": target.id}
    assert not desk.applications


def test_no_more_is_applied_than_is_due():
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 30.00"), desk.pay("100.00")
    refused = refusal(Reason.OVERPAYMENT, desk.apply, payment, invoice, "30.01")
    assert (refused.field, refused.details) == (
        "amount",
        {"amount_due": "30.00", "currency": "USD"},
    )
    assert refused.message == "30.01 USD are more than the 30.00 USD that are due."
    assert "allowOverpayment" in overpaid(desk.items[invoice.id], 30_01).suggestion


def test_no_more_is_applied_than_is_left_of_the_credit():
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 100.00"), desk.pay("30.00")
    refused = refusal(Reason.OVERPAYMENT, desk.apply, payment, invoice, "30.01")
    assert (refused.field, refused.details["left"]) == ("amount", "30.00")


def test_an_application_of_nothing_is_none():
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 30.00"), desk.pay("30.00")
    assert refusal(Reason.OVERPAYMENT, desk.apply, payment, invoice, "0").field == "amount"
    desk.apply(payment, invoice)
    assert refusal(Reason.OVERPAYMENT, desk.apply, payment, invoice).field == "amount"
    free = desk.issue(INVOICE, "4000 0.00")
    assert refusal(Reason.OVERPAYMENT, desk.apply, desk.pay("1.00"), free).field == "amount"


def test_nothing_is_applied_to_or_from_what_was_cancelled_or_voided():
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 30.00"), desk.pay("30.00")
    desk.void(payment)
    assert refusal(Reason.OVERPAYMENT, desk.apply, payment, invoice, "1.00")
    desk.cancel(invoice)
    assert refusal(Reason.OVERPAYMENT, desk.apply, desk.pay("1.00"), invoice, "1.00")
