"""How the demo company's documents are made out: address, bank, terms, and a picture above all."""

from __future__ import annotations

import zlib
from decimal import Decimal
from math import cos, hypot, sin
from typing import Any

from entrypoints.demo.desk import TIME_ZONE
from ledger.contacts import Address, Term
from ledger.document_settings import Paper

SETTINGS: dict[str, Any] = {
    "time_zone": TIME_ZONE,
    "domain": "sandhill.example",
    "tax_number": "47-5550142",
}
"""The settings of the organization that are not those of a new one."""

DOCUMENTS: dict[str, Any] = {
    "paper": Paper.LETTER,
    "language": "en",
    "terms": (Term(Decimal(100), 30),),
    "address": Address("725 Haymarket Alley", None, "Lincoln", "NE", "68508", "US"),
    "email": "accounts@sandhill.example",
    "phone": "+1 402 555 0100",
    "website": "sandhill.example",
    "payment_details": (
        "Prairie State Bank, Lincoln\n"
        "Account 5550142, routing number 123456780\n"
        "Checks to the address above. Please name the invoice."
    ),
    "footer": (
        "Sandhill Coffee Roasters, roasted in the Haymarket since 2016.\n"
        "Sealed bags are taken back within 14 days. Overdue amounts bear 1 % a month."
    ),
}
"""The settings of its documents, but for the logo and the account that payments go to."""

LOGO_NAME = "sandhill-crane.png"

_SIDE = 144
_PAPER, _ROAST, _CREAM = (255, 255, 255), (74, 45, 27), (246, 236, 219)
_LONG, _SHORT, _TURN, _SEAM = 0.66, 0.44, 0.6, 0.05


def logo() -> bytes:
    """A coffee bean on a round of dark roast: a PNG of 144 points a side, in RGB."""
    rows = b"".join(b"\0" + _row(y) for y in range(_SIDE))
    head = _SIDE.to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0"
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    check = zlib.crc32(name + data)
    return len(data).to_bytes(4, "big") + name + data + check.to_bytes(4, "big")


def _row(y: int) -> bytes:
    return bytes(shade for x in range(_SIDE) for shade in _point(x, y))


def _point(x: int, y: int) -> tuple[int, ...]:
    """The colour of a point; edges are soft over the width of one."""
    radius = _SIDE / 2
    across, down = (x + 0.5) / radius - 1, (y + 0.5) / radius - 1
    disc = _soft((1 - hypot(across, down)) * radius)
    if disc == 0:
        return _PAPER
    along = across * cos(_TURN) - down * sin(_TURN)
    beside = across * sin(_TURN) + down * cos(_TURN)
    bean = _soft((1 - hypot(along / _LONG, beside / _SHORT)) * _SHORT * radius)
    if bean == 0 and disc == 1:
        return _ROAST
    seam = _soft((abs(beside - 0.11 * sin(5 * along)) - _SEAM) * radius)
    ground = _mixed(_ROAST, _CREAM, bean * seam)
    return _mixed(_PAPER, ground, disc)


def _soft(inside: float) -> float:
    """How much of a point lies inside of an edge, by how far inside its middle lies, in points."""
    return min(1.0, max(0.0, inside + 0.5))


def _mixed(first: tuple[int, ...], second: tuple[int, ...], part: float) -> tuple[int, ...]:
    return tuple(round(a + (b - a) * part) for a, b in zip(first, second, strict=True))
