"""Adding an operation to REST is one row: done here as the README does it."""

from __future__ import annotations

import shutil
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette

from entrypoints.edge import Edge
from entrypoints.rest.documents import FOLDER, documents
from entrypoints.rest.doors import door
from entrypoints.rest.routes import operations_of, paths_of
from entrypoints.rest.table import Row

DOCUMENT = """
query GetLedgerHealth {
  ledgerHealth { __typename generatedAt isHealthy checks { name holds examined } }
}
"""
ROW = Row("GET", "~/ledger-health", "GetLedgerHealth")


@pytest.fixture
def added(tmp_path):
    """A document beside those that there are, and a row for it."""
    folder = tmp_path / "rest"
    shutil.copytree(FOLDER, folder)
    (folder / "health.graphql").write_text(DOCUMENT)
    return door(ROW, documents(folder)["GetLedgerHealth"])


async def test_a_row_and_its_document_are_all_that_an_operation_needs(house, rest, added):
    operations = operations_of([added], 1_048_576)
    app = Edge(Starlette(routes=[paths_of(lambda: house.app.house, operations)]))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as http:
        headers = {"Authorization": f"Bearer {rest.client.key}"}
        answer = await http.get(rest.path("~/ledger-health"), headers=headers)
        assert answer.status_code == 200
        shown = answer.json()
        assert (shown["object"], shown["is_healthy"]) == ("ledger_health", True)
        assert shown["organization_id"] == rest.client.organization_id
        assert shown["checks"][0].keys() == {"name", "holds", "examined"}
        assert "etag" in answer.headers
        below = await http.get(f"/v1{rest.path('~/ledger-health')}", headers=headers)
        assert below.json()["checks"] == shown["checks"]
        refused = await http.post(rest.path("~/ledger-health"), headers=headers)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        odd = await http.get(f"{rest.path('~/ledger-health')}?foo=1", headers=headers)
        assert list(odd.json()["error"]["details"]["fields"]) == ["foo"]
        assert (await http.get(rest.path("~/ledger-health"))).status_code == 401


def test_the_readme_does_it_so():
    readme = (Path(__file__).parents[3] / "README.md").read_text()
    assert DOCUMENT.strip() in readme
    assert f'Row("{ROW.method}", "{ROW.path}", "{ROW.document}"),' in readme
