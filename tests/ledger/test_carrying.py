"""What a part of an open item is carried at, and what is left of the item."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from subledger import applied, day, dues, item

from ledger.carrying import carried, moved, next_due

INVOICE = item("inv_1", "2025-01-01", "100.00", "8000.00", next_due=date(2025, 1, 31))
PAYMENT = item("pay_1", "2025-01-01", "-100.00", "-8500.00")
CREDIT = item("crn_1", "2025-01-01", "-100.00", "-8100.00")
INSTALMENTS = item(
    "inv_2",
    "2025-01-01",
    "100.00",
    dues=dues("2025-01-31 30.00", "2025-03-02 50.00", "2025-04-01 20.00"),
)


# In proportion


@pytest.mark.parametrize(
    ("open_amount", "open_base", "amount", "base"),
    [
        (100_00, 8000_00, 100_00, 8000_00),
        (100_00, 8000_00, 25_00, 2000_00),
        (-100_00, -8000_00, 25_00, 2000_00),
        (100_00, 108_33, 33_33, 36_11),
        (66_67, 72_22, 33_33, 36_10),
        (33_34, 36_12, 33_34, 36_12),
        (2, 1, 1, 0),
        (2, 3, 1, 2),
        (2, 5, 1, 2),
        (3, 2, 1, 1),
        (1000, 1, 999, 1),
        (100_00, 0, 50_00, 0),
    ],
)
def test_a_part_is_carried_in_proportion_rounded_half_to_even(open_amount, open_base, amount, base):
    assert carried(replace(INVOICE, open_amount=open_amount, open_base=open_base), amount) == base


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=12), st.integers(0, 10**7))
def test_the_parts_of_an_item_come_to_the_whole_however_it_is_divided(parts, base):
    amount = sum(parts)
    left = replace(INVOICE, amount=amount, base_amount=base, open_amount=amount, open_base=base)
    bases = []
    for part in parts:
        bases.append(carried(left, part))
        left = replace(
            left, open_amount=left.open_amount - part, open_base=left.open_base - bases[-1]
        )
    assert (left.open_amount, left.open_base) == (0, 0)
    assert sum(bases) == base
    assert min(bases) >= 0


# What is left


def test_both_items_of_an_application_come_nearer_to_nothing():
    half = applied(PAYMENT, INVOICE, "2025-01-10", "50.00", "4250.00", "4000.00")
    owed, credit = moved(INVOICE, half), moved(PAYMENT, half)
    assert (owed.open_amount, owed.open_base) == (50_00, 4000_00)
    assert (credit.open_amount, credit.open_base) == (-50_00, -4250_00)
    assert (owed.amount, owed.base_amount) == (100_00, 8000_00)
    assert (owed.paid, owed.credited) == (50_00, 0)
    assert (credit.paid, credit.credited) == (50_00, 0)
    assert (owed.touched_on, owed.freed_on) == (day("2025-01-10"), None)


def test_what_a_credit_note_settles_is_credited_and_not_paid():
    half = applied(CREDIT, INVOICE, "2025-01-10", "50.00", "4050.00", "4000.00")
    owed, credit = moved(INVOICE, half), moved(CREDIT, half)
    assert (owed.paid, owed.credited) == (0, 50_00)
    assert (credit.paid, credit.credited) == (50_00, 0)
    taken_back = replace(half, ended_on=day("2025-01-20"))
    assert moved(owed, taken_back, back=True).credited == 0


@pytest.mark.parametrize("source", [PAYMENT, CREDIT])
@pytest.mark.parametrize("which", [0, 1])
def test_taking_back_leaves_the_items_as_they_were_but_for_the_days(source, which):
    half = applied(source, INVOICE, "2025-01-10", "50.00", "4050.00", "4000.00")
    before = (source, INVOICE)[which]
    again = moved(moved(before, half), replace(half, ended_on=day("2025-01-20")), back=True)
    days = {"touched_on": day("2025-01-20"), "freed_on": day("2025-01-20")}
    assert again == replace(before, **days, next_due=again.next_due)


def test_the_days_are_the_latest_of_all():
    late = applied(PAYMENT, INVOICE, "2025-03-01", "10.00")
    early = applied(PAYMENT, INVOICE, "2025-01-10", "10.00")
    both = moved(moved(INVOICE, late), early)
    assert both.touched_on == day("2025-03-01")
    freed = moved(both, replace(early, ended_on=day("2025-01-15")), back=True)
    assert (freed.touched_on, freed.freed_on) == (day("2025-03-01"), day("2025-01-15"))
    freed = moved(freed, replace(late, ended_on=day("2025-04-01")), back=True)
    assert (freed.touched_on, freed.freed_on) == (day("2025-04-01"), day("2025-04-01"))


# What is due next


@pytest.mark.parametrize(
    ("open_amount", "due"),
    [
        (100_00, "2025-01-31"),
        (70_01, "2025-01-31"),
        (70_00, "2025-03-02"),
        (20_01, "2025-03-02"),
        (20_00, "2025-04-01"),
        (1, "2025-04-01"),
    ],
)
def test_the_oldest_instalment_that_is_not_settled_is_due_next(open_amount, due):
    assert next_due(INSTALMENTS, open_amount) == day(due)


def test_nothing_is_due_of_what_is_settled_nor_of_what_has_no_instalments():
    assert next_due(INSTALMENTS, 0) is None
    assert next_due(INVOICE, 100_00) is None


def test_what_is_due_next_follows_what_is_settled():
    part = applied(PAYMENT, INSTALMENTS, "2025-01-10", "40.00")
    paid = moved(INSTALMENTS, part)
    assert paid.next_due == day("2025-03-02")
    assert moved(paid, replace(part, ended_on=day("2025-02-01")), back=True).next_due == day(
        "2025-01-31"
    )
