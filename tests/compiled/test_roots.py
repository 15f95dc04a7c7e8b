"""Operations that are run without graphql-core, and given to it when something is odd."""

from __future__ import annotations

import pytest
from compiled.comparing import Outcome, settled
from compiled.hard_schema import hard_schema
from compiled.hard_world import World
from graphql import parse

from schema import core
from schema.compiled import compile_operation, roots
from schema.compiled.running import Running

GOOD = 0.0
"""No value is other than it should be."""


@pytest.fixture(scope="module")
def operated():
    return hard_schema(operated=True)


@pytest.fixture
def made(monkeypatch):
    """The executors of graphql-core that were made."""
    found = []

    class Noted(Running):
        def __init__(self, *given):
            found.append(self)
            super().__init__(*given)

    monkeypatch.setattr(roots, "Running", Noted)
    return found


def failing(schema, place) -> int:
    """A seed with which what is done first fails."""
    return next(seed for seed in range(99) if World(schema, seed).lot(place) < 0.5)


async def outcome(schema, text, mischief=GOOD, seed=1, **variables) -> tuple[Outcome, World]:
    world = World(schema, seed, mischief)
    operation = compile_operation(schema, parse(text))
    assert operation is not None
    return await settled(lambda: operation(world, variables)), world


async def test_while_all_is_well_there_is_no_executor_of_graphql_core(operated, made):
    text = "{ __typename a: slow0 { key } b: cell0 { key text } c: rootNumber }"
    found, world = await outcome(operated, text)
    assert found.errors == []
    assert list(found.data) == ["__typename", "a", "b", "c"]
    assert found.data["a"] == {"key": found.data["a"]["key"]}
    assert sum(world.calls.values()) == 3
    assert made == []


def test_a_document_of_names_is_answered_at_once(made):
    operation = compile_operation(core, parse("{ __typename also: __typename }"))
    for _ in range(2):
        result = operation(None, {})
        assert result.data == {"__typename": "Query", "also": "Query"}
        assert result.errors is None
        result.data.clear()
    assert made == []


async def test_what_is_odd_has_one_executor_and_no_operation_runs_twice(operated, made):
    text = 'mutation { a: fail b: slowWrite(word: "b") { text } c: fail d: slowWords }'
    found, world = await outcome(operated, text, seed=failing(operated, "fail 1"))
    begun = [entry for entry in world.log if not entry.startswith("end")]
    assert [entry.split()[0] for entry in begun] == ["fail", "begin", "fail"]
    assert found.data["d"] == world.log
    assert len(made) == 1
    assert found.errors[0].path == ("a",)


async def test_mutations_after_one_that_may_not_be_null_and_failed_do_not_begin(operated, made):
    text = 'mutation { failN a: write(word: "a") { key } }'
    found, world = await outcome(operated, text, seed=failing(operated, "failN 1"))
    assert world.log == ["failN "]
    assert found.data is None
    assert [error.path for error in found.errors] == [("failN",)]
    assert len(made) == 1


async def test_a_wrong_argument_is_found_before_any_query_has_begun(operated, made):
    text = "query ($i: Int = 3) { rootNumber echo rootCall(x: $i) }"
    found, world = await outcome(operated, text, i=None)
    assert found.data["echo"].startswith("{'iD': 7, 'fD': 1.0, 'said': 's', 'bD': True")
    assert [error.path for error in found.errors] == [("rootCall",)]
    assert world.calls == {"root.rootNumber": 1}
    assert len(made) == 1
