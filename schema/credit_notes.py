"""Credit notes in the API."""

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
from schema.enums import CreditNoteStatus, Side
from schema.filters import (
    CreditNoteStatusFilter,
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    LedgerSideFilter,
    StringFilter,
    renamed,
)
from schema.lists import NounList
from schema.nodes import id_or_none
from schema.operation import query
from schema.scalars import DecimalText, midnight

CreditNotes = Annotated["CreditNoteNode", strawberry.lazy("schema.credit_notes")]


@strawberry.input(description="Which credit notes; conditions that stand side by side all hold.")
class CreditNoteWhere:
    """A filter of credit notes; `status` matches what is shown."""

    id: IDFilter | None = UNSET
    credit_note_number: StringFilter | None = UNSET
    contact_id: IDFilter | None = UNSET
    credit_note_date: DateFilter | None = UNSET
    status: CreditNoteStatusFilter | None = UNSET
    currency: StringFilter | None = UNSET
    total: DecimalFilter | None = UNSET
    amount_left: DecimalFilter | None = UNSET
    category_id: IDFilter | None = UNSET
    order_number: StringFilter | None = UNSET
    corrects_id: IDFilter | None = UNSET
    side: LedgerSideFilter | None = UNSET
    external_id: StringFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[CreditNoteWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[CreditNoteWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: CreditNoteWhere | None = strawberry.field(default=UNSET, name="not")


_STORED = {"credit_note_number": "number", "credit_note_date": "date", "amount_left": "amount_due"}
_KINDS = (DocumentKind.CREDIT_NOTE, DocumentKind.VENDOR_CREDIT)
LISTS = NounList(
    "CreditNote",
    "creditNotes",
    CreditNotes,
    {"CREDIT_NOTE_DATE": "date", "CREATED_AT": "created_at", "UPDATED_AT": "updated_at"},
    newest_first=True,
)
CreditNoteOrder: Any = LISTS.Order
CreditNoteConnection: Any = LISTS.Connection


@strawberry.type
class CreditNoteNode(DocumentNode):
    """A credit note: what we give back to a customer (RECEIVABLE) or a vendor to us (PAYABLE)."""

    credit_note_number: str = strawberry.field(
        description="Given without gaps when it is issued; a vendor's own on the payable side."
    )
    credit_note_date: datetime
    status: CreditNoteStatus
    side: Side
    corrects_id: strawberry.ID | None = strawberry.field(description="The document it is against.")
    amount_left: DecimalText = strawberry.field(description="What of it is not applied yet.")


async def credit_note_node(reading: Reading, fact: Document) -> CreditNoteNode:
    """A credit note as the API shows it."""
    status = await shown_status(reading, fact)
    shared = shared_fields(fact, status)
    return CreditNoteNode(
        **shared,
        credit_note_number=shown_number(fact),
        credit_note_date=midnight(fact.date),
        status=CreditNoteStatus(status.value),
        side=fact.kind.side,
        corrects_id=id_or_none(fact.corrects_id),
        amount_left=shared["amount_due"],
    )


async def credit_note_nodes(reading: Reading, facts: Sequence[Document]) -> list[CreditNoteNode]:
    """Credit notes as the API shows them."""
    return [await credit_note_node(reading, fact) for fact in facts]


async def written_credit_note(reading: Reading, written: Written) -> CreditNoteNode:
    """The credit note that a mutation has written."""
    return await credit_note_node(reading, await written_document(reading, written))


@query(CreditNoteNode | None)
async def credit_note(reading: Reading, id: strawberry.ID) -> CreditNoteNode:
    """A credit note of the organization by its id."""
    key = ids.normalise("crn_", id)
    return await credit_note_node(reading, await one_document(reading, "credit note", key, id))


async def _source(reading: Reading) -> ListOf:
    return await source_of(reading, "creditNotes", *_KINDS)


all_credit_notes, credit_notes_connection = LISTS.queries(
    CreditNoteWhere,
    _source,
    credit_note_nodes,
    "Credit notes, newest first",
    lambda where: renamed(where, _STORED),
)
