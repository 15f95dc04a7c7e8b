"""How an address is written on paper: which line comes first, and when the country is named."""

from __future__ import annotations

from functools import cache
from importlib import resources

from ledger.contacts import Address

_TOWN_FIRST = {"AU", "CA", "GB", "IE", "IN", "NZ", "US", "ZA"}
_CALLED_OTHERWISE = {"GB": "United Kingdom", "KR": "South Korea", "KP": "North Korea"}


def address_lines(address: Address | None, home: str | None) -> tuple[str, ...]:
    """The lines of an address, without those that it does not have.

    The town stands before the postal code where its post wants it so, and behind it elsewhere.
    The country is named, in capitals as the Universal Postal Union asks, unless it is `home`
    (a code of ISO 3166-1).
    """
    if address is None:
        return ()
    country = None if address.country == home else _country(address.country)
    lines = (address.line1, address.line2, _town(address), country)
    return tuple(line for line in lines if line)


def _town(address: Address) -> str:
    town = ", ".join(part for part in (address.city, address.state) if part)
    code = address.postal_code or ""
    parts = (town, code) if address.country in _TOWN_FIRST else (code, town)
    return " ".join(part for part in parts if part)


def _country(code: str | None) -> str | None:
    return None if code is None else _countries().get(code, code).upper()


@cache
def _countries() -> dict[str, str]:
    """The English names of all countries by code, as the time zone database has them."""
    table = resources.files("tzdata.zoneinfo").joinpath("iso3166.tab")
    lines = table.read_text(encoding="utf-8").splitlines()
    named = dict(line.split("\t", 1) for line in lines if line and not line.startswith("#"))
    return named | _CALLED_OTHERWISE
