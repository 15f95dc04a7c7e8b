"""Anything by its id alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import strawberry

from ledger.documents import Document
from ledger.errors import LedgerError, Reason
from schema.accounts import accounts_by_id
from schema.applications import applications_by_id
from schema.attachments import attachments_by_id
from schema.bills import bill_node
from schema.categories import categories_by_id
from schema.contacts import contacts_by_id
from schema.context import Reading
from schema.credit_notes import credit_note_node
from schema.document_nodes import documents_by_id
from schema.general_ledger import entries_by_id
from schema.invoices import invoice_node
from schema.items import items_by_id
from schema.jobs import jobs_by_id
from schema.nodes import Node, stored_id
from schema.operation import query
from schema.organizations import organization_node
from schema.payments import payments_by_id
from schema.tax_rates import tax_rates_by_id
from schema.transactions import transactions_by_id

MOST_AT_ONCE = 100


async def _organizations(reading: Reading, keys: Sequence[str]) -> dict[str, Any]:
    own = [key for key in keys if reading.caller.is_own(key)]
    return {key: organization_node(await reading.organization()) for key in own}


async def _invoices(reading: Reading, keys: Sequence[str]) -> dict[str, Any]:
    return await _documents(reading, keys, invoice_node)


async def _bills(reading: Reading, keys: Sequence[str]) -> dict[str, Any]:
    return await _documents(reading, keys, bill_node)


async def _credit_notes(reading: Reading, keys: Sequence[str]) -> dict[str, Any]:
    return await _documents(reading, keys, credit_note_node)


async def _documents(
    reading: Reading,
    keys: Sequence[str],
    shown: Callable[[Reading, Document], Awaitable[Any]],
) -> dict[str, Any]:
    found = await documents_by_id(reading, keys)
    return {key: await shown(reading, fact) for key, fact in found.items()}


_FINDERS = {
    "org_": _organizations,
    "act_": accounts_by_id,
    "txn_": transactions_by_id,
    "jnl_": entries_by_id,
    "con_": contacts_by_id,
    "inv_": _invoices,
    "bil_": _bills,
    "crn_": _credit_notes,
    "pay_": payments_by_id,
    "itm_": items_by_id,
    "cat_": categories_by_id,
    "tax_": tax_rates_by_id,
    "app_": applications_by_id,
    "att_": attachments_by_id,
    "job_": jobs_by_id,
}


async def _found(reading: Reading, given: Sequence[str]) -> list[Any]:
    """The nodes with these ids, None where the organization has none."""
    by_prefix: dict[str, list[str]] = defaultdict(list)
    keys = [stored_id(key) for key in given]
    for key in keys:
        by_prefix[key[:4]].append(key)
    found: dict[str, Any] = {}
    for prefix, wanted in by_prefix.items():
        if prefix in _FINDERS:
            found |= await _FINDERS[prefix](reading, wanted)
    return [found.get(key) for key in keys]


@query(Node | None)
async def node(reading: Reading, id: strawberry.ID) -> Any:
    """Anything of the organization by its id."""
    (found,) = await _found(reading, [id])
    if found is None:
        raise _unknown(id)
    return found


@query(list[Node | None])
async def nodes(reading: Reading, ids: list[strawberry.ID]) -> list[Any]:
    """Up to 100 things of the organization by their ids; null for one that is not there."""
    if len(ids) > MOST_AT_ONCE:
        raise LedgerError(
            Reason.TOO_MANY_ITEMS,
            f"{len(ids)} ids were given; at most {MOST_AT_ONCE} are looked up at once.",
            "Ask in several requests.",
            {"limit": MOST_AT_ONCE},
            "ids",
        )
    return await _found(reading, ids)


def _unknown(given: str) -> LedgerError:
    return LedgerError(
        Reason.NOT_FOUND,
        f"There is nothing with the id {given[:40]} in this organization.",
        "Check the id; its prefix says what it is of.",
        {"id": given[:40]},
        "id",
    )
