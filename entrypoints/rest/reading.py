"""Values: from what a body or an address says to the variables of a document.

All that is wrong with a request is found at once, and named by its path as the caller wrote it:
fields that do not exist, that are missing, given twice, or not of their type. Numbers stay as
`schema.decoding` reads them, and never pass through a float. How values of a type are read is
found out once for the type (`Plan`, `_reading`), and where one stands is spelled only for a fault.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    get_nullable_type,
)

from entrypoints.rest.documents import Slot, slots_of
from entrypoints.rest.names import SYNONYMS, known_as
from ledger.errors import LedgerError, Reason

MOST_TOLD = 50
"""How many faults of one request are told."""

_SHOWN = 40
_CURRENCY = "currency"
_WHOLE = re.compile(r"-?[0-9]{1,10}", re.ASCII)
_TRUTHS = {"true": True, "false": False}
_KINDS = {bool: "true or false", str: "a text", list: "a list", dict: "an object"}
_EXPECTED = {
    "Int": "a whole number of at most 32 bits",
    "Boolean": "true or false",
    "String": "a text",
    "ID": "an id",
    "Json": "an object",
}


Place = tuple["Place | None", str | int]
"""Where a value stands: in what, and there by which name or number."""

Read = Callable[["Reader", Any, Place], Any]
"""Reads a value that stands in a place, and notes what is wrong with it."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A field as it may be given: `known` is our name for it, `name` that of the schema."""

    known: str
    name: str
    read: Read


class Plan:
    """Which fields may be given, by all their names, how each is read, and which must be there."""

    def __init__(self, slots: Mapping[str, Slot]) -> None:
        self.slots = slots
        self.needed = [name for name, slot in slots.items() if slot.is_required]
        self.taken: dict[str, _Taken] = {}
        for name in (*slots, *SYNONYMS):
            known = known_as(name, slots)
            if known is not None:
                slot = slots[known]
                read = _reading(slot.type)
                self.taken[name] = _Taken(
                    known, slot.name, _of_currency(read) if known == _CURRENCY else read
                )


@dataclass(slots=True)
class Reader:
    """Reads one request. `spelled` tells how the caller wrote a name that is not our own."""

    faults: dict[str, LedgerError] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)

    def fields(
        self, plan: Plan, given: Mapping[str, Any], place: Place | None = None
    ) -> dict[str, Any]:
        """The values of fields by their names in the schema."""
        found: dict[str, Any] = {}
        names: dict[str, str] = {}
        for name, value in given.items():
            taken = plan.taken.get(name)
            at = (place, name)
            if taken is None:
                self.fault(_text(at), f"There is no `{name[:_SHOWN]}` here.", _those(plan.slots))
                continue
            known = taken.known
            if known in names:
                cause = f"`{name}` is another name of `{names[known]}`, which is given too."
                self.fault(_text(at), cause, "Give one of the two.")
                continue
            names[known] = name
            if name != known:
                self.spelled[_text((place, known))] = _text(at)
            found[taken.name] = taken.read(self, value, at)
        for name in plan.needed:
            if name not in names:
                self.fault(_text((place, name)), f"`{name}` is missing.", f"Give `{name}`.")
        return found

    def fault(
        self, path: str, cause: str, cure: str, reason: Reason = Reason.INVALID_REQUEST
    ) -> None:
        """Note that a field is wrong."""
        self.faults.setdefault(path, LedgerError(reason, cause, cure))

    def require_sound(self) -> None:
        """Refuse the request if anything in it is wrong."""
        if not self.faults:
            return
        told = dict(list(self.faults.items())[:MOST_TOLD])
        first = next(iter(told.values()))
        reasons = {each.reason for each in self.faults.values()}
        message = first.message
        if len(self.faults) > 1:
            message = f"{len(self.faults)} fields of the request are wrong. The first: {message}"
        raise LedgerError(
            reasons.pop() if len(reasons) == 1 else Reason.INVALID_REQUEST,
            message,
            first.suggestion,
            {"fields": {path: each.message for path, each in told.items()}},
        )

    def wrong(self, place: Place, given: Any, expected: str) -> None:
        """Note that a value is not of its type."""
        path, kind = _text(place), _KINDS.get(type(given), "a number")
        cause = f"`{path}` is {kind}, and not {expected}."
        self.fault(path, cause, f"Give {expected}.")


