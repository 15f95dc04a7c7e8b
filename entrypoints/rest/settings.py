"""Settings: the fields of one answer, each shown as a key with a value of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLInputObjectType, GraphQLList, get_named_type, get_nullable_type

from entrypoints.rest.documents import Slot
from ledger.errors import LedgerError, Reason

DATA_TYPES = {"Int": "number", "Boolean": "boolean"}
_SHOWN = 40


def setting(key: str, value: Any, slot: Slot, of: str) -> dict[str, Any]:
    """One setting as REST shows it."""
    return {
        "object": "setting",
        "organization_id": of,
        "key": key,
        "value": value,
        "data_type": data_type(slot),
    }


def data_type(slot: Slot) -> str:
    """What kind of value a setting takes: string, number, boolean, object or array."""
    kind = get_nullable_type(slot.type)
    if isinstance(kind, GraphQLList):
        return "array"
    if isinstance(kind, GraphQLInputObjectType):
        return "object"
    return DATA_TYPES.get(get_named_type(kind).name, "string")


def require_setting(key: str, slots: Mapping[str, Slot]) -> Slot:
    """The place of a setting by its key, or `not_found`."""
    if key in slots:
        return slots[key]
    raise LedgerError(
        Reason.NOT_FOUND,
        f"There is no setting {key[:_SHOWN]!r}.",
        f"There are: {', '.join(slots)}.",
        {"key": key[:_SHOWN]},
        "key",
    )
