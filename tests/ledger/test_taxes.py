from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from books import STANDARD, refusal
from taxed import RATES, component, rate

from ledger.errors import Reason
from ledger.taxes import (
    TaxComponent,
    TaxType,
    change_tax_rate,
    close_tax_rate,
    open_tax_rate,
    parse_percent,
    parts_of,
    percent_of,
)

QUEBEC = replace(RATES["quebec"], external_id="mine")


def changed(before=QUEBEC, *, has_history=False, **what: object):
    return change_tax_rate(STANDARD, before, replace(before, **what), has_history=has_history)


# Percentages


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("8.25", "8.25"),
        ("8.2500", "8.25"),
        ("0", "0"),
        ("0.0000", "0"),
        ("0.0001", "0.0001"),
        ("100", "100"),
        ("100.0000", "100"),
        ("099.9999", None),
        (20, "20"),
        (Decimal("9.975"), "9.975"),
        (Decimal("1E-4"), "0.0001"),
    ],
)
def test_a_percentage_is_exact_and_without_needless_zeros(value, text):
    assert format(parse_percent(value), "f") == (text or "99.9999")


@pytest.mark.parametrize(
    "value",
    [
        *["100.0001", "101", 101, "1000", "-1", -1, "1e1", "8.25%", "8,25", "", "8.25000", "NaN"],
        *[Decimal("-0.5"), Decimal("1E+1"), Decimal("NaN"), True],
    ],
)
def test_what_is_not_a_percentage_from_0_to_100_is_refused(value):
    refused = refusal(Reason.INVALID_AMOUNT, parse_percent, value)
    assert refused.suggestion == (
        'Write a percentage from 0 to 100 of at most 4 decimals, such as "8.25": '
        "no sign, exponent or percent sign."
    )


def test_a_percentage_can_be_asked_for_with_fewer_decimals():
    assert parse_percent("33.33", 2) == Decimal("33.33")
    refused = refusal(Reason.INVALID_AMOUNT, parse_percent, "33.333", 2)
    assert refused.details == {"digits": 3, "decimals": 2}


@pytest.mark.parametrize(
    ("components", "exact", "shown"),
    [
        ("Sales 8.25", ["0.0825"], "8.25"),
        ("VAT 0", ["0"], "0"),
        ("VAT 20", ["0.2"], "20"),
        ("GST 5, PST 7", ["0.05", "0.07"], "12"),
        ("GST 5, QST 9.975 compound", ["0.05", "0.1047375"], "15.4738"),
        ("A 10, B 10 compound, C 10 compound", ["0.1", "0.11", "0.121"], "33.1"),
        ("A 10, B 10 compound, C 10", ["0.1", "0.11", "0.1"], "31"),
        ("A 100, B 100 compound, C 100 compound", ["1", "2", "4"], "700"),
        ("A 0.0001, B 50 compound", ["0.000001", "0.5000005"], "50.0002"),
    ],
)
def test_the_percentage_of_a_rate_is_that_of_all_components(components, exact, shown):
    made = rate("r", components)
    assert parts_of(made) == list(map(Fraction, exact))
    with localcontext(prec=2):
        assert format(percent_of(made), "f") == shown


# Joining


def test_a_rate_joins_with_clean_texts_and_plain_percentages():
    given = rate(
        "tax_1",
        "GST 5.0000, QST 9.9750 compound",
        description="",
        metadata=None,
        account_id="act_2200",
    )
    given = replace(given, name="Que\u0301bec")
    opened = open_tax_rate(STANDARD, given)
    assert (opened.name, opened.description, opened.metadata) == ("Qu\u00e9bec", "", {})
    assert [format(each.percent, "f") for each in opened.components] == ["5", "9.975"]
    assert open_tax_rate(STANDARD, opened) == opened


def test_a_rate_has_one_to_ten_components():
    ten = tuple(component(f"N{number} 1") for number in range(10))
    assert len(open_tax_rate(STANDARD, replace(QUEBEC, components=ten)).components) == 10


def test_a_component_has_an_account_of_its_own():
    parts = (TaxComponent("GST", Decimal(5), account_id="act_2200"),)
    opened = open_tax_rate(STANDARD, replace(QUEBEC, components=parts))
    assert opened.components[0].account_id == "act_2200"


