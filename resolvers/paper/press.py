"""The press: a page set in type, as a PDF or as pictures of its leaves.

Typst runs without the interpreter's lock and keeps nothing between two pages but its fonts and a
cache of its own. So any thread may print, and several at once; as they share that cache, several
are not faster than one.

What the fonts in its wheel have no glyph for prints as an empty box: Chinese, Japanese, Korean,
emoji, Thai and most other scripts beyond Latin, Greek, Cyrillic, Hebrew, Armenian, Georgian and
plain Arabic. An archive (PDF/A) may not have such boxes: there it prints as U+FFFD. The XML of an
e-invoice has every letter.
"""

from __future__ import annotations

import json
import re
from dataclasses import fields
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from resolvers.paper.logos import require_logo, require_size
from resolvers.paper.page import Page

_LAYOUT = Path(__file__).with_name("layout.typ")
_LOGO = "logo"
_MUCH = 50_000
_REMEMBERED = 10
_NOT_PLAIN = re.compile(
    "[^\n\u0020-\u007e\u00a0-\u02ff\u0370-\u0482\u048a-\u04ff\u05d0-\u05ea"
    "\u1e00-\u1fff\u2010-\u2027\u202f\u2030-\u203f\u20a0-\u20bf\u2122\u2190-\u21ff\u2212\ufffd]"
)


def pdf(page: Page) -> bytes:
    """The page as a PDF; the same bytes for the same page.

    Raises `invalid_value` when the logo cannot be printed.
    """
    printed: bytes = _set(page, _texts(page))
    return printed


def archive(page: Page, xml: bytes) -> bytes:
    """The page as a PDF/A-3b with an invoice for machines attached as `factur-x.xml`.

    Letters that no font has are replaced, for such an archive may not show empty boxes.
    Raises `invalid_value` when the logo cannot be printed.
    """
    texts = _texts(page)
    try:
        printed: bytes = _set(page, texts, xml=xml)
    except typst.TypstError:
        printed = _set(page, _plain(texts), xml=xml)
    return printed


def leaves(page: Page, ppi: float = 144.0) -> list[bytes]:
    """The page as pictures, one PNG for each leaf of paper."""
    printed: Any = _set(page, _texts(page), format="png", ppi=ppi)
    return printed if isinstance(printed, list) else [printed]


def _texts(page: Page) -> dict[str, Any]:
    """All that is to be set, as JSON can hold it."""
    named = {field.name: getattr(page, field.name) for field in fields(page)}
    return {**named, "moment": None, "logo": page.logo is not None}


def _plain(value: Any) -> Any:
    """The same texts without any letter that some font might not have."""
    if isinstance(value, str):
        return _NOT_PLAIN.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value


def _set(page: Page, texts: dict[str, Any], xml: bytes | None = None, **form: Any) -> Any:
    """Have typst set the texts, in a folder of their own that holds the logo alone."""
    inputs = {"page": json.dumps(texts, ensure_ascii=False)}
    if xml is not None:
        inputs["attached"] = xml.decode()
        form["pdf_standards"] = "a-3b"
    with TemporaryDirectory(prefix="paper-") as root:
        if page.logo is not None:
            require_size(page.logo)
            Path(root, _LOGO).write_bytes(page.logo)
        try:
            printed: Any = typst.compile(
                _layout(),
                root=root,
                font_paths=_fonts(),
                sys_inputs=inputs,
                timestamp=int(page.moment.timestamp()),
                **form,
            )
        except typst.TypstError:
            if page.logo is not None:
                require_logo(page.logo)
            raise
        finally:
            if len(inputs["page"]) > _MUCH:
                _forget()
    return printed


def _forget() -> None:
    """Have typst drop what it remembers of its last ten pages.

    That is a hundred megabytes for a document of some hundred thousand letters. It drops what
    no compilation has asked for in ten, so ten empty ones do.
    """
    for _ in range(_REMEMBERED + 1):
        typst.compile(b"", font_paths=_fonts())


@cache
def _layout() -> bytes:
    return _LAYOUT.read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """The fonts in the wheel; those of the machine would make the same page differ by machine."""
    return typst.Fonts(include_system_fonts=False)
