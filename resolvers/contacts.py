"""Contacts: taken in, changed, erased, deleted."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ledger.contacts import Contact, change_contact, close_contact, open_contact
from ledger.erasure import erased
from ledger.events import Change
from ledger.taxes import TaxRate
from resolvers.books import Books, Command, Decision
from resolvers.naming import external
from resolvers.transactions import require_version
from resolvers.wants import Wants, wants

Given = Mapping[str, Any]


def create(given: Given) -> Command:
    """Take in a contact."""
    salt = secrets.token_hex(16)

    def decide(books: Books) -> Decision:
        made = Contact(
            organization_id=books.organization.id,
            id=books.mint("con_"),
            created_at=books.now,
            updated_at=books.now,
            salt=salt,
            **given,
        )
        fact = open_contact(books.chart, made, tax_rates=books.all(TaxRate))
        books.require_free("con_", fact.external_id)
        return Decision((Change("created", None, fact),), fact.id)

    named = external("con_", given)
    return Command(decide, wants=wants([given.get("tax_rate_id")], external_ids=named))


def update(contact_id: str, given: Given, *, version: int | None) -> Command:
    """Change a contact; documents issued before keep what it was called then."""

    def decide(books: Books) -> Decision:
        before = books.find(Contact, contact_id, "id", in_path=True)
        require_version(before.version, version)
        after = replace(before, **given, updated_at=books.now, version=before.version + 1)
        after = change_contact(books.chart, before, after, tax_rates=books.all(TaxRate))
        books.require_free("con_", after.external_id, after.id)
        return Decision((Change("updated", before, after),), after.id)

    def refers(books: Books) -> Wants:
        contact = books.all(Contact).get(contact_id)
        return Wants() if contact is None else wants([contact.tax_rate_id])

    named = external("con_", given)
    asked = wants([contact_id, given.get("tax_rate_id")], external_ids=named)
    return Command(decide, wants=asked, then=refers, structural=True)


def erase(contact_id: str) -> Command:
    """Forget a contact's personal data; what was issued to it keeps its copies."""

    def decide(books: Books) -> Decision:
        before = books.find(Contact, contact_id, "id", in_path=True)
        after = erased(before, books.now)
        changes = () if after == before else (Change("erased", before, after),)
        return Decision(changes, before.id)

    return Command(decide, wants=wants([contact_id]), structural=True)


def delete(contact_id: str, *, version: int | None) -> Command:
    """Delete a contact without history."""

    def decide(books: Books) -> Decision:
        before = books.find(Contact, contact_id, "id", in_path=True)
        require_version(before.version, version)
        close_contact(before, has_history=contact_id in books.found.used)
        return Decision((Change("deleted", before, None),), outcome=True)

    return Command(decide, wants=wants([contact_id], used=[contact_id]), structural=True)
