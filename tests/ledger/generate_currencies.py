"""Write the table of ledger/currencies.py anew: `python tests/ledger/generate_currencies.py`.

Codes, names and minor units come from the package `iso4217`, which carries the list as ISO's
maintenance agency publishes it; a code whose minor unit is N.A. (metals, bond units, test
codes) is left out. Symbols are those of CLDR for English; a code that has none is its own.
"""

from pathlib import Path

import iso4217

CURRENCIES_FILE = Path(__file__).parents[2] / "ledger" / "currencies.py"
TABLE_BEGINS = '_TABLE = """\\\n'
TABLE_ENDS = '"""\n'

CLDR_SYMBOLS = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "CA$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NZD": "NZ$",
    "PHP": "₱",
    "TWD": "NT$",
    "USD": "$",
    "VND": "₫",
    "XAF": "FCFA",
    "XCD": "EC$",
    "XCG": "Cg.",
    "XOF": "F\u202fCFA",
    "XPF": "CFPF",
}


def line(currency: iso4217.Currency) -> str:
    """Return code, minor unit, symbol and name of a currency, as its line in the table."""
    code = currency.code
    text = f"{code} {currency.exponent} {CLDR_SYMBOLS.get(code, code)} {currency.currency_name}"
    return "".join(map(spelled, text))


def spelled(character: str) -> str:
    """Return letters and signs as they are, lookalikes of ASCII as escapes."""
    if character in "\u2019\u202f":
        return f"\\u{ord(character):04x}"
    return character


def regenerated(source: str) -> str:
    """Return the text of ledger/currencies.py with its table written anew."""
    before, begins, rest = source.partition(TABLE_BEGINS)
    _, ends, after = rest.partition(TABLE_ENDS)
    codes = sorted(iso4217.Currency, key=lambda currency: currency.code)
    lines = [f"{line(currency)}\n" for currency in codes if currency.exponent is not None]
    return "".join([before, begins, *lines, ends, after])


if __name__ == "__main__":
    CURRENCIES_FILE.write_text(
        regenerated(CURRENCIES_FILE.read_text(encoding="utf-8")), encoding="utf-8"
    )
