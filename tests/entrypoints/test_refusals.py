"""What no route answers is coded too."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("method", "path", "status", "reason"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("POST", "/graphql/playground/assets/../../etc/passwd", 404, "not_found"),
        ("PUT", "/graphql/playground", 405, "invalid_request"),
        ("DELETE", "/graphql", 405, "invalid_request"),
    ],
)
async def test_paths_and_methods_that_there_are_not(house, method, path, status, reason):
    response = await house.http.request(method, path)
    assert response.status_code == status
    error = response.json()["errors"][0]
    assert error["extensions"]["reason"] == reason
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    assert error["extensions"]["suggestion"]
    if status == 405:
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
