"""Changing a draft: drawn up again from what it was, with what is given changed in it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from books import LATER, NOW, refusal
from desk import Desk
from documented import BILL, CREDIT_NOTE, CUSTOMER, INVOICE, VENDOR, line

from ledger.contacts import Term
from ledger.document_drafting import amend_document, draft_document, redraft_document
from ledger.errors import Reason

TERMS = (Term(Decimal(30), 30), Term(Decimal(50), 60), Term(Decimal(20), 90))


def drawn(kind=INVOICE, *lines, **more: object):
    return Desk().draw(kind, *(lines or ["4000 100.00"]), **more)


def dues(document):
    return [(each.date.isoformat(), each.amount / 100) for each in document.dues]


def again(document, contact=CUSTOMER, **given: object):
    """The draft drawn up again, with what is given changed in it."""
    desk = Desk(moment=LATER)
    draft = replace(redraft_document(document), **given)
    drawn_up = draft_document(desk.occasion, contact, desk.catalogue, draft, document.id)
    return amend_document(document, drawn_up)


FULL = {
    "discount_amount": "5.00",
    "terms": TERMS,
    "currency": "EUR",
    "exchange_rate": "1.10",
    "order_number": "PO-1",
    "notes": "Notes",
    "footer": "Thanks",
    "category_id": "shop",
    "external_id": "shop-1",
    "metadata": {"till": 7},
}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        (INVOICE, FULL),
        (BILL, FULL | {"number": "R-17"}),
        (INVOICE, {"discount_percent": "12.5"}),
        (CREDIT_NOTE, {"corrects_id": "inv_9"}),
    ],
)
def test_a_draft_drawn_up_again_is_the_same_but_for_its_version(kind, more):
    lines = [
        line("4000 3 x 33.33 vat", discount_percent="10", unit="h"),
        line("4100 50.00 low", discount_amount="0.50", item_id="itm_1"),
        line("4200 -1.00", category_id="web"),
    ]
    document = drawn(kind, *lines, **more)
    contact = CUSTOMER if kind.side is INVOICE.side else VENDOR
    assert again(document, contact=contact) == replace(document, updated_at=LATER, version=2)


def test_a_line_that_had_no_tax_has_none_when_it_is_drawn_up_again():
    document = drawn(INVOICE, "4000 10.00")
    taxed = replace(CUSTOMER, tax_rate_id="vat")
    assert again(document, contact=taxed).tax == 0


def test_lines_without_items_follow_their_document_to_another_category():
    lines = [
        line("4000 1.00"),
        line("4000 1.00", category_id="web"),
        line("4000 1.00", item_id="itm_1"),
    ]
    document = drawn(INVOICE, *lines, category_id="shop")
    assert [each.category_id for each in document.lines] == ["shop", "web", "shop"]
    changed = again(document, category_id="web")
    assert [each.category_id for each in changed.lines] == ["web", "web", "shop"]
    changed = again(document, category_id=None)
    assert [each.category_id for each in changed.lines] == [None, "web", "shop"]


def test_what_changes_is_priced_anew_and_falls_due_in_the_same_parts():
    document = drawn(INVOICE, "4000 100.00", terms=TERMS)
    changed = again(document, lines=[line("4000 200.00")])
    assert dues(changed) == [("2025-03-31", 60.0), ("2025-04-30", 100.0), ("2025-05-30", 40.0)]
    assert (changed.created_at, changed.updated_at, changed.version) == (NOW, LATER, 2)


def test_an_external_id_is_permanent():
    document = drawn(external_id="shop-1")
    for other in (None, "shop-2"):
        assert refusal(Reason.FROZEN, again, document, external_id=other).field == "externalId"
    assert again(drawn(), external_id="shop-2").external_id == "shop-2"
