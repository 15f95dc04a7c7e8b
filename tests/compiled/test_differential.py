"""Compiled execution is graphql-core's: every document has the same answer from both.

Documents are drawn by lots, each by its own seed: most on a schema made of hard cases, of which
two in five with operations as root fields, 16 of 100 on ours with filled books, on both engines
(`test_differential_books`). Each is executed with two
sets of variables, side by side. A failure shows the seed, the document and its variables. To look
further than a run of the suite does:

    CRANE_DIFFERENTIAL_SEED=1 CRANE_DIFFERENTIAL_DOCUMENTS=100000 \\
        python -m pytest -n 2 tests/compiled -k differential
"""

from __future__ import annotations

import pytest
from compiled.differing import DOCUMENTS, REAL, SEED, UNAWAITED, Hard, Tally, shown
from compiled.hard_documents import CASES
from graphql import parse, validate

from schema.compiled import compile_operation

pytestmark = UNAWAITED
PARTS = 4
HARD = (DOCUMENTS - 2 * REAL) // PARTS
WORLDS = 12
"""How often a document written by hand is executed, each time with other values."""

NEVER_COMPILED = {
    "introspection beside a field",
    "several operations and no name",
    "an operation that is not there",
}


@pytest.fixture(scope="module")
def hard():
    return Hard()


@pytest.mark.parametrize("part", range(PARTS))
async def test_documents_of_hard_cases_are_answered_as_graphql_core_does(part, hard):
    first = SEED + part * HARD
    tally = await hard.run(range(first, first + HARD), compile_operation)
    assert tally.differences == [], shown(tally)
    assert tally.seen == HARD
    assert tally.share >= 0.9, shown(tally)
    assert tally.straight >= HARD // 3, shown(tally)
    assert tally.invalid <= HARD * 0.01, shown(tally)


@pytest.mark.parametrize("name", CASES)
async def test_graphql_core_is_followed_in(name, hard):
    tally, asked = Tally(), CASES[name]
    assert validate(hard.schema, parse(asked.text)) == []
    for seed in range(WORLDS):
        await hard.compare(seed, asked, compile_operation, tally)
    assert tally.differences == [], shown(tally)
    assert tally.share == (0.0 if name in NEVER_COMPILED else 1.0)
