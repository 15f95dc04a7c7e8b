"""How tests open, change and delete accounts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from house import Client

FIELDS = """
  id code name accountType subtype status description currency { code } parentAccountId isSystem
  externalId metadata version createdAt updatedAt
"""
CREATE = f"""
mutation Open(
  $code: String! = "1015", $name: String! = "Petty cash", $type: AccountType! = ASSET,
  $description: String, $subtype: AccountSubtype, $currency: String, $parent: ID,
  $externalId: String, $metadata: Json, $key: String, $dry: Boolean! = false
) {{
  createAccount(
    code: $code, name: $name, accountType: $type, description: $description, subtype: $subtype,
    currency: $currency, parentAccountId: $parent, externalId: $externalId, metadata: $metadata,
    idempotencyKey: $key, dryRun: $dry
  ) {{ {FIELDS} parent {{ code }} }}
}}"""
UPDATE = f"""
mutation Change(
  $id: ID!, $code: String, $name: String, $type: AccountType, $description: String,
  $subtype: AccountSubtype, $currency: String, $parent: ID, $status: AccountStatus,
  $externalId: String, $metadata: Json, $version: Int, $dry: Boolean! = false
) {{
  updateAccount(
    id: $id, code: $code, name: $name, accountType: $type, description: $description,
    subtype: $subtype, currency: $currency, parentAccountId: $parent, status: $status,
    externalId: $externalId, metadata: $metadata, version: $version, dryRun: $dry
  ) {{ {FIELDS} }}
}}"""
DELETE = "mutation Delete($id: ID!, $version: Int) { deleteAccount(id: $id, version: $version) }"
MANY = """
mutation Many($accounts: [AccountInput!]!, $dry: Boolean! = false) {
  createAccounts(accounts: $accounts, dryRun: $dry) { code parent { code } children { code } }
}"""
READ = f"query Read($id: ID!) {{ account(id: $id) {{ {FIELDS} }} }}"
NEVER = "act_0000000000000000zzzz"


async def opened(client: Client, **given: Any) -> dict[str, Any]:
    """A new account."""
    found: dict[str, Any] = (await client.ask(CREATE, **given))["createAccount"]
    return found


async def changed(client: Client, **given: Any) -> dict[str, Any]:
    """An account after a change."""
    found: dict[str, Any] = (await client.ask(UPDATE, **given))["updateAccount"]
    return found


async def read(client: Client, account_id: str) -> dict[str, Any]:
    """An account as it is now."""
    found: dict[str, Any] = (await client.ask(READ, id=account_id))["account"]
    return found


def new(code: str, **more: Any) -> dict[str, Any]:
    """An account for a call that opens many."""
    return {"code": code, "name": f"Account {code}", "accountType": "ASSET", **more}


def with_ids(given: Any, ids: Mapping[str, str], more: Mapping[str, str] | None = None) -> Any:
    """What is given with `id:1000` as the id of that code, `ID:1000` with its prefix in capitals.

    `more` are other words and what they stand for.
    """
    if isinstance(given, dict):
        return {key: with_ids(value, ids, more) for key, value in given.items()}
    if isinstance(given, list):
        return [with_ids(value, ids, more) for value in given]
    if not isinstance(given, str):
        return given
    kind, _, code = given.partition(":")
    if kind in {"id", "ID"} and code in ids:
        return ids[code] if kind == "id" else ids[code][:4].upper() + ids[code][4:]
    return (more or {}).get(given, given)
