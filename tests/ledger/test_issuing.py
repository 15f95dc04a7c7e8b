"""Issuing documents: their numbers, copies and open items, and what is refused."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from books import LATER, NOW, USD_BOOKS, refusal
from desk import Desk
from documented import (
    BILL,
    CREDIT_NOTE,
    CUSTOMER,
    INVOICE,
    VENDOR_CREDIT,
    day,
)
from tying import tie_out

from ledger.accounts import AccountStatus
from ledger.contacts import Address
from ledger.document_settings import Paper
from ledger.documents import Copies, Party, Phase
from ledger.errors import Reason
from ledger.issuing import (
    Numbering,
    copies_of,
    issue,
    number_of,
    place_of,
    require_draft,
    series_of,
)
from ledger.open_items import Due, OpenItem
from ledger.settling import Occasion

COPIES = Copies(Party("Little Books"), Party("Ann"), "en", "a4")
MARCH = date(2025, 3, 1)
CLOSED = replace(USD_BOOKS, books_closed_through=date(2025, 2, 28))


def with_settings(**settings: object):
    return replace(USD_BOOKS, documents=replace(USD_BOOKS.documents, **settings))


def occasion(**settings: object):
    return Occasion(with_settings(**settings), Desk().chart, NOW)


def issued(document, desk=None, **more: object):
    """A draft as issued, and what was posted."""
    given = {"transaction_id": "txn_1", "numbering": Numbering(0, 7)} | more
    return issue((desk or Desk()).occasion, document, COPIES, **given)


# What an issued document is


def test_issuing_gives_number_and_place_freezes_copies_and_opens_an_item():
    draft = Desk().draw(INVOICE, "4000 100.00 vat", currency="EUR", exchange_rate="1.10")
    document, posted = issued(draft)
    assert document == replace(
        draft,
        phase=Phase.ISSUED,
        number="INV-0007",
        series_year=0,
        sequence=7,
        posted_on=MARCH,
        issued_at=NOW,
        transaction_id="txn_1",
        base_currency="USD",
        base_total=130_90,
        base_subtotal=110_00,
        base_taxes=(20_90,),
        copies=COPIES,
        item=document.item,
    )
    assert document.exchange_rate == Decimal("1.10")
    assert (posted.id, posted.source_id, posted.date) == ("txn_1", draft.id, MARCH)


@pytest.mark.parametrize(
    ("kind", "sign"), [(INVOICE, 1), (BILL, 1), (CREDIT_NOTE, -1), (VENDOR_CREDIT, -1)]
)
def test_its_item_is_positive_when_the_control_account_grows(kind, sign):
    draft = Desk().draw(kind, "5100 100.00", currency="EUR", exchange_rate="1.10")
    document, _ = issued(draft)
    dues = () if kind.is_credit else (Due(date(2025, 3, 31), 100_00),)
    assert document.item == OpenItem(
        "org_1",
        draft.id,
        kind.side,
        draft.contact_id,
        MARCH,
        MARCH,
        "EUR",
        amount=sign * 100_00,
        base_amount=sign * 110_00,
        open_amount=sign * 100_00,
        open_base=sign * 110_00,
        created_at=NOW,
        dues=dues,
        next_due=None if kind.is_credit else date(2025, 3, 31),
        touched_on=MARCH,
    )


def test_what_comes_to_nothing_is_issued_without_a_transaction():
    document, posted = issued(Desk().draw(INVOICE, "4000 0.00"))
    assert (posted, document.transaction_id, document.phase) == (None, None, Phase.ISSUED)
    assert (document.number, document.item.amount, document.item.next_due) == ("INV-0007", 0, None)


def test_a_bill_keeps_the_number_of_its_vendor_and_has_no_place():
    draft = Desk().draw(BILL, "5100 10.00", number="R-17")
    document, _ = issued(draft, numbering=None)
    assert (document.number, document.series_year, document.sequence) == ("R-17", None, None)
    assert issued(Desk().draw(BILL, "5100 10.00"), numbering=None)[0].number is None


def test_issuing_later_than_drawing_up_makes_a_new_version():
    draft = Desk().draw(INVOICE, "4000 10.00")
    assert issued(draft)[0].version == 1
    document, _ = issued(draft, Desk(moment=LATER))
    assert (document.version, document.updated_at, document.issued_at) == (2, LATER, LATER)
    assert document.created_at == NOW


def test_an_opening_document_is_posted_when_the_books_open_and_keeps_its_date():
    desk = Desk()
    invoice = desk.open_existing(
        INVOICE,
        "250.00",
        "A-17",
        on="2024-11-01",
        posted_on="2025-01-01",
        due_date=day("2024-12-01"),
    )
    assert (invoice.number, invoice.sequence) == ("A-17", None)
    assert (invoice.date, invoice.posted_on) == (day("2024-11-01"), day("2025-01-01"))
    item = invoice.item
    assert (item.date, item.document_date) == (day("2025-01-01"), day("2024-11-01"))
    assert (item.next_due, item.touched_on) == (day("2024-12-01"), day("2025-01-01"))
    tie_out(desk)


# Numbers


@pytest.mark.parametrize(
    ("kind", "by_year", "series"),
    [
        (INVOICE, False, ("invoice", 0)),
        (INVOICE, True, ("invoice", 2025)),
        (CREDIT_NOTE, False, ("credit_note", 0)),
        (CREDIT_NOTE, True, ("credit_note", 2025)),
        (BILL, True, None),
        (VENDOR_CREDIT, True, None),
    ],
)
def test_invoices_and_credit_notes_have_a_series_each_which_may_begin_anew_each_year(
    kind, by_year, series
):
    assert series_of(occasion(numbers_by_year=by_year), kind, MARCH) == series


@pytest.mark.parametrize(
    ("kind", "settings", "place", "number"),
    [
        (INVOICE, {}, Numbering(0, 7), "INV-0007"),
        (CREDIT_NOTE, {}, Numbering(0, 12345), "CN-12345"),
        (INVOICE, {"numbers_by_year": True}, Numbering(2025, 7), "INV-2025-0007"),
        (INVOICE, {"invoice_prefix": "R/", "number_digits": 1}, Numbering(0, 7), "R/7"),
    ],
)
def test_a_place_in_a_series_has_one_number_and_the_number_that_place(
    kind, settings, place, number
):
    there = occasion(**settings)
    assert number_of(there, kind, place) == number
    assert place_of(there, kind, number) == place


@pytest.mark.parametrize("number", ["CN-0007", "INV-7", "INV-2025-0007", "A-17", ""])
def test_a_number_of_another_form_has_no_place(number):
    assert place_of(occasion(), INVOICE, number) is None


# Copies


def test_what_is_printed_is_copied_from_both_parties_and_the_settings():
    home, shop = Address(line1="1 Main Street", country="US"), Address(city="Springfield")
    seller = replace(
        with_settings(
            email="us@example.com",
            phone="1",
            website="example.com",
            address=home,
            paper=Paper.LETTER,
            payment_details="IBAN",
        ),
        tax_number="US1",
    )
    buyer = replace(
        CUSTOMER,
        tax_number="DE1",
        email="ann@example.com",
        phone="2",
        website="ann.example",
        billing_address=shop,
        shipping_address=home,
    )
    assert copies_of(seller, buyer, None) == Copies(
        Party("Little Books", "US1", "us@example.com", "1", "example.com", home),
        Party("Ann", "DE1", "ann@example.com", "2", "ann.example", shop, home),
        "en",
        "letter",
        "IBAN",
    )


def test_a_document_is_in_the_language_of_its_contact_else_of_the_organization():
    german = with_settings(language="de")
    assert copies_of(german, CUSTOMER, None).language == "de"
    assert copies_of(german, replace(CUSTOMER, language="fr"), None).language == "fr"


def test_a_credit_note_says_which_number_it_corrects():
    corrects, _ = issued(Desk().draw(INVOICE, "4000 10.00"))
    assert copies_of(USD_BOOKS, CUSTOMER, corrects).corrects_number == "INV-0007"


# What cannot be issued


def test_only_a_draft_is_issued_changed_or_deleted():
    desk = Desk()
    invoice = desk.issue(INVOICE, "4000 10.00")
    refused = refusal(Reason.WRONG_STATUS, issued, invoice)
    assert refused.message == f"Invoice INV-0001 ({invoice.id}) is issued and cannot be issued."
    assert (refused.field, refused.details) == ("id", {"id": invoice.id, "status": "issued"})
    cancelled = desk.cancel(invoice)
    refused = refusal(Reason.WRONG_STATUS, require_draft, cancelled, "changed")
    assert refused.details["status"] == "cancelled"
    require_draft(desk.draw(INVOICE, "4000 10.00"), "deleted")


def test_a_foreign_document_needs_a_rate():
    draft = Desk().draw(INVOICE, "4000 10.00", currency="EUR")
    assert refusal(Reason.MISSING_RATE, issued, draft).field == "exchangeRate"


def test_nothing_is_issued_into_a_closed_period():
    draft = Desk().draw(INVOICE, "4000 10.00", on="2025-02-28")
    assert refusal(Reason.PERIOD_LOCKED, issued, draft, Desk(CLOSED)).field == "date"
    free = Desk().draw(INVOICE, "4000 0.00", on="2025-02-28")
    assert refusal(Reason.PERIOD_LOCKED, issued, free, Desk(CLOSED)).field == "date"


def test_nothing_is_posted_before_it_was_made_out_nor_after_2200():
    draft = replace(Desk().draw(INVOICE, "3900 10.00"), is_opening=True, number="A-1")
    refused = refusal(Reason.INVALID_DATE, issued, draft, posted_on=date(2025, 2, 28))
    assert refused.field == "openingDate"
    assert refused.details == {"date": "2025-03-01", "posted_on": "2025-02-28"}
    assert refusal(Reason.INVALID_DATE, issued, draft, posted_on=date(2201, 1, 1)).field == "date"
    assert issued(draft, posted_on=MARCH)[0].posted_on == MARCH


def test_nothing_is_posted_to_an_account_that_went_out_of_use():
    desk = Desk()
    draft = desk.draw(INVOICE, "4000 10.00")
    sales = replace(desk.chart.by_code["4000"], status=AccountStatus.INACTIVE)
    refused = refusal(
        Reason.ACCOUNT_INACTIVE, issued, draft, replace(desk, chart=desk.chart.having([sales]))
    )
    assert refused.details["code"] == "4000"
