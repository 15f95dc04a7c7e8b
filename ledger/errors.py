"""The closed list of refusals: every reason for which an operation can be turned down.

A `Code` is the class that clients branch on; a `Reason` is the exact cause. The reason
decides the class, the HTTP status and whether trying again can help. Each protocol renders
this one table, so that a refusal reads the same at every door.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, TypeVar

_Answer = TypeVar("_Answer")


class Code(StrEnum):
    """The class of an error, as the API's documentation names it."""

    VALIDATION_ERROR = "VALIDATION_ERROR"
    NOT_FOUND = "NOT_FOUND"
    CONFLICT = "CONFLICT"
    FORBIDDEN = "FORBIDDEN"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    RATE_LIMIT_EXCEEDED = "RATE_LIMIT_EXCEEDED"
    INSUFFICIENT_CREDITS = "INSUFFICIENT_CREDITS"
    INTERNAL_ERROR = "INTERNAL_ERROR"


class Reason(Enum):
    """The exact cause of a refusal, in the order in which causes are looked for."""

    # Who is asking, and may they?
    UNAUTHENTICATED = ("unauthenticated", Code.UNAUTHENTICATED, 401)
    FORBIDDEN = ("forbidden", Code.FORBIDDEN, 403)
    RATE_LIMITED = ("rate_limited", Code.RATE_LIMIT_EXCEEDED, 429, True)
    INSUFFICIENT_CREDITS = ("insufficient_credits", Code.INSUFFICIENT_CREDITS, 402)
    # Is the request itself well formed?
    INVALID_REQUEST = ("invalid_request", Code.VALIDATION_ERROR, 400)
    REQUEST_TOO_LARGE = ("request_too_large", Code.VALIDATION_ERROR, 413)
    DOCUMENT_TOO_COMPLEX = ("document_too_complex", Code.VALIDATION_ERROR, 400)
    INVALID_VALUE = ("invalid_value", Code.VALIDATION_ERROR, 400)
    INVALID_AMOUNT = ("invalid_amount", Code.VALIDATION_ERROR, 400)
    INVALID_DATE = ("invalid_date", Code.VALIDATION_ERROR, 400)
    INVALID_TEXT = ("invalid_text", Code.VALIDATION_ERROR, 400)
    INVALID_CURSOR = ("invalid_cursor", Code.VALIDATION_ERROR, 400)
    TOO_MANY_ITEMS = ("too_many_items", Code.VALIDATION_ERROR, 400)
    # Has it been asked before?
    IDEMPOTENCY_MISMATCH = ("idempotency_mismatch", Code.CONFLICT, 422)
    IDEMPOTENCY_IN_FLIGHT = ("idempotency_in_flight", Code.CONFLICT, 409, True)
    # Does what it names exist?
    NOT_FOUND = ("not_found", Code.NOT_FOUND, 404)
    UNKNOWN_REFERENCE = ("unknown_reference", Code.NOT_FOUND, 422)
    # Is it free to change?
    VERSION_CONFLICT = ("version_conflict", Code.CONFLICT, 409)
    DUPLICATE = ("duplicate", Code.CONFLICT, 409)
    IN_USE = ("in_use", Code.CONFLICT, 409)
    SYSTEM_ACCOUNT = ("system_account", Code.CONFLICT, 409)
    FROZEN = ("frozen", Code.CONFLICT, 409)
    WRONG_STATUS = ("wrong_status", Code.CONFLICT, 409)
    ALREADY_REVERSED = ("already_reversed", Code.CONFLICT, 409)
    BELONGS_TO_DOCUMENT = ("belongs_to_document", Code.CONFLICT, 409)
    APPLIED = ("applied", Code.CONFLICT, 409)
    # Do the books allow it?
    TOO_FEW_ENTRIES = ("too_few_entries", Code.VALIDATION_ERROR, 400)
    UNBALANCED = ("unbalanced", Code.VALIDATION_ERROR, 422)
    MISSING_RATE = ("missing_rate", Code.VALIDATION_ERROR, 422)
    ACCOUNT_INACTIVE = ("account_inactive", Code.VALIDATION_ERROR, 422)
    INACTIVE = ("inactive", Code.VALIDATION_ERROR, 422)
    INVALID_PARENT = ("invalid_parent", Code.VALIDATION_ERROR, 422)
    PERIOD_LOCKED = ("period_locked", Code.VALIDATION_ERROR, 422)
    OVERPAYMENT = ("overpayment", Code.VALIDATION_ERROR, 422)
    NOT_APPLICABLE = ("not_applicable", Code.VALIDATION_ERROR, 422)
    REVERSAL_BEFORE_ORIGINAL = ("reversal_before_original", Code.VALIDATION_ERROR, 422)
    BALANCE_OVERFLOW = ("balance_overflow", Code.VALIDATION_ERROR, 422)
    DEPENDENCY_FAILED = ("dependency_failed", Code.VALIDATION_ERROR, 422)
    # Is the house in order?
    BUSY = ("busy", Code.INTERNAL_ERROR, 503, True)
    INTERNAL = ("internal", Code.INTERNAL_ERROR, 500, True)

    def __init__(self, slug: str, code: Code, status: int, retry: bool = False) -> None:
        """Say what the reason entails: its name and class at the doors, its HTTP status."""
        self.slug = slug
        self.code = code
        self.status = status
        self.retry = retry


@dataclass(eq=False)
class LedgerError(Exception):
    """A refusal: an expected answer, with its cause, and how to put it right.

    `message` names the cause, `suggestion` the cure, `details` the facts a program needs,
    and `field` the argument at fault by its path (`entries[2].amount`).
    """

    reason: Reason
    message: str
    suggestion: str | None = None
    details: dict[str, Any] = dataclasses.field(default_factory=dict)
    field: str | None = None

    def __post_init__(self) -> None:
        super().__init__(self.message)

    @property
    def code(self) -> Code:
        """The class of the reason."""
        return self.reason.code

    def inside(self, path: str) -> LedgerError:
        """The same refusal, seen from outside: its field path begins with `path`."""
        inner = self.field
        outer = path if inner is None else f"{path}.{inner}"
        return LedgerError(self.reason, self.message, self.suggestion, self.details, outer)

    def plain(self) -> dict[str, Any]:
        """The refusal as JSON can hold it."""
        return {
            "reason": self.reason.slug,
            "message": self.message,
            "suggestion": self.suggestion,
            "details": self.details,
            "field": self.field,
        }

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> LedgerError:
        """The refusal that `plain` was made of."""
        facts = ("message", "suggestion", "details", "field")
        return cls(Reason[plain["reason"].upper()], *(plain[name] for name in facts))


def at(field: str, read: Callable[..., _Answer], *arguments: object) -> _Answer:
    """What `read` makes of the arguments; its refusal names the field that they came from."""
    try:
        return read(*arguments)
    except LedgerError as error:
        raise error.inside(field) from None
