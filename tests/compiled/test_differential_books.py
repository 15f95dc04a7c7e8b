"""Compiled execution of our own schema, on filled books, is graphql-core's (`test_differential`).

Mutations are dry runs: they are decided whole, answered, and leave the books as they were.
"""

from __future__ import annotations

import pytest
from compiled.differing import REAL, SEED, UNAWAITED, shown
from compiled.mutants import MUTANTS
from compiled.real_books import Books
from entering import contents
from filling import filled

from schema.compiled import compile_operation

pytestmark = UNAWAITED
FOUND = (
    "the keys of objects in the reverse order",
    "the last error lost",
    "only the first of merged fields heeded",
    "variables that were not sent as null",
    "the variables of another request",
    "directives unheeded",
)
"""Mutants that the documents of our schema must find too."""


@pytest.fixture
async def filled_books(house, books):
    """An organization with one of everything."""
    return await Books.of(house, books, await filled(house, books))


async def test_documents_of_ours_are_answered_as_graphql_core_does(engine, house, filled_books):
    before = await contents(house)
    first = SEED + (REAL if engine == "postgresql" else 0)
    tally = await filled_books.run(range(first, first + REAL), compile_operation)
    assert tally.differences == [], shown(tally)
    assert tally.seen == REAL
    assert tally.share >= 0.9, shown(tally)
    assert tally.straight == tally.compiled, shown(tally)
    assert tally.invalid <= REAL * 0.01, shown(tally)
    assert await contents(house) == before


async def test_what_is_wrong_is_found_with_documents_of_ours(databases, filled_books):
    for name in FOUND:
        tally = await filled_books.run(range(60), MUTANTS[name], most=1)
        assert len(tally.differences) == 1, name
