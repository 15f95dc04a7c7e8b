"""What a line takes that it does not say: from its item, its contact, its document."""

from dataclasses import replace
from decimal import Decimal

import pytest
from books import NOW, account, refusal
from documented import CATALOGUE, CHART, CUSTOMER

from ledger.accounts import AccountStatus, Subtype
from ledger.errors import Reason
from ledger.items import Item, ItemType
from ledger.line_drafting import Catalogue, LineDraft, filled, require_active
from ledger.pricing import DraftLine

ROPE = Item(
    "org_1",
    "itm_1",
    "Rope",
    ItemType.PRODUCT,
    "USD",
    NOW,
    NOW,
    description="Hemp rope",
    price=Decimal("19.90"),
    purchase_price=Decimal("8.50"),
    revenue_account_id="act_4100",
    expense_account_id="act_5000",
    tax_rate_id="vat",
    category_id="shop",
    unit="m",
)
OLD = replace(CATALOGUE.tax_rates["low"], id="old", is_active=False)
RATES = {**CATALOGUE.tax_rates, "old": OLD}
OF_ITEM, SAID = LineDraft(item_id="itm_1"), LineDraft("Said", unit_price="1.00")


def drawn(line, *, item=ROPE, contact=CUSTOMER, chart=CHART, sale=True, **more: object):
    catalogue = Catalogue({"itm_1": item}, RATES, CATALOGUE.categories)
    given = {"currency": "USD", "category_id": None} | more
    return filled(chart, contact, catalogue, line, is_sale=sale, **given)


def test_what_a_line_says_itself_stands():
    line = LineDraft(
        description="Said",
        quantity="3",
        unit_price="5.00",
        account_id="act_4200",
        tax_rate_id="low",
        item_id="itm_1",
        category_id="web",
        discount_percent="5",
        discount_amount=None,
        unit="yd",
    )
    contact = replace(CUSTOMER, tax_rate_id="zero", revenue_account_id="act_4800")
    assert drawn(line, contact=contact, category_id="shop") == DraftLine(
        description="Said",
        quantity="3",
        unit_price="5.00",
        account_id="act_4200",
        discount_percent="5",
        unit="yd",
        tax_rate_id="low",
        item_id="itm_1",
        category_id="web",
    )


def test_what_it_does_not_say_is_that_of_its_item():
    assert drawn(OF_ITEM, contact=replace(CUSTOMER, tax_rate_id="zero")) == DraftLine(
        description="Hemp rope",
        quantity=1,
        unit_price=Decimal("19.90"),
        account_id="act_4100",
        unit="m",
        tax_rate_id="vat",
        item_id="itm_1",
        category_id="shop",
    )


def test_a_bill_takes_the_price_and_the_account_of_buying():
    line = drawn(OF_ITEM, sale=False)
    assert (line.unit_price, line.account_id) == (Decimal("8.50"), "act_5000")


def test_an_item_with_one_price_has_it_for_buying_too():
    assert drawn(
        OF_ITEM, item=replace(ROPE, purchase_price=None), sale=False
    ).unit_price == Decimal("19.90")


def test_an_item_without_a_description_is_called_by_its_name():
    assert drawn(OF_ITEM, item=replace(ROPE, description=None)).description == "Rope"


def test_what_the_item_does_not_have_is_that_of_the_contact_or_the_document():
    bare = Item("org_1", "itm_1", "Rope", ItemType.PRODUCT, "USD", NOW, NOW, price=Decimal(1))
    contact = replace(
        CUSTOMER, tax_rate_id="low", revenue_account_id="act_4800", expense_account_id="act_5300"
    )
    line = drawn(OF_ITEM, item=bare, contact=contact, category_id="web")
    assert (line.tax_rate_id, line.account_id, line.category_id) == ("low", "act_4800", "web")
    assert drawn(OF_ITEM, item=bare, contact=contact, sale=False).account_id == "act_5300"


