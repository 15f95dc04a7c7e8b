"""How tests ask REST: `rest.get("~/accounts")` with the key of an organization, `~` being its."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import httpx2
import pytest
from house import Client

HOME = "/organizations/{}"


@dataclass(frozen=True)
class Rest:
    """Asks one organization's REST API with one key."""

    client: Client
    prefix: str = ""

    @property
    def home(self) -> str:
        return HOME.format(self.client.organization_id)

    def below(self, prefix: str) -> Rest:
        """The same, with all paths below a prefix."""
        return replace(self, prefix=prefix)

    def path(self, path: str) -> str:
        return self.prefix + path.replace("~", self.home, 1)

    async def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> httpx2.Response:
        """The HTTP answer; `If_Match` is the header If-Match."""
        given = {"Authorization": f"Bearer {self.client.key}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        more = {} if body is None else {"json": body}
        return await self.client.http.request(method, self.path(path), headers=given, **more)

    async def get(self, path: str, **headers: str) -> Any:
        """What is shown, which must be there."""
        return await self._done("GET", path, None, headers)

    async def post(self, path: str, body: Any = None, **headers: str) -> Any:
        """What is answered to a POST, which must succeed."""
        return await self._done("POST", path, body, headers)

    async def put(self, path: str, body: Any, **headers: str) -> Any:
        """What is answered to a PUT, which must succeed."""
        return await self._done("PUT", path, body, headers)

    async def refused(
        self, status: int, method: str, path: str, body: Any = None, **headers: str
    ) -> dict[str, Any]:
        """The error of a request that must be refused with this status."""
        answer = await self.ask(method, path, body, **headers)
        assert answer.status_code == status, answer.text
        error: dict[str, Any] = answer.json()["error"]
        assert error["status"] == status
        assert error["message"].strip()
        assert error["request_id"] == answer.headers["x-request-id"]
        return error

    async def accounts(self) -> dict[str, str]:
        """The ids of all accounts by code."""
        return await self.client.accounts()

    async def _done(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        answer = await self.ask(method, path, body, **headers)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()


@pytest.fixture
def rest_of() -> Callable[[Client], Rest]:
    """Makes the REST API of an organization that is asked with some key."""
    return Rest


@pytest.fixture
def rest(books: Client) -> Rest:
    """The REST API of an organization with the standard chart in USD."""
    return Rest(books)
