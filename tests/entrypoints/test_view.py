"""GraphQL over HTTP: who may ask, what is answered, and under which status."""

from __future__ import annotations

import asyncio
import logging

import pytest
from tiny_service import KEY, TinyService, client, only_error, post

from ledger.errors import LedgerError, Reason
from schema.errors import render
from schema.negotiation import GRAPHQL, JSON
from schema.view import WHOLE, Answer


@pytest.fixture
def service():
    return TinyService()


@pytest.fixture
async def http(service):
    async with client(service.app()) as opened:
        yield opened


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


async def whole(service, body):
    """What is sent for a body that came with its request; nobody may wait for it."""
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b""}
    kind = (b"content-type", b"application/json")
    scope |= {"headers": [kind, (b"authorization", b"Bearer " + KEY.encode())]}
    scope |= {"extensions": {WHOLE: {"body": body}}}
    sent = []

    async def send(message):
        sent.append(message)

    await service.app(most_bytes=20)(scope, None, send)
    return sent[0]["status"], sent[1]["body"]


async def test_a_body_that_is_there_is_not_waited_for_and_has_its_limit(service):
    assert await whole(service, b'{"query":"{hello}"}') == (
        200,
        b'{"data":{"hello":"Hello world"}}',
    )
    status, body = await whole(service, b'{"query":"{hello}"  }')
    assert (status, b"request_too_large" in body) == (413, True)


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
