"""Contacts in the API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import field
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.contacts import Contact
from ledger.documents import Document, DocumentKind
from ledger.open_items import Side
from resolvers.books import Written, unknown
from schema.addresses import AddressNode, PaymentTermNode, address_node, term_nodes
from schema.attachments import AttachmentNode, attachments_of
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
from schema.money import CurrencyNode, MoneyNode, currency_node, money
from schema.nodes import Loaded, Node, id_or_none
from schema.operation import query
from schema.scalars import Json
from schema.transactions import TransactionNode, transaction_node
from store import contacts, documents, journal
from store import payments as stored_payments

if TYPE_CHECKING:
    from schema.bills import BillNode
    from schema.contact_statements import ContactStatement
    from schema.credit_notes import CreditNoteNode
    from schema.invoices import InvoiceNode
    from schema.payments import PaymentNode

Invoices = Annotated["InvoiceNode", strawberry.lazy("schema.invoices")]
Bills = Annotated["BillNode", strawberry.lazy("schema.bills")]
CreditNotes = Annotated["CreditNoteNode", strawberry.lazy("schema.credit_notes")]
From = Annotated[date | None, strawberry.argument(name="from")]
Statements = Annotated["ContactStatement", strawberry.lazy("schema.contact_statements")]
Payments = Annotated["PaymentNode", strawberry.lazy("schema.payments")]
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

    @batched(list[Invoices])
    async def invoices(
        nodes: Sequence[ContactNode], reading: Reading, limit: int = DEFAULT_PAGE
    ) -> list[list[Any]]:
        """Its newest invoices."""
        from schema.invoices import invoice_nodes  # noqa: PLC0415 (the two know each other)

        return await _documents(reading, nodes, limit, invoice_nodes, DocumentKind.INVOICE)

    @batched(list[Bills])
    async def bills(
        nodes: Sequence[ContactNode], reading: Reading, limit: int = DEFAULT_PAGE
    ) -> list[list[Any]]:
        """Its newest bills."""
        from schema.bills import bill_nodes  # noqa: PLC0415 (the two know each other)

        return await _documents(reading, nodes, limit, bill_nodes, DocumentKind.BILL)

    @batched(list[CreditNotes])
    async def credit_notes(
        nodes: Sequence[ContactNode], reading: Reading, limit: int = DEFAULT_PAGE
    ) -> list[list[Any]]:
        """Its newest credit notes, of both sides."""
        from schema.credit_notes import credit_note_nodes  # noqa: PLC0415 (they know each other)

        kinds = (DocumentKind.CREDIT_NOTE, DocumentKind.VENDOR_CREDIT)
        return await _documents(reading, nodes, limit, credit_note_nodes, *kinds)

    @batched(list[Payments])
    async def payments(
        nodes: Sequence[ContactNode], reading: Reading, limit: int = DEFAULT_PAGE
    ) -> list[list[Any]]:
        """Its newest payments, of both sides."""
        from schema.payments import payment_nodes  # noqa: PLC0415 (the two know each other)

        keys = [node.fact.id for node in nodes]
        ask, most = stored_payments.of_contacts, checked_limit(limit)
        found = await reading.read(ask, reading.organization_id, keys, most)
        return [await payment_nodes(reading, found[key]) for key in keys]

    @batched(Statements)
    async def statement(
        nodes: Sequence[ContactNode],
        reading: Reading,
        side: Side | None = None,
        from_: From = None,
        to: date | None = None,
    ) -> list[Any]:
        """What moved between it and us in a period, by default the fiscal year to date. The side
        is RECEIVABLE, but PAYABLE for a contact that is a vendor alone, unless it is given.
        """
        from schema.contact_statements import statements_of  # noqa: PLC0415 (they know each other)

        return await statements_of(reading, [node.fact for node in nodes], side, from_, to)

    @batched(MoneyNode)
    async def amount_receivable(nodes: Sequence[ContactNode], reading: Reading) -> list[MoneyNode]:
        """What it owes us now, less its credits; in base currency."""
        return await _outstanding(reading, nodes, Side.RECEIVABLE)

    @batched(MoneyNode)
    async def amount_payable(nodes: Sequence[ContactNode], reading: Reading) -> list[MoneyNode]:
        """What we owe it now, less our credits; in base currency."""
        return await _outstanding(reading, nodes, Side.PAYABLE)

    @batched(list[AttachmentNode])
    async def attachments(
        nodes: Sequence[ContactNode], reading: Reading
    ) -> list[list[AttachmentNode]]:
        """Files that belong to it."""
        return await attachments_of(reading, [node.fact.id for node in nodes])


async def _documents(
    reading: Reading,
    nodes: Sequence[ContactNode],
    limit: int,
    shown: Callable[[Reading, Sequence[Document]], Awaitable[list[Any]]],
    *kinds: DocumentKind,
) -> list[list[Any]]:
    """The newest documents of some kinds of each contact."""
    keys = [node.fact.id for node in nodes]
    ask, most = documents.of_contacts, checked_limit(limit)
    found = await reading.read(ask, reading.organization_id, keys, kinds, most)
    return [await shown(reading, found[key]) for key in keys]


async def _outstanding(
    reading: Reading, nodes: Sequence[ContactNode], side: Side
) -> list[MoneyNode]:
    keys = [node.fact.id for node in nodes]
    found = await reading.read(contacts.outstanding, reading.organization_id, keys)
    base = (await reading.organization()).base_currency
    return [money(found.get((key, side.value), 0), base) for key in keys]


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


all_contacts, contacts_connection = LISTS.queries(
    ContactWhere, SOURCE, contact_nodes, "Contacts, by name"
)
