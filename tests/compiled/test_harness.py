"""The proof's own proof: the comparison finds what is wrong, and nothing where nothing is."""

from __future__ import annotations

from collections import Counter

import pytest
from compiled.comparing import Outcome, Told, difference
from compiled.differing import UNAWAITED, Hard, Tally, shown
from compiled.documents import Asked
from compiled.mutants import MUTANTS, faithful
from graphql import parse, validate

pytestmark = UNAWAITED
ENOUGH = 300
"""Documents within which every mutant must be found; most are among the first ten."""

BOTH_FAIL = Asked("{ cell0 { slowBoom key slowPerson { boom: name } also: slowBoom } }")


@pytest.fixture(scope="module")
def hard():
    return Hard()


async def test_graphql_core_does_not_differ_from_itself(hard):
    tally = await hard.run(range(ENOUGH), faithful)
    assert tally.differences == [], shown(tally)
    assert tally.seen == tally.compiled == ENOUGH


@pytest.mark.parametrize("name", MUTANTS)
async def test_an_executor_is_found_out_that_gets_wrong(name, hard):
    tally = await hard.run(range(ENOUGH), MUTANTS[name], most=1)
    assert len(tally.differences) == 1


async def test_the_documents_are_hard_enough(hard):
    tally = await hard.run(range(ENOUGH), faithful)
    assert tally.with_errors > ENOUGH * 0.3
    assert tally.propagated > ENOUGH * 0.05
    assert tally.concurrent > ENOUGH * 0.3
    assert ENOUGH * 0.01 < tally.refused < ENOUGH * 0.15


def test_nearly_all_documents_are_valid(hard):
    texts = [hard.asked(seed).text for seed in range(ENOUGH)]
    invalid = [text for text in texts if validate(hard.schema, parse(text))]
    assert len(invalid) <= ENOUGH * 0.01, invalid[0]


def test_the_documents_say_all_that_a_document_can_say(hard):
    text = "\n".join(hard.asked(seed).text for seed in range(ENOUGH))
    said = ("mutation", "fragment", "... on", "... {", "@skip(if: $", "@include(if: true)", "# ")
    more = ("__typename", "__schema", "class: ", "! = ", "[", "next: {", "null", "\\n")
    assert [each for each in (*said, *more) if each not in text] == []


def test_the_document_of_a_seed_is_always_the_same(hard):
    one, other = (hard.asked(17) for _ in range(2))
    assert one == other
    assert one != hard.asked(18)


async def test_a_document_that_is_left_to_graphql_core_counts_as_such(hard):
    tally = await hard.run(range(10), lambda *_: None)
    assert (tally.seen, tally.compiled, tally.share) == (10, 0, 0.0)


async def test_a_difference_is_told_with_the_seed_the_document_and_the_variables(hard):
    tally = Tally()
    asked = Asked("query Say($w: String!) { echo(s: $w) }", "Say", ({"w": "hi"},))
    await hard.compare(5, asked, MUTANTS["the variables unseen"], tally)
    text = shown(tally)
    for part in ("seed 5", "query Say($w: String!)", "'Say'", "{'w': 'hi'}"):
        assert part in text


async def test_graphql_core_itself_tells_errors_in_the_order_in_which_they_come_to_pass(hard):
    """So the order of errors cannot be compared where something is awaited; data always can."""
    orders = {}
    for seed in range(60):
        early, late = [await hard.outcome(seed, BOTH_FAIL, pace) for pace in (1, -1)]
        assert early.data == late.data
        orders[seed] = (early.errors, late.errors)
    changed = [seed for seed, (early, late) in orders.items() if early != late]
    assert changed
    same = [seed for seed in changed if Counter(orders[seed][0]) == Counter(orders[seed][1])]
    assert same


async def test_where_nothing_is_awaited_the_order_of_errors_counts():
    first, second = (Told(f"{n} failed", (n,), ((1, 3),), "{}", ()) for n in "ab")
    data = {"a": None, "b": None}
    outcomes = [Outcome(data, [first, second]), Outcome(data, [second, first])]
    assert "error 0" in (await difference(*outcomes, census=None) or "")
    outcomes[0].is_concurrent = True
    assert await difference(*outcomes, census=None) is None
    assert await difference(*outcomes, census=None, groups=lambda error: error.path[0]) is None
    assert "order" in (await difference(*outcomes, census=None, groups=lambda _: 1) or "")


async def test_under_a_null_that_propagated_any_cause_will_do_that_there_is():
    causes = [Told(f"{n} failed", ("x", n), ((1, 3),), "{}", ()) for n in "abc"]
    nulled = {"x": None}

    async def census():
        return Outcome({"x": {"a": None, "b": None}}, causes[:2])

    expected = Outcome(nulled, causes[:1], is_concurrent=True)
    assert await difference(expected, Outcome(nulled, causes[1:2]), census) is None
    assert await difference(expected, Outcome(nulled, causes[:2]), census) is None
    assert "that there are not" in str(
        await difference(expected, Outcome(nulled, causes[2:]), census)
    )
    assert "a cause" in str(await difference(expected, Outcome(nulled, []), census))
