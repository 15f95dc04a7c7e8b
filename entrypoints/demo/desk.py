"""The desk at which the demo company's books are kept: commands, decided and written in batches.

They are the commands of any caller, run by the same batches as theirs, in a database transaction
that is under way. A clerk clears the desk every four weeks, and what was done bears that time, so
that histories tell of a year.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from entrypoints.demo.commands import command_of
from entrypoints.demo.steps import Applied, Cancelled, Entered, Reversed, Step, Viewed
from ledger.events import Origin
from ledger.ids import entry_id
from resolvers.batches import Batch, Structures
from resolvers.books import Books, Call, Command, Decision
from store import accounts

ORIGIN = Origin("demo", None, "demo", "cli")
TIME_ZONE = "America/Chicago"
_FOUR_WEEKS = 28
_CLOSING_TIME = time(17, 30, tzinfo=ZoneInfo(TIME_ZONE))


def evening(day: date) -> datetime:
    """When the desk is left on a day."""
    return datetime.combine(day, _CLOSING_TIME).astimezone(UTC)


@dataclass(slots=True)
class Desk:
    """Where the books of one organization are written; `ids` are those of all that has a name.

    What is still to be made in the same batch has an empty id. `clock` says when the desk is
    cleared the next time, never later than `now`.
    """

    connection: Connection
    organization_id: str
    clock: datetime
    now: datetime
    mint: Callable[[str], str]
    ids: defaultdict[str, str] = field(default_factory=lambda: defaultdict(str))
    _structures: Structures = field(default_factory=Structures)
    _waiting: list[tuple[str | None, str, Command]] = field(default_factory=list)

    def learn_accounts(self) -> None:
        """Learn the ids of the accounts by their codes."""
        found = accounts.charts(self.connection, [self.organization_id])
        for account in found[self.organization_id]:
            self.ids[account.code] = account.id

    def do(self, operation: str, command: Command, name: str | None = None) -> None:
        """Have a command done with the next batch; `name` is what its outcome is known by.

        What changes the organization or the catalogue shares no batch with the rest.
        """
        if self._waiting and self._waiting[-1][2].structural is not command.structural:
            self.clear()
        self._waiting.append((name, operation, self._remembering(command, name)))

    def keep(self, steps: Iterable[Step]) -> None:
        """Do all steps in their order, by which they are numbered."""
        last = None
        for step in steps:
            turn = step.date.toordinal() // _FOUR_WEEKS
            # What is cancelled must be in the books: its transaction is read from there.
            if turn != last or isinstance(step, Cancelled):
                self.clear()
            last = turn
            self.clock = min(self.now, max(self.clock, evening(step.date)))
            operation, command = command_of(step, self.ids)
            self.do(operation, replace(command, decide=self._late(step)), _name_of(step))
        self.clear()

    def clear(self) -> None:
        """Do what waits, in one batch; the first refusal is raised."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        calls = [
            (Call(self.organization_id, operation, ORIGIN), command)
            for _, operation, command in waiting
        ]
        batch = Batch(calls, self._structures, self.clock, self.mint)
        for outcome in batch.run(self.connection):
            if isinstance(outcome, Exception):
                raise outcome
        if waiting[0][2].structural:
            self._structures.forget([self.organization_id])
        else:
            self._structures.keep(batch.read_structures)

    def _late(self, step: Step) -> Callable[[Books], Decision]:
        """A step's decision with the ids that are known by then: those of its own batch too."""

        def decide(books: Books) -> Decision:
            return command_of(step, self.ids)[1].decide(books)

        return decide

    def _remembering(self, command: Command, name: str | None) -> Command:
        """The command, whose outcome is known by its name as soon as it is decided."""
        if name is None:
            return command

        def decide(books: Books) -> Decision:
            decision = command.decide(books)
            self._learn(name, decision.outcome)
            return decision

        return replace(command, decide=decide)

    def _learn(self, name: str, made: str) -> None:
        """Remember what a name stands for, and of a transaction the second entry, by `name/1`."""
        self.ids[name] = made
        if made.startswith("txn_"):
            self.ids[f"{name}/1"] = entry_id(made, 1)


def _name_of(step: Step) -> str | None:
    """What later steps know a step by; those that make nothing new have no name."""
    if isinstance(step, Applied | Cancelled | Reversed | Viewed):
        return None
    return step.reference if isinstance(step, Entered) else step.name
