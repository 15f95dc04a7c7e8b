"""Invoices in the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.documents import Document, DocumentKind
from resolvers.books import Written
from resolvers.delivery import deliver
from resolvers.documents import Mailing
from schema.connections import ListOf
from schema.context import Reading
from schema.document_nodes import (
    DocumentNode,
    one_document,
    shared_fields,
    shown_number,
    shown_status,
    source_of,
    written_document,
)
from schema.enums import InvoiceStatus
from schema.filters import (
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    InvoiceStatusFilter,
    StringFilter,
    renamed,
)
from schema.lists import NounList
from schema.operation import query
from schema.scalars import midnight

Invoices = Annotated["InvoiceNode", strawberry.lazy("schema.invoices")]


@strawberry.input(description="Which invoices; conditions that stand side by side all hold.")
class InvoiceWhere:
    """A filter of invoices; `status` matches what is shown."""

    id: IDFilter | None = UNSET
    invoice_number: StringFilter | None = UNSET
    contact_id: IDFilter | None = UNSET
    invoice_date: DateFilter | None = UNSET
    due_date: DateFilter | None = UNSET
    next_due_date: DateFilter | None = UNSET
    status: InvoiceStatusFilter | None = UNSET
    currency: StringFilter | None = UNSET
    total: DecimalFilter | None = UNSET
    amount_due: DecimalFilter | None = UNSET
    category_id: IDFilter | None = UNSET
    order_number: StringFilter | None = UNSET
    external_id: StringFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[InvoiceWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[InvoiceWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: InvoiceWhere | None = strawberry.field(default=UNSET, name="not")


_STORED = {"invoice_number": "number", "invoice_date": "date"}
LISTS = NounList(
    "Invoice",
    "invoices",
    Invoices,
    {
        "INVOICE_DATE": "date",
        "DUE_DATE": "due_on",
        "CREATED_AT": "created_at",
        "UPDATED_AT": "updated_at",
    },
    newest_first=True,
)
InvoiceOrder: Any = LISTS.Order
InvoiceConnection: Any = LISTS.Connection


@strawberry.type
class InvoiceNode(DocumentNode):
    """An invoice that we send. OVERDUE is derived from its due dates, day by day."""

    invoice_number: str = strawberry.field(
        description="Given without gaps when it is sent; before that a provisional one."
    )
    invoice_date: datetime
    status: InvoiceStatus
    viewed_at: datetime | None = strawberry.field(description="When its link was first opened.")
    delivered_at: datetime | None = strawberry.field(description="When it was last mailed.")
    delivered_to: str | None
    delivery_note: str | None = strawberry.field(
        description="Where the mail went, or why it could not be sent."
    )


async def invoice_node(reading: Reading, fact: Document) -> InvoiceNode:
    """An invoice as the API shows it."""
    status = await shown_status(reading, fact)
    return InvoiceNode(
        **shared_fields(fact, status),
        invoice_number=shown_number(fact),
        invoice_date=midnight(fact.date),
        status=InvoiceStatus(status.value),
        viewed_at=fact.viewed_at,
        delivered_at=fact.delivered_at,
        delivered_to=fact.delivered_to,
        delivery_note=fact.delivery_note,
    )


async def invoice_nodes(reading: Reading, facts: Sequence[Document]) -> list[InvoiceNode]:
    """Invoices as the API shows them."""
    return [await invoice_node(reading, fact) for fact in facts]


async def written_invoice(reading: Reading, written: Written) -> InvoiceNode:
    """The invoice that a mutation has written."""
    return await invoice_node(reading, await written_document(reading, written))


async def delivered_invoice(reading: Reading, written: Written) -> InvoiceNode:
    """The invoice that a mutation has issued, mailed if that was asked for."""
    fact = await written_document(reading, written)
    if isinstance(written.errand, Mailing) and reading.writer is not None:
        # Who waits for the writer, which needs a connection, must not hold one meanwhile.
        await reading.close()
        ways = (reading.outside, reading.database, reading.writer, reading.caller)
        written = await deliver(*ways, fact, written.errand)
        fact = await written_document(reading, written)
    return await invoice_node(reading, fact)


@query(InvoiceNode | None)
async def invoice(reading: Reading, id: strawberry.ID) -> InvoiceNode:
    """An invoice of the organization by its id."""
    key = ids.normalise("inv_", id)
    return await invoice_node(reading, await one_document(reading, "invoice", key, id))


async def _source(reading: Reading) -> ListOf:
    return await source_of(reading, "invoices", DocumentKind.INVOICE)


all_invoices, invoices_connection = LISTS.queries(
    InvoiceWhere,
    _source,
    invoice_nodes,
    "Invoices, newest first",
    lambda where: renamed(where, _STORED),
)
