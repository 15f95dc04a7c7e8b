"""Incoming requests: their headers, read once, and their bodies, read as far as is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from starlette.requests import ClientDisconnect, Request

from ledger.errors import LedgerError, Reason
from schema.view import whole_body

_ONCE = (
    *(b"authorization", b"content-type", b"content-encoding", b"content-length"),
    *(b"idempotency-key", b"if-match", b"if-none-match"),
)
_PREFER = b"prefer"
_LONGEST_NUMBER = 18


class Incoming(Request):
    """A request whose headers are found by their names, without looking at the others."""

    @cached_property
    def named(self) -> Mapping[bytes, bytes]:
        """The headers by their names in lower case; one that decides something is there once.

        Of the others the first counts, but of Prefer all.
        """
        pairs: list[tuple[bytes, bytes]] = self.scope["headers"]
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        names = [name for name, _ in pairs]
        for name in _ONCE:
            if names.count(name) > 1:
                cause = f"The header {name.decode()} is there more than once."
                raise LedgerError(Reason.INVALID_REQUEST, cause, "Send it once.")
        preferred = [value for name, value in pairs if name == _PREFER]
        return {**dict(reversed(pairs)), _PREFER: b",".join(preferred)}

    def header(self, name: bytes) -> str | None:
        """What a header says, by its name in lower case."""
        value = self.named.get(name)
        return None if value is None else value.decode("latin-1")

    async def content(self, most_bytes: int) -> bytes:
        """The whole body, of which no more is read than is allowed."""
        whole = whole_body(self.scope, most_bytes)
        if whole is not None:
            return whole
        length = self.header(b"content-length") or ""
        if length.isdecimal() and (len(length) > _LONGEST_NUMBER or int(length) > most_bytes):
            raise _too_large(most_bytes)
        parts: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            part: bytes = message.get("body", b"")
            size += len(part)
            if size > most_bytes:
                raise _too_large(most_bytes)
            parts.append(part)
            more = message.get("more_body", False)
        return b"".join(parts)


def _too_large(most_bytes: int) -> LedgerError:
    return LedgerError(
        Reason.REQUEST_TOO_LARGE,
        f"The body is larger than {most_bytes:,} bytes.",
        "Send less in one request: a large load in several parts.",
        {"allowed": most_bytes},
    )
