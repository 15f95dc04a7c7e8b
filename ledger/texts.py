"""What text may come into the books: the one guard for every string that a caller sends.

Both databases must be able to hold it, a PDF to print it and a JSON reader to read it: so
no lone surrogates, no control characters but newline and tab, Unicode in form NFC, and a
limit on the length of every field.

Normalising takes time quadratic in the number of combining marks that follow each other. So
no more of them may do so than Unicode's Stream-Safe Text Format (UAX 15) allows.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from itertools import groupby
from typing import Any

from ledger.errors import LedgerError, Reason

NAME_LENGTH = 200
DESCRIPTION_LENGTH = 1_000
REFERENCE_LENGTH = 100
METADATA_BYTES = 16_384
METADATA_DEPTH = 6
_MARKS_IN_A_ROW = 30

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def clean(value: str, field: str, limit: int, *, blank: bool = False) -> str:
    """The text as it is stored: normalised to NFC, at most `limit` characters.

    Raises `invalid_text` for what cannot be stored, and for blank text unless `blank`.
    """
    if not (value.isascii() and value.isprintable()):
        value = _normalised(value, field)
    if len(value) > limit:
        raise LedgerError(
            Reason.INVALID_TEXT,
            f"{field} has {len(value)} characters; at most {limit} are kept.",
            f"Shorten {field} to {limit} characters.",
            {"length": len(value), "limit": limit},
            field,
        )
    if not blank and (not value or value.isspace()):
        raise LedgerError(
            Reason.INVALID_TEXT, f"{field} is blank.", f"Give {field} a text.", field=field
        )
    return value


def clean_optional(value: str | None, field: str, limit: int) -> str | None:
    """The same for a text that may be absent; an empty one stays an empty one."""
    return None if value is None else clean(value, field, limit, blank=True)


def _normalised(value: str, field: str) -> str:
    bad = _FORBIDDEN.search(value)
    if bad:
        raise LedgerError(
            Reason.INVALID_TEXT,
            f"{field} holds the character U+{ord(bad[0]):04X} at position {bad.start()}, "
            "which cannot be stored.",
            "Remove control characters (newline and tab may stay) and unpaired surrogates.",
            {"codepoint": f"U+{ord(bad[0]):04X}", "position": bad.start()},
            field,
        )
    marks = groupby(value, lambda character: unicodedata.combining(character) > 0)
    if any(is_mark and len(list(run)) > _MARKS_IN_A_ROW for is_mark, run in marks):
        raise LedgerError(
            Reason.INVALID_TEXT,
            f"{field} has more than {_MARKS_IN_A_ROW} combining marks on one letter.",
            "Send readable text.",
            {"limit": _MARKS_IN_A_ROW},
            field,
        )
    return unicodedata.normalize("NFC", value)


def clean_metadata(value: Mapping[str, Any] | None, field: str = "metadata") -> dict[str, Any]:
    """A JSON object of the caller's own, at most 16 KiB and six levels deep.

    Numbers with decimals must survive a double-precision float; others are to be sent as text.
    """
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"{field} must be a JSON object.",
            'Send an object such as {"source": "api"}.',
            field=field,
        )
    cleaned: dict[str, Any] = _json(value, field, METADATA_DEPTH)
    size = len(json.dumps(cleaned, ensure_ascii=False).encode())
    if size > METADATA_BYTES:
        raise LedgerError(
            Reason.INVALID_TEXT,
            f"{field} takes {size} bytes as JSON; at most {METADATA_BYTES} are kept.",
            "Keep large data elsewhere and store its address here.",
            {"bytes": size, "limit": METADATA_BYTES},
            field,
        )
    return cleaned


def _json(value: Any, field: str, depth: int) -> Any:
    if depth < 0:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"{field} is nested more than {METADATA_DEPTH} levels deep.",
            "Flatten it.",
            field=field,
        )
    if isinstance(value, str):
        return clean(value, field, METADATA_BYTES, blank=True)
    if isinstance(value, Mapping):
        return {
            clean(str(key), field, NAME_LENGTH): _json(item, field, depth - 1)
            for key, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [_json(item, field, depth - 1) for item in value]
    if value is None or isinstance(value, bool):
        return value
    return _number(value, field)


def _number(value: Any, field: str) -> int | float:
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    if isinstance(value, float | Decimal):
        near = float(value)
        if abs(near) < float("inf") and Decimal(repr(near)) == Decimal(str(value)):
            return near
    raise LedgerError(
        Reason.INVALID_VALUE,
        f"{field} holds a number that a JSON reader would not give back unchanged.",
        "Send that number as a text.",
        field=field,
    )
