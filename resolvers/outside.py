"""What lies outside of the books: files, mails, payments, and the links that lead from there.

A link opens one thing for one purpose: `file` downloads an attachment, `view` shows a document to
whom it was sent, `pdf` downloads a document for those who keep the books, and `einvoice`
the same as an electronic invoice. `checkout` is where credits are paid, or were. `export`
downloads events that were exported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection

from ledger.errors import LedgerError, Reason
from resolvers.gateways import Gateway, LocalGateway
from resolvers.links import Links, expiry
from resolvers.mail import Mailer
from store.files import Files

P = ParamSpec("P")
T = TypeVar("T")

FILE, VIEW, PDF, E_INVOICE = "file", "view", "pdf", "einvoice"
CHECKOUT, EXPORT = "checkout", "export"
_PATHS = {FILE: "files", VIEW: "documents", PDF: "pdf", E_INVOICE: "e-invoices", EXPORT: "exports"}


class Reader(Protocol):
    """Reads the books: the database, each time as they are, or a snapshot of them."""

    async def read(
        self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What a function of the store finds."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The world around the books. Mails come from `mail_from`; a link opens for `link_days`.

    The `gateway` takes the money for credits.
    """

    files: Files
    mailer: Mailer
    mail_from: str
    links: Links
    link_days: int
    gateway: Gateway = field(default_factory=LocalGateway)

    def link(self, purpose: str, organization_id: str, subject_id: str, now: datetime) -> str:
        """The address that opens a subject for one purpose: the same for all of a day."""
        token = self.links.make(purpose, organization_id, subject_id, expiry(now, self.link_days))
        return self.links.url(_PATHS[purpose], token)


def nothing_there() -> LedgerError:
    """The refusal of a link that was made here, to what is there no longer."""
    return LedgerError(
        Reason.NOT_FOUND,
        "What this link led to is there no longer.",
        "Ask the sender for it.",
    )
