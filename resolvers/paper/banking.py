"""Bank accounts within payment details, which are written as people like to."""

from __future__ import annotations

import re

_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_BIC = re.compile(r"\b(?:BIC|SWIFT)\W{1,5}([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)\b")


def iban_in(text: str) -> str | None:
    """The first IBAN in a text whose check digits are right (ISO 13616), without blanks."""
    plain = (found[0].replace(" ", "") for found in _IBAN.finditer(text))
    return next((iban for iban in plain if _is_right(iban)), None)


def bic_in(text: str) -> str | None:
    """The first BIC that a text calls one."""
    found = _BIC.search(text)
    return None if found is None else found[1]


def _is_right(iban: str) -> bool:
    """Whether the letters as numbers (A is 10), country and check digits last, are 1 modulo 97."""
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(letter, 36)) for letter in turned)) % 97 == 1
