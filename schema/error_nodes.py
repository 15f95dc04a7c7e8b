"""Errors as data: where one is part of an answer and not the answer."""

from __future__ import annotations

from typing import Any

import strawberry

from ledger.errors import LedgerError
from schema.scalars import Json


@strawberry.type
class ErrorNode:
    """Why something was refused: one item of a bulk call, or a job."""

    code: str
    reason: str
    message: str
    suggestion: str | None
    field: str | None
    details: Json


def error_node(plain_error: dict[str, Any]) -> ErrorNode:
    """A refusal that was kept as JSON, as the API shows it."""
    error = LedgerError.from_plain(plain_error)
    return ErrorNode(
        code=error.code.value,
        reason=error.reason.slug,
        message=error.message,
        suggestion=error.suggestion,
        field=error.field,
        details=Json(error.details),
    )
