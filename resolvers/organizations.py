"""Organizations: made with their sandbox twin, chart and keys; and their settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from ledger import texts
from ledger.attachments import Attachment
from ledger.currencies import currency as known_currency
from ledger.dates import require_business_date
from ledger.document_settings import checked_settings
from ledger.events import Change, Fact, Origin
from ledger.keys import Key, Scope, fingerprint, preview
from ledger.organizations import Organization, fiscal_year_start, known_time_zone
from ledger.templates import Template, accounts_for
from resolvers.books import Books, Command, Decision, unknown
from resolvers.minting import Mint, new_key
from resolvers.transactions import require_version
from resolvers.wants import wants
from store import accounts, keys, organizations
from store.changes import Decided, chronicle

ADMIN = Scope.ADMIN
"""What changing the settings of an organization needs."""


@dataclass(frozen=True, slots=True)
class Founded:
    """A new organization and its twin, with the only sight of their keys."""

    organization_id: str
    live_key: str
    test_organization_id: str
    test_key: str


def found(
    connection: Connection,
    *,
    name: str,
    currency: str,
    template: Template,
    origin: Origin,
    now: datetime,
    mint: Mint,
) -> Founded:
    """Make an organization, its sandbox twin, their charts, and a key of scope admin for each."""
    name = texts.clean(name, "name", texts.NAME_LENGTH)
    code = known_currency(currency).code
    live_id, test_id = mint("org_"), mint("org_")
    pair = [
        Organization(live_id, name, code, True, now, now, twin_id=test_id),
        Organization(test_id, f"{name} (test)"[:200], code, False, now, now, twin_id=live_id),
    ]
    organizations.insert_all(connection, pair)
    secrets = []
    decided = []
    for fact in pair:
        chart = accounts_for(template, fact.id, code, now, lambda: mint("act_"))
        accounts.insert_all(connection, chart)
        made: list[Fact] = [fact, *chart]
        changes = tuple(Change("created", None, new) for new in made)
        decided.append(Decided(fact.id, origin, changes))
        secret = new_key(live=fact.is_live)
        secrets.append(secret)
        keys.insert_all(connection, [_key(fact, secret, now, mint)])
    chronicle(connection, decided, now, mint)
    return Founded(live_id, secrets[0], test_id, secrets[1])


def _key(fact: Organization, secret: str, now: datetime, mint: Mint) -> Key:
    return Key(
        organization_id=fact.id,
        id=mint("key_"),
        name="First key",
        scope=Scope.ADMIN,
        hash=fingerprint(secret),
        preview=preview(secret),
        expires_at=None,
        revoked_at=None,
        created_at=now,
    )


def update_documents(given: Mapping[str, Any], *, version: int | None) -> Command:
    """Change how documents are made out; what was issued before stays as it was."""
    logo_id = given.get("logo_id")

    def decide(books: Books) -> Decision:
        before = books.organization
        require_version(before.version, version)
        if logo_id is not None:
            logo = books.find(Attachment, logo_id, "logoId")
            if logo.subject_id != before.id:
                raise unknown("logo", logo.id, "logoId", in_path=False)
        settings = checked_settings(books.chart, replace(before.documents, **given))
        after = replace(
            before, documents=settings, updated_at=books.now, version=before.version + 1
        )
        return Decision((Change("updated", before, after),), after.id)

    return Command(decide, wants=wants([logo_id]), structural=True)


def update(
    given: Mapping[str, Any],
    *,
    version: int | None,
    month: int | None = None,
    day: int | None = None,
) -> Command:
    """Change the settings of the organization; `given` are the ones that change.

    `month` and `day` are those on which fiscal years begin, each only where it changes.
    """

    def decide(books: Books) -> Decision:
        before = books.organization
        require_version(before.version, version)
        after = replace(before, **given, updated_at=books.now, version=before.version + 1)
        if month is not None or day is not None:
            old_month, old_day = before.fiscal_year_start
            begin = fiscal_year_start(
                old_month if month is None else month, old_day if day is None else day
            )
            after = replace(after, fiscal_year_start=begin)
        after = replace(
            after,
            name=texts.clean(after.name, "name", texts.NAME_LENGTH),
            time_zone=known_time_zone(after.time_zone),
            domain=texts.clean_optional(after.domain, "domain", texts.NAME_LENGTH),
            tax_number=texts.clean_optional(after.tax_number, "taxNumber", texts.NAME_LENGTH),
            metadata=texts.clean_metadata(after.metadata),
        )
        if after.books_closed_through is not None:
            require_business_date(after.books_closed_through, "booksClosedThrough")
        return Decision((Change("updated", before, after),), after.id)

    return Command(decide, structural=True)
