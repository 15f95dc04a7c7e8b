"""What issuing a foreign document posts, and what holds of any: it balances to the cent."""

from dataclasses import replace
from decimal import Decimal

from books import USD_BOOKS, chart_of
from desk import Desk
from documented import BILL, CREDIT_NOTE, INVOICE, VENDOR_CREDIT, R, table
from hypothesis import given, settings
from hypothesis import strategies as st
from taxed import RATES

from ledger.accounts import EntryType
from ledger.document_settings import Rounding
from ledger.errors import LedgerError

INR_BOOKS = replace(USD_BOOKS, base_currency="INR")
EURO = {"currency": "EUR", "exchange_rate": "1.10"}


def posted(kind, *lines, **more: object):
    desk = Desk()
    return desk.posted(desk.issue(kind, *lines, **more))


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
    try:
        document = desk.issue(kind, *lines, **more)
    except LedgerError as refusal:
        # The cents of a line that takes off can be all that there is.
        if not refusal.message.startswith("The total is -0.0"):
            raise
        return
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
