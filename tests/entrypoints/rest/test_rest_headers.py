"""The headers of REST, its methods and its paths, and what they say of an answer."""

from __future__ import annotations

import pytest
from asking import enter, key_of
from entering import contents
from house import Client

from ledger.keys import Scope
from store import organizations

SALE = "2026-01-05: Sale\n    debit 1000 100.00\n    credit 4000 100.00\n"


async def test_an_idempotency_key_has_one_effect_and_one_answer(house, rest):
    body = {"code": "1001", "name": "Till", "type": "asset"}
    key = {"Idempotency_Key": "till-1"}
    one = await rest.ask("POST", "~/accounts", body, **key)
    before = await contents(house)
    again = await rest.ask("POST", "~/accounts", body, **key)
    assert (one.status_code, again.status_code) == (201, 201)
    assert (one.json(), one.headers["location"]) == (again.json(), again.headers["location"])
    assert "idempotent-replay" not in one.headers
    assert again.headers["idempotent-replay"] == "true"
    error = await rest.refused(422, "POST", "~/accounts", {**body, "code": "1002"}, **key)
    assert (error["type"], error["code"]) == ("conflict_error", "idempotency_mismatch")
    assert await contents(house) == before
    assert await rest.get("~/accounts?limit=1", **key)
    error = await rest.refused(400, "POST", "~/accounts", body, Idempotency_Key="x" * 201)
    assert error["code"] == "invalid_text"


async def test_an_etag_spares_a_body_and_guards_a_change(rest):
    account = (await rest.accounts())["1000"]
    path = f"~/accounts/{account}"
    first = await rest.ask("GET", path)
    tag = first.headers["etag"]
    assert tag.startswith('"1-')
    assert first.headers["cache-control"] == "private, no-cache"
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        spared = await rest.ask("GET", path, If_None_Match=known)
        assert (spared.status_code, spared.content) == (304, b"")
        assert spared.headers["etag"] == tag
    assert (await rest.ask("HEAD", path, If_None_Match=tag)).status_code == 304
    await enter(rest.client, SALE)
    moved = await rest.ask("GET", path, If_None_Match=tag)  # its balance is another one
    assert (moved.status_code, moved.headers["etag"][:3]) == (200, '"1-')
    changed = await rest.ask("PUT", path, {"name": "Till"}, If_Match=tag)
    assert (changed.status_code, changed.headers["etag"][:3]) == (200, '"2-')
    assert changed.headers["etag"] == (await rest.ask("GET", path)).headers["etag"]
    for stale in (tag, '"1"', 'W/"1"'):
        error = await rest.refused(409, "PUT", path, {"name": "x"}, If_Match=stale)
        assert (error["code"], error["details"]["current_version"]) == ("version_conflict", 2)
    assert (await rest.put(path, {"name": "Safe"}, If_Match="*"))["version"] == 3
    assert (await rest.put(path, {"name": "Box", "version": 3}, If_Match='"3"'))["version"] == 4
    error = await rest.refused(400, "PUT", path, {"name": "x", "version": 3}, If_Match='"4"')
    assert list(error["details"]["fields"]) == ["version"]
    for odd in ("4", '"x"', '"4", "5"', ""):
        assert (await rest.refused(400, "PUT", path, {"name": "x"}, If_Match=odd))["suggestion"]
    error = await rest.refused(
        400, "POST", "~/accounts", {"code": "1", "name": "x", "type": "asset"}, If_Match='"1"'
    )
    assert error["message"].startswith("The header If-Match means nothing here")
    spare = (await rest.accounts())["1500"]
    await rest.refused(409, "DELETE", f"~/accounts/{spare}", If_Match='"7"')
    assert (await rest.ask("DELETE", f"~/accounts/{spare}", If_Match='"1"')).status_code == 204


# Methods and paths


async def test_a_path_says_what_it_allows(rest):
    account = (await rest.accounts())["1000"]
    paths = {
        "~/accounts": "GET, HEAD, OPTIONS, POST",
        f"~/accounts/{account}": "DELETE, GET, HEAD, OPTIONS, PUT",
        f"~/transactions/{account}/post": "OPTIONS, POST",
        "/currencies": "GET, HEAD, OPTIONS",
    }
    for path, allowed in paths.items():
        asked = await rest.ask("OPTIONS", path)
        assert (asked.status_code, asked.headers["allow"], asked.content) == (204, allowed, b"")
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(allowed.split(", ")):
            refused = await rest.ask(method, path)
            assert (refused.status_code, refused.headers["allow"]) == (405, allowed)
            assert refused.json()["error"]["message"] == f"{method} is not a method of this path."
    head, whole = await rest.ask("HEAD", "~/accounts"), await rest.ask("GET", "~/accounts")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["etag"] == whole.headers["etag"]


async def test_every_path_is_there_below_its_version_too(rest):
    old = rest.below("/v1")
    assert await old.get("~/accounts") == await rest.get("~/accounts")
    made = await old.ask("POST", "~/accounts", {"code": "1", "name": "x", "type": "asset"})
    assert made.headers["location"].startswith("/v1/organizations/org_")
    assert (await rest.ask("GET", made.headers["location"])).status_code == 200
    assert made.headers["crane-version"] == "1"
    for path in ("~/nothing", "/v1/nothing", "/v1/currencies/USD/x", "~/accounts/"):
        error = await rest.refused(404, "GET", path)
        assert error["message"] == "There is nothing at this path."


async def test_the_live_id_with_the_test_key_is_read_as_the_twins(house, rest, rest_of):
    live_id = rest.client.organization_id
    found = await house.database.read(organizations.existing, [live_id])
    twin_id = found[live_id].twin_id
    keyed = await key_of(rest.client, house, Scope.ADMIN, organization_id=twin_id, live=False)
    by_live_id = rest_of(Client(house.http, keyed.key, live_id))
    by_own_id = rest_of(Client(house.http, keyed.key, twin_id))
    made = await by_live_id.post("~/accounts", {"code": "1", "name": "x", "type": "asset"})
    assert made["organization_id"] == twin_id
    assert await by_own_id.get(f"~/accounts/{made['id']}") == made
    await rest.refused(404, "GET", f"~/accounts/{made['id']}")
    mine = rest_of(Client(house.http, rest.client.key, twin_id))
    error = await mine.refused(404, "GET", "~/accounts")
    assert error["code"] == "not_found"


async def test_a_dry_run_checks_everything_and_stores_nothing(house, rest):
    before = await contents(house)
    body = {"code": "1001", "name": "Till", "type": "asset"}
    tried = await rest.ask("POST", "~/accounts?dry_run=true", body)
    assert (tried.status_code, tried.json()["code"]) == (200, "1001")
    assert "location" not in tried.headers
    error = await rest.refused(409, "POST", "~/accounts?dry_run=true", {**body, "code": "1000"})
    assert (error["code"], list(error["details"]["fields"])) == ("duplicate", ["code"])
    spare = (await rest.accounts())["1500"]
    gone = await rest.ask("DELETE", f"~/accounts/{spare}?dry_run=true")
    assert gone.status_code == 204
    assert await contents(house) == before


@pytest.mark.parametrize("path", ["/health", "/system/info", "/openapi.json", "/docs"])
async def test_some_paths_need_no_key(house, path):
    answer = await house.http.get(path)
    assert answer.status_code == 200
    below = await house.http.get(f"/v1{path}")
    assert below.content == answer.content
