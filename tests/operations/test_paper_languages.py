from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from paper_cases import copies, foreign
from pypdf import PdfReader

from ledger.contacts import Address
from ledger.currencies import CURRENCIES
from resolvers.paper import press
from resolvers.paper.addresses import address_lines
from resolvers.paper.languages import known_languages, language
from resolvers.paper.page import page_of

EUR, JPY, KWD = CURRENCIES["EUR"], CURRENCIES["JPY"], CURRENCIES["KWD"]


@pytest.mark.parametrize(
    ("tag", "day", "euros", "dollars", "percent"),
    [
        ("en", "5 Mar 2026", "€1,234,567.80", "\u2212$0.05", "7.5%"),
        ("en-US", "Mar 5, 2026", "€1,234,567.80", "\u2212$0.05", "7.5%"),
        ("de", "05.03.2026", "1.234.567,80\xa0€", "\u22120,05\xa0USD", "7,5\xa0%"),
        ("de_at", "05.03.2026", "€\xa01.234.567,80", "USD\xa0\u22120,05", "7,5\xa0%"),
        ("de-CH", "05.03.2026", "€\xa01\u2019234\u2019567.80", "USD\xa0\u22120.05", "7.5\xa0%"),
        ("fr-BE", "05/03/2026", "1\u202f234\u202f567,80\xa0€", "\u22120,05\xa0USD", "7,5\xa0%"),
        ("es", "05/03/2026", "1.234.567,80\xa0€", "\u22120,05\xa0USD", "7,5\xa0%"),
        ("it", "05/03/2026", "1.234.567,80\xa0€", "\u22120,05\xa0USD", "7,5%"),
        ("nl", "05-03-2026", "€\xa01.234.567,80", "USD\xa0\u22120,05", "7,5%"),
        ("pt", "05/03/2026", "1.234.567,80\xa0€", "\u22120,05\xa0USD", "7,5%"),
        ("pl", "05.03.2026", "1\xa0234\xa0567,80\xa0€", "\u22120,05\xa0USD", "7,5%"),
        ("tlh", "5 Mar 2026", "€1,234,567.80", "\u2212$0.05", "7.5%"),
    ],
)
def test_each_language_writes_dates_and_figures_its_own_way(tag, day, euros, dollars, percent):
    words = language(tag)
    assert words.written_day(date(2026, 3, 5)) == day
    assert words.money_of(123_456_780, EUR) == euros
    assert words.money_of(-5, CURRENCIES["USD"]) == dollars
    assert words.share(Decimal("7.500")) == percent


def test_minor_units_are_those_of_the_currency_in_every_language():
    for tag in known_languages():
        words = language(tag)
        assert words.amount_of(1234, JPY).endswith("234")
        assert words.amount_of(1234, KWD) == f"1{words.point}234"
        assert words.price(Decimal("0.000125"), EUR) == f"0{words.point}000125"
        assert words.price(Decimal(7), EUR) == f"7{words.point}00"
        assert words.price(Decimal(7), JPY) == "7"


@pytest.mark.parametrize("tag", known_languages())
def test_a_page_is_printed_in_each_language(tag):
    seen = copies(language=tag, corrects_number="X")
    made = page_of(foreign(), seen, base_currency="INR")
    printed = PdfReader(BytesIO(press.pdf(made))).pages[0].extract_text().replace("\n", " ")
    assert made.language == tag[:2]
    for text in (made.title, made.payment_head, made.schedule_head, made.total[0]):
        assert text in printed, text


# Addresses


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (
            Address("1 Main St", None, "Austin", "TX", "78701", "US"),
            ["1 Main St", "Austin, TX 78701"],
        ),
        (
            Address("10 Downing St", "", "London", None, "SW1A 2AA", "GB"),
            ["10 Downing St", "London SW1A 2AA"],
        ),
        (
            Address("Via Roma 1", None, "Roma", "RM", "00184", "IT"),
            ["Via Roma 1", "00184 Roma, RM"],
        ),
        (Address(None, None, "Wien", None, None, "AT"), ["Wien"]),
        (Address(), []),
        (None, []),
    ],
)
def test_the_town_stands_where_the_post_of_its_country_wants_it(address, lines):
    assert list(address_lines(address, home=address and address.country)) == lines


def test_a_country_is_named_abroad():
    assert address_lines(Address(country="CI"), home="DE") == ("CÔTE D\u2019IVOIRE",)
    assert address_lines(Address(country="GB"), home=None) == ("UNITED KINGDOM",)
    assert address_lines(Address(country="ZZ"), home="DE") == ("ZZ",)