def parts(*texts, **more: object):
    *first, last = map(component, texts)
    return {"components": (*first, replace(last, **more))}


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"name": " "}, Reason.INVALID_TEXT, "name"),
        ({"name": "x" * 201}, Reason.INVALID_TEXT, "name"),
        ({"description": "x" * 1001}, Reason.INVALID_TEXT, "description"),
        ({"metadata": []}, Reason.INVALID_VALUE, "metadata"),
        ({"external_id": "x" * 201}, Reason.INVALID_TEXT, "externalId"),
        ({"account_id": "act_never"}, Reason.UNKNOWN_REFERENCE, "accountId"),
        ({"account_id": "act_1100"}, Reason.INVALID_VALUE, "accountId"),
        ({"components": ()}, Reason.INVALID_VALUE, "components"),
        (parts(*(f"N{n} 1" for n in range(11))), Reason.TOO_MANY_ITEMS, "components"),
        (parts("A 1 compound"), Reason.INVALID_VALUE, "components[0].isCompound"),
        (parts("A 1", "A 2"), Reason.INVALID_VALUE, "components[1].name"),
        (parts("A 1", "B 1", name=""), Reason.INVALID_TEXT, "components[1].name"),
        (parts("A 1", "B 101"), Reason.INVALID_AMOUNT, "components[1].percent"),
        (parts("A -1"), Reason.INVALID_AMOUNT, "components[0].percent"),
        (parts("A 1.00001"), Reason.INVALID_AMOUNT, "components[0].percent"),
        (
            parts("A 1", "B 1", account_id="act_x"),
            Reason.UNKNOWN_REFERENCE,
            "components[1].accountId",
        ),
        (parts("A 1", account_id="act_2000"), Reason.INVALID_VALUE, "components[0].accountId"),
    ],
)
def test_a_rate_that_does_not_fit_is_refused_with_its_field(what, reason, field):
    given = replace(RATES["quebec"], **what)
    assert refusal(reason, open_tax_rate, STANDARD, given).field == field


# Changing


def test_everything_may_change_before_the_first_use():
    after = changed(
        name="HST",
        type=TaxType.SALES_TAX,
        components=(component("HST 13"),),
        is_inclusive=True,
        is_reverse_charge=True,
        account_id="act_2200",
        is_active=False,
    )
    assert (after.name, after.type, percent_of(after)) == ("HST", TaxType.SALES_TAX, 13)
    assert (after.is_inclusive, after.is_reverse_charge, after.is_active) == (True, True, False)


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"type": TaxType.EXCISE}, "taxType"),
        (parts("GST 5", "QST 9.9751 compound"), "components"),
        (parts("GST 5"), "components"),
        ({"is_inclusive": True}, "isInclusive"),
        ({"is_reverse_charge": True}, "isReverseCharge"),
    ],
)
def test_what_decides_the_tax_is_frozen_by_the_first_use(what, field):
    refused = refusal(Reason.FROZEN, changed, has_history=True, **what)
    assert refused.message == (
        f"{field} of the tax rate QUEBEC is fixed: issued documents were charged at it."
    )
    assert (refused.field, refused.details) == (field, {"tax_rate_id": "quebec", "field": field})
    assert changed(**what) == replace(QUEBEC, **what)


def test_a_rate_in_use_may_be_renamed_booked_elsewhere_and_laid_aside():
    same = parts("GST 5.00", "QST 9.9750 compound")
    after = changed(has_history=True, name="Q", account_id="act_2200", is_active=False, **same)
    assert (after.name, after.account_id, after.is_active) == ("Q", "act_2200", False)


@pytest.mark.parametrize("external_id", [None, "other"])
def test_the_callers_own_id_of_a_rate_is_permanent(external_id):
    assert refusal(Reason.FROZEN, changed, external_id=external_id).field == "externalId"
    given = changed(RATES["vat"], external_id="new")
    assert given.external_id == "new"


def test_a_rate_that_nothing_names_can_be_deleted_and_one_that_is_named_stays():
    close_tax_rate(QUEBEC, is_used=False)
    refused = refusal(Reason.IN_USE, close_tax_rate, QUEBEC, is_used=True)
    assert (refused.field, refused.details) == ("id", {"tax_rate_id": "quebec"})
