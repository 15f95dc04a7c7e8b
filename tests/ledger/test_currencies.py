import dataclasses

import generate_currencies
import iso4217
import pytest

from ledger.currencies import CURRENCIES, Currency, currency
from ledger.errors import LedgerError, Reason

PUBLISHED = {each.code: each for each in iso4217.Currency if each.exponent is not None}


def test_the_table_has_every_currency_of_iso_4217_that_has_a_minor_unit():
    assert set(CURRENCIES) == set(PUBLISHED)
    assert len(CURRENCIES) == 165


@pytest.mark.parametrize("code", PUBLISHED)
def test_minor_unit_and_name_are_those_of_iso_4217(code):
    ours, published = CURRENCIES[code], PUBLISHED[code]
    assert (ours.code, ours.decimals, ours.name) == (
        code,
        published.exponent,
        published.currency_name,
    )


@pytest.mark.parametrize(
    ("code", "name", "symbol", "decimals"),
    [
        ("USD", "US Dollar", "$", 2),
        ("CAD", "Canadian Dollar", "CA$", 2),
        ("EUR", "Euro", "€", 2),
        ("GBP", "Pound Sterling", "£", 2),
        ("JPY", "Yen", "¥", 0),
        ("CHF", "Swiss Franc", "CHF", 2),
        ("KWD", "Kuwaiti Dinar", "KWD", 3),
        ("IQD", "Iraqi Dinar", "IQD", 3),
        ("CLF", "Unidad de Fomento", "CLF", 4),
        ("UYW", "Unidad Previsional", "UYW", 4),
        ("TOP", "Pa\u2019anga", "TOP", 2),
        ("XOF", "CFA Franc BCEAO", "F\u202fCFA", 0),
    ],
)
def test_a_currency_is_its_code_name_symbol_and_decimals(code, name, symbol, decimals):
    assert CURRENCIES[code] == Currency(code, name, symbol, decimals)


@pytest.mark.parametrize("code", ["XAU", "XAG", "XXX", "XTS", "XDR"])
def test_gold_and_test_codes_are_no_currencies_since_nothing_can_be_counted_in_them(code):
    assert code not in CURRENCIES


def test_the_table_is_what_its_generator_writes():
    source = generate_currencies.CURRENCIES_FILE.read_text(encoding="utf-8")
    assert generate_currencies.regenerated(source) == source


@pytest.mark.parametrize("text", ["USD", "usd", "Usd", "CUR_USD", "cur_usd", "Cur_uSD"])
def test_a_currency_is_found_by_its_code_or_its_id_in_any_case(text):
    assert currency(text) is CURRENCIES["USD"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "XYZ",
        "XAU",
        "US",
        "USDD",
        " USD",
        "USD\n",
        "CUR_",
        "CUR-USD",
        "CUR_CUR_USD",
        "CURUSD",
        "ACC_USD",
        "u\u017fd",  # a long s, whose capital is S
        "\u0131nr",  # a dotless i, whose capital is I
        "\uff35\uff33\uff24",
    ],
)
def test_an_unknown_currency_is_refused_with_its_cure(text):
    with pytest.raises(LedgerError) as refused:
        currency(text)
    assert refused.value.reason is Reason.INVALID_VALUE
    assert refused.value.message == f"There is no currency {text!r}."
    assert refused.value.suggestion == (
        'Give the code of an ISO 4217 currency that has a minor unit, such as "USD", '
        'or its id, "CUR_USD".'
    )


def test_a_refusal_repeats_no_more_than_forty_characters_and_can_always_be_sent():
    with pytest.raises(LedgerError) as refused:
        currency("\ud800" + "U" * 100_000)
    assert refused.value.message == f"There is no currency '\\ud800{'U' * 39}'."


def test_a_currency_never_changes():
    with pytest.raises(dataclasses.FrozenInstanceError):
        CURRENCIES["USD"].decimals = 3
