"""What was sold to whom in a period, net of tax."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from subledger import FIRST, LAST, day, minor

from ledger.documents import DocumentKind
from ledger.sales import DocumentFigures, SalesFigures, sales

INVOICE, CREDIT_NOTE = DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE


def document(contact, kind, base_subtotal, on, cancelled=None, *, opening=False):
    cancelled_on = None if cancelled is None else day(cancelled)
    return DocumentFigures(contact, kind, minor(base_subtotal), day(on), cancelled_on, opening)


def shown(found):
    """Each customer: invoices, invoiced, credited, total."""
    rows = [(each.contact_id, each.figures) for each in found.customers]
    return [(name, *_plain(figures)) for name, figures in [*rows, ("all", found.totals)]]


def _plain(figures):
    return (
        figures.invoice_count,
        figures.invoiced / 100,
        figures.credited / 100,
        figures.total / 100,
    )


YEAR = [
    document("con_b", INVOICE, "200.00", "2025-01-31"),
    document("con_a", INVOICE, "1000.00", "2025-01-01"),
    document("con_a", INVOICE, "500.00", "2025-01-15", "2025-02-03"),
    document("con_a", CREDIT_NOTE, "100.00", "2025-01-20"),
    document("con_a", INVOICE, "40.00", "2025-02-28"),
    document("con_c", CREDIT_NOTE, "30.00", "2025-02-10", "2025-03-10"),
    document("con_d", INVOICE, "70.00", "2025-02-11", "2025-02-12"),
    document("con_a", INVOICE, "9999.00", "2025-01-01", opening=True),
    document("con_e", DocumentKind.BILL, "800.00", "2025-01-10"),
    document("con_e", DocumentKind.VENDOR_CREDIT, "80.00", "2025-01-10"),
]


@pytest.mark.parametrize(
    ("begin", "end", "expected"),
    [
        (
            "2025-01-01",
            "2025-01-31",
            [
                ("con_a", 2, 1500, -100, 1400),
                ("con_b", 1, 200, 0, 200),
                ("all", 3, 1700, -100, 1600),
            ],
        ),
        (
            "2025-02-01",
            "2025-02-28",
            [
                ("con_a", 0, -460, 0, -460),
                ("con_c", 0, 0, -30, -30),
                ("all", 0, -460, -30, -490),
            ],
        ),
        ("2025-03-01", "2025-03-31", [("con_c", 0, 0, 30, 30), ("all", 0, 0, 30, 30)]),
        (
            "2025-01-01",
            "2025-12-31",
            [
                ("con_a", 2, 1040, -100, 940),
                ("con_b", 1, 200, 0, 200),
                ("all", 3, 1240, -100, 1140),
            ],
        ),
        ("2025-01-02", "2025-01-14", [("all", 0, 0, 0, 0)]),
    ],
)
def test_invoices_count_when_posted_and_back_when_cancelled_and_credit_notes_against_them(
    begin, end, expected
):
    assert shown(sales(YEAR, day(begin), day(end))) == expected


@pytest.mark.parametrize(
    ("begin", "end", "count"),
    [
        ("2025-01-31", "2025-01-31", 1),
        ("2025-01-30", "2025-01-30", 0),
        ("2025-02-01", "2025-02-01", 0),
        ("2025-02-12", "2025-02-12", -1),
    ],
)
def test_the_first_and_the_last_day_are_in_the_period(begin, end, count):
    found = sales(YEAR, day(begin), day(end))
    assert (found.begin, found.end) == (day(begin), day(end))
    assert (found.totals.invoice_count, len(found.customers)) == (count, abs(count))


def test_an_invoice_of_nothing_is_an_invoice():
    found = sales([document("con_a", INVOICE, "0.00", "2025-01-05")], FIRST, LAST)
    assert found.totals == found.customers[0].figures == SalesFigures(1, 0, 0)


days = st.dates(FIRST, LAST)
documents = st.builds(
    DocumentFigures,
    st.sampled_from(["con_a", "con_b"]),
    st.sampled_from(DocumentKind),
    st.integers(0, 10**6),
    days,
    st.none() | days,
    st.booleans(),
)


@given(st.lists(documents), days)
def test_the_sales_of_two_periods_that_follow_each_other_sum_to_those_of_both(made, cut):
    whole = sales(made, FIRST, LAST)
    parts = [sales(made, FIRST, cut), sales(made, cut + timedelta(1), LAST)]
    for name in ("invoice_count", "invoiced", "credited", "total"):
        total = getattr(whole.totals, name)
        assert total == sum(getattr(part.totals, name) for part in parts)
        assert total == sum(getattr(each.figures, name) for each in whole.customers)
