"""Putting down documents, what they are made of, and what is settled of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection

from ledger.attachments import Attachment
from ledger.categories import Category
from ledger.checkouts import Checkout
from ledger.contacts import Contact
from ledger.credits import BillingSettings
from ledger.documents import Document, Phase
from ledger.events import Fact
from ledger.items import Item
from ledger.jobs import Job
from ledger.open_items import Application, OpenItem
from ledger.payments import Payment
from ledger.tax_report import TaxEntry, cancelled, tax_entries
from ledger.taxes import TaxRate
from store import documents, jobs, open_items, payments
from store import tax_entries as kept_tax_entries
from store.attachments import ATTACHMENTS
from store.categories import CATEGORIES
from store.contacts import CONTACTS
from store.credits import BILLING_SETTINGS, CHECKOUTS
from store.items import ITEMS
from store.nouns import Noun
from store.taxes import TAX_RATES

T = TypeVar("T")
Pairs = Sequence[tuple[Fact, Fact]]

NOUNS: dict[type, Noun[Any]] = {
    TaxRate: TAX_RATES,
    Category: CATEGORIES,
    Contact: CONTACTS,
    Item: ITEMS,
    Attachment: ATTACHMENTS,
    Checkout: CHECKOUTS,
    BillingSettings: BILLING_SETTINGS,
}
"""The nouns that are a row each, in the order in which they refer to each other."""


def put_nouns(connection: Connection, new: Sequence[Fact], changed: Pairs) -> None:
    """Put down what documents are made of."""
    for kind, noun in NOUNS.items():
        if made := [fact for fact in new if isinstance(fact, kind)]:
            noun.insert_all(connection, made)
        if updated := [after for _, after in changed if isinstance(after, kind)]:
            noun.update_all(connection, updated)


def drop_nouns(connection: Connection, gone: Sequence[Fact]) -> None:
    """Take out what documents are made of."""
    for kind, noun in reversed(NOUNS.items()):
        if dropped := [fact for fact in gone if isinstance(fact, kind)]:
            noun.delete_all(connection, dropped)


def put_documents(
    connection: Connection, new: Sequence[Fact], changed: Pairs, gone: Sequence[Fact]
) -> None:
    """Put down documents, payments, and what is settled; their transactions are there already."""
    documented = _pairs(Document, changed)
    if made := _of_kind(Document, new):
        documents.insert_all(connection, made)
    if documented:
        documents.update_all(connection, documented)
    _count(connection, made, documented)
    if dropped := _of_kind(Document, gone):
        documents.delete_all(connection, dropped)
    if paid := _of_kind(Payment, new):
        payments.insert_all(connection, paid)
    if moved := [after for _, after in _pairs(Payment, changed)]:
        payments.update_all(connection, moved)
    if opened := _of_kind(OpenItem, new):
        open_items.ITEMS.insert_all(connection, opened)
    if left := [after for _, after in _pairs(OpenItem, changed)]:
        open_items.move_all(connection, left)
    if applied := _of_kind(Application, new):
        open_items.APPLICATIONS.insert_all(connection, applied)
    if ended := [after for _, after in _pairs(Application, changed)]:
        open_items.end_all(connection, ended)


def put_jobs(connection: Connection, new: Sequence[Fact], changed: Pairs) -> None:
    """Put down jobs that were accepted, and what came of others."""
    if queued := _of_kind(Job, new):
        jobs.insert_all(connection, queued)
    if run := [after for _, after in _pairs(Job, changed)]:
        jobs.update_all(connection, run)


def _count(
    connection: Connection, made: Sequence[Document], changed: Sequence[tuple[Document, Document]]
) -> None:
    """Number and tax of what is issued now, tax of what is cancelled now."""
    drafts = [after for before, after in changed if before.phase is Phase.DRAFT]
    issued = [fact for fact in (*made, *drafts) if fact.phase is not Phase.DRAFT]
    ahead: dict[tuple[str, str, int], int] = {}
    taxed: list[TaxEntry] = []
    for fact in issued:
        taxed += tax_entries(fact, fact.base_currency or fact.currency)
        if fact.sequence is not None:
            series = (fact.organization_id, fact.kind.value, fact.series_year or 0)
            ahead[series] = max(ahead.get(series, 0), fact.sequence)
    for before, after in changed:
        if after.cancelled_on is not None and before.cancelled_on is None:
            entries = tax_entries(after, after.base_currency or after.currency)
            taxed += cancelled(entries, after.cancelled_on)
    if ahead:
        documents.advance_counters(connection, ahead)
    if taxed:
        kept_tax_entries.insert_all(connection, taxed)


def _of_kind(kind: type[T], facts: Iterable[Any]) -> list[T]:
    """The facts of one kind."""
    return [fact for fact in facts if isinstance(fact, kind)]


def _pairs(kind: type[T], changed: Iterable[tuple[Any, Any]]) -> list[tuple[T, T]]:
    return [(before, after) for before, after in changed if isinstance(after, kind)]
