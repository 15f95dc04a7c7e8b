"""What issuing a document posts: account, debit and credit of each entry."""

from dataclasses import replace
from decimal import Decimal

import pytest
from books import USD_BOOKS, chart_of
from desk import Desk
from documented import (
    BILL,
    CREDIT_NOTE,
    INVOICE,
    VENDOR_CREDIT,
    P,
    R,
    day,
    line,
    table,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from taxed import RATES, rate

from ledger.accounts import EntryType
from ledger.document_entries import NOTHING_POSTED, post_document, title_of
from ledger.document_settings import Rounding
from ledger.line_drafting import Catalogue
from ledger.transactions import TransactionKind, TransactionStatus

INR_BOOKS = replace(USD_BOOKS, base_currency="INR")
EURO = {"currency": "EUR", "exchange_rate": "1.10"}


def posted(kind, *lines, desk=None, **more: object):
    desk = desk or Desk()
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


# Tax


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
    assert post_document(desk.occasion, free, free.date, "txn_9") == NOTHING_POSTED
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


# Foreign currencies


def test_a_foreign_document_is_converted_at_its_rate():
    assert posted(INVOICE, "4000 100.00 vat", **EURO) == table("""
        1100 | 119.00 EUR = 130.90 |
        4000 |                     | 100.00 EUR = 110.00
        2200 |                     |  19.00 EUR =  20.90
    """)
    assert posted(BILL, "5100 100.00 vat", **EURO) == table("""
        5100 | 100.00 EUR = 110.00 |
        2200 |  19.00 EUR =  20.90 |
        2000 |                     | 119.00 EUR = 130.90
    """)


def test_an_invoice_of_100_dollars_at_80_is_8_000_rupees():
    desk = Desk(INR_BOOKS, chart_of(currency="INR"))
    invoice = desk.issue(INVOICE, "4000 100.00", currency="USD", exchange_rate="80")
    assert desk.posted(invoice) == table("""
        1100 | 100.00 USD = 8000.00 |
        4000 |                      | 100.00 USD = 8000.00
    """)
    assert (invoice.base_currency, invoice.base_total) == ("INR", 8000_00)


def test_what_is_left_of_converting_the_total_goes_to_the_largest_remainders():
    lines = ["4000 33.33", "4100 33.33", "4200 33.34"]
    assert posted(INVOICE, *lines, currency="EUR", exchange_rate="1.0833") == table("""
        1100 | 100.00 EUR = 108.33 |
        4000 |                     |  33.33 EUR = 36.11
        4100 |                     |  33.33 EUR = 36.10
        4200 |                     |  33.34 EUR = 36.12
    """)


def test_a_discount_of_its_own_account_shares_the_side_of_the_total():
    desk = Desk()
    lines = ["4000 10.00", "4200 -0.05"]
    invoice = desk.issue(INVOICE, *lines, currency="EUR", exchange_rate="1.1111")
    assert desk.posted(invoice) == table("""
        1100 |  9.95 EUR = 11.05 |
        4000 |                   | 10.00 EUR = 11.11
        4200 |  0.05 EUR =  0.06 |
    """)
    assert (invoice.base_total, invoice.base_subtotal) == (11_05, 11_05)
    assert desk.items[invoice.id].base_amount == 11_05


def test_yen_have_no_decimals():
    yen = {"currency": "JPY", "exchange_rate": "0.0067"}
    assert posted(INVOICE, "4000 10000 vat", **yen) == table("""
        1100 | 11900 JPY = 79.73 |
        4000 |                   | 10000 JPY = 67.00
        2200 |                   |  1900 JPY = 12.73
    """)


def test_what_is_worth_less_than_a_cent_is_posted_as_nothing_in_base():
    desk = Desk()
    invoice = desk.issue(INVOICE, "4000 1.00", currency="EUR", exchange_rate="0.0004")
    assert desk.posted(invoice) == table("""
        1100 | 1.00 EUR = 0.00 |
        4000 |                 | 1.00 EUR = 0.00
    """)
    assert desk.items[invoice.id].open_base == 0


def test_the_subtotal_in_base_is_what_the_lines_were_posted_at():
    desk = Desk()
    invoice = desk.issue(INVOICE, "4000 100.00 vat", **EURO)
    assert (invoice.base_total, invoice.base_subtotal) == (130_90, 110_00)
    credit = desk.issue(CREDIT_NOTE, "4000 100.00 vat", **EURO)
    assert (credit.base_total, credit.base_subtotal) == (130_90, 110_00)
    bill = desk.issue(BILL, "5100 100.00 canada", **EURO)
    assert (bill.base_total, bill.base_subtotal) == (123_20, 117_70)


# Any document


@st.composite
def any_document(draw):
    """A kind, lines, and how they are said."""
    kind = draw(st.sampled_from([INVOICE, BILL, CREDIT_NOTE, VENDOR_CREDIT]))
    texts = st.builds(
        "{} {} x {} {}".format,
        st.sampled_from(["4000", "4100", "5100", "2200"]),
        st.integers(1, 5000).map(lambda number: f"{number / 1000}"),
        st.integers(0, 99_999).map(lambda number: f"{number / 100:.2f}"),
        st.sampled_from(["", *RATES]),
    )
    lines = draw(st.lists(texts, min_size=1, max_size=6))
    if draw(st.booleans()):
        lines.append(f"4200 -0.0{draw(st.integers(1, 9))} {draw(st.sampled_from(['', *RATES]))}")
        lines.append("4000 1.00")
    more = {"is_inclusive": draw(st.booleans())}
    if draw(st.booleans()):
        more["discount_percent"] = f"{draw(st.integers(0, 1000)) / 10}"
    if draw(st.booleans()):
        rates = st.decimals("0.0001", "500", places=4)
        more |= {"currency": "EUR", "exchange_rate": draw(rates)}
    return kind, lines, more


@settings(deadline=None, max_examples=1000)
@given(any_document(), st.sampled_from(Rounding))
def test_any_document_balances_to_the_cent(drawn_up, rounding):
    kind, lines, more = drawn_up
    settled = replace(USD_BOOKS, documents=replace(USD_BOOKS.documents, rounding=rounding))
    desk = Desk(settled)
    document = desk.issue(kind, *lines, **more)
    assert document.subtotal + document.tax == document.total
    item = desk.items[document.id]
    sign = -1 if kind.is_credit else 1
    assert (item.amount, item.base_amount) == (sign * document.total, sign * document.base_total)
    if document.transaction_id is None:
        return
    found = desk.transactions[document.transaction_id].entries
    for by in ("amount", "base_amount"):
        debits = sum(getattr(each, by) for each in found if each.entry_type is EntryType.DEBIT)
        assert 2 * debits == sum(getattr(each, by) for each in found)
    control = "act_1100" if kind.side is R else "act_2000"
    ours = [each for each in found if each.account_id == control]
    assert sum(each.amount for each in ours) == document.total
    rate_given = Decimal(more.get("exchange_rate", 1))
    assert abs(document.base_total - document.total * rate_given) < 2
