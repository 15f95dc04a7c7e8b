"""Logos: which pictures may stand on paper.

A picture is measured by its header before anything decodes it, so that one of a few bytes that
would unpack to gigabytes is refused unopened.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import typst

from ledger.errors import LedgerError, Reason

LOGO_BYTES = 1_000_000
LOGO_PIXELS = 4_000_000

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_MARKER = 0xFF
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_CMYK = 4
_TRIAL = b'#image("/logo", width: 1mm)'


def require_logo(data: bytes, field: str = "logo") -> None:
    """Raise `invalid_value` unless the picture can be printed; to be asked before it is kept.

    That is a PNG, or a JPEG in grey or RGB, of at most a megabyte and four million pixels, and
    a whole one: it is decoded here, so this is for a worker thread.
    """
    require_size(data, field)
    try:
        with TemporaryDirectory(prefix="paper-") as root:
            Path(root, "logo").write_bytes(data)
            # The package's types want the root to be bytes where the source is.
            typst.compile(  # type: ignore[call-overload]
                _TRIAL, root=root, ignore_system_fonts=True, pdf_standards="a-3b", timestamp=0
            )
    except typst.TypstError:
        raise _refused("is damaged and cannot be read", field) from None


def require_size(data: bytes, field: str = "logo") -> None:
    """Raise `invalid_value` unless the picture is by its header of a kind and size for print."""
    size = _png_size(data) or _jpeg_size(data)
    if size is None:
        raise _refused("is neither a PNG nor a JPEG in grey or RGB", field)
    width, height = size
    if len(data) > LOGO_BYTES or not 0 < width * height <= LOGO_PIXELS:
        raise _refused(f"has {len(data)} bytes and {width} x {height} pixels", field)


def _refused(cause: str, field: str) -> LedgerError:
    return LedgerError(
        Reason.INVALID_VALUE,
        f"The logo {cause}.",
        f"Use a PNG or a JPEG in RGB of at most {LOGO_BYTES} bytes and {LOGO_PIXELS} pixels.",
        {"bytes": LOGO_BYTES, "pixels": LOGO_PIXELS},
        field,
    )


def _png_size(data: bytes) -> tuple[int, int] | None:
    if not data.startswith(_PNG) or data[12:16] != b"IHDR":
        return None
    return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """The size in the first frame header, to which the segments before it lead."""
    if not data.startswith(_JPEG):
        return None
    at = len(_JPEG)
    while at + 10 <= len(data) and data[at] == _MARKER:
        kind, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if kind in _FRAMES:
            height, width = data[at + 5 : at + 7], data[at + 7 : at + 9]
            is_cmyk = data[at + 9] >= _CMYK
            return None if is_cmyk else (int.from_bytes(width), int.from_bytes(height))
        at += 2 + length
    return None
