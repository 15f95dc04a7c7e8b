"""Contacts in the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.contacts import Contact
from resolvers.books import Written, unknown
from schema.addresses import AddressNode, PaymentTermNode, address_node, term_nodes
from schema.connections import DEFAULT_PAGE, ListOf, checked_limit
from schema.context import Reading
from schema.enums import ContactType
from schema.filters import (
    BooleanFilter,
    ContactTypeFilter,
    DateTimeFilter,
    IDFilter,
    StringFilter,
)
from schema.lists import NounList
from schema.loading import batched
from schema.money import CurrencyNode, currency_node
from schema.nodes import Loaded, Node, id_or_none
from schema.operation import query
from schema.scalars import Json
from schema.transactions import TransactionNode, transaction_node
from store import contacts, journal

Contacts = Annotated["ContactNode", strawberry.lazy("schema.contacts")]


@strawberry.input(description="Which contacts; conditions that stand side by side all hold.")
class ContactWhere:
    """A filter of contacts; `contactType` looks at every part that they play."""

    id: IDFilter | None = UNSET
    name: StringFilter | None = UNSET
    contact_type: ContactTypeFilter | None = UNSET
    email: StringFilter | None = UNSET
    phone: StringFilter | None = UNSET
    tax_id: StringFilter | None = UNSET
    reference: StringFilter | None = UNSET
    currency: StringFilter | None = UNSET
    is_active: BooleanFilter | None = UNSET
    external_id: StringFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[ContactWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[ContactWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: ContactWhere | None = strawberry.field(default=UNSET, name="not")


LISTS = NounList("Contact", "contacts", Contacts, ("name", "created_at", "updated_at"))
ContactOrder: Any = LISTS.Order
ContactConnection: Any = LISTS.Connection
SOURCE = ListOf("contacts", contacts.LISTING.listed, contacts.LISTING.counted)


@strawberry.type
class ContactNode(Node):
    """A customer, vendor, employee or other; it may be several of these."""

    id: strawberry.ID
    name: str
    contact_type: ContactType = strawberry.field(description="The main part that it plays.")
    contact_types: list[ContactType] = strawberry.field(description="All parts that it plays.")
    email: str | None
    phone: str | None
    website: str | None
    tax_id: str | None
    reference: str | None
    currency: CurrencyNode | None = strawberry.field(description="That of its documents.")
    language: str | None = strawberry.field(description="That of its documents: de-CH.")
    billing_address: AddressNode | None
    shipping_address: AddressNode | None
    payment_terms: list[PaymentTermNode] = strawberry.field(
        description="When its documents are due; empty for the organization's terms."
    )
    default_revenue_account_id: strawberry.ID | None
    default_expense_account_id: strawberry.ID | None
    default_tax_rate_id: strawberry.ID | None
    is_active: bool
    erased_at: datetime | None = strawberry.field(description="When its data were erased.")
    external_id: str | None = strawberry.field(description="The caller's own id; permanent.")
    metadata: Json
    version: int = strawberry.field(description="Counts changes; give it to updates.")
    created_at: datetime
    updated_at: datetime
    fact: strawberry.Private[Contact]
    loaded: Loaded = field(default_factory=dict)

    @batched(list[TransactionNode])
    async def transactions(
        nodes: Sequence[ContactNode], reading: Reading, limit: int = DEFAULT_PAGE
    ) -> list[list[TransactionNode]]:
        """The newest transactions with the contact, whatever their status."""
        keys = [node.fact.id for node in nodes]
        found = await reading.read(
            journal.latest_of_contacts, reading.organization_id, keys, checked_limit(limit)
        )
        organization = await reading.organization()
        return [[transaction_node(fact, organization) for fact in found[key]] for key in keys]


def contact_node(fact: Contact) -> ContactNode:
    """A contact as the API shows it."""
    return ContactNode(
        id=strawberry.ID(fact.id),
        name=fact.name,
        contact_type=fact.types[0],
        contact_types=list(fact.types),
        email=fact.email,
        phone=fact.phone,
        website=fact.website,
        tax_id=fact.tax_number,
        reference=fact.reference,
        currency=None if fact.currency is None else currency_node(fact.currency),
        language=fact.language,
        billing_address=address_node(fact.billing_address),
        shipping_address=address_node(fact.shipping_address),
        payment_terms=term_nodes(fact.terms),
        default_revenue_account_id=id_or_none(fact.revenue_account_id),
        default_expense_account_id=id_or_none(fact.expense_account_id),
        default_tax_rate_id=id_or_none(fact.tax_rate_id),
        is_active=fact.is_active,
        erased_at=fact.erased_at,
        external_id=fact.external_id,
        metadata=Json(fact.metadata),
        version=fact.version,
        created_at=fact.created_at,
        updated_at=fact.updated_at,
        fact=fact,
    )


async def contact_nodes(_reading: Reading, facts: Sequence[Contact]) -> list[ContactNode]:
    """Contacts as the API shows them."""
    return [contact_node(fact) for fact in facts]


async def contacts_by_id(reading: Reading, keys: Sequence[str]) -> dict[str, ContactNode]:
    """The contacts of the organization that have these ids."""
    found = await reading.facts(contacts.CONTACTS.existing, keys)
    return {key: contact_node(fact) for key, fact in found.items()}


async def written_contact(reading: Reading, written: Written) -> ContactNode:
    """The contact that a mutation has written."""
    facts = await reading.written(written, contacts.CONTACTS.existing, written.outcome)
    return contact_node(facts)


@query(ContactNode | None)
async def contact(reading: Reading, id: strawberry.ID) -> ContactNode:
    """A contact of the organization by its id."""
    key = ids.normalise("con_", id)
    found = await contacts_by_id(reading, [key])
    if key not in found:
        raise unknown("contact", str(id)[:40], "id", in_path=True)
    return found[key]


@query(list[ContactNode], name="contacts")
async def all_contacts(
    reading: Reading,
    where: ContactWhere | None = None,
    order_by: ContactOrder | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[ContactNode]:
    """Contacts, by name; up to 1,000 when no limit is given."""
    return await LISTS.position(
        reading, SOURCE, contact_nodes, where=where, order_by=order_by, limit=limit, offset=offset
    )


@query(ContactConnection)
async def contacts_connection(
    reading: Reading,
    where: ContactWhere | None = None,
    order_by: ContactOrder | None = None,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> Any:
    """Contacts, by name, by cursor."""
    window = {"first": first, "after": after, "last": last, "before": before}
    return await LISTS.cursor(
        reading, SOURCE, contact_nodes, where=where, order_by=order_by, **window
    )
