"""The parameters of an operation as OpenAPI has them: of its path, its address, its headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from graphql import GraphQLNonNull, get_named_type

from entrypoints.rest.documents import Slot
from entrypoints.rest.doors import LIMIT, MOST, WINDOW, Door
from entrypoints.rest.names import also_called
from entrypoints.rest.schemas import Schemas
from resolvers.gate import IDEMPOTENCY_KEY_LENGTH

Spec = dict[str, Any]
_VERSIONED = r'^(\*|(W/)?"[0-9]{1,9}(-[0-9a-f]+)?")$'
_IN_PATH = re.compile(r"\{(\w+)\}")

PARAMETERS = {
    "limit": f"How many are wanted: {LIMIT} unless it is said, at most {MOST}.",
    "offset": "How many are passed over first.",
    "cursor": "Begin after the item that a `next_cursor` names.",
    "sort": "What the list is ordered by; with a minus before it downwards: `-created_at`.",
    "order": "Up or down.",
    "updated_since": "Changed at this moment or later.",
    "from_date": "On this day or later.",
    "to_date": "On this day or before.",
    "external_id": "The caller's own id.",
    "name": "A part of the name, in whatever case.",
    "description": "A part of the description, in whatever case.",
}
"""What parameters of an address are, where their document does not say it."""


def parameters(door: Door, schemas: Schemas) -> list[Spec]:
    """All parameters of a door."""
    document = door.document
    found = in_path(door.row.whole_path)
    if document.is_query:
        slots = {**door.fields, **(WINDOW if door.has_window else {})}
        found += in_address(slots, schemas)
    if door.expands:
        words = {"type": "array", "items": {"type": "string", "enum": list(door.expands)}}
        found.append(
            {"name": "expand[]", "in": "query", "schema": words} | _told("Show these too.")
        )
    if document.is_query:
        return [*found, _header("If-None-Match", "An ETag that is known already.")]
    if "dry_run" in document.slots:
        tried = {"name": "dry_run", "in": "query", "schema": {"type": "boolean"}}
        found.append(tried | _told("Try it: all checks, the same answer, nothing stored."))
    if "version" in document.slots:
        text = "The ETag, or the version, that is to be changed."
        found.append(_header("If-Match", text, pattern=_VERSIONED))
    text = "One effect and one answer for 24 hours."
    most = IDEMPOTENCY_KEY_LENGTH
    found.append(_header("Idempotency-Key", text, minLength=1, maxLength=most, pattern=r"\S"))
    if not door.row.direct:
        prefer = "`respond-async` to have it done by a job, `wait=5` to wait for it."
        found.append(_header("Prefer", prefer))
    return found


def in_address(slots: Mapping[str, Slot], schemas: Schemas) -> list[Spec]:
    """The parameters of an address, and their other names."""
    return [
        spec
        for name, slot in slots.items()
        for spec in _filter(name, slot, schemas, also_called(name, slots))
    ]


def _filter(name: str, slot: Slot, schemas: Schemas, others: list[str]) -> list[Spec]:
    kind = slot.type.of_type if isinstance(slot.type, GraphQLNonNull) else slot.type
    schema = schemas.taken(GraphQLNonNull(kind))
    if name == "limit":
        schema = {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT}
    elif name == "offset":
        schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1, "default": 0}
    elif name == "sort":
        words = schemas.components[get_named_type(kind).name]["enum"]
        schema = {"type": "string", "enum": [*words, *(f"-{each}" for each in words)]}
    if slot.default is not None and "default" not in schema:
        schema = {**schema, "default": _default(slot)}
    text = slot.description or PARAMETERS.get(name)
    own = {"name": name, "in": "query", "schema": schema, "required": slot.is_required}
    own |= _told(text) if text else {}
    also = {"in": "query", "schema": schema, "required": False} | _told(
        f"Another name of `{name}`."
    )
    return [own, *({"name": each, **also} for each in others)]


def _default(slot: Slot) -> Any:
    return slot.default.lower() if isinstance(slot.default, str) else slot.default


def in_path(path: str) -> list[Spec]:
    """The parameters of a path."""
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _IN_PATH.findall(path)
    ]


def _header(name: str, text: str, **rules: Any) -> Spec:
    return {"name": name, "in": "header", "schema": {"type": "string", **rules}} | _told(text)


def _told(text: str) -> Spec:
    return {"description": text}
