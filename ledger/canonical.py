"""Canonical JSON: the one text of a fact, in which history is written, hashed and compared.

Keys are sorted, nothing stands between them, amounts are in minor units, dates and decimals are
texts, and what is absent is left out. It is what `json.dumps` writes of the same, several times
as fast: each type has its own writer, made when the first value of it comes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring as quoted
from operator import attrgetter
from typing import Any

from ledger.contacts import Contact
from ledger.document_settings import DocumentSettings
from ledger.erasure import sealed_personal

Write = Callable[[Any], str]

_UNTOLD = {"hash", "salt"}
_NO_SETTINGS = DocumentSettings()


class _Writers(dict[type, Write]):
    """What writes values, by their type; made when the first value of a type comes."""

    def __missing__(self, kind: type) -> Write:
        write = self[kind] = _writer(kind)
        return write


class _FieldWriters(dict[type, Write]):
    """The same for the fields of facts: one that says nothing has no text, and is left out."""

    def __missing__(self, kind: type) -> Write:
        write = self[kind] = _WRITERS[kind]
        return write


def text_of(value: Any) -> str:
    """The canonical JSON of a fact, or of anything that is in one."""
    return _WRITERS[type(value)](value)


def array_of(values: Any) -> str:
    """The canonical JSON of values in their order."""
    return f"[{','.join([_WRITERS[type(value)](value) for value in values])}]"


def _object_of(value: dict[str, Any]) -> str:
    told = [f"{quoted(name)}:{text_of(item)}" for name, item in sorted(value.items())]
    return f"{{{','.join(told)}}}"


def _day_of(value: date) -> str:
    return f'"{value.isoformat()}"'


def _instant_of(value: datetime) -> str:
    return _moment(value) if value.tzinfo is UTC else _day_of(value)


@lru_cache(maxsize=8)
def _moment(value: datetime) -> str:
    """An instant in UTC: all that one commit writes down has the same."""
    return _day_of(value)


def _decimal_of(value: Decimal) -> str:
    return f'"{value:f}"'


def _flag_of(value: bool) -> str:
    return "true" if value else "false"


def _nothing(_value: None) -> str:
    return "null"


def _some_object_of(value: dict[str, Any]) -> str:
    return _object_of(value) if value else ""


def _some_array_of(value: tuple[Any, ...]) -> str:
    return array_of(value) if value else ""


def _some_settings_of(value: DocumentSettings) -> str:
    return "" if value == _NO_SETTINGS else text_of(value)


def _writer(kind: Any) -> Write:
    """What writes values of a type: words by their text, numbers by theirs, facts by fields."""
    if issubclass(kind, str):
        return quoted
    if issubclass(kind, int):
        return int.__repr__
    if issubclass(kind, Decimal):
        return _decimal_of
    if kind is Contact:
        return _contact_of
    if hasattr(kind, "__dataclass_fields__"):
        return _fact_writer(kind)
    return json.dumps


def _told_fields(kind: Any) -> list[str]:
    return [field.name for field in fields(kind) if field.name not in _UNTOLD]


def _fact_writer(kind: Any) -> Write:
    names = sorted(_told_fields(kind))
    keys = [f"{quoted(name)}:" for name in names]
    read = attrgetter(*names)

    def write(fact: Any) -> str:
        told = [
            key + text
            for key, item in zip(keys, read(fact), strict=True)
            if item is not None and (text := _FIELD_WRITERS[type(item)](item))
        ]
        return f"{{{','.join(told)}}}"

    return write


def _contact_of(contact: Contact) -> str:
    """A contact with its personal data sealed.

    What a person wants forgotten must not stand in a history that never changes.
    """
    told = {name: getattr(contact, name) for name in _told_fields(Contact)}
    told = {name: item for name, item in told.items() if item not in (None, {}, ())}
    return _object_of(told | sealed_personal(contact))


_WRITERS = _Writers(
    {
        str: quoted,
        int: int.__repr__,
        bool: _flag_of,
        type(None): _nothing,
        dict: _object_of,
        list: array_of,
        tuple: array_of,
        date: _day_of,
        datetime: _instant_of,
        Decimal: _decimal_of,
    }
)
_FIELD_WRITERS = _FieldWriters(
    {
        dict: _some_object_of,
        tuple: _some_array_of,
        DocumentSettings: _some_settings_of,
    }
)
