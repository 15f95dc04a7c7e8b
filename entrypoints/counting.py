"""Counting requests at every door: against their minute before they run, in figures after.

Jobs are counted as the requests that they came by, and in the figures of their queue.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any

from ledger.errors import Code, LedgerError
from resolvers.figures import Figures
from resolvers.gate import Caller
from resolvers.metrics import OK
from resolvers.rates import Rates
from schema.calls import UNREAD, Called
from schema.errors import HttpError
from schema.execution import Executor
from schema.requests import GraphQLRequest
from schema.view import Answer, ExecuteOptions

RATE = "rate"
"""Where in a request's state its organization's standing is, for the headers of the answer."""

_UNFORESEEN = Code.INTERNAL_ERROR.value


class CountingExecutor:
    """Runs documents like the executor that it has, as far as the caller's minute allows."""

    def __init__(self, executor: Executor, rates: Rates, figures: Figures) -> None:
        self._executor = executor
        self._rates = rates
        self._figures = figures

    async def __call__(
        self, caller: Caller, asked: GraphQLRequest, options: ExecuteOptions
    ) -> Answer:
        """The answer to one request; `rate_limited` when too many came."""
        began = perf_counter()
        noted: list[Called] = []
        code = _UNFORESEEN
        try:
            await self.admit(caller, options.state)
            answer = await self._executor(caller, asked, options, noted)
            code = _code_of(answer)
        except (LedgerError, HttpError) as refusal:
            code = _code_in(refusal)
            raise
        finally:
            self._count(caller, noted[0] if noted else UNREAD, code, began)
        return answer

    async def admit(self, caller: Caller, state: MutableMapping[str, Any]) -> None:
        """Count a request of a caller, and note how its organization stands."""
        standing = await self._rates.admit(caller.organization_id, is_live=caller.is_live)
        if standing is None:
            return
        state[RATE] = standing
        standing.require_room()

    @asynccontextmanager
    async def counted(
        self, caller: Caller, state: MutableMapping[str, Any], called: Called
    ) -> AsyncIterator[None]:
        """Run what is no document within the same limit and the same figures."""
        began = perf_counter()
        code = _UNFORESEEN
        try:
            await self.admit(caller, state)
            yield
            code = OK
        except (LedgerError, HttpError) as refusal:
            code = _code_in(refusal)
            raise
        finally:
            self._count(caller, called, code, began)

    def refuse(
        self, caller: Caller, called: Called, refusal: LedgerError | HttpError, began: float
    ) -> None:
        """Count a request whose parameters or body were refused, so that it did not run."""
        self._count(caller, called, _code_in(refusal), began)

    def _count(self, caller: Caller, called: Called, code: str, began: float) -> None:
        took = perf_counter() - began
        self._figures.count(caller.organization_id, *called, code, took)


def _code_of(answer: Answer) -> str:
    if not answer.has_errors:
        return OK
    code: str = answer.body["errors"][0]["extensions"]["code"]
    return code


def _code_in(refusal: LedgerError | HttpError) -> str:
    error = refusal.error if isinstance(refusal, HttpError) else refusal
    return error.code.value
