"""The terms of payment of contacts, of documents and of an organization."""

from datetime import date
from decimal import Decimal

import pytest
from books import refusal
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.contacts import Term, checked_terms, dues_of
from ledger.errors import Reason
from ledger.money import MAX_AMOUNT
from ledger.open_items import Due


def terms(text):
    """Terms of a text: `30@30 50@60 20@90` are 30 % after 30 days, 50 % after 60 ..."""
    parts = [part.split("@") for part in text.split()]
    return tuple(Term(Decimal(percent), int(days)) for percent, days in parts)


@pytest.mark.parametrize(
    "text",
    [
        "100@0",
        "100@3650",
        "30@30 50@60 20@90",
        "33.3333@0 33.3333@1 33.3334@2",
        "0.0001@10 99.9999@20",
        " ".join(f"{percent}@{days}" for days, percent in enumerate([8] * 11 + [12])),
    ],
)
def test_terms_are_parts_of_a_whole_ever_later_due(text):
    assert checked_terms(list(terms(text))) == terms(text)


@pytest.mark.parametrize("written", ["50", "50.0000", "050.00"])
def test_a_percentage_is_stored_without_needless_zeros(written):
    (first, _) = checked_terms([Term(Decimal(written), 1), Term(Decimal(50), 2)])
    assert str(first.percent) == "50"


@pytest.mark.parametrize(
    ("text", "reason", "field"),
    [
        ("", Reason.INVALID_VALUE, ""),
        (" ".join(f"1@{days}" for days in range(13)), Reason.TOO_MANY_ITEMS, ""),
        ("99.9999@0", Reason.INVALID_VALUE, ""),
        ("50@0 50.0001@1", Reason.INVALID_VALUE, ""),
        ("0@0 100@1", Reason.INVALID_VALUE, "[0].percent"),
        ("-1@0 101@1", Reason.INVALID_AMOUNT, "[0].percent"),
        ("100.0001@0", Reason.INVALID_AMOUNT, "[0].percent"),
        ("33.33333@0 66.66667@1", Reason.INVALID_AMOUNT, "[0].percent"),
        ("100@0 NaN@1", Reason.INVALID_AMOUNT, "[1].percent"),
        ("Infinity@0", Reason.INVALID_AMOUNT, "[0].percent"),
        ("1E+400000@0", Reason.INVALID_AMOUNT, "[0].percent"),
        ("1E-400000@0", Reason.INVALID_AMOUNT, "[0].percent"),
        ("100@-1", Reason.INVALID_VALUE, "[0].days"),
        ("100@3651", Reason.INVALID_VALUE, "[0].days"),
        ("50@30 50@30", Reason.INVALID_VALUE, "[1].days"),
        ("50@30 50@29", Reason.INVALID_VALUE, "[1].days"),
    ],
)
def test_terms_that_do_not_add_up_are_refused_with_their_field(text, reason, field):
    assert refusal(reason, checked_terms, terms(text)).field == f"paymentTerms{field}"


def test_terms_are_refused_in_words():
    refused = refusal(Reason.INVALID_VALUE, checked_terms, terms("50@0 49.5@30"))
    assert refused.message == "The parts of the payment terms make 99.5 percent in all, not 100."
    refused = refusal(Reason.INVALID_VALUE, checked_terms, terms("0@0 100@30"))
    assert refused.message == "Part 1 is zero percent."
    refused = refusal(Reason.INVALID_VALUE, checked_terms, terms("50@30 50@30"))
    assert refused.message == "Part 2 is due after 30 days, not after 31 to 3650."


@pytest.mark.parametrize(
    ("text", "total", "dues"),
    [
        ("100@30", 100_00, [(date(2025, 3, 2), 100_00)]),
        (
            "30@30 50@60 20@90",
            100_00,
            [(date(2025, 3, 2), 30_00), (date(2025, 4, 1), 50_00), (date(2025, 5, 1), 20_00)],
        ),
        (
            "33.3333@0 33.3333@1 33.3334@2",
            100,
            [(date(2025, 1, 31), 33), (date(2025, 2, 1), 33), (date(2025, 2, 2), 34)],
        ),
        ("50@0 50@14", 1, [(date(2025, 1, 31), 1)]),
        ("1@0 99@14", 1, [(date(2025, 2, 14), 1)]),
        ("50@0 50@14", 0, []),
    ],
)
def test_a_total_is_due_in_the_parts_of_its_terms(text, total, dues):
    due = dues_of(terms(text), date(2025, 1, 31), total)
    assert due == tuple(Due(day, amount) for day, amount in dues)


def test_nothing_falls_due_after_the_last_day_of_the_books():
    (due,) = dues_of(terms("100@30"), date(2200, 12, 1), 5)
    assert due.date == date(2200, 12, 31)
    refused = refusal(Reason.INVALID_DATE, dues_of, terms("100@30"), date(2200, 12, 2), 5)
    assert refused.field == "dueDate"


@given(
    weights=st.lists(st.integers(1, 10_000), min_size=1, max_size=12),
    total=st.integers(0, MAX_AMOUNT),
)
@settings(deadline=None)
def test_dues_add_up_to_the_total_and_none_is_empty(weights, total):
    units = [weight * 8 for weight in weights[:-1]]
    parts = [*units, 1_000_000 - sum(units)]
    of_parts = checked_terms(
        [Term(Decimal(units) / 10_000, days) for days, units in enumerate(parts)]
    )
    dues = dues_of(of_parts, date(2025, 1, 1), total)
    assert sum(due.amount for due in dues) == total
    assert all(due.amount > 0 for due in dues)
    assert [due.date for due in dues] == sorted({due.date for due in dues})
