from dataclasses import replace

import pytest
from books import NOW, refusal

from ledger.categories import (
    DEEPEST,
    Category,
    CategoryType,
    change_category,
    close_category,
    open_category,
)
from ledger.errors import Reason

INCOME, EXPENSE = CategoryType.INCOME, CategoryType.EXPENSE


def category(name, parent=None, type_=EXPENSE, **more: object):
    """A category, its id `cat_` and its name, below another one of that name."""
    parent_id = None if parent is None else f"cat_{parent}"
    return Category("org_1", f"cat_{name}", name, type_, NOW, NOW, parent_id=parent_id, **more)


def tree_of(*categories: Category):
    return {each.id: each for each in categories}


def line(levels, prefix="N"):
    """Categories N1, N2 ... each below the one before."""
    names = [f"{prefix}{level}" for level in range(1, levels + 1)]
    return [category(name, above) for name, above in zip(names, [None, *names], strict=False)]


CAR = category("Car")
FUEL = category("Fuel", "Car")
SALES = category("Sales", type_=INCOME)
TREE = tree_of(CAR, FUEL, SALES)


def changed(before, tree=TREE, *, is_used=False, **what: object):
    return change_category(tree, before, replace(before, **what), is_used=is_used)


# Joining


def test_a_category_joins_with_clean_texts_and_its_colour_in_capitals():
    given = category("Kaffebro\u0308d", "Car", color="#1e90ff", metadata=None)
    assert open_category(TREE, given) == replace(
        given, name="Kaffebr\u00f6d", color="#1E90FF", metadata={}
    )


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"name": " "}, Reason.INVALID_TEXT, "name"),
        ({"name": "x" * 201}, Reason.INVALID_TEXT, "name"),
        ({"description": "x" * 1001}, Reason.INVALID_TEXT, "description"),
        ({"color": "red"}, Reason.INVALID_VALUE, "color"),
        ({"color": "#12345"}, Reason.INVALID_VALUE, "color"),
        ({"color": "#1234567"}, Reason.INVALID_VALUE, "color"),
        ({"color": "#12345g"}, Reason.INVALID_VALUE, "color"),
        ({"color": "#\u0661\u0661\u0661\u0661\u0661\u0661"}, Reason.INVALID_VALUE, "color"),
        ({"color": "#123456\n"}, Reason.INVALID_VALUE, "color"),
        ({"external_id": "x" * 201}, Reason.INVALID_TEXT, "externalId"),
        ({"metadata": []}, Reason.INVALID_VALUE, "metadata"),
        ({"name": "Car"}, Reason.DUPLICATE, "name"),
        ({"external_id": "known"}, Reason.DUPLICATE, "externalId"),
        ({"parent_id": "cat_x"}, Reason.UNKNOWN_REFERENCE, "parentId"),
        ({"parent_id": "cat_Sales"}, Reason.INVALID_PARENT, "parentId"),
    ],
)
def test_a_category_that_does_not_fit_is_refused_with_its_field(what, reason, field):
    tree = TREE | tree_of(category("Known", external_id="known"))
    before = category("Rent")
    assert refusal(reason, open_category, tree, replace(before, **what)).field == field
    assert refusal(reason, changed, before, tree | tree_of(before), **what).field == field


@pytest.mark.parametrize("name", ["Fuel", "FUEL", "fuel"])
def test_siblings_have_different_names_whatever_the_letter_case(name):
    given = replace(category("Other", "Car"), name=name)
    refused = refusal(Reason.DUPLICATE, open_category, TREE, given)
    assert refused.message == "There is a category Fuel in the same place already."
    assert refused.details == {"name": name, "existing_id": "cat_Fuel"}


@pytest.mark.parametrize("given", [category("FUEL"), category("CAR", type_=INCOME)])
def test_a_name_may_return_in_another_place_or_type(given):
    assert open_category(TREE, given) == given


def test_a_duplicate_external_id_names_the_category_that_is_there():
    known, given = category("Known", external_id="k-1"), category("Other", external_id="k-1")
    refused = refusal(Reason.DUPLICATE, open_category, tree_of(known), given)
    assert refused.message == "The external id 'k-1' is already that of category Known."
    assert refused.details == {"external_id": "k-1", "existing_id": "cat_Known"}


def test_an_unknown_parent_is_named():
    refused = refusal(Reason.UNKNOWN_REFERENCE, open_category, TREE, category("Rent", "House"))
    assert refused.message == "There is no category cat_House in this organization."
    assert refused.details == {"category_id": "cat_House"}


