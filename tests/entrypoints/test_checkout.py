"""The page on which credits are paid: by a signed link, without a script, and safe to look at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from crediting import PURCHASE, left, metered
from entering import contents

from resolvers.outside import CHECKOUT, VIEW

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.fixture
async def house(databases):
    async with metered(await databases.new("sqlite"), public_url="http://test") as started:
        yield started


@pytest.fixture
async def ordered(books):
    """Orders some credits: the address at which they are paid."""

    async def order(**given):
        found = await books.ask(PURCHASE, **({"creditAmount": 1_000} | given))
        url: str = found["purchaseCredits"]["checkoutUrl"]
        return url

    return order


async def test_it_says_what_is_ordered_and_has_one_button(house, ordered):
    page = await house.http.get(await ordered())
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>1,000 credits for $10.00</h1>" in page.text
    assert "nothing is charged" in page.text
    assert page.text.count("<form") == page.text.count("<button") == 1
    assert "<script" not in page.text


async def test_it_may_be_looked_at_by_anybody_and_anything_as_often_as_they_like(house, ordered):
    url = await ordered()
    before = await contents(house)
    for method in ("GET", "HEAD", "GET"):
        assert (await house.http.request(method, url)).status_code == 200
    assert await contents(house) == before
    for method in ("PUT", "DELETE", "PATCH"):
        assert (await house.http.request(method, url)).status_code == 405


async def test_a_browser_is_told_to_run_and_load_and_keep_nothing(house, ordered):
    for method in ("GET", "POST"):
        headers = (await house.http.request(method, await ordered())).headers
        assert headers["content-security-policy"] == (
            "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        )
        assert headers["cache-control"] == "private, no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"


async def test_it_leads_on_to_where_the_caller_said_and_nowhere_else(house, ordered):
    hostile = 'https://a.example.com/?a=1&b="><script>alert(1)</script>'
    plain = await ordered(successUrl="https://a.example.com/yes", cancelUrl=hostile)
    page = (await house.http.get(plain)).text
    escaped = "https://a.example.com/?a=1&amp;b=&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    assert f'<a href="{escaped}">Go back</a>' in page
    assert "<script" not in page
    page = (await house.http.post(plain)).text
    assert '<a href="https://a.example.com/yes">Continue</a>' in page
    assert "Go back" not in page
    without = (await house.http.post(await ordered())).text
    assert "<a " not in without


async def test_another_link_opens_nothing_and_grants_nothing(house, books, ordered):
    url = await ordered()
    token = url.rpartition("/")[2]
    links = house.app.house.outside.links
    which = token.split(".")[1]
    later, earlier = datetime.now(UTC) + timedelta(days=1), datetime.now(UTC) - timedelta(days=1)
    wrong = [
        token[:-1] + ("0" if token[-1] != "0" else "1"),
        token.replace(books.organization_id, (await house.organization()).organization_id),
        links.make(VIEW, books.organization_id, which, later),
        links.make(CHECKOUT, books.organization_id, which, earlier),
        links.make(CHECKOUT, books.organization_id, "chk_nobody", later),
        "nothing",
    ]
    before = await contents(house)
    for given in wrong:
        for method in ("GET", "POST"):
            answer = await house.http.request(method, f"/checkout/{given}", headers=BROWSER)
            assert (answer.status_code, "<h1>" in answer.text) == (404, True), given
            assert "form-action 'self'" in answer.headers["content-security-policy"]
            plain = await house.http.request(method, f"/checkout/{given}")
            assert plain.json()["error"]["code"] == "not_found"
    assert "expired" in (await house.http.get(f"/checkout/{wrong[3]}", headers=BROWSER)).text
    assert await contents(house) == before
    assert await left(books) == 0


async def test_when_the_database_is_busy_the_page_says_so(house, ordered, monkeypatch):
    url = await ordered()

    async def busy(*_args, **_kwargs):
        raise TimeoutError("no connection")

    monkeypatch.setattr(house.database, "write", busy)
    answer = await house.http.post(url)
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "busy"
