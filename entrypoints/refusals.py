"""Refusals for which no door answers, and in which form: GraphQL's at its own path, else REST's."""

from __future__ import annotations

from typing import Any

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from entrypoints.rest.errors import error_body
from ledger.errors import LedgerError, Reason
from schema.errors import render

JSON = "application/json"
_GRAPHQL = {"/graphql", "/v1/graphql"}
_UNAUTHORIZED, _NOT_FOUND, _NOT_ALLOWED = 401, 404, 405


def refusal_body(path: str, error: LedgerError, request_id: str, status: int) -> bytes:
    """A refusal as JSON, in the form that callers of a path read."""
    body: dict[str, Any]
    if path in _GRAPHQL:
        body = {"errors": [render(error, request_id)]}
    else:
        body = error_body(error, request_id, status)
    return orjson.dumps(body, default=str)


def as_json(request: Request, error: LedgerError, status: int) -> Response:
    """A refusal as an answer."""
    headers = {"WWW-Authenticate": "Bearer"} if status == _UNAUTHORIZED else None
    body = refusal_body(request.url.path, error, request.state.request_id, status)
    return Response(body, status, headers, JSON)


async def no_route(request: Request, problem: Exception) -> Response:
    """The answer to a path or a method that there is nothing for."""
    status = problem.status_code if isinstance(problem, HTTPException) else Reason.INTERNAL.status
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
            "The paths of REST are in /openapi.json; GraphQL is at /graphql.",
        )
    else:
        error = LedgerError(Reason.INTERNAL, "Something went wrong on our side.", "Try again.")
    answer = as_json(request, error, status)
    if isinstance(problem, HTTPException):
        answer.headers.update(problem.headers or {})
    return answer
