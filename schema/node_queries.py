"""Anything by its id alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import strawberry

from ledger import ids
from ledger.errors import LedgerError, Reason
from schema.accounts import accounts_by_id
from schema.context import Reading
from schema.general_ledger import entries_by_id
from schema.nodes import Node
from schema.operation import query
from schema.organizations import organization_node
from schema.transactions import transactions_by_id

MOST_AT_ONCE = 100


async def _organizations(reading: Reading, keys: Sequence[str]) -> dict[str, Any]:
    own = [key for key in keys if reading.caller.is_own(key)]
    return {key: organization_node(await reading.organization()) for key in own}


_FINDERS = {
    "org_": _organizations,
    "act_": accounts_by_id,
    "txn_": transactions_by_id,
    "jnl_": entries_by_id,
}


async def _found(reading: Reading, given: Sequence[str]) -> list[Any]:
    """The nodes with these ids, None where the organization has none."""
    by_prefix: dict[str, list[str]] = defaultdict(list)
    keys = [_normalised(key) for key in given]
    for prefix, key in keys:
        by_prefix[prefix].append(key)
    found: dict[str, Any] = {}
    for prefix, wanted in by_prefix.items():
        if prefix in _FINDERS:
            found |= await _FINDERS[prefix](reading, wanted)
    return [found.get(key) for _, key in keys]


def _normalised(given: str) -> tuple[str, str]:
    if given[:4].lower() == "led_":
        return "jnl_", ids.normalise("jnl_", given, "led_")
    prefix = given[:4].lower()
    return prefix, ids.normalise(prefix, given)


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
