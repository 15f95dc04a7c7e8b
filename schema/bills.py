"""Bills in the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.documents import Document, DocumentKind
from resolvers.books import Written
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
from schema.enums import BillStatus
from schema.filters import (
    BillStatusFilter,
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    StringFilter,
    renamed,
)
from schema.lists import NounList
from schema.operation import query
from schema.scalars import midnight

Bills = Annotated["BillNode", strawberry.lazy("schema.bills")]


@strawberry.input(description="Which bills; conditions that stand side by side all hold.")
class BillWhere:
    """A filter of bills; `status` matches what is shown."""

    id: IDFilter | None = UNSET
    bill_number: StringFilter | None = UNSET
    contact_id: IDFilter | None = UNSET
    bill_date: DateFilter | None = UNSET
    due_date: DateFilter | None = UNSET
    next_due_date: DateFilter | None = UNSET
    status: BillStatusFilter | None = UNSET
    currency: StringFilter | None = UNSET
    total: DecimalFilter | None = UNSET
    amount_due: DecimalFilter | None = UNSET
    category_id: IDFilter | None = UNSET
    order_number: StringFilter | None = UNSET
    external_id: StringFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[BillWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[BillWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: BillWhere | None = strawberry.field(default=UNSET, name="not")


_STORED = {"bill_number": "number", "bill_date": "date"}
LISTS = NounList(
    "Bill",
    "bills",
    Bills,
    {
        "BILL_DATE": "date",
        "DUE_DATE": "due_on",
        "CREATED_AT": "created_at",
        "UPDATED_AT": "updated_at",
    },
    newest_first=True,
)
BillOrder: Any = LISTS.Order
BillConnection: Any = LISTS.Connection


@strawberry.type
class BillNode(DocumentNode):
    """A bill that we receive. OVERDUE is derived from its due dates, day by day."""

    bill_number: str = strawberry.field(
        description="The vendor's own; where it has none, one of ours by its id."
    )
    bill_date: datetime
    status: BillStatus


async def bill_node(reading: Reading, fact: Document) -> BillNode:
    """A bill as the API shows it."""
    status = await shown_status(reading, fact)
    return BillNode(
        **shared_fields(fact, status),
        bill_number=shown_number(fact),
        bill_date=midnight(fact.date),
        status=BillStatus(status.value),
    )


async def bill_nodes(reading: Reading, facts: Sequence[Document]) -> list[BillNode]:
    """Bills as the API shows them."""
    return [await bill_node(reading, fact) for fact in facts]


async def written_bill(reading: Reading, written: Written) -> BillNode:
    """The bill that a mutation has written."""
    return await bill_node(reading, await written_document(reading, written))


@query(BillNode | None)
async def bill(reading: Reading, id: strawberry.ID) -> BillNode:
    """A bill of the organization by its id."""
    key = ids.normalise("bil_", id)
    return await bill_node(reading, await one_document(reading, "bill", key, id))


async def _source(reading: Reading) -> ListOf:
    return await source_of(reading, "bills", DocumentKind.BILL)


all_bills, bills_connection = LISTS.queries(
    BillWhere,
    _source,
    bill_nodes,
    "Bills, newest first",
    lambda where: renamed(where, _STORED),
)
