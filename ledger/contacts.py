"""Contacts: whom we sell to, buy from and employ, and on which terms.

A contact may play several roles. What it was called when a document was issued stays on that
document; here stands what it is called now. Its personal data can be erased: so that history,
which never changes, does not keep them either, events hold only a keyed hash of them, whose
key (`salt`) is erased together with the data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any


class ContactType(StrEnum):
    """The part that a contact plays for us; it may play several."""

    CUSTOMER = "customer"
    VENDOR = "vendor"
    EMPLOYEE = "employee"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody is reached by post; `country` is a code of ISO 3166-1 alpha-2."""

    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A part of an amount and when it is due: `percent` of it, `days` after the document's date."""

    percent: Decimal
    days: int


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer, vendor, employee or other; `types` in the order given, the first being the main.

    The default accounts stand in for those that a document's line does not name: revenue when
    we sell to it, expense when we buy from it.
    """

    organization_id: str
    id: str
    name: str
    types: tuple[ContactType, ...]
    created_at: datetime
    updated_at: datetime
    email: str | None = None
    phone: str | None = None
    website: str | None = None
    tax_number: str | None = None
    reference: str | None = None
    currency: str | None = None
    language: str | None = None
    billing_address: Address | None = None
    shipping_address: Address | None = None
    terms: tuple[Term, ...] = ()
    revenue_account_id: str | None = None
    expense_account_id: str | None = None
    tax_rate_id: str | None = None
    is_active: bool = True
    erased_at: datetime | None = None
    external_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    salt: str = ""
    version: int = 1
