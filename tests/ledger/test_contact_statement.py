"""What moved between a contact and us in a period, and what was open before and after."""

from dataclasses import replace
from datetime import timedelta

import pytest
from books import LATER
from subledger import P, R, applied, day, ended, item, labels

from ledger.contact_statement import (
    CurrencyBalance,
    Label,
    Movement,
    MovementKind,
    contact_statement,
)

K = MovementKind


def statement(begin, end, items, applications=(), side=R, contact="con_a"):
    days = day(begin), day(end)
    return contact_statement(side, contact, items, applications, labels(items), *days)


def shown(found):
    """Each movement: date, kind, number, amount in its currency and in base, balance in base."""
    return [
        (
            each.date.isoformat(),
            ("-" if each.is_reversal else "") + each.kind,
            each.number,
            each.amount / 100,
            each.currency,
            each.base_amount / 100,
            each.balance / 100,
        )
        for each in found.movements
    ]


def balances(found):
    return (found.opening / 100, found.closing / 100)


def currencies(found):
    return [
        (each.currency, each.opening / 100, each.closing / 100, each.closing_base / 100)
        for each in found.currencies
    ]


# A customer's quarter in the base currency


INVOICE = item("inv_1", "2025-01-05", "1000.00")
PAYMENT = item("pay_1", "2025-01-20", "-600.00")
CREDIT = item("crn_1", "2025-02-03", "-150.00")
SECOND = item("inv_2", "2025-02-10", "300.00")
ENTRY = item("jnl_1", "2025-02-28", "25.00")
REFUND = item("ref_1", "2025-03-31", "50.00")
QUARTER = [REFUND, ENTRY, SECOND, CREDIT, PAYMENT, INVOICE]
APPLIED = [applied(PAYMENT, INVOICE, "2025-01-20", "600.00")]


def test_a_statement_has_what_moved_in_order_of_date_and_the_balance_after_each():
    found = statement("2025-01-01", "2025-03-31", QUARTER, APPLIED)
    assert shown(found) == [
        ("2025-01-05", "invoice", "INV_1", 1000, "INR", 1000, 1000),
        ("2025-01-20", "payment", "PAY_1", -600, "INR", -600, 400),
        ("2025-02-03", "credit_note", "CRN_1", -150, "INR", -150, 250),
        ("2025-02-10", "invoice", "INV_2", 300, "INR", 300, 550),
        ("2025-02-28", "entry", "JNL_1", 25, "INR", 25, 575),
        ("2025-03-31", "refund", "REF_1", 50, "INR", 50, 625),
    ]
    assert balances(found) == (0, 625)
    assert currencies(found) == [("INR", 0, 625, 625)]
    assert (found.side, found.contact_id) == (R, "con_a")
    assert (found.begin, found.end) == (day("2025-01-01"), day("2025-03-31"))


@pytest.mark.parametrize(
    ("begin", "end", "opening", "numbers", "closing"),
    [
        ("2024-01-01", "2024-12-31", 0, [], 0),
        ("2025-01-05", "2025-01-05", 0, ["INV_1"], 1000),
        ("2025-01-06", "2025-01-19", 1000, [], 1000),
        ("2025-01-20", "2025-02-03", 1000, ["PAY_1", "CRN_1"], 250),
        ("2025-02-04", "2025-03-30", 250, ["INV_2", "JNL_1"], 575),
        ("2025-04-01", "2025-04-30", 625, [], 625),
    ],
)
def test_a_period_begins_with_what_was_open_the_day_before(begin, end, opening, numbers, closing):
    found = statement(begin, end, QUARTER, APPLIED)
    assert [each.number for each in found.movements] == numbers
    assert balances(found) == (opening, closing)


def test_an_invoice_cancelled_later_is_on_the_statement_twice():
    items = [INVOICE, ended(SECOND, "2025-03-03")]
    february = statement("2025-02-01", "2025-02-28", items)
    march = statement("2025-03-01", "2025-03-31", items)
    assert shown(february) == [("2025-02-10", "invoice", "INV_2", 300, "INR", 300, 1300)]
    assert shown(march) == [("2025-03-03", "-invoice", "INV_2", -300, "INR", -300, 1000)]
    assert (balances(february), balances(march)) == ((1000, 1300), (1300, 1000))


