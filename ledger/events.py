"""Events: what changed, written down so that no one can change it unseen.

A decision of the ledger is a list of changes: a fact as it was before and as it is after. Each
change becomes one event. Events of an organization are numbered without gaps, and each holds
the SHA-256 of the one before together with its own content: whoever alters one byte of
history breaks the chain from there on.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from ledger.accounts import Account
from ledger.attachments import Attachment
from ledger.canonical import array_of, text_of
from ledger.categories import Category
from ledger.checkouts import Checkout
from ledger.contacts import Contact
from ledger.credits import BillingSettings, CreditGrant
from ledger.documents import Document
from ledger.event_exports import EventExport
from ledger.facts import quick
from ledger.items import Item
from ledger.jobs import Job
from ledger.keys import Key
from ledger.open_items import Application, OpenItem
from ledger.organizations import Organization
from ledger.payments import Payment
from ledger.taxes import TaxRate
from ledger.transactions import Transaction

Fact = (
    Organization
    | Account
    | Transaction
    | Key
    | Contact
    | Category
    | Item
    | TaxRate
    | Document
    | Payment
    | OpenItem
    | Application
    | Attachment
    | Job
    | Checkout
    | CreditGrant
    | BillingSettings
    | EventExport
)
FIRST_HASH = "0" * 64
_NOUNS: dict[type, str] = {
    BillingSettings: "billing",
    CreditGrant: "credits",
    EventExport: "events",
    Key: "api_key",
    OpenItem: "open_item",
    TaxRate: "tax_rate",
}


@quick
@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one fact: `verb` in the past tense, None before it was or after it is."""

    verb: str
    before: Fact | None
    after: Fact | None

    @property
    def fact(self) -> Fact:
        """The fact as it is now, or as it last was."""
        fact = self.before if self.after is None else self.after
        if fact is None:
            raise ValueError("A change has a fact before or after it.")
        return fact

    @property
    def entity_type(self) -> str:
        """The noun of the fact: `account`; of a document its kind: `invoice`."""
        fact = self.fact
        if isinstance(fact, Document):
            return fact.kind.value
        return _NOUNS.get(type(fact), type(fact).__name__.lower())


@dataclass(frozen=True, slots=True)
class Origin:
    """Who asked for a change, and how: the same for all changes of one request."""

    actor: str
    key_id: str | None
    request_id: str
    protocol: str


@quick
@dataclass(frozen=True, slots=True)
class Event:
    """One link of an organization's chain; `before` and `after` are JSON texts."""

    organization_id: str
    sequence: int
    id: str
    type: str
    entity_type: str
    entity_id: str
    actor: str
    key_id: str | None
    request_id: str
    protocol: str
    before: str | None
    after: str | None
    created_at: datetime
    previous_hash: str
    hash: str

    def sealed(self) -> str:
        """The hash that the event must have, by its content and the event before it."""
        return seal(self.previous_hash, _content_of(self))


def seal(previous_hash: str, content: tuple[Any, ...]) -> str:
    """The hash of an event: `content` are its fields in their order, up to `created_at`."""
    text = array_of(content)
    return hashlib.sha256(f"{previous_hash}\n{text}".encode()).hexdigest()


_content_of = attrgetter(*(field.name for field in fields(Event)[:-2]))


def snapshot(fact: Fact | None) -> str | None:
    """A fact as canonical JSON: sorted keys, amounts in minor units, what is absent left out."""
    return None if fact is None else text_of(fact)
