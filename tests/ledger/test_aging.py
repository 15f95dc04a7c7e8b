"""What was open at the end of a day, and for how long."""

import pytest
from books import refusal
from subledger import P, R, applied, day, dues, ended, item, minor

from ledger.aging import (
    LONGEST_LIMIT,
    MOST_LIMITS,
    AgingBy,
    Bucket,
    Standing,
    aging,
    outstanding_dues,
    standing,
    standings,
)
from ledger.errors import Reason


def figures(ages):
    """Buckets, then credits, in units of the base currency."""
    return [each / 100 for each in (*ages.buckets, ages.credits)]


def report(on, items, applications=(), balance="0.00", **more: object):
    return aging(R, items, applications, minor(balance), day(on), **more)


def opened(found):
    return (found.amount / 100, found.base_amount / 100)


# What is open of an item


INSTALMENTS = item(
    "inv_1",
    "2025-01-01",
    "100.00",
    dues=dues("2025-01-31 30.00", "2025-03-02 50.00", "2025-04-01 20.00"),
)
PAYMENT = item("pay_1", "2025-01-20", "-40.00")
PAID = applied(PAYMENT, INSTALMENTS, "2025-01-20", "40.00")

USD_INVOICE = item("inv_2", "2025-01-10", "100.00", "8000.00", dues=dues("2025-02-09 100.00"))
USD_PAYMENT = item("pay_2", "2025-02-10", "-100.00", "-8500.00")
USD_PAID = applied(USD_PAYMENT, USD_INVOICE, "2025-02-20", "100.00", "8500.00", "8000.00")


@pytest.mark.parametrize(
    ("on", "invoice", "payment"),
    [
        ("2025-01-09", (0, 0), (0, 0)),
        ("2025-01-10", (100, 8000), (0, 0)),
        ("2025-02-09", (100, 8000), (0, 0)),
        ("2025-02-10", (100, 8000), (-100, -8500)),
        ("2025-02-19", (100, 8000), (-100, -8500)),
        ("2025-02-20", (0, 0), (0, 0)),
    ],
)
def test_an_item_is_open_from_its_date_until_something_is_set_against_it(on, invoice, payment):
    assert opened(standing(USD_INVOICE, [USD_PAID], day(on))) == invoice
    assert opened(standing(USD_PAYMENT, [USD_PAID], day(on))) == payment


def test_parts_leave_what_they_do_not_settle_each_side_in_its_own_base():
    part = applied(USD_PAYMENT, USD_INVOICE, "2025-02-10", "25.00", "2125.00", "2000.00")
    both = standings([USD_INVOICE, USD_PAYMENT], [part], day("2025-02-10"))
    assert opened(both["inv_2"]) == (75, 6000)
    assert opened(both["pay_2"]) == (-75, -6375)


@pytest.mark.parametrize(
    ("on", "left"), [("2025-02-19", 100), ("2025-02-20", 0), ("2025-03-04", 0), ("2025-03-05", 100)]
)
def test_what_is_taken_back_is_open_again_from_that_day_on(on, left):
    undone = ended(USD_PAID, "2025-03-05")
    assert standing(USD_INVOICE, [undone], day(on)).amount == left * 100


@pytest.mark.parametrize(
    ("on", "left"), [("2025-01-09", 0), ("2025-01-10", 100), ("2025-02-02", 100), ("2025-02-03", 0)]
)
def test_an_item_that_was_reversed_is_open_until_the_day_before(on, left):
    cancelled = ended(USD_INVOICE, "2025-02-03")
    assert standing(cancelled, [], day(on)) == Standing(left * 100, left * 80_00)


def test_what_is_set_against_another_item_does_not_matter():
    assert standing(INSTALMENTS, [USD_PAID], day("2025-12-31")) == Standing(100_00, 100_00)


@pytest.mark.parametrize(
    ("open_amount", "left"),
    [
        ("100.00", ["2025-01-31 30.00", "2025-03-02 50.00", "2025-04-01 20.00"]),
        ("70.01", ["2025-01-31 0.01", "2025-03-02 50.00", "2025-04-01 20.00"]),
        ("70.00", ["2025-03-02 50.00", "2025-04-01 20.00"]),
        ("60.00", ["2025-03-02 40.00", "2025-04-01 20.00"]),
        ("20.00", ["2025-04-01 20.00"]),
        ("0.00", []),
        ("-5.00", []),
    ],
)
def test_the_oldest_instalment_is_settled_first(open_amount, left):
    assert outstanding_dues(INSTALMENTS, minor(open_amount)) == list(dues(*left))


def test_a_credit_has_no_instalments():
    assert outstanding_dues(PAYMENT, minor("-40.00")) == []


# Ages