def test_a_branch_is_of_one_type():
    refused = refusal(Reason.INVALID_PARENT, open_category, TREE, category("Tips", "Sales"))
    assert refused.message == (
        "Category Sales cannot be the parent: it is of type income, not expense."
    )
    assert refused.details == {"parent_id": "cat_Sales"}


def test_a_tree_of_categories_has_ten_levels():
    *upper, lowest = line(DEEPEST)
    assert open_category(tree_of(*upper), lowest) == lowest
    eleventh = category("N11", "N10")
    refused = refusal(Reason.INVALID_PARENT, open_category, tree_of(*upper, lowest), eleventh)
    assert refused.message == (
        "Category N10 cannot be the parent: it lies on level 10, and a tree has at most 10 levels."
    )


# Changing


def test_a_category_keeps_its_name_and_external_id_while_all_else_changes():
    known = category("Known", external_id="k-1")
    tree = TREE | tree_of(known)
    after = changed(known, tree, description="As ever", parent_id="cat_Car", is_active=False)
    assert after == replace(known, description="As ever", parent_id="cat_Car", is_active=False)
    assert changed(known, tree, name="KNOWN", is_used=True).name == "KNOWN"


def test_an_external_id_is_given_once():
    known = category("Known", external_id="k-1")
    for other in ("k-2", None):
        refused = refusal(Reason.FROZEN, changed, known, tree_of(known), external_id=other)
        assert (refused.field, refused.details) == ("externalId", {"external_id": "k-1"})


@pytest.mark.parametrize(
    ("before", "is_used", "message"),
    [
        (CAR, False, "Category Car has sub-categories and stays of type expense."),
        (CAR, True, "Category Car has sub-categories and stays of type expense."),
        (SALES, True, "Category Sales is in use and stays of type income."),
    ],
)
def test_the_type_stays_while_anything_hangs_on_it(before, is_used, message):
    refused = refusal(Reason.FROZEN, changed, before, is_used=is_used, type=CategoryType.OTHER)
    assert (refused.message, refused.field) == (message, "categoryType")
    assert refused.details == {"category_id": before.id}


def test_the_type_changes_while_nothing_hangs_on_it_and_its_place_allows():
    assert changed(SALES, type=EXPENSE, parent_id="cat_Car").type is EXPENSE
    assert refusal(Reason.INVALID_PARENT, changed, FUEL, type=INCOME).field == "parentId"


@pytest.mark.parametrize("parent", ["N1", "N2", "N3"])
def test_a_category_cannot_lie_below_itself(parent):
    top, *below = line(3)
    refused = refusal(
        Reason.INVALID_PARENT, changed, top, tree_of(top, *below), parent_id=f"cat_{parent}"
    )
    assert refused.message == (
        f"Category {parent} cannot be the parent: it is the category itself or lies below it."
    )


def test_a_category_moves_with_its_sub_categories_only_where_all_fit():
    upper, lower = line(6), line(4, "M")
    tree = tree_of(*upper, *lower)
    assert changed(lower[0], tree, parent_id="cat_N6").parent_id == "cat_N6"
    deeper = tree | tree_of(category("M5", "M4"))
    refused = refusal(Reason.INVALID_PARENT, changed, lower[0], deeper, parent_id="cat_N6")
    assert refused.message == (
        "Category N6 cannot be the parent: it lies on level 6, and a tree has at most 10 levels."
    )


# Leaving


def test_a_category_that_nothing_hangs_on_may_be_deleted():
    close_category(TREE, FUEL, is_used=False)


def test_a_category_in_use_stays():
    refused = refusal(Reason.IN_USE, close_category, TREE, FUEL, is_used=True)
    assert refused.message == (
        "Category Fuel is named by transactions, documents or items and stays."
    )
    assert refused.suggestion == "Set its isActive to false instead."
    assert refused.details == {"category_id": "cat_Fuel"}


def test_a_category_with_sub_categories_is_not_deleted():
    below = [category(f"F{n}", "Fuel") for n in range(12)]
    refused = refusal(Reason.IN_USE, close_category, TREE | tree_of(*below), FUEL, is_used=False)
    assert refused.message == "Category Fuel has 12 sub-categories."
    assert refused.details == {
        "category_id": "cat_Fuel",
        "children": [each.id for each in below[:10]],
    }
