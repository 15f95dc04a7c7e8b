"""Lists of accounts: how they are filtered, ordered and paged."""

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
    AccountStatusFilter,
    AccountSubtypeFilter,
    AccountTypeFilter,
    BooleanFilter,
    DateTimeFilter,
    IDFilter,
    StringFilter,
)
from schema.loading import batched
from schema.nodes import Loaded
from store import accounts
from store.pages import Order

if TYPE_CHECKING:
    from schema.accounts import AccountNode

Accounts = Annotated["AccountNode", strawberry.lazy("schema.accounts")]


@strawberry.input(description="Which accounts; conditions that stand side by side all hold.")
class AccountWhere:
    """A filter of accounts."""

    id: IDFilter | None = UNSET
    code: StringFilter | None = UNSET
    name: StringFilter | None = UNSET
    description: StringFilter | None = UNSET
    account_type: AccountTypeFilter | None = UNSET
    subtype: AccountSubtypeFilter | None = UNSET
    status: AccountStatusFilter | None = UNSET
    currency: StringFilter | None = UNSET
    parent_account_id: IDFilter | None = UNSET
    is_system: BooleanFilter | None = UNSET
    external_id: StringFilter | None = UNSET
    created_at: DateTimeFilter | None = UNSET
    updated_at: DateTimeFilter | None = UNSET
    and_: list[AccountWhere] | None = strawberry.field(default=UNSET, name="and")
    or_: list[AccountWhere] | None = strawberry.field(default=UNSET, name="or")
    not_: AccountWhere | None = strawberry.field(default=UNSET, name="not")


@strawberry.enum
class AccountOrderField(Enum):
    """What accounts can be ordered by."""

    CODE = "code"
    NAME = "name"
    CREATED_AT = "created_at"
    UPDATED_AT = "updated_at"


@strawberry.input
class AccountOrder:
    """The order of accounts; ties are broken by id."""

    field: AccountOrderField = AccountOrderField.CODE
    direction: OrderDirection = OrderDirection.ASC


@strawberry.type
class AccountEdge:
    """An account in a page."""

    node: Accounts
    cursor: str


@strawberry.type
class AccountConnection:
    """A page of accounts."""

    edges: list[AccountEdge]
    nodes: list[Accounts]
    page_info: PageInfo
    where: strawberry.Private[Any]
    loaded: Loaded = field(default_factory=dict)

    @batched(int)
    async def total_count(nodes: Sequence[AccountConnection], reading: Reading) -> list[int]:
        """How many there are in all; counted only when asked for."""
        ask = accounts.counted
        return [await reading.read(ask, reading.organization_id, node.where) for node in nodes]

    @classmethod
    def of(cls, nodes: list[Any], page: CursorPage, where: Any) -> AccountConnection:
        """The connection of a page."""
        edges = [
            AccountEdge(node=node, cursor=cursor)
            for node, cursor in zip(nodes, page.cursors, strict=True)
        ]
        return cls(edges=edges, nodes=nodes, page_info=page.info, where=where)


def order_of(chosen: AccountOrder | None) -> Order:
    """The order as the store takes it: by code, unless another is chosen."""
    chosen = chosen or AccountOrder()
    return Order(chosen.field.value, chosen.direction is OrderDirection.DESC)


ACCOUNTS = ListOf("accounts", accounts.listed, accounts.counted)
