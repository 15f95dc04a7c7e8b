"""What tests of loading stand on."""

from __future__ import annotations

import pytest
from house import running
from loads import Folder

from ledger.templates import Template


@pytest.fixture
def folder(tmp_path):
    """Where a test writes ledgers of JSON lines."""
    return Folder(tmp_path)


@pytest.fixture
async def bare(house):
    """An organization with the system accounts alone, on each engine."""
    return await house.organization(template=Template.NONE)


@pytest.fixture
async def lone(databases):
    """An organization on SQLite, for what has nothing to do with the engine."""
    async with running(await databases.new("sqlite")) as started:
        yield await started.organization(template=Template.NONE)
