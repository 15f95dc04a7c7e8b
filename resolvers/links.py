"""Links that prove themselves: signed, expiring, for one purpose, and kept in no table.

A token says whose it is, what it opens and until when, and ends with 22 characters (131 bits) of
an HMAC-SHA256 over these and its purpose:

    org_06rnMKpwEXAMPLE00000.inv_06rnMKpxEXAMPLE00000.1vZ8Yk.TnQ4cV0uXKqv2RhJ7mPzDa

All of it can stand in a URL, and in the last place of one, as it is.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from ledger.errors import LedgerError, Reason
from ledger.ids import ALPHABET, base62

SECRET_BYTES = 32
"""The least that a secret has."""

_SIGNATURE_LENGTH = 22
_MOMENT_LENGTH = 6
_WORD = "[0-9A-Za-z_]{1,40}"
_WORDS = re.compile(_WORD, re.ASCII)
_VISIBLE = re.compile("[!-~]+")
_TOKEN = re.compile(
    rf"(({_WORD})\.({_WORD})\.([0-9A-Za-z]{{{_MOMENT_LENGTH}}}))\.([0-9A-Za-z]{{22}})", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link is for; `expires_at` is the moment, in UTC, from which it opens nothing."""

    organization_id: str
    subject_id: str
    expires_at: datetime


class Links:
    """Makes links and reads them; whoever has the same secret reads the same ones."""

    def __init__(self, secret: bytes, public_url: str) -> None:
        if len(secret) < SECRET_BYTES:
            raise LedgerError(
                Reason.INVALID_VALUE,
                f"The secret that links are signed with has {len(secret)} bytes.",
                f"Give {SECRET_BYTES} random bytes or more (openssl rand -hex 32).",
            )
        self._secret = secret
        self._public_url = _checked_url(public_url)

    def make(
        self, purpose: str, organization_id: str, subject_id: str, expires_at: datetime
    ) -> str:
        """The token that opens a subject for one purpose, to the whole second before it expires.

        Purpose and ids are words of letters, digits and underscores, and the moment has a time
        zone: anything else is a `ValueError`.
        """
        if not all(_WORDS.fullmatch(word) for word in (purpose, organization_id, subject_id)):
            raise ValueError("A link is made of words.")
        if expires_at.tzinfo is None:
            raise ValueError("A link expires at a moment with a time zone.")
        seconds = int(expires_at.timestamp())
        if not 0 <= seconds < 62**_MOMENT_LENGTH:
            raise ValueError("A link expires between 1970 and 3769.")
        said = f"{organization_id}.{subject_id}.{base62(seconds, _MOMENT_LENGTH)}"
        return f"{said}.{self._signature(purpose, said)}"

    def read(self, token: str, purpose: str, now: datetime) -> Claim:
        """What a token opens for this purpose, be it any text at all.

        Raises `not_found`, which says that the link has expired when it has, and of one that was
        not signed here for this purpose nothing more.
        """
        found = _TOKEN.fullmatch(token)
        if found is None:
            raise _nothing()
        said, organization_id, subject_id, moment, signature = found.groups()
        if not hmac.compare_digest(self._signature(purpose, said).encode(), signature.encode()):
            raise _nothing()
        expires_at = datetime.fromtimestamp(_number(moment), UTC)
        if expires_at <= now:
            raise LedgerError(
                Reason.NOT_FOUND,
                f"This link expired on {expires_at:%Y-%m-%d}.",
                "Ask the sender for a new one.",
                {"expired_at": expires_at.isoformat()},
            )
        return Claim(organization_id, subject_id, expires_at)

    def url(self, path: str, token: str) -> str:
        """The address at which people reach a token: the public one, a path (`"i"`), the token."""
        return f"{self._public_url}/{path}/{token}"

    def _signature(self, purpose: str, said: str) -> str:
        digest = hmac.digest(self._secret, f"link\n{purpose}\n{said}".encode(), "sha256")
        return base62(int.from_bytes(digest), _SIGNATURE_LENGTH)


def expiry(now: datetime, days: int) -> datetime:
    """The end of the day, in UTC, that is `days` after now: the same for all of a day."""
    today = datetime.combine(now.astimezone(UTC).date(), time(tzinfo=UTC))
    return today + timedelta(days=days + 1)


def _number(digits: str) -> int:
    """The number that `ledger.ids.base62` wrote."""
    number = 0
    for digit in digits:
        number = number * 62 + ALPHABET.index(digit)
    return number


def _nothing() -> LedgerError:
    return LedgerError(
        Reason.NOT_FOUND,
        "There is nothing at this link.",
        "Open the link as it was sent, whole, or ask the sender for a new one.",
    )


def _checked_url(public_url: str) -> str:
    try:
        parts = urlsplit(public_url)
        is_plain = not (parts.query or parts.fragment or "@" in parts.netloc)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        is_web = is_plain = False
    if not (is_web and is_plain and _VISIBLE.fullmatch(public_url)):
        raise LedgerError(
            Reason.INVALID_VALUE,
            "The public address of the service will not do for links.",
            "Give one such as https://books.example.com, without a query.",
        )
    return public_url.rstrip("/")
