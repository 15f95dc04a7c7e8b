"""Incoming requests: their headers, read once, and their bodies, read as far as is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from starlette.requests import Request

from ledger.errors import LedgerError, Reason
from schema.view import body_of

_ONCE = (
    *(b"authorization", b"content-type", b"content-encoding", b"content-length"),
    *(b"idempotency-key", b"if-match", b"if-none-match"),
)
_PREFER = b"prefer"


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
        return await body_of(self.scope, self.receive, self.named, most_bytes)