def test_a_voided_payment_is_open_no_more_and_so_is_what_it_paid_again():
    items = [INVOICE, ended(PAYMENT, "2025-02-01")]
    found = statement("2025-01-01", "2025-02-28", items, [ended(APPLIED[0], "2025-02-01")])
    assert shown(found)[-1] == ("2025-02-01", "-payment", "PAY_1", 600, "INR", 600, 1000)
    assert balances(found) == (0, 1000)


# Other currencies


USD_INVOICE = item("inv_1", "2025-01-10", "100.00", "8000.00")
USD_PAYMENT = item("pay_1", "2025-02-10", "-100.00", "-8500.00")
USD_PAID = applied(USD_PAYMENT, USD_INVOICE, "2025-02-20", "100.00", "8500.00", "8000.00", id="a")


def test_what_was_gained_by_the_exchange_is_a_movement_on_the_day_of_the_application():
    found = statement("2025-01-01", "2025-02-28", [USD_INVOICE, USD_PAYMENT], [USD_PAID])
    assert shown(found) == [
        ("2025-01-10", "invoice", "INV_1", 100, "USD", 8000, 8000),
        ("2025-02-10", "payment", "PAY_1", -100, "USD", -8500, -500),
        ("2025-02-20", "exchange_difference", "INV_1", 0, "USD", 500, 0),
    ]
    assert found.movements[2] == Movement(
        day("2025-02-20"),
        K.EXCHANGE_DIFFERENCE,
        item_id="inv_1",
        number="INV_1",
        description=None,
        currency="USD",
        amount=0,
        base_amount=500_00,
        balance=0,
        application_id="a",
    )
    assert balances(found) == (0, 0)
    assert currencies(found) == [("USD", 0, 0, 0)]


@pytest.mark.parametrize(
    ("on", "usd", "base"),
    [
        ("2025-01-09", [], 0),
        ("2025-01-10", [("USD", 0, 100, 8000)], 8000),
        ("2025-02-09", [("USD", 0, 100, 8000)], 8000),
        ("2025-02-10", [("USD", 0, 0, -500)], -500),
        ("2025-02-19", [("USD", 0, 0, -500)], -500),
        ("2025-02-20", [("USD", 0, 0, 0)], 0),
    ],
)
def test_a_foreign_invoice_stands_at_what_it_was_posted_at_before_between_and_after(on, usd, base):
    items = [USD_INVOICE, USD_PAYMENT]
    until = statement("2025-01-01", on, items, [USD_PAID])
    since = statement((day(on) + timedelta(1)).isoformat(), "2025-12-31", items, [USD_PAID])
    assert (balances(until), currencies(until)) == ((0, base), usd)
    assert balances(since) == (base, 0)


def test_an_application_taken_back_takes_its_exchange_difference_back():
    undone = ended(USD_PAID, "2025-03-05")
    found = statement("2025-02-20", "2025-03-31", [USD_INVOICE, USD_PAYMENT], [undone])
    assert shown(found) == [
        ("2025-02-20", "exchange_difference", "INV_1", 0, "USD", 500, 0),
        ("2025-03-05", "-exchange_difference", "INV_1", 0, "USD", -500, -500),
    ]
    assert balances(found) == (-500, -500)
    assert [each.application_id for each in found.movements] == ["a", "a"]


def test_a_vendor_paid_at_a_higher_rate_is_owed_less_than_nothing_until_the_loss_is_posted():
    bill = item("bil_1", "2025-01-10", "100.00", "8000.00", side=P)
    payment = item("pay_1", "2025-02-10", "-60.00", "-5100.00", side=P)
    paid = applied(payment, bill, "2025-02-10", "60.00", "5100.00", "4800.00")
    found = statement("2025-01-01", "2025-02-28", [bill, payment], [paid], side=P)
    assert shown(found) == [
        ("2025-01-10", "bill", "BIL_1", 100, "USD", 8000, 8000),
        ("2025-02-10", "payment", "PAY_1", -60, "USD", -5100, 2900),
        ("2025-02-10", "exchange_difference", "BIL_1", 0, "USD", 300, 3200),
    ]
    assert currencies(found) == [("USD", 0, 40, 3200)]


