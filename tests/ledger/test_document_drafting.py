"""From what a caller says of a document to a draft."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from books import NOW, USD_BOOKS, refusal
from desk import Desk
from documented import (
    BILL,
    CATALOGUE,
    CREDIT_NOTE,
    CUSTOMER,
    INVOICE,
    VENDOR,
    VENDOR_CREDIT,
    day,
    draft,
    line,
)

from ledger.contacts import Term
from ledger.document_drafting import (
    draft_document,
    require_contact,
)
from ledger.documents import Document, Phase
from ledger.errors import Reason
from ledger.open_items import Due

TERMS = (Term(Decimal(30), 30), Term(Decimal(50), 60), Term(Decimal(20), 90))
INCLUSIVE = {
    name: replace(CATALOGUE.tax_rates[name], is_inclusive=True) for name in ("vat", "sales")
}
ALL_RATES = replace(CATALOGUE, tax_rates={**CATALOGUE.tax_rates, **INCLUSIVE})


def with_settings(**settings: object):
    return replace(USD_BOOKS, documents=replace(USD_BOOKS.documents, **settings))


def drawn(kind=INVOICE, *lines, desk=None, **more: object):
    return (desk or Desk()).draw(kind, *(lines or ["4000 100.00"]), **more)


def dues(document):
    return [(each.date.isoformat(), each.amount / 100) for each in document.dues]


# The draft


def test_a_draft_says_what_its_caller_said_and_what_it_comes_to():
    document = drawn(
        INVOICE,
        "4000 2 x 50.00 vat",
        "4100 10.00",
        on="2025-03-01",
        discount_percent="10",
        order_number="PO-1",
        notes="Cafe\u0301",
        footer="Thanks",
        category_id="shop",
        external_id="shop-1",
        metadata={"till": 7},
    )
    assert document == Document(
        "org_1",
        "inv_0001",
        INVOICE,
        "con_a",
        day("2025-03-01"),
        (Due(day("2025-03-31"), 116_10),),
        "USD",
        document.lines,
        subtotal=99_00,
        discount=11_00,
        tax=17_10,
        total=116_10,
        created_at=NOW,
        updated_at=NOW,
        discount_percent=Decimal(10),
        due_on=day("2025-03-31"),
        order_number="PO-1",
        notes="Caf\u00e9",
        footer="Thanks",
        category_id="shop",
        external_id="shop-1",
        metadata={"till": 7},
    )
    assert (document.phase, document.item, document.number) == (Phase.DRAFT, None, None)
    assert [(each.net, each.tax, each.category_id) for each in document.lines] == [
        (90_00, 17_10, "shop"),
        (9_00, 0, "shop"),
    ]


@pytest.mark.parametrize(
    ("given", "contact", "corrects", "currency"),
    [
        (None, None, None, "USD"),
        (None, "CHF", None, "CHF"),
        (None, "CHF", "EUR", "EUR"),
        ("GBP", "CHF", "EUR", "GBP"),
    ],
)
def test_its_currency_is_said_or_that_of_what_it_corrects_or_the_contacts_or_our_own(
    given, contact, corrects, currency
):
    corrected = None
    if corrects is not None:
        corrected = drawn(INVOICE, currency=corrects)
    document = drawn(
        CREDIT_NOTE,
        contact=replace(CUSTOMER, currency=contact),
        corrects=corrected,
        currency=given,
        corrects_id=None if corrected is None else corrected.id,
    )
    assert document.currency == currency
    assert document.corrects_id == (None if corrected is None else corrected.id)


def test_a_rate_may_be_said_now_or_before_it_is_issued():
    assert drawn(currency="EUR", exchange_rate="1.10").exchange_rate == Decimal("1.10")
    assert drawn(currency="EUR").exchange_rate is None
    assert drawn(exchange_rate="1").exchange_rate is None


@pytest.mark.parametrize(
    ("lines", "said", "inclusive"),
    [
        (["4000 1.00"], None, False),
        (["4000 1.00 vat"], None, True),
        (["4000 1.00 vat", "4000 1.00"], None, True),
        (["4000 1.00 vat", "4000 1.00 sales"], None, True),
        (["4000 1.00 vat", "4000 1.00 low"], None, False),
        (["4000 1.00 vat"], False, False),
        (["4000 1.00 low"], True, True),
    ],
)
def test_prices_contain_tax_if_it_is_said_else_if_all_rates_say_so(lines, said, inclusive):
    desk = Desk(catalogue=ALL_RATES)
    assert drawn(INVOICE, *lines, desk=desk, is_inclusive=said).is_inclusive is inclusive


@pytest.mark.parametrize("kind", [INVOICE, CREDIT_NOTE])
def test_what_we_make_out_ends_with_our_own_footer_unless_it_says_another(kind):
    desk = Desk(with_settings(footer="Little Books, Springfield"))
    assert drawn(kind, desk=desk).footer == "Little Books, Springfield"
    assert drawn(kind, desk=desk, footer="").footer == ""
    assert drawn(kind, desk=desk, footer="Thanks").footer == "Thanks"
    assert drawn(BILL, desk=desk).footer is None


# When it is due


@pytest.mark.parametrize(
    ("contact_terms", "more", "expected"),
    [
        ((), {}, [("2025-03-31", 100.0)]),
        (TERMS, {}, [("2025-03-31", 30.0), ("2025-04-30", 50.0), ("2025-05-30", 20.0)]),
        (TERMS, {"terms": [Term(Decimal(100), 0)]}, [("2025-03-01", 100.0)]),
        (TERMS, {"due_date": date(2025, 3, 14)}, [("2025-03-14", 100.0)]),
        (TERMS, {"due_date": date(2025, 3, 1)}, [("2025-03-01", 100.0)]),
    ],
)
def test_it_is_due_when_it_says_else_by_the_terms_of_its_contact_else_by_ours(
    contact_terms, more, expected
):
    assert dues(drawn(contact=replace(CUSTOMER, terms=contact_terms), **more)) == expected


def test_instalments_stay_as_they_were_while_nothing_else_is_said():
    kept = [Due(day("2025-03-10"), 1), Due(day("2025-04-10"), 2)]
    document = drawn(dues=kept, on="2025-03-20")
    assert dues(document) == [("2025-03-20", 33.33), ("2025-04-10", 66.67)]
    assert document.due_on == day("2025-04-10")
    assert dues(drawn(INVOICE, "4000 0.01", dues=kept)) == [("2025-04-10", 0.01)]
    assert dues(drawn(dues=kept, terms=[Term(Decimal(100), 5)])) == [("2025-03-06", 100.0)]


def test_a_credit_is_never_due_nor_is_nothing():
    for kind in (CREDIT_NOTE, VENDOR_CREDIT):
        assert (dues(drawn(kind)), drawn(kind).due_on) == ([], None)
    assert dues(drawn(INVOICE, "4000 0.00")) == []


# Numbers


@pytest.mark.parametrize("kind", [BILL, VENDOR_CREDIT])
def test_a_vendor_gives_its_own_number(kind):
    assert drawn(kind, number="R-17").number == "R-17"
    assert drawn(kind).number is None


@pytest.mark.parametrize("kind", [INVOICE, CREDIT_NOTE])
def test_nobody_chooses_a_number_of_ours(kind):
    assert refusal(Reason.INVALID_VALUE, drawn, kind, number="INV-1").field == "number"


# What is refused


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"on": "1899-12-31"}, Reason.INVALID_DATE, "date"),
        ({"currency": "EURO"}, Reason.INVALID_VALUE, "currency"),
        ({"exchange_rate": "1.1"}, Reason.INVALID_VALUE, "exchangeRate"),
        ({"currency": "EUR", "exchange_rate": "x"}, Reason.INVALID_AMOUNT, "exchangeRate"),
        ({"due_date": date(2025, 2, 28)}, Reason.INVALID_DATE, "dueDate"),
        ({"due_date": date(2201, 1, 1)}, Reason.INVALID_DATE, "dueDate"),
        ({"terms": [Term(Decimal(50), 1)]}, Reason.INVALID_VALUE, "paymentTerms"),
        ({"category_id": "cat_9"}, Reason.UNKNOWN_REFERENCE, "categoryId"),
        ({"category_id": "old"}, Reason.INACTIVE, "categoryId"),
        ({"discount_percent": "101"}, Reason.INVALID_AMOUNT, "discountPercent"),
        ({"order_number": "x" * 101}, Reason.INVALID_TEXT, "orderNumber"),
        ({"notes": "x" * 10_001}, Reason.INVALID_TEXT, "notes"),
        ({"footer": "x" * 10_001}, Reason.INVALID_TEXT, "footer"),
        ({"external_id": "x" * 201}, Reason.INVALID_TEXT, "externalId"),
        ({"contact": replace(CUSTOMER, is_active=False)}, Reason.INACTIVE, "contactId"),
    ],
)
def test_what_cannot_be_drawn_up_is_refused(what, reason, field):
    assert refusal(reason, drawn, INVOICE, line("4000 1.00", category_id="web"), **what).field == (
        field
    )


def test_a_line_at_fault_is_named_by_its_place():
    refused = refusal(Reason.UNKNOWN_REFERENCE, drawn, INVOICE, "4000 1.00", "4999 1.00")
    assert refused.field == "items[1].accountId"
    refused = refusal(Reason.INVALID_AMOUNT, drawn, INVOICE, "4000 1.00", "4000 0 x 1.00")
    assert refused.field == "items[1].quantity"
    given = replace(draft(INVOICE, "4000 1.00"), lines=[])
    desk = Desk()
    refused = refusal(
        Reason.INVALID_VALUE, draft_document, desk.occasion, CUSTOMER, CATALOGUE, given, "inv_1"
    )
    assert refused.field == "items"


def test_a_contact_out_of_use_is_named_with_what_cannot_be_made_out():
    gone = replace(VENDOR, is_active=False)
    refused = refusal(Reason.INACTIVE, require_contact, gone, VENDOR_CREDIT)
    assert refused.message == "Contact con_b is not active: no vendor credit can be made out."
    require_contact(VENDOR, BILL)
