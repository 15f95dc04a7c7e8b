"""Reading the pictures that the press makes, to see where there is ink."""

from __future__ import annotations

import zlib

PAPER = 250
"""A page is white; what is darker than this was printed."""


def ink_right_of(png: bytes, margin: float) -> int:
    """How many points of a picture (PNG in RGBA) within `margin` of its right are not white."""
    width, rows = _rows(png)
    first = int(width - margin) * 4
    return sum(1 for row in rows for value in row[first:] if value < PAPER)


def _rows(png: bytes) -> tuple[int, list[bytearray]]:
    width, at, packed = int.from_bytes(png[16:20]), 8, b""
    assert png[24:26] == b"\x08\x06", "8 bits, RGBA"
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            packed += png[at + 8 : at + 8 + length]
        at += length + 12
    raw, stride = zlib.decompress(packed), width * 4
    rows, above = [], bytearray(stride)
    for start in range(0, len(raw), stride + 1):
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above)
        rows.append(above)
    return width, rows


def _unfiltered(kind: int, row: bytearray, above: bytearray) -> bytearray:
    for place in range(len(row)):
        left = row[place - 4] if place >= 4 else 0
        corner = above[place - 4] if place >= 4 else 0
        near = (
            0,
            left,
            above[place],
            (left + above[place]) // 2,
            _paeth(left, above[place], corner),
        )
        row[place] = (row[place] + near[kind]) & 255
    return row


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda value: abs(guess - value))
