"""One commit: read for all commands of a batch, let each decide, write what was decided."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from ledger.chart import Chart
from ledger.credits import UNMETERED, Billing
from ledger.errors import LedgerError, Reason
from ledger.events import Fact
from ledger.organizations import Organization
from resolvers.books import Books, Call, Command, Decision, Written
from resolvers.reserving import replaying
from resolvers.till import Till, cost_of, open_till
from resolvers.wants import NOTHING_WANTED, Wants
from resolvers.wants import read as read_wants
from store import accounts, idempotency, keys, organizations, transactions
from store.changes import Decided, StaleBooksError, hold, put_down, settle
from store.idempotency import Record

KEPT_FOR = timedelta(hours=24)
_MOST_ACCOUNTS = 200_000

Outcome = Written | Exception


@dataclass(frozen=True, slots=True)
class Structure:
    """An organization's settings and chart, and the structure number they belong to."""

    organization: Organization
    chart: Chart
    number: int


class Structures:
    """Structures read before, the latest used last out; each is proved at the version row."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Structure] = OrderedDict()
        self._accounts = 0

    def get(self, organization_id: str) -> Structure | None:
        """What was kept of an organization."""
        found = self._kept.get(organization_id)
        if found is not None:
            self._kept.move_to_end(organization_id)
        return found

    def keep(self, structures: Mapping[str, Structure]) -> None:
        """Keep what a batch has read, as far as there is room."""
        for organization_id, structure in structures.items():
            self.forget([organization_id])
            self._kept[organization_id] = structure
            self._accounts += len(structure.chart.by_id)
        while self._accounts > _MOST_ACCOUNTS:
            self.forget([next(iter(self._kept))])

    def forget(self, organization_ids: Iterable[str]) -> None:
        """Read these anew next time."""
        for organization_id in organization_ids:
            gone = self._kept.pop(organization_id, None)
            if gone is not None:
                self._accounts -= len(gone.chart.by_id)


@dataclass(slots=True)
class Batch:
    """The commands of one commit, run on one connection."""

    calls: Sequence[tuple[Call, Command]]
    structures: Structures
    now: datetime
    mint: Callable[[str], str]
    billing: Billing = UNMETERED
    till: Till | None = None
    read_structures: dict[str, Structure] = field(default_factory=dict)
    unproved: set[str] = field(default_factory=set)

    def run(self, connection: Connection) -> list[Outcome]:
        """What came of each command; the caller commits."""
        books = self._books(connection)
        if self.billing.is_metered and self.till is None:
            known = {key: opened.organization for key, opened in books.items()}
            self.till = open_till(connection, self.calls, known, self.now)
        records = self._records(connection)
        outcomes: dict[int, Outcome] = {}
        decided: list[tuple[int, Decision]] = []
        for place, (call, command) in enumerate(self.calls):
            outcome = self._decided(call, command, books, records)
            if not isinstance(outcome, Decision):
                outcomes[place] = outcome
            elif call.dry_run:
                seen = replace(outcome, errand=None)
                outcomes[place] = _written(call, seen, {}, books[call.organization_id].organization)
            else:
                decided.append((place, outcome))
        finals = self._write(connection, decided)
        self._prove(connection)
        for place, decision in decided:
            call = self.calls[place][0]
            settings = books[call.organization_id].organization
            outcomes[place] = decision.refusal or _written(call, decision, finals, settings)
        return [outcomes[place] for place in range(len(self.calls))]

    def _books(self, connection: Connection) -> dict[str, Books]:
        """The working set of each organization: one statement per table for all of them."""
        wanted = {call.organization_id for call, _ in self.calls}
        if any(command.structural for _, command in self.calls):
            self._hold(connection, wanted)
        known = {key: kept for key in wanted if (kept := self.structures.get(key))}
        self.unproved = set(known)
        if missing := wanted - known.keys():
            self.read_structures = _structures(connection, missing)
            known |= self.read_structures
        books = {
            key: Books(kept.organization, kept.chart, self.now, self.mint)
            for key, kept in known.items()
        }
        for organization_id, opened in sorted(books.items()):
            self._read_into(connection, organization_id, opened)
        self.read_structures |= known
        return books

    def _hold(self, connection: Connection, wanted: set[str]) -> None:
        """Let nobody else commit to these organizations until this batch has."""
        histories: dict[str, set[str]] = defaultdict(set)
        for call, command in self.calls:
            histories[call.organization_id].update(command.histories)
        if self.billing.is_metered:
            known = organizations.existing(connection, wanted)
            self.till = open_till(connection, self.calls, known, self.now, lock=True)
        hold(connection, histories)
        self.structures.forget(wanted)

    def _read_into(self, connection: Connection, organization_id: str, books: Books) -> None:
        """Read what the commands of one organization say that they need."""
        commands = [c for call, c in self.calls if call.organization_id == organization_id]
        if ids := {key for command in commands for key in command.transactions}:
            books.transactions = transactions.existing(connection, organization_id, ids, lock=True)
        if external := {key for command in commands for key in command.external_ids}:
            books.external_ids = transactions.with_external_ids(
                connection, organization_id, external
            )
        if named := {key for command in commands for key in command.keys}:
            books.keys = keys.existing(connection, organization_id, named)
        if histories := {key for command in commands for key in command.histories}:
            ask = accounts.with_entries
            books.with_entries = ask(connection, organization_id, histories, posted=False)
            books.with_postings = ask(connection, organization_id, histories, posted=True)
        self._read_wants(connection, organization_id, books, commands)

    def _read_wants(
        self,
        connection: Connection,
        organization_id: str,
        books: Books,
        commands: Sequence[Command],
    ) -> None:
        """Read what commands want beyond that, and what follows from it."""
        if all(c.wants is NOTHING_WANTED and c.then is None for c in commands):
            return

        def wanted() -> Wants:
            found = Wants()
            for command in commands:
                found |= command.wants
                if command.then is not None:
                    found |= command.then(books)
            return found

        read_wants(connection, organization_id, books.found, wanted)

    def _records(self, connection: Connection) -> dict[tuple[str, str], Record]:
        keys = {
            (call.organization_id, call.idempotency_key)
            for call, _ in self.calls
            if call.idempotency_key is not None
        }
        return idempotency.existing(connection, keys, self.now) if keys else {}

    def _decided(
        self,
        call: Call,
        command: Command,
        books: Mapping[str, Books],
        records: dict[tuple[str, str], Record],
    ) -> Decision | Outcome:
        """What one command comes to: its decision, a replay, or a refusal."""
        try:
            record = records.get((call.organization_id, call.idempotency_key or ""))
            if record is not None:
                return _replay(call, record)
            opened = books[call.organization_id]
            decision = command.decide(_minting(opened, call))
            if self.till is not None:
                self.till.take(call, decision)
        except LedgerError as refusal:
            return refusal
        if call.dry_run:
            return decision.refusal or decision
        opened.apply(decision.changes)
        if call.idempotency_key is not None and decision.refusal is None:
            key = (call.organization_id, call.idempotency_key)
            records[key] = self._record(call, decision.outcome)
        return decision

    def _record(self, call: Call, outcome: Any) -> Record:
        return Record(
            call.organization_id,
            call.idempotency_key or "",
            call.operation,
            call.digest,
            outcome,
            self.now,
            self.now + KEPT_FOR,
        )

    def _write(
        self, connection: Connection, decided: Sequence[tuple[int, Decision]]
    ) -> dict[str, Fact]:
        if not decided:
            return {}
        calls = [(self.calls[place][0], decision) for place, decision in decided]
        new = [
            self._record(call, decision.outcome)
            for call, decision in calls
            if call.idempotency_key is not None and decision.refusal is None
        ]
        if new:
            idempotency.insert_all(connection, new)
        by_organization: dict[str, list[Decided]] = defaultdict(list)
        for call, decision in calls:
            if decision.changes:
                by_organization[call.organization_id].append(
                    Decided(call.organization_id, call.origin, decision.changes)
                )
        changed = [item for key in sorted(by_organization) for item in by_organization[key]]
        dues = None if self.till is None else self.till.dues()
        if not changed:
            settle(connection, dues)
            return {}
        numbers = {key: kept.number for key, kept in self.read_structures.items()}
        self.unproved -= by_organization.keys()
        return put_down(connection, changed, numbers, self.now, self.mint, dues)

    def _prove(self, connection: Connection) -> None:
        """Raise `StaleBooksError` when refusals were decided by kept books that have changed.

        What is written is proved as it is; else a caller could be refused for want of an
        account that another process has opened before.
        """
        if self.unproved:
            held = organizations.versions(connection, self.unproved)
            numbers = {key: self.read_structures[key].number for key in self.unproved}
            if stale := [key for key, number in numbers.items() if held[key].structure != number]:
                raise StaleBooksError(stale)


def _minting(books: Books, call: Call) -> Books:
    """The books, which give out the ids that were reserved for the call before new ones."""
    if not call.reserved:
        return books
    return replace(books, mint=replaying(call.reserved, books.mint))


def _structures(connection: Connection, ids: set[str]) -> dict[str, Structure]:
    """Read structures; the version first, so that a later change is noticed."""
    versions = organizations.versions(connection, ids)
    found = organizations.existing(connection, ids)
    charts = accounts.charts(connection, ids)
    return {
        key: Structure(
            found[key],
            Chart({account.id: account for account in charts[key]}),
            versions[key].structure,
        )
        for key in found
    }


def _written(
    call: Call, decision: Decision, finals: Mapping[str, Fact], organization: Organization
) -> Written:
    facts = {}
    for change in decision.changes:
        if change.after is not None:
            facts[change.after.id] = finals.get(change.after.id, change.after)
    told = {"organization": organization, "secret": decision.secret, "errand": decision.errand}
    return Written(decision.outcome, facts, cost=cost_of(call, decision), **told)


def _replay(call: Call, record: Record) -> Written:
    if (record.operation, record.digest) == (call.operation, call.digest):
        return Written(record.outcome, {}, replayed=True)
    raise LedgerError(
        Reason.IDEMPOTENCY_MISMATCH,
        f"The idempotency key {record.key!r} was used for another request "
        f"({record.operation}) at {record.created_at:%Y-%m-%dT%H:%M:%SZ}.",
        "Use a new key for a new request.",
        {"idempotency_key": record.key, "operation": record.operation},
        "idempotencyKey",
    )
