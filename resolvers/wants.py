"""What a decision needs to have been read, and the reading of it.

A command says by ids what it needs; what those refer to (an invoice its contact, an item its tax
rate) is known only when they are read, so a command may say more then. The reading goes on
until nobody wants more. What can be settled is then held until commit and read again: if
something else refers to it by now, the whole batch is read anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import partial
from typing import Any

from sqlalchemy import Connection

from ledger.documents import Document, DocumentKind
from ledger.events import Fact
from ledger.items import Item
from ledger.open_items import Side
from store import (
    accounts,
    categories,
    contacts,
    documents,
    items,
    jobs,
    open_items,
    payments,
    taxes,
    transactions,
)
from store.attachments import ATTACHMENTS, of_subjects
from store.changes import StaleBooksError
from store.credits import BILLING_SETTINGS
from store.dialects import is_sqlite

Ids = frozenset[str]
NOTHING: frozenset[Any] = frozenset()


@dataclass(frozen=True, slots=True)
class Wants:
    """What a command needs.

    `facts` by id; `applications` of these open items; `used`: whether something refers to these;
    `charged`: whether an issued document was charged by these tax rates; `attachments` of these;
    `series`: the last numbers of these kinds and years; `numbers`: who has these numbers of
    documents; `external_ids` and `skus` (by prefix of the noun): who has them. `whole` asks for
    all facts of a noun by its prefix.
    """

    facts: Ids = NOTHING
    applications: Ids = NOTHING
    used: Ids = NOTHING
    charged: Ids = NOTHING
    attachments: Ids = NOTHING
    series: frozenset[tuple[str, int]] = NOTHING
    numbers: frozenset[str] = NOTHING
    external_ids: frozenset[tuple[str, str]] = NOTHING
    skus: Ids = NOTHING
    whole: Ids = NOTHING

    def __or__(self, other: Wants) -> Wants:
        return Wants(*(getattr(self, f.name) | getattr(other, f.name) for f in fields(self)))

    def __sub__(self, other: Wants) -> Wants:
        return Wants(*(getattr(self, f.name) - getattr(other, f.name) for f in fields(self)))

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


NOTHING_WANTED = Wants()


def wants(facts: Iterable[str | None] = (), **others: Iterable[Any]) -> Wants:
    """What is wanted, of any collections; what is None is not."""
    named = {name: frozenset(values) for name, values in others.items()}
    keys = frozenset(key for key in facts if key)
    return Wants(keys, **named) if keys or any(named.values()) else NOTHING_WANTED


@dataclass(slots=True)
class Found:
    """What was read of what commands want, with what earlier commands of the batch did to it."""

    facts: dict[str, Fact] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    charged: set[str] = field(default_factory=set)
    numbers: dict[tuple[str, int], int] = field(default_factory=dict)
    taken: dict[tuple[str, str, str], str] = field(default_factory=dict)
    external: dict[tuple[str, str], str] = field(default_factory=dict)
    skus: dict[str, str] = field(default_factory=dict)

    def apply(self, fact: Any, *, gone: bool) -> None:
        """Let later commands see what became of a fact."""
        if gone:
            self.facts.pop(fact.id, None)
        else:
            self.facts[fact.id] = fact
        external_id = getattr(fact, "external_id", None)
        if external_id is not None:
            _put(self.external, (fact.id[:4], external_id), fact.id, gone=gone)
        if isinstance(fact, Item) and fact.sku is not None:
            _put(self.skus, fact.sku, fact.id, gone=gone)
        if isinstance(fact, Document):
            self._number(fact, gone=gone)

    def _number(self, fact: Document, *, gone: bool) -> None:
        if fact.number is not None:
            _put(
                self.taken, number_key(fact.kind, fact.contact_id, fact.number), fact.id, gone=gone
            )
        if fact.sequence is not None:
            series = (fact.kind.value, fact.series_year or 0)
            self.numbers[series] = max(self.numbers.get(series, 0), fact.sequence)


def number_key(kind: DocumentKind, contact_id: str, number: str) -> tuple[str, str, str]:
    """Among which documents a number is taken once: all of our own, or those of one vendor."""
    return kind.value, contact_id if kind.side is Side.PAYABLE else "", number


def _put(found: dict[Any, str], key: Any, value: str, *, gone: bool) -> None:
    if gone:
        found.pop(key, None)
    else:
        found[key] = value


Read = Callable[[Connection, str, Collection[str]], Mapping[str, Any]]

_BY_PREFIX: dict[str, Read] = {
    "con_": contacts.CONTACTS.existing,
    "cat_": categories.CATEGORIES.existing,
    "itm_": items.ITEMS.existing,
    "tax_": taxes.TAX_RATES.existing,
    "inv_": documents.existing,
    "bil_": documents.existing,
    "crn_": documents.existing,
    "pay_": payments.existing,
    "jnl_": open_items.ITEMS.existing,
    "app_": open_items.APPLICATIONS.existing,
    "txn_": transactions.existing,
    "att_": ATTACHMENTS.existing,
    "job_": jobs.held,
    "bls_": BILLING_SETTINGS.existing,
}
_WHOLE = {
    "cat_": categories.CATEGORIES.every,
}
_USED = {
    "act_": accounts.used,
    "con_": contacts.with_history,
    "cat_": categories.used,
    "itm_": items.used,
    "tax_": taxes.used,
}
_SETTLED = ("inv_", "bil_", "crn_", "pay_", "jnl_")
_DOCUMENTS = ("inv_", "bil_", "crn_")
_EXTERNAL: dict[str, Read] = {
    "con_": contacts.CONTACTS.with_external_ids,
    "cat_": categories.CATEGORIES.with_external_ids,
    "itm_": items.ITEMS.with_external_ids,
    "tax_": taxes.TAX_RATES.with_external_ids,
    **{
        prefix: partial(
            documents.with_external_ids, kinds=[k for k in DocumentKind if k.prefix == prefix]
        )
        for prefix in _DOCUMENTS
    },
    "pay_": payments.PAYMENTS.with_external_ids,
}


def read(
    connection: Connection, organization_id: str, found: Found, wanted: Callable[[], Wants]
) -> None:
    """Read what is wanted, and what that makes wanted, until nothing is missing."""
    had = Wants()
    while missing := wanted() - had:
        _read_once(connection, organization_id, found, missing)
        had |= missing
    settled = sorted(key for key in had.facts | had.applications if key.startswith(_SETTLED))
    if not settled or is_sqlite(connection):
        return
    held = [key for key in settled if key.startswith(_DOCUMENTS)]
    documents.existing(connection, organization_id, held, lock=True)
    open_items.hold(connection, organization_id, settled)
    again = Wants(facts=had.facts, applications=had.applications)
    _read_once(connection, organization_id, found, again)
    if wanted() - had:
        raise StaleBooksError([organization_id])


def _read_once(connection: Connection, organization_id: str, found: Found, missing: Wants) -> None:
    for prefix, keys in _by_prefix(missing.facts).items():
        if prefix in _BY_PREFIX:
            found.facts.update(_BY_PREFIX[prefix](connection, organization_id, keys))
    _read_around(connection, organization_id, found, missing)
    _read_names(connection, organization_id, found, missing)


def _read_around(
    connection: Connection, organization_id: str, found: Found, missing: Wants
) -> None:
    """Read what refers to facts, and what is known about them."""
    if missing.applications:
        ask = open_items.applications_of
        found.facts.update(ask(connection, organization_id, missing.applications))
    for prefix in missing.whole:
        found.facts.update(_WHOLE[prefix](connection, organization_id))
    for prefix, keys in _by_prefix(missing.used).items():
        found.used |= _USED[prefix](connection, organization_id, keys)
    if missing.charged:
        found.charged |= taxes.charged(connection, organization_id, missing.charged)
    if missing.attachments:
        held = of_subjects(connection, organization_id, missing.attachments)
        found.facts.update({fact.id: fact for some in held.values() for fact in some})
    if missing.series:
        taken = documents.take_counters(connection, organization_id, missing.series)
        found.numbers.update(taken)
    if missing.numbers:
        holders = documents.with_numbers(
            connection, organization_id, list(DocumentKind), missing.numbers
        )
        for kind, number, contact_id, id_ in holders:
            found.taken[number_key(kind, contact_id, number)] = id_


def _read_names(connection: Connection, organization_id: str, found: Found, missing: Wants) -> None:
    by_prefix: dict[str, set[str]] = defaultdict(set)
    for prefix, external_id in missing.external_ids:
        by_prefix[prefix].add(external_id)
    for prefix, given in by_prefix.items():
        ids = _EXTERNAL[prefix](connection, organization_id, given)
        found.external.update({(prefix, key): id_ for key, id_ in ids.items()})
    if missing.skus:
        ask = items.ITEMS.with_values
        found.skus.update(ask(connection, organization_id, "sku", missing.skus))


def _by_prefix(ids: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key in ids:
        found[key[:4]].add(key)
    return found
