"""Identifiers: a prefix that names the noun, then twenty characters sortable by creation.

Eight characters count the milliseconds since 1970 in base 62 (digits, capitals, small
letters: the order of their code points), twelve more are random. An entry has no identifier of
its own to store: it is its transaction's, with its place in it as two characters more.
"""

from __future__ import annotations

import re
from functools import lru_cache

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM_LIMIT = 62**12
_PAIRS = [high + low for high in ALPHABET for low in ALPHABET]
_WELL_FORMED = re.compile(r"[0-9A-Za-z_]{1,40}", re.ASCII)
_PREFIX_LENGTH = 4
_ENTRY_LENGTH = 26


def base62(number: int, width: int) -> str:
    """`number` in base 62, padded with zeros on the left to `width` characters, an even number."""
    text = ""
    for _ in range(width // 2):
        number, pair = divmod(number, 3844)
        text = _PAIRS[pair] + text
    return text


@lru_cache(maxsize=8)
def _moment(milliseconds: int) -> str:
    """A time as it begins an identifier; many are made in one millisecond."""
    return base62(milliseconds, 8)


def make(prefix: str, milliseconds: int, random: int) -> str:
    """An identifier from its prefix (`act_`), the time and a number below `RANDOM_LIMIT`."""
    return prefix + _moment(milliseconds) + base62(random, 12)


def normalise(prefix: str, given: str, *also: str) -> str:
    """The identifier as it is stored, whatever the case of its prefix.

    `also` are other prefixes that documentation shows for the noun. What cannot be an
    identifier at all becomes one that nothing has, so that it is answered like any other
    that was never issued.
    """
    if not _WELL_FORMED.fullmatch(given):
        return prefix
    for known in (prefix, *also):
        if given[: len(known)].lower() == known:
            return prefix + given[len(known) :]
    return prefix


def is_nothing(id_: str) -> bool:
    """Whether an id is empty, or the bare prefix that `normalise` makes of what cannot be one."""
    return not id_ or (len(id_) == _PREFIX_LENGTH and id_.endswith("_"))


def entry_id(transaction_id: str, position: int) -> str:
    """The identifier of the entry at `position` (from 0) of a transaction."""
    return f"jnl_{transaction_id[_PREFIX_LENGTH:]}{base62(position, 2)}"


def entry_place(given: str) -> tuple[str, int] | None:
    """The transaction and the position that an entry's identifier names, or None."""
    entry = normalise("jnl_", given, "led_")
    if len(entry) != _ENTRY_LENGTH or "_" in entry[_PREFIX_LENGTH:]:
        return None
    high, low = (ALPHABET.index(character) for character in entry[-2:])
    return "txn_" + entry[_PREFIX_LENGTH:-2], high * 62 + low
