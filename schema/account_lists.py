"""Lists of accounts: how they are filtered, ordered and paged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from schema.connections import ListOf
from schema.filters import (
    AccountStatusFilter,
    AccountSubtypeFilter,
    AccountTypeFilter,
    BooleanFilter,
    DateTimeFilter,
    IDFilter,
    StringFilter,
)
from schema.lists import NounList
from store import accounts

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


LISTS = NounList("Account", "accounts", Accounts, ("code", "name", "created_at", "updated_at"))
SOURCE = ListOf("accounts", accounts.listed, accounts.counted, is_standing=True)
