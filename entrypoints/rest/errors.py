"""How a refusal reads in REST: the same closed list of reasons, in names that REST has.

An id in the path that names nothing is `not_found` and 404; one in the body or in the address is
`unknown_reference` and 422, whatever the operation behind it calls it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from entrypoints.rest.names import snake
from ledger.errors import Code, LedgerError, Reason

TYPES = {
    Code.VALIDATION_ERROR: "validation_error",
    Code.NOT_FOUND: "not_found_error",
    Code.CONFLICT: "conflict_error",
    Code.FORBIDDEN: "authorization_error",
    Code.UNAUTHENTICATED: "authentication_error",
    Code.RATE_LIMIT_EXCEEDED: "rate_limit_error",
    Code.INSUFFICIENT_CREDITS: "credit_limit_error",
    Code.INTERNAL_ERROR: "server_error",
}
"""The type of an error by its class."""

_CAMEL = re.compile(r"\b[a-z]+(?:[A-Z][a-z0-9]*)+\b")
_STEP = re.compile(r"[.\[]")


@dataclass(frozen=True, slots=True)
class Words:
    """By which names a request called what the schema calls by its own.

    `arguments` are the places of variables in the document, `path` the names that stand in the
    path, `spelled` how the caller wrote names that have synonyms.
    """

    arguments: Mapping[str, str] = field(default_factory=dict)
    path: Collection[str] = ()
    spelled: Mapping[str, str] = field(default_factory=dict)

    def of_field(self, field: str) -> str:
        """The path of an argument as the caller wrote it: `entries[2].account_id`."""
        ends = [match.start() for match in _STEP.finditer(field)]
        for end in [len(field), *reversed(ends)]:
            if field[:end] in self.arguments:
                found = self.arguments[field[:end]] + snake(field[end:])
                return self.spelled.get(found, found)
        return snake(field)

    def of_text(self, text: str | None) -> str | None:
        """A sentence with the names of arguments as REST has them."""
        if text is None:
            return None
        return _CAMEL.sub(lambda match: self.of_field(match[0]), text)


def error_body(error: LedgerError, request_id: str, status: int) -> dict[str, Any]:
    """A refusal as the body of an answer."""
    details = dict(error.details)
    if error.field is not None:
        details.setdefault("fields", {error.field: error.message})
    return {
        "error": {
            "type": TYPES[error.code],
            "code": error.reason.slug,
            "message": error.message,
            "status": status,
            "details": details,
            "suggestion": error.suggestion,
            "request_id": request_id,
        }
    }


def told(error: LedgerError, words: Words) -> LedgerError:
    """A refusal of the schema's in the names of the request."""
    where = None if error.field is None else words.of_field(error.field)
    return replace(
        error,
        reason=_placed(error.reason, where, words),
        message=words.of_text(error.message) or "",
        suggestion=words.of_text(error.suggestion),
        field=where,
    )


def _placed(reason: Reason, where: str | None, words: Words) -> Reason:
    if reason is Reason.UNKNOWN_REFERENCE and where in words.path:
        return Reason.NOT_FOUND
    known = where is not None and _STEP.split(where)[0] in words.arguments.values()
    if reason is Reason.NOT_FOUND and known and where not in words.path:
        return Reason.UNKNOWN_REFERENCE
    return reason


def first_error(errors: Sequence[Mapping[str, Any]]) -> LedgerError:
    """The first error that a document was answered with."""
    error = errors[0]
    more = error["extensions"]
    return LedgerError(
        Reason[more["reason"].upper()],
        error["message"],
        more.get("suggestion"),
        more.get("details", {}),
        more.get("field"),
    )
