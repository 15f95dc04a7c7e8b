"""What issuing a document posts: account, debit and credit of each entry."""

import pytest
from desk import Desk
from documented import (
    BILL,
    CREDIT_NOTE,
    INVOICE,
    VENDOR_CREDIT,
    P,
    day,
    line,
    table,
)

from ledger.document_entries import DocumentPosting, post_document, title_of
from ledger.transactions import TransactionKind, TransactionStatus


def posted(kind, *lines, **more: object):
    desk = Desk()
    return desk.posted(desk.issue(kind, *lines, **more))


# The four kinds


def test_an_invoice_is_owed_to_us_and_earns_revenue_and_owes_tax():
    assert posted(INVOICE, "4000 100.00 vat") == table("""
        1100 | 119.00 |
        4000 |        | 100.00
        2200 |        |  19.00
    """)


def test_a_bill_costs_an_expense_and_its_tax_is_deducted_and_we_owe_it():
    assert posted(BILL, "5100 100.00 vat") == table("""
        5100 | 100.00 |
        2200 |  19.00 |
        2000 |        | 119.00
    """)


def test_a_credit_note_takes_revenue_and_tax_back():
    assert posted(CREDIT_NOTE, "4000 100.00 vat") == table("""
        4000 | 100.00 |
        2200 |  19.00 |
        1100 |        | 119.00
    """)


def test_a_vendor_credit_takes_cost_and_deducted_tax_back():
    assert posted(VENDOR_CREDIT, "5100 100.00 vat") == table("""
        2000 | 119.00 |
        5100 |        | 100.00
        2200 |        |  19.00
    """)


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        (INVOICE, "Invoice INV-0001"),
        (BILL, "Bill R-17"),
        (CREDIT_NOTE, "Credit note CN-0001"),
        (VENDOR_CREDIT, "Vendor credit R-17"),
    ],
)
def test_the_transaction_says_of_which_document_it_is(kind, title):
    desk = Desk()
    number = "R-17" if kind.side is P else None
    document = desk.issue(kind, "5100 10.00", on="2025-02-03", category_id="shop", number=number)
    transaction = desk.transactions[document.transaction_id]
    assert (transaction.description, transaction.reference) == (title, document.number)
    assert (transaction.source_id, transaction.contact_id) == (document.id, document.contact_id)
    assert (transaction.date, transaction.category_id) == (day("2025-02-03"), "shop")
    assert transaction.status is TransactionStatus.POSTED
    assert transaction.kind is TransactionKind.STANDARD


def test_without_a_number_a_document_is_called_by_its_kind():
    assert title_of(Desk().draw(VENDOR_CREDIT, "5100 1.00")) == "Vendor credit"


# Discounts and deductions


def test_a_document_discount_makes_revenue_and_tax_less():
    lines = ["4000 100.00 vat", "4100 50.00 low"]
    assert posted(INVOICE, *lines, discount_percent="10") == table("""
        1100 | 155.25 |
        4000 |        |  90.00
        4100 |        |  45.00
        2200 |        |  20.25
    """)
    assert posted(INVOICE, *lines, discount_amount="15") == table("""
        1100 | 155.25 |
        4000 |        |  90.00
        4100 |        |  45.00
        2200 |        |  20.25
    """)


def test_a_line_below_zero_stands_on_the_other_side():
    assert posted(INVOICE, "4000 100.00 vat", "4200 -10.00 vat") == table("""
        1100 | 107.10 |
        4000 |        | 100.00
        4200 |  10.00 |
        2200 |        |  17.10
    """)
    assert posted(BILL, "5100 100.00 vat", "5300 -10.00 vat") == table("""
        5100 | 100.00 |
        5300 |        |  10.00
        2200 |  17.10 |
        2000 |        | 107.10
    """)


def test_deductions_from_one_account_make_its_entry_less():
    assert posted(INVOICE, "4000 100.00 vat", "4000 -10.00 vat") == table("""
        1100 | 107.10 |
        4000 |        |  90.00
        2200 |        |  17.10
    """)


