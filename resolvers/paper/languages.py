"""What stands on paper in each language: its words, and how it writes figures and dates.

The table is `languages.json`, one language after the other, so that a translator needs no
Python; a region's entry says only what it does otherwise. Any other language reads as English.
Minor units are always those of ISO 4217 (`ledger.currencies`). Thousands are always grouped: in
a column of figures, 1.234,50 is easier to read than 1234,50, whatever a language does in running
text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from ledger.currencies import Currency
from ledger.money import amount_text, formatted, rate_text
from ledger.open_items import Day

_TABLE = Path(__file__).with_name("languages.json")
_OTHERWISE = "en"
_KNOWN_SIGNS = {"EUR", "GBP"}
_MINUS = "\N{MINUS SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Language:
    """One language: `code` of ISO 639, its signs for figures, its patterns, its words.

    `money` is a pattern with `{figure}` and `{sign}`, `day` one with `{day}`, `{month}` and
    `{year}`; the month is a name where `months` are given. The other fields are words as they
    are printed, some with a place for a figure.
    """

    code: str
    group: str
    point: str
    percent: str
    money: str
    day: str
    months: str
    invoice: str
    bill: str
    credit_note: str
    vendor_credit: str
    draft: str
    cancelled: str
    cancelled_on: str
    date: str
    due: str
    order: str
    against_invoice: str
    against_bill: str
    buyer_tax_number: str
    tax_number: str
    vat_number: str
    delivery: str
    description: str
    quantity: str
    unit_price: str
    line_discount: str
    tax_rate: str
    amount: str
    amount_with_tax: str
    subtotal: str
    discount: str
    net: str
    tax_on: str
    total: str
    in_base: str
    tax_in_base: str
    reverse_charge: str
    schedule: str
    payment: str
    page: str

    def written_day(self, day: Day) -> str:
        """A date: "20 Nov 2026", "20.11.2026"."""
        names = self.months.split()
        month = names[day.month - 1] if names else day.month
        return self.day.format(day=day.day, month=month, year=day.year)

    def figure(self, number: str) -> str:
        """Plain digits with an optional sign and point, written as in this language."""
        sign = _MINUS if number.startswith("-") else ""
        whole, _, fraction = number.removeprefix("-").partition(".")
        grouped = f"{int(whole):,}".replace(",", self.group)
        return f"{sign}{grouped}{self.point}{fraction}" if fraction else f"{sign}{grouped}"

    def amount_of(self, minor: int, currency: Currency) -> str:
        """Minor units as a figure with the currency's decimals, without its name."""
        return self.figure(amount_text(minor, currency))

    def money_of(self, minor: int, currency: Currency) -> str:
        """Minor units with their currency: "$1,234.00" in English, else "1.234,00 USD".

        Outside English only the signs of euro and pound mean the same to every reader.
        """
        if self.code == _OTHERWISE:
            return formatted(minor, currency).replace("-", _MINUS).replace(" ", _SPACE)
        sign = currency.symbol if currency.code in _KNOWN_SIGNS else currency.code
        return self.money.format(sign=sign, figure=self.amount_of(minor, currency))

    def price(self, price: Decimal, currency: Currency) -> str:
        """A unit price with at least the currency's decimals: "12,50", "0,000125"."""
        whole, _, fraction = rate_text(price).partition(".")
        digits = fraction.ljust(currency.decimals, "0")
        return self.figure(f"{whole}.{digits}" if digits else whole)

    def number(self, number: Decimal) -> str:
        """A quantity or a rate, without needless zeros."""
        return self.figure(rate_text(number))

    def share(self, percent: Decimal) -> str:
        """A percentage: "19 %" in German, "19%" in English."""
        return f"{self.number(percent)}{self.percent}"


@cache
def _languages() -> dict[str, Language]:
    table = json.loads(_TABLE.read_text(encoding="utf-8"))
    return {
        tag: Language(code=_code(tag), **{**table[_code(tag)], **words})
        for tag, words in table.items()
    }


def _code(tag: str) -> str:
    return tag.partition("-")[0]


def known_languages() -> tuple[str, ...]:
    """The tags of the languages that paper is printed in."""
    return tuple(_languages())


def language(tag: str) -> Language:
    """The language of a tag of BCP 47 (`de`, `de-AT`, `pt_BR`); English where it is unknown.

    A region that is not in the table reads as its language.
    """
    code, _, region = tag.replace("_", "-").partition("-")
    known = _languages()
    exact = known.get(f"{code.lower()}-{region.upper()}")
    return exact or known.get(code.lower()) or known[_OTHERWISE]
