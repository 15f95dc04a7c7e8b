"""Operations of REST that are no documents, each with its reason.

GET /health                    the process answers: that asks nothing of the books
GET /health/ready              whether the database can be read and is up to date
GET /system/info               what this service is, for whoever looks at it from outside
GET ~/invoices/{id}/pdf        bytes, which no document of GraphQL can hold
GET ~/credit-notes/{id}/pdf    the same
GET ~/events/export            a file of any length, sent as it is read
GET /openapi.json, /docs       what is said here of all operations
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version

import orjson
from starlette.requests import Request

from entrypoints.rest import exporting
from entrypoints.rest.documents import Slot
from entrypoints.rest.doors import Reply
from entrypoints.rest.routes import VERSION, Operation, Rooms
from entrypoints.rest.table import HOME
from ledger import ids
from ledger.errors import LedgerError, Reason
from ledger.file_types import file_name_header
from ledger.keys import Scope
from resolvers.gate import Caller
from resolvers.printing import document_einvoice, document_pdf
from schema.calls import Called
from store import migrations

PDF = "application/pdf"
_OK, _UNAVAILABLE = 200, 503
_E_INVOICE = "e_invoice"
_CALLED = {
    "inv_": Called("getInvoicePdf", "query"),
    "crn_": Called("getCreditNotePdf", "query"),
}
"""What requests for a PDF are counted by: the names of the operations below."""


@dataclass(frozen=True, slots=True)
class Own:
    """An operation that is no document: where it is, what it is called, and what runs.

    `parameters` are those of its address that are true or false, each with what it is; `slots`
    are others. Its answer may also be of `other_types`.
    """

    method: str
    path: str
    name: str
    summary: str
    operation: Operation
    parameters: dict[str, str] = field(default_factory=dict)
    slots: Mapping[str, Slot] = field(default_factory=dict)
    other_types: tuple[str, ...] = ()


async def health(_request: Request, _rooms: Rooms) -> Reply:
    """The process answers."""
    return Reply(_OK, orjson.dumps({"status": "ok"}))


async def ready(_request: Request, rooms: Rooms) -> Reply:
    """Whether the database can be read, and is up to date."""
    try:
        current = await rooms.database.read(migrations.is_current)
    except Exception:  # noqa: BLE001 (whatever it is, the answer is the same)
        current = False
    status = "ready" if current else "unavailable"
    return Reply(_OK if current else _UNAVAILABLE, orjson.dumps({"status": status}))


async def info(_request: Request, _rooms: Rooms) -> Reply:
    """What this service is."""
    found = {
        "object": "system_info",
        "name": "Crane Ledger",
        "version": package_version(),
        "api_version": VERSION,
        "graphql": "/graphql",
        "openapi": "/openapi.json",
        "docs": "/docs",
    }
    return Reply(_OK, orjson.dumps(found))


def package_version() -> str:
    """The version of the package that is installed; `0` in a tree that is not installed."""
    try:
        return version("crane-ledger")
    except PackageNotFoundError:
        return "0"


def _pdf(prefix: str) -> Callable[[Request, Rooms, Caller], Awaitable[Reply]]:
    async def pdf(request: Request, rooms: Rooms, caller: Caller) -> Reply:
        async with rooms.executor.counted(caller, request.scope["state"], _CALLED[prefix]):
            caller.require_scope(Scope.READ)
            make = document_einvoice if _wants_einvoice(request) else document_pdf
            given = str(request.path_params["id"])
            key = ids.normalise(prefix, given)
            content = await make(rooms.database, rooms.outside.files, caller.organization_id, key)
        headers = {
            "content-disposition": file_name_header(f"{key}.pdf"),
            "content-security-policy": "sandbox; default-src 'none'",
            "etag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        }
        return Reply(_OK, content, headers)

    return pdf


def _wants_einvoice(request: Request) -> bool:
    unknown = [name for name in request.query_params if name != _E_INVOICE]
    if unknown:
        name = unknown[0][:40]
        raise LedgerError(
            Reason.INVALID_REQUEST,
            f"There is no `{name}` here.",
            f"Leave it out; there are: {_E_INVOICE}.",
            {"fields": {name: f"There is no `{name}` here."}},
        )
    given = request.query_params.get(_E_INVOICE, "false")
    if given not in {"true", "false"}:
        cause = f"`{_E_INVOICE}` is neither true nor false."
        raise LedgerError(
            Reason.INVALID_REQUEST, cause, "Give true or false.", {"fields": {_E_INVOICE: cause}}
        )
    return given == "true"


_AS_EINVOICE = {_E_INVOICE: "true for Factur-X: a PDF/A-3 with the invoice as XML inside."}
OWN = (
    Own("GET", "/health", "health", "Whether the process answers", Operation(for_anyone=health)),
    Own(
        "GET",
        "/health/ready",
        "ready",
        "Whether the database can be read and is up to date",
        Operation(for_anyone=ready),
    ),
    Own("GET", "/system/info", "systemInfo", "What this service is", Operation(for_anyone=info)),
    Own(
        "GET",
        f"{HOME}/invoices/{{id}}/pdf",
        "getInvoicePdf",
        "The PDF of an invoice",
        Operation(_pdf("inv_"), media_type=PDF),
        _AS_EINVOICE,
    ),
    Own(
        "GET",
        f"{HOME}/credit-notes/{{id}}/pdf",
        "getCreditNotePdf",
        "The PDF of a credit note",
        Operation(_pdf("crn_"), media_type=PDF),
        _AS_EINVOICE,
    ),
    Own(
        "GET",
        f"{HOME}/events/export",
        "downloadEvents",
        "Export the history of the books, and download it: scope admin, 2 credits",
        Operation(exporting.export, media_type=exporting.media_types()[0]),
        slots=exporting.parameters(),
        other_types=exporting.media_types()[1:],
    ),
)
