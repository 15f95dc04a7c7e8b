"""What can be done to contacts: taken in, changed, erased, deleted."""

from __future__ import annotations

import strawberry
from strawberry import UNSET

from ledger import ids
from resolvers import contacts as decisions
from resolvers.books import Command
from schema.addresses import AddressInput, PaymentTermInput, address_of, terms_of
from schema.contacts import ContactNode, written_contact
from schema.enums import ContactType
from schema.nodes import normal
from schema.operation import mutation, only_given, written_flag
from schema.scalars import Json


@mutation(ContactNode, result=written_contact)
def create_contact(
    name: str,
    contact_type: ContactType,
    email: str | None = None,
    phone: str | None = None,
    tax_id: str | None = None,
    contact_types: list[ContactType] | None = None,
    website: str | None = None,
    reference: str | None = None,
    currency: str | None = None,
    language: str | None = None,
    billing_address: AddressInput | None = None,
    shipping_address: AddressInput | None = None,
    payment_terms: list[PaymentTermInput] | None = None,
    default_revenue_account_id: strawberry.ID | None = None,
    default_expense_account_id: strawberry.ID | None = None,
    default_tax_rate_id: strawberry.ID | None = None,
    external_id: str | None = None,
    metadata: Json | None = None,
) -> Command:
    """Take in a contact. `contactType` is the main part that it plays; `contactTypes` may name
    more.
    """
    others = [kind for kind in contact_types or () if kind is not contact_type]
    return decisions.create(
        {
            "name": name,
            "types": (contact_type, *others),
            "email": email,
            "phone": phone,
            "tax_number": tax_id,
            "website": website,
            "reference": reference,
            "currency": currency,
            "language": language,
            "billing_address": address_of(billing_address),
            "shipping_address": address_of(shipping_address),
            "terms": terms_of(payment_terms),
            "revenue_account_id": normal("act_", default_revenue_account_id),
            "expense_account_id": normal("act_", default_expense_account_id),
            "tax_rate_id": normal("tax_", default_tax_rate_id),
            "external_id": external_id,
            "metadata": metadata,
        }
    )


@mutation(ContactNode, result=written_contact)
def update_contact(
    id: strawberry.ID,
    name: str | None = UNSET,
    contact_types: list[ContactType] | None = UNSET,
    email: str | None = UNSET,
    phone: str | None = UNSET,
    tax_id: str | None = UNSET,
    website: str | None = UNSET,
    reference: str | None = UNSET,
    currency: str | None = UNSET,
    language: str | None = UNSET,
    billing_address: AddressInput | None = UNSET,
    shipping_address: AddressInput | None = UNSET,
    payment_terms: list[PaymentTermInput] | None = UNSET,
    default_revenue_account_id: strawberry.ID | None = UNSET,
    default_expense_account_id: strawberry.ID | None = UNSET,
    default_tax_rate_id: strawberry.ID | None = UNSET,
    is_active: bool | None = UNSET,
    external_id: str | None = UNSET,
    metadata: Json | None = UNSET,
    version: int | None = None,
) -> Command:
    """Change a contact. What is absent stays; null clears. Documents issued before keep what it
    was called then.
    """
    given = {
        "name": name,
        "types": tuple(contact_types) if isinstance(contact_types, list) else contact_types,
        "email": email,
        "phone": phone,
        "tax_number": tax_id,
        "website": website,
        "reference": reference,
        "currency": currency,
        "language": language,
        "billing_address": _address(billing_address),
        "shipping_address": _address(shipping_address),
        "terms": payment_terms if payment_terms is UNSET else terms_of(payment_terms),
        "revenue_account_id": normal("act_", default_revenue_account_id),
        "expense_account_id": normal("act_", default_expense_account_id),
        "tax_rate_id": normal("tax_", default_tax_rate_id),
        "is_active": is_active,
        "external_id": external_id,
        "metadata": metadata,
    }
    needed = {"name", "types", "is_active"}
    changed = only_given(given, nullable=given.keys() - needed)
    return decisions.update(ids.normalise("con_", id), changed, version=version)


def _address(given: AddressInput | None) -> object:
    return UNSET if given is UNSET else address_of(given)


@mutation(ContactNode, result=written_contact)
def erase_contact(id: strawberry.ID) -> Command:
    """Forget a contact's personal data for good: here, and in its history, which holds only keyed
    hashes of them. What was issued to it keeps the copies that the law wants kept.
    """
    return decisions.erase(ids.normalise("con_", id))


@mutation(bool, result=written_flag)
def delete_contact(id: strawberry.ID, version: int | None = None) -> Command:
    """Delete a contact without history; one with history is deactivated or erased instead."""
    return decisions.delete(ids.normalise("con_", id), version=version)
