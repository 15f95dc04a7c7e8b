"""Documents in the API: what invoices, bills and credit notes have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from functools import partial
from typing import Any

import strawberry

from ledger.documents import Document, DocumentKind, Phase
from ledger.lifecycle import DocumentStatus, status_of
from ledger.money import rate_text
from ledger.open_items import Side
from resolvers.books import Written, unknown
from resolvers.outside import E_INVOICE, PDF
from schema.applications import (
    ApplicationNode,
    AppliedPaymentNode,
    application_nodes,
    applications_of,
    applied_payment,
)
from schema.attachments import AttachmentNode, attachments_of
from schema.connections import ListOf
from schema.contacts import ContactNode, contacts_by_id
from schema.context import Reading
from schema.document_parts import (
    DueNode,
    HistoryEntry,
    LineItemNode,
    LineTaxNode,
    due_nodes,
    history_entry,
    line_nodes,
    tax_nodes,
)
from schema.loading import batched
from schema.money import CurrencyNode, currency_node, text
from schema.nodes import Loaded, Node, id_or_none
from schema.scalars import DecimalText, Json, midnight
from schema.transactions import TransactionNode, transactions_by_id
from store import documents, events, payments


@strawberry.interface(description="What invoices, bills and credit notes have in common.")
class DocumentNode(Node):
    """A document: a draft may change, an issued one is frozen and counts in the books."""

    id: strawberry.ID
    contact_id: strawberry.ID
    due_date: datetime | None = strawberry.field(description="That of the last instalment.")
    subtotal: DecimalText = strawberry.field(description="Without tax, discounts taken off.")
    discount: DecimalText = strawberry.field(description="What the document's discount takes off.")
    tax_amount: DecimalText
    total: DecimalText
    amount_paid: DecimalText
    amount_credited: DecimalText
    amount_due: DecimalText
    is_overdue: bool
    is_tax_inclusive: bool = strawberry.field(description="Whether unit prices contain the tax.")
    is_opening: bool = strawberry.field(description="Taken over from a former system.")
    currency: CurrencyNode
    exchange_rate: DecimalText | None = strawberry.field(
        description="Base currency for one unit of the document's."
    )
    base_total: DecimalText | None = strawberry.field(description="The total in base currency.")
    items: list[LineItemNode]
    taxes: list[LineTaxNode] = strawberry.field(description="The tax per rate and component.")
    instalments: list[DueNode]
    order_number: str | None
    notes: str | None
    footer: str | None
    category_id: strawberry.ID | None
    transaction_id: strawberry.ID | None = strawberry.field(description="By which it is posted.")
    posted_on: datetime | None
    issued_at: datetime | None
    cancelled_on: datetime | None
    cancel_reason: str | None
    external_id: str | None = strawberry.field(description="The caller's own id; permanent.")
    metadata: Json
    version: int = strawberry.field(description="Counts changes; give it to updates.")
    created_at: datetime
    updated_at: datetime
    fact: strawberry.Private[Document]
    loaded: Loaded = field(default_factory=dict)

    @batched(ContactNode)
    async def contact(nodes: Sequence[DocumentNode], reading: Reading) -> list[ContactNode]:
        """To whom it is made out, as the contact is now."""
        found = await contacts_by_id(reading, sorted({node.fact.contact_id for node in nodes}))
        return [found[node.fact.contact_id] for node in nodes]

    @batched(TransactionNode | None)
    async def transaction(
        nodes: Sequence[DocumentNode], reading: Reading
    ) -> list[TransactionNode | None]:
        """The transaction by which it is posted."""
        keys = sorted({n.fact.transaction_id for n in nodes if n.fact.transaction_id})
        found = await transactions_by_id(reading, keys) if keys else {}
        return [found.get(node.fact.transaction_id or "") for node in nodes]

    @batched(list[HistoryEntry])
    async def history(nodes: Sequence[DocumentNode], reading: Reading) -> list[list[HistoryEntry]]:
        """What happened to it, by whom and when."""
        keys = [node.fact.id for node in nodes]
        found = await reading.read(events.of_entities, reading.organization_id, keys)
        return [[history_entry(event) for event in found[key]] for key in keys]

    @batched(list[AppliedPaymentNode])
    async def payments(
        nodes: Sequence[DocumentNode], reading: Reading
    ) -> list[list[AppliedPaymentNode]]:
        """The payments that are applied to it, the earliest first."""
        found = await applications_of(reading, nodes)
        ids = {a.from_id for some in found for a in some if a.from_id.startswith("pay_")}
        ask = payments.existing
        paid = await reading.read(ask, reading.organization_id, sorted(ids)) if ids else {}
        return [
            [applied_payment(a, paid[a.from_id]) for a in some if a.from_id in paid]
            for some in found
        ]

    @batched(list[ApplicationNode])
    async def applications(
        nodes: Sequence[DocumentNode], reading: Reading
    ) -> list[list[ApplicationNode]]:
        """What is set against it, or it against others, and what was taken back."""
        return await application_nodes(reading, nodes)

    @batched(str | None)
    async def pdf_url(nodes: Sequence[DocumentNode], reading: Reading) -> list[str | None]:
        """A signed link to its PDF, which opens without a key until it expires."""
        outside = reading.outside
        return [
            outside.link(PDF, reading.organization_id, node.fact.id, reading.now) for node in nodes
        ]

    @batched(str | None)
    async def e_invoice_url(nodes: Sequence[DocumentNode], reading: Reading) -> list[str | None]:
        """A signed link to it as Factur-X (PDF/A-3 with the invoice as XML inside); null for drafts
        and for what vendors issue. What such an invoice must say and this one does not, the link
        tells.
        """
        of, outside = reading.organization_id, reading.outside
        return [
            outside.link(E_INVOICE, of, node.fact.id, reading.now) if is_ours(node.fact) else None
            for node in nodes
        ]

    @batched(list[AttachmentNode])
    async def attachments(
        nodes: Sequence[DocumentNode], reading: Reading
    ) -> list[list[AttachmentNode]]:
        """Files that belong to it."""
        return await attachments_of(reading, [node.fact.id for node in nodes])


def is_ours(fact: Document) -> bool:
    """Whether it is a document that we have issued."""
    return fact.phase is not Phase.DRAFT and fact.kind.side is Side.RECEIVABLE


def shared_fields(fact: Document, status: DocumentStatus) -> dict[str, Any]:
    """The fields that all documents have."""
    code, item, rate = fact.currency, fact.item, fact.exchange_rate
    base = fact.base_currency
    due = fact.total if item is None else abs(item.open_amount)
    return {
        "id": strawberry.ID(fact.id),
        "contact_id": strawberry.ID(fact.contact_id),
        "due_date": None if fact.due_on is None else midnight(fact.due_on),
        "subtotal": text(fact.subtotal, code),
        "discount": text(fact.discount, code),
        "tax_amount": text(fact.tax, code),
        "total": text(fact.total, code),
        "amount_paid": text(0 if item is None else item.paid, code),
        "amount_credited": text(0 if item is None else item.credited, code),
        "amount_due": text(due, code),
        "is_overdue": status is DocumentStatus.OVERDUE,
        "is_tax_inclusive": fact.is_inclusive,
        "is_opening": fact.is_opening,
        "currency": currency_node(code),
        "exchange_rate": None if rate is None else DecimalText(rate_text(rate)),
        "base_total": None
        if base is None or fact.base_total is None
        else text(fact.base_total, base),
        "items": line_nodes(fact),
        "taxes": tax_nodes(fact),
        "instalments": due_nodes(fact),
        "order_number": fact.order_number,
        "notes": fact.notes,
        "footer": fact.footer,
        "category_id": id_or_none(fact.category_id),
        "transaction_id": id_or_none(fact.transaction_id),
        "posted_on": None if fact.posted_on is None else midnight(fact.posted_on),
        "issued_at": fact.issued_at,
        "cancelled_on": None if fact.cancelled_on is None else midnight(fact.cancelled_on),
        "cancel_reason": fact.cancel_reason,
        "external_id": fact.external_id,
        "metadata": Json(fact.metadata),
        "version": fact.version,
        "created_at": fact.created_at,
        "updated_at": fact.updated_at,
        "fact": fact,
    }


def shown_number(fact: Document) -> str:
    """A document's number; before it has one, a provisional one by its id."""
    if fact.number is not None:
        return fact.number
    is_ours = fact.kind.side is Side.RECEIVABLE
    return f"{'DRAFT' if is_ours or fact.phase is Phase.DRAFT else 'NO-NUMBER'}-{fact.id[-8:]}"


async def source_of(reading: Reading, name: str, *kinds: DocumentKind) -> ListOf:
    """The list of documents of some kinds, as they are shown today."""
    today = await reading.today()
    listed = partial(documents.listed, today=today, kinds=kinds)
    return ListOf(name, listed, partial(documents.counted, today=today, kinds=kinds))


async def shown_status(reading: Reading, fact: Document) -> DocumentStatus:
    """The status of a document today."""
    return status_of(fact, await reading.today())


async def documents_by_id(reading: Reading, keys: Sequence[str]) -> Mapping[str, Document]:
    """The documents of the organization that have these ids."""
    return await reading.facts(documents.existing, keys)


async def one_document(reading: Reading, noun: str, key: str, given: str) -> Document:
    """A document that was asked for by its id."""
    found = await documents_by_id(reading, [key])
    if key not in found:
        raise unknown(noun, given[:40], "id", in_path=True)
    return found[key]


async def written_document(reading: Reading, written: Written) -> Document:
    """The document that a mutation has written."""
    return await reading.written(written, documents.existing, written.outcome)