def test_tax_below_zero_stands_on_the_other_side():
    assert posted(INVOICE, "4000 100.00", "4200 -10.00 vat") == table("""
        1100 |  88.10 |
        4000 |        | 100.00
        4200 |  10.00 |
        2200 |   1.90 |
    """)


def test_what_comes_to_nothing_touches_no_control_account():
    desk = Desk()
    moved = desk.issue(INVOICE, "4000 100.00", "4200 -100.00")
    assert desk.posted(moved) == table("""
        4000 |        | 100.00
        4200 | 100.00 |
    """)
    assert (moved.base_total, moved.base_subtotal) == (0, 0)


def test_what_comes_to_nothing_anywhere_is_not_posted():
    desk = Desk()
    for kind, account in ((INVOICE, "4000"), (BILL, "5100")):
        free = desk.issue(kind, f"{account} 10.00 vat", f"{account} -10.00 vat")
        assert (free.transaction_id, free.base_total, free.base_subtotal) == (None, 0, 0)
    assert post_document(desk.occasion, free, free.date, "txn_9") == DocumentPosting(
        None, 0, 0, (0,)
    )
    assert not desk.transactions


# Accounts and categories


def test_lines_of_one_account_and_category_share_an_entry():
    desk = Desk()
    invoice = desk.issue(
        INVOICE,
        line("4000 100.00", category_id="shop"),
        line("4000 20.00", category_id="web"),
        line("4000 3.00"),
        line("4100 40.00", category_id="shop"),
        line("4000 0.50 vat", category_id="shop"),
    )
    found = desk.transactions[invoice.transaction_id].entries
    assert [(e.account_id[4:], e.category_id, e.amount / 100) for e in found] == [
        ("1100", None, 163.60),
        ("4000", "shop", 100.50),
        ("4000", "web", 20.00),
        ("4000", None, 3.00),
        ("4100", "shop", 40.00),
        ("2200", None, 0.10),
    ]


def test_a_cost_has_the_category_of_its_line_with_the_tax_in_it():
    desk = Desk()
    bill = desk.issue(BILL, line("5100 100.00 canada", category_id="shop"))
    cost, tax, owed = desk.transactions[bill.transaction_id].entries
    assert (cost.category_id, cost.amount) == ("shop", 107_00)
    assert (tax.category_id, owed.category_id) == (None, None)


def test_a_line_may_stand_on_the_tax_account_itself():
    desk = Desk()
    invoice = desk.issue(INVOICE, "2200 50.00", "4000 100.00 vat")
    assert desk.posted(invoice) == table("""
        1100 | 169.00 |
        2200 |        |  50.00
        4000 |        | 100.00
        2200 |        |  19.00
    """)
    assert (invoice.base_total, invoice.base_subtotal) == (169_00, 150_00)


# Documents of a former system


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        (INVOICE, "1100 | 250.00 |\n3900 | | 250.00"),
        (BILL, "3900 | 250.00 |\n2000 | | 250.00"),
        (CREDIT_NOTE, "3900 | 250.00 |\n1100 | | 250.00"),
        (VENDOR_CREDIT, "2000 | 250.00 |\n3900 | | 250.00"),
    ],
)
def test_an_opening_document_stands_against_opening_balances(kind, rows):
    desk = Desk()
    document = desk.open_existing(kind, "250.00", on="2024-11-01", posted_on="2025-01-01")
    assert desk.posted(document) == table(rows)
    transaction = desk.transactions[document.transaction_id]
    assert transaction.kind is TransactionKind.OPENING
    assert transaction.date == day("2025-01-01")
    assert (document.base_total, document.base_subtotal) == (250_00, 0)


def test_an_opening_document_of_nothing_is_not_posted():
    assert Desk().open_existing(INVOICE, "0.00").transaction_id is None
