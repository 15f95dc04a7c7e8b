"""Asking the GraphQL API over HTTP, with patience for a server that is busy or away."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx2
import orjson

from ledger.errors import Reason

Ask = Callable[[str, Mapping[str, Any]], Awaitable[dict[str, Any]]]
"""From a document and its variables: the data of its answer, or `RefusedError`."""

_FIRST_DELAYS = (0.25, 0.5, 1)
_DELAYS = (0.25, 0.5, 1, 2, 4, 8, 8, 8, 8, 8, 8)
_SECONDS = httpx2.Timeout(120, connect=10)
_PASSING = {reason.slug for reason in Reason if reason.retry}
_LONGEST_SHOWN = 200
_SERVER_ERROR = 500


class RefusedError(Exception):
    """The API refused a document; all but the message as in the error's extensions."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        self.message = str(error.get("message"))
        super().__init__(self.message)
        more = error.get("extensions") or {}
        self.reason: str | None = more.get("reason")
        self.suggestion: str | None = more.get("suggestion")
        self.field: str | None = more.get("field")

    @property
    def told(self) -> str:
        """The cause and the cure."""
        return f"{self.message} {self.suggestion}" if self.suggestion else self.message


class UnreachableError(Exception):
    """No answer of the API came, however often it was asked."""


class Remote:
    """An API at an address, asked with one key. `notice` is told of what is tried again.

    There is little patience before the first answer, and a minute of it after that.
    """

    def __init__(
        self, http: httpx2.AsyncClient, key: str, notice: Callable[[str], object] = str
    ) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
        self._notice = notice
        self._delays: tuple[float, ...] = _FIRST_DELAYS

    async def __call__(self, document: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The data that answers a document; asks again when that may help.

        Whoever asks for a change that must happen once sees to it by an idempotency key.
        """
        body = orjson.dumps({"query": document, "variables": variables})
        for delay in self._delays:
            try:
                return await self._once(body)
            except (httpx2.TransportError, _AgainError) as error:
                cause = (str(error) or type(error).__name__).rstrip(".")
            self._notice(f"{cause}. Trying again in {delay:g} s.")
            await asyncio.sleep(delay * random.uniform(0.8, 1.2))  # noqa: S311 (not a secret)
        raise UnreachableError(f"{self._http.base_url} cannot be reached: {cause}.")

    async def _once(self, body: bytes) -> dict[str, Any]:
        answer = await self._http.post("/graphql", content=body, headers=self._headers)
        self._delays = _DELAYS
        try:
            found = orjson.loads(answer.content)
            errors = found.get("errors")
        except (orjson.JSONDecodeError, AttributeError):
            cause = f"HTTP {answer.status_code}, and no JSON: {answer.text[:_LONGEST_SHOWN]!r}"
            passing = answer.status_code >= _SERVER_ERROR
            raise (_AgainError if passing else UnreachableError)(cause) from None
        if errors:
            refusal = RefusedError(errors[0])
            if refusal.reason in _PASSING:
                raise _AgainError(refusal.message)
            raise refusal
        data: dict[str, Any] = found["data"]
        return data


class _AgainError(Exception):
    """What may pass: worth asking again."""


def remote(url: str) -> httpx2.AsyncClient:
    """The connections to an API."""
    return httpx2.AsyncClient(base_url=url, timeout=_SECONDS)
