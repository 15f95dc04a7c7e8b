"""The demo company's story, told on several days, and sums over it: debits are positive."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from entrypoints.demo import company
from entrypoints.demo.figures import Line
from entrypoints.demo.steps import Carried, Entered, Issued, Step
from ledger.documents import DocumentKind

TODAYS = [
    date(2025, 1, 1),
    date(2025, 5, 17),
    date(2026, 11, 14),
    date(2027, 3, 31),
    date(2028, 2, 29),
    date(2029, 7, 5),
    date(2030, 12, 31),
]
SALES = ("40", "41", "42")

made = functools.cache(company)


def balances(story: Iterable[Step]) -> Counter[str]:
    """What all steps come to, by account, in cents."""
    found: Counter[str] = Counter()
    for step in story:
        for line in step.lines:
            found[line.code] += line.signed
    return found


def total(found: Counter[str], *beginnings: str) -> int:
    return sum(amount for code, amount in found.items() if code.startswith(beginnings))


def is_opening(step: Step) -> bool:
    return isinstance(step, Carried) or (isinstance(step, Entered) and step.kind == "opening")


def by_month(story: Iterable[Step]) -> dict[str, Counter[str]]:
    """The movements of every month; the opening balances are none."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for step in story:
        if not is_opening(step):
            found[str(step.date)[:7]].update(balances([step]))
    return found


def whole_months(story: Iterable[Step], today: date) -> list[Counter[str]]:
    """The movements of the twelve months that are over."""
    months = by_month(story)
    return [months[month] for month in sorted(months) if month < str(today)[:7]]


def having(story: Iterable[Step], beginning: str) -> list[Entered]:
    """The transactions whose description begins so."""
    return [s for s in story if isinstance(s, Entered) and s.told.startswith(beginning)]


def lines_on(story: Iterable[Step], *codes: str) -> list[Line]:
    return [line for step in story for line in step.lines if line.code in codes]


def on(story: Iterable[Step], *codes: str) -> list[int]:
    return [line.signed for line in lines_on(story, *codes)]


def documents(story: Iterable[Step], kind: DocumentKind) -> list[Issued]:
    """The documents of a kind that were issued."""
    issued = (step for step in story if isinstance(step, Issued) and not step.is_draft)
    return [step for step in issued if step.kind is kind]
