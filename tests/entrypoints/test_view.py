"""GraphQL over HTTP: what is asked, who may ask, what is refused, and under which status."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging

import httpx2
import pytest
from tiny_service import KEY, TinyService, client

from ledger.errors import LedgerError, Reason
from schema.errors import render
from schema.negotiation import GRAPHQL, JSON, answer_type, is_json
from schema.view import Answer, View

JSON_HEADERS = {"Content-Type": "application/json"}


@pytest.fixture
def service():
    return TinyService()


@pytest.fixture
async def http(service):
    async with client(service.app()) as opened:
        yield opened


def only_error(response):
    body = response.json()
    assert set(body) == {"errors"}
    (error,) = body["errors"]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    return error


async def post(http, body, **headers):
    return await http.post("/graphql", content=body, headers={**JSON_HEADERS, **headers})


async def test_a_post_is_answered_with_its_data_and_what_the_executor_adds(http, service):
    response = await http.post(
        "/graphql",
        json={
            "query": "query A($n: String) { hello(name: $n) } query B { hello }",
            "operationName": "A",
            "variables": {"n": "Zürich"},
            "extensions": {"any": ["thing"]},
            "unknown": 1,
        },
        headers={"Idempotency-Key": "k-1"},
    )
    assert (response.status_code, response.json()) == (200, {"data": {"hello": "Hello Zürich"}})
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.headers["x-tiny"] == "yes"
    ((asked, options),) = service.seen
    assert asked.variables == {"n": "Zürich"}
    assert (options.idempotency_key, options.only_queries) == ("k-1", False)
    assert options.request_id == response.headers["x-request-id"]
    assert options.state["operation"] == "A"


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


async def test_a_mutation_by_get_is_not_allowed_and_does_nothing(http, service):
    response = await http.get("/graphql", params={"query": 'mutation { note(text: "a") }'})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert only_error(response)["message"] == "A mutation cannot be sent by GET."
    assert service.notes == []


async def test_head_answers_as_get_does_but_without_a_body(http):
    response = await http.head("/graphql", params={"query": "{ hello }"})
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(b'{"data":{"hello":"Hello world"}}'))


async def test_options_names_the_methods_without_asking_for_a_key(http, service):
    response = await http.options("/graphql")
    assert (response.status_code, response.content) == (204, b"")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert service.authenticated == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
async def test_any_other_method_is_told_which_there_are(http, method):
    response = await http.request(method, "/graphql")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS, POST")
    assert only_error(response)["extensions"]["reason"] == "invalid_request"


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
        (gzip.compress(b'{"query": "{hello}"}'), "The body is not UTF-8: "),
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


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 200),
        ("Application/JSON; charset=UTF-8", 200),
        ('application/json;charset="utf-8"; profile=x', 200),
        ("application/json; charset=utf-16", 415),
        ("application/graphql", 415),
        ("application/x-www-form-urlencoded", 415),
        ("text/plain;charset=UTF-8", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
        (None, 415),
    ],
)
async def test_a_post_must_be_said_to_be_json(http, content_type, status):
    headers = {} if content_type is None else {"Content-Type": content_type}
    response = await http.post("/graphql", content=b'{"query": "{hello}"}', headers=headers)
    assert response.status_code == status
    assert response.headers.get("accept") == (None if status == 200 else "application/json")


@pytest.mark.parametrize(("encoding", "status"), [("identity", 200), ("gzip", 415), ("br", 415)])
async def test_a_compressed_body_is_not_read(http, encoding, status):
    response = await post(http, b'{"query": "{hello}"}', **{"Content-Encoding": encoding})
    assert response.status_code == status
    assert response.headers.get("accept-encoding") == (None if status == 200 else "identity")


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("application/json; charset=utf-8", JSON),
        ("application/graphql-response+json", GRAPHQL),
        ("APPLICATION/GraphQL-Response+JSON", GRAPHQL),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/json;q=0.9, application/graphql-response+json;q=0.8", JSON),
        ("application/json, application/graphql-response+json", GRAPHQL),
        ("application/graphql-response+json, */*", GRAPHQL),
        ("application/json, multipart/mixed", JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        ("application/json;q=0, */*", GRAPHQL),
        ("text/html", None),
        ("application/json;q=0", None),
        ("application/json;q=high", None),
        ("*/*;q=0.000", None),
        (",;,", None),
    ],
)
def test_the_type_of_the_answer_is_the_one_that_the_client_likes_best(accept, kind):
    assert answer_type(accept) == kind


def test_a_body_without_a_charset_is_utf_8():
    assert is_json("application/json;charset")
    assert not is_json("application/json;charset=latin-1")


async def test_a_client_that_takes_none_of_our_types_is_told_which_there_are(http, service):
    response = await post(http, b'{"query": "{hello}"}', Accept="text/html")
    assert response.status_code == 406
    assert "application/graphql-response+json" in only_error(response)["extensions"]["suggestion"]
    assert service.seen == []


@pytest.mark.parametrize(
    ("request_body", "strict_status"),
    [
        ({"query": "{ hello }"}, 200),
        ({"query": "{"}, 400),
        ({"query": ""}, 400),
        ({"query": "{ unknown }"}, 400),
        ({"query": "query($n: String!) { hello(name: $n) }"}, 400),
        ({"query": "{ boom }"}, 200),
    ],
)
async def test_a_document_that_is_refused_is_400_to_those_who_can_tell(
    http, request_body, strict_status
):
    lenient = await http.post("/graphql", json=request_body, headers={"Accept": JSON})
    strict = await http.post("/graphql", json=request_body, headers={"Accept": GRAPHQL})
    assert (lenient.status_code, strict.status_code) == (200, strict_status)
    assert lenient.json() == strict.json()
    assert ("data" in strict.json()) == (strict_status == 200)


@pytest.mark.parametrize("kind", [JSON, GRAPHQL])
async def test_a_refusal_that_the_executor_raises_keeps_its_status(http, kind):
    response = await http.post("/graphql", json={"query": "limited"}, headers={"Accept": kind})
    assert response.status_code == 429
    assert only_error(response)["extensions"]["code"] == "RATE_LIMIT_EXCEEDED"


@pytest.mark.parametrize("kind", [JSON, GRAPHQL])
@pytest.mark.parametrize("body", [b'{"query": "{ hello }"}', b"{", b"\xff", b"[" * 99_999, b"[]"])
async def test_a_stranger_is_refused_before_anything_is_read(http, service, body, kind):
    response = await post(http, body, Accept=kind, Authorization="Bearer cl_live_other")
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    assert only_error(response)["message"] == "The API key is missing or unknown."
    assert "hello" not in response.text
    assert service.seen == []


async def test_the_key_is_asked_for_with_the_header_as_it_came_or_none(service):
    async with client(service.app()) as http:
        await http.get("/graphql")
        del http.headers["Authorization"]
        response = await http.get("/graphql")
    assert response.status_code == 401
    assert [header for header, _ in service.authenticated] == [f"Bearer {KEY}", None]
    assert service.authenticated[1][1] == response.headers["x-request-id"]


@pytest.mark.parametrize(
    "name", ["Authorization", "Content-Type", "Content-Encoding", "Idempotency-Key"]
)
async def test_a_header_that_decides_something_is_there_once(service, name):
    headers = [*JSON_HEADERS.items(), (name, "a"), (name, "a")]
    transport = httpx2.ASGITransport(app=service.app())
    async with httpx2.AsyncClient(transport=transport, base_url="http://tiny") as http:
        response = await http.post("/graphql", content=b"{}", headers=headers)
    assert response.status_code == 400
    assert only_error(response)["message"] == (
        f"The header {name.lower()} is there more than once."
    )
    assert service.authenticated == []


async def test_several_accept_headers_are_one_list(service):
    headers = [("Accept", "text/html"), ("Accept", GRAPHQL), ("Authorization", f"Bearer {KEY}")]
    transport = httpx2.ASGITransport(app=service.app())
    async with httpx2.AsyncClient(transport=transport, base_url="http://tiny") as http:
        response = await http.post("/graphql", json={"query": "{hello}"}, headers=headers)
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"


async def test_a_batch_is_answered_in_its_order_each_request_on_its_own(http, service):
    batch = [
        {"query": "{ hello }"},
        {"query": "{ unknown }"},
        {"query": "limited"},
        {"query": "crash"},
        {"query": "query B($n: String) { hello(name: $n) }", "variables": {"n": "B"}},
    ]
    response = await http.post("/graphql", json=batch, headers={"Accept": GRAPHQL})
    assert response.status_code == 200
    first, unknown, limited, crashed, last = response.json()
    assert first == {"data": {"hello": "Hello world"}}
    assert unknown["errors"][0]["message"] == "Cannot query field 'unknown' on type 'Query'."
    assert limited["errors"][0]["extensions"]["reason"] == "rate_limited"
    assert crashed["errors"][0]["extensions"]["reason"] == "internal"
    assert last == {"data": {"hello": "Hello B"}}
    assert service.seen[0][1].state["operation"] == "batch of 5"


async def test_a_batch_with_a_mutation_runs_in_order(http, service):
    batch = [{"query": f'mutation {{ note(text: "{each}") }}'} for each in "abc"]
    response = await http.post("/graphql", json=batch)
    assert [each["data"]["note"] for each in response.json()] == [["a"], ["a", "b"], [*"abc"]]


async def test_a_batch_of_queries_runs_side_by_side():
    both_run = asyncio.Barrier(2)

    async def execute(asker, request, options):
        await both_run.wait()
        return Answer({"data": request.query})

    service = TinyService()
    service.execute = execute
    async with client(service.app()) as http:
        response = await http.post("/graphql", json=[{"query": "a"}, {"query": "b"}])
    assert response.json() == [{"data": "a"}, {"data": "b"}]


async def test_an_idempotency_key_does_not_go_with_a_batch(http, service):
    response = await post(http, b'[{"query": "{hello}"}]', **{"Idempotency-Key": "k"})
    assert response.status_code == 400
    assert "Idempotency-Key" in only_error(response)["message"]
    assert service.seen == []


@pytest.mark.parametrize("query", ["crash", "stray"])
async def test_what_nobody_foresaw_is_logged_with_its_cause_and_shows_nothing(http, caplog, query):
    with caplog.at_level(logging.ERROR, "crane.errors"):
        response = await http.post("/graphql", json={"query": query})
    assert response.status_code == 500
    error = only_error(response)
    assert error["message"] == "Something went wrong on our side."
    assert error["extensions"]["code"] == "INTERNAL_ERROR"
    assert "secret" not in response.text
    (record,) = caplog.records
    assert record.exc_info[1].__traceback__ is not None
    assert record.facts == {"request_id": response.headers["x-request-id"]}


async def test_an_answer_that_is_no_json_is_an_error_of_ours(caplog):
    async def execute(asker, request, options):
        return Answer({"data": object()})

    service = TinyService()
    service.execute = execute
    async with client(service.app()) as http:
        single = await http.post("/graphql", json={"query": "a"})
        batch = await http.post("/graphql", json=[{"query": "a"}])
    assert single.status_code == 500
    assert batch.json()[0]["errors"][0]["extensions"]["reason"] == "internal"
    assert len(caplog.records) == 2


async def test_expected_refusals_are_not_logged(http, caplog):
    await http.post("/graphql", json={"query": "limited"})
    await post(http, b"{")
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


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


async def test_a_cancelled_request_ends(service):
    async def execute(asker, request, options):
        await asyncio.sleep(60)

    service.execute = execute
    async with client(service.app()) as http:
        task = asyncio.create_task(http.post("/graphql", json={"query": "a"}))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def test_a_refusal_is_rendered_with_all_that_it_has_and_nothing_else():
    assert render(LedgerError(Reason.NOT_FOUND, "There is none."), "req_1") == {
        "message": "There is none.",
        "extensions": {"code": "NOT_FOUND", "reason": "not_found", "requestId": "req_1"},
    }
    full = LedgerError(Reason.FROZEN, "It is posted.", "Reverse it.", {"id": "txn_1"}, "id")
    assert render(full, "req_2")["extensions"] == {
        "code": "CONFLICT",
        "reason": "frozen",
        "details": {"id": "txn_1"},
        "suggestion": "Reverse it.",
        "field": "id",
        "requestId": "req_2",
    }


@pytest.mark.parametrize("reason", list(Reason), ids=lambda reason: reason.slug)
def test_every_reason_is_rendered(reason):
    extensions = render(LedgerError(reason, "cause"), "req_1")["extensions"]
    assert (extensions["code"], extensions["reason"]) == (reason.code.value, reason.slug)
