"""Answers of REST that are kept: sent again as they are, with their ETag, until anything moves."""

from __future__ import annotations

import hashlib

import pytest
from asking import enter, key_of
from house import Client

from entrypoints.rest.documents import documents
from entrypoints.rest.doors import Door
from ledger.keys import Scope

SALE = "2026-01-05: Sale\n    debit 1000 100.00\n    credit 4000 100.00\n"
PATHS = (
    "/organizations",
    "~",
    "~/settings",
    "~/settings/number_digits",
    "~/accounts?limit=3",
    "~/accounts/{account}",
    "~/accounts/{account}?expand[]=parent",
    "~/transactions",
    "~/reports/trial-balance",
    "~/events?limit=2",
    "/currencies?limit=2",
)


def forbidden(*_args, **_kwargs):
    """What must not be called any more."""
    raise AssertionError


@pytest.fixture
def stilled(monkeypatch):
    """Lets nothing be executed, shown or hashed from now on."""

    def still():
        monkeypatch.setattr("schema.execution.Context", forbidden)
        monkeypatch.setattr("entrypoints.rest.doors.etag", forbidden)
        monkeypatch.setattr(Door, "_shown", forbidden)

    return still


def digest(answer):
    return hashlib.sha256(answer.content).hexdigest()[:32]


@pytest.mark.parametrize("path", PATHS)
async def test_what_was_read_is_sent_again_without_doing_anything(rest, stilled, path):
    path = path.replace("{account}", (await rest.accounts())["1000"])
    first = await rest.ask("GET", path)
    tag = first.headers["etag"]
    assert tag.strip('"').rpartition("-")[2] == digest(first)
    stilled()
    again = await rest.ask("GET", path)
    assert (again.status_code, again.content) == (200, first.content)
    own = {"x-request-id", "ratelimit-remaining", "ratelimit-reset", "ratelimit"}
    assert [h for h in again.headers.items() if h[0] not in own] == [
        h for h in first.headers.items() if h[0] not in own
    ]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        spared = await rest.ask("GET", path, If_None_Match=known)
        assert (spared.status_code, spared.content) == (304, b"")
        assert spared.headers["etag"] == tag
    other = await rest.ask("GET", path, If_None_Match='"1-00", "x"')
    assert (other.status_code, other.content) == (200, first.content)
    head = await rest.ask("HEAD", path)
    assert (head.content, head.headers["etag"]) == (b"", tag)
    below = await rest.below("/v1").ask("GET", path)
    assert (below.content, below.headers["etag"]) == (first.content, tag)


async def test_a_write_ends_it_and_an_etag_names_the_same_bytes_for_ever(rest):
    account = (await rest.accounts())["1000"]
    path = f"~/accounts/{account}"
    seen = {}
    for number in range(4):
        answer = await rest.ask("GET", path)
        seen[answer.headers["etag"]] = answer.content
        assert len(seen) == number + 1
        assert answer.json()["balance"]["net"] == f"{number * 100}.00"
        await enter(rest.client, SALE)
    for tag in seen:
        assert (await rest.ask("GET", path, If_None_Match=tag)).status_code == 200
    still = await rest.ask("GET", f"~/accounts/{(await rest.accounts())['1500']}")
    await enter(rest.client, SALE)
    spared = await rest.ask("GET", still.url.path, If_None_Match=still.headers["etag"])
    assert spared.status_code == 304  # found anew, and as it was


async def test_pages_of_a_list_that_is_found_whole_are_kept_apart(rest):
    whole = (await rest.get("/currencies?limit=4"))["data"]
    for _ in range(2):
        for offset in range(3):
            page = await rest.get(f"/currencies?limit=1&offset={offset}")
            assert page["data"] == [whole[offset]]


async def test_settings_of_one_document_are_kept_apart(rest):
    keys = [each["key"] for each in (await rest.get("~/settings"))["data"]]
    for _ in range(2):
        for key in keys:
            assert (await rest.get(f"~/settings/{key}"))["key"] == key
        error = await rest.refused(404, "GET", "~/settings/nothing")
        assert error["code"] == "not_found"
        assert len((await rest.get("~/settings"))["data"]) == min(20, len(keys))


async def test_graphql_is_told_the_same_document_in_its_own_form(rest):
    account = (await rest.accounts())["1000"]
    document = documents()["GetAccount"]
    for _ in range(2):
        shown = await rest.get(f"~/accounts/{account}")
        found = await rest.client.ask(document.text, id=account)
        assert (found["account"]["isActive"], shown["is_active"]) == (True, True)


async def test_keys_of_another_scope_or_organization_have_answers_of_their_own(
    house, rest, rest_of
):
    await rest.get("~/accounts?limit=1")
    reader = rest_of(await key_of(rest.client, house, Scope.READ))
    assert (await rest.ask("GET", "~/api-keys")).status_code == 200
    for _ in range(2):
        assert (await reader.refused(403, "GET", "~/api-keys"))["code"] == "forbidden"
    other = await house.organization()
    await rest_of(Client(house.http, other.key, rest.client.organization_id)).refused(
        404, "GET", "~/accounts?limit=1"
    )
    mine = await rest_of(other).get("~/accounts?limit=1")
    assert mine["data"][0]["organization_id"] == other.organization_id


async def test_what_is_not_there_yet_is_found_as_soon_as_it_is(rest):
    for _ in range(2):
        await rest.refused(404, "GET", "~/accounts/act_00000000000000000009")
    made = await rest.post("~/accounts", {"code": "1001", "name": "Till", "type": "asset"})
    assert await rest.get(f"~/accounts/{made['id']}") == made
