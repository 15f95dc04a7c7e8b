"""Files over HTTP: taken in with a key, given out by signed links.

    POST /attachments?subject=inv_...&name=receipt.pdf    the bytes, with a key of scope write
    GET  /files/{token}                                   the bytes, for whoever has the link

Neither can be a document of GraphQL: the bytes of a file are no JSON. A file is always sent as a
download, which no browser shows or runs in the name of this service.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from entrypoints.counting import CountingExecutor
from entrypoints.refusals import as_json
from ledger.errors import LedgerError, Reason
from ledger.file_types import content_key, file_name_header
from ledger.keys import Scope
from resolvers.attachments import Attachments, Upload, checked_upload
from resolvers.gate import Caller, Gate, checked_idempotency_key
from resolvers.links import Claim
from resolvers.outside import FILE, Outside, nothing_there
from resolvers.writer import Writer
from schema.attachments import AttachmentNode, attachment_node
from schema.calls import Called
from schema.context import Reading
from schema.errors import HttpError
from store.attachments import ATTACHMENTS
from store.engines import Database
from store.troubles import Trouble, trouble

BINARY = "application/octet-stream"
DOWNLOAD_HEADERS = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}
_CREATED, _UNSUPPORTED = 201, 415
_CALLED = Called("createAttachment", "mutation")
_LONGEST_NUMBER = 18
_MOST_PARAMETERS = 10
_GIVEN_ONCE = ("authorization", "content-type", "content-encoding", "idempotency-key")

Endpoint = Callable[[Request], Awaitable[Response]]


class Rooms(Protocol):
    """The parts of the house that these doors lead to."""

    database: Database
    gate: Gate
    writer: Writer
    outside: Outside
    attachments: Attachments
    executor: CountingExecutor


class FileDoors:
    """The two doors of files; `rooms` are there once the house is open."""

    def __init__(self, rooms: Callable[[], Rooms], most_bytes: int) -> None:
        self._rooms = rooms
        self._most_bytes = most_bytes

    def routes(self) -> list[Route]:
        """Their addresses."""
        return [
            Route("/attachments", coded(self._take), methods=["POST"]),
            Route("/files/{token}", coded(self._give)),
        ]

    async def _take(self, request: Request) -> Response:
        rooms = self._rooms()
        _require_plain(request)
        header = request.headers.get("authorization")
        caller = await rooms.gate.authenticate(header, request.state.request_id, "rest")
        state = request.scope["state"]
        state["organization_id"] = caller.organization_id
        async with rooms.executor.counted(caller, state, _CALLED):
            return await self._taken(request, rooms, caller)

    async def _taken(self, request: Request, rooms: Rooms, caller: Caller) -> Response:
        """Take in a file of a caller whose minute allows it."""
        caller.require_scope(Scope.WRITE)
        key = checked_idempotency_key(request.headers.get("idempotency-key"))
        subject_id, name = checked_upload(*_parameters(request, "subject", "name"))
        upload = Upload(subject_id, name, await _body(request, self._most_bytes))
        written = await rooms.attachments.add(caller, upload, key)
        reading = Reading(rooms.database, caller, rooms.outside)
        try:
            fact = await reading.written(written, ATTACHMENTS.existing, written.outcome)
        finally:
            await reading.close()
        replayed = {"Idempotent-Replay": "true"} if written.replayed else None
        body = _plain(attachment_node(reading, fact))
        return JSONResponse(body, status_code=_CREATED, headers=replayed)

    async def _give(self, request: Request) -> Response:
        rooms = self._rooms()
        claim = claimed(request, rooms.outside, FILE)
        organization_id, key = claim.organization_id, claim.subject_id
        found = await rooms.database.read(ATTACHMENTS.existing, organization_id, [key])
        if key not in found:
            raise nothing_there()
        fact = found[key]
        stored = content_key(organization_id, fact.sha256)
        content = await asyncio.to_thread(rooms.outside.files.get, stored)
        if content is None:
            raise nothing_there()
        return download(content, fact.content_type, fact.name, "private, max-age=3600")


def download(content: bytes, content_type: str, name: str, cache: str) -> Response:
    """Bytes as a file to be saved under a name, and nothing else."""
    # The type is a header of its own: the framework would add a charset, which is not known.
    own = {
        "Cache-Control": cache,
        "Content-Disposition": file_name_header(name),
        "Content-Type": content_type,
    }
    return Response(content, headers=DOWNLOAD_HEADERS | own)


def claimed(request: Request, outside: Outside, purpose: str) -> Claim:
    """What the token in the address opens; it is kept out of the log, for it opens it to all."""
    token = request.path_params["token"]
    request.scope["path"] = request.scope["path"].replace(f"/{token}", "/...", 1)
    claim = outside.links.read(token, purpose, datetime.now(UTC))
    request.scope["state"]["organization_id"] = claim.organization_id
    return claim


def coded(endpoint: Endpoint, refused: Callable[..., Response] | None = None) -> Endpoint:
    """The same endpoint, its refusals answered in the house's form, or by `refused`."""
    answer = refused or as_json

    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except HttpError as error:
            return answer(request, error.error, error.status)
        except LedgerError as error:
            return answer(request, error, error.reason.status)
        except Exception as error:
            if trouble(error) not in {Trouble.BUSY, Trouble.RETRY}:
                raise
            busy = LedgerError(
                Reason.BUSY, "The database cannot answer now.", "Try again in a moment."
            )
            return answer(request, busy, Reason.BUSY.status)

    return answered


