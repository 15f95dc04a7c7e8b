from dataclasses import replace
from decimal import Decimal

import pytest
from books import NOW, STANDARD, refusal

from ledger.accounts import Role
from ledger.errors import Reason
from ledger.items import Item, ItemType, add_item, change_item, parse_price, remove_item

HOUR = Item("org_1", "itm_1", "An hour", ItemType.SERVICE, "USD", NOW, NOW)
RECEIVABLE = STANDARD.by_role[Role.RECEIVABLE]
PAYABLE = STANDARD.by_role[Role.PAYABLE]
KNOWN = {"tax_rates": {"tax_1"}, "categories": {"cat_1"}}


def added(**what: object):
    return add_item(STANDARD, replace(HOUR, **what), **KNOWN)


def changed(before, **what: object):
    return change_item(STANDARD, before, replace(before, **what), **KNOWN)


# Joining


def test_an_item_comes_in_with_clean_texts_and_plain_prices():
    item = added(
        name="Kaffebro\u0308d",
        currency="cur_eur",
        description="",
        sku="KB-1",
        price=Decimal("150.0000"),
        purchase_price=Decimal("0.000001"),
        revenue_account_id="act_4000",
        expense_account_id="act_5000",
        tax_rate_id="tax_1",
        category_id="cat_1",
        unit="h",
        external_id="shop-1",
        metadata=None,
    )
    assert item == replace(
        HOUR,
        name="Kaffebr\u00f6d",
        currency="EUR",
        description="",
        sku="KB-1",
        price=Decimal(150),
        purchase_price=Decimal("0.000001"),
        revenue_account_id="act_4000",
        expense_account_id="act_5000",
        tax_rate_id="tax_1",
        category_id="cat_1",
        unit="h",
        external_id="shop-1",
    )
    assert str(item.price) == "150"


def test_an_item_needs_no_more_than_a_name_a_type_and_a_currency():
    assert added() == HOUR


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"name": ""}, Reason.INVALID_TEXT, "name"),
        ({"name": "x" * 201}, Reason.INVALID_TEXT, "name"),
        ({"currency": "XYZ"}, Reason.INVALID_VALUE, "currency"),
        ({"description": "x" * 1001}, Reason.INVALID_TEXT, "description"),
        ({"sku": " "}, Reason.INVALID_TEXT, "sku"),
        ({"sku": "x" * 101}, Reason.INVALID_TEXT, "sku"),
        ({"price": Decimal(-1)}, Reason.INVALID_AMOUNT, "price"),
        ({"price": Decimal("NaN")}, Reason.INVALID_AMOUNT, "price"),
        ({"purchase_price": Decimal("1E+12")}, Reason.INVALID_AMOUNT, "purchasePrice"),
        ({"unit": "x" * 51}, Reason.INVALID_TEXT, "unit"),
        ({"external_id": "x" * 201}, Reason.INVALID_TEXT, "externalId"),
        ({"metadata": []}, Reason.INVALID_VALUE, "metadata"),
        ({"revenue_account_id": "act_x"}, Reason.UNKNOWN_REFERENCE, "defaultRevenueAccountId"),
        ({"expense_account_id": "act_x"}, Reason.UNKNOWN_REFERENCE, "defaultExpenseAccountId"),
        ({"revenue_account_id": RECEIVABLE.id}, Reason.INVALID_VALUE, "defaultRevenueAccountId"),
        ({"expense_account_id": PAYABLE.id}, Reason.INVALID_VALUE, "defaultExpenseAccountId"),
        ({"tax_rate_id": "tax_x"}, Reason.UNKNOWN_REFERENCE, "taxRateId"),
        ({"category_id": "cat_x"}, Reason.UNKNOWN_REFERENCE, "categoryId"),
    ],
)
def test_an_item_that_does_not_fit_is_refused_with_its_field(what, reason, field):
    assert refusal(reason, added, **what).field == field
    assert refusal(reason, changed, HOUR, **what).field == field


def test_an_unknown_category_is_named():
    refused = refusal(Reason.UNKNOWN_REFERENCE, added, category_id="cat_x")
    assert refused.message == "There is no category cat_x in this organization."
    assert refused.suggestion == "Create the category first, or leave categoryId out."
    assert refused.details == {"category_id": "cat_x"}


# Prices


@pytest.mark.parametrize(
    ("value", "price"),
    [
        ("0", "0"),
        ("0.00", "0"),
        ("150.0000", "150"),
        ("19.90", "19.9"),
        ("0.000001", "0.000001"),
        ("007", "7"),
        ("999999999999.999999", "999999999999.999999"),
        (100, "100"),
        (0, "0"),
        (Decimal("1.50"), "1.5"),
        (Decimal("0.000001"), "0.000001"),
    ],
)
def test_a_price_is_read_exactly_and_without_needless_zeros(value, price):
    assert str(parse_price(value, "price")) == price


@pytest.mark.parametrize(
    "value",
    [
        *["", "-1", "-0", "+1", "1e2", "1,5", "1.", ".5", " 1", "NaN", "1_0", "\uff11", "\ud800"],
        *["1000000000000", "0.0000001", "1.0000000", "9" * 1_000, 10**12, -1, True, 10**400],
        *[Decimal(-1), Decimal("1E+2"), Decimal("1E-7"), Decimal("Infinity"), Decimal("NaN")],
        *[Decimal("1E+400000000"), Decimal("1E-400000000")],
    ],
)
def test_what_is_no_price_is_refused_never_rounded(value):
    refused = refusal(Reason.INVALID_AMOUNT, parse_price, value, "purchasePrice")
    assert refused.field == "purchasePrice"
    assert refused.suggestion == (
        "Write a price of zero or more with at most 12 digits before and 6 after the point, "
        'such as "19.90": no sign, exponent or blank.'
    )
    assert refused.message.encode()


# Changing


def test_an_item_changes_freely():
    after = changed(HOUR, name="A day", price=Decimal(800), is_active=False)
    assert after == replace(HOUR, name="A day", price=Decimal(800), is_active=False)


def test_an_external_id_is_given_once():
    known = changed(HOUR, external_id="shop-1")
    assert changed(known, name="A day").external_id == "shop-1"
    for other in ("shop-2", None):
        refused = refusal(Reason.FROZEN, changed, known, external_id=other)
        assert (refused.field, refused.details) == ("externalId", {"external_id": "shop-1"})


# Leaving


def test_an_item_that_nothing_names_may_be_deleted():
    remove_item(HOUR, is_used=False)


def test_an_item_in_use_stays():
    refused = refusal(Reason.IN_USE, remove_item, HOUR, is_used=True)
    assert refused.message == "Item An hour is named by documents or has attachments, and stays."
    assert refused.suggestion == "Set its isActive to false instead."
    assert refused.details == {"item_id": "itm_1"}
