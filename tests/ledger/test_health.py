"""What must always hold, recomputed and held against what is kept."""

from dataclasses import replace

import pytest
from books import NOW

from ledger.events import FIRST_HASH, Event
from ledger.health import MOST_SHOWN, finding, same, unbroken


def chained(count):
    """A chain of events that nobody has touched."""
    events, previous = [], FIRST_HASH
    for sequence in range(1, count + 1):
        event = Event(
            "org_1",
            sequence,
            f"evt_{sequence}",
            "account.created",
            "account",
            f"act_{sequence}",
            "key_1",
            "key_1",
            "req_1",
            "graphql",
            None,
            "{}",
            NOW,
            previous,
            "",
        )
        events.append(replace(event, hash=event.sealed()))
        previous = events[-1].hash
    return events


CHAIN = chained(4)
HEAD = (4, CHAIN[-1].hash)


def test_a_check_without_a_problem_holds():
    found = finding("balances", 3, [])
    assert found.holds
    assert (found.check, found.examined, found.violations, found.examples) == ("balances", 3, 0, ())


def test_a_check_counts_all_problems_and_shows_the_first():
    found = finding("balances", 99, (f"problem {number}" for number in range(MOST_SHOWN + 5)))
    assert not found.holds
    assert found.violations == MOST_SHOWN + 5
    assert found.examples == tuple(f"problem {number}" for number in range(MOST_SHOWN))


def test_figures_are_the_same_when_what_is_absent_is_zero():
    kept = {("act_1", "USD"): 5, ("act_2", "USD"): 0}
    found = same("balances", kept, {("act_1", "USD"): 5, ("act_3", "USD"): 0})
    assert (found.holds, found.examined) == (True, 3)


def test_a_figure_that_differs_is_shown_with_both():
    found = same("balances", {("act_1", "USD"): 5}, {("act_1", "USD"): 6, ("act_2", "USD"): 1})
    assert found.examples == (
        "act_1 USD: kept 5, recomputed 6",
        "act_2 USD: kept None, recomputed 1",
    )


def test_a_chain_that_nobody_touched_is_unbroken():
    found = unbroken(CHAIN, HEAD)
    assert (found.check, found.examined, found.violations) == ("event chain", 4, 0)
    assert unbroken([], (0, FIRST_HASH)).holds


@pytest.mark.parametrize(
    ("events", "head", "problems"),
    [
        (
            [CHAIN[0], *CHAIN[2:]],
            HEAD,
            (
                "event 2 is missing; the next is 3",
                "event 3 does not follow on the one before it",
            ),
        ),
        (CHAIN[:3], HEAD, ("the chain ends at event 3, the books at event 4",)),
        (
            [CHAIN[0], replace(CHAIN[1], after='{"name":"x"}'), *CHAIN[2:]],
            HEAD,
            ("event 2 (account.created) was altered",),
        ),
        (CHAIN, (4, "0" * 64), ("the chain ends at event 4, the books at event 4",)),
    ],
)
def test_what_is_missing_altered_or_cut_off_shows(events, head, problems):
    assert unbroken(events, head).examples == problems
