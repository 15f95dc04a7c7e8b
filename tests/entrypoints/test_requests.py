"""How a request is put, by POST and by GET, and which ones are refused before anything runs."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import example, given, settings, strategies
from tiny_service import KEY, TinyService, client, only_error, post

from ledger.errors import LedgerError
from schema.negotiation import GRAPHQL, JSON
from schema.requests import Bodies
from schema.view import View


@pytest.fixture
def service():
    return TinyService()


@pytest.fixture
async def http(service):
    async with client(service.app()) as opened:
        yield opened


async def test_a_get_carries_its_request_in_the_address(http, service):
    response = await http.get(
        "/graphql",
        params={
            "query": "query A($n: String) { hello(name: $n) }",
            "operationName": "A",
            "variables": json.dumps({"n": "\U0001f3c3"}),
            "extensions": "{}",
        },
    )
    assert response.json() == {"data": {"hello": "Hello \U0001f3c3"}}
    assert service.seen[0][1].only_queries is True


async def test_empty_parameters_of_a_get_are_none(http):
    response = await http.get("/graphql?query={hello}&variables=&operationName=&extensions=")
    assert response.json() == {"data": {"hello": "Hello world"}}


@pytest.mark.parametrize(
    ("address", "cause"),
    [
        ("", "The request has no `query`."),
        ("?query={hello}&query={boom}", "The address has a parameter more than once."),
        ("?query={hello}&variables=[]", "`variables` is a list, and not an object or null."),
        ("?query={hello}&variables={", "The parameter variables is not JSON: "),
        ("?query={hello}&extensions=1", "`extensions` is a number, and not an object or null."),
        ("?query=%FF", "The address is not URL-encoded UTF-8, or has too many parameters."),
        ("?query={hello}" + "&a=1" * 200, "The address is not URL-encoded UTF-8, or has too many"),
    ],
)
async def test_a_get_that_is_not_well_formed_is_refused(http, service, address, cause):
    response = await http.get(f"/graphql{address}")
    assert response.status_code == 400
    assert only_error(response)["message"].startswith(cause)
    assert service.seen == []


@pytest.mark.parametrize("kind", [JSON, GRAPHQL])
@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "The body is not JSON: "),
        (b"null", "A GraphQL request is an object, and this is null."),
        (b"1", "A GraphQL request is an object, and this is a number."),
        (b"1.5", "A GraphQL request is an object, and this is a number."),
        (b"true", "A GraphQL request is an object, and this is a boolean."),
        (b'"x"', "A GraphQL request is an object, and this is a string."),
        (b"{}", "The request has no `query`."),
        (b'{"query": null}', "`query` is null, and not a string."),
        (b'{"query": ["{hello}"]}', "`query` is a list, and not a string."),
        (b'{"query": "{hello}", "operationName": 1}', "`operationName` is a number, and not a s"),
        (b'{"query": "{hello}", "variables": "{}"}', "`variables` is a string, and not an obj"),
        (b'{"query": "{hello}", "extensions": [1]}', "`extensions` is a list, and not an obj"),
        (b"[]", "The batch is empty."),
        (b"[[]]", "Request 1 of the batch is not well-formed: A GraphQL request is an object, "),
        (b'[{"query": "{hello}"}, 7]', "Request 2 of the batch is not well-formed: "),
        (b"[" + b'{"query":"{hello}"},' * 10 + b'{"query":""}]', "The batch has 11 requests; 10 "),
        (b'{"query": "\xff"}', "The body is not UTF-8: "),
        (gzip.compress(b'{"query": "{hello}"}', mtime=0), "The body is not UTF-8: "),
        (b"[" * 100_000, "The body nests arrays and objects more than 64 levels deep."),
        (b'{"query": "{hello(name: \\"\\ud800\\")}"}', "The body escapes half of a character: "),
        (b'{"query": "{hello}", "query": "{boom}"}', "An object has the name 'query' more than"),
        (b'\xef\xbb\xbf{"query": "{hello}"}', "The body begins with a byte order mark."),
    ],
)
async def test_a_body_that_is_not_well_formed_is_refused_and_nothing_runs(
    http, service, body, cause, kind
):
    response = await post(http, body, Accept=kind)
    assert response.status_code == 400
    assert response.headers["content-type"] == f"{kind}; charset=utf-8"
    error = only_error(response)
    assert error["message"].startswith(cause)
    assert error["extensions"]["code"] == "VALIDATION_ERROR"
    assert error["extensions"]["suggestion"]
    assert service.seen == []


async def test_the_member_of_the_wrong_type_is_named(http):
    error = only_error(await post(http, b'[{"query": "{hello}", "variables": 3}]'))
    assert error["extensions"]["field"] == "variables"
    assert error["extensions"]["details"] == {"index": 0}


async def test_too_large_a_batch_says_how_many_are_allowed(http):
    error = only_error(await post(http, json.dumps([{"query": "{hello}"}] * 11).encode()))
    assert error["extensions"]["reason"] == "too_many_items"
    assert error["extensions"]["details"] == {"allowed": 10, "found": 11}


async def test_a_body_above_the_limit_is_refused_by_its_announced_length(service):
    async with client(service.app(most_bytes=30)) as http:
        allowed = await post(http, b'{"query": "{hello}"}'.ljust(30))
        refused = await post(http, b'{"query": "{hello}"}'.ljust(31))
    assert (allowed.status_code, refused.status_code) == (200, 413)
    extensions = only_error(refused)["extensions"]
    assert (extensions["reason"], extensions["details"]) == ("request_too_large", {"allowed": 30})


async def test_a_body_without_a_length_is_read_no_further_than_the_limit(service):
    parts = 0

    async def receive():
        nonlocal parts
        parts += 1
        return {"type": "http.request", "body": b"x" * 10, "more_body": True}

    status, body = await exchange(
        View(service.authenticate, service.execute, most_bytes=25), receive
    )
    assert (status, parts) == (413, 3)
    assert json.loads(body)["errors"][0]["extensions"]["requestId"] == "req_1"


async def test_a_client_that_leaves_is_not_answered(service):
    async def receive():
        return {"type": "http.disconnect"}

    assert await exchange(View(service.authenticate, service.execute), receive) == (None, b"")
    assert service.seen == []


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "²", ""])
async def test_a_length_that_is_no_number_does_not_help(service, length):
    async def receive():
        return {"type": "http.request", "body": b"{}"}

    view = View(service.authenticate, service.execute)
    status, _ = await exchange(view, receive, (b"content-length", length.encode("latin-1")))
    assert status == (413 if length.startswith("9") else 400)


async def exchange(view, receive, *headers):
    """The status and the body of a POST, without the edge and without a client."""
    sent = []

    async def send(message):
        sent.append(message)

    key = (b"authorization", f"Bearer {KEY}".encode())
    scope = {
        "type": "http",
        "method": "POST",
        "headers": [(b"content-type", b"application/json"), key, *headers],
        "state": {"request_id": "req_1"},
    }
    await view(scope, receive, send)
    status = sent[0]["status"] if sent else None
    return status, b"".join(message.get("body", b"") for message in sent)


JSON_VALUES = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(max_size=9),
    lambda inner: strategies.lists(inner) | strategies.dictionaries(strategies.text(), inner),
    max_leaves=8,
)
MEMBERS = dict.fromkeys(("query", "operationName", "variables", "extensions"), JSON_VALUES)


@given(body=strategies.binary() | JSON_VALUES.map(json.dumps).map(str.encode))
@example(body=json.dumps({"query": "{hello}", "variables": {"\u2028": 10**400}}).encode())
@settings(max_examples=60, deadline=None)
async def test_no_body_makes_it_our_fault(body):
    await require_an_answer(body)


@given(members=strategies.fixed_dictionaries({}, optional=MEMBERS))
@settings(max_examples=60, deadline=None)
async def test_no_member_makes_it_our_fault(members):
    await require_an_answer(json.dumps(members).encode())
    await require_an_answer(json.dumps([members]).encode())


async def require_an_answer(body):
    async with client(TinyService().app()) as http:
        response = await post(http, body)
    assert response.status_code in {200, 400}
    assert response.json()


# Bodies


def test_a_body_that_comes_again_is_read_once_unless_somebody_could_change_what_was_read():
    read = Bodies(2)
    for body in (b'{"query":"a"}', b'{"query":"b","variables":{}}', b'{"query":"c"} '):
        assert read(body) is read(bytes(bytearray(body)))
    for body in (
        b'{"query":"a","variables":{"b":1}}',
        b'[{"query":"a"}]',
        b'{"query":"%b"}' % (b"a" * 4_000),
    ):
        assert read(body) == read(body)
        assert read(body) is not read(body)
    with pytest.raises(LedgerError):
        read(b"[" + b'{"query":"a"},' * 2 + b'{"query":"a"}]')


def test_no_more_bodies_are_kept_than_there_is_room_for():
    read = Bodies(1)
    first = read(b'{"query":"0"}')
    for number in range(1, 1_000):
        read(b'{"query":"%d"}' % number)
    assert read(b'{"query":"0"}') is first
    read(b'{"query":"1000"}')
    assert read(b'{"query":"0"}') is not first
