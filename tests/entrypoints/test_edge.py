"""What every request has: a number, time limits, headers, an answer whatever fails, a log line."""

from __future__ import annotations

import asyncio
import logging
import re

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, Router
from tiny_service import TinyService, client

from entrypoints.edge import Edge, new_request_id


@pytest.fixture
def lines(caplog):
    """The facts of the access lines."""
    caplog.set_level(logging.INFO, "crane.access")
    return lambda: [each.facts for each in caplog.records if each.name == "crane.access"]


async def plain(request):
    return PlainTextResponse("plain")


async def crash(request):
    raise ZeroDivisionError("secret of the house")


async def read(request):
    return PlainTextResponse(await request.body())


def edge(endpoint, path="/", **limits):
    return Edge(Router([Route(path, endpoint, methods=["GET", "POST"])]), **limits)


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [
        ("a", True),
        ("0123.ABC_def-", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("", False),
        ("a b", False),
        ("a\\nb", False),
        ("é", False),
    ],
)
async def test_a_client_may_number_its_requests_in_plain_characters(given, is_kept):
    async with client(edge(plain)) as http:
        response = await http.get("/", headers=[("X-Request-Id", given.encode())])
    assert (response.headers["x-request-id"] == given) is is_kept


async def test_a_request_without_a_number_gets_one_of_its_own():
    async with client(edge(plain)) as http:
        numbers = {(await http.get("/")).headers["x-request-id"] for _ in range(50)}
    assert len(numbers) == 50
    assert all(re.fullmatch(r"req_[0-9A-Za-z]{20}", number) for number in numbers)
    assert new_request_id()[:8] == min(numbers)[:8]


def test_no_two_requests_of_a_millisecond_have_the_same_number(monkeypatch):
    monkeypatch.setattr("entrypoints.edge.time.time_ns", lambda: 1_800_000_000_000_000_000)
    numbers = [new_request_id() for _ in range(5_000)]
    assert len(set(numbers)) == 5_000
    assert {len(number) for number in numbers} == {24}
    assert len({number[:12] for number in numbers}) == 1


async def test_every_answer_has_the_headers_that_browsers_obey():
    async with client(edge(plain)) as http:
        for path in ("/", "/none"):
            headers = (await http.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cache-control"] == "no-store"


async def test_an_answer_that_says_how_long_it_keeps_is_left_alone():
    async def kept(request):
        headers = {"Cache-Control": "no-cache", "Referrer-Policy": "origin"}
        return PlainTextResponse("", headers=headers)

    async with client(edge(kept)) as http:
        headers = (await http.get("/")).headers
    assert headers.get_list("cache-control") == ["no-cache"]
    assert headers.get_list("referrer-policy") == ["origin"]


async def test_what_fell_through_all_else_is_answered_and_logged(caplog):
    async with client(edge(crash)) as http:
        response = await http.get("/")
    assert response.status_code == 500
    error = response.json()["error"]
    assert error["message"] == "Something went wrong on our side."
    assert error["request_id"] == response.headers["x-request-id"]
    assert response.headers["x-content-type-options"] == "nosniff"
    (record,) = caplog.records
    assert record.exc_info[0] is ZeroDivisionError


async def test_an_answer_under_way_when_the_application_fails_is_not_answered_twice(caplog):
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ZeroDivisionError

    sent = await messages(Edge(app), [])
    assert [each["type"] for each in sent] == ["http.response.start"]
    assert len(caplog.records) == 1


async def test_a_body_that_does_not_come_in_time_is_answered_with_408(lines):
    sent = await messages(edge(read, body_seconds=0.02), [b"begun"])
    assert sent[0]["status"] == 408
    assert (b"connection", b"close") in sent[0]["headers"]
    assert b'"code":"invalid_request"' in sent[1]["body"]
    assert [each["status"] for each in lines()] == [408]


async def test_a_body_that_drips_has_no_more_time_than_one_that_stops():
    began = asyncio.get_running_loop().time()
    sent = await messages(edge(read, body_seconds=0.05), [b"drip"] * 1000, pause=0.01)
    assert sent[0]["status"] == 408
    assert asyncio.get_running_loop().time() - began < 1


async def test_what_an_application_says_of_a_late_request_is_not_sent():
    async def app(scope, receive, send):
        message = await receive()
        assert message["type"] == "http.disconnect"
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"too late"})

    sent = await messages(Edge(app, body_seconds=0.01), [])
    assert [each.get("status") for each in sent] == [408, None]
    assert b"too late" not in sent[1]["body"]


