"""Erasure: a contact without its personal data, and a history that never told it.

History never changes, yet a person may ask to be forgotten. So an event keeps a keyed hash of each
personal field in its place. While the contact has its key, the hash proves what the field was;
the key is erased together with the data, and from then on the hash says nothing to anybody.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from ledger.contacts import Address, Contact

ERASED_NAME = "Erased contact"
PERSONAL = (
    "name",
    "email",
    "phone",
    "website",
    "tax_number",
    "reference",
    "billing_address",
    "shipping_address",
    "metadata",
)
"""The fields that are sealed. The key, `salt`, is not among them: no event may hold it at all."""


def erased(contact: Contact, now: datetime) -> Contact:
    """The contact without its personal data and its key; its external id stays.

    One that was erased before is given back as it is.
    """
    if contact.erased_at is not None:
        return contact
    return replace(
        contact,
        name=ERASED_NAME,
        email=None,
        phone=None,
        website=None,
        tax_number=None,
        reference=None,
        billing_address=None,
        shipping_address=None,
        metadata={},
        salt="",
        is_active=False,
        erased_at=now,
        updated_at=now,
        version=contact.version + 1,
    )


def sealed_personal(contact: Contact) -> dict[str, str]:
    """What an event holds in place of a contact's personal fields, by the name of each.

    `hmac-sha256:` and the hash of the field as canonical JSON (sorted keys, no blanks, what is
    absent left out), keyed with the contact's salt. Fields that are not set are left out. An
    erased contact has no key and no secrets: of it the name is told as it is.
    """
    if contact.erased_at is not None:
        return {"name": contact.name}
    if not contact.salt:
        raise ValueError("Without a salt the personal data of a contact could be guessed.")
    key = contact.salt.encode()
    values = ((name, getattr(contact, name)) for name in PERSONAL)
    return {
        name: f"hmac-sha256:{hmac.digest(key, _canonical(value).encode(), 'sha256').hex()}"
        for name, value in values
        if value is not None and value != {}
    }


def _canonical(value: Any) -> str:
    if isinstance(value, Address):
        value = {name: part for name, part in asdict(value).items() if part is not None}
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
