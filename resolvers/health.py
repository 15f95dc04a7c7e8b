"""Health: every maintained figure held against the entries, and history against its seals."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection

from ledger.events import Event, snapshot
from ledger.health import Finding, finding, same, unbroken
from store import audit, events, organizations, transactions

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
        *_history(connection, organization_id),
    ]


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
    posted: dict[str, str] = {}
    chain = _noting(events.chain(connection, organization_id), posted)
    links = unbroken(chain, (version.number, version.head_hash))
    return [links, _unchanged(connection, organization_id, posted)]


def _noting(chain: Iterator[Event], posted: dict[str, str]) -> Iterator[Event]:
    for event in chain:
        if event.type == "transaction.posted" and event.after is not None:
            posted[event.entity_id] = event.after
        yield event


def _unchanged(connection: Connection, organization_id: str, posted: dict[str, str]) -> Finding:
    """Whether posted transactions are, word for word, what their events say."""
    problems = []
    keys = sorted(posted)
    for begin in range(0, len(keys), _PAGE):
        page = keys[begin : begin + _PAGE]
        found = transactions.existing(connection, organization_id, page)
        for key in page:
            fact = found.get(key)
            if fact is None or _core(snapshot(fact)) != _core(posted[key]):
                problems.append(f"transaction {key} is not what its event says")
    return finding("posted transactions", len(keys), problems)


def _core(text: str | None) -> dict[str, object]:
    """A posted transaction without what may be linked to it later."""
    fact = json.loads(text or "{}")
    for later in ("status", "reversed_by", "reversal_reason"):
        fact.pop(later, None)
    return dict(fact)
