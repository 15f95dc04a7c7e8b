from dataclasses import replace
from decimal import Decimal

import pytest
from taxed import DOCUMENT, LINE, RATES, figures, priced, taxes

from ledger.pricing import TaxTotal, tax_totals

THREE = ["33.33 sales"] * 3


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
            [
                *["59.97 + 11.39", "9.95 + 0.70", "5.00 + 0.00", "1.00 + 0.00", "0.05 + 0.01"],
                "75.97 + 12.10 = 88.07",
            ],
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
    # In 0.40 are 0.042857, so four cents: 0.017857 and 0.025 make two of each component.
    document = priced(*["0.10 canada"] * 4, inclusive=True, rounding=DOCUMENT)
    assert [taxes(each) for each in document.lines] == [
        ["GST 0.01 on 0.09", "PST 0.00 on 0.09"],
        ["GST 0.01 on 0.09", "PST 0.00 on 0.09"],
        ["GST 0.00 on 0.09", "PST 0.01 on 0.09"],
        ["GST 0.00 on 0.09", "PST 0.01 on 0.09"],
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
