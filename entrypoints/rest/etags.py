"""ETags: which state of a resource an answer shows, and which one a change is meant for.

An ETag is `"<version>-<hash>"`, or `"<hash>"` for what has no version: strong, for the hash is of
the body. It is kept with the body, for as long as the organization's version row does not move, and
the same body has it again afterwards. A read with `If-None-Match` compares all of it. A change with
`If-Match` compares the version alone, since a resource that shows another balance is still the same
to be changed; `"<version>"` without a hash will do, and `*` means any.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

from ledger.errors import LedgerError, Reason

_MATCH = re.compile(r'(?:W/)?"([0-9]{1,9})(?:-[0-9a-f]+)?"', re.ASCII)
_LENGTH = 32


def etag(body: bytes, shown: Any) -> str:
    """The ETag of a body, and of what it shows."""
    digest = hashlib.sha256(body).hexdigest()[:_LENGTH]
    version = shown.get("version") if isinstance(shown, dict) else None
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the client has this state already."""
    if if_none_match is None:
        return False
    known = [each.strip().removeprefix("W/") for each in if_none_match.split(",")]
    return "*" in known or tag in known


def version_of(if_match: str | None) -> int | None:
    """The version that a change is meant for; None when any will do."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _MATCH.fullmatch(if_match.strip())
    if found is None:
        raise LedgerError(
            Reason.INVALID_REQUEST,
            "The header If-Match does not hold one ETag of a resource with a version.",
            'Send the ETag that the resource was read with, or its version: If-Match: "3".',
        )
    return int(found[1])
