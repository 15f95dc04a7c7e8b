"""What issuing a document posts of each kind of tax: account, debit and credit of each entry."""

from dataclasses import replace

from books import USD_BOOKS
from desk import Desk
from documented import BILL, CREDIT_NOTE, INVOICE, VENDOR_CREDIT, table
from taxed import rate

from ledger.document_settings import Rounding
from ledger.line_drafting import Catalogue


def posted(kind, *lines, desk=None, **more: object):
    desk = desk or Desk()
    return desk.posted(desk.issue(kind, *lines, **more))


def test_inclusive_prices_contain_the_tax():
    assert posted(INVOICE, "4000 119.00 vat", is_inclusive=True) == table("""
        1100 | 119.00 |
        4000 |        | 100.00
        2200 |        |  19.00
    """)
    assert posted(BILL, "5100 119.00 vat", is_inclusive=True) == table("""
        5100 | 100.00 |
        2200 |  19.00 |
        2000 |        | 119.00
    """)
    assert posted(CREDIT_NOTE, "4000 119.00 vat", is_inclusive=True) == table("""
        4000 | 100.00 |
        2200 |  19.00 |
        1100 |        | 119.00
    """)


def test_three_lines_of_33_33_at_8_25_percent_are_taxed_line_by_line():
    lines = ["4000 33.33 sales"] * 3
    assert posted(INVOICE, *lines) == table("""
        1100 | 108.24 |
        4000 |        |  99.99
        2200 |        |   8.25
    """)
    assert posted(INVOICE, *lines, is_inclusive=True) == table("""
        1100 |  99.99 |
        4000 |        |  92.37
        2200 |        |   7.62
    """)


def test_lines_may_also_be_taxed_as_one_document():
    by_document = replace(USD_BOOKS.documents, rounding=Rounding.DOCUMENT)
    desk = Desk(replace(USD_BOOKS, documents=by_document))
    lines = ["4000 0.99 sales"] * 3
    assert posted(INVOICE, *lines, desk=desk) == table("""
        1100 |   3.22 |
        4000 |        |   2.97
        2200 |        |   0.25
    """)
    assert posted(INVOICE, *lines) == table("""
        1100 |   3.21 |
        4000 |        |   2.97
        2200 |        |   0.24
    """)


def test_tax_that_cannot_be_recovered_is_part_of_the_cost():
    assert posted(BILL, "5100 100.00 canada", "5200 200.00") == table("""
        5100 | 107.00 |
        5200 | 200.00 |
        2200 |   5.00 |
        2000 |        | 312.00
    """)
    assert posted(VENDOR_CREDIT, "5100 100.00 canada") == table("""
        2000 | 112.00 |
        5100 |        | 107.00
        2200 |        |   5.00
    """)


def test_whoever_sells_owes_that_tax_all_the_same():
    assert posted(INVOICE, "4000 100.00 canada") == table("""
        1100 | 112.00 |
        4000 |        | 100.00
        2200 |        |  12.00
    """)


def test_under_reverse_charge_the_buyer_owes_the_tax_and_deducts_it():
    assert posted(BILL, "5100 100.00 abroad") == table("""
        5100 | 100.00 |
        2200 |  19.00 |
        2200 |        |  19.00
        2000 |        | 100.00
    """)
    assert posted(VENDOR_CREDIT, "5100 100.00 abroad") == table("""
        2000 | 100.00 |
        5100 |        | 100.00
        2200 |        |  19.00
        2200 |  19.00 |
    """)


def test_under_reverse_charge_the_buyer_bears_what_it_cannot_recover():
    assert posted(BILL, "5100 100.00 abroad-compound") == table("""
        5100 | 111.00 |
        2200 |  10.00 |
        2200 |        |  21.00
        2000 |        | 100.00
    """)


def test_under_reverse_charge_the_seller_charges_nothing():
    assert posted(INVOICE, "4000 100.00 abroad") == table("""
        1100 | 100.00 |
        4000 |        | 100.00
    """)


def test_a_rate_may_have_accounts_of_its_own():
    ours = rate("own", "City 2, State 4", account_id="act_2400")
    city, state = ours.components
    rates = {"own": replace(ours, components=(replace(city, account_id="act_2300"), state))}
    desk = Desk(catalogue=Catalogue(tax_rates=rates))
    assert posted(INVOICE, "4000 100.00 own", desk=desk) == table("""
        1100 | 106.00 |
        4000 |        | 100.00
        2300 |        |   2.00
        2400 |        |   4.00
    """)
