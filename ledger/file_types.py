"""Files as the books know them: the type that their content tells, a name, a key to keep them by.

Names and declared types come from whoever sends a file and prove nothing, so the type is read
from the first bytes. What a browser would run (HTML, SVG, scripts) is plain text here. A type is
still only a hint: every file is to be served as a download, with `nosniff`.
"""

from __future__ import annotations

import codecs
import json
import re
from unicodedata import combining, normalize
from urllib.parse import quote

from ledger import texts
from ledger.errors import LedgerError, Reason

HEAD_BYTES = 8_192
"""How much of a file's beginning its type is told by."""

UNKNOWN_TYPE = "application/octet-stream"
TEXT_TYPE = "text/plain"

_SIGNATURES = (
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "image/png"),
    (re.compile(rb"\xff\xd8\xff"), "image/jpeg"),
    (re.compile(rb"GIF8[79]a"), "image/gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "image/webp"),
    (re.compile(rb"II[*+]\0|MM\0[*+]"), "image/tiff"),
)

_ZIP = re.compile(rb"PK(?:\x03\x04|\x05\x06|\x07\x08)")
_ZIP_ENTRY = rb"PK\x03\x04.{22}"
_OPEN_DOCUMENT = re.compile(
    _ZIP_ENTRY + rb"\x08\0..mimetype(application/vnd\.oasis\.opendocument\.[a-z-]{1,40})PK",
    re.DOTALL,
)
_OFFICE_FIRST = re.compile(
    _ZIP_ENTRY + rb".{4}(?:\[Content_Types\]\.xml|_rels/|docProps/|word/|xl/|ppt/)", re.DOTALL
)
_OFFICE_FOLDER = re.compile(_ZIP_ENTRY + rb".{4}(word|xl|ppt)/", re.DOTALL)
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OFFICE_TYPES = {
    b"word": _OFFICE + "wordprocessingml.document",
    b"xl": _OFFICE + "spreadsheetml.sheet",
    b"ppt": _OFFICE + "presentationml.presentation",
}

_CONTROL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_XML = re.compile(r"<\?xml\s")
_RUNS_IN_A_BROWSER = re.compile(
    r"<!doctype|<!entity|<\?xml-stylesheet|<(?:[^\s<>/]{1,40}:)?(?:svg|html|script)\b"
    r"|www\.w3\.org/(?:2000/svg|1999/xhtml|1999/xsl)",
    re.IGNORECASE,
)
_JSON = re.compile(r'\s*+(?:\{\s*+["}]|\[\s*+(?:["\[{\]]|-?[0-9]|(?:true|false|null)\b))')

_KEY = re.compile(r"[0-9A-Za-z_]{1,40}/[0-9a-f]{64}", re.ASCII)
_SEPARATOR = re.compile(r"[/\\]")
_UNPRINTED = re.compile("[\t\n\u2028-\u202e\u2066-\u2069]")
_NOT_IN_A_NAME = re.compile("[/\\\\\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_NOT_QUOTED = re.compile(r'[^ -~]|["%/\\]')


def content_type(head: bytes) -> str:
    """The media type of a file, by its first `HEAD_BYTES` bytes or more, or all that it has.

    Text in UTF-8 without control characters is `text/plain` (CSV too, which nothing tells from
    text), unless it is JSON, or XML that a browser would not run. What is none of the known
    types, and a file of no bytes, is `application/octet-stream`.
    """
    is_whole = len(head) < HEAD_BYTES
    head = head[:HEAD_BYTES]
    for signature, known in _SIGNATURES:
        if signature.match(head):
            return known
    if _ZIP.match(head):
        return _zipped(head)
    text = _text(head, is_whole)
    return UNKNOWN_TYPE if not text else _text_type(text, is_whole)


def _zipped(head: bytes) -> str:
    """The type of an archive: an office document is known by its first entries."""
    open_document = _OPEN_DOCUMENT.match(head)
    if open_document:
        return open_document[1].decode()
    folder = _OFFICE_FOLDER.search(head) if _OFFICE_FIRST.match(head) else None
    return _OFFICE_TYPES[folder[1]] if folder else "application/zip"


def _text(head: bytes, is_whole: bool) -> str | None:
    """The text that the bytes are, or None; cut bytes may end within a character."""
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head, final=is_whole)
    except UnicodeDecodeError:
        return None
    return None if _CONTROL.search(text) else text


def _text_type(text: str, is_whole: bool) -> str:
    if _XML.match(text):
        return TEXT_TYPE if _RUNS_IN_A_BROWSER.search(text) else "application/xml"
    if _JSON.match(text) and (not is_whole or _is_json(text)):
        return "application/json"
    return TEXT_TYPE


def _is_json(text: str) -> bool:
    try:
        json.loads(text, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return True


def checked_file_name(name: str, field: str = "name") -> str:
    """The name of a file as it is kept: one line that names no folder.

    Raises `invalid_text` for what cannot be stored, is blank or has more than 200 characters,
    and `invalid_value` for a path, a leading dot, and marks that turn the direction of writing,
    by which a name can be made to look like one with another ending.
    """
    name = texts.clean(name, field, texts.NAME_LENGTH).strip()
    separator = _SEPARATOR.search(name)
    if separator:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"{field} holds {separator[0]}, which separates folders.",
            "Send the last part of the path alone.",
            field=field,
        )
    if name.startswith("."):
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"{field} begins with a full stop.",
            "Send a name such as receipt.pdf.",
            field=field,
        )
    unprinted = _UNPRINTED.search(name)
    if unprinted:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"{field} holds the character U+{ord(unprinted[0]):04X}, which does not show.",
            "Send a name of one line, without marks for the direction of writing.",
            {"codepoint": f"U+{ord(unprinted[0]):04X}"},
            field,
        )
    return name


def file_name_header(name: str) -> str:
    """The value of Content-Disposition that has a browser save a file under this name.

    Safe for any text, also one that was never checked: it is printable ASCII. A name that is not
    is given twice (RFC 6266): in ASCII for old readers, and as it is, percent-encoded.
    """
    name = _NOT_IN_A_NAME.sub("_", name[: texts.NAME_LENGTH]).lstrip(" .") or "file"
    letters = (letter for letter in normalize("NFKD", name) if not combining(letter))
    plain = _NOT_QUOTED.sub("_", "".join(letters))
    if plain == name:
        return f'attachment; filename="{plain}"'
    whole = quote(name, safe="", errors="replace")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"


def content_key(organization_id: str, sha256: str) -> str:
    """The key under which an organization's file is kept: of equal files there is one."""
    return checked_key(f"{organization_id}/{sha256}")


def checked_key(key: str) -> str:
    """The same key; one that is no organization's id and SHA-256 in hexadecimal is refused.

    A key that passes can be a path below a folder and the name of an object in a bucket.
    Raises `invalid_value`.
    """
    if _KEY.fullmatch(key):
        return key
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"{key[:80]!a} is not the key of a file.",
        "A key is an organization's id, a slash and the SHA-256 of the content in hexadecimal.",
    )
