"""Health: what must always hold in the books, recomputed and held against what is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ledger.events import FIRST_HASH, Event

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: how much it looked at, and each violation in a sentence, at most 20 of them."""

    check: str
    examined: int
    violations: int
    examples: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return self.violations == 0


def finding(check: str, examined: int, problems: Iterable[str]) -> Finding:
    """A check with the problems that it met."""
    found = list(problems)
    return Finding(check, examined, len(found), tuple(found[:MOST_SHOWN]))


def same(check: str, kept: Mapping[Any, Any], recomputed: Mapping[Any, Any]) -> Finding:
    """Whether maintained figures equal those recomputed; an absent one counts as zero."""
    keys = kept.keys() | recomputed.keys()
    problems = [
        f"{' '.join(map(str, key))}: kept {kept.get(key)}, recomputed {recomputed.get(key)}"
        for key in sorted(keys)
        if (kept.get(key) or None) != (recomputed.get(key) or None)
    ]
    return finding(check, len(keys), problems)


def unbroken(events: Iterable[Event], head: tuple[int, str]) -> Finding:
    """Whether a chain of events has no gap, no altered link, and ends where the books say."""
    problems = []
    sequence, previous = 0, FIRST_HASH
    for event in events:
        sequence += 1
        if event.sequence != sequence:
            problems.append(f"event {sequence} is missing; the next is {event.sequence}")
        if event.previous_hash != previous:
            problems.append(f"event {event.sequence} does not follow on the one before it")
        if event.sealed() != event.hash:
            problems.append(f"event {event.sequence} ({event.type}) was altered")
        sequence, previous = event.sequence, event.hash
    if (sequence, previous) != head:
        problems.append(f"the chain ends at event {sequence}, the books at event {head[0]}")
    return finding("event chain", sequence, problems)