def _text(place: Place) -> str:
    """The path of a place as the caller wrote it: `entries[2].account_id`."""
    outer, step = place
    if outer is None:
        return str(step)
    return f"{_text(outer)}[{step}]" if isinstance(step, int) else f"{_text(outer)}.{step}"


@cache
def _reading(kind: Any) -> Read:
    """How a value of a type of the schema is read."""
    if isinstance(kind, GraphQLNonNull):
        return _required(_given(kind.of_type))
    return _optional(_given(kind))


def _required(read: Read) -> Read:
    def required(reader: Reader, given: Any, place: Place) -> Any:
        if given is not None:
            return read(reader, given, place)
        path = _text(place)
        reader.fault(path, f"`{path}` is null.", "Leave it out, or give a value.")
        return None

    return required


def _optional(read: Read) -> Read:
    def optional(reader: Reader, given: Any, place: Place) -> Any:
        return None if given is None else read(reader, given, place)

    return optional


def _given(kind: Any) -> Read:
    """How a value that is not null is read."""
    if isinstance(kind, GraphQLList):
        return _list(kind)
    if isinstance(kind, GraphQLInputObjectType):
        return _object(kind)
    return _member(kind) if isinstance(kind, GraphQLEnumType) else _scalar(kind)


def _list(kind: GraphQLList[Any]) -> Read:
    def read(reader: Reader, given: Any, place: Place) -> Any:
        if not isinstance(given, list):
            return reader.wrong(place, given, "a list")
        return [inner(reader, each, (place, number)) for number, each in enumerate(given)]

    inner = _reading(kind.of_type)
    return read


def _object(kind: GraphQLInputObjectType) -> Read:
    def read(reader: Reader, given: Any, place: Place) -> Any:
        if not isinstance(given, dict):
            return reader.wrong(place, given, "an object")
        return reader.fields(_plan(kind), given, place)

    return read


def _member(kind: GraphQLEnumType) -> Read:
    """A member of a closed list, in whatever case it was written."""
    words = ", ".join(name.lower() for name in kind.values)

    def read(reader: Reader, given: Any, place: Place) -> str | None:
        if not isinstance(given, str):
            reader.wrong(place, given, "one of a list of words")
            return None
        member = given.upper()
        if member in kind.values:
            return member
        path = _text(place)
        reader.fault(path, f"`{path}` cannot be {given[:_SHOWN]!r}.", f"Give one of: {words}.")
        return None

    return read


def _scalar(kind: GraphQLScalarType) -> Read:
    parse, expected = kind.parse_value, _EXPECTED.get(kind.name, f"a {kind.name}")

    def read(reader: Reader, given: Any, place: Place) -> Any:
        try:
            parse(given)
        except LedgerError as error:
            path = _text(place)
            cause = f"`{path}`: {error.message}"
            reader.fault(path, cause, error.suggestion or "", error.reason)
        except GraphQLError:
            reader.wrong(place, given, expected)
        return given

    return read


def from_texts(kind: Any, texts: Sequence[str]) -> Any:
    """What the values of a parameter stand for: those of a list also between commas."""
    kind = get_nullable_type(kind)
    if isinstance(kind, GraphQLList):
        return [from_texts(kind.of_type, [part]) for text in texts for part in text.split(",")]
    text = texts[-1]
    if getattr(kind, "name", "") == "Int" and _WHOLE.fullmatch(text):
        return int(text)
    if getattr(kind, "name", "") == "Boolean":
        return _TRUTHS.get(text, text)
    return text


def _of_currency(read: Read) -> Read:
    """Reads the code of a currency, which may be given by its id and in whatever case."""

    def of_currency(reader: Reader, given: Any, place: Place) -> Any:
        if isinstance(given, str) and given.isascii():
            given = given.upper().removeprefix("CUR_")
        return read(reader, given, place)

    return of_currency


def _those(slots: Mapping[str, Slot]) -> str:
    names = ", ".join(slots)
    return f"Leave it out; there are: {names}." if names else "Leave it out; nothing is taken here."


@cache
def _plan(kind: GraphQLInputObjectType) -> Plan:
    return Plan(slots_of(kind))
