"""Where each path of REST leads: as the routes of Starlette say, one after the other."""

from __future__ import annotations

import itertools
import re

import pytest
from starlette.applications import Starlette
from starlette.routing import Match, Mount, Route

from entrypoints.rest.paths import Paths
from entrypoints.rest.table import TABLE

PREFIX = "/v1"
WORDS = ("", "organizations", "accounts", "bulk", "balance", "settings", "system", "queues", "x y")
LOOSE = ("", "/", "*", "/v1", "/v1/", "/v1//", "/v1/v1/currencies", "/v11/currencies", "//")


class Named:
    """An application that is known by the path it stands at."""

    def __init__(self, path):
        self.path = path

    async def __call__(self, scope, receive, send):
        raise AssertionError


NOTHING = Named("nothing")
THERE = {row.whole_path: Named(row.whole_path) for row in TABLE}


def routes():
    """The same paths as routes, those that are written out before those that have names."""
    paths = sorted(THERE, key=lambda path: [step.startswith("{") for step in path.split("/")])
    own = [Route(path, THERE[path]) for path in paths]
    roots = dict.fromkeys(path.split("/")[1] for path in paths if path.count("/") > 1)
    own += [Route(f"/{root}/{{rest:path}}", NOTHING) for root in roots]
    return [*own, Mount(PREFIX, routes=[*own, Route("/{rest:path}", NOTHING)])]


def said(routes, scope):
    """What the first route that matches leads to, and what it tells it."""
    for route in routes:
        match, more = route.matches(scope)
        if match is Match.FULL and isinstance(route, Mount):
            return said(route.routes, {**scope, **more})
        if match is Match.FULL and more["endpoint"] is NOTHING:
            return NOTHING, "", {}
        if match is Match.FULL:
            root = more.get("root_path", scope.get("root_path", ""))
            return more["endpoint"], root, more["path_params"]
    return None


def scope_of(path):
    return {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}


def asked():
    """Every path of the table, every path of some words, and what is none."""
    shown = [re.sub(r"\{\w+\}", "x1", path) for path in THERE]
    mixed = [
        "/".join(("", *words)) for n in (1, 2, 3, 4) for words in itertools.product(WORDS, repeat=n)
    ]
    plain = [*shown, *(f"{path}/" for path in shown), *mixed, *LOOSE]
    return [*plain, *(PREFIX + path for path in plain)]


def test_every_path_leads_where_routes_tried_in_turn_would_lead():
    paths, turned = Paths(THERE, PREFIX, NOTHING), routes()
    found = {}
    for path in asked():
        found[path] = said([paths], scope_of(path))
        assert found[path] == said(turned, scope_of(path)), path
    reached = {answer[0].path for answer in found.values() if answer is not None}
    assert reached == {*THERE, "nothing"}


def test_what_is_found_without_routes_is_the_same_and_never_nothing():
    paths = Paths(THERE, PREFIX, NOTHING)
    for path in asked():
        scope = scope_of(path)
        application = paths.find(scope)
        answer = said([paths], scope_of(path))
        if application is None:
            assert answer is None or answer[0] is NOTHING, path
            assert scope == scope_of(path)
        else:
            assert (application, scope["root_path"], scope["path_params"]) == answer, path


def test_words_come_before_names_and_names_take_what_words_do_not():
    there = {path: Named(path) for path in ("/a/bulk", "/a/{id}/b", "/a/{id}", "/a/bulk/{key}")}
    paths = Paths(there, PREFIX, NOTHING)
    for path, leads, given in (
        ("/a/bulk", "/a/bulk", {}),
        ("/a/bulk/b", "/a/bulk/{key}", {"key": "b"}),
        ("/a/other/b", "/a/{id}/b", {"id": "other"}),
        ("/a/bulky", "/a/{id}", {"id": "bulky"}),
    ):
        scope = scope_of(path)
        assert paths.find(scope) is there[leads]
        assert scope["path_params"] == given


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_only_requests_are_led_anywhere(kind):
    paths = Paths(THERE, PREFIX, NOTHING)
    assert paths.matches({**scope_of("/currencies"), "type": kind}) == (Match.NONE, {})


def test_a_path_below_a_root_is_found_and_its_prefix_is_put_behind_the_root():
    paths = Paths(THERE, PREFIX, NOTHING)
    scope = {**scope_of("/books/v1/currencies/USD"), "root_path": "/books"}
    assert paths.find(scope) is THERE["/currencies/{id}"]
    assert scope["root_path"] == "/books/v1"
    assert scope["path_params"] == {"id": "USD"}
    assert Starlette(routes=[paths]).routes == [paths]
