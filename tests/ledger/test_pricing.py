from dataclasses import replace
from decimal import Decimal, localcontext

import pytest
from books import refusal
from taxed import DOCUMENT, LINE, RATES, figures, line, priced, taxes

from ledger.errors import Reason
from ledger.pricing import MOST_LINES, TaxTotal, tax_totals

THREE = ["33.33 sales"] * 3


def amounts(document):
    """Each line's amount and its part of the document's discount, in minor units."""
    return [(each.amount, each.discount) for each in document.lines]


# Exclusive and inclusive, per line and per document


@pytest.mark.parametrize(
    ("lines", "inclusive", "rounding", "shown"),
    [
        # 33.33 at 8.25 % is 2.749725; 99.99 is 8.249175.
        (THREE, False, LINE, ["33.33 + 2.75"] * 3 + ["99.99 + 8.25 = 108.24"]),
        (THREE, False, DOCUMENT, ["33.33 + 2.75"] * 3 + ["99.99 + 8.25 = 108.24"]),
        # In 33.33 are 2.540161; in 99.99 are 7.620485.
        (THREE, True, LINE, ["30.79 + 2.54"] * 3 + ["92.37 + 7.62 = 99.99"]),
        (THREE, True, DOCUMENT, ["30.79 + 2.54"] * 3 + ["92.37 + 7.62 = 99.99"]),
        # 0.99 at 19 % is 0.1881; 2.97 is 0.5643, allotted to the first two lines first.
        (["0.99 vat"] * 3, False, LINE, ["0.99 + 0.19"] * 3 + ["2.97 + 0.57 = 3.54"]),
        (
            ["0.99 vat"] * 3,
            False,
            DOCUMENT,
            ["0.99 + 0.19", "0.99 + 0.19", "0.99 + 0.18", "2.97 + 0.56 = 3.53"],
        ),
        # In 0.99 at 19 % are 0.158067; in 2.97 are 0.474202.
        (["0.99 vat"] * 3, True, LINE, ["0.83 + 0.16"] * 3 + ["2.49 + 0.48 = 2.97"]),
        (
            ["0.99 vat"] * 3,
            True,
            DOCUMENT,
            ["0.83 + 0.16", "0.83 + 0.16", "0.84 + 0.15", "2.50 + 0.47 = 2.97"],
        ),
        # Each rate is rounded for itself, and a line without a rate has no tax.
        (
            ["3 x 19.99 vat", "9.95 low", "5", "1 zero", "0.05 vat"],
            False,
            DOCUMENT,
            ["59.97 + 11.39", "9.95 + 0.70", "5.00 + 0.00", "1.00 + 0.00", "0.05 + 0.01"]
            + ["75.97 + 12.10 = 88.07"],
        ),
        # Half a cent is rounded away from zero, below zero too.
        (
            ["0.10 five", "-0.10 five"],
            False,
            LINE,
            ["0.10 + 0.01", "-0.10 + -0.01", "0.00 + 0.00 = 0.00"],
        ),
        (
            ["0.10 five", "0.20 five"],
            False,
            DOCUMENT,
            ["0.10 + 0.01", "0.20 + 0.01", "0.30 + 0.02 = 0.32"],
        ),
    ],
)
def test_tax_is_rounded_per_line_or_per_document(lines, inclusive, rounding, shown):
    assert figures(priced(*lines, inclusive=inclusive, rounding=rounding)) == shown


@pytest.mark.parametrize(
    ("currency", "lines", "inclusive", "rounding", "shown"),
    [
        ("JPY", ["333 ten"] * 3, False, LINE, ["333 + 33"] * 3 + ["999 + 99 = 1098"]),
        (
            "JPY",
            ["333 ten"] * 3,
            False,
            DOCUMENT,
            ["333 + 34", "333 + 33", "333 + 33", "999 + 100 = 1099"],
        ),
        ("JPY", ["1100 ten"], True, LINE, ["1000 + 100", "1000 + 100 = 1100"]),
        ("JPY", ["1.5 x 33 ten"], False, LINE, ["50 + 5", "50 + 5 = 55"]),
        # 1.234 at 5 % is 0.0617 and in 1.234 are 0.058762.
        ("KWD", ["1.234 five"], False, LINE, ["1.234 + 0.062", "1.234 + 0.062 = 1.296"]),
        ("KWD", ["1.234 five"], True, LINE, ["1.175 + 0.059", "1.175 + 0.059 = 1.234"]),
        (
            "KWD",
            ["1.234 five", "1.234 five"],
            False,
            DOCUMENT,
            ["1.234 + 0.062", "1.234 + 0.061", "2.468 + 0.123 = 2.591"],
        ),
    ],
)
def test_a_document_has_the_decimals_of_its_currency(currency, lines, inclusive, rounding, shown):
    document = priced(*lines, currency=currency, inclusive=inclusive, rounding=rounding)
    assert figures(document, currency) == shown


# Components


