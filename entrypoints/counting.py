"""Counting requests before they run, at every door; jobs were counted when they came."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from resolvers.gate import Caller
from resolvers.rates import Rates
from schema.execution import Executor
from schema.requests import GraphQLRequest
from schema.view import Answer, ExecuteOptions

RATE = "rate"
"""Where in a request's state its organization's standing is, for the headers of the answer."""


class CountingExecutor:
    """Runs documents like the executor that it has, as far as the caller's minute allows."""

    def __init__(self, executor: Executor, rates: Rates) -> None:
        self._executor = executor
        self._rates = rates

    async def __call__(
        self, caller: Caller, asked: GraphQLRequest, options: ExecuteOptions
    ) -> Answer:
        """The answer to one request; `rate_limited` when too many came."""
        await self.admit(caller, options.state)
        return await self._executor(caller, asked, options)

    async def admit(self, caller: Caller, state: MutableMapping[str, Any]) -> None:
        """Count a request of a caller, and note how its organization stands."""
        standing = await self._rates.admit(caller.organization_id, is_live=caller.is_live)
        if standing is None:
            return
        state[RATE] = standing
        standing.require_room()
