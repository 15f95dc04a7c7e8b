"""What a failed operation leaves behind: nothing that is still at work holds a connection."""

from __future__ import annotations

import asyncio
import gc

import pytest

AT_ONCE = """
query Both($id: ID = "anything") {
  organization { name }
  accounts { id }
  nodes(ids: [$id]) { id }
}"""
LATER = """
query Both {
  accounts { id }
  accountsConnection(first: 1, last: 1) { nodes { id } }
  organization { name }
}"""


@pytest.fixture
def uncollected():
    """No garbage is collected, which would give back what nobody did."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(("document", "given"), [(AT_ONCE, {"id": None}), (LATER, {})])
async def test_a_field_that_fails_leaves_no_other_one_with_a_connection(
    document, given, house, books, uncollected
):
    for _ in range(house.app.house._settings.pool + 2):
        body = (await books.post(document, given)).json()
        assert body["data"] is None
        assert [error["extensions"]["code"] for error in body["errors"]] == ["VALIDATION_ERROR"]
        await asyncio.sleep(0.02)  # for what is still at work to try
    assert house.database.in_use == 0
