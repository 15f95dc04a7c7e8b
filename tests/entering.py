"""How tests enter transactions, and how they look at all that the database holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from house import Client, House
from sqlalchemy import Connection, select

from store.figure_tables import metadata

FIELDS = """
  id status kind version journalNumber fiscalYear amount baseAmount currency { id } date
  description reference paymentMethod externalId metadata failureReason failureMessage
  reversalOfId reversedById reversalReason postedAt
  entries { accountId entryType amount currency { id } baseAmount exchangeRate }
"""
CREATE = f"""
mutation Create(
  $description: String! = "Sale", $date: DateTime! = "2026-01-05", $entries: [LedgerEntryInput!]!,
  $post: Boolean! = false, $externalId: String, $currency: String, $reference: String,
  $kind: TransactionKind! = STANDARD, $metadata: Json, $idempotencyKey: String,
  $dryRun: Boolean! = false
) {{
  createTransaction(
    description: $description, date: $date, entries: $entries, post: $post,
    externalId: $externalId, currency: $currency, reference: $reference, kind: $kind,
    metadata: $metadata, idempotencyKey: $idempotencyKey, dryRun: $dryRun
  ) {{ {FIELDS} }}
}}"""
BULK = """
mutation Bulk(
  $transactions: [TransactionInput!]!, $post: Boolean! = true, $continueOnError: Boolean! = false,
  $idempotencyKey: String, $dryRun: Boolean! = false
) {
  createTransactions(
    transactions: $transactions, post: $post, continueOnError: $continueOnError,
    idempotencyKey: $idempotencyKey, dryRun: $dryRun
  ) {
    created failed
    results {
      index transaction { id status journalNumber externalId amount }
      error { code reason message suggestion field details }
    }
  }
}"""
UPDATE = f"""
mutation Update(
  $id: ID!, $description: String, $date: DateTime, $entries: [LedgerEntryInput!],
  $reference: String, $externalId: String, $version: Int, $idempotencyKey: String
) {{
  updateTransaction(
    id: $id, description: $description, date: $date, entries: $entries, reference: $reference,
    externalId: $externalId, version: $version, idempotencyKey: $idempotencyKey
  ) {{ {FIELDS} }}
}}"""
POST = f"""
mutation Post($id: ID!, $version: Int, $idempotencyKey: String, $dryRun: Boolean! = false) {{
  postTransaction(id: $id, version: $version, idempotencyKey: $idempotencyKey, dryRun: $dryRun)
  {{ {FIELDS} }}
}}"""
DELETE = """
mutation Delete($id: ID!, $version: Int, $idempotencyKey: String, $dryRun: Boolean! = false) {
  deleteTransaction(id: $id, version: $version, idempotencyKey: $idempotencyKey, dryRun: $dryRun)
}"""
REVERSE = f"""
mutation Reverse(
  $id: ID!, $reason: String, $reversalDate: DateTime, $idempotencyKey: String,
  $dryRun: Boolean! = false
) {{
  reverseTransaction(
    id: $id, reason: $reason, reversalDate: $reversalDate, idempotencyKey: $idempotencyKey,
    dryRun: $dryRun
  ) {{ {FIELDS} }}
}}"""
READ = f"query Read($id: ID!) {{ transaction(id: $id) {{ {FIELDS} }} }}"
CLOSE = (
    "mutation Close($through: Date) "
    "{ updateOrganization(booksClosedThrough: $through) { booksClosedThrough } }"
)
SET_STATUS = (
    "mutation SetStatus($id: ID!, $status: AccountStatus!) "
    "{ updateAccount(id: $id, status: $status) { id status } }"
)
HEALTH = "{ ledgerHealth { isHealthy checks { name holds examined violations examples } } }"


def pair(debit: str, credit: str, amount: Any = "100.00", **more: Any) -> list[dict[str, Any]]:
    """A debit and a credit of the same amount."""
    return [
        {"accountId": debit, "entryType": "DEBIT", "amount": amount, **more},
        {"accountId": credit, "entryType": "CREDIT", "amount": amount, **more},
    ]


def item(entries: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A transaction for a bulk call."""
    return {"description": "Sale", "date": "2026-01-05", "entries": entries, **more}


async def sale(client: Client, **given: Any) -> dict[str, Any]:
    """A transaction entered between cash and sales, unless its entries are given."""
    if "entries" not in given:
        accounts = await client.accounts()
        amount = given.pop("amount", "100.00")
        given["entries"] = pair(accounts["1000"], accounts["4000"], amount)
    found: dict[str, Any] = (await client.ask(CREATE, **given))["createTransaction"]
    return found


async def read(client: Client, transaction_id: str) -> dict[str, Any]:
    """A transaction as it is now."""
    found: dict[str, Any] = (await client.ask(READ, id=transaction_id))["transaction"]
    return found


async def checks(client: Client) -> dict[str, dict[str, Any]]:
    """What the health of the books finds, by the name of the check."""
    found = (await client.ask(HEALTH))["ledgerHealth"]
    by_name = {check["name"]: check for check in found["checks"]}
    assert found["isHealthy"] is all(check["holds"] for check in by_name.values())
    return by_name


async def unhealthy(client: Client) -> list[str]:
    """The names of the checks that do not hold."""
    return [name for name, check in (await checks(client)).items() if not check["holds"]]


def _contents(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: [
            tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))
        ]
        for table in metadata.sorted_tables
    }


async def contents(house: House) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return await house.database.read(_contents)


async def events(client: Client, house: House) -> list[dict[str, Any]]:
    """The history of one organization, in order, what was before and after read from its JSON."""
    table = metadata.tables["event"]

    def rows(connection: Connection) -> list[dict[str, Any]]:
        statement = (
            select(table)
            .where(table.c.organization_id == client.organization_id)
            .order_by(table.c.sequence)
        )
        return [dict(row._mapping) for row in connection.execute(statement)]

    found = await house.database.read(rows)
    for row in found:
        for side in ("before", "after"):
            row[side] = None if row[side] is None else orjson.loads(row[side])
    return found


def without(answer: Any, *names: str) -> Any:
    """An answer with some of its fields left out, at every level."""
    if isinstance(answer, Mapping):
        return {key: without(item, *names) for key, item in answer.items() if key not in names}
    if isinstance(answer, list):
        return [without(each, *names) for each in answer]
    return answer
