"""What a client may send, what it is sent back, and which headers decide it."""

from __future__ import annotations

import httpx2
import pytest
from tiny_service import JSON_HEADERS, KEY, TinyService, client, only_error, post

from schema.negotiation import GRAPHQL, JSON, answer_type, is_json


@pytest.fixture
def service():
    return TinyService()


@pytest.fixture
async def http(service):
    async with client(service.app()) as opened:
        yield opened


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
