"""Exports of events: `GET ~/events/export` records and charges one, and sends it as it is read.

No document of GraphQL can be an answer of any length. This runs the document of the export all
the same, so that the gate, the price and the event are those of every door. It writes in spite
of being a GET, and so HEAD only tells of what type the answer would be.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.requests import Request

from entrypoints.rest.documents import Slot, documents
from entrypoints.rest.doors import Reply
from entrypoints.rest.errors import Words, first_error, told
from entrypoints.rest.reading import Plan, Reader
from entrypoints.rest.routes import Rooms
from ledger.errors import LedgerError
from ledger.event_exports import EventExport, ExportFormat
from ledger.file_types import file_name_header
from resolvers.event_exports import Recorded, content, recorded
from resolvers.gate import Caller
from schema.calls import Called
from schema.requests import GraphQLRequest
from schema.view import ExecuteOptions

TYPES = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.JSONL: "application/x-ndjson",
}
"""The media type of each form."""

DOCUMENT, FIELD = "ExportEvents", "exportEvents"
_OK = 200


def media_types() -> tuple[str, ...]:
    """The media types of exports, without their parameters; the usual one first."""
    return tuple(each.partition(";")[0] for each in TYPES.values())


def parameters() -> Mapping[str, Slot]:
    """What the address of an export may say."""
    return {n: slot for n, slot in documents()[DOCUMENT].slots.items() if n != "dry_run"}


async def export(request: Request, rooms: Rooms, caller: Caller) -> Reply:
    """Record and charge an export of events, and send it."""
    state = request.scope["state"]
    state["operation"] = DOCUMENT
    reader = Reader()
    began = time.perf_counter()
    try:
        variables = _variables(request, reader)
    except LedgerError as refusal:
        rooms.executor.refuse(caller, Called(FIELD, "mutation"), refusal, began)
        raise
    if request.method == "HEAD":
        form = ExportFormat(variables.get("format", ExportFormat.CSV).lower())
        return Reply(_OK, headers={"content-type": TYPES[form]})
    key = request.headers.get("idempotency-key")
    options = ExecuteOptions(caller.request_id, False, key, state)
    document = documents()[DOCUMENT]
    try:
        asked = GraphQLRequest(document.text, document.name, variables)
        answer = await rooms.executor(caller, asked, options)
        if "errors" in answer.body:
            raise first_error(answer.body["errors"])
    except LedgerError as error:
        raise told(error, Words(document.arguments, (), reader.spelled)) from None
    found = await _made(rooms, caller, answer.body["data"])
    headers = {name.lower(): value for name, value in answer.headers.items()}
    sent = _sent(request, rooms, found)
    return Reply(_OK, headers={**headers, **headers_of(found.export)}, stream=sent)


async def _made(rooms: Rooms, caller: Caller, data: Mapping[str, Any]) -> Recorded:
    found = await rooms.database.read(recorded, caller.organization_id, data[FIELD]["id"])
    if found is None:
        raise LookupError("An export that was just recorded is there.")
    return found


def _variables(request: Request, reader: Reader) -> dict[str, Any]:
    texts = request.query_params
    for name in texts:
        if len(texts.getlist(name)) > 1:
            reader.fault(name, f"`{name[:40]}` is given more than once.", "Give it once.")
    variables = reader.fields(Plan(parameters()), dict(texts))
    reader.require_sound()
    return variables


async def _sent(request: Request, rooms: Rooms, found: Recorded) -> AsyncIterator[bytes]:
    """The parts of the file, until its reader has left."""
    async for part in content(rooms.database, found):
        if await request.is_disconnected():
            return
        yield part


def headers_of(export: EventExport) -> dict[str, str]:
    """The headers of an export: it is a file to be saved, and nothing else."""
    name = f"events-{export.created_at:%Y-%m-%d}.{export.format.value}"
    return {
        "content-type": TYPES[export.format],
        "content-disposition": file_name_header(name),
        "content-security-policy": "sandbox; default-src 'none'",
        "cache-control": "private, no-store",
    }
