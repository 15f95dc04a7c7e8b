"""Values: from what a body or an address says to the variables of a document.

All that is wrong with a request is found at once, and named by its path as the caller wrote it:
fields that do not exist, that are missing, given twice, or not of their type. Numbers stay as
`schema.decoding` reads them, and never pass through a float.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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
from entrypoints.rest.names import known_as
from ledger.errors import LedgerError, Reason

MOST_TOLD = 50
"""How many faults of one request are told."""

_SHOWN = 40
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


@dataclass(slots=True)
class Reader:
    """Reads one request. `spelled` tells how the caller wrote a name that has synonyms."""

    faults: dict[str, LedgerError] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)

    def fields(
        self, slots: Mapping[str, Slot], given: Mapping[str, Any], prefix: str = ""
    ) -> dict[str, Any]:
        """The values of fields by their names in the schema."""
        found: dict[str, Any] = {}
        taken: dict[str, str] = {}
        for name, value in given.items():
            path = prefix + name
            known = known_as(name, slots)
            if known is None:
                self.fault(path, f"There is no `{name[:_SHOWN]}` here.", _those(slots))
            elif known in taken:
                cause = f"`{name}` is another name of `{taken[known]}`, which is given too."
                self.fault(path, cause, "Give one of the two.")
            else:
                taken[known] = name
                self.spelled[prefix + known] = path
                slot = slots[known]
                found[slot.name] = self.value(slot.type, _plain(known, value), path)
        for name, slot in slots.items():
            if slot.is_required and name not in taken:
                self.fault(prefix + name, f"`{name}` is missing.", f"Give `{name}`.")
        return found

    def value(self, kind: Any, given: Any, path: str) -> Any:
        """A value of a type of the schema."""
        if isinstance(kind, GraphQLNonNull):
            if given is not None:
                return self.value(kind.of_type, given, path)
            self.fault(path, f"`{path}` is null.", "Leave it out, or give a value.")
        if given is None:
            return None
        if isinstance(kind, GraphQLList):
            return self._list(kind, given, path)
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind, given, path)
        read = self._member if isinstance(kind, GraphQLEnumType) else self._scalar
        return read(kind, given, path)

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

    def _wrong(self, path: str, given: Any, expected: str) -> None:
        kind = _KINDS.get(type(given), "a number")
        cause = f"`{path}` is {kind}, and not {expected}."
        self.fault(path, cause, f"Give {expected}.")

    def _list(self, kind: GraphQLList[Any], given: Any, path: str) -> Any:
        if not isinstance(given, list):
            return self._wrong(path, given, "a list")
        items = enumerate(given)
        return [self.value(kind.of_type, each, f"{path}[{place}]") for place, each in items]

    def _object(self, kind: GraphQLInputObjectType, given: Any, path: str) -> Any:
        if not isinstance(given, dict):
            return self._wrong(path, given, "an object")
        return self.fields(_slots(kind), given, f"{path}.")

    def _member(self, kind: GraphQLEnumType, given: Any, path: str) -> str | None:
        """A member of a closed list, in whatever case it was written."""
        if isinstance(given, str) and given.upper() in kind.values:
            return given.upper()
        if not isinstance(given, str):
            self._wrong(path, given, "one of a list of words")
            return None
        words = ", ".join(name.lower() for name in kind.values)
        self.fault(path, f"`{path}` cannot be {given[:_SHOWN]!r}.", f"Give one of: {words}.")
        return None

    def _scalar(self, kind: GraphQLScalarType, given: Any, path: str) -> Any:
        try:
            kind.parse_value(given)
        except LedgerError as error:
            self.fault(path, f"`{path}`: {error.message}", error.suggestion or "", error.reason)
        except GraphQLError:
            self._wrong(path, given, _EXPECTED.get(kind.name, f"a {kind.name}"))
        return given


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


def _plain(name: str, value: Any) -> Any:
    """The code of a currency, which may be given by its id and in whatever case."""
    if name != "currency" or not isinstance(value, str) or not value.isascii():
        return value
    return value.upper().removeprefix("CUR_")


def _those(slots: Mapping[str, Slot]) -> str:
    names = ", ".join(slots)
    return f"Leave it out; there are: {names}." if names else "Leave it out; nothing is taken here."


_slots = cache(slots_of)
