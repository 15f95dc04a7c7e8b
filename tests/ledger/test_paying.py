"""Payments as facts: which account, what is open of them, what is refused, how they are voided."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from books import LATER, NOW, USD_BOOKS, account, refusal
from desk import Desk
from documented import CHART, CUSTOMER, INVOICE, VENDOR, P, R, day, opened, table

from ledger.accounts import AccountStatus, Subtype
from ledger.errors import Reason
from ledger.open_items import OpenItem
from ledger.paying import MOST_DEDUCTIONS, paying_account, settles, settling_direction
from ledger.payments import Deduction, Direction, Payment

RECEIVED, PAID = Direction
EURO = {"currency": "EUR", "exchange_rate": "1.10"}
CLOSED = replace(USD_BOOKS, books_closed_through=date(2025, 2, 28))


def inactive(*codes, chart=CHART):
    """The chart with some of its accounts out of use."""
    found = [chart.by_code[code] for code in codes]
    return chart.having([replace(each, status=AccountStatus.INACTIVE) for each in found])


# What a payment is


@pytest.mark.parametrize(
    ("side", "refund", "direction", "sign"),
    [(R, False, RECEIVED, -1), (R, True, PAID, 1), (P, False, PAID, -1), (P, True, RECEIVED, 1)],
)
def test_what_settles_is_open_below_zero_and_a_refund_above(side, refund, direction, sign):
    desk = Desk()
    given = EURO | {"deductions": ["5900 5.00"], "on": "2025-02-03"}
    payment = desk.pay("95.00", side=side, refund=refund, **given)
    contact_id = CUSTOMER.id if side is R else VENDOR.id
    assert (payment.side, payment.direction, payment.contact_id) == (side, direction, contact_id)
    assert settles(side, direction) is not refund
    assert (settling_direction(side) is direction) is not refund
    assert payment.item == desk.items[payment.id]
    assert payment.item == OpenItem(
        "org_1",
        payment.id,
        side,
        contact_id,
        day("2025-02-03"),
        day("2025-02-03"),
        "EUR",
        amount=sign * 100_00,
        base_amount=sign * 110_00,
        open_amount=sign * 100_00,
        open_base=sign * 110_00,
        created_at=NOW,
        touched_on=day("2025-02-03"),
    )


def test_a_payment_says_what_its_caller_said():
    desk = Desk()
    payment = desk.pay(
        "95.00",
        **EURO,
        on="2025-02-03",
        deductions=["5900 5.00"],
        method="wire",
        reference="17",
        notes="Cafe\u0301",
        external_id="bank-1",
        metadata={"till": 7},
    )
    assert payment == Payment(
        "org_1",
        "pay_0001",
        R,
        RECEIVED,
        "con_a",
        day("2025-02-03"),
        "EUR",
        95_00,
        104_50,
        "act_1010",
        "txn_0001",
        desk.items["pay_0001"],
        NOW,
        NOW,
        exchange_rate=Decimal("1.10"),
        deductions=(Deduction("act_5900", 5_00),),
        method="wire",
        reference="17",
        notes="Caf\u00e9",
        external_id="bank-1",
        metadata={"till": 7},
    )


def test_without_a_currency_it_is_the_contacts_else_the_organizations():
    desk = Desk()
    european = replace(CUSTOMER, currency="EUR")
    assert desk.pay("5.00", currency="").currency == "USD"
    assert desk.pay("5.00", currency="", contact=european, exchange_rate="1.1").currency == "EUR"
    assert desk.pay("5.00", currency="USD", contact=european).currency == "USD"


def test_a_contact_that_is_not_active_may_still_pay():
    payment = Desk().pay("5.00", contact=replace(CUSTOMER, is_active=False))
    assert payment.contact_id == CUSTOMER.id


# Which account


def test_the_money_goes_to_the_account_that_is_named():
    assert paying_account(USD_BOOKS, CHART, "act_2100").code == "2100"


def test_else_it_goes_to_the_organizations_payment_account():
    settled = replace(USD_BOOKS.documents, payment_account_id="act_1020")
    assert paying_account(replace(USD_BOOKS, documents=settled), CHART, None).code == "1020"


@pytest.mark.parametrize(
    ("out_of_use", "code"),
    [
        ((), "1010"),
        (("1010",), "1020"),
        (("1010", "1020"), "1000"),
    ],
)
def test_else_it_goes_to_the_first_active_bank_account_by_code_else_to_cash(out_of_use, code):
    chart = inactive(*out_of_use, "1030").having(
        [account("0999", subtype=Subtype.BANK, status=AccountStatus.INACTIVE)]
    )
    assert paying_account(USD_BOOKS, chart, None).code == code


def test_without_any_the_account_has_to_be_named():
    refused = refusal(
        Reason.INVALID_VALUE, paying_account, USD_BOOKS, inactive("1000", "1010", "1020"), None
    )
    assert refused.field == "accountId"


# What is refused


def paid(**what: object):
    given = {"desk": Desk(), "amount": "100.00"} | what
    return given.pop("desk").pay(given.pop("amount"), **given)


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"amount": "0.00"}, Reason.INVALID_AMOUNT, "amount"),
        ({"amount": "-1"}, Reason.INVALID_AMOUNT, "amount"),
        ({"amount": "1.001"}, Reason.INVALID_AMOUNT, "amount"),
        ({"amount": "10000000000000.01"}, Reason.INVALID_AMOUNT, "amount"),
        ({"currency": "EURO"}, Reason.INVALID_VALUE, "currency"),
        ({"currency": "EUR"}, Reason.MISSING_RATE, "exchangeRate"),
        (EURO | {"exchange_rate": "0"}, Reason.INVALID_AMOUNT, "exchangeRate"),
        ({"exchange_rate": "1.10"}, Reason.INVALID_VALUE, "exchangeRate"),
        (
            EURO | {"amount": "10000000000000", "exchange_rate": "1.1"},
            Reason.INVALID_AMOUNT,
            "exchangeRate",
        ),
        ({"on": "1899-12-31"}, Reason.INVALID_DATE, "date"),
        ({"desk": Desk(CLOSED), "on": "2025-02-28"}, Reason.PERIOD_LOCKED, "date"),
        ({"account_id": "act_9999"}, Reason.UNKNOWN_REFERENCE, "accountId"),
        ({"account_id": "act_1100"}, Reason.INVALID_VALUE, "accountId"),
        ({"account_id": "act_2000"}, Reason.INVALID_VALUE, "accountId"),
        (
            {"desk": Desk(chart=inactive("1010")), "account_id": "act_1010"},
            Reason.ACCOUNT_INACTIVE,
            "accountId",
        ),
        (
            {"deductions": ["9999 1.00"]},
            Reason.UNKNOWN_REFERENCE,
            "deductions[0].accountId",
        ),
        (
            {"deductions": ["5900 1.00", "1100 1.00"]},
            Reason.INVALID_VALUE,
            "deductions[1].accountId",
        ),
        (
            {"desk": Desk(chart=inactive("5900")), "deductions": ["5900 1.00"]},
            Reason.ACCOUNT_INACTIVE,
            "deductions[0].accountId",
        ),
        ({"deductions": ["5900 0"]}, Reason.INVALID_AMOUNT, "deductions[0].amount"),
        (
            {"deductions": ["5900 1.00"] * (MOST_DEDUCTIONS + 1)},
            Reason.TOO_MANY_ITEMS,
            "deductions",
        ),
        (
            {"deductions": ["5900 10000000000000.00"]},
            Reason.INVALID_AMOUNT,
            "deductions",
        ),
        ({"method": "x" * 101}, Reason.INVALID_TEXT, "paymentMethod"),
        ({"reference": "x" * 101}, Reason.INVALID_TEXT, "reference"),
        ({"notes": "x" * 1001}, Reason.INVALID_TEXT, "notes"),
        ({"external_id": "x" * 201}, Reason.INVALID_TEXT, "externalId"),
    ],
)
def test_what_cannot_be_recorded_is_refused(what, reason, field):
    desk = what.get("desk", Desk())
    before = replace(desk, items={}, payments={}, transactions={})
    assert refusal(reason, paid, **what).field == field
    assert desk == before


def test_as_many_deductions_as_there_may_be_are_recorded():
    assert len(paid(deductions=["5900 1.00"] * MOST_DEDUCTIONS).deductions) == MOST_DEDUCTIONS


def test_a_rate_of_one_says_no_more_than_none():
    assert paid(exchange_rate="1.0").exchange_rate is None


# Voiding


def test_voiding_turns_the_payment_round_and_leaves_nothing_open():
    desk = Desk()
    payment = desk.pay("97.50", deductions=["4200 2.50"], on="2025-03-01")
    voided = desk.void(payment, "2025-03-05", "Bounced")
    assert desk.undone(payment) == table("""
        1010 |        | 97.50
        4200 |        |  2.50
        1100 | 100.00 |
    """)
    assert (voided.voided_on, voided.void_reason) == (day("2025-03-05"), "Bounced")
    assert desk.transactions[voided.voiding_transaction_id].date == day("2025-03-05")
    assert (voided.version, voided.updated_at) == (2, NOW)
    assert (opened(voided.item), voided.item.ended_on) == ((0, 0), day("2025-03-05"))
    assert voided.item.amount == -100_00


@pytest.mark.parametrize(
    ("paid_on", "voided_on"),
    [("2025-03-01", "2025-07-02"), ("2025-09-01", "2025-09-01")],
)
def test_without_a_day_it_is_voided_today_or_when_it_was_paid_if_that_is_later(paid_on, voided_on):
    desk = Desk()
    payment = desk.pay("5.00", on=paid_on)
    desk.moment = LATER
    voided = desk.void(payment)
    assert (voided.voided_on, voided.updated_at) == (day(voided_on), LATER)
    assert voided.void_reason is None


def test_a_payment_that_is_applied_is_not_voided():
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 30.00"), desk.pay("100.00")
    desk.apply(payment, invoice)
    refused = refusal(Reason.APPLIED, desk.void, payment)
    assert (refused.field, refused.details["applied"]) == ("id", "30.00")
    assert refused.message == "30.00 USD of it are settled."


def test_a_payment_is_voided_once():
    desk = Desk()
    payment = desk.pay("5.00")
    desk.void(payment)
    assert refusal(Reason.WRONG_STATUS, desk.void, payment).field == "id"


def test_a_payment_is_not_voided_before_it_was_made_nor_before_it_was_freed():
    desk = Desk()
    invoice, payment = desk.issue(INVOICE, "4000 30.00"), desk.pay("100.00", on="2025-03-01")
    refused = refusal(Reason.INVALID_DATE, desk.void, payment, "2025-02-28")
    assert (refused.field, refused.details["earliest"]) == ("date", "2025-03-01")
    desk.take_back(desk.apply(payment, invoice, on="2025-03-10"), "2025-04-02")
    refused = refusal(Reason.INVALID_DATE, desk.void, payment, "2025-04-01")
    assert refused.details["earliest"] == "2025-04-02"
    assert desk.void(payment, "2025-04-02").voided_on == day("2025-04-02")


def test_a_payment_is_not_voided_in_a_closed_period_nor_on_an_account_out_of_use():
    desk = Desk()
    payment = desk.pay("100.00", on="2025-02-01")
    desk.organization = CLOSED
    assert refusal(Reason.PERIOD_LOCKED, desk.void, payment, "2025-02-28").field == "date"
    desk.chart = inactive("1010")
    assert refusal(Reason.ACCOUNT_INACTIVE, desk.void, payment, "2025-03-01")
    assert desk.payments[payment.id].voided_on is None


def test_a_reason_is_a_text_like_any_other():
    desk = Desk()
    refused = refusal(Reason.INVALID_TEXT, desk.void, desk.pay("5.00"), None, "x" * 1001)
    assert refused.field == "reason"
