"""The other way of executing, that every test of the service looks at too: it does look."""

from __future__ import annotations

import pytest
import shadowing
from asking import statements
from compiled.mutants import MUTANTS
from house import running

NAME = "{ organization { name accounts(limit: 2) { code name } } }"
RENAME = 'mutation { updateOrganization(name: "Else") { name } }'

only_both = pytest.mark.parametrize("ways", ["both"], indirect=True)


@pytest.fixture
def ways(request, monkeypatch):
    """How the tests execute: as asked by the test, whatever the environment says."""
    monkeypatch.setattr(shadowing, "WAYS", request.param)
    monkeypatch.setattr(shadowing, "_KNOWN", {})
    return request.param


@pytest.fixture
def compiled(monkeypatch):
    """What was compiled, and how often each was run."""
    seen = []

    def compile_and_note(schema, document, name):
        found = compile_operation(schema, document, name)

        def run(*given):
            seen.append(document.loc.source.body)
            return found(*given)

        return run

    compile_operation = shadowing.compile_operation
    monkeypatch.setattr(shadowing, "compile_operation", compile_and_note)
    return seen


@only_both
async def test_a_query_is_executed_both_ways_and_a_mutation_by_one(ways, compiled, engine, house):
    books = await house.organization()
    assert len((await books.ask(NAME))["organization"]["accounts"]) == 2
    assert compiled == [NAME]
    await books.ask(RENAME)
    assert compiled == ([NAME, RENAME] if engine == "sqlite" else [NAME])


@pytest.mark.parametrize(("ways", "often"), [("on", 2), ("off", 0)], indirect=["ways"])
async def test_it_can_be_one_way_alone(ways, often, compiled, house):
    books = await house.organization()
    await books.ask(NAME)
    await books.ask(RENAME)
    assert len(compiled) == often


@only_both
async def test_a_difference_fails_the_test(ways, databases, engine, monkeypatch):
    wrong = MUTANTS["the keys of objects in the reverse order"]
    monkeypatch.setattr(shadowing, "compile_operation", wrong)
    with pytest.raises(AssertionError, match="has the keys") as told:
        async with running(await databases.new(engine)) as house:
            await (await house.organization()).post(NAME)
    assert NAME in str(told.value)


@only_both
async def test_what_moves_by_itself_is_no_difference(ways, databases, engine, monkeypatch):
    monkeypatch.setattr(
        shadowing, "compile_operation", MUTANTS["the keys of objects in the reverse order"]
    )
    times = []

    def moving(*_given):
        times.append(1)
        return shadowing.Outcome({"figure": len(times)}, [])

    monkeypatch.setattr(shadowing, "summed", moving)
    monkeypatch.setattr(shadowing, "settled", settling(moving))
    async with running(await databases.new(engine)) as house:
        await (await house.organization()).post(NAME)
    assert len(times) == 5


def settling(outcome):
    """Settles everything to what comes next."""

    async def settle(_ask):
        return outcome()

    return settle


@only_both
async def test_who_counts_statements_counts_those_of_one_way(ways, compiled, engine, house):
    books = await house.organization()
    with statements(house) as seen:
        await books.ask(NAME)
    assert compiled == ([NAME] if engine == "sqlite" else [])
    assert len([each for each in seen if "FROM account" in each]) == 1
