"""The `where` grammar: one on every list.

    where: {code: {startsWith: "1"}, or: [{status: {eq: ACTIVE}}, {balance: ...}], not: {...}}

Fields that stand side by side must all hold. Comparison is exact; `contains` and `startsWith`
alone ignore the case of the letters A to Z. `ne`, `notIn` and `not` also let through what is
null.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

import strawberry
from strawberry import UNSET

from schema.enums import (
    AccountStatus,
    AccountType,
    BillStatus,
    CategoryType,
    ContactType,
    CreditNoteStatus,
    Direction,
    InvoiceStatus,
    ItemType,
    JobState,
    Queue,
    Side,
    Subtype,
    TaxType,
    TransactionKind,
    TransactionStatus,
    TransactionType,
)
from schema.nodes import stored_id
from schema.scalars import DecimalText


def _filter(name: str, kind: Any, *operators: str) -> Any:
    """An input type that compares a field of one kind by some operators."""
    listing = {"in", "not_in"}
    annotations: dict[str, Any] = {}
    body: dict[str, Any] = {"__annotations__": annotations}
    for operator in (*operators, "is_null"):
        python_name = f"{operator}_" if operator == "in" else operator
        of = bool if operator == "is_null" else (list[kind] if operator in listing else kind)
        annotations[python_name] = of | None
        graphql_name = "in" if operator == "in" else None
        body[python_name] = strawberry.field(default=UNSET, name=graphql_name)
    return strawberry.input(type(name, (), body), description=f"How to compare: {name}.")


_EQUAL = ("eq", "ne", "in", "not_in")
_RANGE = (*_EQUAL, "lt", "lte", "gt", "gte")

IDFilter: Any = _filter("IDFilter", strawberry.ID, *_EQUAL)
StringFilter: Any = _filter("StringFilter", str, *_RANGE, "starts_with", "contains")
IntFilter: Any = _filter("IntFilter", int, *_RANGE)
BooleanFilter: Any = _filter("BooleanFilter", bool, "eq", "ne")
DecimalFilter: Any = _filter("DecimalFilter", DecimalText, *_RANGE)
DateFilter: Any = _filter("DateFilter", date, *_RANGE)
DateTimeFilter: Any = _filter("DateTimeFilter", datetime, *_RANGE)
AccountTypeFilter: Any = _filter("AccountTypeFilter", AccountType, *_EQUAL)
AccountStatusFilter: Any = _filter("AccountStatusFilter", AccountStatus, *_EQUAL)
AccountSubtypeFilter: Any = _filter("AccountSubtypeFilter", Subtype, *_EQUAL)
TransactionStatusFilter: Any = _filter("TransactionStatusFilter", TransactionStatus, *_EQUAL)
TransactionKindFilter: Any = _filter("TransactionKindFilter", TransactionKind, *_EQUAL)
TransactionTypeFilter: Any = _filter("TransactionTypeFilter", TransactionType, *_EQUAL)
ContactTypeFilter: Any = _filter("ContactTypeFilter", ContactType, *_EQUAL)
CategoryTypeFilter: Any = _filter("CategoryTypeFilter", CategoryType, *_EQUAL)
ItemTypeFilter: Any = _filter("ItemTypeFilter", ItemType, *_EQUAL)
TaxTypeFilter: Any = _filter("TaxTypeFilter", TaxType, *_EQUAL)
LedgerSideFilter: Any = _filter("LedgerSideFilter", Side, *_EQUAL)
InvoiceStatusFilter: Any = _filter("InvoiceStatusFilter", InvoiceStatus, *_EQUAL)
BillStatusFilter: Any = _filter("BillStatusFilter", BillStatus, *_EQUAL)
CreditNoteStatusFilter: Any = _filter("CreditNoteStatusFilter", CreditNoteStatus, *_EQUAL)
JobStateFilter: Any = _filter("JobStateFilter", JobState, *_EQUAL)
QueueFilter: Any = _filter("QueueFilter", Queue, *_EQUAL)
PaymentDirectionFilter: Any = _filter("PaymentDirectionFilter", Direction, *_EQUAL)


def plain(where: Any) -> Any:
    """A filter as plain data, as the store takes it: what was not given is left out."""
    if isinstance(where, list):
        return [plain(item) for item in where]
    if isinstance(where, Enum):
        return where.value
    kind: Any = type(where)
    if names := _names_of(kind):
        read = _ids if isinstance(where, IDFilter) else plain
        found = [(told, getattr(where, name)) for name, told in names]
        return {told: read(value) for told, value in found if value is not UNSET}
    return where


@cache
def _names_of(kind: type) -> list[tuple[str, str]]:
    """The fields of a filter, by their names in Python and in the grammar; none of what is none."""
    if not dataclasses.is_dataclass(kind):
        return []
    return [(field.name, field.name.rstrip("_")) for field in dataclasses.fields(kind)]


def _ids(value: Any) -> Any:
    """Identifiers as they are stored, whatever the case of their prefixes."""
    if isinstance(value, list):
        return [_ids(item) for item in value]
    return stored_id(value) if isinstance(value, str) else value


def renamed(where: Any, names: Mapping[str, str]) -> Any:
    """A filter as plain data, with fields that the store knows by other names."""
    return _renamed(plain(where), names)


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    if isinstance(part, list):
        return [_renamed(item, names) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        names.get(key, key): _renamed(value, names) if key in _NESTED else value
        for key, value in part.items()
    }


_NESTED = {"and", "or", "not"}
