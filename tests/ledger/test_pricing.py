from dataclasses import replace
from decimal import Decimal, localcontext

import pytest
from books import refusal
from taxed import figures, line, priced

from ledger.errors import Reason
from ledger.pricing import MOST_LINES


def amounts(document):
    """Each line's amount and its part of the document's discount, in minor units."""
    return [(each.amount, each.discount) for each in document.lines]


# Amounts and discounts


@pytest.mark.parametrize(
    ("given", "amount"),
    [
        (line("3 x 33.33"), 99_99),
        (line("0.333333 x 100"), 33_33),
        (line("1.5 x 0.33"), 50),
        (line("3 x 0.005"), 2),
        (line("0.5 x 0.01"), 1),
        (line("0.5 x -0.01"), -1),
        (line("0.000001 x 0.000001"), 0),
        (line("999999999 x 0.000001"), 1000_00),
        (line("2 x 0"), 0),
        (line("3 x 33.33", discount_percent="10"), 89_99),
        (line("3 x 33.33", discount_percent="100"), 0),
        (line("3 x 33.33", discount_percent=0), 99_99),
        (line("1 x 0.05", discount_percent="50"), 2),
        (line("1 x 100", discount_percent="33.3333"), 66_67),
        (line("1 x -100", discount_percent="10"), -90_00),
        (line("3 x 33.33", discount_amount="9.99"), 90_00),
        (line("3 x 33.33", discount_amount="99.99"), 0),
        (line("3 x 33.33", discount_amount="0.00"), 99_99),
        (line("-5", discount_amount=0), -5_00),
    ],
)
def test_an_amount_is_quantity_times_price_less_the_lines_discount(given, amount):
    document = priced(given, "100")
    assert document.lines[0].amount == document.lines[0].net == amount
    assert document.total == amount + 100_00


def test_a_discount_is_kept_as_it_was_said():
    percent, amount, none = priced(
        line("100", discount_percent="12.50"), line("100", discount_amount="5"), line("100")
    ).lines
    assert (percent.discount_percent, percent.discount_amount) == (Decimal("12.5"), None)
    assert (amount.discount_percent, amount.discount_amount) == (None, 5_00)
    assert (none.discount_percent, none.discount_amount) == (None, None)
    document = priced("100", discount_percent="12.50")
    assert (document.discount_percent, document.discount_amount) == (Decimal("12.5"), None)
    document = priced("100", discount_amount="5")
    assert (document.discount_percent, document.discount_amount) == (None, 5_00)


@pytest.mark.parametrize(
    ("lines", "discount", "allotted", "shown"),
    [
        # 10.00 of 99.99 in three equal parts.
        (
            ["33.33 vat"] * 3,
            {"discount_amount": "10.00"},
            [3_34, 3_33, 3_33],
            ["29.99 + 5.70", "30.00 + 5.70", "30.00 + 5.70", "89.99 + 17.10 = 107.09"],
        ),
        # Half of 0.05 is 0.025, rounded to 0.03.
        (
            ["0.02", "0.03"],
            {"discount_percent": "50"},
            [1, 2],
            ["0.01 + 0.00", "0.01 + 0.00", "0.02 + 0.00 = 0.02"],
        ),
        # In proportion to what the lines come to, whatever their rates.
        (
            ["100 vat", "50 low", "50"],
            {"discount_percent": "10"},
            [10_00, 5_00, 5_00],
            ["90.00 + 17.10", "45.00 + 3.15", "45.00 + 0.00", "180.00 + 20.25 = 200.25"],
        ),
        # A deduction takes no part: 10 % of 80.00 come off the 100.00.
        (
            ["100 vat", "-20 vat"],
            {"discount_percent": "10"},
            [8_00, 0],
            ["92.00 + 17.48", "-20.00 + -3.80", "72.00 + 13.68 = 85.68"],
        ),
        (
            ["60", "-20", "0", "40"],
            {"discount_amount": "80.00"},
            [48_00, 0, 0, 32_00],
            ["12.00 + 0.00", "-20.00 + 0.00", "0.00 + 0.00", "8.00 + 0.00", "0.00 + 0.00 = 0.00"],
        ),
        (["0"], {"discount_percent": "10"}, [0], ["0.00 + 0.00", "0.00 + 0.00 = 0.00"]),
        (["5"], {"discount_amount": "0"}, [0], ["5.00 + 0.00", "5.00 + 0.00 = 5.00"]),
    ],
)
def test_a_discount_of_the_document_is_allotted_before_tax(lines, discount, allotted, shown):
    document = priced(*lines, **discount)
    assert [each.discount for each in document.lines] == allotted
    assert document.discount == sum(allotted)
    assert figures(document) == shown


def test_a_discount_comes_off_prices_that_contain_the_tax():
    document = priced("119 vat", "107 low", inclusive=True, discount_percent="50")
    assert figures(document) == ["50.00 + 9.50", "50.00 + 3.50", "100.00 + 13.00 = 113.00"]
    assert amounts(document) == [(119_00, 59_50), (107_00, 53_50)]