def test_a_compound_component_is_charged_on_net_and_what_came_before():
    document = priced("100.00 quebec")
    assert taxes(document.lines[0]) == ["GST 5.00 on 100.00", "QST 10.47 on 105.00"]
    assert figures(document)[-1] == "100.00 + 15.47 = 115.47"
    deep = priced("100.00 deep").lines[0]
    assert taxes(deep) == ["A 10.00 on 100.00", "B 11.00 on 110.00", "C 12.10 on 121.00"]


def test_what_came_before_counts_as_it_was_rounded():
    # 0.05 of 9.99 is 0.4995 and stands as 0.50; 9.975 % of 10.49 are 1.046378.
    document = priced("9.99 quebec")
    assert taxes(document.lines[0]) == ["GST 0.50 on 9.99", "QST 1.05 on 10.49"]


def test_tax_in_a_price_is_divided_among_the_components():
    # In 115.47 are 15.473250: 4.999838 and 10.473412.
    document = priced("115.47 quebec", inclusive=True)
    assert taxes(document.lines[0]) == ["GST 5.00 on 100.00", "QST 10.47 on 105.00"]
    assert figures(document)[-1] == "100.00 + 15.47 = 115.47"


def test_each_component_is_rounded_once_on_the_document():
    # 0.99 three times: 5 % of 2.97 is 0.1485, and 9.975 % of 3.12 is 0.31122.
    document = priced(*["0.99 quebec"] * 3, rounding=DOCUMENT)
    assert [taxes(each) for each in document.lines] == [
        ["GST 0.05 on 0.99", "QST 0.11 on 1.04"],
        ["GST 0.05 on 0.99", "QST 0.10 on 1.04"],
        ["GST 0.05 on 0.99", "QST 0.10 on 1.04"],
    ]
    assert figures(document)[-1] == "2.97 + 0.46 = 3.43"


def test_odd_cents_of_several_components_go_to_different_lines():
    # In 0.01 ten times, 12 % in all: 0.0107 of tax, and one cent of it is the PST's.
    document = priced(*["0.10 canada"] * 4, inclusive=True, rounding=DOCUMENT)
    assert [taxes(each) for each in document.lines] == [
        ["GST 0.01 on 0.08", "PST 0.01 on 0.08"],
        ["GST 0.01 on 0.09", "PST 0.00 on 0.09"],
        ["GST 0.00 on 0.09", "PST 0.01 on 0.09"],
        ["GST 0.00 on 0.10", "PST 0.00 on 0.10"],
    ]


@pytest.mark.parametrize(("sale", "recoverable"), [(True, [True, True]), (False, [True, False])])
def test_what_is_not_recoverable_is_so_when_we_buy(sale, recoverable):
    document = priced("100 canada", sale=sale)
    assert [each.is_recoverable for each in document.lines[0].taxes] == recoverable
    assert figures(document)[-1] == "100.00 + 12.00 = 112.00"


def test_a_tax_names_its_account_or_that_of_its_rate():
    gst, qst = RATES["quebec"].components
    rate = replace(
        RATES["quebec"],
        components=(replace(gst, account_id="act_gst"), qst),
        account_id="act_2200",
    )
    rates = RATES | {"quebec": rate}
    (row,) = priced("100 quebec", rates=rates).lines
    assert [each.account_id for each in row.taxes] == ["act_gst", "act_2200"]
    assert {each.account_id for each in priced("100 vat").lines[0].taxes} == {None}
    assert [each.is_compound for each in row.taxes] == [False, True]


@pytest.mark.parametrize("inclusive", [False, True])
def test_under_reverse_charge_the_buyer_owes_the_tax_and_the_total_has_none(inclusive):
    document = priced("100 abroad", "20 vat", sale=False, inclusive=inclusive)
    bought = document.lines[0]
    assert (bought.net, bought.tax) == (100_00, 0)
    assert taxes(bought) == ["VAT 19.00 on 100.00"]
    assert bought.taxes[0].is_reverse_charge
    assert document.total == (120_00 if inclusive else 123_80)


@pytest.mark.parametrize("inclusive", [False, True])
def test_under_reverse_charge_the_seller_charges_nothing_and_keeps_the_base(inclusive):
    document = priced("100 abroad-compound", inclusive=inclusive)
    assert taxes(document.lines[0]) == ["A 0.00 on 100.00", "B 0.00 on 100.00"]
    assert all(each.is_reverse_charge for each in document.lines[0].taxes)
    assert figures(document) == ["100.00 + 0.00", "100.00 + 0.00 = 100.00"]


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
    assert figures(document)[-1] == "1188.04 + 183.84 = 1371.88"


# Tax per rate


def test_tax_is_shown_per_component_of_each_rate():
    document = priced("100 quebec", "10 vat", "5", "200 quebec", "10 abroad", sale=False)
    gst, qst, vat = Decimal(5), Decimal("9.975"), Decimal(19)
    assert tax_totals(document.lines) == (
        TaxTotal("quebec", "GST", gst, 300_00, 15_00),
        TaxTotal("quebec", "QST", qst, 315_00, 31_42),
        TaxTotal("vat", "VAT", vat, 10_00, 1_90),
        TaxTotal("abroad", "VAT", vat, 10_00, 1_90, is_reverse_charge=True),
    )
    assert tax_totals(priced("1", "2").lines) == ()


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