async def test_a_failure_after_the_time_was_up_is_logged_and_answered_with_408(caplog):
    async def app(scope, receive, send):
        await receive()
        raise ZeroDivisionError

    sent = await messages(Edge(app, body_seconds=0.01), [])
    assert sent[0]["status"] == 408
    assert [each.name for each in caplog.records if each.exc_info] == ["crane.errors"]


async def test_a_whole_request_has_all_the_time_that_its_answer_takes():
    async def app(scope, receive, send):
        assert (await receive())["more_body"] is False
        await asyncio.sleep(0.03)
        waiting = asyncio.create_task(receive())
        await asyncio.sleep(0.03)
        assert not waiting.done()
        waiting.cancel()
        await PlainTextResponse("slow")(scope, receive, send)

    sent = await messages(Edge(app, body_seconds=0.02), [b"whole"], is_whole=True)
    assert sent[0]["status"] == 200


async def test_a_client_that_left_is_logged_without_a_status(lines):
    async def receive():
        return {"type": "http.disconnect"}

    await edge(read)(scope(), receive, None)
    assert [each["status"] for each in lines()] == [None]


async def test_a_request_is_one_line_without_its_question_and_without_its_key(lines):
    service = TinyService()
    body = {"query": "query Q { hello }", "operationName": "Q"}
    async with client(service.app()) as http:
        await http.post("/graphql?secret=1", json=body, headers={"X-Request-Id": "r-1"})
    (line,) = lines()
    assert 0 <= line.pop("ms") < 1000
    assert line == {
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "request_id": "r-1",
        "organization_id": "org_1",
        "operation": "Q",
    }


async def test_long_names_are_cut_in_the_log(lines):
    service = TinyService()
    async with client(service.app()) as http:
        body = {"query": "{ hello }", "operationName": "n" * 5000}
        await http.post("/graphql", json=body)
        await http.get("/" + "p" * 5000)
    assert [len(lines()[0]["operation"]), len(lines()[1]["path"])] == [200, 200]


async def test_nothing_is_written_when_the_log_is_off(caplog):
    caplog.set_level(logging.WARNING, "crane.access")
    async with client(edge(plain)) as http:
        await http.get("/")
    assert caplog.records == []


async def test_a_websocket_is_numbered_and_passed_on_and_the_lifespan_passed_on():
    seen = []

    async def app(scope, receive, send):
        seen.append((scope["type"], receive, send, scope.get("state")))

    numbered = [(b"x-request-id", b"r-1")]
    await Edge(app)({"type": "websocket", "headers": numbered}, "receive", "send")
    await Edge(app)({"type": "lifespan"}, "receive", "send")
    assert seen == [
        ("websocket", "receive", "send", {"request_id": "r-1"}),
        ("lifespan", "receive", "send", None),
    ]


def scope():
    return {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}


async def messages(app, parts, pause=0.0, *, is_whole=False):
    """What an application sends for a body that comes in parts, and then, or never, ends."""
    sent = []
    left = list(parts)

    async def receive():
        await asyncio.sleep(pause)
        if not left:
            await asyncio.sleep(60)
        return {
            "type": "http.request",
            "body": left.pop(0),
            "more_body": bool(left) or not is_whole,
        }

    async def send(message):
        sent.append(message)

    await app(scope(), receive, send)
    return sent


async def test_a_request_reads_its_body_through_the_edge():
    async with client(edge(read)) as http:
        response = await http.post("/", content=b"body")
    assert response.content == b"body"
    assert isinstance(Request(scope()), Request)