def test_a_line_keeps_what_was_said_of_it():
    given = replace(line("2 x 1.50 vat"), unit="h", item_id="itm_1", category_id="cat_1")
    made = priced(given).lines[0]
    assert (made.quantity, made.unit_price, made.unit) == (2, Decimal("1.5"), "h")
    assert (made.account_id, made.tax_rate_id) == ("act_4000", "vat")
    assert (made.item_id, made.category_id, made.description) == ("itm_1", "cat_1", "Something")


def test_no_decimal_context_is_asked():
    with localcontext(prec=1):
        document = priced("1.234567 x 1234.567891 quebec", inclusive=True, discount_percent="9.99")
    assert figures(document)[-1] == "1188.06 + 183.84 = 1371.90"


# Refusals


@pytest.mark.parametrize(
    ("what", "reason", "field"),
    [
        ({"description": " "}, Reason.INVALID_TEXT, "description"),
        ({"description": "x" * 1001}, Reason.INVALID_TEXT, "description"),
        ({"unit": "x" * 51}, Reason.INVALID_TEXT, "unit"),
        ({"quantity": "0"}, Reason.INVALID_AMOUNT, "quantity"),
        ({"quantity": "-1"}, Reason.INVALID_AMOUNT, "quantity"),
        ({"quantity": "1.0000001"}, Reason.INVALID_AMOUNT, "quantity"),
        ({"unit_price": "1.0000001"}, Reason.INVALID_AMOUNT, "unitPrice"),
        ({"unit_price": "ten"}, Reason.INVALID_AMOUNT, "unitPrice"),
        ({"unit_price": "10000000000000.01"}, Reason.INVALID_AMOUNT, "unitPrice"),
        ({"unit_price": "-10000000000000.01"}, Reason.INVALID_AMOUNT, "unitPrice"),
        ({"discount_percent": "100.1"}, Reason.INVALID_AMOUNT, "discountPercent"),
        ({"discount_percent": "-1"}, Reason.INVALID_AMOUNT, "discountPercent"),
        ({"discount_amount": "100.01"}, Reason.INVALID_AMOUNT, "discountAmount"),
        ({"discount_amount": "1.001"}, Reason.INVALID_AMOUNT, "discountAmount"),
        ({"discount_amount": "-1"}, Reason.INVALID_AMOUNT, "discountAmount"),
        ({"discount_amount": 1, "discount_percent": 1}, Reason.INVALID_VALUE, "discountAmount"),
        ({"unit_price": "-5", "discount_amount": "1"}, Reason.INVALID_AMOUNT, "discountAmount"),
        ({"tax_rate_id": "tax_never"}, Reason.UNKNOWN_REFERENCE, "taxRateId"),
    ],
)
def test_a_line_that_cannot_stand_is_refused_with_its_path(what, reason, field):
    refused = refusal(reason, priced, "1", replace(line("100"), **what))
    assert refused.field == f"items[1].{field}"


@pytest.mark.parametrize(
    ("discount", "reason", "field"),
    [
        ({"discount_percent": "101"}, Reason.INVALID_AMOUNT, "discountPercent"),
        ({"discount_amount": "50.01"}, Reason.INVALID_AMOUNT, "discountAmount"),
        ({"discount_amount": "1", "discount_percent": "0"}, Reason.INVALID_VALUE, "discountAmount"),
    ],
)
def test_a_discount_that_cannot_be_is_refused_with_its_field(discount, reason, field):
    assert refusal(reason, priced, "60", "-10", **discount).field == field


def test_a_discount_above_what_it_is_taken_off_says_how_much_there_is():
    refused = refusal(Reason.INVALID_AMOUNT, priced, "60", "-10", discount_amount="50.01")
    assert refused.message == "The discount of 50.01 USD is more than the 50.00 it is taken off."
    assert refused.details == {"currency": "USD", "maximum": "50.00"}


@pytest.mark.parametrize(
    ("number", "reason"), [(0, Reason.INVALID_VALUE), (501, Reason.TOO_MANY_ITEMS)]
)
def test_a_document_has_one_to_five_hundred_lines(number, reason):
    refused = refusal(reason, priced, *["1"] * number)
    assert (refused.field, refused.details) == ("items", {"lines": number, "limit": 500})
    assert len(priced(*["1 vat"] * MOST_LINES).lines) == 500


@pytest.mark.parametrize(
    ("lines", "more"),
    [
        (["10000000000000", "0.01"], {}),
        (["10000000000000", "-10000000000000"], {}),
        (["10000000000000 vat"], {}),
        (["10000000000000 abroad"], {"sale": False}),
        (["10000000000000"] * 2, {"discount_percent": "100"}),
    ],
)
def test_no_figure_of_a_document_is_above_the_largest_amount(lines, more):
    refused = refusal(Reason.INVALID_AMOUNT, priced, *lines, **more)
    assert refused.field == "items"
    assert refused.details == {"currency": "USD", "maximum": "10000000000000.00"}
    assert priced("10000000000000").total == 10**15
    assert priced("10000000000000 vat", inclusive=True).total == 10**15


@pytest.mark.parametrize("inclusive", [False, True])
def test_a_total_is_not_below_zero(inclusive):
    refused = refusal(Reason.INVALID_AMOUNT, priced, "10", "-10.01", inclusive=inclusive)
    assert refused.message == "The total is -0.01 USD, and a document's is never below zero."
    assert refused.field == "items"
    assert priced("10 vat", "-10 vat").total == 0
