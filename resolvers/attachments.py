"""Attachments: files taken in for what they belong to, given out, taken away again.

A content is kept once for an organization, however many attachments have it: it is there before
the first of their rows is committed, and goes after the last one has.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from ledger.attachments import Attachment
from ledger.errors import LedgerError, Reason
from ledger.events import Change
from ledger.file_types import checked_file_name, content_key, content_type
from ledger.ids import normalise
from resolvers.books import Books, Call, Command, Decision, Written, unknown
from resolvers.credits import OTHER_WRITES
from resolvers.gate import Caller, digest
from resolvers.outside import Reader
from resolvers.paper.logos import require_logo
from resolvers.wants import wants
from resolvers.writer import Writer
from store.attachments import of_subjects, with_content
from store.engines import Database
from store.files import Files

MOST_OF_A_SUBJECT = 50
_OPERATION = "createAttachment"

SUBJECTS = {
    "txn_": "transaction",
    "inv_": "invoice",
    "bil_": "bill",
    "crn_": "credit note",
    "con_": "contact",
    "itm_": "item",
    "pay_": "payment",
    "org_": "organization",
}
"""What files can belong to, by the prefix of its ids; those of an organization are its logos."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent, and what it is to belong to."""

    subject_id: str
    name: str
    content: bytes


def checked_upload(subject: str, name: str) -> tuple[str, str]:
    """The id of the subject and the file's name as they are stored, or why they cannot be.

    Raises `invalid_value` for what no file can belong to, and what `checked_file_name` raises.
    Whether the subject is there is not looked at here.
    """
    prefix = subject[:4].lower()
    if prefix not in SUBJECTS:
        raise LedgerError(
            Reason.INVALID_VALUE,
            f"{subject[:40]!a} is not the id of anything that files can belong to.",
            f"Give an id that begins with one of {', '.join(SUBJECTS)}.",
            {"prefixes": list(SUBJECTS)},
            "subject",
        )
    return normalise(prefix, subject), checked_file_name(name)


class Attachments:
    """Takes files in and away; one for each process.

    Those of one subject are taken in one after the other, so that they can be counted.
    """

    def __init__(self, database: Database, writer: Writer, files: Files) -> None:
        self._database = database
        self._writer = writer
        self._files = files
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def add(
        self, caller: Caller, upload: Upload, idempotency_key: str | None = None
    ) -> Written:
        """Take a file in; the outcome is the id of the attachment.

        Raises `not_found` when there is no such subject, `too_many_items` when it has its 50
        files, and `invalid_value` for an organization's file that cannot be printed as a logo.
        """
        asked = await asyncio.to_thread(_measured, caller, upload)
        organization_id, sha256 = caller.organization_id, asked["sha256"]
        call = Call(
            organization_id,
            "create_attachment",
            caller.origin,
            idempotency_key,
            digest(asked) if idempotency_key else "",
            price=self._writer.billing.price(_OPERATION, OTHER_WRITES[_OPERATION]),
        )
        key = content_key(organization_id, sha256)
        await asyncio.to_thread(self._files.put, key, upload.content)
        try:
            written = await self._committed(call, asked)
        except LedgerError as refusal:
            # What may be tried again may have been committed: then the content is needed.
            if not refusal.reason.retry:
                await drop_content(self._database, self._files, organization_id, sha256)
            raise
        if written.replayed:
            # The attachment may have been deleted since; then nobody needs the content.
            await drop_content(self._database, self._files, organization_id, sha256)
        else:
            await asyncio.to_thread(self._look_again, key, upload.content)
        return written

    def _look_again(self, key: str, content: bytes) -> None:
        """Put a content back: whoever has just deleted the last other use may have taken it."""
        with suppress(LedgerError):
            if self._files.get(key) is None:
                self._files.put(key, content)

    async def _committed(self, call: Call, asked: Mapping[str, Any]) -> Written:
        subject_id = asked["subject_id"]
        turn = self._turns.setdefault(subject_id, asyncio.Lock())
        async with turn:
            held = await self._database.read(of_subjects, call.organization_id, [subject_id])
            return await self._writer.submit(call, create(asked, held=len(held[subject_id])))


def _measured(caller: Caller, upload: Upload) -> dict[str, Any]:
    """What is known of a file by looking at it; a logo must be one that can be printed."""
    subject_id = upload.subject_id
    if subject_id.startswith("org_"):
        require_logo(upload.content, "body")
    return {
        "subject_id": caller.organization_id if caller.is_own(subject_id) else subject_id,
        "name": upload.name,
        "content_type": content_type(upload.content),
        "size": len(upload.content),
        "sha256": hashlib.sha256(upload.content).hexdigest(),
    }


def create(given: Mapping[str, Any], *, held: int) -> Command:
    """Note a file whose content is kept already; its subject has `held` others."""
    subject_id: str = given["subject_id"]
    is_transaction = subject_id.startswith("txn_")

    def decide(books: Books) -> Decision:
        _require_subject(books, subject_id)
        if held >= MOST_OF_A_SUBJECT:
            raise _too_many(subject_id)
        made = Attachment(
            organization_id=books.organization.id,
            id=books.mint("att_"),
            created_at=books.now,
            **given,
        )
        return Decision((Change("created", None, made),), made.id)

    # A transaction is held until commit, so that it is not deleted meanwhile.
    return Command(
        decide,
        transactions=(subject_id,) if is_transaction else (),
        wants=wants([] if is_transaction else [subject_id]),
    )


def delete(attachment_id: str) -> Command:
    """Take a file away from what it belongs to; the outcome is the SHA-256 of its content."""

    def decide(books: Books) -> Decision:
        before = books.find(Attachment, attachment_id, "id", in_path=True)
        if books.organization.documents.logo_id == before.id:
            raise LedgerError(
                Reason.IN_USE,
                f"{before.id} is the logo that documents are printed with.",
                "Give the organization another logo, or none, first.",
                {"attachment_id": before.id},
                "id",
            )
        return Decision((Change("deleted", before, None),), before.sha256)

    return Command(decide, wants=wants([attachment_id]))


async def drop_content(reader: Reader, files: Files, organization_id: str, sha256: str) -> None:
    """Delete a content that no attachment of the organization has any more.

    `reader` must be the database, and no connection to it be held. When the place of the files
    cannot be reached, the content stays there, of no use to anybody.
    """
    uses = await reader.read(with_content, organization_id, sha256)
    if uses > 0:
        return
    key = content_key(organization_id, sha256)
    with suppress(LedgerError):
        content = await asyncio.to_thread(files.get, key)
        await asyncio.to_thread(files.delete, key)
        # Somebody may have sent the same content meanwhile, and found it there.
        uses = await reader.read(with_content, organization_id, sha256)
        if content is not None and uses > 0:
            await asyncio.to_thread(files.put, key, content)


def _require_subject(books: Books, subject_id: str) -> None:
    if subject_id == books.organization.id:
        return
    if subject_id not in books.transactions and subject_id not in books.found.facts:
        raise unknown(SUBJECTS[subject_id[:4]], subject_id, "subject", in_path=True)


def _too_many(subject_id: str) -> LedgerError:
    return LedgerError(
        Reason.TOO_MANY_ITEMS,
        f"{subject_id} has {MOST_OF_A_SUBJECT} files already, and may not have more.",
        "Delete one that is not needed, or put several into one archive.",
        {"limit": MOST_OF_A_SUBJECT},
        "subject",
    )