@pytest.mark.parametrize(
    ("on", "current", "to_30", "to_60", "to_90", "over_90", "next_due"),
    [
        ("2025-01-19", 100, 0, 0, 0, 0, "2025-01-31"),
        ("2025-01-20", 60, 0, 0, 0, 0, "2025-03-02"),
        ("2025-03-02", 60, 0, 0, 0, 0, "2025-03-02"),
        ("2025-03-03", 20, 40, 0, 0, 0, "2025-03-02"),
        ("2025-04-01", 20, 40, 0, 0, 0, "2025-03-02"),
        ("2025-04-02", 0, 20, 40, 0, 0, "2025-03-02"),
        ("2025-05-02", 0, 0, 20, 40, 0, "2025-03-02"),
        ("2025-06-01", 0, 0, 0, 20, 40, "2025-03-02"),
        ("2025-07-01", 0, 0, 0, 0, 60, "2025-03-02"),
    ],
)
def test_each_instalment_ages_by_its_own_date(on, current, to_30, to_60, to_90, over_90, next_due):
    found = report(on, [INSTALMENTS, PAYMENT], [PAID])
    (contact,) = found.contacts
    (row,) = contact.items
    assert figures(row.ages) == [current, to_30, to_60, to_90, over_90, 0]
    assert row.next_due == day(next_due)
    assert row.ages == contact.ages == found.totals
    assert row.base_amount == row.amount == found.totals.total


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2025-01-01", [100, 0, 0, 0, 0, 0]),
        ("2025-01-31", [0, 60, 0, 0, 0, 0]),
        ("2025-02-01", [0, 0, 60, 0, 0, 0]),
        ("2025-04-01", [0, 0, 0, 60, 0, 0]),
        ("2025-04-02", [0, 0, 0, 0, 60, 0]),
    ],
)
def test_by_document_date_the_whole_amount_has_one_age(on, expected):
    found = report(on, [INSTALMENTS, PAYMENT], [PAID], by=AgingBy.DOCUMENT_DATE)
    assert figures(found.totals) == expected
    assert found.contacts[0].items[0].next_due is not None


def test_an_opening_document_ages_by_the_date_written_on_it():
    opening = item("inv_1", "2025-01-01", "100.00", document_date=day("2024-10-01"))
    assert figures(report("2025-01-01", [opening]).totals) == [0, 0, 0, 0, 100, 0]


def test_the_base_amount_is_allotted_to_what_is_left_of_each_instalment_by_largest_remainder():
    thirds = dues("2025-01-31 33.33", "2025-03-02 33.33", "2025-04-01 33.34")
    invoice = item("inv_1", "2025-01-01", "100.00", "8333.33", dues=thirds)
    whole = report("2025-03-03", [invoice])
    assert figures(whole.totals) == [2778.33, 2777.50, 2777.50, 0, 0, 0]
    credit = item("crn_1", "2025-03-03", "-33.33", "-2700.00")
    part = applied(credit, invoice, "2025-03-03", "33.33", "2700.00", "2777.49")
    left = report("2025-03-03", [invoice, credit], [part])
    assert figures(left.totals) == [2778.34, 2777.50, 0, 0, 0, 0]


def test_a_base_amount_that_is_left_of_nothing_in_its_currency_is_shown_all_the_same():
    invoice = item("inv_1", "2025-01-01", "1.00", "80.01", dues=dues("2025-01-31 1.00"))
    payment = item("pay_1", "2025-01-01", "-1.00", "-80.02")
    part = applied(payment, invoice, "2025-01-01", "1.00", "80.00", "80.00")
    found = report("2025-01-02", [invoice, payment], [part])
    assert figures(found.totals) == [0, 0.01, 0, 0, 0, -0.02]


def test_credits_that_are_not_applied_have_a_column_of_their_own():
    items = [INSTALMENTS, PAYMENT, item("crn_1", "2025-01-21", "-75.00")]
    found = report("2025-03-03", items, balance="-15.00")
    assert figures(found.totals) == [20, 50, 30, 0, 0, -115]
    assert [(row.item_id, row.base_amount, row.next_due) for row in found.contacts[0].items] == [
        ("inv_1", 100_00, day("2025-01-31")),
        ("pay_1", -40_00, None),
        ("crn_1", -75_00, None),
    ]
    assert (found.total, found.totals.total, found.unassigned) == (-15_00, -15_00, 0)


@pytest.mark.parametrize(
    ("on", "balance", "expected"),
    [
        ("2025-01-09", "0.00", [0, 0, 0, 0, 0, 0]),
        ("2025-01-10", "8000.00", [8000, 0, 0, 0, 0, 0]),
        ("2025-02-10", "-500.00", [0, 8000, 0, 0, 0, -8500]),
        ("2025-02-19", "-500.00", [0, 8000, 0, 0, 0, -8500]),
        ("2025-02-20", "0.00", [0, 0, 0, 0, 0, 0]),
        ("2025-03-05", "-500.00", [0, 8000, 0, 0, 0, -8500]),
    ],
)
def test_a_foreign_invoice_paid_at_another_rate_is_aged_at_the_rates_it_was_posted_at(
    on, balance, expected
):
    undone = ended(USD_PAID, "2025-03-05")
    found = report(on, [USD_INVOICE, USD_PAYMENT], [undone], balance)
    assert figures(found.totals) == expected
    assert (found.total, found.unassigned) == (minor(balance), 0)


