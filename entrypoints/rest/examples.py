"""Examples: the bodies that tests send, and believable answers put together as a schema says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from entrypoints.rest.documents import FOLDER

Schema = Mapping[str, Any]
_ID = "00QzR3kPx7Yb2LmN9cVa"
_MARK = re.compile(r"\{(\w+)\}")

PREFIXES = {
    "account": "act_",
    "transaction": "txn_",
    "entry": "jnl_",
    "contact": "con_",
    "customer": "con_",
    "vendor": "con_",
    "invoice": "inv_",
    "bill": "bil_",
    "credit_note": "crn_",
    "payment": "pay_",
    "application": "app_",
    "category": "cat_",
    "item": "itm_",
    "tax_rate": "tax_",
    "attachment": "att_",
    "api_key": "key_",
    "event": "evt_",
    "organization": "org_",
    "request": "req_",
}
"""With what the ids of a noun begin."""

VALUES: Mapping[str, Any] = {
    "code": "1015",
    "name": "Acme Ltd",
    "email": "jane@example.com",
    "description": "Consulting",
    "reference": "INV-001",
    "reference_number": "INV-001",
    "currency": "USD",
    "currency_id": "CUR_USD",
    "country": "US",
    "city": "Springfield",
    "postal_code": "62701",
    "line1": "1 Main Street",
    "language": "en-US",
    "time_zone": "Europe/Berlin",
    "invoice_number": "INV-0001",
    "bill_number": "R-17",
    "credit_note_number": "CN-0001",
    "number": "INV-0001",
    "key": "invoice_number_prefix",
    "value": "INV-",
    "event": "invoice.sent",
    "event_type": "invoice.sent",
    "entity_type": "invoice",
    "entity_id": f"inv_{_ID}",
    "actor": f"key:key_{_ID}",
    "protocol": "rest",
    "formatted": "$100.00",
    "symbol": "$",
    "decimal_places": 2,
    "quantity": "2.5",
    "unit_price": "40.00",
    "percent": "8.2500",
    "rate": "8.2500",
    "label": "1-30 days",
    "content_type": "application/pdf",
    "sha256": "9f86d081884c7d65",
    "hash": "9f86d081884c7d65",
    "previous_hash": "60303ae22b998861",
    "url": "https://books.example.com/files/...",
    "pdf_url": "https://books.example.com/pdf/...",
    "secret": "cl_live_...",
    "key_preview": "cl_live_a1b2…x9Yz",
    "subject_id": f"inv_{_ID}",
    "from_id": f"pay_{_ID}",
    "to_id": f"inv_{_ID}",
    "contact_id": f"con_{_ID}",
    "fiscal_year_start_month": 1,
    "metadata": {"source": "api"},
}
"""What a field of this name holds in an example."""

_TEXTS = {"date": "2026-01-15", "date-time": "2026-01-15T10:30:00Z"}
_TRUE = {"is_active", "is_balanced", "is_root", "is_live"}
_SINGULAR = {"entries": "entry", "taxes": "tax", "data": ""}


@cache
def bodies() -> Mapping[str, Any]:
    """A body for each document that takes one; `{invoice}` in it stands for the id of one."""
    found: Mapping[str, Any] = json.loads((FOLDER / "bodies.json").read_text(encoding="utf-8"))
    return found


def filled(value: Any, known: Mapping[str, str] | None = None) -> Any:
    """A body with ids in the places of its marks: those that are known, else some."""
    if isinstance(value, dict):
        return {key: filled(item, known) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, known) for item in value]
    found = _MARK.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    return _some_id(found[1].rpartition("_")[2]) if known is None else known[found[1]]


def example(schema: Schema, components: Mapping[str, Schema], name: str = "") -> Any:
    """A value that an answer of this schema may have; what may be null mostly is."""
    whole = merged(schema, components)
    if "properties" not in whole:
        return _simple(whole, components, name)
    noun = whole["properties"].get("object", {}).get("const", name)
    needed = whole.get("required", whole["properties"])
    there = {key: inner for key, inner in whole["properties"].items() if key in needed}
    found = {key: example(inner, components, key) for key, inner in there.items()}
    if "id" in found and not found["id"]:
        found["id"] = _some_id(noun)
    return found


def merged(schema: Schema, components: Mapping[str, Schema]) -> dict[str, Any]:
    """A schema with what it refers to, and with all of its parts put together.

    What a part only demands, beyond saying what there is, is kept apart as `rules`.
    """
    found = dict(schema)
    if "$ref" in found:
        inner = merged(components[found.pop("$ref").rpartition("/")[2]], components)
        found = {**inner, **found}
    if "anyOf" in found:
        found = {**merged(found["anyOf"][0], components), **found}
    for part in found.pop("allOf", ()):
        if part.keys() & {"oneOf", "not"}:
            found.setdefault("rules", []).append(part)
        else:
            found = _together(found, merged(part, components))
    return found


def _together(one: dict[str, Any], other: Schema) -> dict[str, Any]:
    found = {**other, **one}
    if "required" in one and "required" in other:
        found["required"] = [*one["required"], *other["required"]]
    for name in ("properties", "items"):
        if name in one and name in other:
            found[name] = _both(one[name], other[name], deep=name == "properties")
    return found


def _both(one: Schema, other: Schema, *, deep: bool) -> dict[str, Any]:
    if not deep:
        return {"allOf": [one, other]}
    shared = one.keys() & other.keys()
    return {**one, **other, **{key: {"allOf": [one[key], other[key]]} for key in shared}}


def _simple(whole: Schema, components: Mapping[str, Schema], name: str) -> Any:
    """A value that is no object of known properties."""
    if "const" in whole:
        return whole["const"]
    if "enum" in whole:
        return whole["enum"][0]
    kinds = whole.get("type", "object")
    if isinstance(kinds, list) and "null" in kinds and name not in VALUES:
        return None
    kind = kinds if isinstance(kinds, str) else kinds[0]
    if kind == "array":
        items = whole.get("items")
        inner = _SINGULAR.get(name, name.removesuffix("s"))
        return [] if items is None else [example(items, components, inner)]
    return _leaf(kind, whole, name)


def _leaf(kind: str, whole: Schema, name: str) -> Any:
    known = VALUES.get(name)
    usual = {"object": {}, "integer": 1, "boolean": name in _TRUE}
    if kind in usual:
        return known if type(known) is type(usual[kind]) else usual[kind]
    if whole.get("format") in _TEXTS:
        return _TEXTS[whole["format"]]
    if isinstance(known, str):
        return known
    if name.endswith("_id"):
        return _some_id(name.removesuffix("_id"))
    return "100.00" if "pattern" in whole else ""


def _some_id(noun: str) -> str:
    return PREFIXES.get(noun, "act_") + _ID
