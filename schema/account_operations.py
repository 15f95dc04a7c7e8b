"""What can be done to accounts: opened, changed, deleted."""

from __future__ import annotations

import strawberry
from strawberry import UNSET

from ledger import ids
from ledger.accounts import Account
from ledger.errors import LedgerError, Reason
from resolvers import accounts as decisions
from resolvers.books import Command, Written
from schema.accounts import AccountNode, account_node
from schema.context import Reading
from schema.enums import AccountStatus, AccountType, Subtype
from schema.operation import mutation, only_given, written_flag
from schema.scalars import Json
from store import accounts


async def _written(reading: Reading, written: Written) -> AccountNode:
    return (await _all_written(reading, written, [written.outcome]))[0]


async def _written_all(reading: Reading, written: Written) -> list[AccountNode]:
    return await _all_written(reading, written, written.outcome)


async def _all_written(reading: Reading, written: Written, keys: list[str]) -> list[AccountNode]:
    facts = {key: fact for key, fact in written.facts.items() if isinstance(fact, Account)}
    if missing := [key for key in keys if key not in facts]:
        facts |= await reading.read(accounts.existing, reading.organization_id, missing)
    if gone := [key for key in keys if key not in facts]:
        raise LedgerError(
            Reason.NOT_FOUND,
            f"Account {gone[0]}, which this request once made, was deleted since.",
            "Use a new idempotency key to open another.",
            {"account_id": gone[0]},
            "idempotencyKey",
        )
    organization = await reading.organization()
    return [account_node(facts[key], organization) for key in keys]


@strawberry.input(description="An account to open; a parent is named by its id or its code.")
class AccountInput:
    """What `createAccounts` takes for each account."""

    code: str
    name: str
    account_type: AccountType
    subtype: Subtype | None = None
    currency: str | None = None
    parent_account_id: strawberry.ID | None = None
    parent_code: str | None = None
    description: str | None = None
    external_id: str | None = None
    metadata: Json | None = None


@mutation(AccountNode, result=_written)
def create_account(
    code: str,
    name: str,
    account_type: AccountType,
    description: str | None = None,
    subtype: Subtype | None = None,
    currency: str | None = None,
    parent_account_id: strawberry.ID | None = None,
    external_id: str | None = None,
    metadata: Json | None = None,
) -> Command:
    """Open an account. Its currency is the organization's if absent."""
    return decisions.create(
        _new(
            AccountInput(
                code=code,
                name=name,
                account_type=account_type,
                subtype=subtype,
                currency=currency,
                parent_account_id=parent_account_id,
                description=description,
                external_id=external_id,
                metadata=metadata,
            )
        )
    )


@mutation(list[AccountNode], result=_written_all)
def create_accounts(accounts: list[AccountInput]) -> Command:
    """Open up to 1,000 accounts, all or none; a parent may come earlier in the same list."""
    return decisions.create_many([_new(given) for given in accounts])


@mutation(AccountNode, result=_written)
def update_account(
    id: strawberry.ID,
    code: str | None = UNSET,
    name: str | None = UNSET,
    description: str | None = UNSET,
    account_type: AccountType | None = UNSET,
    subtype: Subtype | None = UNSET,
    currency: str | None = UNSET,
    parent_account_id: strawberry.ID | None = UNSET,
    status: AccountStatus | None = UNSET,
    external_id: str | None = UNSET,
    metadata: Json | None = UNSET,
    version: int | None = None,
) -> Command:
    """Change an account. What is absent stays; null clears. Type and currency are fixed once
    something is posted. A `version` that is no longer current is refused.
    """
    parent = parent_account_id
    given = {
        "code": code,
        "name": name,
        "description": description,
        "account_type": account_type,
        "subtype": subtype,
        "currency": currency,
        "parent_account_id": ids.normalise("act_", parent) if isinstance(parent, str) else parent,
        "status": status,
        "external_id": external_id,
        "metadata": metadata,
    }
    clears = ("description", "subtype", "parent_account_id", "external_id", "metadata")
    kept_as = {"account_type": "type", "parent_account_id": "parent_id"}
    given = only_given(given, nullable=clears)
    changed = {kept_as.get(name, name): value for name, value in given.items()}
    return decisions.update(ids.normalise("act_", id), changed, version=version)


@mutation(bool, result=written_flag)
def delete_account(id: strawberry.ID, version: int | None = None) -> Command:
    """Delete an account that has no entries and is no system account."""
    return decisions.delete(ids.normalise("act_", id), version=version)


def _new(given: AccountInput) -> decisions.NewAccount:
    parent = given.parent_account_id
    return decisions.NewAccount(
        code=given.code,
        name=given.name,
        type=given.account_type,
        subtype=given.subtype,
        currency=given.currency,
        parent_id=None if parent is None else ids.normalise("act_", parent),
        parent_code=given.parent_code,
        description=given.description,
        external_id=given.external_id,
        metadata=given.metadata,
    )