def test_a_line_without_an_item_takes_from_contact_and_document():
    contact = replace(CUSTOMER, tax_rate_id="low", revenue_account_id="act_4800")
    line = drawn(SAID, contact=contact, category_id="web")
    assert (line.tax_rate_id, line.account_id, line.category_id) == ("low", "act_4800", "web")
    assert (line.item_id, line.unit) == (None, None)


def test_a_tax_rate_of_no_name_says_that_there_is_no_tax():
    assert drawn(replace(OF_ITEM, tax_rate_id="")).tax_rate_id is None
    assert drawn(SAID).tax_rate_id is None


@pytest.mark.parametrize(("sale", "code"), [(True, "4000"), (False, "5100")])
def test_without_any_account_it_is_the_first_active_one_that_fits(sale, code):
    out_of_use = account("0001", status=AccountStatus.INACTIVE, subtype=Subtype.SALES)
    chart = CHART.having([out_of_use, replace(out_of_use, id="act_0002", code="0002")])
    assert drawn(SAID, chart=chart, sale=sale).account_id == f"act_{code}"


def test_where_no_account_fits_it_has_to_be_said():
    sales = [each for each in CHART.by_id.values() if each.subtype is Subtype.SALES]
    chart = CHART.having([], [each.id for each in sales])
    assert refusal(Reason.INVALID_VALUE, drawn, SAID, chart=chart).field == "accountId"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        (LineDraft("Said"), {}),
        (OF_ITEM, {"currency": "EUR"}),
        (OF_ITEM, {"item": replace(ROPE, price=None)}),
        (OF_ITEM, {"item": replace(ROPE, price=None, purchase_price=None), "sale": False}),
    ],
)
def test_a_line_without_a_price_in_the_documents_currency_is_refused(line, what):
    refused = refusal(Reason.INVALID_VALUE, drawn, line, **what)
    assert refused.field == "unitPrice"


INACTIVE = CHART.having([replace(CHART.by_code["4100"], status=AccountStatus.INACTIVE)])


@pytest.mark.parametrize(
    ("line", "what", "reason", "field"),
    [
        (LineDraft(item_id="itm_9"), {}, Reason.UNKNOWN_REFERENCE, "itemId"),
        (replace(SAID, tax_rate_id="tax_9"), {}, Reason.UNKNOWN_REFERENCE, "taxRateId"),
        (replace(SAID, category_id="cat_9"), {}, Reason.UNKNOWN_REFERENCE, "categoryId"),
        (replace(SAID, account_id="act_9"), {}, Reason.UNKNOWN_REFERENCE, "accountId"),
        (OF_ITEM, {"item": replace(ROPE, is_active=False)}, Reason.INACTIVE, "itemId"),
        (replace(SAID, tax_rate_id="old"), {}, Reason.INACTIVE, "taxRateId"),
        (SAID, {"contact": replace(CUSTOMER, tax_rate_id="old")}, Reason.INACTIVE, "taxRateId"),
        (replace(SAID, category_id="old"), {}, Reason.INACTIVE, "categoryId"),
        (OF_ITEM, {"chart": INACTIVE}, Reason.ACCOUNT_INACTIVE, "accountId"),
        (replace(SAID, account_id="act_1100"), {}, Reason.INVALID_VALUE, "accountId"),
        (replace(SAID, account_id="act_2000"), {}, Reason.INVALID_VALUE, "accountId"),
    ],
)
def test_what_a_line_names_must_be_there_and_in_use(line, what, reason, field):
    assert refusal(reason, drawn, line, **what).field == field


def test_what_is_out_of_use_says_which_it_is():
    refused = refusal(Reason.INACTIVE, require_active, "tax rate", OLD, "taxRateId")
    assert refused.message == "The tax rate old LOW is not active."
    assert refused.details == {"tax_rate_id": "old"}
    require_active("tax rate", None, "taxRateId")
    require_active("item", ROPE, "itemId")
