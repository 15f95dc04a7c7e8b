"""Requests: from a path, an address, headers and a body to the variables of a document."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from graphql import get_named_type

from entrypoints.rest.documents import Slot
from entrypoints.rest.doors import KEY, LIMIT, MOST, Door, Given, settings
from entrypoints.rest.etags import version_of
from entrypoints.rest.incoming import Incoming
from entrypoints.rest.names import known_as
from entrypoints.rest.reading import Plan, Reader, from_texts
from entrypoints.rest.settings import require_setting
from ledger.errors import LedgerError, Reason
from schema.decoding import decode_json
from schema.errors import HttpError
from schema.negotiation import is_json

_UNSUPPORTED = 415
_MOST_PARAMETERS = 100
_WELL_FORMED = re.compile(r"[0-9A-Za-z_]{1,40}", re.ASCII)
_EXPAND, _DRY, _VERSION = "expand", "dry_run", "version"


async def given(door: Door, request: Incoming, most_bytes: int) -> Given:
    """What a request gives to the document of a door; all that is wrong with it is refused."""
    slots = door.document.slots
    path = {
        name: _possible(slots.get(name), str(value)) for name, value in request.path_params.items()
    }
    variables: dict[str, Any] = {slots[n].name: value for n, value in path.items() if n in slots}
    parameters = _parameters(request)
    reader = Reader()
    variables |= _expanded(door, reader, parameters.pop(_EXPAND, []))
    own: dict[str, Any]
    if door.document.is_query:
        own = _of_address(door, reader, parameters)
    else:
        own = _of_body(door, reader, await _body(request, most_bytes), path)
        own |= _of_write(door, reader, parameters)
        own = _versioned(door, reader, own, request.header(b"if-match"))
    reader.require_sound()
    if door.is_setting:
        require_setting(path[KEY], settings())
    variables |= own
    limit, offset = LIMIT, 0
    if door.has_window:
        limit, offset = variables.pop("limit", LIMIT), variables.pop("offset", 0)
    return Given(variables, path, reader.spelled, limit, offset, bool(own.get("dryRun")))


def _possible(slot: Slot | None, text: str) -> str:
    """What stands in the path; what cannot be an id at all becomes one that nothing has."""
    is_id = slot is not None and get_named_type(slot.type).name == "ID"
    return text if not is_id or _WELL_FORMED.fullmatch(text) else "x"


def _of_address(door: Door, reader: Reader, parameters: Mapping[str, list[str]]) -> dict[str, Any]:
    """The filters and the page of a read; `sort=-date` is short for `sort=date&order=desc`."""
    slots = door.takes.slots
    found: dict[str, Any] = {}
    for name, texts in parameters.items():
        known = known_as(name, slots)
        found[name] = texts if known is None else _value(reader, name, slots[known], texts)
    if "sort" in slots and isinstance(sort := found.get("sort"), str):
        found["sort"] = sort.removeprefix("-")
        found.setdefault("order", "desc" if sort.startswith("-") else "asc")
    read = reader.fields(door.takes, found)
    _require_page(reader, read)
    return read


def _require_page(reader: Reader, read: Mapping[str, Any]) -> None:
    limit, offset = read.get("limit", LIMIT), read.get("offset", 0)
    if isinstance(limit, int) and not 1 <= limit <= MOST:
        cause = f"`limit` is {limit}; from 1 to {MOST} can be asked for."
        cure = "Ask for pages, with `cursor` or `offset`."
        reader.fault("limit", cause, cure, Reason.INVALID_VALUE)
    if isinstance(offset, int) and offset < 0:
        cause = f"`offset` is {offset}."
        reader.fault("offset", cause, "Begin at 0 or later.", Reason.INVALID_VALUE)


def _of_write(door: Door, reader: Reader, parameters: Mapping[str, list[str]]) -> dict[str, Any]:
    """What the address of a write may say: whether it is only tried."""
    if not parameters:
        return {}
    slots = door.document.slots
    fields = {_DRY: slots[_DRY]} if _DRY in slots else {}
    found = {
        name: _value(reader, name, fields[name], texts) if name in fields else texts
        for name, texts in parameters.items()
    }
    return reader.fields(Plan(fields), found)


def _of_body(
    door: Door, reader: Reader, body: Mapping[str, Any], path: Mapping[str, str]
) -> dict[str, Any]:
    if not door.is_setting:
        return reader.fields(door.takes, body)
    slot = require_setting(path[KEY], settings())
    value = Slot(slot.name, slot.type, is_required=True)
    return reader.fields(Plan({"value": value, _VERSION: door.fields[_VERSION]}), body)


def _versioned(
    door: Door, reader: Reader, own: dict[str, Any], if_match: str | None
) -> dict[str, Any]:
    """The variables with the version that the header If-Match asks for."""
    if if_match is None:
        return own
    if _VERSION not in door.document.slots:
        raise LedgerError(
            Reason.INVALID_REQUEST,
            "The header If-Match means nothing here: nothing that has a version is changed.",
            "Leave it out.",
        )
    version = version_of(if_match)
    if version is None:
        return own
    if own.get(_VERSION, version) != version:
        cause = f"`version` is {own[_VERSION]}, and If-Match names version {version}."
        reader.fault(_VERSION, cause, "Give one of the two.")
    return {**own, _VERSION: version}


def _expanded(door: Door, reader: Reader, texts: list[str]) -> dict[str, bool]:
    """The variables that let what is to be expanded be included."""
    found = {}
    for text in (part.strip() for each in texts for part in each.split(",")):
        slot = door.expands.get(text.replace(".", "_"))
        if slot is None:
            words = ", ".join(door.expands) or "nothing"
            cause = f"`{text[:40]}` cannot be expanded here."
            reader.fault(_EXPAND, cause, f"There can be expanded: {words}.")
        else:
            found[slot.name] = True
    return found


def _value(reader: Reader, name: str, slot: Slot, texts: list[str]) -> Any:
    value = from_texts(slot.type, texts)
    if len(texts) > 1 and not isinstance(value, list):
        reader.fault(name, f"`{name}` is given more than once.", "Give it once.")
    return value


def _parameters(request: Incoming) -> dict[str, list[str]]:
    """The parameters of the address by their names; those of a list may end in `[]`."""
    address: bytes = request.scope["query_string"]
    if not address:
        return {}
    try:
        pairs = parse_qsl(
            address.decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError:
        cause = "The address is not URL-encoded UTF-8, or has too many parameters."
        cure = "Encode the parameters as encodeURIComponent does."
        raise LedgerError(Reason.INVALID_REQUEST, cause, cure) from None
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(name.removesuffix("[]"), []).append(text)
    return found


async def _body(request: Incoming, most_bytes: int) -> Mapping[str, Any]:
    """The object that the body is; without a body an empty one."""
    text = await request.content(most_bytes)
    if not text:
        return {}
    if not is_json(request.header(b"content-type")):
        cause = "The body is not said to be JSON in UTF-8."
        raise _unsupported(cause, "Send the header Content-Type: application/json.")
    encoding = request.header(b"content-encoding")
    if encoding is not None and encoding.strip().lower() != "identity":
        cause = "The body is compressed, which is not supported."
        raise _unsupported(cause, "Send the body as it is, without Content-Encoding.")
    value = decode_json(text)
    if not isinstance(value, dict):
        cause = "The body is JSON, but no object."
        raise LedgerError(Reason.INVALID_REQUEST, cause, 'Send an object: {"name": ...}.')
    return value


def _unsupported(cause: str, cure: str) -> HttpError:
    accepted = (b"accept", b"application/json")
    return HttpError(_UNSUPPORTED, LedgerError(Reason.INVALID_REQUEST, cause, cure), (accepted,))
