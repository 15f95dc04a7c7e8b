"""What tests of compiled execution stand on."""

from __future__ import annotations

import gc

import pytest


@pytest.fixture(autouse=True, scope="module")
def collected_here():
    """Garbage is collected between documents, not within.

    What graphql-core cancels before it begins is never awaited, and Python warns of that when it
    is collected: wherever that may be, in the test of somebody else, or in the constructor of a
    named tuple, where nothing can be imported and the warning itself fails.
    """
    gc.disable()
    yield
    gc.collect()
    gc.enable()
