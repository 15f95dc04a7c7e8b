"""Aging in the API: who owes us, whom we owe, and since when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import date as Date
from datetime import datetime
from typing import Any

import strawberry

from ledger import aging as agings
from ledger import ids
from ledger.contact_statement import Label
from ledger.documents import Document, DocumentKind
from resolvers import subledgers as gathered
from resolvers.books import unknown
from schema.bills import bill_node
from schema.contacts import ContactNode, contacts_by_id
from schema.context import Reading
from schema.credit_notes import credit_note_node
from schema.document_nodes import DocumentNode, documents_by_id
from schema.enums import AgingBy, MovementKind, Side
from schema.invoices import invoice_node
from schema.loading import batched
from schema.money import CurrencyNode, currency_node, text
from schema.nodes import Loaded
from schema.operation import query
from schema.scalars import DecimalText, midnight
from store import subledgers


@strawberry.type
class AgingBucket:
    """Days past the date from which an amount ages, both included."""

    label: str
    from_day: int | None = strawberry.field(description="Null for what is not past it yet.")
    to_day: int | None = strawberry.field(description="Null for the last bucket, without an end.")


@strawberry.type
class AgingItem:
    """Something of which a part was open: a document, a payment, a direct entry."""

    item_id: strawberry.ID = strawberry.field(description="That of what is open.")
    kind: MovementKind
    number: str | None = strawberry.field(description="Its number or reference.")
    document_date: datetime = strawberry.field(description="The date written on it.")
    next_due: datetime | None = strawberry.field(
        description="When the oldest instalment is due that was not settled; a credit has none."
    )
    currency: CurrencyNode
    amount: DecimalText = strawberry.field(
        description="What was open, in its own currency; negative for a credit."
    )
    base_amount: DecimalText
    buckets: list[DecimalText] = strawberry.field(
        description="In base currency, by the report's buckets; zero for a credit."
    )
    loaded: Loaded = field(default_factory=dict)

    @batched(DocumentNode | None)
    async def document(nodes: Sequence[AgingItem], reading: Reading) -> list[DocumentNode | None]:
        """The invoice, bill or credit note, as it is now; null for anything else."""
        found = await documents_by_id(reading, sorted({str(node.item_id) for node in nodes}))
        shown = {key: await _document_node(reading, fact) for key, fact in found.items()}
        return [shown.get(str(node.item_id)) for node in nodes]


@strawberry.type
class AgingContact:
    """A contact of which something was open; amounts are in base currency."""

    contact_id: strawberry.ID
    total: DecimalText = strawberry.field(description="What is in the buckets, less the credits.")
    buckets: list[DecimalText]
    credits: DecimalText = strawberry.field(
        description="Payments and credit notes not applied to anything; negative."
    )
    fact: strawberry.Private[agings.AgingContact]
    code: strawberry.Private[str]
    loaded: Loaded = field(default_factory=dict)

    @batched(ContactNode)
    async def contact(nodes: Sequence[AgingContact], reading: Reading) -> list[ContactNode]:
        """Who it is, as it is now."""
        found = await contacts_by_id(reading, sorted({node.fact.contact_id for node in nodes}))
        return [found[node.fact.contact_id] for node in nodes]

    @batched(list[AgingItem])
    async def items(nodes: Sequence[AgingContact], reading: Reading) -> list[list[AgingItem]]:
        """What was open, by document date."""
        keys = [item.item_id for node in nodes for item in node.fact.items]
        labels = await reading.read(subledgers.labels, reading.organization_id, keys)
        return [
            [_item(item, labels[item.item_id], node.code) for item in node.fact.items]
            for node in nodes
        ]


@strawberry.type
class AgingTotals:
    """What all contacts of the report come to."""

    buckets: list[DecimalText]
    credits: DecimalText
    total: DecimalText


@strawberry.type
class AgingReport:
    """What was open at the end of a day on one side, by age, in base currency.

    Buckets and credits of all contacts and what is unassigned make the balance of the control
    account. Amounts are positive when a contact owes us (receivable) or we owe it (payable).
    """

    generated_at: datetime
    as_of_date: datetime
    side: Side
    by: AgingBy
    currency: CurrencyNode
    buckets: list[AgingBucket]
    contacts: list[AgingContact]
    totals: AgingTotals
    unassigned: DecimalText | None = strawberry.field(
        description="Entries of the control account that name no contact; null for one contact."
    )
    total: DecimalText = strawberry.field(description="All of it, what is unassigned included.")
    control_balance: DecimalText | None = strawberry.field(
        description="That of the control account at the end of the day; null for one contact."
    )
    read: strawberry.Private[gathered.ReadAging]
    loaded: Loaded = field(default_factory=dict)

    @batched(bool)
    async def is_tied(nodes: Sequence[AgingReport], reading: Reading) -> list[bool]:
        """Whether what is open of each contact is what the control account's entries with it
        come to, read one by one: ask when you check the books, not each time you look.
        """
        ask = gathered.is_tied
        return [await reading.read(ask, reading.organization_id, node.read) for node in nodes]


async def aging_of(
    reading: Reading,
    side: Side,
    as_of: Date | None,
    by: AgingBy,
    buckets: Sequence[int] | None,
    contact_id: str | None,
) -> AgingReport:
    """The aging of one side as of a date, else today; of one contact, else of all."""
    organization = await reading.organization()
    key = None if contact_id is None else ids.normalise("con_", contact_id)
    if key is not None and key not in await contacts_by_id(reading, [key]):
        raise unknown("contact", str(contact_id)[:40], "contactId", in_path=True)
    found = await reading.read(
        gathered.aging,
        organization,
        side,
        as_of or await reading.today(),
        by=by,
        buckets=agings.DEFAULT_LIMITS if buckets is None else buckets,
        contact_id=key,
    )
    return _report(found, organization.base_currency, reading.now)


def _report(read: gathered.ReadAging, code: str, now: datetime) -> AgingReport:
    found, balance = read.aging, read.control_balance
    return AgingReport(
        generated_at=now,
        as_of_date=midnight(found.as_of),
        side=found.side,
        by=found.by,
        currency=currency_node(code),
        buckets=[_bucket(bucket) for bucket in found.buckets],
        contacts=[_contact(contact, code) for contact in found.contacts],
        totals=AgingTotals(**_ages(found.totals, code)),
        unassigned=None if balance is None else text(found.unassigned, code),
        total=text(found.total, code),
        control_balance=None if balance is None else text(balance, code),
        read=read,
    )


def _bucket(bucket: agings.Bucket) -> AgingBucket:
    first, last = bucket.first_day, bucket.last_day
    if first is None:
        label = "Current"
    elif last is None:
        label = f"Over {first - 1} days"
    else:
        label = f"{first}-{last} days" if first < last else f"{first} days"
    return AgingBucket(label=label, from_day=first, to_day=None if first is None else last)


def _ages(ages: agings.Ages, code: str) -> dict[str, Any]:
    return {
        "buckets": [text(amount, code) for amount in ages.buckets],
        "credits": text(ages.credits, code),
        "total": text(ages.total, code),
    }


def _contact(contact: agings.AgingContact, code: str) -> AgingContact:
    return AgingContact(
        contact_id=strawberry.ID(contact.contact_id),
        **_ages(contact.ages, code),
        fact=contact,
        code=code,
    )


def _item(item: agings.AgingItem, label: Label, code: str) -> AgingItem:
    return AgingItem(
        item_id=strawberry.ID(item.item_id),
        kind=label.kind,
        number=label.number,
        document_date=midnight(item.document_date),
        next_due=None if item.next_due is None else midnight(item.next_due),
        currency=currency_node(item.currency),
        amount=text(item.amount, item.currency),
        base_amount=text(item.base_amount, code),
        buckets=[text(amount, code) for amount in item.ages.buckets],
    )


async def _document_node(reading: Reading, fact: Document) -> DocumentNode:
    if fact.kind is DocumentKind.INVOICE:
        return await invoice_node(reading, fact)
    if fact.kind is DocumentKind.BILL:
        return await bill_node(reading, fact)
    return await credit_note_node(reading, fact)


@query(AgingReport)
async def accounts_receivable_aging(
    reading: Reading,
    as_of: Date | None = None,
    by: AgingBy = AgingBy.DUE_DATE,
    buckets: list[int] | None = None,
    contact_id: strawberry.ID | None = None,
) -> AgingReport:
    """What customers owed at the end of a day, by default today: by how many days it was past its
    due date (each instalment by its own), or past the date of its document. `buckets` are the last
    days of the buckets, by default 30, 60, 90. With `contactId` it is of that contact alone.
    """
    return await aging_of(reading, Side.RECEIVABLE, as_of, by, buckets, contact_id)


@query(AgingReport)
async def accounts_payable_aging(
    reading: Reading,
    as_of: Date | None = None,
    by: AgingBy = AgingBy.DUE_DATE,
    buckets: list[int] | None = None,
    contact_id: strawberry.ID | None = None,
) -> AgingReport:
    """What we owed vendors at the end of a day, by default today: by how many days it was past its
    due date (each instalment by its own), or past the date of its document. `buckets` are the last
    days of the buckets, by default 30, 60, 90. With `contactId` it is of that contact alone.
    """
    return await aging_of(reading, Side.PAYABLE, as_of, by, buckets, contact_id)