# Contacts and totals


def test_contacts_are_in_order_of_id_and_their_items_of_document_date_and_id():
    items = [
        item("inv_4", "2025-01-02", "4.00", contact="con_b"),
        item("inv_3", "2025-01-02", "3.00"),
        item("inv_2", "2025-01-03", "2.00", "160.00", document_date=day("2024-12-24")),
        item("inv_1", "2025-01-02", "1.00"),
        ended(item("inv_5", "2025-01-01", "5.00", contact="con_c"), "2025-01-02"),
    ]
    found = report("2025-01-03", items, balance="168.00")
    assert [
        (contact.contact_id, [(row.item_id, row.currency, row.amount) for row in contact.items])
        for contact in found.contacts
    ] == [
        ("con_a", [("inv_2", "USD", 2_00), ("inv_1", "INR", 1_00), ("inv_3", "INR", 3_00)]),
        ("con_b", [("inv_4", "INR", 4_00)]),
    ]
    assert [figures(contact.ages) for contact in found.contacts] == [
        [0, 164, 0, 0, 0, 0],
        [0, 4, 0, 0, 0, 0],
    ]
    assert (figures(found.totals), found.unassigned) == ([0, 168, 0, 0, 0, 0], 0)


def test_entries_that_name_no_contact_are_what_the_control_account_has_beyond_the_items():
    found = report("2025-01-15", [INSTALMENTS], balance="93.00")
    assert (found.total, found.totals.total, found.unassigned) == (93_00, 100_00, -7_00)
    assert (found.side, found.as_of, found.by) == (R, day("2025-01-15"), AgingBy.DUE_DATE)


def test_a_report_of_nothing_has_every_bucket():
    found = report("2025-01-15", [], balance="5.00")
    assert (found.contacts, figures(found.totals), found.total) == ((), [0] * 6, 5_00)


def test_each_side_has_its_own_items():
    bill = item("bil_1", "2025-01-01", "30.00", side=P, dues=dues("2025-01-31 30.00"))
    paid = item("pay_9", "2025-01-15", "-10.00", side=P)
    part = applied(paid, bill, "2025-01-15", "10.00")
    items = [bill, paid, INSTALMENTS]
    payable = aging(P, items, [part], 20_00, day("2025-02-01"))
    assert (figures(payable.totals), payable.unassigned) == ([0, 20, 0, 0, 0, 0], 0)
    assert report("2025-02-01", items, [part], "100.00").unassigned == 0


# Buckets


def test_the_buckets_say_their_days():
    assert report("2025-01-01", []).buckets == (
        Bucket(None, 0),
        Bucket(1, 30),
        Bucket(31, 60),
        Bucket(61, 90),
        Bucket(91, None),
    )


@pytest.mark.parametrize(
    ("limits", "on", "expected"),
    [
        ([7], "2025-02-07", [0, 100, 0, 0]),
        ([7], "2025-02-08", [0, 0, 100, 0]),
        ([1, 2], "2025-02-01", [0, 100, 0, 0, 0]),
        ([1, 2], "2025-02-02", [0, 0, 100, 0, 0]),
        ([1, 2], "2025-02-03", [0, 0, 0, 100, 0]),
        ([LONGEST_LIMIT], "2035-01-29", [0, 100, 0, 0]),
        ([LONGEST_LIMIT], "2035-01-30", [0, 0, 100, 0]),
        (range(1, MOST_LIMITS + 1), "2025-02-12", [0] * 12 + [100, 0, 0]),
    ],
)
def test_a_caller_may_choose_the_limits(limits, on, expected):
    invoice = item("inv_1", "2025-01-01", "100.00", dues=dues("2025-01-31 100.00"))
    found = report(on, [invoice], buckets=limits)
    assert figures(found.totals) == expected
    assert len(found.buckets) == len(expected) - 1


@pytest.mark.parametrize(
    "limits",
    [[], [0], [-1, 30], [30, 30], [60, 30], [30, LONGEST_LIMIT + 1], range(1, MOST_LIMITS + 2)],
)
def test_limits_that_are_no_days_in_ascending_order_are_refused(limits):
    refused = refusal(Reason.INVALID_VALUE, report, "2025-01-01", [], buckets=limits)
    assert refused.field == "buckets"
    assert refused.details == {"most": 12, "highest": 3650}
