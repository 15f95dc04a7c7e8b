"""Lists of transactions: how they are filtered, ordered and paged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from schema.connections import ListOf
from schema.filters import (
    DateFilter,
    DateTimeFilter,
    DecimalFilter,
    IDFilter,
    IntFilter,
    StringFilter,
    TransactionKindFilter,
    TransactionStatusFilter,
    TransactionTypeFilter,
)
from schema.lists import NounList
from store import journal

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
    type: TransactionTypeFilter | None = UNSET
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


LISTS = NounList(
    "Transaction",
    "transactions",
    Transactions,
    ("date", "created_at", "updated_at"),
    newest_first=True,
)
SOURCE = ListOf("transactions", journal.listed, journal.counted)
