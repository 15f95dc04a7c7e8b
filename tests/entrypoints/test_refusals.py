"""What no route answers is coded too, as REST writes it but for GraphQL's own path."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("POST", "/graphql/playground/assets/../../etc/passwd", 404, "not_found"),
        ("PUT", "/graphql/playground", 405, "invalid_request"),
        ("DELETE", "/attachments", 405, "invalid_request"),
    ],
)
async def test_paths_and_methods_that_there_are_not(house, method, path, status, reason):
    response = await house.http.request(method, path)
    assert response.status_code == status
    error = response.json()["error"]
    assert (error["code"], error["status"]) == (reason, status)
    assert error["request_id"] == response.headers["x-request-id"]
    assert error["suggestion"]
    if status == 405:
        assert response.headers["allow"]


@pytest.mark.parametrize("path", ["/graphql", "/v1/graphql"])
async def test_at_its_own_path_graphql_refuses_in_its_own_form(house, path):
    response = await house.http.request("DELETE", path)
    assert response.status_code == 405
    (error,) = response.json()["errors"]
    assert error["extensions"]["reason"] == "invalid_request"
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    assert "GET" in response.headers["allow"]


async def test_graphql_is_found_below_its_version_too(books):
    answer = await books.http.post(
        "/v1/graphql",
        json={"query": "{ organization { name } }"},
        headers={"Authorization": f"Bearer {books.key}"},
    )
    assert answer.json()["data"]["organization"]["name"]


async def test_health_is_told_without_a_key(house):
    assert (await house.http.get("/health")).json() == {"status": "ok"}
    assert (await house.http.get("/health/ready")).json() == {"status": "ready"}


async def test_a_database_that_is_gone_is_not_ready(house, monkeypatch):
    async def gone(*_):
        raise ConnectionRefusedError

    monkeypatch.setattr(house.database, "read", gone)
    response = await house.http.get("/health/ready")
    assert (response.status_code, response.json()) == (503, {"status": "unavailable"})
