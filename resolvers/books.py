"""The working set of a decision: an organization's books, as far as the decision needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from ledger.absent import absent
from ledger.accounts import Account
from ledger.chart import Chart
from ledger.credits import FREE, Charge, Price
from ledger.errors import LedgerError, Reason
from ledger.events import Change, Origin
from ledger.facts import quick
from ledger.keys import Key
from ledger.open_items import OpenItem
from ledger.organizations import Organization
from ledger.settling import Occasion
from ledger.taxes import TaxRate
from ledger.transactions import Transaction
from resolvers.wants import NOTHING_WANTED, Found, Wants

T = TypeVar("T")


@dataclass(slots=True)
class Books:
    """What one organization's commands of one batch see; earlier ones' changes included."""

    organization: Organization
    chart: Chart
    now: datetime
    mint: Callable[[str], str]
    transactions: dict[str, Transaction] = field(default_factory=dict)
    external_ids: dict[str, str] = field(default_factory=dict)
    with_entries: set[str] = field(default_factory=set)
    with_postings: set[str] = field(default_factory=set)
    keys: dict[str, Key] = field(default_factory=dict)
    found: Found = field(default_factory=Found)

    @property
    def occasion(self) -> Occasion:
        """The books as the ledger's functions take them."""
        return Occasion(self.organization, self.chart, self.now)

    def all(self, kind: type[T]) -> dict[str, T]:
        """All facts of a kind that were asked for, by id."""
        return {key: fact for key, fact in self.found.facts.items() if isinstance(fact, kind)}

    def find(self, kind: type[T], key: str, field: str, *, in_path: bool = False) -> T:
        """A fact by its id, or `unknown_reference` (`not_found` when it was asked for itself)."""
        fact = self.found.facts.get(key)
        if isinstance(fact, kind):
            return fact
        raise unknown(noun_of(kind), key, field, in_path=in_path)

    def require_free(self, prefix: str, external_id: str | None, own_id: str | None = None) -> None:
        """Raise `duplicate` when another fact of the noun has the caller's own id already."""
        holder = self.found.external.get((prefix, external_id or ""))
        if external_id is None or holder in {None, own_id}:
            return
        raise LedgerError(
            Reason.DUPLICATE,
            f"The external id {external_id!r} is already that of {holder}.",
            "Use what exists, or another external id.",
            {"external_id": external_id, "existing_id": holder},
            "externalId",
        )

    def transaction(self, transaction_id: str) -> Transaction:
        """The transaction that was asked for, or `not_found`."""
        found = self.transactions.get(transaction_id)
        if found is None:
            raise unknown_transaction(transaction_id)
        return found

    def require_free_external_id(self, external_id: str | None) -> None:
        """Raise `duplicate` when another transaction has the caller's own id already."""
        holder = None if external_id is None else self.external_ids.get(external_id)
        if holder is None:
            return
        raise LedgerError(
            Reason.DUPLICATE,
            f"The external id {external_id!r} is already that of transaction {holder}.",
            "Use the existing transaction, or another external id.",
            {"external_id": external_id, "existing_id": holder},
            "externalId",
        )

    def apply(self, changes: Iterable[Change]) -> None:
        """Let later commands of the batch see what an earlier one decided."""
        for change in changes:
            fact, gone = change.fact, change.after is None
            if isinstance(fact, Transaction):
                self._apply_transaction(fact, gone=gone)
            elif isinstance(fact, Account):
                self.chart = self.chart.having([] if gone else [fact], [fact.id] if gone else [])
            elif isinstance(fact, Key):
                self.keys[fact.id] = fact
            elif isinstance(fact, Organization):
                self.organization = fact
            else:
                self.found.apply(fact, gone=gone)

    def _apply_transaction(self, fact: Transaction, *, gone: bool) -> None:
        if gone:
            self.transactions.pop(fact.id, None)
        else:
            self.transactions[fact.id] = fact
        if fact.external_id is not None:
            if gone:
                self.external_ids.pop(fact.external_id, None)
            else:
                self.external_ids[fact.external_id] = fact.id


def noun_of(kind: type) -> str:
    """What a kind of fact is called in messages."""
    return _NOUNS.get(kind, kind.__name__.lower())


_NOUNS: dict[type, str] = {TaxRate: "tax rate", OpenItem: "open item"}


def unknown(noun: str, key: str, field: str, *, in_path: bool) -> LedgerError:
    """The one answer for what is another organization's or nobody's."""
    return absent(noun, key, field, "Check the id; its list says which exist.", in_path=in_path)


def unknown_transaction(transaction_id: str) -> LedgerError:
    """The one answer for a transaction that is another organization's or nobody's."""
    cure = "List `transactions` for the ids that exist."
    return absent("transaction", transaction_id, "id", cure, in_path=True)


@quick
@dataclass(frozen=True, slots=True)
class Decision:
    """What a command comes to.

    `outcome` is kept with an idempotency key and must be JSON: usually the ids of the
    results. A `refusal` beside changes is the one kind that writes: the changes are committed,
    then the refusal is raised. A `secret` is told once, and kept nowhere. An `errand` is left to
    be run after the commit, once: not for a replay, nor for a dry run. `items` says how many times
    the price of its call it costs: a bulk call as often as it has made something. What is
    `returned` was charged before, for something that will not be done.
    """

    changes: tuple[Change, ...]
    outcome: Any
    refusal: LedgerError | None = None
    secret: str | None = None
    errand: Any = None
    items: int = 1
    returned: Charge | None = None


@quick
@dataclass(frozen=True, slots=True)
class Command:
    """A mutation before it runs: what it must read, and its decision over that.

    `wants` is read at once, and what `then` asks for when that is read. A `structural` command
    may change the organization or its chart; it runs while nothing else of the organization
    commits.
    """

    decide: Callable[[Books], Decision]
    transactions: tuple[str, ...] = ()
    external_ids: tuple[str, ...] = ()
    histories: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    wants: Wants = NOTHING_WANTED
    then: Callable[[Books], Wants] | None = None
    structural: bool = False


@quick
@dataclass(frozen=True, slots=True)
class Call:
    """One use of a mutation: where, by whom, under which idempotency key, at which price.

    `reserved` are ids that were given out for it before, which it takes in their order.
    """

    organization_id: str
    operation: str
    origin: Origin
    idempotency_key: str | None = None
    digest: str = ""
    dry_run: bool = False
    reserved: tuple[str, ...] = ()
    price: Price = FREE


@quick
@dataclass(frozen=True, slots=True)
class Written:
    """What came of a call. `facts` are the results by id, empty for a replay.

    `cost` is what it is worth in credits, charged or not: a replay nothing, a dry run what the
    real run would cost.
    """

    outcome: Any
    facts: Mapping[str, Any]
    replayed: bool = False
    organization: Organization | None = None
    secret: str | None = None
    errand: Any = None
    cost: int = 0
