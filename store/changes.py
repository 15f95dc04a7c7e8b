"""Putting down what was decided: rows, totals, journal numbers, events; set by set.

The number of statements depends on the kinds of change in a batch, never on how many there
are. The order is that of the locks: documents (read before), balances and totals, payers'
credits, each sorted by organization and key, then the version rows, held for the shortest time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from ledger.accounts import Account
from ledger.events import Change, Event, Fact, Origin, seal, snapshot
from ledger.facts import changed, quick
from ledger.keys import Key
from ledger.organizations import Organization
from ledger.transactions import Transaction
from store import accounts, credits, events, keys, organizations, totals, transactions
from store.credits import Dues
from store.organizations import Version
from store.putting import drop_nouns, put_documents, put_jobs, put_nouns


class StaleBooksError(Exception):
    """An organization's settings or chart changed after they were read for a decision."""

    def __init__(self, organization_ids: Iterable[str]) -> None:
        super().__init__("stale books")
        self.organization_ids = list(organization_ids)


@quick
@dataclass(frozen=True, slots=True)
class Decided:
    """The changes of one call, and where they came from."""

    organization_id: str
    origin: Origin
    changes: tuple[Change, ...]


def hold(connection: Connection, accounts_of: Mapping[str, Collection[str]]) -> None:
    """Let nobody else commit to these organizations, nor post first to these of their accounts.

    A first posting holds its account while it waits for the version row; rather than that the
    two wait for each other, this one gives way at once, by `StaleBooksError`.
    """
    organizations.versions(connection, accounts_of.keys(), lock=True)
    for organization_id, ids in sorted(accounts_of.items()):
        if ids and not accounts.hold(connection, organization_id, ids):
            raise StaleBooksError([organization_id])


def put_down(
    connection: Connection,
    decided: Sequence[Decided],
    structures: Mapping[str, int],
    now: datetime,
    mint: Callable[[str], str],
    dues: Dues | None = None,
) -> dict[str, Fact]:
    """Write a batch; gives every fact that is left, numbered as posted, by id.

    `structures` says at which structure each organization's books were read. Raises
    `StaleBooksError` when one has moved on, or a payer of the `dues` has too few credits by now.
    """
    net = _net(decided)
    _open_accounts(connection, net)
    posted = _newly_posted(net)
    if posted:
        totals.add(connection, posted)
    settle(connection, dues)
    ids = {item.organization_id for item in decided}
    held = organizations.versions(connection, ids, lock=True)
    stale = [key for key in ids if held[key].structure != structures[key]]
    if stale:
        raise StaleBooksError(stale)
    finals = _numbered(connection, posted)
    net = {key: (before, finals.get(key, after)) for key, (before, after) in net.items()}
    _put_facts(connection, net)
    _append(connection, decided, finals, held, now, mint)
    return {fact.id: fact for fact in _after(net)}


def settle(connection: Connection, dues: Dues | None) -> None:
    """Charge what a batch costs. Raises `StaleBooksError` when a payer has too few by now."""
    if dues is not None and not credits.charge(connection, dues):
        raise StaleBooksError(dues.charges)


def chronicle(
    connection: Connection, decided: Sequence[Decided], now: datetime, mint: Callable[[str], str]
) -> None:
    """Append the events of changes whose rows were put down apart: a new organization's."""
    ids = {item.organization_id for item in decided}
    held = organizations.versions(connection, ids, lock=True)
    _append(connection, decided, {}, held, now, mint)


def _append(
    connection: Connection,
    decided: Sequence[Decided],
    finals: Mapping[str, Fact],
    held: Mapping[str, Version],
    now: datetime,
    mint: Callable[[str], str],
) -> None:
    chain = _chained(decided, finals, held, now, mint)
    events.insert_all(connection, chain, organizations.advanced(_ahead(decided, held, chain)))


_STRUCTURAL = (Account, Organization)
Net = dict[str, tuple[Fact | None, Fact | None]]


def _net(decided: Sequence[Decided]) -> Net:
    """What each fact was before the batch and is after it, by id."""
    net: Net = {}
    for item in decided:
        for change in item.changes:
            key = change.fact.id
            before = net[key][0] if key in net else change.before
            net[key] = (before, change.after)
    return net


def _after(net: Net) -> list[Fact]:
    return [after for _, after in net.values() if after is not None]


def _newly_posted(net: Net) -> list[Transaction]:
    return [
        after
        for before, after in net.values()
        if isinstance(after, Transaction)
        and after.is_posted
        and not (isinstance(before, Transaction) and before.is_posted)
    ]


def _numbered(connection: Connection, facts: Sequence[Transaction]) -> dict[str, Fact]:
    """Newly posted transactions with their journal numbers, by id."""
    if not facts:
        return {}
    wanted = Counter((fact.organization_id, fact.fiscal_year or 0) for fact in facts)
    last = organizations.take_numbers(connection, wanted)
    numbered: dict[str, Fact] = {}
    for fact in facts:
        run = (fact.organization_id, fact.fiscal_year or 0)
        last[run] += 1
        numbered[fact.id] = changed(fact, journal_number=last[run])
    return numbered


