"""Lives of documents, step by step: what is posted, what is open, what status is shown.

After every step, and as of every day, the control accounts are what is open (`tie_out`).
"""

from desk import Desk
from documented import BILL, CREDIT_NOTE, INVOICE, VENDOR_CREDIT, P, day, opened, table
from tying import balances, posted, shown, tie_out

from ledger.aging import aging
from ledger.contacts import Term
from ledger.lifecycle import DocumentStatus

S = DocumentStatus


def test_the_life_of_an_invoice_in_our_own_currency():
    desk = Desk()
    invoice = desk.issue(INVOICE, "4000 1000.00 vat", on="2025-03-01")
    posted(
        desk,
        invoice,
        """
        1100 | 1190.00 |
        4000 |         | 1000.00
        2200 |         |  190.00
        """,
    )
    assert shown(desk, invoice, "2025-03-31") == (S.SENT, 1190, 1190)
    assert shown(desk, invoice, "2025-04-01") == (S.OVERDUE, 1190, 1190)

    advance = desk.pay("400.00", on="2025-03-10", deductions=["5900 5.00"])
    posted(
        desk,
        advance,
        """
        1010 | 400.00 |
        5900 |   5.00 |
        1100 |        | 405.00
        """,
    )
    desk.apply(advance, invoice)
    assert shown(desk, invoice, "2025-03-31") == (S.PARTIAL, 785, 785)

    credit = desk.issue(CREDIT_NOTE, "4000 100.00 vat", on="2025-03-15")
    posted(
        desk,
        credit,
        """
        4000 | 100.00 |
        2200 |  19.00 |
        1100 |        | 119.00
        """,
    )
    credited = desk.apply(credit, invoice)
    tie_out(desk)
    assert shown(desk, credit, "2025-03-31") == (S.APPLIED, 0, 0)
    assert shown(desk, invoice, "2025-03-31") == (S.PARTIAL, 666, 666)
    assert (desk.items[invoice.id].paid, desk.items[invoice.id].credited) == (405_00, 119_00)

    rest = desk.pay("700.00", on="2025-03-20")
    desk.apply(rest, invoice)
    tie_out(desk)
    assert shown(desk, invoice, "2025-12-31") == (S.PAID, 0, 0)
    assert opened(desk.items[rest.id]) == (-34, -34)

    refund = desk.pay("34.00", on="2025-03-25", refund=True)
    posted(
        desk,
        refund,
        """
        1100 | 34.00 |
        1010 |       | 34.00
        """,
    )
    desk.apply(rest, refund)
    tie_out(desk)
    assert balances(desk, "1100", "1010", "2200", "4000") == (0, 1066, -171, -900)

    desk.take_back(credited, "2025-04-05")
    tie_out(desk)
    assert shown(desk, invoice, "2025-04-05") == (S.OVERDUE, 119, 119)
    cancelled = desk.cancel(credit, "2025-04-06", "Not agreed")
    assert desk.undone(credit) == table("""
        4000 |        | 100.00
        2200 |        |  19.00
        1100 | 119.00 |
    """)
    tie_out(desk)
    assert shown(desk, cancelled, "2025-04-06") == (S.CANCELLED, 0, 0)
    assert balances(desk, "1100", "2200", "4000") == (119, -190, -1000)


def test_the_life_of_a_bill_in_our_own_currency():
    desk = Desk()
    bill = desk.issue(BILL, "5100 500.00 canada", on="2025-03-01", number="R-17")
    posted(
        desk,
        bill,
        """
        5100 | 535.00 |
        2200 |  25.00 |
        2000 |        | 560.00
        """,
    )
    assert shown(desk, bill, "2025-03-31") == (S.RECEIVED, 560, 560)

    first = desk.pay("60.00", side=P, on="2025-03-10")
    paid = desk.apply(first, bill)
    posted(
        desk,
        first,
        """
        2000 | 60.00 |
        1010 |       | 60.00
        """,
    )
    assert shown(desk, bill, "2025-03-31") == (S.PARTIAL, 500, 500)

    credit = desk.issue(VENDOR_CREDIT, "5100 100.00 canada", on="2025-03-15")
    posted(
        desk,
        credit,
        """
        2000 | 112.00 |
        5100 |        | 107.00
        2200 |        |   5.00
        """,
    )
    desk.apply(credit, bill)
    rest = desk.pay("400.00", side=P, on="2025-03-20")
    desk.apply(rest, bill)
    tie_out(desk)
    assert shown(desk, bill, "2025-12-31") == (S.PAID, 0, 0)
    assert opened(desk.items[rest.id]) == (-12, -12)

    refund = desk.pay("12.00", side=P, refund=True, on="2025-03-25")
    posted(
        desk,
        refund,
        """
        1010 | 12.00 |
        2000 |       | 12.00
        """,
    )
    desk.apply(rest, refund)
    tie_out(desk)

    desk.take_back(paid, "2025-04-01")
    voided = desk.void(first, "2025-04-01", "Bounced")
    tie_out(desk)
    assert desk.undone(first) == table("""
        2000 |       | 60.00
        1010 | 60.00 |
    """)
    assert voided.voided_on == day("2025-04-01")
    assert shown(desk, bill, "2025-04-01") == (S.OVERDUE, 60, 60)
    assert balances(desk, "2000", "1010", "5100", "2200") == (-60, -388, 428, 20)


def test_a_former_systems_documents_are_settled_like_ours_and_touch_no_profit():
    desk = Desk()
    invoice = desk.open_existing(INVOICE, "300.00", on="2024-11-01", posted_on="2025-01-01")
    credit = desk.open_existing(
        CREDIT_NOTE, "50.00", "C-1", on="2024-12-01", posted_on="2025-01-01"
    )
    tie_out(desk)
    desk.apply(credit, invoice)
    desk.apply(desk.pay("250.00", on="2025-01-20"), invoice)
    tie_out(desk)
    assert shown(desk, invoice, "2025-12-31") == (S.PAID, 0, 0)
    assert balances(desk, "1100", "1010", "3900", "4000") == (0, 250, -250, 0)


def test_100_in_three_instalments_of_which_40_are_paid_is_aged_by_each_ones_own_date():
    desk = Desk()
    terms = [Term(30, 30), Term(50, 60), Term(20, 90)]
    invoice = desk.issue(INVOICE, "4000 100.00", on="2025-01-01", terms=terms)
    desk.apply(desk.pay("40.00", on="2025-01-15"), invoice)
    tie_out(desk)
    item = desk.items[invoice.id]
    assert item.next_due == day("2025-03-02")
    report = aging(
        item.side, desk.items.values(), desk.applications.values(), 60_00, day("2025-05-15")
    )
    (contact,) = report.contacts
    assert contact.ages.buckets == (0, 0, 20_00, 40_00, 0)
    assert report.unassigned == 0
