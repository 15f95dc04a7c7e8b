"""What a request's JSON means, decided once, so that no two readers can disagree about it.

Python's own reader takes more than JSON is, and less of a number than was written. Here text
is strict UTF-8, a name stands once in an object, a decimal fraction keeps its digits, and
whatever could not be stored or answered with later (a half character, a thousand levels) is
refused before anything reads it.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from decimal import Decimal
from typing import Any, NoReturn

from ledger.errors import LedgerError, Reason

MOST_LEVELS = 64
"""How deep arrays and objects may be nested in one another."""

_BYTE_ORDER_MARK = "\ufeff"
_LONGEST_SHOWN = 40
_CURE = "Send one JSON value (RFC 8259) in UTF-8, as any JSON library writes it."


class _Fraction(Decimal):
    """A number with a point, which graphql-core can show when it refuses one."""

    __slots__ = ()

    def __inspect__(self) -> str:
        return str(self)[:_LONGEST_SHOWN]


def decode_json(text: bytes, noun: str = "body") -> object:
    """Return the value that JSON text stands for; `noun` names the text in a refusal.

    Whole numbers are `int`, others `Decimal` with every digit as written. A number with an
    exponent is a `float`, so that whatever takes amounts can tell it apart and refuse it. All
    that is not JSON, not UTF-8, too deep, ambiguous or no text is a `LedgerError` of reason
    `invalid_request`.
    """
    try:
        decoded = text.decode()
        if decoded.startswith(_BYTE_ORDER_MARK):
            raise _refusal(f"The {noun} begins with a byte order mark.")
        value: object = _DECODER.decode(decoded)
        _require_whole_characters(decoded, value)
    except UnicodeDecodeError as error:
        byte = f"byte 0x{text[error.start]:02x} at position {error.start:,}"
        raise _refusal(f"The {noun} is not UTF-8: {byte}.") from None
    except UnicodeEncodeError:
        cause = f"The {noun} escapes half of a character: a surrogate without its other half."
        raise _refusal(cause, "Escape both halves, or write the character itself.") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno:,} column {error.colno:,}"
        raise _refusal(f"The {noun} is not JSON: {error.msg}, {place}.") from None
    except RecursionError:
        raise _too_deep(noun) from None
    except ValueError:
        # Only the limit on an int's digits is left, which is there because they take long.
        cause = f"The {noun} has a whole number of more than 4,300 digits."
        raise _refusal(cause, "Send long digits as a string.") from None
    if decoded.count("[") + decoded.count("{") > MOST_LEVELS and _is_too_deep(value):
        raise _too_deep(noun)
    return value


def _refusal(cause: str, cure: str = _CURE) -> LedgerError:
    return LedgerError(Reason.INVALID_REQUEST, cause, cure)


def _too_deep(noun: str) -> LedgerError:
    cause = f"The {noun} nests arrays and objects more than {MOST_LEVELS} levels deep."
    return _refusal(cause, "Send flatter data.")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose names all differ: of two equal ones, readers choose differently."""
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    counted = Counter(name for name, _ in pairs)
    ((twice, _),) = counted.most_common(1)
    raise _refusal(
        f"An object has the name {twice[:_LONGEST_SHOWN]!r} more than once.",
        "Write each name once in an object.",
    )


def _number(text: str) -> Decimal | float:
    if "e" not in text and "E" not in text:
        return _Fraction(text)
    number = float(text)
    if math.isinf(number):
        cause = f"The number {text[:_LONGEST_SHOWN]} is too large."
        raise _refusal(cause, "Write numbers in digits, without an exponent.")
    return number


def _no_constant(name: str) -> NoReturn:
    raise _refusal(f"{name} is not JSON.", "Write a number in digits, or null.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=_number, parse_constant=_no_constant
)


def _require_whole_characters(text: str, value: object) -> None:
    """Raise `UnicodeEncodeError` when a string could not be sent again as UTF-8.

    Only an escape can smuggle in half of a character, since the text itself was UTF-8.
    """
    if "\\u" in text:
        json.dumps(value, ensure_ascii=False, default=str).encode()


def _is_too_deep(value: object) -> bool:
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [
            child
            for parent in level
            for child in _children(parent)
            if isinstance(child, dict | list)
        ]
        if not level:
            return False
    return True


def _children(parent: object) -> Any:
    if isinstance(parent, dict):
        return parent.values()
    return parent if isinstance(parent, list) else ()
