"""Lists of transactions: how they are filtered, ordered and paged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any

import strawberry
from strawberry import UNSET

from schema.connections import CursorPage, ListOf, OrderDirection, PageInfo
from schema.context import Reading
from schema.filters import (
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    IntFilter,
    StringFilter,
    TransactionKindFilter,
    TransactionStatusFilter,
)
from schema.loading import batched
from schema.nodes import Loaded
from store import journal
from store.pages import Order

if TYPE_CHECKING:
    from schema.transactions import TransactionNode

Transactions = Annotated["TransactionNode", strawberry.lazy("schema.transactions")]


@strawberry.input(description="Which transactions; conditions that stand side by side all hold.")
class TransactionWhere:
    """A filter of transactions; `accountId` asks for an entry on the account."""

    id: IDFilter | None = UNSET
    date: DateFilter | None = UNSET
    description: StringFilter | None = UNSET
    reference: StringFilter | None = UNSET
    status: TransactionStatusFilter | None = UNSET
    kind: TransactionKindFilter | None = UNSET
    currency: StringFilter | None = UNSET
    amount: DecimalFilter | None = UNSET
    payment_method: StringFilter | None = UNSET
    account_id: IDFilter | None = UNSET
    contact_id: IDFilter | None = UNSET
    category_id: IDFilter | None = UNSET
    journal_number: IntFilter | None = UNSET
    fiscal_year: IntFilter | None = UNSET
    external_id: StringFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[TransactionWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[TransactionWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: TransactionWhere | None = strawberry.field(default=UNSET, name="not")


@strawberry.enum
class TransactionOrderField(Enum):
    """What transactions can be ordered by."""

    DATE = "date"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


@strawberry.input
class TransactionOrder:
    """The order of transactions; ties are broken by id."""

    field: TransactionOrderField = TransactionOrderField.DATE
    direction: OrderDirection = OrderDirection.DESC


@strawberry.type
class TransactionEdge:
    """A transaction in a page."""

    node: Transactions
    cursor: str


@strawberry.type
class TransactionConnection:
    """A page of transactions."""

    edges: list[TransactionEdge]
    nodes: list[Transactions]
    page_info: PageInfo
    where: strawberry.Private[Any]
    loaded: Loaded = field(default_factory=dict)

    @batched(int)
    async def total_count(nodes: Sequence[TransactionConnection], reading: Reading) -> list[int]:
        """How many there are in all; counted only when asked for."""
        ask = journal.counted
        return [await reading.read(ask, reading.organization_id, node.where) for node in nodes]

    @classmethod
    def of(cls, nodes: list[Any], page: CursorPage, where: Any) -> TransactionConnection:
        """The connection of a page."""
        edges = [
            TransactionEdge(node=node, cursor=cursor)
            for node, cursor in zip(nodes, page.cursors, strict=True)
        ]
        return cls(edges=edges, nodes=nodes, page_info=page.info, where=where)


def order_of(chosen: TransactionOrder | None) -> Order:
    """The order as the store takes it: newest first, unless another is chosen."""
    chosen = chosen or TransactionOrder()
    return Order(chosen.field.value, chosen.direction is OrderDirection.DESC)


TRANSACTIONS = ListOf("transactions", journal.listed, journal.counted)
