"""Health: every maintained figure held against the entries, and history against its seals."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection

from ledger.events import Event, snapshot
from ledger.health import Finding, finding, same, unbroken
from store import audit, credit_audit, events, organizations, subledger_audit, transactions
from store.subledger_audit import Place

_PAGE = 500


def examine(connection: Connection, organization_id: str) -> list[Finding]:
    """All checks of one organization, in one snapshot."""
    days = audit.folded_days(connection, organization_id)
    count = audit.counts(connection, organization_id)
    net = sum(figures[2] - figures[3] for figures in days.values())
    whole = count["transactions"]
    return [
        finding("zero sum", len(days), [f"all entries sum to {net}"] if net else []),
        finding("balanced transactions", whole, audit.unbalanced(connection, organization_id)),
        finding("entry dates", whole, audit.misdated(connection, organization_id)),
        same(
            "balances",
            audit.kept_balances(connection, organization_id),
            _summed(days, lambda key: key[:3]),
        ),
        same("daily totals", audit.kept_days(connection, organization_id), days),
        same(
            "monthly totals",
            audit.kept_months(connection, organization_id),
            _summed(days, lambda key: (*key[:3], _month(key[3]))),
        ),
        finding("reversals", whole, audit.broken_reversals(connection, organization_id)),
        same(
            "journal numbers",
            audit.journal_counters(connection, organization_id),
            audit.journal_gaps(connection, organization_id),
        ),
        *_subledgers(connection, organization_id),
        same(
            "credits",
            credit_audit.kept(connection, organization_id),
            credit_audit.recounted(connection, organization_id),
        ),
        *_history(connection, organization_id),
    ]


def _subledgers(connection: Connection, organization_id: str) -> list[Finding]:
    """Whether the sub-ledgers tie to their control accounts, and documents to both."""
    numbered = subledger_audit.places(connection, organization_id)
    former = subledger_audit.former_numbers(connection, organization_id)
    return [
        same(
            "control accounts",
            subledger_audit.control_balances(connection, organization_id),
            subledger_audit.control_parts(connection, organization_id),
        ),
        same(
            "open items",
            subledger_audit.open_amounts(connection, organization_id),
            subledger_audit.applied_amounts(connection, organization_id),
        ),
        finding(
            "posted documents", len(numbered), subledger_audit.unposted(connection, organization_id)
        ),
        finding("document numbers", len(numbered), _gaps(numbered, former)),
    ]


def _gaps(numbered: Iterable[Place], former: Collection[tuple[str, str]]) -> Iterator[str]:
    """Numbers that are missing or doubled; those that a former system gave out are left out."""
    last: dict[tuple[str, int], int] = {}
    for place in numbered:
        before = last.get((place.kind, place.year), 0)
        last[place.kind, place.year] = place.sequence
        missing = range(before + 1, 1 if place.is_opening else place.sequence)
        is_left_out = all(
            any((place.kind, text) in former for text in place.spellings(each)) for each in missing
        )
        if place.sequence == before or not is_left_out:
            yield f"{place.kind} {place.year or ''} {place.sequence} follows on {before}"


def _month(day: date) -> date:
    return day.replace(day=1)


def _summed(
    days: audit.Figures, key_of: Callable[[tuple[Any, ...]], tuple[Any, ...]]
) -> audit.Figures:
    summed: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for key, figures in days.items():
        row = summed[key_of(key)]
        for place, figure in enumerate(figures):
            row[place] += figure
    return {key: tuple(row) for key, row in summed.items()}


def _history(connection: Connection, organization_id: str) -> list[Finding]:
    """The chain of events, and each posted transaction against the event that posted it."""
    version = organizations.versions(connection, [organization_id])[organization_id]
    postings = _Postings(connection, organization_id)
    chain = postings.noting(events.chain(connection, organization_id))
    return [unbroken(chain, (version.number, version.head_hash)), postings.found()]


@dataclass(slots=True)
class _Postings:
    """Whether posted transactions are, word for word, what their events say; a page at a time."""

    connection: Connection
    organization_id: str
    told: int = 0
    waiting: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def noting(self, chain: Iterable[Event]) -> Iterator[Event]:
        """The events as they come, those that posted a transaction held against it."""
        for event in chain:
            if event.type == "transaction.posted" and event.after is not None:
                self.waiting[event.entity_id] = event.after
                if len(self.waiting) == _PAGE:
                    self._compare()
            yield event
        self._compare()

    def found(self) -> Finding:
        """The check, once all events have passed."""
        untold = audit.posted(self.connection, self.organization_id) - self.told
        if untold > 0:
            self.problems.append(f"{untold} posted transactions have no event")
        return finding("posted transactions", self.told, self.problems)

    def _compare(self) -> None:
        facts = transactions.existing(self.connection, self.organization_id, self.waiting)
        self.told += len(facts)
        for key, after in self.waiting.items():
            fact = facts.get(key)
            if fact is None or _core(snapshot(fact)) != _core(after):
                self.problems.append(f"transaction {key} is not what its event says")
        self.waiting = {}


def _core(text: str | None) -> dict[str, object]:
    """A posted transaction without what may be linked to it later."""
    fact: dict[str, object] = json.loads(text or "{}")
    own = ("reversal_reason",) if "reversal_of" in fact else ()
    for later in {"status", "reversed_by", "reversal_reason"}.difference(own):
        fact.pop(later, None)
    return fact