def _require_plain(request: Request) -> None:
    """Refuse headers that are there twice, and a body that is not the file as it is."""
    for name in _GIVEN_ONCE:
        if len(request.headers.getlist(name)) > 1:
            raise _malformed(f"The header {name} is there more than once.", "Send it once.")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != BINARY:
        cause = "The body is not said to be the bytes of a file."
        raise _unsupported(cause, f"Send the file as it is, with Content-Type: {BINARY}.")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        cause = "The body is compressed, which is not supported."
        raise _unsupported(cause, "Send the body as it is, without Content-Encoding.")


def _parameters(request: Request, *names: str) -> list[str]:
    """The parameters of the address, each of which must be there, once."""
    try:
        pairs = parse_qsl(
            request.scope["query_string"].decode(),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except ValueError:
        cause = "The address is not URL-encoded UTF-8, or has too many parameters."
        raise _malformed(cause, "Encode the parameters as encodeURIComponent does.") from None
    for name in names:
        if [given for given, _ in pairs].count(name) != 1:
            cause = f"The address must have the parameter {name}, once."
            raise _malformed(cause, "Send /attachments?subject=inv_...&name=receipt.pdf.", name)
    known = dict(pairs)
    return [known[name] for name in names]


async def _body(request: Request, most_bytes: int) -> bytes:
    """The whole body, of which no more is read than is allowed; a file has at least a byte."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > _LONGEST_NUMBER or int(length) > most_bytes):
        raise _too_large(most_bytes)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most_bytes:
            raise _too_large(most_bytes)
        parts.append(part)
    if not size:
        raise _malformed("The file is empty.", "Send the bytes of the file as the body.")
    return b"".join(parts)


def _plain(node: AttachmentNode) -> dict[str, object]:
    return {
        "id": node.id,
        "subject_id": node.subject_id,
        "name": node.name,
        "content_type": node.content_type,
        "size": node.size,
        "sha256": node.sha256,
        "url": node.url,
        "created_at": node.created_at.isoformat().replace("+00:00", "Z"),
    }


def _malformed(cause: str, cure: str, field: str | None = None) -> LedgerError:
    return LedgerError(Reason.INVALID_REQUEST, cause, cure, {}, field)


def _unsupported(cause: str, cure: str) -> HttpError:
    return HttpError(_UNSUPPORTED, LedgerError(Reason.INVALID_REQUEST, cause, cure))


def _too_large(most_bytes: int) -> LedgerError:
    return LedgerError(
        Reason.REQUEST_TOO_LARGE,
        f"The file is larger than {most_bytes:,} bytes.",
        "Send a smaller one: a scan in fewer colours, or a long one in several parts.",
        {"allowed": most_bytes},
    )