def _put_facts(connection: Connection, net: Net) -> None:
    new = [after for before, after in net.values() if before is None and after is not None]
    gone = [before for before, after in net.values() if before is not None and after is None]
    changed = [(b, a) for b, a in net.values() if b is not None and a is not None]
    others = [fact for fact in new if not isinstance(fact, Transaction)]
    if updated := [after for _, after in changed if isinstance(after, Account)]:
        accounts.update_all(connection, updated)
    put_nouns(connection, others, changed)
    _put_transactions(connection, new, changed, gone)
    put_documents(connection, others, changed, gone)
    put_jobs(connection, others, changed)
    drop_nouns(connection, gone)
    if left := [fact for fact in gone if isinstance(fact, Account)]:
        accounts.delete_all(connection, left)
    if settings := [after for _, after in changed if isinstance(after, Organization)]:
        organizations.update_all(connection, settings)
    if made := [fact for fact in others if isinstance(fact, Key)]:
        keys.insert_all(connection, made)
    if kept := [after for _, after in changed if isinstance(after, Key)]:
        keys.update_all(connection, kept)


def _open_accounts(connection: Connection, net: Net) -> None:
    """Put down new accounts, before the totals of what the same commit posts to them."""
    new = [after for before, after in net.values() if before is None]
    if opened := [fact for fact in new if isinstance(fact, Account)]:
        accounts.insert_all(connection, opened)


def _put_transactions(
    connection: Connection,
    new: Sequence[Fact],
    changed: Sequence[tuple[Fact, Fact]],
    gone: Sequence[Fact],
) -> None:
    if entered := [fact for fact in new if isinstance(fact, Transaction)]:
        transactions.insert_all(connection, entered)
    pairs = [
        (before, after)
        for before, after in changed
        if isinstance(before, Transaction)
        and isinstance(after, Transaction)
        and not before.is_posted
    ]
    if pairs:
        transactions.update_all(connection, [after for _, after in pairs])
    if rewritten := [a for b, a in pairs if (a.entries, a.date) != (b.entries, b.date)]:
        transactions.replace_entries(connection, rewritten)
    same = [a for b, a in pairs if (a.entries, a.date) == (b.entries, b.date)]
    if sealed := [after for after in same if after.is_posted]:
        transactions.mark_posted(connection, sealed)
    if reversals := [fact for fact in entered if fact.reversal_of is not None]:
        transactions.insert_reversals(connection, reversals)
    if dropped := [fact for fact in gone if isinstance(fact, Transaction)]:
        transactions.delete_all(connection, dropped)


def _chained(
    decided: Sequence[Decided],
    finals: Mapping[str, Fact],
    held: Mapping[str, Version],
    now: datetime,
    mint: Callable[[str], str],
) -> list[Event]:
    """The events of a batch, each organization's following on its version row."""
    heads = {key: (version.number, version.head_hash) for key, version in held.items()}
    chain = []
    for item in decided:
        for change in item.changes:
            sequence, previous = heads[item.organization_id]
            event = _event(item, change, finals, (sequence + 1, mint("evt_"), previous, now))
            heads[item.organization_id] = (event.sequence, event.hash)
            chain.append(event)
    return chain


def _event(
    item: Decided,
    change: Change,
    finals: Mapping[str, Fact],
    place: tuple[int, str, str, datetime],
) -> Event:
    """The event of one change, at its place: sequence, id, hash of the one before, time."""
    sequence, event_id, previous_hash, now = place
    origin, noun = item.origin, change.entity_type
    content = (
        item.organization_id,
        sequence,
        event_id,
        f"{noun}.{change.verb}",
        noun,
        change.fact.id,
        origin.actor,
        origin.key_id,
        origin.request_id,
        origin.protocol,
        snapshot(_with_number(change.before, finals)),
        snapshot(_with_number(change.after, finals)),
        now,
    )
    return Event(*content, previous_hash, seal(previous_hash, content))


def _with_number(fact: Fact | None, finals: Mapping[str, Fact]) -> Fact | None:
    """The fact as it was then, posted ones with the number that this batch has given them."""
    if not isinstance(fact, Transaction) or not fact.is_posted:
        return fact
    final = finals.get(fact.id)
    if not isinstance(final, Transaction) or final.status is fact.status:
        return final or fact
    return replace(fact, journal_number=final.journal_number)


def _ahead(
    decided: Sequence[Decided], held: Mapping[str, Version], chain: Sequence[Event]
) -> dict[str, Version]:
    """The version rows after a batch."""
    moved = {
        item.organization_id
        for item in decided
        for change in item.changes
        if isinstance(change.fact, _STRUCTURAL)
    }
    last = {event.organization_id: event for event in chain}
    return {
        key: Version(event.sequence, held[key].structure + (key in moved), event.hash)
        for key, event in last.items()
    }
