"""The secrets of the service: given by settings, else made once and kept with the books."""

from __future__ import annotations

import secrets

from resolvers.links import SECRET_BYTES
from store import secrets as kept_secrets
from store.engines import Database

_LINKS = "links"


async def link_secret(database: Database, given: str | None = None) -> bytes:
    """What links are signed with: the same in every process, and after a restart."""
    if given:
        return given.encode()
    fresh = secrets.token_hex(SECRET_BYTES)
    return bytes.fromhex(await database.write(kept_secrets.kept, _LINKS, fresh))