def test_each_currency_has_a_balance_of_its_own():
    items = [USD_INVOICE, INVOICE, item("inv_3", "2025-01-12", "10.00", "900.00", currency="EUR")]
    items = [replace(each, id=f"inv_{number}") for number, each in enumerate(items)]
    paid = item("pay_1", "2025-01-13", "-10.00", "-900.00", currency="EUR")
    settled = applied(paid, items[2], "2025-01-13", "10.00", "900.00", "900.00")
    january = statement("2025-01-06", "2025-01-31", [*items, paid], [settled])
    assert january.currencies == (
        CurrencyBalance("EUR", 0, 0, 0, 0),
        CurrencyBalance("INR", 1000_00, 1000_00, 1000_00, 1000_00),
        CurrencyBalance("USD", 0, 0, 100_00, 8000_00),
    )
    february = statement("2025-02-01", "2025-02-28", [*items, paid], [settled])
    assert [each.currency for each in february.currencies] == ["INR", "USD"]


# Whose, and in which order


def test_what_is_of_others_or_of_the_other_side_is_left_out():
    bill = item("bil_1", "2025-01-05", "70.00", side=P)
    others = item("inv_9", "2025-01-05", "80.00", contact="con_b")
    items = [INVOICE, bill, others]
    assert balances(statement("2025-01-01", "2025-01-31", items)) == (0, 1000)
    assert balances(statement("2025-01-01", "2025-01-31", items, side=P)) == (0, 70)
    assert balances(statement("2025-01-01", "2025-01-31", items, contact="con_b")) == (0, 80)
    assert balances(statement("2025-01-01", "2025-01-31", items, contact="con_c")) == (0, 0)


def test_on_one_day_what_was_posted_comes_before_what_became_of_it():
    invoice = item("inv_1", "2025-02-10", "100.00", "8000.00", created_at=LATER)
    payment = item("pay_1", "2025-02-10", "-100.00", "-8500.00")
    paid = applied(payment, invoice, "2025-02-10", "100.00", "8500.00", "8000.00")
    paid = replace(paid, created_at=LATER)
    items = [ended(invoice, "2025-02-10"), ended(payment, "2025-02-10")]
    found = statement("2025-02-10", "2025-02-10", items, [ended(paid, "2025-02-10")])
    assert shown(found) == [
        ("2025-02-10", "payment", "PAY_1", -100, "USD", -8500, -8500),
        ("2025-02-10", "invoice", "INV_1", 100, "USD", 8000, -500),
        ("2025-02-10", "exchange_difference", "INV_1", 0, "USD", 500, 0),
        ("2025-02-10", "-exchange_difference", "INV_1", 0, "USD", -500, -500),
        ("2025-02-10", "-payment", "PAY_1", 100, "USD", 8500, 8000),
        ("2025-02-10", "-invoice", "INV_1", -100, "USD", -8000, 0),
    ]


def test_an_exchange_difference_taken_back_comes_before_the_one_that_takes_its_place():
    wrong = replace(USD_PAID, id="b", to_base=7900_00)
    again = replace(USD_PAID, date=day("2025-03-05"), created_at=LATER)
    applications = [again, ended(wrong, "2025-03-05")]
    found = statement("2025-03-05", "2025-03-05", [USD_INVOICE, USD_PAYMENT], applications)
    assert [each.base_amount for each in found.movements] == [-600_00, 500_00]


def test_a_movement_says_what_its_item_is_called():
    label = Label(K.INVOICE, "INV-2025-0007", "Boat hire in May")
    days = day("2025-01-01"), day("2025-01-31")
    found = contact_statement(R, "con_a", [INVOICE], [], {"inv_1": label}, *days)
    assert [(each.number, each.description) for each in found.movements] == [
        ("INV-2025-0007", "Boat hire in May")
    ]
