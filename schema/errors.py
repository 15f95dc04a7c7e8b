"""How a refusal reads in GraphQL: the one rendering of the ledger's closed list of errors."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from ledger.errors import LedgerError, Reason

logger = logging.getLogger("crane.errors")


@dataclass(eq=False)
class HttpError(Exception):
    """A refusal that HTTP has a status of its own for, such as 405 or 415, and headers with it."""

    status: int
    error: LedgerError
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def __post_init__(self) -> None:
        super().__init__(self.error.message)


def render(error: LedgerError, request_id: str) -> dict[str, Any]:
    """Return the refusal as an item of a GraphQL answer's `errors`.

    `details`, `suggestion` and `field` are left out where the refusal has none. Whoever knows
    them adds the `path` and the `locations` of a field.
    """
    extensions: dict[str, Any] = {"code": error.code.value, "reason": error.reason.slug}
    if error.details:
        extensions["details"] = error.details
    if error.suggestion is not None:
        extensions["suggestion"] = error.suggestion
    if error.field is not None:
        extensions["field"] = error.field
    extensions["requestId"] = request_id
    return {"message": error.message, "extensions": extensions}


def unexpected(error: BaseException, request_id: str) -> LedgerError:
    """Log an exception that nobody foresaw, and return what may be told of it: its number."""
    logger.error(
        "Unexpected %s",
        type(error).__name__,
        exc_info=error,
        extra={"facts": {"request_id": request_id}},
    )
    return LedgerError(
        Reason.INTERNAL,
        "Something went wrong on our side.",
        f"Try again; if it happens again, tell us the request id {request_id}.",
    )
