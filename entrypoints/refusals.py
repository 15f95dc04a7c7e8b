"""What no route answers: coded like every other refusal, not in plain text."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from ledger.errors import LedgerError, Reason
from schema.errors import render

_NOT_FOUND, _NOT_ALLOWED = 404, 405


async def no_route(request: Request, problem: Exception) -> JSONResponse:
    """The answer to a path or a method that there is nothing for."""
    status = problem.status_code if isinstance(problem, HTTPException) else Reason.INTERNAL.status
    headers = problem.headers if isinstance(problem, HTTPException) else None
    if status == _NOT_ALLOWED:
        error = LedgerError(
            Reason.INVALID_REQUEST,
            f"{request.method} is not a method of this path.",
            "Use one that the Allow header names.",
        )
    elif status == _NOT_FOUND:
        error = LedgerError(
            Reason.NOT_FOUND,
            "There is nothing at this path.",
            "GraphQL is at /graphql, its playground at /graphql/playground.",
        )
    else:
        error = LedgerError(Reason.INTERNAL, "Something went wrong on our side.", "Try again.")
    body = {"errors": [render(error, request.state.request_id)]}
    return JSONResponse(body, status_code=status, headers=headers)
