"""Lives of foreign documents, step by step: what is realized at each rate, and what is open.

After every step, and as of every day, the control accounts are what is open (`tie_out`).
"""

from dataclasses import replace

from books import USD_BOOKS, chart_of
from desk import Desk
from documented import BILL, CREDIT_NOTE, INVOICE, VENDOR_CREDIT, P, opened, table
from tying import balances, posted, shown, tie_out

from ledger.lifecycle import DocumentStatus

S = DocumentStatus
INR_BOOKS = replace(USD_BOOKS, base_currency="INR")
AT_79, AT_80, AT_82, AT_85 = (
    {"currency": "USD", "exchange_rate": rate} for rate in ("79", "80", "82", "85")
)


def test_the_life_of_an_invoice_in_dollars_in_rupee_books():
    desk = Desk(INR_BOOKS, chart_of(currency="INR"))
    invoice = desk.issue(INVOICE, "4000 100.00", on="2025-03-01", **AT_80)
    posted(
        desk,
        invoice,
        """
        1100 | 100.00 USD = 8000.00 |
        4000 |                      | 100.00 USD = 8000.00
        """,
    )
    first = desk.pay("40.00", on="2025-03-10", **AT_85)
    posted(
        desk,
        first,
        """
        1010 | 3400.00 |
        1100 |         | 40.00 USD = 3400.00
        """,
    )
    gained = desk.apply(first, invoice)
    posted(
        desk,
        gained,
        """
        1100 | 200.00 |
        4900 |        | 200.00
        """,
    )
    assert shown(desk, invoice, "2025-03-31") == (S.PARTIAL, 60, 4800)

    credit = desk.issue(CREDIT_NOTE, "4000 10.00", on="2025-03-15", **AT_82)
    posted(
        desk,
        desk.apply(credit, invoice),
        """
        1100 | 20.00 |
        4900 |       | 20.00
        """,
    )
    rest = desk.pay("60.00", on="2025-03-20", **AT_79)
    posted(
        desk,
        desk.apply(rest, invoice),
        """
        7800 | 50.00 |
        1100 |       | 50.00
        """,
    )
    assert shown(desk, invoice, "2025-12-31") == (S.PAID, 0, 0)
    assert opened(desk.items[rest.id]) == (-10, -790)
    assert balances(desk, "1100", "4900", "7800") == (-790, -220, 50)

    refund = desk.pay("10.00", on="2025-03-25", refund=True, **AT_80)
    posted(
        desk,
        desk.apply(rest, refund),
        """
        7800 | 10.00 |
        1100 |       | 10.00
        """,
    )
    assert balances(desk, "1100", "4900", "7800") == (0, -220, 60)

    desk.take_back(gained, "2025-04-01")
    desk.void(first, "2025-04-01")
    tie_out(desk)
    assert desk.undone(gained) == table("1100 | | 200.00\n4900 | 200.00 |")
    assert shown(desk, invoice, "2025-04-01") == (S.OVERDUE, 40, 3200)
    assert balances(desk, "1100", "4900", "7800") == (3200, -20, 60)


def test_the_life_of_a_bill_in_dollars_in_rupee_books():
    desk = Desk(INR_BOOKS, chart_of(currency="INR"))
    bill = desk.issue(BILL, "5100 100.00 abroad", on="2025-03-01", **AT_80)
    posted(
        desk,
        bill,
        """
        5100 | 100.00 USD = 8000.00 |
        2200 |  19.00 USD = 1520.00 |
        2200 |                      |  19.00 USD = 1520.00
        2000 |                      | 100.00 USD = 8000.00
        """,
    )
    first = desk.pay("40.00", side=P, on="2025-03-10", **AT_85)
    posted(
        desk,
        desk.apply(first, bill),
        """
        7800 | 200.00 |
        2000 |        | 200.00
        """,
    )
    credit = desk.issue(VENDOR_CREDIT, "5100 10.00 abroad", on="2025-03-15", **AT_82)
    posted(
        desk,
        desk.apply(credit, bill),
        """
        7800 | 20.00 |
        2000 |       | 20.00
        """,
    )
    last = desk.pay("50.00", side=P, on="2025-03-20", **AT_79)
    settled = desk.apply(last, bill)
    posted(
        desk,
        settled,
        """
        2000 | 50.00 |
        4900 |       | 50.00
        """,
    )
    assert shown(desk, bill, "2025-12-31") == (S.PAID, 0, 0)
    assert balances(desk, "2000", "4900", "7800", "2200") == (0, -50, 220, 0)

    desk.take_back(settled, "2025-04-01")
    tie_out(desk)
    assert shown(desk, bill, "2025-04-01") == (S.OVERDUE, 50, 4000)
    assert opened(desk.items[last.id]) == (-50, -3950)
