"""Loading over a network that loses answers, from servers that are busy, away or no API."""

from __future__ import annotations

import httpx2
import pytest
from loads import listed, load, sale

from entrypoints import asking, loading
from entrypoints.asking import RefusedError, Remote, UnreachableError


class Weather(httpx2.AsyncBaseTransport):
    """A network on which answers are lost, and servers are busy, before all goes well."""

    def __init__(self, inner, trouble):
        self.inner = inner
        self.trouble = list(trouble)

    async def handle_async_request(self, request):
        kind = self.trouble.pop(0) if self.trouble else None
        if kind in {502, 503, 429}:
            return httpx2.Response(kind, text="later")
        if kind == "unsent":
            raise httpx2.ConnectError("All connection attempts failed")
        answer = await self.inner.handle_async_request(request)
        if kind == "lost":
            await answer.aread()
            raise httpx2.ReadError("The answer was lost")
        return answer


@pytest.fixture
def no_delays(monkeypatch):
    monkeypatch.setattr(asking, "_FIRST_DELAYS", (0.001,) * 3)
    monkeypatch.setattr(asking, "_DELAYS", (0.001,) * 12)


def through(bare, *trouble, notices=None):
    transport = Weather(bare.http._transport, trouble)
    http = httpx2.AsyncClient(transport=transport, base_url="http://test")
    return Remote(http, bare.key, [].append if notices is None else notices.append)


async def test_lost_answers_and_busy_servers_neither_lose_nor_double_anything(
    bare, folder, monkeypatch, no_delays
):
    monkeypatch.setattr(loading, "MOST_TRANSACTIONS", 5)
    notices = []
    # Each request meets something: who asks, the chart, the accounts, the chart, the chunks.
    trouble = ["lost", None, 503, None, "lost", None, None, None, "lost", "lost", None, "unsent"]
    ask = through(bare, *trouble, *["lost", None, 502] * 3, notices=notices)
    file = folder.lines([sale(n) for n in range(1, 41)])
    assert await load(bare, file, ask) == (40, 0)
    found = await listed(bare)
    assert set(found) == {f"sales:{n}" for n in range(1, 41)}
    assert "The answer was lost. Trying again in 0.001 s." in notices


async def test_a_server_that_never_answers_is_given_up(lone, folder, no_delays):
    with pytest.raises(UnreachableError) as refusal:
        await load(lone, folder.lines([sale(1)]), through(lone, *["unsent"] * 9))
    assert str(refusal.value) == ("http://test cannot be reached: All connection attempts failed.")


async def test_what_is_no_api_is_told_at_once(lone, folder):
    ask = Remote(lone.http, lone.key)
    ask._http = httpx2.AsyncClient(
        transport=httpx2.MockTransport(lambda _: httpx2.Response(404, text="<p>Nothing here")),
        base_url="http://test",
    )
    with pytest.raises(UnreachableError, match="HTTP 404, and no JSON: '<p>Nothing here'"):
        await load(lone, folder.lines([sale(1)]), ask)


async def test_a_key_that_is_not_known_is_refused_with_the_cause_and_the_cure(lone, folder):
    with pytest.raises(RefusedError) as refusal:
        await load(lone, folder.lines([sale(1)]), Remote(lone.http, "cl_live_wrong"))
    assert refusal.value.reason == "unauthenticated"
    assert "Authorization" in refusal.value.told
